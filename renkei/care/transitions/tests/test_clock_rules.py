"""The clock, without a database: T-C3b, T-C3d, and what must hold whatever happened."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei.care.transitions.clock_rules import RUNNING, TimerState, next_timer, timers_of
from renkei.care.transitions.models import CaseState, FactKind, PatientClass, Side
from renkei.care.transitions.office_calendar import OfficeCalendar, office_calendar, read_hours
from renkei.care.transitions.rule_content import HOURS, NEXT_BUSINESS_DAY, RuleContent
from renkei.care.transitions.shipped.rules import BUSINESS_RULE, CALENDAR_RULE
from renkei.care.transitions.states import Fact, derive, turn_of
from renkei.foundation.common.clock import TOKYO

# 2026-11-20 is a Friday; Monday the 23rd is 勤労感謝の日.
FRIDAY = date(2026, 11, 20)
SHORT = office_calendar(
    read_hours({str(day): [["08:30", "17:15"]] for day in range(5)}),
    closes_on_holidays=True,
    closes_at_year_end=True,
)
LONG = office_calendar(
    read_hours({str(day): [["09:00", "19:00"]] for day in range(6)}),
    closes_on_holidays=False,
    closes_at_year_end=True,
)
BOTH = {Side.HOSPITAL: SHORT, Side.CARE: SHORT}


def moment(day: date, hour: int = 10, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=TOKYO)


def fact(number: int, kind: FactKind, at: datetime, **detail: object) -> Fact:
    return Fact(number, kind, at, at, detail)


def admitted(at: datetime, **detail: object) -> Fact:
    return fact(1, FactKind.ADMISSION_REGISTERED, at, **{"class": "a", **detail})


def timer(
    code: str, facts: list[Fact], *, rule: RuleContent = CALENDAR_RULE, now=None, offices=None
):
    timers = timers_of(rule, derive(facts), offices or BOTH, now or facts[-1].at)
    return next(each for each in timers if each.code == code)


def test_t_c3b_due_dates_respect_weekends_and_holidays_or_not_according_to_the_rule():
    facts = [admitted(moment(FRIDAY))]

    by_calendar = timer("T2", facts, rule=CALENDAR_RULE)
    by_business_days = timer("T2", facts, rule=BUSINESS_RULE)

    assert by_calendar.due_at == moment(date(2026, 11, 23), 23, 59) + timedelta(seconds=59)
    # Nobody can act on the holiday: Friday's closing time is the real limit.
    assert by_calendar.practical_at == moment(FRIDAY, 17, 15)
    # Tuesday 24, Wednesday 25, Thursday 26: Monday is a holiday.
    assert by_business_days.due_at == moment(date(2026, 11, 26), 17, 15)


def test_t_c3d_the_office_s_own_hours_decide_what_an_evening_admission_counts_as():
    before_closing = timer("T1", [admitted(moment(FRIDAY, 16))], rule=BUSINESS_RULE)
    after_closing = timer("T1", [admitted(moment(FRIDAY, 18, 40))], rule=BUSINESS_RULE)
    open_longer = timer(
        "T1",
        [admitted(moment(FRIDAY, 18, 40))],
        rule=BUSINESS_RULE,
        offices={Side.HOSPITAL: SHORT, Side.CARE: LONG},
    )

    assert before_closing.due_at == moment(FRIDAY, 17, 15)
    assert after_closing.due_at == moment(date(2026, 11, 24), 17, 15)
    assert open_longer.due_at == moment(FRIDAY, 19)


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (moment(FRIDAY, 11), TimerState.IN_TIME),
        (moment(date(2026, 11, 24), 0), TimerState.IN_TIME),
        (moment(date(2026, 11, 26), 9), TimerState.SOON),
        (moment(date(2026, 11, 27), 23), TimerState.SOON),
        (moment(date(2026, 11, 28), 0, 1), TimerState.OVER),
    ],
)
def test_a_deadline_goes_from_in_time_to_soon_to_over(now, state):
    found = timer("T3", [admitted(moment(FRIDAY))], now=now)

    assert found.state == state


def test_what_was_done_late_says_so_and_by_how_many_days():
    facts = [admitted(moment(FRIDAY)), fact(2, FactKind.SCREENING_DONE, moment(date(2026, 11, 25)))]

    found = timer("T2", facts)

    assert (found.state, found.was_late, found.days_over) == (TimerState.DONE, True, 2)


def test_notice_counts_back_from_the_planned_discharge():
    told = fact(2, FactKind.DISCHARGE_NOTIFIED, moment(FRIDAY, 12), planned_on="2026-12-04")
    facts = [admitted(moment(FRIDAY)), told]

    before = timer("T5", facts[:1])
    after = timer("T5", facts)

    assert before.state == TimerState.FUTURE
    assert (after.state, after.due_at.date()) == (TimerState.DONE, date(2026, 11, 27))


def test_notice_that_never_came_stays_over_once_the_person_is_home():
    home = fact(2, FactKind.DISCHARGED_WITHOUT_NOTICE, moment(date(2026, 11, 25)))

    found = timer("T5", [admitted(moment(FRIDAY)), home], now=moment(date(2026, 12, 20)))

    assert (found.state, found.can_be_met) == (TimerState.OVER, False)


def test_a_person_without_a_care_manager_has_no_information_at_admission_to_be_sent():
    found = timer("T1", [admitted(moment(FRIDAY), **{"class": "b"})])

    assert found.state == TimerState.NOT_NEEDED


@pytest.mark.parametrize(
    "kind", [FactKind.DIED_IN_HOSPITAL, FactKind.TRANSFER_NOTIFIED, FactKind.CANCELLED]
)
def test_nothing_runs_after_death_transfer_or_cancellation(kind):
    facts = [admitted(moment(FRIDAY)), fact(2, kind, moment(FRIDAY, 15))]

    timers = timers_of(CALENDAR_RULE, derive(facts), BOTH, moment(date(2027, 1, 10)))

    assert {each.state for each in timers} == {TimerState.NOT_NEEDED}
    assert next_timer(timers) is None


def test_hours_run_from_when_the_office_opens_where_the_rule_says_so():
    first = BUSINESS_RULE.deadline("T1")
    assert first is not None
    deadline = replace(first, unit=HOURS, amount=24, after_hours=NEXT_BUSINESS_DAY)
    rule = replace(BUSINESS_RULE, deadlines=(deadline,))

    found = timer("T1", [admitted(moment(FRIDAY, 18))], rule=rule)

    assert found.due_at == moment(date(2026, 11, 25), 8, 30)


def test_an_office_that_told_no_hours_counts_by_assumed_ones():
    assumed = office_calendar({}, closes_on_holidays=True, closes_at_year_end=True)

    assert assumed.is_assumed
    assert assumed.is_open_at(moment(FRIDAY, 9))
    assert not assumed.is_open_at(moment(FRIDAY, 18))


# What holds whatever happened ------------------------------------------------------------

moments = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001 - the zone is given below
    max_value=datetime(2026, 12, 31),  # noqa: DTZ001 - the zone is given below
    timezones=st.just(TOKYO),
)
days = st.dates(min_value=date(2026, 1, 1), max_value=date(2027, 1, 31)).map(date.isoformat)
rules = st.sampled_from([CALENDAR_RULE, BUSINESS_RULE])
offices = st.sampled_from([SHORT, LONG, OfficeCalendar()])


@st.composite
def stories(draw) -> list[Fact]:
    """Facts in any order and number, corrections and withdrawals among them."""
    facts: list[Fact] = []
    for number in range(1, draw(st.integers(0, 12)) + 1):
        kind = draw(st.sampled_from(list(FactKind)))
        detail = {"planned_on": draw(days)} if kind == FactKind.DISCHARGE_NOTIFIED else {}
        if kind == FactKind.ADMISSION_REGISTERED:
            detail = {"class": draw(st.sampled_from(PatientClass.values))}
        earlier = [each.number for each in facts]
        corrects = draw(st.sampled_from([None, *earlier])) if earlier else None
        if kind == FactKind.RETRACTED and corrects is None:
            continue
        at = draw(moments)
        facts.append(Fact(number, kind, at, at, detail, corrects))
    return facts


@given(stories(), st.randoms(use_true_random=False))
def test_the_order_in_which_facts_come_changes_nothing(facts, random):
    shuffled = list(facts)
    random.shuffle(shuffled)

    assert derive(shuffled) == derive(facts)


@given(stories(), rules, moments, offices)
def test_no_path_loses_the_owner_or_the_clock(facts, rule, now, office):
    derived = derive(facts)
    timers = timers_of(rule, derived, {Side.HOSPITAL: office, Side.CARE: office}, now)

    # Somebody's turn it always is, and every deadline of the rule is there exactly once.
    assert turn_of(derived) in Side
    assert [each.code for each in timers] == [each.code for each in rule.deadlines]
    for each in timers:
        done = derived.first(*each.deadline.done_by) is not None
        assert (each.state == TimerState.DONE) == done
        if each.state in RUNNING:
            assert each.due_at is not None
            assert each.practical_at is not None
            assert each.practical_at <= each.due_at
    if derived.state == CaseState.DISCHARGED:
        follow_up = next(each for each in timers if each.code == "T6")
        assert follow_up.state in RUNNING | {TimerState.DONE}


@given(stories(), rules, moments, st.integers(0, 60 * 24 * 40))
def test_as_time_goes_by_a_deadline_only_moves_on(facts, rule, now, minutes):
    derived = derive(facts)
    order = list(TimerState)

    before = timers_of(rule, derived, BOTH, now)
    after = timers_of(rule, derived, BOTH, now + timedelta(minutes=minutes))

    for first, second in zip(before, after, strict=True):
        assert first.due_at == second.due_at
        assert order.index(second.state) >= order.index(first.state)


@given(moments, st.integers(0, 60 * 24 * 10), rules, offices)
def test_a_later_admission_never_has_an_earlier_deadline(start, minutes, rule, office):
    both = {Side.HOSPITAL: office, Side.CARE: office}

    earlier = timers_of(rule, derive([admitted(start)]), both, start)
    later = timers_of(rule, derive([admitted(start + timedelta(minutes=minutes))]), both, start)

    for first, second in zip(earlier, later, strict=True):
        if first.due_at and second.due_at:
            assert first.due_at <= second.due_at
            assert first.due_at >= start or first.deadline.amount == 0
