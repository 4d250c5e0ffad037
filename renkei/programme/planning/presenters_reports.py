"""How reports are shown. Only formatting."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from renkei.programme.planning.models import GrantQuestion, GrantReply, ReportKind, ReportPack
from renkei.programme.planning.queries.reports import grant_answers, scope_of
from renkei.programme.planning.reporting.checks import CHECKS
from renkei.programme.planning.reporting.numerals import MARK
from renkei.programme.planning.reporting.present import Present, present_of
from renkei.programme.planning.reporting.scope import Scope

KINDS = (
    (ReportKind.COUNCIL, "協議会に出す資料。次の会議の日時と議題、指標の動き、課題を載せます。"),
    (ReportKind.ANNUAL, "1年の会議・取組・目標の結果をまとめます。"),
    (ReportKind.ASSEMBLY, "議会に出す1枚。場面ごとの数値と、決まったことを載せます。"),
    (
        ReportKind.GRANT,
        "評価の項目ごとに、根拠の数と足りないものを並べます。会議の要旨も付きます。",
    ),
)


@dataclass(frozen=True, slots=True)
class NoteLine:
    """One footnote on the page of a report."""

    note: dict[str, Any]
    url: str
    present: Present


@dataclass(frozen=True, slots=True)
class ReportPage:
    blocks: list[dict[str, Any]]
    notes: list[NoteLine]
    revised: int


def report_page_of(viewer: Any, pack: ReportPack) -> ReportPage:
    """The report as it was made, and what has changed since."""
    scope = scope_of(viewer, pack)
    notes = [
        NoteLine(one, note_url(pack, one["number"]), present_of(scope, one))
        for one in pack.content["notes"]
    ]
    return ReportPage(
        blocks=_blocks(pack),
        notes=notes,
        revised=sum(1 for one in notes if one.present.problem),
    )


def note_url(pack: ReportPack, number: int) -> str:
    """Where a footnote opens."""
    return reverse("planning:report_note", args=[pack.uid, number])


def _blocks(pack: ReportPack) -> list[dict[str, Any]]:
    blocks = [_block(pack, one) for one in pack.content["blocks"]]
    heading, labels = "", Counter[str]()
    for one in blocks:
        if one["kind"] == "heading":
            heading = re.sub(r"<[^>]*>", "", one["text"])
        elif one.get("heads"):
            # Two tables of one section may begin with the same word; a label names one of them.
            label = f"{heading}：{one['heads'][0]}"
            labels[label] += 1
            one["label"] = label if labels[label] == 1 else f"{label}（{labels[label]}）"
    return blocks


def _block(pack: ReportPack, one: dict[str, Any]) -> dict[str, Any]:
    if one["kind"] in ("heading", "line"):
        return {"kind": one["kind"], "text": linked(pack, one["text"])}
    rows = [[linked(pack, cell) for cell in row] for row in one["rows"]]
    heads = [name for name, _width in one.get("columns", [])]
    return {"kind": one["kind"], "heads": heads, "rows": rows}


def linked(pack: ReportPack, text: str) -> SafeString:
    """The text with each footnote as a link to its page."""
    pieces = MARK.split(text)
    found = []
    for place, piece in enumerate(pieces):
        if place % 2:
            found.append(
                format_html(
                    '<a class="fn" href="{}">［{}］<span class="vh">の根拠</span></a>',
                    note_url(pack, int(piece)),
                    piece,
                )
            )
        else:
            lines = re.split(r"\n", piece)
            found.append(
                format_html_join(
                    mark_safe("<br>"), "{}", ((conditional_escape(one),) for one in lines)
                )
            )
    return format_html_join("", "{}", ((one,) for one in found))


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """One question of the grant with this year's and last year's answer."""

    code: str
    label: str
    answer: str
    is_met: bool
    before: str
    note: str
    evidence: list[tuple[str, str, bool]]
    missing: int


def grant_lines(scope: Scope) -> list[QuestionLine]:
    """The yearly checklist: last year's answer, evidence, missing items."""
    now = grant_answers(scope.area, scope.year)
    before = grant_answers(scope.area, scope.year - 1)
    found = []
    for one in GrantQuestion:
        evidence = [(check.label, check.value(scope), check.holds(scope)) for check in CHECKS[one]]
        mine, last = now.get(one), before.get(one)
        found.append(
            QuestionLine(
                code=one.value,
                label=str(one.label),
                answer=str(mine.get_answer_display()) if mine else "",
                is_met=mine is not None and mine.answer == GrantReply.MET,
                before=str(last.get_answer_display()) if last else "記録なし",
                note=mine.note if mine else "",
                evidence=evidence,
                missing=sum(1 for _label, _value, there in evidence if not there),
            )
        )
    return found
