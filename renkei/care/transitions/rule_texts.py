"""The parts of a rule as sentences: what a page shows and two editions are compared by. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from renkei.care.transitions.models.cases import FactKind, PatientClass, Side
from renkei.care.transitions.rule_content import (
    BUSINESS_DAYS,
    HOURS,
    NEXT_BUSINESS_DAY,
    Criterion,
    Deadline,
    LeakReason,
    MetricDefinition,
    RuleContent,
    RuleForm,
    Step,
    counting_text,
)

_SENTENCE: Final = re.compile(r"[^。\n]+。?")
# The forms that come with the product; a region's own goes by its code.
FORM_NAMES: Final = {
    "admission_info": "入院時情報提供書",
    "discharge_record": "退院・退所情報記録書",
    "discharge_summary": "退院時サマリー",
    "follow_up_report": "退院後の様子の報告",
    "sharing_sheet": "情報共有シート",
    "doctor_contact": "主治医とケアマネの連絡票",
}


@dataclass(frozen=True)
class Entry:
    """One thing a rule says: its key within its part, what it is called, its sentences."""

    key: str
    label: str
    sentences: tuple[str, ...]


def form_name(code: str) -> str:
    """What a form is called."""
    return FORM_NAMES.get(code, code)


def sentences_in(text: str) -> tuple[str, ...]:
    """A text by its sentences."""
    return tuple(found.strip() for found in _SENTENCE.findall(text) if found.strip())


def how_counted(deadline: Deadline) -> tuple[str, ...]:
    """How the days of a deadline are counted, in words."""
    if deadline.unit == HOURS:
        days = "時間で数えます。"
    elif deadline.unit == BUSINESS_DAYS:
        days = "土日・祝日と休みの日は数えません。"
    else:
        days = "土日・祝日も数えます。"
    late = deadline.after_hours == NEXT_BUSINESS_DAY
    closed = deadline.closed_day == NEXT_BUSINESS_DAY
    return (
        days,
        *(("受付時間の後は次の営業日から数えます。",) if late else ()),
        *(("最後の日が休みのときは次の営業日まで。",) if closed else ()),
    )


def classes_text(classes: Sequence[str]) -> str:
    """Whom a deadline concerns."""
    if set(classes) >= {PatientClass.A, PatientClass.B}:
        return "すべての患者が対象です。"
    known = [str(PatientClass(each).label) for each in classes if each != PatientClass.UNKNOWN]
    return f"{'・'.join(known) or '区分がわからない患者'}が対象です。"


def deadline_sentences(each: Deadline) -> tuple[str, ...]:
    """A deadline as it is read aloud."""
    soon = f"{each.soon_days}日前から間近と示します。" if each.soon_days else ""
    met = "・".join(str(FactKind(kind).label) for kind in each.done_by)
    return tuple(
        sentence
        for sentence in (
            f"{Side(each.side).label}が、{counting_text(each)}。",
            *how_counted(each),
            f"「{met}」で実施とします。",
            classes_text(each.classes),
            soon,
        )
        if sentence
    )


def metric_sentences(each: MetricDefinition) -> tuple[str, ...]:
    """What a number counts, and what not."""
    takes = (
        (each.counts_facilities, "施設への退院"),
        (each.counts_transfers, "転院"),
        (each.counts_deaths, "死亡"),
        (each.counts_support_levels, "要支援"),
    )
    inside = "・".join(word for included, word in takes if included)
    outside = "・".join(word for included, word in takes if not included)
    short = each.leaves_out_stays_up_to_days
    return tuple(
        sentence
        for sentence in (
            *sentences_in(each.text),
            f"分子は、{each.numerator}。" if each.numerator else "",
            f"分母は、{each.denominator}。" if each.denominator else "",
            f"分母に{inside}を入れます。" if inside else "",
            f"分母に{outside}を入れません。" if outside else "",
            f"{short}日以内の入院を除きます。" if short else "",
        )
        if sentence
    )


def _criteria(rows: Sequence[Criterion]) -> list[Entry]:
    return [Entry(each.code, each.code, sentences_in(each.text)) for each in rows]


def _steps(rows: Sequence[Step]) -> list[Entry]:
    return [
        Entry(
            each.number,
            f"{each.number}　{each.title}",
            (f"{each.title}。", f"{Side(each.side).label}が、{each.when}。"),
        )
        for each in rows
    ]


def _deadlines(rows: Sequence[Deadline]) -> list[Entry]:
    return [
        Entry(each.code, f"{each.code}　{each.label}", deadline_sentences(each)) for each in rows
    ]


def _forms(rows: Sequence[RuleForm]) -> list[Entry]:
    return [
        Entry(
            f"{each.code}:{each.fact}",
            str(FactKind(each.fact).label),
            (f"様式「{form_name(each.code)}」を使います。",),
        )
        for each in rows
    ]


def _metrics(rows: Sequence[MetricDefinition]) -> list[Entry]:
    return [Entry(each.code, each.label, metric_sentences(each)) for each in rows]


def _reasons(rows: Sequence[LeakReason]) -> list[Entry]:
    return [Entry(each.code, each.code, sentences_in(each.text)) for each in rows]


def _basics(content: RuleContent) -> list[Entry]:
    return [
        Entry("title", "題名", (content.title,)),
        Entry("summary", "あらまし", sentences_in(content.summary)),
        Entry("counting", "日の数え方", sentences_in(content.counting)),
        Entry(
            "closes",
            "調整を終えるとき",
            (f"退院後の報告を待つのは{content.closes_after_days}日まで。",),
        ),
        Entry(
            "stale",
            "窓口の確かめ",
            (f"窓口は{content.contact_stale_after_months}か月ごとに確かめます。",),
        ),
        Entry("notes", "備考", content.notes),
    ]


# In the order of the rule book.
PART_LABELS: Final[Mapping[str, str]] = {
    "basics": "題名とあらまし",
    "classes": "患者の区分",
    "criteria": "退院調整が必要な方の基準",
    "steps": "進め方",
    "deadlines": "期限",
    "forms": "様式",
    "metrics": "指標の決め方",
    "leak_reasons": "もれの理由",
}
_READERS: Final[Mapping[str, Callable[[Any], list[Entry]]]] = {
    "classes": _criteria,
    "criteria": _criteria,
    "steps": _steps,
    "deadlines": _deadlines,
    "forms": _forms,
    "metrics": _metrics,
    "leak_reasons": _reasons,
}


def entries_of(content: RuleContent, part: str) -> list[Entry]:
    """What one part of an edition says."""
    if part == "basics":
        return _basics(content)
    return _READERS[part](getattr(content, part))
