"""Deadlines are told of once, to whose turn it is, and then to their office."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from renkei.care.transitions.models import CaseAlert, Channel, CoordinationCase, FactKind
from renkei.care.transitions.services.escalation import cases_to_look_at, tell_of_deadlines
from renkei.care.transitions.services.rules import adopt_rule
from renkei.care.transitions.tasks import tell_of_deadlines_task
from renkei.care.transitions.tests import factories
from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.areas.tests import factories as areas
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.notifications.models import Notification

pytestmark = pytest.mark.django_db
OFFICE = "/transitions/office/overdue/"
ADMITTED = factories.at(date(2026, 11, 16), 10, 40)


@pytest.fixture
def case(time_machine):
    time_machine.move_to(ADMITTED, tick=False)
    area = areas.make_area()
    adopt_rule(actor=SYSTEM, rule=factories.shipped(), area=area, first_day=date(2026, 4, 1))
    patient = factories.patient_with_both_sides(municipality=area)
    return factories.opened(patient, admitted_at=ADMITTED)


def told(user, kind: str) -> int:
    return Notification.objects.filter(user=user, kind=f"transitions.{kind}").count()


def chief():
    office = accounts.make_organisation("架空居宅介護支援事業所")
    return accounts.person("架空 所長", "chief@care.example.test", office, Role.ORGANISATION_ADMIN)


def test_nothing_is_told_while_there_is_time(case):
    assert tell_of_deadlines(case.pk) == 0
    assert not CaseAlert.objects.exists()


def test_near_a_deadline_those_whose_turn_it_is_are_told_once(case, time_machine):
    time_machine.move_to(ADMITTED + timedelta(days=1, hours=5), tick=False)

    assert cases_to_look_at() == [case.pk]
    assert tell_of_deadlines(case.pk) == 1
    assert tell_of_deadlines(case.pk) == 0

    assert told(accounts.suzuki(), "deadline_soon") == 1
    assert told(factories.ward_nurse(), "deadline_soon") == 0


def test_a_passed_deadline_goes_to_the_office_and_not_to_one_person_alone(case, time_machine):
    boss = chief()
    time_machine.move_to(ADMITTED + timedelta(days=3), tick=False)

    tell_of_deadlines_task(timestamp=0)
    tell_of_deadlines_task(timestamp=0)

    assert told(accounts.suzuki(), "deadline_over") == 1
    assert told(boss, "office_deadline_over") == 1
    alert = CaseAlert.objects.get(code="T1")
    assert (alert.step, alert.people_count) == ("over", 2)
    row = Notification.objects.get(user=boss, kind="transitions.office_deadline_over")
    page = accounts.sign_in(Client(), boss).get(row.path)
    text = page.content.decode()
    assert page.status_code == 200
    assert ("超過" in text, "鈴木 二葉" in text, "入院" in text) == (True, True, True)
    row.refresh_from_db()
    assert row.read_at is not None


def test_what_an_office_let_pass_says_nothing_of_the_person(case, time_machine):
    time_machine.move_to(ADMITTED + timedelta(days=3), tick=False)
    tell_of_deadlines(case.pk)
    text = accounts.sign_in(Client(), chief()).get(OFFICE).content.decode()

    assert "超過</" in text
    for secret in (case.patient.name, str(case.uid), str(case.patient.uid), case.hospital_name):
        assert secret not in text


def test_the_administrator_of_another_office_sees_only_their_own(case, time_machine):
    elsewhere = accounts.make_organisation("よその架空事業所")
    other = accounts.person(
        "架空 別所長", "other-chief@example.test", elsewhere, Role.ORGANISATION_ADMIN
    )
    time_machine.move_to(ADMITTED + timedelta(days=3), tick=False)

    text = accounts.sign_in(Client(), other).get(OFFICE).content.decode()
    assert "期限を過ぎた調整はありません" in text
    assert accounts.sign_in(Client(), accounts.suzuki()).get(OFFICE).status_code == 404


def test_where_nobody_of_the_office_is_left_the_page_says_where_to_choose_somebody(
    case, time_machine
):
    boss = chief()
    time_machine.move_to(ADMITTED + timedelta(days=3), tick=False)
    membership = accounts.suzuki().memberships.get()
    membership.revoked_at = ADMITTED
    membership.save()

    text = accounts.sign_in(Client(), boss).get(OFFICE).content.decode()
    assert reverse("accounts:orphan_list") in text
    assert "鈴木" not in text


def test_an_office_that_is_on_the_team_as_a_whole_is_asked_as_a_whole(case, time_machine):
    office = factories.hospital()
    boss = accounts.person(
        "架空 院長", "director@hospital.example.test", office, Role.ORGANISATION_ADMIN
    )
    time_machine.move_to(ADMITTED + timedelta(days=3), tick=False)
    CoordinationCase.objects.update(next_side="hospital")

    text = accounts.sign_in(Client(), boss).get(OFFICE).content.decode()
    assert "全員がチームにいます" in text


def test_when_the_care_manager_is_gone_the_office_is_told_all_the_same(case, time_machine):
    boss = chief()
    time_machine.move_to(ADMITTED + timedelta(days=3), tick=False)
    membership = accounts.suzuki().memberships.get()
    membership.revoked_at = ADMITTED
    membership.save()

    tell_of_deadlines(case.pk)

    assert told(accounts.suzuki(), "deadline_over") == 0
    assert told(boss, "office_deadline_over") == 1


def test_a_stay_that_is_over_is_left_alone(case, time_machine):
    factories.record(
        case, FactKind.CANCELLED, ADMITTED, detail={"reason": "まちがい"}, channel=Channel.PHONE
    )
    time_machine.move_to(ADMITTED + timedelta(days=9), tick=False)

    assert cases_to_look_at() == []
    assert tell_of_deadlines(case.pk) == 0
