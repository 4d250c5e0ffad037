"""When nobody answers; the clock is moved, jobs are run as the worker runs them."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from procrastinate.contrib.django.models import ProcrastinateJob

from renkei.care.timelines.models import Addressee, Escalation
from renkei.care.timelines.services.marks import hide_entry
from renkei.care.timelines.services.settling import acknowledge, settle_question
from renkei.care.timelines.services.times import set_times, times_for
from renkei.care.timelines.tasks import take_due_steps_task, take_steps_task
from renkei.care.timelines.tests.factories import (
    DOCTOR,
    NURSE,
    alarm,
    ask,
    door,
    last_event,
    membership_of,
    post,
    shirai,
    staff_room,
    team_patient,
    the,
)
from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.tests.factories import (
    sato,
    suzuki,
    takahashi,
    viewer_for,
)
from renkei.foundation.areas.tests.factories import make_area
from renkei.foundation.common import clock
from renkei.foundation.notifications.models import Notification

pytestmark = pytest.mark.django_db


def told(user):
    return list(
        Notification.objects.filter(user=user).order_by("pk").values_list("kind", flat=True)
    )


def later(entry, **delta):
    """The sweep of the worker, so much later."""
    with time_machine.travel(entry.posted_at + timedelta(**delta), tick=False):
        take_due_steps_task(0)


def steps(entry):
    return {
        step.step: "done" if step.done_at else "skipped" if step.skipped_at else "waiting"
        for step in Escalation.objects.filter(entry=entry)
    }


def name_deputy(patient, of, deputy):
    team = {member.membership.user: member for member in patient.team.all()}
    team[of].deputy = team[deputy]
    team[of].save()


def test_t_d1_an_unanswered_question_goes_to_the_deputy():
    patient = team_patient()
    name_deputy(patient, shirai(), suzuki())
    question = ask(takahashi(), staff_room(patient), DOCTOR)

    later(question, hours=23)
    assert told(suzuki()) == []
    later(question, hours=24)

    assert told(suzuki()) == ["timelines.deputy"]
    row = the(Addressee, stands_in_for__isnull=False)
    assert (row.member.membership.user, row.stands_in_for.profession) == (suzuki(), DOCTOR)
    assert last_event().action == "entry.escalated"


def test_t_d1_the_deputys_answer_settles_the_question():
    patient = team_patient()
    name_deputy(patient, shirai(), suzuki())
    question = ask(takahashi(), staff_room(patient), DOCTOR)
    later(question, hours=24)

    post(suzuki(), staff_room(patient), "代わりに答えます。", reply_to=question.uid)

    assert Addressee.objects.filter(done_at=None).count() == 0


def test_an_answered_question_goes_nowhere():
    patient = team_patient()
    name_deputy(patient, shirai(), suzuki())
    question = ask(takahashi(), staff_room(patient), DOCTOR)
    post(shirai(), staff_room(patient), "土曜に行きます。", reply_to=question.uid)

    later(question, days=2)

    assert steps(question) == {"deputy": "skipped"}
    assert told(suzuki()) == []


def test_without_a_deputy_the_host_is_asked_and_the_entry_says_so():
    question = ask(takahashi(), staff_room(team_patient()), DOCTOR)

    later(question, days=1)

    assert told(suzuki()) == ["timelines.deputy"]
    assert "主催の事業所" in Escalation.objects.get().note


def test_t_d2b_an_urgent_entry_goes_to_screen_then_mail_then_call_list():
    patient = team_patient()
    entry = alarm(suzuki(), staff_room(patient), NURSE)
    assert told(takahashi()) == ["timelines.urgent"]
    assert Notification.objects.get().mail_due_at is None

    later(entry, minutes=4)
    assert told(takahashi()) == ["timelines.urgent"]
    later(entry, minutes=5)
    assert told(takahashi()) == ["timelines.urgent", "timelines.urgent_mail"]
    assert Notification.objects.get(kind="timelines.urgent_mail").mail_due_at is not None
    later(entry, minutes=15)

    assert told(suzuki()) == ["timelines.call_list"]
    assert steps(entry) == {"in_app": "done", "mail": "done", "call_list": "done"}
    done = Escalation.objects.order_by("done_at").values_list("step", "told_count")
    assert list(done) == [("in_app", 1), ("mail", 1), ("call_list", 1)]


def test_t_d2b_a_night_without_a_worker_keeps_the_order():
    entry = alarm(suzuki(), staff_room(team_patient()), NURSE)

    later(entry, hours=8)

    kinds = Notification.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["timelines.urgent", "timelines.urgent_mail", "timelines.call_list"]


def test_t_d2b_only_the_silent_are_mailed_and_their_heads_get_the_list():
    patient = team_patient()
    membership_of(takahashi())
    takahashi().memberships.update(role=Role.ORGANISATION_ADMIN)
    entry = alarm(suzuki(), staff_room(patient), NURSE, DOCTOR)
    acknowledge(door=door(shirai(), staff_room(patient)), entry=entry)

    later(entry, hours=1)

    assert told(shirai()) == ["timelines.urgent"]
    assert told(takahashi()) == ["timelines.urgent", "timelines.urgent_mail", "timelines.call_list"]


def test_confirmed_by_all_it_stops():
    patient = team_patient()
    entry = alarm(suzuki(), staff_room(patient), NURSE)
    acknowledge(door=door(takahashi(), staff_room(patient)), entry=entry)

    later(entry, hours=1)

    assert steps(entry) == {"in_app": "done", "mail": "skipped", "call_list": "skipped"}


def test_hidden_or_settled_it_stops():
    patient = team_patient()
    room = staff_room(patient)
    entry, question = alarm(suzuki(), room, NURSE), ask(suzuki(), room, NURSE)
    hide_entry(door=door(suzuki(), room), entry=entry, reason="別の人")
    settle_question(door=door(suzuki(), room), entry=question)

    later(entry, days=2)

    assert told(takahashi()) == ["timelines.urgent", "timelines.question"]


def test_a_closed_record_is_left_alone():
    patient = team_patient()
    entry = alarm(suzuki(), staff_room(patient), NURSE)
    patient.closed_on, patient.closed_because = clock.today(), "death"
    patient.save()

    later(entry, hours=1)

    assert steps(entry) == {"in_app": "done", "mail": "skipped", "call_list": "skipped"}


def test_jobs_are_planned_for_their_time_in_the_same_transaction():
    entry = alarm(suzuki(), staff_room(team_patient()), NURSE)

    jobs = ProcrastinateJob.objects.filter(task_name="timelines.take_steps").order_by("id")

    assert [job.args for job in jobs] == [{"entry_id": entry.pk}] * 2
    assert [job.scheduled_at - entry.posted_at for job in jobs] == [
        timedelta(minutes=5),
        timedelta(minutes=15),
    ]


def test_a_job_run_twice_acts_once():
    entry = alarm(suzuki(), staff_room(team_patient()), NURSE)

    with time_machine.travel(entry.posted_at + timedelta(minutes=6), tick=False):
        take_steps_task(entry.pk)
        take_steps_task(entry.pk)

    assert told(takahashi()) == ["timelines.urgent", "timelines.urgent_mail"]
    take_steps_task(entry.pk + 999)  # an entry that is gone is no error


def test_times_are_those_of_the_municipality():
    area = make_area()
    set_times(viewer=viewer_for(sato()), area=area, mail_after=2, call_after=4, answer_hours=8)
    set_times(viewer=viewer_for(sato()), area=None, mail_after=3, call_after=6, answer_hours=12)

    near = times_for(team_patient(municipality=area))
    far = times_for(None)

    assert (near.mail_after, near.call_after, near.answer_within) == (
        timedelta(minutes=2),
        timedelta(minutes=4),
        timedelta(hours=8),
    )
    assert far.answer_within == timedelta(hours=12)


def test_the_list_cannot_come_before_the_mail():
    with pytest.raises(ValidationError, match="メールまでの分以上"):
        set_times(
            viewer=viewer_for(sato()), area=None, mail_after=10, call_after=5, answer_hours=24
        )
