"""Reports from records: every number has a footnote that opens its query (T-Q1)."""

from __future__ import annotations

import io
import itertools
import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import docx
import openpyxl
import pypdf
import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.common import clock
from renkei.foundation.common.clock import TOKYO
from renkei.programme.indicators.models import Sharing, Value
from renkei.programme.indicators.periods import fiscal
from renkei.programme.indicators.tests.factories import make_value, make_version
from renkei.programme.planning.documents.reports import NOTES, report_file
from renkei.programme.planning.models import (
    GoalState,
    GrantAnswer,
    GrantReply,
    ReportKind,
    ReportPack,
    Verdict,
)
from renkei.programme.planning.queries.plans import plan_door
from renkei.programme.planning.reporting.book import Book, digest_of
from renkei.programme.planning.reporting.numerals import has_loose_numbers, marks_in
from renkei.programme.planning.reporting.present import present_of
from renkei.programme.planning.reporting.records import present_text
from renkei.programme.planning.reporting.scope import Scope
from renkei.programme.planning.services import issues, meetings, plans, reports
from renkei.programme.planning.tests import factories

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 10, tzinfo=TOKYO)
SECRET = "架空医院の3,000万円の赤字"


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(NOW, tick=False)


def a_year() -> Any:
    """A plan with a review, a held and published meeting with a closed item, an issue."""
    sato = factories.sato()
    viewer = factories.viewer(sato)
    version = make_version(
        "A-P1", name="退院・退所加算", scenes=["hospital"], unit="回", decimals=0
    )
    for year, value in ((2024, 537), (2025, 552)):
        make_value(version, factories.town(), fiscal(year), value=value)
    small = make_version("X-SMALL", name="小さい数", scenes=["end"], unit="人", counts_persons=True)
    make_value(small, factories.town(), fiscal(2025), value=3, sharing=Sharing.OWN)
    plan = plans.make_plan(
        viewer=viewer,
        fiscal_year=2026,
        vision="最期まで、その人らしく暮らせる。",
        visions={"hospital": "入院しても3日で相談できる"},
    )
    door = plan_door(viewer, plan.uid)
    goal = plans.write_goal(
        door=door,
        fields={
            "scene": "hospital", "items": ["c"], "text": "連絡を年12回にする",
            "indicator_code": "A-P1", "target": Decimal(600), "due_year": 2027, "owner": "佐藤",
        },
    )  # fmt: skip
    plans.write_activity(
        door=door,
        fields={
            "name": "説明会", "items": ["d"], "scenes": ["hospital"], "targets": ["workers"],
            "owner": "佐藤", "result_text": "38事業所が来た", "goal": goal,
        },
    )  # fmt: skip
    plans.review_goal(
        door=door, goal=goal, state=GoalState.ONGOING, verdict=Verdict.CONTINUE, reason="あと2年"
    )
    council = factories.full_council()
    meeting = factories.meeting(council, date(2026, 10, 1))
    open_item = factories.item(meeting, "連絡の方法")
    closed = factories.item(meeting, SECRET, audience="closed", closed_reason="経営の情報")
    with clock.told_at(datetime(2026, 9, 1, 9, tzinfo=TOKYO)):
        factories.call(meeting)
    factories.held(meeting)
    factories.line(
        meeting, "10月から当番を置く", item=open_item, outcome="decided", owner="医師会",
        due_on=date(2027, 1, 31),
    )  # fmt: skip
    line = factories.line(
        meeting, f"{SECRET}を話した", item=closed, outcome="continued", audience="closed"
    )
    for state in ("minutes_draft", "minutes_confirmed", "published"):
        meetings.move_on(door=factories.at(meeting), to=meetings.S(state))
    issues.raise_issue(
        viewer=viewer,
        fields={"title": SECRET, "raised_from": "meeting", "council": council},
        cited=[f"minutes:{line.uid}"],
    )
    issues.raise_issue(
        viewer=viewer,
        fields={"title": "土日に連絡がつかない", "raised_from": "indicator", "council": council},
        cited=["indicator:A-P1|fiscal_year|2025"],
    )
    return viewer


def made(viewer: Any, kind: ReportKind = ReportKind.ANNUAL, year: int = 2026) -> ReportPack:
    return reports.make_pack(viewer=viewer, area=factories.town(), fiscal_year=year, kind=kind)


def texts_of_word(content: bytes) -> list[str]:
    """Every paragraph and every cell."""
    document = docx.Document(io.BytesIO(content))
    kinds = [one.tag.rpartition("}")[2] for one in document.element.body]
    assert ("tbl", "tbl") not in itertools.pairwise(kinds), "Word would show them as one table"
    rows = [row for table in document.tables for row in table.rows]
    return [one.text for one in document.paragraphs] + [
        cell.text for row in rows for cell in row.cells
    ]


@pytest.mark.parametrize("kind", sorted(ReportKind.values))
def test_t_q1_every_number_in_word_pdf_and_workbook_has_a_footnote_that_opens(kind):
    viewer = a_year()
    pack = made(viewer, ReportKind(kind))

    words = texts_of_word(report_file(pack, "docx"))
    notes = [one for one in words if re.match(r"［\d+］", one)]
    assert len(notes) == (1 if kind == ReportKind.ASSEMBLY else len(pack.content["notes"]))
    assert [one for one in words if has_loose_numbers(one) and one not in notes] == []
    book = openpyxl.load_workbook(io.BytesIO(report_file(pack, "xlsx")))
    cells = [str(cell.value) for row in book["報告"].rows for cell in row if cell.value]
    assert [one for one in cells if has_loose_numbers(one)] == []
    numbers = {one["number"] for one in pack.content["notes"]}
    assert {n for one in cells for n in marks_in(one)} == numbers
    assert [row[0].value for row in book[NOTES].iter_rows(min_row=2)] == [
        f"［{number}］" for number in sorted(numbers)
    ]
    assert loose_in_pdf(pack) == ""

    client = accounts.sign_in(Client(), factories.sato())
    other = accounts.sign_in(Client(), factories.other_town())
    for number in sorted(numbers):
        url = f"/planning/reports/{pack.uid}/notes/{number}/"
        assert client.get(url).status_code == 200
        assert other.get(url).status_code == 404
        assert Client().get(url).status_code in (302, 404)
    assert client.get(f"/planning/reports/{pack.uid}/notes/999/").status_code == 404


def loose_in_pdf(pack: ReportPack) -> str:
    """Digits of the PDF that stand in no text of the report, its head and its page numbers."""
    text = "".join(page.extract_text() for page in reader_of(pack).pages)
    plain = re.sub(r"\s+", "", text)
    content = pack.content
    known = [cell for block in content["blocks"] for cell in cells_of(block)]
    for one in content["notes"]:
        known += [
            one["label"],
            one["definition"].rstrip("。"),
            one["text"],
            one["source"],
            one["period"],
        ]
        known.append(f"［{one['number']}］")
    for one in sorted(known, key=len, reverse=True):
        plain = plain.replace(re.sub(r"\s+", "", one), "")
    plain = re.sub(r"令和\d+年(度|\d+月\d+日(発行|現在)?)|\d+/\d+", "", plain)
    return "".join(re.findall(r".{0,12}\d.{0,12}", plain))


def cells_of(block: dict[str, Any]) -> list[str]:
    if "text" in block:
        return [block["text"]]
    return [cell for row in block["rows"] for cell in row]


def reader_of(pack: ReportPack) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(report_file(pack, "pdf")))


def test_the_report_of_the_assembly_is_one_sheet():
    viewer = a_year()
    assert len(reader_of(made(viewer, ReportKind.ASSEMBLY)).pages) == 1


def test_what_is_closed_and_what_is_small_stands_in_no_report():
    viewer = a_year()
    for kind in ReportKind:
        pack = made(viewer, kind)
        kept = str(pack.content)
        assert "赤字" not in kept
        assert "3 人" not in kept
        reader = reader_of(pack)
        assert "赤字" not in "".join(page.extract_text() for page in reader.pages)
        assert "赤字" not in str(reader.metadata)


def test_t_q1_a_pack_prints_as_then_and_shows_what_was_revised(time_machine):
    viewer = a_year()
    pack = made(viewer)
    before = report_file(pack, "pdf")
    Value.objects.filter(indicator__code="A-P1", period="2025").update(value=Decimal(560))
    time_machine.move_to(datetime(2027, 5, 1, 9, tzinfo=TOKYO), tick=False)

    again = ReportPack.objects.get(pk=pack.pk)
    assert report_file(again, "pdf") == before
    assert digest_of(again.content) == again.digest
    client = accounts.sign_in(Client(), factories.sato())
    page = client.get(f"/planning/reports/{pack.uid}/").content.decode()
    assert "値が改訂されました" in page
    assert "付けた時は552 回、いまは560 回です。" in page
    fresh = made(viewer)
    assert "560 回" in str(fresh.content)


def test_counts_and_records_of_a_pack_are_compared_with_today():
    viewer = a_year()
    pack = made(viewer)
    scope = Scope(viewer, factories.town(), 2026, clock.today())
    notes = {one["label"]: one for one in pack.content["notes"]}
    assert {present_of(scope, one).problem for one in pack.content["notes"]} == {""}
    door = plan_door(viewer, scope.plan().uid)  # type: ignore[union-attr]
    goal = door.plan.goals.get()
    plans.write_goal(door=door, fields={"text": "連絡を年20回にする"}, goal=goal)
    plans.write_goal(
        door=door, fields={"scene": "hospital", "items": ["a"], "text": "調べる", "owner": "x"}
    )
    changed = present_of(scope, notes["目標"])
    assert changed.problem == "記録が直されました。いまは「連絡を年20回にする」です。"
    assert present_of(scope, notes["目標の数"]).problem == (
        "値が改訂されました。報告を作った時は1件、いまは2件です。"
    )
    stranger = Scope(
        factories.viewer(factories.other_town()), factories.town(), 2026, clock.today()
    )
    assert present_of(stranger, notes["目標"]).problem == "この記録は、いまは見られません。"
    assert present_of(stranger, notes["目標"]).url == ""
    gone = {"kind": "count", "counter": {"code": "gone", "key": "", "value": "1"}}
    assert present_of(scope, gone).problem == "この数は、いまは数えていません。"
    unknown = {"model": "gone", "uid": str(pack.uid), "field": "text", "value": ""}
    assert present_text(scope, unknown) is None
    assert present_of(scope, {"kind": "text"}).problem == ""


def test_words_with_numbers_of_no_record_get_a_footnote_as_well():
    book = Book(Scope(factories.viewer(factories.sato()), factories.town(), 2026, clock.today()))
    book.line("会場は2階です")
    book.line("令和8年度 第2回 資料1 A-P1 人口10万対")
    assert [one["text"] for one in book.blocks] == [
        "会場は2階です［1］",
        "令和8年度 第2回 資料1 A-P1 人口10万対",
    ]


@pytest.mark.parametrize(
    ("text", "loose"),
    [
        ("38.2 %", True),
        ("38.2 %［1］", False),
        ("38.2 %［1］と12件", True),
        ("令和8年11月22日（日）午後2時から", False),
        ("三か所", False),
        ("12件", True),
    ],
)
def test_loose_numbers(text, loose):
    assert has_loose_numbers(text) is loose


def test_an_empty_year_still_makes_every_report():
    viewer = factories.viewer(factories.sato())
    for kind in ReportKind:
        pack = made(viewer, kind, 2023)
        assert report_file(pack, "pdf").startswith(b"%PDF")
        assert report_file(pack, "xlsx").startswith(b"PK")


def test_a_council_paper_carries_its_meeting_and_agenda():
    a_year()
    council = factories.council(by=factories.sato(), name="次の協議会")
    meeting = factories.meeting(council, date(2026, 12, 10))
    factories.item(meeting, "指標の動きについて")
    factories.item(meeting, SECRET, audience="closed", closed_reason="経営の情報")
    client = accounts.sign_in(Client(), factories.sato())
    form = client.get(f"/planning/reports/?meeting={meeting.uid}").content.decode()
    assert "次の協議会" in form
    data = {"kind": "council", "fiscal_year": 2026, "area": factories.town().pk}
    sent = client.post("/planning/reports/", {**data, "meeting": str(meeting.uid)})
    pack = ReportPack.objects.get()
    assert sent["Location"] == f"/planning/reports/{pack.uid}/"
    text = "".join(texts_of_word(report_file(pack, "docx")))
    assert "令和8年12月10日（木）" in text
    assert "指標の動きについて" in text
    assert "552 回" in text
    assert "赤字" not in text
    detail = client.get(sent["Location"]).content.decode()
    assert f"/planning/councils/meetings/{meeting.uid}/" in detail


def test_pages_of_reports_for_their_office_alone():
    viewer = a_year()
    pack = made(viewer, ReportKind.GRANT)
    client = accounts.sign_in(Client(), factories.sato())
    assert "交付金の評価の根拠資料" in client.get("/planning/reports/").content.decode()
    for form in ("pdf", "docx", "xlsx", "zip"):
        found = client.get(f"/planning/reports/{pack.uid}/file.{form}")
        assert found.status_code == 200
        assert found["Content-Disposition"] == f'attachment; filename="grant-2026.{form}"'
    assert client.get(f"/planning/reports/{pack.uid}/file.exe").status_code == 404
    desk = accounts.sign_in(Client(), factories.desk())
    assert desk.get(f"/planning/reports/{pack.uid}/").status_code == 200
    assert desk.post("/planning/reports/", {"kind": "annual"}).status_code == 404
    other = accounts.sign_in(Client(), factories.other_town())
    assert other.get(f"/planning/reports/{pack.uid}/").status_code == 404
    assert other.get(f"/planning/reports/{pack.uid}/file.pdf").status_code == 404
    wrong = client.post("/planning/reports/", {"kind": "annual", "fiscal_year": 1999, "area": 1})
    assert wrong.status_code == 422


def test_nobody_makes_a_report_of_a_foreign_area_or_meeting():
    viewer = factories.viewer(factories.sato())
    with pytest.raises(ValidationError, match="この圏域"):
        reports.make_pack(
            viewer=viewer, area=factories.town("汐見町", "992020"), fiscal_year=2026,
            kind=ReportKind.ANNUAL,
        )  # fmt: skip
    past = factories.meeting(factories.council(by=factories.sato()), date(2026, 4, 2))
    with pytest.raises(ValidationError, match="この会議"):
        reports.make_pack(
            viewer=viewer, area=factories.town(), fiscal_year=2026, kind=ReportKind.COUNCIL,
            meeting=past,
        )  # fmt: skip
    with pytest.raises(ValidationError, match="この圏域"):
        reports.answer_grant(
            viewer=viewer, area=factories.town("汐見町", "992020"), fiscal_year=2026,
            question="issues", answer=GrantReply.MET, note="",
        )  # fmt: skip


def test_the_questions_of_the_grant_keep_three_ways_of_no_point_apart():
    viewer = a_year()
    client = accounts.sign_in(Client(), factories.sato())
    reports.answer_grant(
        viewer=viewer, area=factories.town(), fiscal_year=2025, question="sharing",
        answer=GrantReply.NOT_REPORTED, note="",
    )  # fmt: skip
    page = client.get("/planning/reports/grant/2026/").content.decode()
    assert "前の年度：報告しなかった" in page
    assert "足りない" in page
    url = "/planning/reports/grant/2026/sharing/"
    assert client.get(url).status_code == 200
    assert client.post(url, {"answer": ""}).status_code == 422
    assert client.post(url, {"answer": "short", "note": "様式が足りない"}).status_code == 302
    assert client.post(url, {"answer": "met", "note": ""}).status_code == 302
    assert GrantAnswer.objects.get(fiscal_year=2026).answer == GrantReply.MET
    assert "実施した" in client.get(url.replace("sharing/", "")).content.decode()
    assert client.get("/planning/reports/grant/1999/").status_code == 404
    assert client.get("/planning/reports/grant/2026/other/").status_code == 404
    assert "報告しなかった" in str(made(viewer, ReportKind.GRANT).content)
