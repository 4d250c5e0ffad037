"""Nothing anybody types is a fault of the server: a sentence says what to put right."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from renkei.care.patients.tests.factories import text_of
from renkei.care.transitions.services.paths import load_shipped_paths
from renkei.care.transitions.services.rules import adopt_rule
from renkei.care.transitions.tests import factories
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.areas.tests import factories as areas
from renkei.foundation.audit.actors import SYSTEM

pytestmark = pytest.mark.django_db
NOW = factories.at(date(2026, 11, 20), 9)
PLACES = (
    ("case_open", "person"),
    ("case_transfer", "case"),
    ("fact_add", "case", "contact"),
    ("fact_add", "case", "discharge_notified"),
    ("conference_plan", "case"),
    ("referral_new", "person"),
    ("path_start", "person"),
    ("member_absence_list",),
)


@pytest.fixture
def known(time_machine):
    time_machine.move_to(NOW, tick=False)
    area = areas.make_area()
    adopt_rule(actor=SYSTEM, rule=factories.shipped(), area=area, first_day=date(2026, 4, 1))
    load_shipped_paths(actor=SYSTEM)
    person = factories.patient_with_both_sides(municipality=area, name="架空 清")
    case = factories.opened(person, admitted_at=factories.at(date(2026, 11, 16)))
    return {"person": person.uid, "case": case.uid}


def address(known, name: str, *arguments: str) -> str:
    return reverse(
        f"transitions:{name}", args=[known.get(argument, argument) for argument in arguments]
    )


@pytest.mark.parametrize("place", PLACES, ids="-".join)
def test_an_empty_post_says_what_is_missing(known, place):
    client = accounts.sign_in(Client(), accounts.suzuki())

    answer = client.post(address(known, *place), {})

    assert answer.status_code == 422
    assert re.search("(入力|選択|選んで)して?ください", text_of(answer)) or "選んで" in text_of(
        answer
    )


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30", "あした"])
@pytest.mark.parametrize("place", PLACES, ids="-".join)
def test_a_day_that_cannot_be_is_refused_at_its_field(known, place, day):
    client = accounts.sign_in(Client(), accounts.suzuki())
    page = client.get(address(known, *place)).content.decode()
    days = re.findall(r'<input type="date" name="(\w+)"', page)
    moments = re.findall(r'<input type="datetime-local" name="(\w+)"', page)
    assert days or moments
    given = dict.fromkeys(days, day) | dict.fromkeys(moments, f"{day}T23:59")
    times = dict.fromkeys(re.findall(r'<input type="time" name="(\w+)"', page), "23:59")

    answer = client.post(address(known, *place), given | times)

    assert answer.status_code == 422
    text = text_of(answer)
    assert "年を確かめて" in text or "日付" in text or "日時" in text or "入力してください" in text


@pytest.mark.parametrize("act", ["reached", "variance", "handed_on", "entered"])
def test_an_empty_record_on_a_path_says_what_is_missing(known, act):
    client = accounts.sign_in(Client(), accounts.suzuki())
    start = address(known, "path_start", "person")
    page = client.get(start).content.decode()
    chosen = dict(re.findall(r'type="radio" name="(\w+)" value="([^"]+)"[^>]*checked', page))
    client.post(start, chosen | {"on": "2026-11-01"})
    begun = client.get(address(known, "patient_paths", "person")).content.decode()
    path = re.search(r"/paths/([0-9a-f-]{36})/", begun)
    assert path

    answer = client.post(address(known, "path_record", path[1], act), {})

    assert answer.status_code == 422
