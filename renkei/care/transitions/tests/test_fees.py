"""The outlook on fees: what can be claimed, what is at risk, what was missed, with evidence."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from renkei.care.transitions.fees import FeeState, outlook
from renkei.care.transitions.models import Channel, FactKind
from renkei.care.transitions.states import Fact, derive
from renkei.care.transitions.tests.test_clock_rules import SHORT, moment

# 2026-11-17 is a Tuesday, 2026-11-20 a Friday before a long weekend.
TUESDAY, FRIDAY = date(2026, 11, 17), date(2026, 11, 20)


def story(admitted, *facts):
    rows = [Fact(1, FactKind.ADMISSION_REGISTERED, admitted, admitted, {"class": "a"})]
    for number, (kind, at, detail, channel) in enumerate(facts, start=2):
        rows.append(Fact(number, kind, at, at, detail, None, channel))
    return derive(rows)


def shown(derived, now):
    return [(one.rule.code, one.state) for one in outlook(derived, SHORT, now)]


def sent(at):
    return (FactKind.ADMISSION_INFO_SENT, at, {}, Channel.FAX)


@pytest.mark.parametrize(
    ("admitted", "sent_at", "fees"),
    [
        # In hours: the same day, or what was sent before the admission.
        (moment(TUESDAY, 11), moment(TUESDAY, 20), [("436125", FeeState.ELIGIBLE)]),
        (moment(TUESDAY, 11), moment(TUESDAY, 9), [("436125", FeeState.ELIGIBLE)]),
        (
            moment(TUESDAY, 11),
            moment(date(2026, 11, 19)),
            [("436125", FeeState.MISSED), ("436129", FeeState.ELIGIBLE)],
        ),
        (
            moment(TUESDAY, 11),
            moment(date(2026, 11, 20)),
            [("436125", FeeState.MISSED), ("436129", FeeState.MISSED)],
        ),
        # After hours the next day counts as the same day.
        (moment(TUESDAY, 19), moment(date(2026, 11, 18)), [("436125", FeeState.ELIGIBLE)]),
        # After hours, and the third day is closed: one day more.
        (
            moment(FRIDAY, 19),
            moment(date(2026, 11, 23)),
            [("436125", FeeState.MISSED), ("436129", FeeState.ELIGIBLE)],
        ),
    ],
)
def test_information_at_admission_counts_by_the_office_s_hours(admitted, sent_at, fees):
    found = shown(story(admitted, sent(sent_at)), moment(date(2026, 11, 30)))

    assert found[: len(fees)] == fees


@pytest.mark.parametrize(
    ("now", "fees"),
    [
        (moment(TUESDAY, 15), [("436125", FeeState.AT_RISK)]),
        (
            moment(date(2026, 11, 18)),
            [("436125", FeeState.MISSED), ("436129", FeeState.AT_RISK)],
        ),
        (
            moment(date(2026, 11, 25)),
            [("436125", FeeState.MISSED), ("436129", FeeState.MISSED)],
        ),
    ],
)
def test_what_was_not_sent_is_at_risk_and_then_missed(now, fees):
    found = shown(story(moment(TUESDAY, 11)), now)

    assert found == [*fees, ("436132", FeeState.AT_RISK)]


def talk(days, **detail):
    kind = FactKind.CONFERENCE_HELD if detail else FactKind.CONTACT
    return (kind, moment(TUESDAY) + timedelta(days=days), detail, Channel.MEETING)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ([talk(1)], "436132"),
        ([talk(1, joint_guidance=True)], "436143"),
        ([talk(1), talk(2)], "436144"),
        ([talk(1), talk(2, joint_guidance=True)], "436145"),
        ([talk(1), talk(2), talk(3, joint_guidance=True)], "436146"),
        # Three without a conference that qualifies are two; two on one day are one.
        ([talk(1), talk(2), talk(3, professions=["医師"])], "436144"),
        ([talk(1), talk(1)], "436132"),
    ],
)
def test_discharge_counts_days_and_conferences(facts, code):
    found = outlook(story(moment(TUESDAY), *facts), SHORT, moment(date(2026, 12, 10)))

    assert (found[-1].rule.code, found[-1].state) == (code, FeeState.ELIGIBLE)
    assert found[-1].evidence


def test_nothing_is_proposed_without_a_care_manager_or_after_death():
    nobody = derive(
        [Fact(1, FactKind.ADMISSION_REGISTERED, moment(TUESDAY), moment(TUESDAY), {"class": "b"})]
    )
    died = story(moment(TUESDAY), (FactKind.DIED_IN_HOSPITAL, moment(FRIDAY), {}, Channel.PHONE))

    assert outlook(nobody, SHORT, moment(FRIDAY)) == ()
    assert [one.rule.code for one in outlook(died, SHORT, moment(FRIDAY))] == ["436125", "436129"]


def test_a_fee_of_another_time_is_not_proposed():
    assert outlook(story(moment(date(2023, 5, 9))), SHORT, moment(FRIDAY)) == ()
