"""The 24-hour map of an area: bars, hours in words, and when nobody at all answers."""

from __future__ import annotations

import re
from datetime import date, datetime

import pytest
from django.urls import reverse

from renkei.care.patients.tests.factories import membership_of
from renkei.care.transitions.queries.duty_map import duty_map
from renkei.care.transitions.services.rosters import NewShift, set_day, set_week
from renkei.care.transitions.tests.duty_factories import make_roster, nights
from renkei.foundation.accounts.tests.factories import (
    sato,
    suzuki,
    takahashi,
    tanaka,
    viewer_for,
)
from renkei.foundation.areas.tests.factories import make_area
from renkei.foundation.common.clock import TOKYO

pytestmark = pytest.mark.django_db

URL = reverse("transitions:duty_map_week")
FRIDAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(datetime(2026, 11, 20, 20, 0, tzinfo=TOKYO), tick=False)


@pytest.fixture
def area():
    found = make_area()
    for user in (takahashi(), sato(), suzuki()):
        office = membership_of(user).organisation
        office.area = found
        office.save()
    return found


def days(roster, times, user=None) -> None:
    for kind in range(7):
        set_week(
            viewer=viewer_for(user or takahashi()),
            roster=roster,
            day_kind=kind,
            shifts=[NewShift(times[0], times[1], "架空 昼")],
            since=date(2026, 1, 1),
        )


def text_of(client, **query):
    html = client.get(URL, query).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_a_week_shows_every_roster_of_the_area_with_its_hours(area, suzuki_client):
    nights(make_roster())
    days(make_roster(tanaka(), name="よその当番"), (0, 1440), tanaka())

    html = suzuki_client.get(URL).content.decode()
    text = text_of(suzuki_client)

    assert "0:00～9:00、17:00～24:00" in text
    assert "9:00～17:00 当番なし" in text
    assert "架空 みのり" in text
    assert "よその当番" not in text
    # Nine hours and seven, four units each.
    assert re.search(r'x="0.00" y="0" width="36.00"', html)
    assert re.search(r'x="68.00" y="0" width="28.00"', html)


def test_when_nobody_of_the_area_answers_is_said_on_top_and_a_second_roster_fills_it(
    area, sato_client
):
    night = nights(make_roster())
    assert "地域のどこにもつながらない時間があります" in text_of(sato_client)

    days(make_roster(name="昼の当番"), (8 * 60, 18 * 60))
    assert "地域のどこにも" not in text_of(sato_client)
    set_day(viewer=viewer_for(takahashi()), roster=night, day=FRIDAY, shifts=[])

    text = text_of(sato_client)
    assert "11月20日（金） 18:00～24:00" in text
    assert "11月21日（土） 0:00～8:00" in text


def test_a_day_of_another_week_is_chosen_and_nonsense_is_today(area, suzuki_client):
    nights(make_roster())

    assert "11月30日（月）の当番" in text_of(suzuki_client, on="2026-11-30")
    for wrong in ("x", "2036-01-01", "2026-13-01"):
        assert "11月20日（金）の当番" in text_of(suzuki_client, on=wrong)


def test_an_office_without_area_sees_its_own_and_others_none(takahashi_client, tanaka_client):
    nights(make_roster())

    assert "夜間の電話当番" in text_of(takahashi_client)
    assert "当番表はまだありません" in text_of(tanaka_client)


@pytest.mark.parametrize("count", [1, 3])
def test_the_map_costs_the_same_however_many_rosters(count, area, django_assert_num_queries):
    for number in range(count):
        nights(make_roster(name=f"当番{number}"))
    viewer = viewer_for(suzuki())
    since = datetime(2026, 11, 16, tzinfo=TOKYO)

    with django_assert_num_queries(7):
        found = duty_map(viewer, since=since, until=since.replace(day=23))

    assert len(found.rows) == count
