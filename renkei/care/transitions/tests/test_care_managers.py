"""A stay follows the person's care manager, and the hours of its offices."""

from __future__ import annotations

from datetime import date

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from renkei.care.patients.tests import factories as patients
from renkei.care.transitions.models import (
    Channel,
    CoordinationCase,
    Referral,
    ReferralAct,
    ReferralKind,
    ReferralService,
)
from renkei.care.transitions.queries.referrals import referral_for
from renkei.care.transitions.referral_values import NewAct, Receiver
from renkei.care.transitions.services.cases import arrange
from renkei.care.transitions.services.contacts import remove_contact, undo_change, write_contact
from renkei.care.transitions.services.referrals import act_on, send_referral
from renkei.care.transitions.services.rules import adopt_rule
from renkei.care.transitions.tasks_contacts import refresh_cases_of_office_task
from renkei.care.transitions.tests import factories
from renkei.care.transitions.tests.test_referrals import new
from renkei.care.transitions.values import CareManager, Hospital
from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.areas.tests import factories as areas
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.notifications.models import Notification

pytestmark = pytest.mark.django_db
# A Thursday.
ADMITTED = factories.at(date(2026, 11, 19), 10, 40)


@pytest.fixture
def case(time_machine):
    time_machine.move_to(ADMITTED, tick=False)
    area = areas.make_area()
    adopt_rule(
        actor=SYSTEM,
        rule=factories.shipped("example-business"),
        area=area,
        first_day=date(2026, 4, 1),
    )
    return factories.opened(
        factories.patient_with_both_sides(municipality=area), admitted_at=ADMITTED
    )


def next_manager():
    office = accounts.make_organisation("架空ケアプランあさひ")
    office.phone = "0999-00-4100"
    office.save()
    return accounts.person(
        "朝日 登", "asahi@plan.example.test", office, Role.PROFESSIONAL, "介護支援専門員"
    )


def handed_over(case) -> Referral:
    manager = next_manager()
    referral = send_referral(
        viewer=accounts.viewer_for(accounts.suzuki()),
        patient=case.patient,
        new=new(
            receiver=Receiver(organisation=manager.memberships.get().organisation),
            kind=ReferralKind.TRANSFER,
            service=ReferralService.CARE_MANAGEMENT,
            asked_on=ADMITTED.date(),
        ),
    )
    act(referral, ReferralAct.ACCEPTED, manager)
    case.refresh_from_db()
    return referral


def act(referral, what, by, **fields):
    door = referral_for(accounts.viewer_for(by), referral.uid)
    act_on(door=door, new=NewAct(what, **fields))


def test_t_c4_an_open_stay_follows_the_care_manager_who_took_over(case):
    Notification.objects.all().delete()

    referral = handed_over(case)

    assert (case.care_office_name, case.care_person) == ("架空ケアプランあさひ", "朝日 登")
    assert (case.care_member, case.care_phone) == (
        next_manager().memberships.get(),
        "0999-00-4100",
    )
    told = Notification.objects.filter(kind="transitions.case_news")
    assert {row.user.name for row in told} >= {"木暮 由衣", "朝日 登"}
    act(referral, ReferralAct.RETURNED, next_manager(), reason="受け持てなくなりました。")
    case.refresh_from_db()
    assert case.care_person == "鈴木 二葉"


def test_a_stay_keeps_the_care_manager_somebody_wrote_by_hand(case):
    door = factories.door(case, accounts.suzuki())
    by_hand = CareManager(office_name="よその居宅", person="よその人", phone="0999-00-9000")
    arrange(door=door, ward="", hospital=Hospital(), manager=by_hand)

    handed_over(case)

    assert case.care_person == "よその人"


def test_a_stay_that_is_over_keeps_who_it_was(case):
    CoordinationCase.objects.filter(pk=case.pk).update(is_open=False)

    handed_over(case)

    assert case.care_person == "鈴木 二葉"


def test_nobody_new_leaves_the_name_one_can_call(case):
    member = case.patient.team.get(membership=accounts.suzuki().memberships.get())
    other = patients.add_member(case.patient, accounts.tanaka())
    case.patient.host = other.organisation
    case.patient.save()
    from renkei.care.patients.services.team import end_membership  # the act that tells of it

    end_membership(
        viewer=accounts.viewer_for(accounts.suzuki()), member=member, reason="担当が変わった"
    )

    case.refresh_from_db()
    assert case.care_person == "鈴木 二葉"


def test_t_c3d_other_hours_of_an_office_move_the_deadlines_of_its_open_stays(case):
    viewer = accounts.viewer_for(accounts.suzuki())
    before = case.next_due_at
    early = {str(day): [["08:30", "16:00"]] for day in range(5)}

    point = write_contact(
        viewer=viewer,
        ward="",
        values={"phone": "0999-00-3121", "preferred_channel": Channel.PHONE,
                "weekly_hours": early},
    )  # fmt: skip
    run_jobs()

    case.refresh_from_db()
    assert case.next_due_at < before
    # Another telephone number moves nothing.
    write_contact(viewer=viewer, ward="", values={"phone": "0999-00-3122"})
    jobs = ProcrastinateJob.objects.filter(**JOB, args__organisation_id=point.organisation_id)
    assert jobs.count() == 1
    remove_contact(viewer=viewer, point=point)
    run_jobs()
    case.refresh_from_db()
    assert case.next_due_at == before
    undo_change(viewer=viewer, change=point.organisation.contact_changes.latest("pk"))
    assert jobs.count() == 3


JOB = {"task_name": "transitions.refresh_cases_of_office"}


def run_jobs() -> None:
    for job in ProcrastinateJob.objects.filter(**JOB):
        refresh_cases_of_office_task(**job.args)
