"""The yearly survey's items, counted from stays. Pure, no database.

What a record cannot tell (wishes, difficulties) is named and left to be written by hand.
Source: domain/admission-discharge-rules.md §7.3.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from renkei.care.transitions.details import DESTINATIONS, WAYS
from renkei.care.transitions.models.cases import FactKind, PatientClass
from renkei.care.transitions.models.contacts import Channel
from renkei.care.transitions.numbers import LEVEL_WORDS, Left, LevelGroup, Stay
from renkei.care.transitions.rule_content import LEAK_REASONS
from renkei.care.transitions.states import Derived
from renkei.foundation.common.suppression import Sum, hidden_cells

OFFICE, HOSPITAL = "office", "hospital"
TITLES: Final = {OFFICE: "ケアマネジャー調査票", HOSPITAL: "病院調査票"}
BY_HAND: Final = {
    OFFICE: ("担当している利用者の数", "入院を知った経路", "困ったこと", "病院への希望"),
    HOSPITAL: ("65歳以上の退院患者の数", "連絡がむずかしかったこと", "ケアマネへの希望"),
}
UNKNOWN: Final = "記録なし"


@dataclass(frozen=True)
class Told:
    """One stay with what the survey asks beyond the numbers."""

    stay: Stay
    way: str
    channel: str
    destination: str
    summary: bool
    admitted_within: bool
    discharged_within: bool


@dataclass(frozen=True)
class Item:
    """One line: its words and how many. ``count`` None: hidden."""

    label: str
    count: int | None


@dataclass(frozen=True)
class Section:
    """One question with its answers, which add up to the total."""

    title: str
    total: int | None
    items: Sequence[Item]


def told_of(stay: Stay, derived: Derived, *, admitted: bool, discharged: bool) -> Told:
    """What the survey asks of one stay."""
    entered = derived.last(FactKind.ADMISSION_REGISTERED)
    sent = derived.first(FactKind.ADMISSION_INFO_SENT, FactKind.ADMISSION_INFO_RECEIVED)
    left = derived.last(FactKind.DISCHARGED)
    return Told(
        stay=stay,
        way=str(entered.detail.get("way", "")) if entered else "",
        channel=sent.channel if sent else "",
        destination=str(left.detail.get("destination", "")) if left else "",
        summary=derived.first(FactKind.SUMMARY_HANDED_OVER) is not None,
        admitted_within=admitted,
        discharged_within=discharged,
    )


Answer = Callable[[Told], str]


@dataclass(frozen=True)
class Question:
    """One question: whom it is about, and which of its answers is theirs."""

    title: str
    of: Callable[[Told], bool]
    answers: Sequence[str]
    answer: Answer


def _in(one: Told) -> bool:
    return one.admitted_within


def _out(one: Told) -> bool:
    return one.discharged_within


def _with_manager(one: Told) -> bool:
    return one.admitted_within and one.stay.has_manager


def _out_with_manager(one: Told) -> bool:
    away = {Left.DEATH, Left.TRANSFER}
    return one.discharged_within and one.stay.has_manager and one.stay.left not in away


def _untold(one: Told) -> bool:
    return _out_with_manager(one) and one.stay.told_on is None


_CLASSES: Final[Mapping[str, str]] = {
    PatientClass.A: "ケアマネがいる（A）",
    PatientClass.B: "ケアマネがいない（B）",
    PatientClass.UNKNOWN: "わからない",
}
_SENT: Final = ("当日", "2日目・3日目", "4日目より後", "送っていない")
_LEADS: Final = (
    "当日・前日・2日前",
    "3日前から6日前",
    "7日前から13日前",
    "14日前より前",
    "連絡なし",
)
_PLACES: Final = (*DESTINATIONS.values(), "入院中に死亡", UNKNOWN)
_REASONS: Final = tuple(f"{one.code} {one.text}" for one in LEAK_REASONS)
_BY_CODE: Final = {one.code: f"{one.code} {one.text}" for one in LEAK_REASONS}
_CHANNELS: Final = {choice.value: str(choice.label) for choice in Channel}
_LEAD_STEPS: Final = ((2, _LEADS[0]), (6, _LEADS[1]), (13, _LEADS[2]))


def _sent(one: Told) -> str:
    if one.stay.informed_on is None:
        return _SENT[3]
    days = (one.stay.informed_on - one.stay.admitted_on).days
    if days <= 0:
        return _SENT[0]
    return _SENT[1] if days <= 2 else _SENT[2]  # noqa: PLR2004 - the third day


def _lead(one: Told) -> str:
    days = one.stay.lead_days
    if days is None:
        return _LEADS[4]
    return next((word for most, word in _LEAD_STEPS if days <= most), _LEADS[3])


def _place(one: Told) -> str:
    if one.stay.left == Left.DEATH:
        return "入院中に死亡"
    if one.stay.left == Left.TRANSFER:
        return DESTINATIONS["hospital"]
    return DESTINATIONS.get(one.destination, UNKNOWN)


def _yes(test: Callable[[Told], bool]) -> Answer:
    return lambda one: _YES_NO[0] if test(one) else _YES_NO[1]


_YES_NO: Final = ("あり", "なし")
_COMMON: Final = (
    Question(
        "入院した人", _in, tuple(_CLASSES.values()), lambda one: _CLASSES[one.stay.patient_class]
    ),
    Question(
        "入院のしかた", _in, (*WAYS.values(), UNKNOWN), lambda one: WAYS.get(one.way, UNKNOWN)
    ),
)
_LEVELS: Final = Question(
    "入院した人の要介護度",
    _in,
    tuple(LEVEL_WORDS[group] for group in LevelGroup),
    lambda one: LEVEL_WORDS[one.stay.level],
)
_DISCHARGES: Final = (
    Question("退院した人の行き先", _out, _PLACES, _place),
    Question(
        "退院前の連絡（ケアマネのいる人。転院と死亡を除く）",
        _out_with_manager,
        _YES_NO,
        _yes(lambda one: one.stay.told_on is not None),
    ),
    Question("連絡は退院の何日前か", _out_with_manager, _LEADS, _lead),
    Question(
        "連絡がなかった理由",
        _untold,
        (*_REASONS, UNKNOWN),
        lambda one: _BY_CODE.get(one.stay.leak_reason, UNKNOWN),
    ),
    Question("カンファレンス", _out_with_manager, _YES_NO, _yes(lambda one: one.stay.conference)),
    Question("退院時の書類を渡した", _out_with_manager, _YES_NO, _yes(lambda one: one.summary)),
)
_INFORMED: Final = (
    Question("入院時の情報提供", _with_manager, _SENT, _sent),
    Question(
        "情報を送った手段",
        lambda one: _with_manager(one) and one.stay.informed_on is not None,
        tuple(_CHANNELS.values()),
        lambda one: _CHANNELS[one.channel],
    ),
)
_AFTER: Final = (
    Question(
        "退院後の様子を病院に伝えた",
        _out_with_manager,
        _YES_NO,
        _yes(lambda one: one.stay.followed_up),
    ),
    Question("30日以内の再入院", _out_with_manager, _YES_NO, _yes(lambda one: one.stay.readmitted)),
)
QUESTIONS: Final = {
    OFFICE: (*_COMMON, _LEVELS, *_INFORMED, *_DISCHARGES, *_AFTER),
    HOSPITAL: (
        *_COMMON,
        Question(
            "ケアマネがわからなかった",
            _in,
            _YES_NO,
            _yes(lambda one: one.stay.manager_unknown),
        ),
        *_DISCHARGES,
    ),
}


# The metrics whose counts a question shows as well: hidden there, hidden here.
SHARED: Final[Mapping[str, str]] = {
    "coordination_rate": "退院前の連絡（ケアマネのいる人。転院と死亡を除く）",
    "conference_rate": "カンファレンス",
    "follow_up_rate": "退院後の様子を病院に伝えた",
    "readmission_rate": "30日以内の再入院",
    "admission_info_rate": "入院時の情報提供",
    "unknown_manager_rate": "ケアマネがわからなかった",
}


def survey_of(
    form: str, stays: Iterable[Told], *, suppress: bool, also: Iterable[str] = ()
) -> list[Section]:
    """The answers of a form. ``suppress``: counts of several offices, which are published.

    ``also``: questions whose answers another published table hides.
    """
    rows = list(stays)
    values: dict[tuple[str, str], int] = {}
    sums = []
    for question in QUESTIONS[form]:
        found = Counter(question.answer(one) for one in rows if question.of(one))
        parts = tuple((question.title, answer) for answer in question.answers)
        values |= {(question.title, answer): found[answer] for answer in question.answers}
        values[question.title, ""] = sum(found.values())
        sums.append(Sum((question.title, ""), parts))
    sums += _same_totals(form)
    titles = set(also)
    kept = [key for key in values if key[0] in titles and key[1]]
    hidden = hidden_cells(values, sums, also=kept) if suppress else frozenset()

    def count(title: str, answer: str) -> int | None:
        return None if (title, answer) in hidden else values[title, answer]

    return [
        Section(
            question.title,
            count(question.title, ""),
            [Item(answer, count(question.title, answer)) for answer in question.answers],
        )
        for question in QUESTIONS[form]
    ]


def _same_totals(form: str) -> list[Sum[tuple[str, str]]]:
    """Questions about the same people have the same total: shown once, it is known everywhere."""
    first: dict[Callable[[Told], bool], str] = {}
    found = []
    for question in QUESTIONS[form]:
        title = first.setdefault(question.of, question.title)
        if title != question.title:
            found.append(Sum((title, ""), ((question.title, ""),)))
    talked = {question.title for question in QUESTIONS[form]}
    lead, reason = _DISCHARGES[2].title, _DISCHARGES[3].title
    notice = _DISCHARGES[1].title
    if {lead, reason, notice} <= talked:
        found.append(Sum((notice, "なし"), ((reason, ""),)))
        found.append(Sum((notice, "なし"), ((lead, _LEADS[4]),)))
    sent, how = _INFORMED[0].title, _INFORMED[1].title
    if {sent, how} <= talked:
        found.append(Sum((how, ""), tuple((sent, word) for word in _SENT[:3])))
    return found
