"""Leave: a deadline finds somebody who is at work (T-C3d)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from renkei.care.patients.tests import factories as patients
from renkei.care.patients.tests.factories import text_of
from renkei.care.transitions.models import MemberAbsence
from renkei.care.transitions.queries.office import overdue_of_office
from renkei.care.transitions.services.escalation import tell_of_deadlines
from renkei.care.transitions.services.member_absences import record_member_absence
from renkei.care.transitions.services.rules import adopt_rule
from renkei.care.transitions.tests import factories
from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.areas.tests import factories as areas
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.notifications.models import Notification

pytestmark = pytest.mark.django_db
ADMITTED = factories.at(date(2026, 11, 16), 10, 40)
PAGE = "/transitions/leave/"


@pytest.fixture
def case(time_machine):
    time_machine.move_to(ADMITTED, tick=False)
    area = areas.make_area()
    adopt_rule(actor=SYSTEM, rule=factories.shipped(), area=area, first_day=date(2026, 4, 1))
    patient = factories.patient_with_both_sides(municipality=area)
    return factories.opened(patient, admitted_at=ADMITTED)


def office():
    return accounts.suzuki().memberships.get().organisation


def colleague(role=Role.PROFESSIONAL):
    return accounts.person("架空 同僚", "peer@care.example.test", office(), role, "介護支援専門員")


def away(user, days=5, stand_in=None):
    return record_member_absence(
        viewer=accounts.viewer_for(accounts.suzuki()),
        membership=user.memberships.get(),
        stand_in=stand_in.memberships.get() if stand_in else None,
        first_day=ADMITTED.date(),
        last_day=ADMITTED.date() + timedelta(days=days),
    )


def told() -> set[tuple[str, str]]:
    rows = Notification.objects.filter(kind__contains="deadline")
    return {(row.user.name, row.kind.removeprefix("transitions.")) for row in rows}


def test_t_c3d_a_deadline_does_not_go_to_a_person_on_leave(case, time_machine):
    colleague(Role.ORGANISATION_ADMIN)
    away(accounts.suzuki())
    time_machine.move_to(ADMITTED + timedelta(days=1, hours=5), tick=False)

    tell_of_deadlines(case.pk)

    assert told() == {("架空 同僚", "office_deadline_soon")}
    boss = accounts.sign_in(Client(), colleague(Role.ORGANISATION_ADMIN))
    page = text_of(boss.get(reverse("transitions:office_overdue")))
    assert "担当が休み" in page
    assert "きょう働いているこの事業所の職員がいません" in page


def test_whoever_stands_in_is_told_of_the_deadlines(case, time_machine):
    peer = colleague()
    patients.add_member(case.patient, peer)
    away(accounts.suzuki(), stand_in=peer)
    time_machine.move_to(ADMITTED + timedelta(days=3), tick=False)

    tell_of_deadlines(case.pk)

    assert ("架空 同僚", "deadline_over") in told()
    assert "鈴木 二葉" not in {name for name, _ in told()}


def test_a_deadline_near_is_no_matter_of_the_office_while_somebody_is_at_work(case, time_machine):
    boss = accounts.viewer_for(colleague(Role.ORGANISATION_ADMIN))
    time_machine.move_to(ADMITTED + timedelta(days=1, hours=5), tick=False)

    assert overdue_of_office(boss) == []


def test_the_other_side_sees_until_when_and_who_stands_in(case):
    away(accounts.suzuki(), stand_in=colleague())
    nurse = accounts.sign_in(Client(), factories.ward_nurse())

    page = text_of(nurse.get(reverse("transitions:case_detail", args=[case.uid])))

    assert "11月21日（土）まで休みです。代わりは架空 同僚さんです。" in page


def test_leave_is_written_down_and_taken_back(case):
    peer = colleague()
    client = accounts.sign_in(Client(), accounts.suzuki())
    suzuki = accounts.suzuki().memberships.get()
    values = {
        "who": str(suzuki.uid),
        "stand_in": str(peer.memberships.get().uid),
        "first_day": "2026-11-16",
        "last_day": "2026-11-20",
    }

    assert "休みの予定はありません" in text_of(client.get(PAGE))
    page = text_of(client.post(PAGE, values, follow=True))
    assert "休みを記録しました" in page
    assert "代わり：架空 同僚" in page
    [news] = Notification.objects.filter(kind="transitions.stand_in")
    assert (news.user, news.path) == (peer, PAGE)
    row = MemberAbsence.objects.get()
    # A stranger's office has none of it.
    stranger = accounts.sign_in(Client(), accounts.tanaka())
    assert stranger.post(f"{PAGE}{row.uid}/cancel/").status_code == 404
    assert "休みを取り消しました" in text_of(client.post(f"{PAGE}{row.uid}/cancel/", follow=True))
    assert client.post(f"{PAGE}{row.uid}/cancel/").status_code == 404
    row.refresh_from_db()
    assert row.cancelled_at == ADMITTED


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "休みの最初の日を入力してください"),
        ({"first_day": "2026-11-10", "last_day": "2026-11-12"}, "きょう以降"),
        ({"first_day": "2026-11-18", "last_day": "2026-11-17"}, "最初の日以降"),
        ({"first_day": "0001-01-01", "last_day": "9999-12-31"}, "年を確かめて"),
        ({"first_day": "2026-11-16", "last_day": "2031-11-16"}, "3年以内"),
        ({"first_day": "2026-11-17", "last_day": "2026-11-18", "stand_in": "own"}, "別の人"),
        ({"first_day": "きのう", "last_day": "2026-02-30"}, "日付"),
    ],
)
def test_days_that_cannot_be_are_refused_with_a_sentence(case, values, sentence):
    client = accounts.sign_in(Client(), accounts.suzuki())
    own = str(accounts.suzuki().memberships.get().uid)
    given = {"who": own} | {name: own if word == "own" else word for name, word in values.items()}

    answer = client.post(PAGE, given)

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert not MemberAbsence.objects.exists()


def test_the_same_days_are_noted_once(case):
    away(accounts.suzuki())
    client = accounts.sign_in(Client(), accounts.suzuki())
    own = str(accounts.suzuki().memberships.get().uid)

    answer = client.post(
        PAGE, {"who": own, "first_day": "2026-11-18", "last_day": "2026-11-19", "stand_in": ""}
    )

    assert "この期間の休みはすでにあります" in text_of(answer)
