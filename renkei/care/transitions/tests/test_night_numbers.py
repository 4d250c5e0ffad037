"""Nights, refusals and reviews as counters and on the municipality's page, small numbers hidden."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from renkei.care.patients.models import Patient
from renkei.care.patients.tests.factories import make_patient, membership_of
from renkei.care.transitions.emergency_states import CallState, RefusalReason
from renkei.care.transitions.models import EmergencyCall
from renkei.care.transitions.presenters_night_numbers import hole_sentence, review_tables
from renkei.care.transitions.queries.hole_minutes import HoleCount
from renkei.care.transitions.queries.reviews import ReviewCounts
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.tests.factories import sato, suzuki, viewer_for
from renkei.foundation.areas.counters import counters
from renkei.foundation.areas.tests.factories import make_area
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock
from renkei.foundation.common.clock import TOKYO

pytestmark = pytest.mark.django_db

URL = "/transitions/numbers/nights/"


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(datetime(2026, 11, 20, 20, 0, tzinfo=TOKYO), tick=False)


@pytest.fixture
def town():
    city = membership_of(sato()).organisation
    if city.area is None:
        city.area = make_area()
        city.save()
    area = own_area_of(viewer_for(sato()))
    assert area is not None
    return area


def calls(area, count, state=CallState.ACCEPTED, refusal=""):
    patient = make_patient(municipality=area)
    for number in range(count):
        EmergencyCall.objects.create(
            patient=patient,
            hospital_name="架空病院",
            hospital_key=f"name:{state}{refusal}{number}",
            state=state,
            called_at=clock.now() - timedelta(days=1),
            called_by=membership_of(suzuki()),
            reason="熱が高い",
            refusal=refusal,
        )


def rows_of(html):
    cells = re.findall(r'<th scope="row">(.*?)</th><td[^>]*>(.*?)</td>', html)
    return {re.sub(r"<[^>]+>|うち|　", "", label): count for label, count in cells}


def counted(code, area):
    [one] = [each for each in counters() if each.code == f"transitions.{code}"]
    [found] = one.count(area, date(2026, 4, 1), date(2027, 3, 31))
    return found.numerator, found.denominator, found.n, found.value


def test_nights_calls_and_reviews_are_counters(town):
    calls(town, 3)
    calls(town, 1, CallState.REFUSED, RefusalReason.NO_BED)
    calls(town, 1, CallState.CALLED)
    calls(make_area(), 9, CallState.REFUSED, RefusalReason.OTHER)
    Patient.objects.update(registered_at=datetime(2027, 3, 31, tzinfo=TOKYO))

    day = 24 * 60
    assert counted("emergency_refusal_rate", town) == (1, 4, 4, 25.0)
    assert counted("hole_time_rate", town) == (3 * day, 3 * day, 3, 100.0)
    assert counted("reviews_closed_rate", town) == (0, 0, 0, None)
    assert counted("review_actions_done_rate", town) == (0, 0, 0, None)


def test_the_municipality_reads_refusals_with_reasons_and_no_small_number(town, sato_client):
    calls(town, 12)
    calls(town, 9, CallState.REFUSED, RefusalReason.NO_BED)
    calls(town, 2, CallState.REFUSED, RefusalReason.NO_DOCTOR)
    calls(town, 6, CallState.REFUSED, RefusalReason.OTHER)

    rows = rows_of(sato_client.get(URL).content.decode())

    assert rows["受け入れの依頼"] == "29件"
    assert rows["受け入れられないと答えた"] == "17件"
    assert rows["満床"] == "9件"
    assert rows["対応できる医師がいない"] == "非公開"
    # Or else 17 - 9 - 6 gives it away.
    assert rows["そのほか"] == "非公開"
    assert rows["ほかの救急に対応中"] == "0件"


def test_another_year_and_month_are_chosen_and_nonsense_is_the_usual(town, sato_client):
    calls(town, 12)

    past = sato_client.get(URL, {"year": "2025", "month": "2026-03"}).content.decode()
    usual = sato_client.get(URL, {"year": "x", "month": "2031-01"}).content.decode()

    assert rows_of(past)["受け入れの依頼"] == "0件"
    assert "2026年3月の担当の穴" in past
    assert rows_of(usual)["受け入れの依頼"] == "12件"
    assert "2026年10月の担当の穴" in usual


def test_an_office_without_an_area_is_told_so(sato_client):
    city = membership_of(sato()).organisation
    city.area = None
    city.save()

    assert "担当する区域がありません" in sato_client.get(URL).content.decode()


def test_offices_find_no_page_and_the_city_a_way_to_it(takahashi_client, sato_client):
    assert takahashi_client.get(URL).status_code == 404
    assert URL in sato_client.get(reverse("transitions:numbers")).content.decode()


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (HoleCount(0, 0, 0), "対象なし"),
        (HoleCount(10, 1000, 4), "非公開"),
        (HoleCount(0, 100_000, 5), "いつでも最初に電話する先がありました"),
        (HoleCount(61, 100_000, 5), "のべ1時間1分でした（在宅の時間の0.06%）"),
        (HoleCount(1, 100_000, 5), "のべ1分でした（在宅の時間の0.01%未満）"),
    ],
)
def test_holes_of_a_month_in_a_sentence(found, words):
    assert words in hole_sentence(found)


def test_answers_of_reviews_are_hidden_where_few_gave_them():
    answers = {"doctor_reached": {"yes": 12, "no": 3}}

    head, *tables = review_tables(ReviewCounts(15, 10, 3, 1, answers))

    reached = next(one for one in tables if one.title == "医師に電話がつながった")
    counts = {row.label: row.count for row in reached.rows}
    assert (counts["はい"], counts["いいえ"]) == ("非公開", "非公開")
    assert [row.count for row in head.rows] == ["15件", "10件", "5件", "3件", "1件"]
    assert len(review_tables(ReviewCounts(0, 0, 0, 0, {}))) == 1
    # Three of three "no" and nothing else would be known of each of them.
    assert len(review_tables(ReviewCounts(3, 0, 0, 0, {"doctor_reached": {"no": 3}}))) == 1


def test_of_few_calls_no_reason_is_told(town, sato_client):
    calls(town, 2, CallState.REFUSED, RefusalReason.NO_BED)

    html = sato_client.get(URL).content.decode()

    assert rows_of(html)["受け入れの依頼"] == "非公開"
    assert "満床" not in html
    assert "内訳は出しません" in html


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["numbers_xlsx", "survey_xlsx", "survey_pdf"])
def test_files_of_numbers_are_written_down_where_no_test_holds_a_transaction(name, sato_client):
    assert sato_client.get(reverse(f"transitions:{name}")).status_code == 200
    assert AuditEvent.objects.filter(action="transition_numbers.exported").count() == 1
