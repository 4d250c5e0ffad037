"""How the progress of the eight items is shown. Only formatting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from renkei.foundation.common.eras import format_screen
from renkei.programme.planning.frames import Item, item_mark
from renkei.programme.planning.models import Arrangement, Execution
from renkei.programme.planning.queries.programme import (
    BY_OUTLINE,
    ENDED,
    ENDING,
    LATE,
    NO_OUTLINE,
    ItemState,
    Progress,
    Trouble,
)

SURVEY = {0: "していない", 1: "年度内に予定", 2: "している"}


@dataclass(frozen=True, slots=True)
class TroubleLine:
    """What is wrong, what mends it, and the link that does it."""

    mark: str
    word: str
    text: str
    remedy: str
    url: str
    action: str


@dataclass(frozen=True, slots=True)
class ArrangementLine:
    text: str
    period: str
    outline: str
    outline_url: str
    reports: str
    url: str
    report_url: str
    facility_url: str
    papers: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item of one municipality."""

    code: str
    label: str
    mark: str
    word: str
    arrangements: list[ArrangementLine]
    flags: str
    evidence: int
    evidence_text: str
    survey: str
    is_red: bool


@dataclass(frozen=True, slots=True)
class ProgressPage:
    ledger: list[dict[str, object]]
    troubles: list[TroubleLine]
    lines: list[ItemLine]


def progress_page_of(progress: Progress) -> ProgressPage:
    """One municipality."""
    states = progress.items
    red = sum(one.is_red for one in states)
    done = sum(bool(one.arrangements) and not one.troubles for one in states)
    return ProgressPage(
        ledger=[
            {"count": len(states), "word": "項目"},
            {"count": done, "word": "整っている", "note": "実施する人・要綱・報告あり"},
            {"count": red, "word": "直すもの", "note": "契約・要綱・報告", "icon": "warning"},
            {"count": progress.evidence, "word": "根拠", "note": "今年度の記録から"},
        ],
        troubles=[trouble_line(one) for one in progress.troubles],
        lines=[_line(one) for one in states],
    )


def _line(state: ItemState) -> ItemLine:
    mark, word = mark_of(state)
    return ItemLine(
        code=state.item,
        label=str(Item(state.item).label),
        mark=mark,
        word=word,
        arrangements=[_arrangement(one) for one in state.arrangements],
        flags=flags_text(state),
        evidence=state.evidence.total,
        evidence_text=_evidence_text(state),
        survey=SURVEY.get(state.survey, "記録なし") if state.survey is not None else "記録なし",
        is_red=state.is_red,
    )


def mark_of(state: ItemState) -> tuple[str, str]:
    """Status and word of an item: the worst of what there is."""
    if state.is_red:
        return "over", "直すものあり"
    if state.troubles:
        return "soon", "終わりが近い"
    if state.arrangements:
        return "done", "整っている"
    return "ask", "記録なし"


def flags_text(state: ItemState) -> str:
    """委託、共同、県の支援: as the survey of 2015 asks."""
    words = [
        ("委託", state.is_contracted),
        ("共同", state.is_joint),
        ("県の支援", state.is_supported),
    ]
    return "、".join(word for word, holds in words if holds)


def _evidence_text(state: ItemState) -> str:
    one = state.evidence
    parts = [
        ("活動の結果", one.activities),
        ("開いた会議", one.meetings),
        ("課題の根拠", one.issues),
        ("受け取った報告", one.reports),
        ("実施要綱", one.outlines),
    ]
    return "、".join(f"{word}{count}" for word, count in parts if count)


def period_text(one: Arrangement) -> str:
    """From when to when."""
    first = format_screen(one.first_day)
    return f"{first}～{format_screen(one.last_day)}" if one.last_day else f"{first}～"


def _arrangement(one: Arrangement) -> ArrangementLine:
    reports = list(one.reports.all())
    came = sum(each.received_on is not None for each in reports)
    has_outline = bool(one.outline_on or one.outline_file_id)
    needs = one.execution in BY_OUTLINE
    outline = f"{format_screen(one.outline_on)}" if one.outline_on else "あり"
    parts = [str(one.get_execution_display()), one.partner]
    if one.execution == Execution.JOINT and one.joint_with:
        parts.append(f"{one.joint_with}と")
    return ArrangementLine(
        text="　".join(part for part in parts if part),
        period=period_text(one),
        outline=outline if has_outline else ("なし" if needs else "要らない"),
        outline_url=reverse("planning:outline_file", args=[one.uid]) if one.outline_file_id else "",
        reports=f"{came}／{len(reports)}件" if reports else "なし",
        url=reverse("planning:arrangement_edit", args=[one.uid]),
        report_url=reverse("planning:report_add", args=[one.uid]),
        papers=[
            (reverse("planning:report_file", args=[each.uid]), each.name)
            for each in reports
            if each.file_id
        ],
        facility_url=reverse("facilities:facility_detail", args=[one.facility.pk])
        if one.facility
        else "",
    )


def trouble_line(one: Trouble) -> TroubleLine:
    """In words: what is wrong, what to do, where."""
    arrangement = one.arrangement
    body = arrangement.partner or str(arrangement.get_execution_display())
    edit = reverse("planning:arrangement_edit", args=[arrangement.uid])
    add = f"{reverse('planning:arrangement_add')}?item={one.item}&after={arrangement.uid}"
    last = format_screen(arrangement.last_day) if arrangement.last_day else ""
    mark = item_mark(one.item)
    if one.kind == ENDED:
        return TroubleLine(
            "over", "引き継ぎなし", f"{mark}{body}の契約・実施が{last}に終わりました。",
            "次の受託者を決めるか、市町村が自ら行うことを登録してください。",
            add, "引き継ぎを登録する",
        )  # fmt: skip
    if one.kind == ENDING:
        return TroubleLine(
            "soon", "終わりが近い",
            f"{mark}{body}の契約・実施が{last}に終わり、次が決まっていません。",
            "次の契約か、市町村が自ら行うことを登録してください。",
            add, "引き継ぎを登録する",
        )  # fmt: skip
    if one.kind == LATE and one.report is not None:
        return TroubleLine(
            "over", "報告の遅れ",
            f"{body}の「{one.report.name}」が{format_screen(one.report.due_on)}の期限を過ぎました。",
            "受け取っていれば受け取った日を、まだなら相手に催促して新しい期限を入力してください。",
            reverse("planning:report_edit", args=[one.report.uid]), "受け取りを書く",
        )  # fmt: skip
    if one.kind == NO_OUTLINE:
        return TroubleLine(
            "over", "実施要綱なし", f"{body}の実施要綱がありません。",
            "要綱の日付かファイルを登録してください。要綱がないと、市町村の事業として行った根拠がありません。",
            edit, "実施要綱を登録する",
        )  # fmt: skip
    return TroubleLine(
        "over", "報告の期限なし", f"{body}から受け取る報告が決まっていません。",
        "ほかの団体が行うときは、定期の報告が要ります。報告の名前と期限を登録してください。",
        reverse("planning:report_add", args=[arrangement.uid]), "報告の期限を登録する",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SideCell:
    mark: str
    word: str
    who: str
    flags: str


@dataclass(frozen=True, slots=True)
class SideLine:
    """One municipality beside the others."""

    name: str
    url: str
    cells: list[SideCell]
    red: int
    evidence: int


def side_lines(found: Sequence[Progress]) -> list[SideLine]:
    """All municipalities of a prefecture."""
    return [
        SideLine(
            name=one.area.name,
            url=reverse("planning:programme_of", args=[one.area.code]) if one.area.code else "",
            cells=[_side_cell(state) for state in one.items],
            red=sum(state.is_red for state in one.items),
            evidence=one.evidence,
        )
        for one in found
    ]


def _side_cell(state: ItemState) -> SideCell:
    mark, word = mark_of(state)
    who = "、".join(dict.fromkeys(str(one.get_execution_display()) for one in state.arrangements))
    return SideCell(mark, word, who, "県の支援" if state.is_supported else "")
