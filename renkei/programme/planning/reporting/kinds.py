"""The four reports, each from the same parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from renkei.foundation.areas.models import Area
from renkei.foundation.common.eras import FiscalYear
from renkei.programme.indicators.models import Indicator
from renkei.programme.indicators.periods import Period
from renkei.programme.planning.documents.councils import name_of, when_text, where_text
from renkei.programme.planning.frames import Item, Scene
from renkei.programme.planning.models import GrantAnswer, GrantQuestion, Meeting, ReportKind
from renkei.programme.planning.queries.meetings import items_of
from renkei.programme.planning.reporting import sections
from renkei.programme.planning.reporting.book import Book, Content
from renkei.programme.planning.reporting.checks import CHECKS
from renkei.programme.planning.reporting.scope import Scope

MOST_DECISIONS: Final = 3


def compose(scope: Scope, kind: ReportKind, *, source: str, meeting: Meeting | None) -> Content:
    """The whole report, written and frozen."""
    book = Book(scope)
    if meeting is not None:
        _meeting(book, meeting)
    _WRITERS[kind](book)
    title = f"{scope.area.name}　在宅医療・介護連携推進事業　{scope.label}　{kind.label}"
    return book.content(
        title=title,
        town=scope.area.name,
        source=source,
        compact=kind == ReportKind.ASSEMBLY,
    )


def _meeting(book: Book, meeting: Meeting) -> None:
    """The meeting the paper is for: day, place, and its public agenda."""
    book.facts(
        [
            ("会議", name_of(meeting)),
            ("日時", when_text(meeting)),
            ("場所", where_text(meeting) or "―"),
        ]
    )
    items = items_of(meeting, public=True)
    if items:
        book.heading("議題")
        for one in items:
            book.line(f"・{one.title}（{one.get_kind_display()}）")


def _annual(book: Book) -> None:
    sections.visions(book)
    sections.meetings(book)
    sections.decisions(book)
    sections.actions(book)
    sections.indicators(book)
    sections.activities(book)
    sections.goals(book)
    sections.issues(book)


def _council(book: Book) -> None:
    sections.indicators(book)
    sections.goals(book)
    sections.issues(book)
    sections.decisions(book)
    sections.actions(book)
    sections.holes(book)


def _assembly(book: Book) -> None:
    """One sheet: what it is for, four numbers, what the councils did and decided."""
    plan = book.scope.plan()
    book.heading("めざす姿")
    book.line(book.quote("plan", plan, "vision") if plan else sections.NO_PLAN)
    book.heading("場面ごとの数値")
    rows = []
    found = sections.newest_values(book.scope)
    above = sections.prefecture_of(book.scope.area)
    for scene in Scene:
        if found[scene]:
            indicator, period = found[scene][0]
            rows.append(_key_row(book, scene, indicator, period, above))
        else:
            rows.append((str(scene.label), "値のある指標はありません", "―", "―"))
    book.table((("場面", 30), ("指標", None), (book.scope.area.name, 42), ("県", 40)), rows)
    book.heading("会議と取組")
    book.line(
        f"会議を{book.count('meetings')}開き、{book.count('decisions')}を決めました。"
        f"取組は{book.count('activities')}、登録した課題は{book.count('issues')}です。"
    )
    sections.decisions(book, most=MOST_DECISIONS)


def _key_row(
    book: Book, scene: Scene, indicator: Indicator, period: Period, above: Area | None
) -> tuple[str, ...]:
    value = book.reading(indicator, book.scope.area, period)
    return (
        str(scene.label),
        book.named(f"{indicator.latest.name}（{period.label}）", value),
        value,
        book.reading(indicator, above, period) if above else "―",
    )


def _grant(book: Book) -> None:
    """Question by question: the answer, last year's, the evidence, what is missing."""
    book.line(
        f"{FiscalYear(book.scope.year + 1).label}の評価の対象となる、{book.scope.label}の"
        "取組の根拠です。"
    )
    answers = _answers(book.scope, book.scope.year)
    before = _answers(book.scope, book.scope.year - 1)
    for question in GrantQuestion:
        book.heading(str(question.label))
        now, last = answers.get(question), before.get(question)
        book.facts(
            [
                ("回答", _answer_text(now)),
                ("前の年度", _answer_text(last)),
                *([("備考", now.note)] if now and now.note else []),
            ]
        )
        rows = [
            (one.label, one.shown(book), "あり" if one.holds(book.scope) else "足りない")
            for one in CHECKS[question]
        ]
        book.table((("根拠", None), ("記録の数", 40), ("そろい具合", 30)), rows)
    sections.meetings(book)
    _digests(book)
    sections.decisions(book)
    sections.indicators(book)
    _performed(book)


def _answers(scope: Scope, year: int) -> dict[str, GrantAnswer]:
    rows = GrantAnswer.objects.filter(area=scope.area, fiscal_year=year)
    return {one.question: one for one in rows}


def _answer_text(answer: GrantAnswer | None) -> str:
    return str(answer.get_answer_display()) if answer else "まだ書いていません"


def _digests(book: Book) -> None:
    """The days of the published 要旨, which go with the bundle."""
    found = book.scope.public_meetings().select_related("council").order_by("begins_at")
    if found:
        book.heading("要旨を公開した会議")
        for one in found:
            book.line(f"・{name_of(one)}　{when_text(one)}")


def _performed(book: Book) -> None:
    book.heading("取組の数")
    book.table(
        (("項目", None), ("活動", 40)),
        [
            (str(one.label), book.count("activities_item", one.value, str(one.label)))
            for one in Item
        ],
    )


_WRITERS: Final[dict[str, Callable[[Book], None]]] = {
    ReportKind.ANNUAL: _annual,
    ReportKind.COUNCIL: _council,
    ReportKind.ASSEMBLY: _assembly,
    ReportKind.GRANT: _grant,
}
