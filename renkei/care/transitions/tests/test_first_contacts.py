"""Every minute of a year has one first contact or a named hole (T-C1). No database."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from renkei.care.transitions.duty_rosters import (
    Absence,
    DayKind,
    Duty,
    DutyRoster,
    Slot,
    WeeklyRow,
    Who,
    turns_of,
)
from renkei.care.transitions.duty_times import DAY, instant_of, parse_times, times_words
from renkei.care.transitions.first_contacts import (
    Contact,
    Cover,
    Hole,
    HoleReason,
    Step,
    StepRole,
    coverage,
    first_contact,
    hole_minutes,
    holes_in,
)
from renkei.foundation.common.calendars import holiday_name, is_year_end
from renkei.foundation.common.clock import TOKYO

NURSE = Who("架空 みのり", "0999-00-1201")
DOCTOR = Who("架空 透", "0999-00-2045", "doctor:1")
DEPUTY = Who("架空 副", "0999-00-2046", "doctor:2")
ALL_DAY = (0, DAY)


def at(year, month, day, hour=0, minute=0, second=0):
    return datetime(year, month, day, hour, minute, second, tzinfo=TOKYO)


def weekly(times=ALL_DAY, who=NURSE, kinds=range(7), **fields):
    return tuple(WeeklyRow(kind, Slot(times[0], times[1], who), **fields) for kind in kinds)


def roster(*, key="station", days=None, rows=None, phone=""):
    return DutyRoster(
        key, "架空訪問看護", phone, weekly() if rows is None else rows, dict(days or {})
    )


# -- the notation


@pytest.mark.parametrize(
    ("text", "times", "words"),
    [
        ("22:00～32:00", (1320, 1920), "22:00～翌8:00"),
        ("22:00-8:00", (1320, 1920), "22:00～翌8:00"),
        ("１７：３０〜翌８：３０", (1050, 1950), "17:30～翌8:30"),
        ("20:00–25:00", (1200, 1500), "20:00～翌1:00"),
        ("0:00 ~ 24:00", (0, 1440), "0:00～24:00"),
        ("9時から17時30分", None, ""),
        ("9時～17時30分", (540, 1050), "9:00～17:30"),
        ("9:00～33:00", (540, 1980), "9:00～翌9:00"),
    ],
)
def test_times_of_duty_are_read_as_rosters_write_them(text, times, words):
    if times is None:
        with pytest.raises(ValidationError):
            parse_times(text)
        return
    assert parse_times(text) == times
    assert times_words(*times) == words


@pytest.mark.parametrize(
    "text", ["", "夜", "9:00～9:00", "24:00～30:00", "9:00～34:00", "9:60～10:00", "20:00～49:00"]
)
def test_times_that_are_none_are_refused_in_words(text):
    with pytest.raises(ValidationError) as error:
        parse_times(text)
    assert error.value.messages[0].endswith("ください。") or "24時間" in error.value.messages[0]


# -- the roster


def test_a_night_shift_reaches_into_the_next_morning():
    nights = roster(rows=weekly(parse_times("22:00～32:00"), kinds=[DayKind.FRIDAY]))

    turns = turns_of(nights, since=at(2026, 11, 20), until=at(2026, 11, 22))

    assert [(turn.starts_at, turn.ends_at, turn.duty) for turn in turns] == [
        (at(2026, 11, 20), at(2026, 11, 20, 22), Duty.NOBODY),
        (at(2026, 11, 20, 22), at(2026, 11, 21, 8), Duty.ON),
        (at(2026, 11, 21, 8), at(2026, 11, 22), Duty.NOBODY),
    ]


def test_holiday_rows_take_the_weekdays_place_and_year_end_rows_the_holidays():
    holiday, year_end = Who("休日当番", "0999-1"), Who("年末年始当番", "0999-2")
    rows = (
        *weekly(),
        *weekly(who=holiday, kinds=[DayKind.HOLIDAY]),
        *weekly(who=year_end, kinds=[DayKind.YEAR_END]),
    )
    whole = roster(rows=rows)

    def on_duty(day):
        return whole.slots_on(day)[0].who

    assert on_duty(date(2026, 5, 1)) == NURSE
    # 憲法記念日 falls on a Sunday; its 振替休日 is the 6th.
    assert [on_duty(date(2026, 5, day)) for day in (3, 4, 5, 6, 7)] == [holiday] * 4 + [NURSE]
    assert [on_duty(date(2027, 1, day)) for day in (1, 3, 4)] == [year_end, year_end, NURSE]
    assert on_duty(date(2028, 2, 29)) == NURSE


def test_a_row_that_says_nobody_and_a_day_of_its_own():
    closed = (*weekly(), WeeklyRow(DayKind.HOLIDAY, None))
    other = Who("代わりの人", "0999-3")
    whole = roster(
        rows=closed,
        days={date(2026, 11, 23): (Slot(0, DAY, other),), date(2026, 11, 24): ()},
    )

    assert whole.slots_on(date(2026, 11, 3)) == ()
    assert whole.slots_on(date(2026, 11, 23))[0].who == other
    assert whole.slots_on(date(2026, 11, 24)) == ()
    assert roster(rows=()).slots_on(date(2026, 11, 24)) == ()


def test_a_pattern_holds_from_one_day_until_another():
    rows = weekly(since=date(2026, 4, 1), until=date(2027, 4, 1))

    days = [date(2026, 3, 31), date(2026, 4, 1), date(2027, 3, 31), date(2027, 4, 1)]

    assert [len(roster(rows=rows).slots_on(day)) for day in days] == [0, 1, 1, 0]


def test_the_first_line_is_called_and_at_a_handover_whoever_still_is_on_duty():
    early, late, second = (Who(name, f"0999-{name}") for name in "123")
    days = {
        date(2026, 11, 20): (
            Slot(540, 1050, late),
            Slot(480, 600, early),
            Slot(480, 1200, second, line=2),
        )
    }

    turns = turns_of(roster(days=days), since=at(2026, 11, 20, 8), until=at(2026, 11, 20, 20))

    assert [(turn.starts_at.hour, turn.who and turn.who.name) for turn in turns] == [
        (8, "1"),
        (10, "2"),
        (17, "3"),
    ]


# -- the person


def test_nobody_arranged_is_a_hole_with_its_name():
    assert first_contact([], at(2026, 11, 20)) == Hole(HoleReason.NOT_ARRANGED)


def test_a_duty_without_any_number_is_a_hole_and_the_rosters_own_number_fills_it():
    nameless = weekly(who=Who("当番"))

    without = first_contact([Step(roster(rows=nameless))], at(2026, 11, 20, 2))
    whole = first_contact([Step(roster(rows=nameless, phone="0999-00-9"))], at(2026, 11, 20, 2))

    assert without == Hole(HoleReason.NO_PHONE)
    assert isinstance(whole, Contact)
    assert whole.phone == "0999-00-9"


def pair():
    main = DutyRoster("doctor:1", "架空医院", weekly=weekly(who=DOCTOR))
    deputy = DutyRoster("doctor:2", "架空内科", weekly=weekly(who=DEPUTY))
    return [Step(main, StepRole.MAIN), Step(deputy, StepRole.DEPUTY)]


def test_an_absence_switches_the_pair_at_its_second_and_back():
    away = Absence("doctor:1", at(2026, 11, 20, 18, 0, 7), at(2026, 11, 21, 9, 30))

    spans = coverage(pair(), since=at(2026, 11, 20), until=at(2026, 11, 22), absences=[away])

    assert [(span.starts_at, getattr(span.outcome, "role", None)) for span in spans] == [
        (at(2026, 11, 20), StepRole.MAIN),
        (at(2026, 11, 20, 18, 0, 7), StepRole.DEPUTY),
        (at(2026, 11, 21, 9, 30), StepRole.MAIN),
    ]


def test_both_away_is_a_hole_and_one_away_with_no_deputy_another():
    away = [
        Absence("doctor:1", at(2026, 11, 20), at(2026, 11, 22)),
        Absence("doctor:2", at(2026, 11, 21, 1), at(2026, 11, 21, 2)),
    ]

    spans = coverage(pair(), since=at(2026, 11, 20), until=at(2026, 11, 22), absences=away)
    alone = first_contact(pair()[:1], at(2026, 11, 20, 3), absences=away)

    assert [span.outcome for span in holes_in(spans)] == [Hole(HoleReason.BOTH_ABSENT)]
    assert hole_minutes(spans) == 60
    assert alone == Hole(HoleReason.ABSENT)


def test_a_step_holds_only_while_it_was_agreed():
    step = Step(roster(), since=at(2026, 11, 20, 12), until=at(2026, 11, 20, 18))

    spans = coverage([step], since=at(2026, 11, 20), until=at(2026, 11, 21))

    assert [(span.starts_at.hour, span.is_hole) for span in spans] == [
        (0, True),
        (12, False),
        (18, True),
    ]


def test_equal_arrangements_are_worked_out_once():
    step = Step(roster())
    cover = Cover(since=at(2026, 11, 20), until=at(2026, 11, 21))

    assert cover.of([step]) is cover.of([step])


# -- T-C1


def year_rosters():
    """A station with a telephone at all hours but the holidays' days, and a clinic beside it."""
    station = roster(
        rows=(
            *weekly(parse_times("17:30～32:30")),
            *weekly(parse_times("8:30～17:30"), kinds=range(5)),
            WeeklyRow(DayKind.SATURDAY, Slot(510, 1050, Who("土曜当番", "0999-00-6"))),
            WeeklyRow(DayKind.SUNDAY, Slot(510, 1050, Who("日曜当番", "0999-00-7"))),
            WeeklyRow(DayKind.YEAR_END, Slot(0, DAY, Who("年末年始当番", "0999-00-8"))),
        )
    )
    clinic = roster(key="clinic", rows=weekly(who=DOCTOR, kinds=range(5)))
    return station, clinic


def naive(steps, instant, absences=()):
    """One instant worked out the slow way, from the rules' words alone."""
    for step in steps:
        if not step.holds_at(instant):
            continue
        for slot, starts in _on_duty(step.roster, instant):
            away = any(
                a.key == slot.who.key and a.starts_at <= instant < a.ends_at for a in absences
            )
            if not away and (slot.who.phone or step.roster.phone):
                return (slot.who.name, starts)
    return None


def _on_duty(duty, instant):
    found = []
    for back in (2, 1, 0):
        day = instant.date() - timedelta(days=back)
        if day in duty.days:
            slots = duty.days[day]
        else:
            kind = day.weekday()
            kinds = {row.day_kind for row in duty.weekly if row.holds_on(day)}
            if holiday_name(day) and 7 in kinds:
                kind = 7
            if is_year_end(day) and 8 in kinds:
                kind = 8
            slots = [r.slot for r in duty.weekly if r.holds_on(day) and r.day_kind == kind]
        for place, slot in enumerate(each for each in slots if each):
            minute = (instant - instant_of(day, 0)).total_seconds() / 60
            if slot.starts <= minute < slot.ends:
                found.append(((slot.line, instant_of(day, slot.starts), place), slot))
    return [(slot, order[1]) for order, slot in sorted(found, key=lambda each: each[0])]


def contact_name(outcome):
    return outcome.name if isinstance(outcome, Contact) else None


@pytest.mark.parametrize("year", [2026, 2027])
def test_t_c1_every_minute_of_a_fiscal_year_has_one_first_contact_or_a_named_hole(year):
    # 2027年度 holds 29 February 2028.
    since, until = at(year, 4, 1), at(year + 1, 4, 1)
    steps = [Step(each) for each in year_rosters()]

    spans = coverage(steps, since=since, until=until)

    assert spans[0].starts_at == since
    assert spans[-1].ends_at == until
    assert all(one.ends_at == other.starts_at for one, other in itertools.pairwise(spans))
    minutes = sum((span.ends_at - span.starts_at for span in spans), timedelta()) // timedelta(
        minutes=1
    )
    assert minutes == (366 if year == 2027 else 365) * DAY
    # Year-end, Golden Week, 29 February and every 97th minute of the rest, the slow way.
    days = [(year, 5, day) for day in range(1, 8)] + [(year, 12, day) for day in range(28, 32)]
    days += [(year + 1, 1, day) for day in range(1, 6)] + [(year + 1, 2, 28), (year + 1, 3, 1)]
    if year == 2027:
        days.append((2028, 2, 29))
    checked = {at(*day) + timedelta(minutes=m) for day in days for m in range(0, DAY, 7)}
    checked |= {since + timedelta(minutes=m) for m in range(0, 365 * DAY, 97)}
    place = 0
    for instant in sorted(checked):
        while spans[place].ends_at <= instant:
            place += 1
        slow = naive(steps, instant)
        assert contact_name(spans[place].outcome) == (slow[0] if slow else None), instant


def test_t_c1_a_month_with_seven_planted_holes_shows_seven_and_no_more():
    evening = parse_times("17:00～33:00")
    day = parse_times("9:00～17:00")
    base = (Slot(*day, NURSE), Slot(*evening, NURSE))
    planted = {
        date(2026, 12, 1): (Slot(0, 540, NURSE), Slot(540, 720, NURSE), Slot(780, 1980, NURSE)),
        date(2026, 12, 5): (Slot(*evening, NURSE),),
        date(2026, 12, 10): (Slot(*day, NURSE),),
        date(2026, 12, 15): (Slot(540, 1019, NURSE), Slot(*evening, NURSE)),
        date(2026, 12, 20): (Slot(*day, NURSE), Slot(1020, 1440, NURSE)),
        date(2026, 12, 25): (Slot(*day, Who("番号なし")), Slot(*evening, NURSE)),
        date(2026, 12, 31): (),
    }
    days = {date(2026, 12, 1) + timedelta(days=n): base for n in range(-1, 31)} | planted
    since, until = at(2026, 12, 1), at(2027, 1, 1)

    spans = coverage([Step(roster(days=days, rows=()))], since=since, until=until)

    holes = holes_in(spans)
    assert [hole.starts_at.day for hole in holes] == [1, 5, 10, 15, 21, 25, 31]
    assert hole_minutes(spans) == 60 + 480 + 960 + 1 + 540 + 480 + 900


SLOTS = st.builds(
    lambda starts, length, who, line: Slot(starts, starts + length, who, line),
    st.integers(0, DAY - 1),
    st.integers(1, DAY),
    st.sampled_from([NURSE, DOCTOR, DEPUTY, Who("番号なし")]),
    st.integers(1, 2),
)
ROWS = st.lists(st.builds(WeeklyRow, st.integers(0, 8), st.none() | SLOTS), max_size=12).map(tuple)
FIRST = date(2027, 12, 27)
ROSTERS = st.builds(
    lambda rows, days, phone: DutyRoster("k", "架空", phone, rows, days),
    ROWS,
    st.dictionaries(
        st.integers(0, 9).map(lambda n: FIRST + timedelta(days=n)),
        st.lists(SLOTS, max_size=3).map(tuple),
        max_size=4,
    ),
    st.sampled_from(["", "0999-00-1"]),
)
ABSENCES = st.builds(
    lambda key, start, length: Absence(
        key,
        instant_of(FIRST, start),
        instant_of(FIRST, start + length),
    ),
    st.sampled_from(["doctor:1", "doctor:2"]),
    st.integers(0, 10 * DAY),
    st.integers(1, 2 * DAY),
)


BOUNDS = st.tuples(*(st.none() | st.integers(-DAY, 9 * DAY) for _ in range(2)))


@settings(max_examples=60)
@given(
    rosters=st.lists(st.tuples(ROSTERS, BOUNDS), max_size=3),
    absences=st.lists(ABSENCES, max_size=3),
    days=st.integers(1, 8),
)
def test_t_c1_the_quick_questions_say_what_the_exact_intervals_say(rosters, absences, days):
    steps = [
        Step(
            each, StepRole.DUTY, *(None if one is None else instant_of(FIRST, one) for one in ends)
        )
        for each, ends in rosters
    ]
    cover = Cover(
        since=instant_of(FIRST, 0), until=instant_of(FIRST, days * DAY), absences=absences
    )

    spans = cover.of(steps)

    holes = tuple(span for span in spans if span.is_hole)
    assert cover.holes(steps) == holes
    assert cover.has_hole(steps) == bool(holes)
    silent = sum((ends - begins for begins, ends in cover.silence(steps)), timedelta())
    assert silent // timedelta(minutes=1) == hole_minutes(holes)
    assert cover.now(steps) == spans[0].outcome


@settings(max_examples=60)
@given(
    rosters=st.lists(ROSTERS, max_size=3),
    absences=st.lists(ABSENCES, max_size=3),
    minutes=st.lists(st.integers(0, 8 * DAY - 1), min_size=20, max_size=40),
)
def test_intervals_say_what_the_slow_way_says_at_any_minute(rosters, absences, minutes):
    since = instant_of(FIRST, 0)
    steps = [Step(each) for each in rosters]

    spans = coverage(steps, since=since, until=instant_of(FIRST, 8 * DAY), absences=absences)

    assert spans[0].starts_at == since
    assert spans[-1].ends_at == instant_of(FIRST, 8 * DAY)
    assert all(a.ends_at == b.starts_at for a, b in itertools.pairwise(spans))
    assert all(a.outcome != b.outcome for a, b in itertools.pairwise(spans))
    for minute in minutes:
        instant = instant_of(FIRST, minute)
        [span] = [each for each in spans if each.starts_at <= instant < each.ends_at]
        slow = naive(steps, instant, absences)
        assert contact_name(span.outcome) == (slow[0] if slow else None)
        assert first_contact(steps, instant, absences=absences) == span.outcome
