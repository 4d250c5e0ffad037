"""周知の記録 (F-FR-10): which channel reached how many, and whom nobody told yet."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from renkei.foundation.accounts.tests import factories as accounts
from renkei.programme.planning.models import Publicity
from renkei.programme.planning.tests import factories

pytestmark = pytest.mark.django_db

ALL_OF_CARE = "介護側　（ア）、（イ）、（ウ）、（エ）、（オ）、（カ）、（キ）、（ク）"
HOME = "/planning/programme/publicity/"
VALUES = {
    "items": ["e", "g"],
    "what": "情報共有の手引き",
    "told_on": "2026-11-10",
    "side": "medical",
    "channel": "medical_association",
    "sent": "120",
    "reached": "84",
}


@pytest.fixture(autouse=True)
def present(time_machine):
    time_machine.move_to("2026-11-23 10:00+09:00", tick=False)


@pytest.fixture
def officer() -> Client:
    factories.town()
    return accounts.sign_in(Client(), factories.sato())


def words(answer) -> str:
    return str(answer.content.decode())


def test_ffr10_a_channel_is_kept_with_how_many_it_reached(officer):
    empty = words(officer.get(HOME))
    assert "周知の記録はまだありません" in empty
    assert ALL_OF_CARE in empty

    page = words(officer.post(f"{HOME}add/", VALUES, follow=True))

    line = Publicity.objects.get()
    assert (line.told_on, line.sent, line.reached) == (date(2026, 11, 10), 120, 84)
    assert "医療側へ　医師会　120件に知らせた　84件に届いた" in page
    assert "医療側　（ア）、（イ）、（ウ）、（エ）、（カ）、（ク）" in page
    assert ALL_OF_CARE in page
    # Last year's does not count for this one.
    officer.post(f"{HOME}{line.uid}/", VALUES | {"told_on": "2026-03-31"})
    assert ALL_OF_CARE.replace("介護側", "医療側") in words(officer.get(HOME))
    officer.post(f"{HOME}{line.uid}/remove/")
    assert not Publicity.objects.exists()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"reached": "121"}, "知らせた数まで"),
        ({"told_on": "2026-11-24"}, "今日までの日付"),
        ({"items": []}, "項目"),
        ({"sent": "-1"}, "0"),
        ({"side": "somebody"}, "選"),
        ({"told_on": "きのう"}, "日付"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(officer, changed, sentence):
    answer = officer.post(f"{HOME}add/", VALUES | changed)

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert not Publicity.objects.exists()


def test_another_municipality_finds_none_of_it(officer):
    officer.post(f"{HOME}add/", VALUES)
    line = Publicity.objects.get()
    stranger = accounts.sign_in(Client(), accounts.tanaka())

    assert stranger.get(HOME).status_code == 404
    assert stranger.post(f"{HOME}{line.uid}/remove/").status_code == 404
    assert Publicity.objects.exists()
