"""急変時診療医療機関: one agreement per person (T-C2a), and every scenario of a call (T-C2b)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from renkei.care.patients.models import AccessGrant, ContentClass
from renkei.care.patients.tests.factories import add_member, make_patient, membership_of
from renkei.care.transitions.emergency_states import (
    CallState,
    CallStep,
    CancelReason,
    RefusalReason,
)
from renkei.care.transitions.models import Channel, EmergencyAgreement, EmergencyCall
from renkei.care.transitions.pair_states import Audience
from renkei.care.transitions.queries.call_counts import call_counts
from renkei.care.transitions.queries.emergencies import agreement_of
from renkei.care.transitions.services.emergencies import (
    HospitalChoice,
    Terms,
    agree,
    confirm_agreement,
    confirm_agreement_notice,
    end_agreement,
)
from renkei.care.transitions.services.emergency_calls import Why, call_hospital, take_call_step
from renkei.care.transitions.services.told import Answer
from renkei.foundation.accounts.tests.factories import suzuki, takahashi, tanaka, viewer_for
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock
from renkei.foundation.notifications.models import Notification

pytestmark = pytest.mark.django_db

PHONE = Answer(Channel.PHONE, "架空 当直医")
OUTSIDE = HospitalChoice(name="よその県の架空病院", phone="0999-00-8000")


@pytest.fixture
def patient():
    one = make_patient()
    add_member(one, suzuki())
    return one


def hospital():
    return HospitalChoice(organisation=membership_of(tanaka()).organisation)


def agreed(patient, choice=None, viewer=None, **fields):
    return agree(
        viewer=viewer or viewer_for(suzuki()),
        patient=patient,
        hospital=choice or hospital(),
        terms=Terms(beds="一般病床", not_accepted="人工呼吸器"),
        confirmed_on=fields.pop("confirmed_on", clock.today()),
        answer=fields.pop("answer", PHONE),
    )


def status_of(patient):
    status = agreement_of(patient)
    assert status is not None
    return status


def called(patient, choice=None, **fields):
    return call_hospital(
        viewer=viewer_for(suzuki()),
        patient=patient,
        hospital=choice or hospital(),
        reason=fields.pop("reason", "発熱と呼吸苦"),
        **fields,
    )


def step(call, each, answer=PHONE, **fields):
    return take_call_step(
        viewer=viewer_for(suzuki()), call=call, step=each, answer=answer, **fields
    )


# -- T-C2a


def test_t_c2a_a_second_hospital_is_refused_and_the_first_named_to_whoever_may_know(patient):
    agreed(patient, OUTSIDE)

    with pytest.raises(ValidationError) as error:
        agreed(patient)

    assert "よその県の架空病院がすでに登録されています" in error.value.messages[0]
    assert EmergencyAgreement.objects.count() == 1


def test_t_c2a_the_other_hospital_is_not_named_to_somebody_who_reads_the_basics(patient):
    agreed(patient, OUTSIDE)
    add_member(patient, takahashi())
    AccessGrant.objects.filter(membership=membership_of(takahashi())).update(
        content_classes=[ContentClass.BASIC.value]
    )

    with pytest.raises(ValidationError) as error:
        agreed(patient, viewer=viewer_for(takahashi()))

    assert "よその県" not in str(error.value)
    assert "別の医療機関がすでに登録されています" in error.value.messages[0]


def test_after_the_end_of_an_agreement_another_hospital_can_be_registered(patient):
    end_agreement(viewer=viewer_for(suzuki()), agreement=agreed(patient, OUTSIDE))

    assert agreed(patient).hospital == membership_of(tanaka()).organisation


def test_an_agreement_is_stale_after_six_months_until_the_hospital_says_that_it_holds(patient):
    agreement = agreed(patient, confirmed_on=clock.today() - timedelta(days=190))
    assert status_of(patient).is_stale

    confirm_agreement(
        viewer=viewer_for(suzuki()),
        agreement=agreement,
        confirmed_on=clock.today(),
        answer=PHONE,
    )

    assert not status_of(patient).is_stale
    for day in (clock.today() + timedelta(days=1), clock.today() - timedelta(days=1)):
        with pytest.raises(ValidationError):
            confirm_agreement(
                viewer=viewer_for(suzuki()), agreement=agreement, confirmed_on=day, answer=PHONE
            )
    end_agreement(viewer=viewer_for(suzuki()), agreement=agreement)
    with pytest.raises(ValidationError):
        confirm_agreement(
            viewer=viewer_for(suzuki()),
            agreement=agreement,
            confirmed_on=clock.today(),
            answer=PHONE,
        )


def test_an_agreement_names_who_agreed(patient):
    with pytest.raises(ValidationError):
        agreed(patient, answer=Answer(Channel.PHONE))
    with pytest.raises(ValidationError):
        agreed(patient, HospitalChoice(name=" "))


def test_t_c1b_a_hospital_counts_as_arranged_only_when_all_were_told_and_confirmed(patient):
    agreement = agreed(patient)
    arranged = []
    for audience in Audience:
        arranged.append(status_of(patient).is_arranged)
        confirm_agreement_notice(
            viewer=viewer_for(suzuki()), agreement=agreement, audience=audience, answer=PHONE
        )
    arranged.append(status_of(patient).is_arranged)

    assert arranged == [False, False, False, True]
    with pytest.raises(ValidationError):
        confirm_agreement_notice(
            viewer=viewer_for(suzuki()),
            agreement=agreement,
            audience=Audience.FAMILY,
            answer=PHONE,
        )


def test_nobody_without_an_agreement_has_one(patient):
    assert agreement_of(patient) is None


# -- T-C2b, each scenario


def test_t_c2b_435_a_call_runs_from_the_question_to_the_way_home(patient):
    call = called(patient, agreement=agreed(patient))

    for each in (CallStep.ACCEPT, CallStep.TRANSPORT, CallStep.ADMIT, CallStep.RETURN):
        call = step(call, each)

    assert call.state == CallState.RETURNED
    assert call.records.count() == 4


def test_t_c2b_1035_an_acceptance_by_telephone_is_recorded_as_one_under_ones_own_name(patient):
    at = clock.now() - timedelta(minutes=5)

    call = step(called(patient), CallStep.ACCEPT, Answer(Channel.PHONE, "架空 当直医", at))

    [record] = call.records.all()
    assert (record.channel, record.person_name, record.at) == (Channel.PHONE, "架空 当直医", at)
    assert record.recorded_by == membership_of(suzuki())
    event = AuditEvent.objects.filter(action="emergency_call.stepped").get()
    assert event.detail == {"step": "accept", "channel": "phone"}


def test_t_c2b_1035_without_the_name_of_who_answered_it_is_not_kept(patient):
    call = called(patient)

    with pytest.raises(ValidationError):
        step(call, CallStep.ACCEPT, Answer(Channel.PHONE))
    with pytest.raises(ValidationError):
        step(call, CallStep.ACCEPT, Answer(Channel.PHONE, "架空", clock.now() + timedelta(hours=1)))


def test_t_c2b_1035_only_the_hospital_itself_answers_here_and_under_its_own_name(patient):
    call = called(patient)
    here = Answer(Channel.SYSTEM, "だれか")
    with pytest.raises(ValidationError):
        step(call, CallStep.ACCEPT, here)

    viewer = viewer_for(tanaka())
    accepted = take_call_step(viewer=viewer, call=call, step=CallStep.ACCEPT, answer=here)

    assert accepted.state == CallState.ACCEPTED
    assert accepted.records.get().person_name == viewer.name
    kinds = set(Notification.objects.values_list("kind", "user_id"))
    assert ("transitions.emergency_called", tanaka().pk) in kinds
    assert ("transitions.emergency_news", suzuki().pk) in kinds


def test_t_c2b_1091_a_hospital_outside_the_network_can_be_called(patient):
    call = step(called(patient, OUTSIDE), CallStep.ACCEPT)

    assert (call.hospital, call.hospital_name) == (None, "よその県の架空病院")


def test_t_c2b_1042_1095_a_second_call_is_not_blocked_by_the_first(patient):
    first, second = called(patient), called(patient, OUTSIDE)

    assert {one.state for one in (first, second)} == {CallState.CALLED}
    with pytest.raises(ValidationError):
        called(patient)


def test_t_c2b_1042_a_hospital_that_refused_can_be_called_again(patient):
    step(called(patient), CallStep.REFUSE, why=Why(refusal=RefusalReason.NO_BED))

    assert called(patient).state == CallState.CALLED


def test_t_c2b_5401_being_admitted_cancels_what_else_was_asked(patient):
    taken, other = called(patient), called(patient, OUTSIDE)
    for each in (CallStep.ACCEPT, CallStep.TRANSPORT, CallStep.ADMIT):
        taken = step(taken, each)

    other.refresh_from_db()

    assert (other.state, other.cancel_reason) == (CallState.CANCELLED, "admitted_elsewhere")
    assert other.records.get().is_automatic


def test_t_c2b_5401_a_death_cancels_every_open_call(patient):
    first, second = called(patient), called(patient, OUTSIDE)

    step(first, CallStep.CANCEL, why=Why(cancel_reason=CancelReason.DIED))

    assert set(EmergencyCall.objects.values_list("state", "cancel_reason")) == {
        (CallState.CANCELLED, CancelReason.DIED)
    }
    with pytest.raises(ValidationError):
        step(second, CallStep.ACCEPT)


def test_t_c2b_1248_in_a_disaster_nobody_waits_for_an_answer(patient):
    with pytest.raises(ValidationError):
        step(called(patient), CallStep.TRANSPORT)

    assert step(called(patient, OUTSIDE, disaster=True), CallStep.TRANSPORT).state == "transported"


def test_refusals_and_cancellations_need_a_reason_and_are_counted_without_persons(patient):
    call = called(patient)
    for each in (CallStep.REFUSE, CallStep.CANCEL):
        with pytest.raises(ValidationError):
            step(call, each)
    step(call, CallStep.REFUSE, why=Why(refusal=RefusalReason.NO_BED))

    found = call_counts(None, clock.today(), clock.today())

    assert (found.refused, found.reasons) == (1, {"no_bed": 1})


def test_a_call_needs_a_reason(patient):
    with pytest.raises(ValidationError):
        called(patient, reason=" ")
