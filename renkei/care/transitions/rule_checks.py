"""What must be put right before an edition is published: clear sentences with their place. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from renkei.care.transitions.models.cases import FactKind, Side
from renkei.care.transitions.rule_content import BUSINESS_DAYS, Deadline, RuleContent
from renkei.care.transitions.rule_texts import PART_LABELS


@dataclass(frozen=True)
class Problem:
    """One thing to put right."""

    part: str
    place: str
    message: str

    @property
    def sentence(self) -> str:
        where = PART_LABELS[self.part] + (f"の{self.place}" if self.place else "")
        return f"{where}：{self.message}"


_NEEDED = {
    "classes": "区分を1つ以上書いてください。",
    "criteria": "基準を1つ以上書いてください。",
    "steps": "進め方を1つ以上書いてください。",
    "deadlines": "期限を1つ以上書いてください。",
    "metrics": "指標を1つ以上書いてください。",
    "leak_reasons": "もれの理由を1つ以上書いてください。",
}
# These happen on one side only.
_HOSPITAL_DOES = {FactKind.SCREENING_DONE, FactKind.DISCHARGE_NOTIFIED, FactKind.DISCHARGED}
_CARE_DOES = {FactKind.ADMISSION_INFO_SENT, FactKind.PLAN_AGREED, FactKind.FOLLOW_UP_REPORTED}


def problems_of(content: RuleContent) -> list[Problem]:
    """Everything that stands against publishing, in the order of the rule book."""
    found = [*_basics(content)]
    found += [
        Problem(part, "", message)
        for part, message in _NEEDED.items()
        if not getattr(content, part)
    ]
    for each in content.deadlines:
        found += _deadline(each)
    known = {form.code for form in content.forms}
    found += [
        Problem("steps", step.number, "使う様式が「様式」にありません。様式に加えてください。")
        for step in content.steps
        if step.form and step.form not in known
    ]
    for metric in content.metrics:
        found += [
            Problem("metrics", metric.label, f"{word}を文で書いてください。")
            for word, text in (
                ("決め方", metric.text),
                ("分子", metric.numerator),
                ("分母", metric.denominator),
            )
            if not text.strip()
        ]
    places = list(PART_LABELS)
    return sorted(found, key=lambda problem: places.index(problem.part))


def _basics(content: RuleContent) -> Iterator[Problem]:
    if not content.summary.strip():
        yield Problem("basics", "", "あらましを書いてください。")
    if not content.counting.strip():
        yield Problem("basics", "", "日の数え方を文で書いてください。")
    if not content.contact_stale_after_months:
        yield Problem("basics", "", "窓口を確かめる間隔を1か月以上にしてください。")
    business = {each.unit == BUSINESS_DAYS for each in content.deadlines}
    if business == {True} and "土日・祝日も数えます" in content.counting:
        message = "期限はすべて営業日です。「土日・祝日も数えます」を直してください。"
        yield Problem("basics", "日の数え方", message)


def _deadline(each: Deadline) -> Iterator[Problem]:
    if not each.classes:
        yield Problem("deadlines", each.code, "対象の区分を1つ以上選んでください。")
    if each.starts in each.done_by:
        message = "数え始めと実施が同じ出来事です。どちらかを変えてください。"
        yield Problem("deadlines", each.code, message)
    done = set(each.done_by)
    if each.side == Side.CARE and done and done <= _HOSPITAL_DOES:
        yield Problem("deadlines", each.code, "病院が記録する出来事です。動く側を病院側に。")
    if each.side == Side.HOSPITAL and done and done <= _CARE_DOES:
        yield Problem("deadlines", each.code, "在宅側が記録する出来事です。動く側を在宅側に。")
    if each.amount and each.soon_days > each.amount:
        yield Problem("deadlines", each.code, "間近と示す日数を、期限の日数以下にしてください。")
