"""What a care manager's office may be able to claim for a stay, with the evidence. Pure.

Dated data, never an order to claim: 算定できる・危ない・逃した, and a person decides.
Source: domain/forms.md §13 (令和6年度介護報酬改定, 居宅介護支援).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from renkei.care.transitions.models.cases import FactKind, PatientClass
from renkei.care.transitions.models.contacts import Channel
from renkei.care.transitions.office_calendar import OfficeCalendar, end_of
from renkei.care.transitions.states import LEFT, Derived, Fact
from renkei.foundation.common.clock import TOKYO


class FeeState(StrEnum):
    """What stands beside a fee."""

    ELIGIBLE = "eligible"
    AT_RISK = "at_risk"
    MISSED = "missed"


FEE_WORDS: Final = {
    FeeState.ELIGIBLE: ("done", "算定できる"),
    FeeState.AT_RISK: ("soon", "危ない"),
    FeeState.MISSED: ("over", "逃した"),
}
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class FeeRule:
    """One fee as the tables of a time have it."""

    code: str
    name: str
    units: int
    valid_from: date
    valid_until: date | None
    source: str
    # What was not confirmed against the notice itself; "" where all of it was looked up.
    unconfirmed: str = ""

    def holds_on(self, day: date) -> bool:
        """Whether it can be claimed for that day."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


R6: Final = date(2024, 4, 1)
INFO_1: Final = FeeRule(
    "436125", "入院時情報連携加算（Ⅰ）", 250, R6, None, "令和6年度 介護給付費単位数サービスコード表"
)
INFO_2: Final = FeeRule(
    "436129",
    "入院時情報連携加算（Ⅱ）",
    200,
    R6,
    None,
    "令和6年度 介護給付費単位数サービスコード表",
    "3日目が休みのときの扱い（営業時間の後の入院）",
)
# By number of contacts, and whether one of them was a conference.
DISCHARGE: Final[dict[tuple[int, bool], FeeRule]] = {
    (1, False): FeeRule("436132", "退院・退所加算（Ⅰ）イ", 450, R6, None, "同"),
    (1, True): FeeRule("436143", "退院・退所加算（Ⅰ）ロ", 600, R6, None, "同"),
    (2, False): FeeRule("436144", "退院・退所加算（Ⅱ）イ", 600, R6, None, "同"),
    (2, True): FeeRule("436145", "退院・退所加算（Ⅱ）ロ", 750, R6, None, "同"),
    (3, True): FeeRule(
        "436146",
        "退院・退所加算（Ⅲ）",
        900,
        R6,
        None,
        "同",
        "同じ日の連絡を1回と数えること、初回加算と両方は算定できないこと",
    ),
}
MOST_CONTACTS: Final = 3
CARE_MANAGERS: Final = ("介護支援専門員", "主任介護支援専門員", "ケアマネジャー")
# Source: 退院時共同指導料2 注3 (domain/forms.md §13 names it; the groups are from knowledge and not
# confirmed against the notice): somebody of the hospital with three or more of these.
JOINT_GUIDANCE: Final = (
    frozenset({"医師", "看護師", "准看護師", "保健師", "訪問看護師"}),
    frozenset({"歯科医師", "歯科衛生士"}),
    frozenset({"薬剤師"}),
    frozenset({"理学療法士", "作業療法士", "言語聴覚士"}),
    frozenset({*CARE_MANAGERS, "相談支援専門員"}),
)
JOINT_LEAST: Final = 3


def joint_guidance_likely(hospital: Iterable[str], care: Iterable[str]) -> bool:
    """Whether those who came may have met 注3: proposed, and a person decides."""
    came = set(care)
    groups = sum(bool(group & came) for group in JOINT_GUIDANCE)
    return bool({"医師", "看護師"} & set(hospital)) and groups >= JOINT_LEAST


@dataclass(frozen=True)
class FeeOutlook:
    """One fee for one stay: how it stands, why, and until when something can be done."""

    rule: FeeRule
    state: FeeState
    evidence: str
    until: datetime | None = None


def outlook(derived: Derived, office: OfficeCalendar, now: datetime) -> tuple[FeeOutlook, ...]:
    """The fees this stay concerns; none without an admission or a care manager."""
    if derived.admitted_at is None or derived.patient_class != PatientClass.A:
        return ()
    found = (*_information(derived, office, now), *_discharge(derived))
    day = derived.admitted_at.astimezone(TOKYO).date()
    return tuple(each for each in found if each.rule.holds_on(day))


def _information(derived: Derived, office: OfficeCalendar, now: datetime) -> Iterable[FeeOutlook]:
    """(Ⅰ) on the day, what was sent before included; after hours or on a closed day the next day.

    (Ⅱ) until the third day; only one of the two.
    """
    assert derived.admitted_at is not None  # noqa: S101 - asked by the caller
    first, second = information_limits(derived.admitted_at, office)
    sent = derived.first(FactKind.ADMISSION_INFO_SENT)
    if sent is not None:
        evidence = f"{_text(sent)}に情報を送った記録"
        if sent.at <= first:
            return [FeeOutlook(INFO_1, FeeState.ELIGIBLE, evidence)]
        missed = FeeOutlook(INFO_1, FeeState.MISSED, f"{evidence}（期限の後）")
        state = FeeState.ELIGIBLE if sent.at <= second else FeeState.MISSED
        return [missed, FeeOutlook(INFO_2, state, evidence)]
    none = "情報を送った記録がまだない"
    if now <= first:
        return [FeeOutlook(INFO_1, FeeState.AT_RISK, none, first)]
    late = FeeOutlook(INFO_1, FeeState.MISSED, "期限までに情報を送った記録がない")
    if now <= second:
        return [late, FeeOutlook(INFO_2, FeeState.AT_RISK, none, second)]
    return [late, FeeOutlook(INFO_2, FeeState.MISSED, "期限までに情報を送った記録がない")]


def information_limits(admitted_at: datetime, office: OfficeCalendar) -> tuple[datetime, datetime]:
    """The last moments for (Ⅰ) and (Ⅱ)."""
    day = admitted_at.astimezone(TOKYO).date()
    outside = office.counted_day(admitted_at) != day
    first = day + _DAY if outside else day
    second = day + 2 * _DAY
    if outside and not office.is_business_day(second):
        second += _DAY
    return end_of(first), end_of(second)


def _discharge(derived: Derived) -> Iterable[FeeOutlook]:
    """By the number of days the hospital's people told something face to face."""
    if derived.state in {"died", "transferred", "cancelled"}:
        return []
    counted = contacts_counted(derived)
    contacts, days, conference = counted.facts, counted.days, counted.conference
    count = min(len(days), MOST_CONTACTS)
    if count == 0:
        # Which class it would become nobody knows yet: the smallest stands for all.
        state = FeeState.MISSED if derived.state in LEFT else FeeState.AT_RISK
        return [FeeOutlook(DISCHARGE[1, False], state, "面談やカンファレンスの記録がまだない")]
    if count == MOST_CONTACTS and not conference:
        count = 2
    words = "、".join(_text(fact) for fact in contacts)
    evidence = f"{len(days)}日分の記録（{words}）"
    if not conference and any(fact.kind == FactKind.CONFERENCE_HELD for fact in contacts):
        evidence += "。カンファレンスは注3の要件を満たすと記録されたものだけを数えます"
    return [FeeOutlook(DISCHARGE[count, conference], FeeState.ELIGIBLE, evidence)]


@dataclass(frozen=True)
class ContactsCounted:
    """What counts for 退院・退所加算: the facts, their different days, a conference of 注3."""

    facts: tuple[Fact, ...]
    days: frozenset[date]
    conference: bool


def contacts_counted(derived: Derived) -> ContactsCounted:
    """The times the hospital's people told the care manager something face to face.

    Contacts of one day count once.
    """
    found = tuple(fact for fact in derived.facts if _is_contact(fact))
    return ContactsCounted(
        facts=found,
        days=frozenset(fact.at.astimezone(TOKYO).date() for fact in found),
        conference=any(fact.detail.get("joint_guidance") for fact in found),
    )


def _is_contact(fact: Fact) -> bool:
    if fact.kind == FactKind.CONFERENCE_HELD:
        came = set(fact.detail.get("professions") or CARE_MANAGERS)
        # Whoever was not there, or met without the hospital, was told nothing by it.
        return bool(came & set(CARE_MANAGERS)) and fact.detail.get("with") != "care"
    if fact.kind == FactKind.TALK_HELD:
        return True
    return fact.kind == FactKind.CONTACT and fact.channel == Channel.MEETING


def _text(fact: Fact) -> str:
    local = fact.at.astimezone(TOKYO)
    return f"{local.month}月{local.day}日{local:%H:%M}"
