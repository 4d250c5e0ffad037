"""The steps of a pair of doctors and of an emergency call. No database."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei.care.transitions import emergency_states as calls
from renkei.care.transitions import pair_states as pairs
from renkei.care.transitions.emergency_states import OPEN, CallState, CallStep
from renkei.care.transitions.pair_states import Audience, PairState, PairStep, is_arranged


def walk(next_state, state, *steps, **rules):
    for step in steps:
        state = next_state(state, step, **rules)
    return state


def test_a_pair_goes_through_every_consent_before_it_starts():
    steps = [
        PairStep.MAIN_AGREES,
        PairStep.DEPUTY_AGREES,
        PairStep.PATIENT_AGREES,
        PairStep.STARTS,
    ]
    states = [walk(pairs.next_state, PairState.PROPOSED, *steps[:n]) for n in range(5)]

    assert states == [
        PairState.PROPOSED,
        PairState.MAIN_OK,
        PairState.DEPUTY_OK,
        PairState.PATIENT_OK,
        PairState.ACTIVE,
    ]


@pytest.mark.parametrize(("state", "step"), list(itertools.product(PairState, PairStep)))
def test_no_consent_of_a_pair_can_be_skipped(state, step):
    order = [
        (PairState.PROPOSED, PairStep.MAIN_AGREES),
        (PairState.MAIN_OK, PairStep.DEPUTY_AGREES),
        (PairState.DEPUTY_OK, PairStep.PATIENT_AGREES),
        (PairState.PATIENT_OK, PairStep.STARTS),
        (PairState.ACTIVE, PairStep.CHANGES),
    ]
    ends = step == PairStep.ENDS and state not in {PairState.CHANGED, PairState.ENDED}

    assert (pairs.next_state(state, step) is not None) == (ends or (state, step) in order)


@given(
    state=st.sampled_from(PairState),
    confirmed=st.sets(st.sampled_from(Audience.values)),
)
def test_t_c1b_a_pair_is_arranged_only_when_all_three_were_told_and_said_so(state, confirmed):
    expected = state == PairState.ACTIVE and len(confirmed) == 3

    assert is_arranged(state, confirmed) == expected


def test_t_c2b_a_call_goes_from_the_question_to_the_way_home():
    steps = [CallStep.ACCEPT, CallStep.TRANSPORT, CallStep.ADMIT, CallStep.RETURN]

    assert walk(calls.next_state, CallState.CALLED, *steps) == CallState.RETURNED
    assert walk(calls.next_state, CallState.CALLED, *steps[:2], CallStep.RETURN) == "returned"


def test_t_c2b_peacetime_waits_for_an_answer_and_a_disaster_does_not():
    asked = (CallState.CALLED, CallStep.TRANSPORT)

    assert calls.next_state(*asked) is None
    assert calls.next_state(*asked, disaster=True) == CallState.TRANSPORTED
    assert calls.next_state(CallState.REFUSED, CallStep.TRANSPORT, disaster=True) is None


@pytest.mark.parametrize("state", CallState)
def test_t_c2b_only_an_open_call_can_be_cancelled(state):
    found = calls.next_state(state, CallStep.CANCEL)

    assert found == (CallState.CANCELLED if state in OPEN else None)


@given(
    steps=st.lists(st.sampled_from(CallStep), max_size=8),
    disaster=st.booleans(),
)
def test_no_path_leaves_an_end_or_reaches_a_hospital_that_refused(steps, disaster):
    state, ends = CallState.CALLED, {CallState.REFUSED, CallState.RETURNED, CallState.CANCELLED}
    for step in steps:
        found = calls.next_state(state, step, disaster=disaster)
        if state in ends:
            assert found is None
        state = found or state
