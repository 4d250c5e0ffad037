"""Pairs of doctors: consents in order, absences that switch them, who knows (T-C1b)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from renkei.care.patients.tests.factories import add_member, make_patient
from renkei.care.transitions.first_contacts import Hole, HoleReason, StepRole, hole_minutes
from renkei.care.transitions.models import Channel, DoctorPair
from renkei.care.transitions.pair_states import Audience, PairState, PairStep
from renkei.care.transitions.queries.doctors import (
    absences_ahead_of,
    doctor_for,
    doctors_kept_by,
    loads_of,
    office_absences_ahead_of,
    pairs_asking,
    present_pairs_of,
)
from renkei.care.transitions.services.absences import (
    cancel_absence,
    cancel_office_absence,
    record_absence,
    record_office_absence,
)
from renkei.care.transitions.services.doctors import (
    NewDoctor,
    confirm_notice,
    propose_pair,
    record_deputy_call,
    save_doctor,
    take_step,
)
from renkei.care.transitions.services.first_contacts import set_first_contacts
from renkei.care.transitions.services.told import Answer
from renkei.care.transitions.tests.duty_factories import make_roster, nights, watch
from renkei.foundation.accounts.tests.factories import (
    sato,
    suzuki,
    takahashi,
    tanaka,
    viewer_for,
)
from renkei.foundation.common import clock
from renkei.foundation.common.clock import TOKYO
from renkei.foundation.notifications.models import Notification

pytestmark = pytest.mark.django_db

EVENING = datetime(2026, 11, 20, 20, 0, tzinfo=TOKYO)


@pytest.fixture(autouse=True)
def _in_the_evening(time_machine):
    time_machine.move_to(EVENING, tick=False)


def make_doctor(name="架空 透", user=None, **fields):
    new = NewDoctor(
        name=name,
        phone="0999-00-2045",
        may_be_deputy=fields.pop("may_be_deputy", True),
        takes_nights=fields.pop("takes_nights", True),
        **fields,
    )
    return save_doctor(viewer=viewer_for(user or tanaka()), doctor=None, new=new)


def proposed(patient=None, **fields):
    if patient is None:
        patient = make_patient()
        add_member(patient, suzuki())
    return propose_pair(
        viewer=viewer_for(suzuki()),
        patient=patient,
        main=fields.pop("main", None) or make_doctor(),
        deputy=fields.pop("deputy", None) or make_doctor("架空 副"),
    )


def step(pair, *steps, name="架空 答"):
    for each in steps:
        pair = take_step(
            viewer=viewer_for(suzuki()),
            pair=pair,
            step=each,
            channel=Channel.PHONE,
            person_name=name,
        )
    return pair


AGREED = (PairStep.MAIN_AGREES, PairStep.DEPUTY_AGREES, PairStep.PATIENT_AGREES)


def active(**fields):
    return step(proposed(**fields), *AGREED, PairStep.STARTS)


def spans_of(user, hours=24):
    [one] = watch(viewer_for(user), since=EVENING, until=EVENING + timedelta(hours=hours))
    return one.spans


def kinds_told():
    return list(Notification.objects.order_by("pk").values_list("kind", flat=True))


def test_a_pair_starts_only_after_every_consent():
    pair = proposed()

    with pytest.raises(ValidationError):
        step(pair, PairStep.STARTS)
    with pytest.raises(ValidationError):
        step(pair, PairStep.MAIN_AGREES, name="")
    pair = step(pair, *AGREED, PairStep.STARTS)

    assert (pair.state, pair.started_at) == (PairState.ACTIVE, clock.now())
    assert [one.person_name for one in pair.records.order_by("pk")] == ["架空 答"] * 4


def test_t_c1b_a_deputy_counts_as_arranged_only_when_all_were_told_and_confirmed():
    pair = active()
    arranged = []
    for audience in Audience:
        arranged.append(present_pairs_of(pair.patient)[0].is_arranged)
        confirm_notice(
            viewer=viewer_for(suzuki()),
            pair=pair,
            audience=audience,
            answer=Answer(Channel.PHONE, "架空 家族"),
        )
    arranged.append(present_pairs_of(pair.patient)[0].is_arranged)

    assert arranged == [False, False, False, True]
    with pytest.raises(ValidationError):
        told(pair, Audience.FAMILY)


def told(pair, audience, answer=None, user=None, **fields):
    return confirm_notice(
        viewer=viewer_for(user or suzuki()),
        pair=pair,
        audience=audience,
        answer=answer or Answer(Channel.PHONE, "架空 家族"),
        **fields,
    )


def test_who_has_to_know_is_confirmed_by_somebody_named_and_only_while_it_runs():
    pair = proposed()
    with pytest.raises(ValidationError):
        told(pair, Audience.FAMILY)
    pair = step(pair, *AGREED, PairStep.STARTS)

    with pytest.raises(ValidationError):
        told(pair, Audience.FAMILY, Answer(Channel.PHONE, " "))


def test_a_care_manager_says_so_with_one_tap_and_nobody_in_the_place_of_another():
    pair = active()
    here = Answer(Channel.SYSTEM)

    for audience in (Audience.STATION, Audience.FAMILY):
        with pytest.raises(ValidationError):
            told(pair, audience, here)

    assert told(pair, Audience.CARE_MANAGER, here).confirmed_name == viewer_for(suzuki()).name


def test_who_is_not_there_is_said_not_to_be_and_never_where_somebody_is():
    pair = active()
    for audience in (Audience.CARE_MANAGER, Audience.FAMILY):
        with pytest.raises(ValidationError):
            told(pair, audience, has_nobody=True)

    notice = told(pair, Audience.STATION, has_nobody=True)

    assert (notice.has_nobody, notice.confirmed_name) == (True, "")


def test_only_the_doctors_own_office_agrees_here():
    pair = proposed()
    values: dict[str, Any] = {"pair": pair, "step": PairStep.MAIN_AGREES}
    with pytest.raises(ValidationError):
        take_step(viewer=viewer_for(suzuki()), **values)

    take_step(viewer=viewer_for(tanaka()), **values)

    assert pair.records.get().person_name == viewer_for(tanaka()).name
    step(pair, PairStep.DEPUTY_AGREES)
    with pytest.raises(ValidationError):
        take_step(viewer=viewer_for(tanaka()), pair=pair, step=PairStep.PATIENT_AGREES)


def test_doctors_see_who_asks_and_only_the_team_sees_for_whom():
    pair = proposed()
    [asked] = pairs_asking(viewer_for(tanaka()))

    assert (asked.pair, asked.patient, asked.step) == (pair, None, PairStep.MAIN_AGREES)
    assert kinds_told() == ["transitions.pair_asked"]
    add_member(pair.patient, tanaka())
    step(pair, PairStep.MAIN_AGREES)
    [asked] = pairs_asking(viewer_for(tanaka()))
    assert (asked.patient, asked.step) == (pair.patient, PairStep.DEPUTY_AGREES)
    assert asked.doctor == pair.deputy
    assert pairs_asking(viewer_for(suzuki())) == []


def test_an_absence_gives_every_active_pair_the_deputy_at_its_second_and_tells_the_team():
    pair = active()
    away = EVENING + timedelta(hours=2, seconds=7)

    record_absence(
        viewer=viewer_for(tanaka()),
        doctor=pair.main,
        starts_at=away,
        ends_at=away + timedelta(hours=5),
    )

    assert [(span.starts_at, span.outcome.role) for span in spans_of(suzuki())] == [
        (EVENING, StepRole.MAIN),
        (away, StepRole.DEPUTY),
        (away + timedelta(hours=5), StepRole.MAIN),
    ]
    assert kinds_told()[-2:] == ["transitions.pair_started", "transitions.doctor_away"]
    assert not any("架空" in str(vars(one)) for one in Notification.objects.all())


def test_a_pair_whose_deputy_is_away_at_the_same_time_is_a_hole_and_told_as_one():
    pair = active()
    for doctor in (pair.main, pair.deputy):
        record_absence(
            viewer=viewer_for(tanaka()),
            doctor=doctor,
            starts_at=EVENING,
            ends_at=EVENING + timedelta(hours=3),
        )

    spans = spans_of(suzuki())

    assert spans[0].outcome == Hole(HoleReason.BOTH_ABSENT)
    assert hole_minutes(spans) == 180
    assert kinds_told()[-1] == "transitions.doctors_both_away"


def test_a_cancelled_absence_gives_the_main_doctor_back_and_tells_again():
    pair = active()
    absence = record_absence(
        viewer=viewer_for(tanaka()),
        doctor=pair.main,
        starts_at=EVENING,
        ends_at=EVENING + timedelta(hours=3),
    )
    assert list(absences_ahead_of(viewer_for(tanaka()))) == [absence]

    cancel_absence(viewer=viewer_for(tanaka()), absence=absence)

    assert [span.outcome.role for span in spans_of(suzuki())] == [StepRole.MAIN]
    assert kinds_told().count("transitions.doctor_away") == 2
    with pytest.raises(ValidationError):
        cancel_absence(viewer=viewer_for(tanaka()), absence=absence)


@pytest.mark.parametrize("hours", [(3, 2), (-3, -1)])
def test_an_absence_that_ends_before_it_begins_or_is_over_is_refused(hours):
    with pytest.raises(ValidationError):
        record_absence(
            viewer=viewer_for(tanaka()),
            doctor=make_doctor(),
            starts_at=EVENING + timedelta(hours=hours[0]),
            ends_at=EVENING + timedelta(hours=hours[1]),
        )


def test_a_doctor_without_nights_is_called_in_his_hours_and_the_deputy_else():
    day = {"4": [["9:00", "21:00"]]}
    active(main=make_doctor(takes_nights=False, weekly_hours=day))

    spans = spans_of(suzuki())

    assert [(span.starts_at.hour, span.outcome.role) for span in spans] == [
        (20, StepRole.MAIN),
        (21, StepRole.DEPUTY),
    ]


def test_changing_the_pair_ends_the_one_before():
    before = active()
    after = step(proposed(before.patient, deputy=make_doctor("架空 別")), *AGREED, PairStep.STARTS)

    before.refresh_from_db()

    assert (before.state, before.ended_at) == (PairState.CHANGED, clock.now())
    assert after.previous == before
    assert step(after, PairStep.ENDS).ended_at == clock.now()
    assert present_pairs_of(before.patient) == []


def test_what_cannot_be_a_pair_is_refused_in_words():
    patient = make_patient()
    doctor, no_deputy = make_doctor(), make_doctor("架空 主", may_be_deputy=False)
    full = make_doctor("架空 満", most_patients=0)
    deputy = make_doctor("架空 副")
    for main, second in ((doctor, no_deputy), (doctor, doctor), (full, deputy)):
        with pytest.raises(ValidationError):
            proposed(patient, main=main, deputy=second)
    proposed(patient, main=doctor, deputy=deputy)
    with pytest.raises(ValidationError):
        proposed(patient, main=doctor, deputy=deputy)
    with pytest.raises(IntegrityError), transaction.atomic():
        DoctorPair.objects.create(
            patient=patient, main=doctor, deputy=doctor, proposed_at=clock.now()
        )


def test_a_call_upon_the_deputy_is_kept_and_counted():
    pair = active()
    values: dict[str, Any] = {
        "viewer": viewer_for(suzuki()),
        "pair": pair,
        "reason": "発熱",
        "outcome": "往診",
    }

    record_deputy_call(at=clock.now(), went=pair.deputy, **values)

    for wrong in ({"at": clock.now() + timedelta(hours=1)}, {"went": make_doctor("架空 外")}):
        with pytest.raises(ValidationError):
            record_deputy_call(**{"at": clock.now(), "went": pair.deputy, **values, **wrong})
    loads = loads_of(viewer_for(tanaka()), since=EVENING - timedelta(days=30))
    assert {
        one.doctor.name: (one.main_count, one.deputy_count, one.call_count) for one in loads
    } == {
        "架空 透": (1, 0, 0),
        "架空 副": (0, 1, 1),
        "架空 外": (0, 0, 0),
    }
    assert not any(one.is_full for one in loads)


def test_doctors_are_kept_by_their_own_organisation():
    doctor = make_doctor()

    assert doctor_for(viewer_for(tanaka()), doctor.uid) == doctor
    assert list(doctors_kept_by(viewer_for(takahashi()))) == []
    assert list(doctors_kept_by(viewer_for(sato()))) == []
    with pytest.raises(ValidationError):
        save_doctor(viewer=viewer_for(tanaka()), doctor=doctor, new=NewDoctor("", "0999-00-2045"))


# -- a whole office, and the place of the doctors in the order


def closed(user, hours=5):
    return record_office_absence(
        viewer=viewer_for(user), starts_at=EVENING, ends_at=EVENING + timedelta(hours=hours)
    )


def test_an_office_that_is_closed_gives_its_patients_the_deputy_elsewhere_until_it_opens():
    pair = active(deputy=make_doctor("架空 副", takahashi()))

    absence = closed(tanaka())

    assert [(span.starts_at, span.outcome.role) for span in spans_of(suzuki())] == [
        (EVENING, StepRole.DEPUTY),
        (EVENING + timedelta(hours=5), StepRole.MAIN),
    ]
    assert kinds_told()[-1] == "transitions.doctor_away"
    assert list(office_absences_ahead_of(viewer_for(tanaka()))) == [absence]
    cancel_office_absence(viewer=viewer_for(tanaka()), absence=absence)
    assert [span.outcome.role for span in spans_of(suzuki())] == [StepRole.MAIN]
    assert kinds_told()[-1] == "transitions.office_away"
    with pytest.raises(ValidationError):
        cancel_office_absence(viewer=viewer_for(tanaka()), absence=absence)
    assert pair.state == PairState.ACTIVE


def test_two_doctors_of_one_closed_office_are_a_hole_and_told_as_one():
    active()

    closed(tanaka())

    assert spans_of(suzuki())[0].outcome == Hole(HoleReason.BOTH_ABSENT)
    assert kinds_told()[-1] == "transitions.doctors_both_away"


def test_a_closed_station_rests_and_the_next_in_the_order_is_called():
    pair = active()
    add_member(pair.patient, takahashi())
    station = nights(make_roster())
    set_first_contacts(viewer=viewer_for(suzuki()), patient=pair.patient, rosters=[station])
    assert spans_of(suzuki())[0].outcome.role == StepRole.DUTY

    absence = closed(takahashi())

    assert [span.outcome.role for span in spans_of(suzuki())][:2] == [StepRole.MAIN, StepRole.DUTY]
    assert kinds_told()[-1] == "transitions.office_away"
    cancel_office_absence(viewer=viewer_for(takahashi()), absence=absence)
    assert kinds_told().count("transitions.office_away") > 1
    assert list(office_absences_ahead_of(viewer_for(sato()))) == []


def test_the_doctors_can_stand_before_the_offices_and_in_between():
    pair = active()
    add_member(pair.patient, takahashi())
    station = nights(make_roster())
    roles = []
    for order in ([None, station], [station, None], [station]):
        set_first_contacts(viewer=viewer_for(suzuki()), patient=pair.patient, rosters=order)
        roles.append(spans_of(suzuki())[0].outcome.role)

    assert roles == [StepRole.MAIN, StepRole.DUTY, StepRole.DUTY]
    with pytest.raises(ValidationError):
        set_first_contacts(viewer=viewer_for(suzuki()), patient=pair.patient, rosters=[None, None])
