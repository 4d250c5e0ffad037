"""What opens at discharge, what alerts when it is missing, and which stay follows which."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from renkei.care.patients.tests import factories as patients
from renkei.care.transitions.models import (
    CaseAlert,
    ChecklistLine,
    CoordinationCase,
    DischargeChecklist,
    FactKind,
)
from renkei.care.transitions.services.checklists import decide_line
from renkei.care.transitions.services.escalation import tell_of_deadlines
from renkei.care.transitions.services.facts import retract_fact
from renkei.care.transitions.services.rules import adopt_rule
from renkei.care.transitions.tests import factories
from renkei.care.transitions.tests.test_pages import browser, url
from renkei.care.transitions.values import Hospital
from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.areas.tests import factories as areas
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.notifications.models import Notification

pytestmark = pytest.mark.django_db
ADMITTED = factories.at(date(2026, 11, 2), 10)
HOME = factories.at(date(2026, 11, 16), 11)
K = FactKind


@pytest.fixture(autouse=True)
def on_the_day(time_machine):
    time_machine.move_to(HOME, tick=False)


@pytest.fixture
def patient():
    area = areas.make_area()
    adopt_rule(actor=SYSTEM, rule=factories.shipped(), area=area, first_day=date(2026, 4, 1))
    return factories.patient_with_both_sides(municipality=area)


@pytest.fixture
def case(patient):
    return factories.opened(patient, admitted_at=ADMITTED)


def go_home(case, moment=HOME):
    return factories.record(case, K.DISCHARGED, moment, by=factories.ward_nurse())


def told(user, kind: str) -> int:
    return Notification.objects.filter(user=user, kind=f"transitions.{kind}").count()


def line(case, code: str) -> ChecklistLine:
    return ChecklistLine.objects.get(checklist__case=case, code=code)


def test_t_tob2_discharge_opens_the_list_and_a_missing_summary_alerts(case, time_machine):
    assert not DischargeChecklist.objects.exists()

    go_home(case)

    assert case.checklist.lines.count() == 9
    assert told(accounts.suzuki(), "checklist_open") == 1
    page = patients.text_of(browser(accounts.suzuki()).get(url("case_detail", case.uid)))
    assert "退院時のチェックリスト" in page
    assert "9件のうち0件" in page

    time_machine.move_to(HOME + timedelta(days=2), tick=False)
    tell_of_deadlines(case.pk)
    assert told(accounts.suzuki(), "other_side_over") == 0

    # The rule says three days: after them the hospital and whoever waits are told.
    time_machine.move_to(HOME + timedelta(days=4), tick=False)
    tell_of_deadlines(case.pk)
    assert CaseAlert.objects.filter(case=case, code="T7", step="over").count() == 1
    assert told(factories.ward_nurse(), "deadline_over") == 1
    assert told(accounts.suzuki(), "other_side_over") == 1

    factories.record(case, K.SUMMARY_HANDED_OVER, HOME + timedelta(days=4))
    page = patients.text_of(browser(accounts.suzuki()).get(url("case_detail", case.uid)))
    assert "9件のうち1件" in page


def test_t_tob2_a_summary_in_time_alerts_nobody(case, time_machine):
    go_home(case)
    factories.record(case, K.SUMMARY_HANDED_OVER, HOME, by=factories.ward_nurse())

    time_machine.move_to(HOME + timedelta(days=9), tick=False)
    tell_of_deadlines(case.pk)

    assert not CaseAlert.objects.filter(code="T7").exists()


def test_t_tob2_of_a_hospital_without_an_account_the_care_side_is_told(patient, time_machine):
    case = factories.opened(patient, admitted_at=ADMITTED, hospital=Hospital(name="よその病院"))
    factories.record(case, K.DISCHARGED, HOME)

    time_machine.move_to(HOME + timedelta(days=4), tick=False)
    tell_of_deadlines(case.pk)

    assert told(accounts.suzuki(), "other_side_over") == 1


def test_both_sides_keep_the_list_and_take_a_tick_back(case):
    go_home(case)
    nurse, manager = browser(factories.ward_nurse()), browser(accounts.suzuki())
    row = line(case, "drugs")
    address = url("checklist_line", case.uid, row.uid)

    done = nurse.post(address, {"state": "done"})

    assert done["Location"].endswith("#checklist")
    row.refresh_from_db()
    assert (row.state, row.decided_name) == ("done", "木暮 由衣")
    manager.post(address, {"state": "open"})
    row.refresh_from_db()
    assert (row.state, row.decided_at, row.decided_name) == ("open", None, "")
    manager.post(url("checklist_line", case.uid, line(case, "supplies").uid), {"state": "none"})
    assert "9件のうち1件" in patients.text_of(manager.get(url("case_detail", case.uid)))


def test_a_line_that_a_fact_decides_is_not_ticked_off(case):
    go_home(case)
    door = factories.door(case, accounts.suzuki())

    with pytest.raises(ValidationError):
        decide_line(door=door, line_uid=line(case, "summary").uid, state="done")
    with pytest.raises(ValidationError):
        decide_line(door=door, line_uid=line(case, "drugs").uid, state="perhaps")
    with pytest.raises(ChecklistLine.DoesNotExist):
        decide_line(door=door, line_uid=uuid4(), state="done")

    client = browser(accounts.suzuki())
    said = client.post(
        url("checklist_line", case.uid, line(case, "summary").uid), {"state": "done"}, follow=True
    )
    assert "渡したことを記録すると済みになります" in patients.text_of(said)
    unknown = client.post(url("checklist_line", case.uid, uuid4()), {"state": "done"})
    assert unknown.status_code == 404


def test_a_second_discharge_opens_no_second_list(case):
    fact = go_home(case)
    retract_fact(door=factories.door(case, factories.ward_nurse()), fact=fact, reason="まちがい")
    case.refresh_from_db()
    page = patients.text_of(browser(accounts.suzuki()).get(url("case_detail", case.uid)))
    assert "退院時のチェックリスト" not in page

    go_home(case)

    assert DischargeChecklist.objects.count() == 1


def test_who_died_in_hospital_has_no_list(case):
    factories.record(case, K.DIED_IN_HOSPITAL, HOME)
    factories.record(case, K.DISCHARGED, HOME)

    assert not DischargeChecklist.objects.exists()


def test_a_readmission_within_30_days_is_linked_whenever_it_is_told(patient, case, time_machine):
    later = HOME + timedelta(days=12)
    time_machine.move_to(later, tick=False)
    second = factories.opened(patient, admitted_at=later, hospital=Hospital(name="架空回復期病院"))
    assert second.readmission_of is None

    # Nobody had written down that the person was home in between.
    fact = go_home(case)

    second.refresh_from_db()
    assert second.readmission_of == case
    client = browser(accounts.suzuki())
    assert "30日以内の前の入院（退院から12日）" in patients.text_of(
        client.get(url("case_detail", second.uid))
    )
    assert "30日以内に再入院（退院から12日）" in patients.text_of(
        client.get(url("case_detail", case.uid))
    )

    retract_fact(door=factories.door(case, factories.ward_nurse()), fact=fact, reason="まちがい")
    second.refresh_from_db()
    assert second.readmission_of is None


def test_a_readmission_after_30_days_is_none(patient, case, time_machine):
    go_home(case)
    later = HOME + timedelta(days=31)
    time_machine.move_to(later, tick=False)

    second = factories.opened(patient, admitted_at=later)

    assert second.readmission_of is None


def test_a_stay_opened_before_its_admission_is_linked_at_admission(patient, case, time_machine):
    go_home(case)
    time_machine.move_to(HOME + timedelta(days=5), tick=False)
    planned = factories.opened(patient)
    assert planned.readmission_of is None

    factories.record(
        planned, K.ADMISSION_REGISTERED, HOME + timedelta(days=5), by=factories.ward_nurse()
    )

    assert CoordinationCase.objects.get(pk=planned.pk).readmission_of == case


def test_a_passed_deadline_reaches_an_office_whose_care_manager_is_on_leave(case, time_machine):
    """Nobody runs the office here: its other people are told that something waits, not of whom."""
    office = accounts.make_organisation("架空居宅介護支援事業所")
    colleague = accounts.person(
        "架空 同僚", "colleague@care.example.test", office, Role.PROFESSIONAL, "介護支援専門員"
    )
    membership = accounts.suzuki().memberships.get()
    membership.revoked_at = ADMITTED
    membership.save()

    tell_of_deadlines(case.pk)

    assert told(accounts.suzuki(), "deadline_over") == 0
    row = Notification.objects.get(user=colleague, kind="transitions.office_deadline_over")
    assert row.path == "/transitions/"


def test_an_office_with_somebody_who_runs_it_tells_them_and_not_everybody(case):
    office = accounts.make_organisation("架空居宅介護支援事業所")
    boss = accounts.person("架空 所長", "chief@care.example.test", office, Role.ORGANISATION_ADMIN)
    colleague = accounts.person(
        "架空 同僚", "colleague@care.example.test", office, Role.PROFESSIONAL, "介護支援専門員"
    )

    tell_of_deadlines(case.pk)

    assert told(boss, "office_deadline_over") == 1
    assert told(colleague, "office_deadline_over") == 0


def test_the_follow_up_to_the_hospital_says_how_the_person_is(case, time_machine):
    go_home(case)
    time_machine.move_to(HOME + timedelta(days=10), tick=False)

    factories.record(
        case, K.FOLLOW_UP_REPORTED, HOME + timedelta(days=10), detail={"at_home": "trouble"}
    )

    page = patients.text_of(browser(factories.ward_nurse()).get(url("case_detail", case.uid)))
    assert "家での様子：困りごとがある" in page
