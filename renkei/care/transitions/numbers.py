"""What a stay counts for in the numbers of the room. Pure, no database.

The formulas are our own; each edition of a rule says in words and flags what its denominators take
in, and a number is never shown without those words.
Source: domain/admission-discharge-rules.md §7.2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from renkei.care.transitions.models.cases import CaseState, FactKind, PatientClass
from renkei.care.transitions.rule_content import MetricDefinition, RuleContent
from renkei.care.transitions.shipped.rules import CALENDAR_RULE
from renkei.care.transitions.states import Derived
from renkei.foundation.common.clock import TOKYO

OWN: Final = "Renkeiの整理（ルールに定めのない指標）"
# Source: domain/admission-discharge-rules.md §4 (T1: same day / D+2), §7.2.
DAY_3: Final = 2
READMISSION_DAYS: Final = 30
# A conference is no less word of the discharge than a call.
NOTICES: Final = (
    FactKind.DISCHARGE_NOTIFIED,
    FactKind.CONFERENCE_SCHEDULED,
    FactKind.CONFERENCE_HELD,
)
INFORMED: Final = (FactKind.ADMISSION_INFO_SENT, FactKind.ADMISSION_INFO_RECEIVED)


class Left(StrEnum):
    """How somebody left the hospital."""

    HOME = "home"
    FACILITY = "facility"
    TRANSFER = "transfer"
    DEATH = "death"


class LevelGroup(StrEnum):
    """要介護度 in the groups the yearly surveys tell apart."""

    CARE = "care"
    SUPPORT = "support"
    OTHER = "other"


LEVEL_WORDS: Final[Mapping[str, str]] = {
    LevelGroup.CARE: "要介護",
    LevelGroup.SUPPORT: "要支援",
    LevelGroup.OTHER: "認定なし・不明",
}
_HOMES: Final = frozenset({"", "home", "housing"})


@dataclass(frozen=True)
class Stay:
    """One stay as the numbers see it: days, no names."""

    patient_class: str
    level: str
    admitted_on: date
    has_manager: bool
    manager_unknown: bool
    informed_on: date | None
    left: str
    discharged_on: date | None
    told_on: date | None
    conference: bool
    followed_up: bool
    readmitted: bool
    leak_reason: str

    @property
    def days(self) -> int | None:
        """Days in hospital, the first and the last both counted."""
        return (self.discharged_on - self.admitted_on).days + 1 if self.discharged_on else None

    @property
    def lead_days(self) -> int | None:
        """From the first word of the discharge to the discharge."""
        if self.told_on is None or self.discharged_on is None:
            return None
        return (self.discharged_on - self.told_on).days


def level_group(level: str) -> LevelGroup:
    """The group of an 要介護状態区分 code; 事業対象者 and 非該当 count as others."""
    return {"1": LevelGroup.SUPPORT, "2": LevelGroup.CARE}.get(level[:1], LevelGroup.OTHER)


def stay_of(derived: Derived, *, level: str, manager_named: bool, readmitted: bool) -> Stay | None:
    """A stay from its facts; None for one that is only planned or was cancelled."""
    if derived.admitted_at is None or derived.state == CaseState.CANCELLED:
        return None
    identified = derived.first(FactKind.CM_IDENTIFIED, FactKind.CM_CONTRACTED) is not None
    has_manager = derived.patient_class == PatientClass.A or identified or manager_named
    unknown = derived.first(FactKind.CM_UNKNOWN) is not None
    informed = derived.first(*INFORMED)
    leak = derived.last(FactKind.DISCHARGED_WITHOUT_NOTICE)
    return Stay(
        patient_class=derived.patient_class,
        level=level,
        admitted_on=_day(derived.admitted_at),
        has_manager=has_manager,
        manager_unknown=unknown
        or (derived.patient_class == PatientClass.UNKNOWN and not has_manager),
        informed_on=_day(informed.at) if informed else None,
        left=_left(derived),
        discharged_on=_day(derived.discharged_at) if derived.discharged_at else None,
        told_on=_told_on(derived),
        conference=derived.first(FactKind.CONFERENCE_HELD) is not None,
        followed_up=derived.first(FactKind.FOLLOW_UP_REPORTED) is not None,
        readmitted=readmitted,
        leak_reason=str(leak.detail.get("reason_code", "")) if leak else "",
    )


def _day(instant: datetime) -> date:
    return instant.astimezone(TOKYO).date()


def _left(derived: Derived) -> str:
    if derived.discharged_at is None:
        return ""
    if derived.state == CaseState.DIED_IN_HOSPITAL:
        return Left.DEATH
    if derived.state == CaseState.TRANSFERRED:
        return Left.TRANSFER
    told = derived.last(FactKind.DISCHARGED)
    destination = str(told.detail.get("destination", "")) if told else ""
    if destination == "hospital":
        return Left.TRANSFER
    # Where nobody wrote down where to: home, from where the care manager knows the person.
    return Left.HOME if destination in _HOMES else Left.FACILITY


def _told_on(derived: Derived) -> date | None:
    """The day of the first word before the discharge. A leak is what the care side says it is."""
    left = derived.discharged_at
    if left is None or derived.is_leak:
        return None
    first = next((fact for fact in derived.facts if fact.kind in NOTICES and fact.at < left), None)
    return _day(first.at) if first else None


# The metrics ------------------------------------------------------------------------------

Test = Callable[[Stay], bool]


@dataclass(frozen=True)
class Metric:
    """One number: whom it is about, and for whom it is so.

    ``basis`` and ``counted`` name the two counts: metrics with the same basis have the same
    denominator wherever their rule takes in the same stays. ``up``: more is better.
    """

    code: str
    label: str
    basis: str
    counted: str
    of: Test
    so: Test
    by_discharge: bool = False
    up: bool | None = True
    # The middle of a number of days, instead of a share.
    is_median: bool = False


def _discharged(stay: Stay) -> bool:
    return bool(stay.left) and stay.has_manager


def _told(stay: Stay) -> bool:
    return _discharged(stay) and stay.told_on is not None


def _admitted(stay: Stay) -> bool:
    return stay.patient_class != PatientClass.B and stay.has_manager


def _informed_within(days: int | None) -> Test:
    def test(stay: Stay) -> bool:
        if stay.informed_on is None:
            return False
        return days is None or (stay.informed_on - stay.admitted_on).days <= days

    return test


METRICS: Final = (
    Metric("coordination_rate", "退院調整率", "D", "N", _discharged, _told, by_discharge=True),
    Metric(
        "leak_rate",
        "退院調整もれ率",
        "D",
        "D-N",
        _discharged,
        lambda stay: not _told(stay),
        by_discharge=True,
        up=False,
    ),
    Metric("admission_info_rate", "入院時情報提供率", "A", "I", _admitted, _informed_within(None)),
    Metric(
        "admission_info_same_day_rate",
        "入院時情報提供率（同日）",
        "A",
        "I0",
        _admitted,
        _informed_within(0),
    ),
    Metric(
        "admission_info_day_3_rate",
        "入院時情報提供率（3日以内）",
        "A",
        "I3",
        _admitted,
        _informed_within(DAY_3),
    ),
    Metric(
        "lead_days",
        "連絡リード日数",
        "N",
        "N",
        _told,
        _told,
        by_discharge=True,
        is_median=True,
    ),
    Metric(
        "conference_rate",
        "カンファレンス実施率",
        "N",
        "C",
        _told,
        lambda stay: stay.conference,
        by_discharge=True,
    ),
    Metric(
        "follow_up_rate",
        "退院後情報提供率",
        "D",
        "F",
        _discharged,
        lambda stay: stay.followed_up,
        by_discharge=True,
    ),
    Metric(
        "readmission_rate",
        "30日以内再入院率",
        "D",
        "R",
        _discharged,
        lambda stay: stay.readmitted,
        by_discharge=True,
        up=False,
    ),
    Metric(
        "unknown_manager_rate",
        "ケアマネ未把握の入院の割合",
        "ADM",
        "U",
        lambda _stay: True,
        lambda stay: stay.manager_unknown,
        up=False,
    ),
)
METRIC: Final = {metric.code: metric for metric in METRICS}
# Whose flags a metric takes over that the rule does not define, and its words.
_STANDARD: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "admission_info_day_3_rate": (
        "admission_info_rate",
        "{denominator}のうち、入院の日を1日目として3日目までに情報を送った割合。",
        "3日目までに情報を送った入院",
        "",
    ),
    "lead_days": (
        "coordination_rate",
        "退院前に病院から連絡があった人の、最初の連絡から退院までの日数の中央値。",
        "最初の連絡から退院までの日数",
        "退院前に病院から連絡があった人",
    ),
    "conference_rate": (
        "coordination_rate",
        "退院前に病院から連絡があった人のうち、カンファレンスをした割合。",
        "カンファレンスをした人",
        "退院前に病院から連絡があった人",
    ),
    "readmission_rate": (
        "coordination_rate",
        "{denominator}のうち、退院から30日以内に再び入院した割合。退院から30日たっていない人も分母に入ります。",
        "30日以内に再び入院した人",
        "",
    ),
    "unknown_manager_rate": (
        "admission_info_rate",
        "すべての入院のうち、ケアマネがわからないと記録されたか、いるかどうかが不明のままの割合。後でわかった入院も数えます。",
        "ケアマネがわからなかった入院",
        "すべての入院",
    ),
}


def definition_of(content: RuleContent | None, code: str) -> MetricDefinition:
    """What a metric means under this edition; our own words where the rule defines none."""
    rule = content or CALENDAR_RULE
    found = {each.code: each for each in rule.metrics}
    known = {each.code: each for each in CALENDAR_RULE.metrics}
    if code in found:
        return found[code]
    if code not in _STANDARD:
        return replace(known[code], source=OWN)
    model, text, numerator, denominator = _STANDARD[code]
    base = found.get(model) or known[model]
    denominator = denominator or base.denominator
    return replace(
        base,
        code=code,
        label=METRIC[code].label,
        text=text.format(denominator=denominator),
        numerator=numerator,
        denominator=denominator,
        source=OWN,
    )


def takes_in(definition: MetricDefinition, metric: Metric, stay: Stay) -> bool:
    """Whether this definition's denominator can hold the stay at all."""
    if not definition.counts_support_levels and stay.level == LevelGroup.SUPPORT:
        return False
    limit = definition.leaves_out_stays_up_to_days
    if limit and stay.days is not None and stay.days <= limit:
        return False
    if not metric.by_discharge:
        return True
    return {
        Left.FACILITY: definition.counts_facilities,
        Left.TRANSFER: definition.counts_transfers,
        Left.DEATH: definition.counts_deaths,
    }.get(Left(stay.left), True)


def conditions(definition: MetricDefinition) -> str:
    """What the denominator takes in, in words: from the flags, so that both always agree."""
    words = []
    if METRIC[definition.code].by_discharge:
        for taken, word in (
            (definition.counts_facilities, "施設への退院"),
            (definition.counts_transfers, "転院"),
            (definition.counts_deaths, "死亡"),
        ):
            words.append(f"{word}は{'含む' if taken else '除く'}")
    words.append(f"要支援は{'含む' if definition.counts_support_levels else '除く'}")
    if definition.leaves_out_stays_up_to_days:
        words.append(f"{definition.leaves_out_stays_up_to_days}日以内の入院は除く")
    return "、".join(words)


def flags(definition: MetricDefinition) -> tuple[Any, ...]:
    """What decides whom a denominator takes in: equal flags, equal denominators."""
    return (
        definition.counts_facilities,
        definition.counts_transfers,
        definition.counts_deaths,
        definition.counts_support_levels,
        definition.leaves_out_stays_up_to_days,
    )


# Counting ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Marks:
    """For which metrics a stay stands in the denominator, and for which of them in the numerator.

    A mark is ``code`` (denominator) or ``code+`` (denominator and numerator).
    """

    by_admission: tuple[str, ...] = ()
    by_discharge: tuple[str, ...] = ()


def marks_of(stay: Stay | None, content: RuleContent | None) -> Marks:
    """Where a stay counts, under the edition of the rule it goes by."""
    if stay is None:
        return Marks()
    found: dict[bool, list[str]] = {True: [], False: []}
    for metric in METRICS:
        if metric.by_discharge and not stay.left:
            continue
        if metric.of(stay) and takes_in(definition_of(content, metric.code), metric, stay):
            found[metric.by_discharge].append(metric.code + ("+" if metric.so(stay) else ""))
    return Marks(tuple(found[False]), tuple(found[True]))


@dataclass(frozen=True)
class Tally:
    """Two counts: for how many it is so, of how many."""

    numerator: int = 0
    denominator: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.numerator + other.numerator, self.denominator + other.denominator)

    @property
    def rate(self) -> float | None:
        """In per cent; None of nobody."""
        return 100 * self.numerator / self.denominator if self.denominator else None


def tallies(marks: Mapping[str, int]) -> dict[str, Tally]:
    """Marks with how often they occur, as tallies per metric."""
    found: dict[str, Tally] = {}
    for mark, count in marks.items():
        code = mark.removesuffix("+")
        one = Tally(count if mark.endswith("+") else 0, count)
        found[code] = found.get(code, Tally()) + one
    return found
