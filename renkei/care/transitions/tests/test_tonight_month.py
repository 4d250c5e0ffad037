"""The holes of a month on their page (T-C1), and the minutes they add up to."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from renkei.care.patients.models import Patient
from renkei.care.patients.tests.factories import add_member, make_patient, membership_of
from renkei.care.transitions.duty_times import instant_of, parse_times
from renkei.care.transitions.models import CoordinationCase
from renkei.care.transitions.queries.hole_minutes import HoleCount, hole_minutes
from renkei.care.transitions.services.first_contacts import set_first_contacts
from renkei.care.transitions.services.rosters import NewShift, set_day, set_week
from renkei.care.transitions.tests.duty_factories import make_roster
from renkei.foundation.accounts.tests.factories import takahashi, viewer_for
from renkei.foundation.areas.tests.factories import make_area
from renkei.foundation.common.clock import TOKYO

pytestmark = pytest.mark.django_db
ALL_DAY = NewShift(*parse_times("9:00～33:00"), "架空 みのり")
# Seven ways to leave a hole: an evening, a morning, a whole day, over midnight, a minute …
PLANTED = {
    3: ["9:00～22:00"],
    6: ["10:00～33:00"],
    9: [],
    12: ["9:00～24:00"],
    13: ["1:30～9:00", "9:00～33:00"],
    15: ["9:00～12:00", "12:01～33:00"],
    18: ["9:00～31:00"],
    21: ["9:00～13:00"],
}


@pytest.fixture(autouse=True)
def _early(time_machine):
    time_machine.move_to(datetime(2026, 11, 20, 20, 0, tzinfo=TOKYO), tick=False)


def covered_roster():
    roster, viewer = make_roster(), viewer_for(takahashi())
    for kind in range(7):
        set_week(
            viewer=viewer, roster=roster, day_kind=kind, shifts=[ALL_DAY], since=date(2026, 1, 1)
        )
    return roster


def person(roster, **fields):
    patient = make_patient(**fields)
    add_member(patient, takahashi())
    if roster:
        set_first_contacts(viewer=viewer_for(takahashi()), patient=patient, rosters=[roster])
    # Known for years: the months before count too.
    Patient.objects.filter(pk=patient.pk).update(registered_at=datetime(2025, 1, 1, tzinfo=TOKYO))
    patient.refresh_from_db()
    return patient


def plant(roster, year, month):
    for day, times in PLANTED.items():
        shifts = [NewShift(*parse_times(each), "架空 みのり") for each in times]
        viewer = viewer_for(takahashi())
        set_day(viewer=viewer, roster=roster, day=date(year, month, day), shifts=shifts)


def page_of(client, month):
    response = client.get(reverse("transitions:tonight_month", args=[month]))
    assert response.status_code == 200
    return response.content.decode()


def rows_of(html):
    return [
        re.sub(r"<[^>]+>", "", one) for one in re.findall(r'<th scope="row"[^>]*>(.*?)</th>', html)
    ]


@pytest.mark.parametrize(
    ("year", "month"),
    [(2026, 12), (2027, 1), (2027, 5), (2028, 2)],
    ids=["year-end", "new year", "golden week", "29 February"],
)
def test_t_c1_a_month_with_seven_planted_holes_shows_seven_and_no_more(
    takahashi_client, year, month
):
    roster = covered_roster()
    for number in range(2):
        person(roster, name=f"湊 ハル{number}")
    shown = f"{year}-{month:02}"
    assert "穴はありません" in page_of(takahashi_client, shown)

    plant(roster, year, month)

    html = page_of(takahashi_client, shown)
    assert len(rows_of(html)) == 7
    assert "穴 7か所" in html
    assert html.count("湊 ハル1さん") == 7


def test_a_hole_is_written_with_its_days_its_length_and_its_reason(takahashi_client):
    roster = covered_roster()
    person(roster)
    plant(roster, 2028, 2)

    html = page_of(takahashi_client, "2028-02")

    assert rows_of(html) == [
        "2月3日（木）22:00～2月4日（金）9:00",
        "2月6日（日）9:00～10:00",
        "2月9日（水）9:00～2月10日（木）9:00",
        "2月13日（日）0:00～1:30",
        "2月15日（火）12:00～12:01",
        "2月19日（土）7:00～9:00",
        "2月21日（月）13:00～2月22日（火）9:00",
    ]
    for words in ("11時間", "1日", "1時間30分", "1分", "当番が入っていません"):
        assert words in html


def test_a_hole_that_many_share_names_five_and_leads_to_the_others(takahashi_client):
    roster = covered_roster()
    for number in range(7):
        person(roster, name=f"湊 ハル{number}")
    plant(roster, 2028, 2)

    html = page_of(takahashi_client, "2028-02")
    [link, *_] = re.findall(r'href="(\?hole=[^"]+)"', html)
    url = reverse("transitions:tonight_month", args=["2028-02"])
    one = takahashi_client.get(url + link).content.decode()

    assert html.count("湊 ハル") == 7 * 5
    assert "ほか2人を見る" in html
    assert (rows_of(one), one.count("湊 ハル")) == (rows_of(html)[:1], 7)
    assert takahashi_client.get(url, {"hole": "1-2-NOBODY"}).status_code == 404


def test_before_the_record_and_in_hospital_nobody_stands_in_a_hole(takahashi_client):
    new, lying = person(None, name="湊 新しい"), person(None, name="湊 入院中")
    Patient.objects.filter(pk=new.pk).update(registered_at=instant_of(date(2026, 12, 31), 0))
    begins = instant_of(date(2026, 12, 2), 0)
    CoordinationCase.objects.create(
        patient=lying,
        hospital_name="架空病院",
        hospital_key="name:架空病院",
        opened_at=begins,
        opened_by=membership_of(takahashi()),
        admitted_at=begins,
    )

    rows = rows_of(page_of(takahashi_client, "2026-12"))

    assert rows == [
        "12月1日（火）0:00～24:00",
        "12月31日（木）0:00～24:00",
    ]


@pytest.mark.parametrize("month", ["2026-13", "2026-1", "26-01", "2026-00"])
def test_addresses_of_no_month_are_not_found(takahashi_client, month):
    assert takahashi_client.get(f"/transitions/tonight/months/{month}/").status_code == 404


# -- the minutes


FIRST, LAST = date(2026, 12, 1), date(2026, 12, 31)
MONTH = 31 * 24 * 60


def test_hole_minutes_are_counted_over_everybody_at_home_without_a_name():
    roster = covered_roster()
    person(roster)
    person(None)
    plant(roster, 2026, 12)
    holes = (11 + 1 + 24 + 2 + 20) * 60 + 90 + 1

    assert hole_minutes(None, FIRST, LAST) == HoleCount(holes + MONTH, 2 * MONTH, 2)


def test_hole_minutes_are_those_of_an_area():
    home, other = make_area(), make_area()
    person(None, municipality=home)
    person(None, municipality=other)

    assert hole_minutes(home, FIRST, LAST) == HoleCount(MONTH, MONTH, 1)


def test_nobody_misses_a_first_contact_in_hospital_before_the_record_or_after_its_end():
    lying, new, ended = person(None), person(None), person(None)
    begins = instant_of(date(2026, 12, 11), 0)
    CoordinationCase.objects.create(
        patient=lying,
        hospital_name="架空病院",
        hospital_key="name:架空病院",
        opened_at=begins,
        opened_by=membership_of(takahashi()),
        admitted_at=begins,
        discharged_at=begins + timedelta(days=10),
    )
    Patient.objects.filter(pk=new.pk).update(registered_at=instant_of(date(2026, 12, 31), 0))
    Patient.objects.filter(pk=ended.pk).update(closed_on=date(2026, 12, 2), closed_because="moved")
    day = 24 * 60

    assert hole_minutes(None, FIRST, LAST) == HoleCount(23 * day, 23 * day, 3)


def test_who_lay_in_hospital_the_whole_time_does_not_count():
    lying = person(None)
    begins = instant_of(date(2026, 11, 11), 0)
    CoordinationCase.objects.create(
        patient=lying,
        hospital_name="架空病院",
        hospital_key="name:架空病院",
        opened_at=begins,
        opened_by=membership_of(takahashi()),
        admitted_at=begins,
    )

    assert hole_minutes(None, FIRST, LAST) == HoleCount(0, 0, 0)
