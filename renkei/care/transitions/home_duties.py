"""What the law asks of a home about 協力医療機関, and how far a home is with it. Pure.

Source: 令和6年度介護報酬改定 (指定介護老人福祉施設の人員、設備及び運営に関する基準 and those
of the other services, in force since 2024-04-01): the conditions, 年1回以上の確認, 届出 to
指定権者, and their binding from 2027-04-01 as towns publish them
(茂原市 2026-02-12, 津市 2025; looked up 2026-11-22).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from renkei.care.transitions.models.homes import (
    ContactKind,
    Cooperation,
    CooperationContact,
    CooperationNotice,
)
from renkei.foundation.common.eras import fiscal_year


class Need(StrEnum):
    """One condition; its value is the field of ``Cooperation``."""

    CONSULTS = "consults"
    EXAMINES = "examines"
    ADMITS = "admits"


NEED_WORDS: Final = {
    Need.CONSULTS: "急変時に医師か看護職員が相談に応じる体制（常時）",
    Need.EXAMINES: "施設の求めに応じて診療する体制（常時）",
    Need.ADMITS: "入院が必要なとき原則として受け入れる体制",
}
NEED_SHORT: Final = {Need.CONSULTS: "相談", Need.EXAMINES: "診療", Need.ADMITS: "入院"}


@dataclass(frozen=True)
class HomeDuty:
    """What is asked of homes of these services, for a time."""

    service_codes: frozenset[str]
    needs: tuple[Need, ...]
    valid_from: date
    # From this day on the conditions bind; None: a home is to strive for them.
    binding_from: date | None
    source: str
    # What was not confirmed against the ordinance itself; "" where all of it was looked up.
    unconfirmed: str = ""


R6: Final = date(2024, 4, 1)
DUTIES: Final = (
    HomeDuty(
        frozenset({"510", "520", "540", "550"}),
        (Need.CONSULTS, Need.EXAMINES, Need.ADMITS),
        R6,
        date(2027, 4, 1),
        "令和6年度介護報酬改定（介護保険施設。経過措置は令和9年3月31日まで）",
    ),
    HomeDuty(
        frozenset({"320", "331", "332", "334", "335", "336", "337", "361", "362", "364"}),
        (Need.CONSULTS, Need.EXAMINES),
        R6,
        None,
        "令和6年度介護報酬改定（特定施設・認知症対応型共同生活介護）",
        "努力義務が令和9年度からも続くこと",
    ),
)
HOME_CODES: Final = frozenset[str]().union(*(duty.service_codes for duty in DUTIES))
# Told this many days before a year is over.
SOON: Final = timedelta(days=60)


def duty_of(service_code: str, on: date) -> HomeDuty | None:
    """What is asked of this service on a day; None before, or of other services."""
    return next(
        (one for one in DUTIES if service_code in one.service_codes and one.valid_from <= on), None
    )


class HomeState(StrEnum):
    """How a home stands, the worst first."""

    NONE = "none"
    OVER = "over"
    NEVER = "never"
    LACKING = "lacking"
    SOON = "soon"
    OK = "ok"


STATE_WORDS: Final = {
    HomeState.NONE: ("over", "協力医療機関なし"),
    HomeState.OVER: ("over", "年1回の確認が過ぎています"),
    HomeState.NEVER: ("over", "確認の記録なし"),
    HomeState.LACKING: ("ask", "満たしていない条件があります"),
    HomeState.SOON: ("soon", "まもなく確認から1年"),
    HomeState.OK: ("done", "確認済み"),
}


class NoticeState(StrEnum):
    DONE = "done"
    CHANGED = "changed"
    NOT_YET = "not_yet"


NOTICE_WORDS: Final = {
    NoticeState.DONE: ("done", "今年度は届出済み"),
    NoticeState.CHANGED: ("over", "変更後の届出がまだ"),
    NoticeState.NOT_YET: ("soon", "今年度の届出がまだ"),
}


@dataclass(frozen=True)
class Held:
    """One cooperation with its last confirmation, and by when the next is due."""

    cooperation: Cooperation
    confirmation: CooperationContact | None
    last_conference: CooperationContact | None
    due_on: date | None
    state: HomeState


@dataclass(frozen=True)
class Standing:
    """One home on one day. ``met``: by whom each condition is met."""

    state: HomeState
    held: tuple[Held, ...]
    met: Mapping[Need, tuple[str, ...]]
    due_on: date | None
    notice: NoticeState

    @property
    def missing(self) -> tuple[Need, ...]:
        return tuple(need for need, names in self.met.items() if not names)


def a_year_after(day: date) -> date:
    """The same day of the next year; 29 February: 1 March."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)


def held_on(cooperation: Cooperation, contacts: Iterable[CooperationContact], today: date) -> Held:
    """How one cooperation stands; contacts taken back do not count."""
    valid = [one for one in contacts if one.taken_back_at is None]
    last = _latest(valid, ContactKind.CONFIRMATION)
    conference = _latest(valid, ContactKind.CONFERENCE)
    if last is None:
        # A year runs from the beginning as well: what was agreed just now was just talked about.
        due = a_year_after(cooperation.since_on)
        state = HomeState.OVER if due < today else HomeState.NEVER
        return Held(cooperation, None, conference, due, state)
    due = a_year_after(last.held_on)
    state = HomeState.OK
    if due < today:
        state = HomeState.OVER
    elif due - SOON <= today:
        state = HomeState.SOON
    return Held(cooperation, last, conference, due, state)


def standing(
    duty: HomeDuty,
    cooperations: Sequence[Cooperation],
    contacts: Mapping[int, Sequence[CooperationContact]],
    notices: Sequence[CooperationNotice],
    today: date,
) -> Standing:
    """How a home stands; ``contacts`` by cooperation. Several institutions may share the needs."""
    current = [one for one in cooperations if holds_on(one, today)]
    held = tuple(held_on(one, contacts.get(one.pk, ()), today) for one in current)
    met = {
        need: tuple(one.institution_name for one in current if _meets(one, need))
        for need in duty.needs
    }
    dues = [one.due_on for one in held if one.due_on]
    return Standing(
        _state(held, met), held, met, min(dues, default=None), _notice(cooperations, notices, today)
    )


def holds_on(cooperation: Cooperation, day: date) -> bool:
    """Whether it is in force; its last day counts."""
    return cooperation.since_on <= day and (
        cooperation.ended_on is None or day <= cooperation.ended_on
    )


def _meets(cooperation: Cooperation, need: Need) -> bool:
    # 入院受入れ is a hospital's.
    if need == Need.ADMITS and not cooperation.is_hospital:
        return False
    return bool(getattr(cooperation, need))


def _state(held: Sequence[Held], met: Mapping[Need, tuple[str, ...]]) -> HomeState:
    if not held:
        return HomeState.NONE
    found = {one.state for one in held}
    if any(not names for names in met.values()):
        found.add(HomeState.LACKING)
    return next(state for state in HomeState if state in found)


def _notice(
    cooperations: Iterable[Cooperation], notices: Iterable[CooperationNotice], today: date
) -> NoticeState:
    sent = [one for one in notices if one.submitted_on is not None]
    last = max(sent, key=lambda one: (one.made_at, one.pk), default=None)
    if last is None:
        return NoticeState.NOT_YET
    if any(one.changed_at > last.made_at for one in cooperations):
        return NoticeState.CHANGED
    submitted = max(one.submitted_on for one in sent if one.submitted_on)
    same_year = fiscal_year(submitted) == fiscal_year(today)
    return NoticeState.DONE if same_year else NoticeState.NOT_YET


def _latest(contacts: Iterable[CooperationContact], kind: ContactKind) -> CooperationContact | None:
    of_kind = [one for one in contacts if one.kind == kind]
    return max(of_kind, key=lambda one: (one.held_on, one.pk), default=None)
