"""Whom one called at a past minute: the order, the doctors and the team as they then were."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from renkei.care.patients.models import Patient, TeamMember
from renkei.care.patients.tests.factories import add_member, make_patient, membership_of
from renkei.care.transitions.duty_times import DAY, instant_of
from renkei.care.transitions.first_contacts import Contact, HoleReason
from renkei.care.transitions.models import Doctor, DoctorPair, FirstContact
from renkei.care.transitions.pair_states import PairState
from renkei.care.transitions.queries.arrangements import arrangements
from renkei.care.transitions.queries.hole_minutes import hole_minutes
from renkei.care.transitions.services.first_contacts import set_first_contacts
from renkei.care.transitions.services.rosters import NewShift, end_roster, set_week
from renkei.care.transitions.tests.duty_factories import make_roster
from renkei.foundation.accounts.tests.factories import suzuki, takahashi, tanaka, viewer_for
from renkei.foundation.common.clock import TOKYO

pytestmark = pytest.mark.django_db

FIRST = datetime(2026, 11, 1, tzinfo=TOKYO)
LAST = datetime(2026, 12, 1, tzinfo=TOKYO)


def day(number):
    return datetime(2026, 11, number, 12, tzinfo=TOKYO)


def all_day(name, user=None):
    roster = make_roster(user, name=name)
    for kind in range(7):
        set_week(
            viewer=viewer_for(user or takahashi()),
            roster=roster,
            day_kind=kind,
            shifts=[NewShift(0, DAY, name)],
            since=date(2026, 1, 1),
        )
    return roster


def person(*users):
    patient = make_patient()
    for user in users or (takahashi(),):
        add_member(patient, user)
    Patient.objects.filter(pk=patient.pk).update(registered_at=datetime(2025, 1, 1, tzinfo=TOKYO))
    return patient


def order(patient, *rosters):
    set_first_contacts(viewer=viewer_for(takahashi()), patient=patient, rosters=rosters)


def pair(patient, names, since, until=None):
    def doctor(name):
        return Doctor.objects.create(
            organisation=membership_of(tanaka()).organisation,
            name=name,
            phone="0999-00-2045",
            takes_nights=True,
            updated_at=since,
        )

    return DoctorPair.objects.create(
        patient=patient,
        main=doctor(names[0]),
        deputy=doctor(names[1]),
        state=PairState.CHANGED if until else PairState.ACTIVE,
        proposed_at=since,
        started_at=since,
        ended_at=until,
    )


def called(patient, since=FIRST, until=LAST):
    """Who was called from when on, and why nobody."""
    found = arrangements(Patient.objects.filter(pk=patient.pk), since=since, until=until)
    return [
        (
            span.starts_at,
            span.outcome.name if isinstance(span.outcome, Contact) else span.outcome.reason,
        )
        for span in found.cover.of(found.persons[0].steps)
    ]


def test_a_past_minute_has_the_order_that_was_then_in_force(time_machine):
    time_machine.move_to(day(5), tick=False)
    patient, first, second = person(), all_day("先の当番"), all_day("後の当番")
    order(patient, first)
    time_machine.move_to(day(20), tick=False)
    order(patient, second, first)

    assert called(patient) == [
        (FIRST, HoleReason.NOT_ARRANGED),
        (day(5), "先の当番"),
        (day(20), "後の当番"),
    ]
    assert FirstContact.objects.filter(ended_at=None).count() == 2


def test_a_new_order_changes_nothing_of_a_month_that_is_over(time_machine):
    time_machine.move_to(datetime(2026, 10, 1, tzinfo=TOKYO), tick=False)
    patient = person()
    order(patient, all_day("当番"))
    time_machine.move_to(LAST, tick=False)
    november = (date(2026, 11, 1), date(2026, 11, 30))
    before = hole_minutes(None, *november)

    order(patient)

    assert before.minutes == 0
    assert hole_minutes(None, *november) == before
    assert hole_minutes(None, date(2026, 12, 1), date(2026, 12, 31)).minutes == 31 * DAY


def test_doctors_of_a_past_minute_are_the_pair_of_then(time_machine):
    time_machine.move_to(LAST, tick=False)
    patient = person()
    pair(patient, ("前の主治医", "前の副"), day(3), day(10))
    pair(patient, ("今の主治医", "今の副"), day(12))

    assert called(patient) == [
        (FIRST, HoleReason.NOT_ARRANGED),
        (day(3), "前の主治医"),
        (day(10), HoleReason.NOT_ARRANGED),
        (day(12), "今の主治医"),
    ]


def test_doctors_stand_where_each_order_put_them_and_last_where_none_did(time_machine):
    patient = person()
    pair(patient, ("主治医", "副主治医"), FIRST)
    station = all_day("当番")
    for number, rosters in ((5, (station,)), (10, (None, station)), (15, (station,)), (20, ())):
        time_machine.move_to(day(number), tick=False)
        order(patient, *rosters)

    assert called(patient) == [
        (FIRST, "主治医"),
        (day(5), "当番"),
        (day(10), "主治医"),
        (day(15), "当番"),
        (day(20), "主治医"),
    ]


def test_an_office_answers_until_it_left_the_team_and_a_roster_until_it_ended(time_machine):
    time_machine.move_to(day(2), tick=False)
    patient, other = person(takahashi(), suzuki()), person()
    station = all_day("当番")
    order(patient, station)
    order(other, station)
    team = TeamMember.objects.filter(patient=patient, organisation=station.organisation)
    team.update(left_at=day(9))
    time_machine.move_to(day(18), tick=False)
    end_roster(viewer=viewer_for(takahashi()), roster=station)

    assert called(patient)[1:] == [(day(2), "当番"), (day(9), HoleReason.NOT_ARRANGED)]
    assert called(other)[1:] == [(day(2), "当番"), (day(18), HoleReason.NOT_ARRANGED)]


def test_an_order_of_no_length_calls_nobody(time_machine):
    time_machine.move_to(day(2), tick=False)
    patient, station = person(), all_day("当番")
    order(patient, station)
    order(patient)

    assert called(patient) == [(FIRST, HoleReason.NOT_ARRANGED)]


@pytest.mark.parametrize("count", [1, 3])
def test_arrangements_cost_the_same_however_many_persons(count, django_assert_num_queries):
    for number in range(count):
        patient = person()
        order(patient, all_day(f"当番{number}"))
        pair(patient, (f"主{number}", f"副{number}"), FIRST)
    since = instant_of(date(2026, 11, 30), 0)

    with django_assert_num_queries(8):
        found = arrangements(Patient.objects.all(), since=since, until=since + timedelta(days=1))

    assert len(found.persons) == count
