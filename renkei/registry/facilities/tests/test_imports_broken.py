"""Bad input: one clear sentence with place and remedy, and nothing is written."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renkei.foundation.common.spreadsheets.problems import UnreadableFile
from renkei.registry.facilities import queries_imports as queries
from renkei.registry.facilities.importers.detect import date_in, recognise
from renkei.registry.facilities.models import (
    Change,
    ImportState,
    Repair,
    Service,
    StagedRow,
)
from renkei.registry.facilities.services import preview as making
from renkei.registry.facilities.tests.official_files import (
    CARE_HEADER,
    bring_in,
    care_row,
    make_region,
    preview,
    write_csv,
    zipped,
)

NUMBERS = [f"9960190{n}3" for n in range(10, 14)]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def region():
    return make_region()


def rows():
    return [care_row(number) for number in NUMBERS]


def text_of(header, lines):
    return "\r\n".join([",".join(header), *(",".join(line) for line in lines)]) + "\r\n"


def school(path):
    path.write_text(
        text_of(["学校コード", "学校名", "設置区分", "児童数"], [["1", "架空小", "市", "100"]]),
        "utf-8",
    )


def without_number(path):
    write_csv(path, rows(), header=[h for h in CARE_HEADER if h != "事業所番号"])


def doubled_column(path):
    lines = [["x"] * 25]
    path.write_text(text_of([*CARE_HEADER, "事業所名"], lines), "utf-8")


def noise(path):
    path.write_bytes(bytes(range(256)) * 4000)


def nothing(path):
    path.write_bytes(b"")


def cut_zip(path):
    write_csv(path, rows())
    data = Path(zipped(path)).read_bytes()
    path.write_bytes(data[: len(data) // 2])


def bomb(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("jigyosho_130.csv", b"0" * (64 * 1024 * 1024))


def pdf(path):
    path.write_bytes(b"%PDF-1.7 ...")


def web_page(path):
    path.write_text("<!doctype html><html><body>404</body></html>", "utf-8")


def cut_line(path):
    write_csv(path, rows())
    data = path.read_bytes()
    path.write_bytes(data[:-90])


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (
            school,
            "取り込める公表データではありません（見出しは「学校コード」、「学校名」、「設置区分」など）",
        ),
        (without_number, "見出し「事業所番号」の列がありません"),
        (doubled_column, "見出し「事業所名」の列が2つ以上あります"),
        (noise, ""),
        (nothing, "ファイルが空です"),
        (cut_zip, "途中で切れているか、壊れています"),
        (bomb, "大きくなりすぎる"),
        (pdf, "PDFのファイルです"),
        (web_page, "Webページ（HTML）です"),
        (cut_line, "途中"),
    ],
)
def test_unusable_file_gives_one_sentence_and_writes_nothing(tmp_path, make, sentence):
    path = tmp_path / "jigyosho_130.csv"
    make(path)

    run = preview(str(path))

    assert run.state == ImportState.FAILED
    assert run.error.startswith("jigyosho_130.csv")
    assert sentence in run.error
    assert run.error.endswith("。")
    assert (Service.objects.count(), StagedRow.objects.count(), Repair.objects.count()) == (0, 0, 0)


def test_one_bad_file_among_good_ones_stops_all(tmp_path):
    good = write_csv(tmp_path / "jigyosho_130.csv", rows())
    school(tmp_path / "schools.csv")

    run = preview(good, str(tmp_path / "schools.csv"))

    assert (run.state, StagedRow.objects.count()) == (ImportState.FAILED, 0)


def test_missing_and_empty_folders_are_named(tmp_path):
    assert "見つかりません" in preview(str(tmp_path / "nowhere.csv")).error
    (tmp_path / "empty").mkdir()
    assert "取り込めるファイルのないフォルダー" in preview(str(tmp_path / "empty")).error


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_every_encoding_of_an_office_comes_in(tmp_path, encoding):
    path = write_csv(tmp_path / "jigyosho_130.csv", rows(), encoding=encoding)

    bring_in(path)

    assert Service.objects.filter(name__startswith="訪問看護ステーション").count() == 4


def test_columns_are_found_by_name_wherever_they_stand(tmp_path):
    renamed = [
        {
            ("事業所名称" if h == "事業所名" else "方書" if h.startswith("方書") else h): v
            for h, v in row.items()
        }
        for row in rows()
    ]
    header = ["係のメモ", *reversed(renamed[0])]

    run = bring_in(write_csv(tmp_path / "jigyosho_130.csv", renamed, header=header))

    assert Service.objects.count() == 4
    assert "知らない列（「係のメモ」など）" in run.files.get().notes[0]


def test_seventeen_columns_with_lost_zeros_come_in_repaired(tmp_path):
    kept = [
        h
        for h in CARE_HEADER
        if h not in {"備考", "URL", "定員", "No", "方書（ビル名等）", "FAX番号", "法人番号"}
    ]
    row = care_row(
        "0160190013", code="12025", prefecture="北海道", municipality="函館市", phone="138551113"
    )
    row["事業所番号"] = "160190013"

    run = preview(write_csv(tmp_path / "jigyosho_130.csv", [row], header=kept))

    assert run.counts["added"] == 1
    staged = StagedRow.objects.get()
    assert (staged.source_key, staged.phone) == ("0160190013", "0138-55-1113")
    assert Repair.objects.filter(reason="leading_zero").count() == 2


def test_row_that_is_too_wide_or_has_private_characters_is_refused_alone(tmp_path):
    path = tmp_path / "jigyosho_130.csv"
    write_csv(path, [*rows(), care_row("9960190302", name="架空\ue000ステーション")])
    with path.open("ab") as stream:
        stream.write((",".join(["x"] * 27) + "\r\n").encode())

    run = preview(str(path))

    assert queries.run_summary(run).reconciliation == "6行＝追加4＋読めない行2。"
    first, second = queries.run_summary(run).problems
    assert "外字（U+E000）が使われています" in first
    assert "列が27列あり" in second


def test_unreadable_row_of_a_known_record_has_not_vanished(tmp_path):
    path = tmp_path / "jigyosho_130.csv"
    bring_in(write_csv(path, rows()))
    broken = rows()
    broken[0] = care_row(NUMBERS[0], name="架空\ue000ステーション")

    run = preview(write_csv(path, broken))

    assert (run.counts["refused"], run.counts["vanished"]) == (1, 0)
    assert not Change.objects.exists()


def test_rows_of_another_service_are_refused(tmp_path):
    path = write_csv(
        tmp_path / "jigyosho_130.csv", [care_row(NUMBERS[0], kind="訪問介護"), *rows()[1:]]
    )

    run = preview(path)

    assert run.counts["refused"] == 1
    assert "サービスごとのファイルに分けてください" in queries.run_summary(run).problems[0]


def test_table_of_several_services_does_not_look_for_vanished_ones(tmp_path):
    path = write_csv(
        tmp_path / "care_service.csv", [care_row(NUMBERS[0], kind="訪問介護"), *rows()[1:]]
    )
    bring_in(path)

    run = bring_in(
        write_csv(tmp_path / "care_service.csv", [care_row(NUMBERS[0], kind="訪問介護")])
    )

    assert Service.objects.count() == 4
    assert run.counts["vanished"] == 0


def test_unknown_service_is_refused_with_its_name(tmp_path):
    run = preview(
        write_csv(tmp_path / "care.csv", [*rows(), care_row("9960190302", kind="空の旅")])
    )

    assert "サービスの種類が分かりません" in queries.run_summary(run).problems[0]


def test_number_is_taken_from_the_second_column(tmp_path):
    row = care_row(NUMBERS[0])
    row["事業所番号"] = "番号"

    preview(write_csv(tmp_path / "jigyosho_130.csv", [row]))

    assert StagedRow.objects.get().source_key == NUMBERS[0]
    assert Repair.objects.filter(reason="number_from_other_column").exists()


def test_unexpected_error_is_told_and_raised(tmp_path, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(making, "make_preview", broken)
    with pytest.raises(RuntimeError):
        preview(write_csv(tmp_path / "jigyosho_130.csv", rows()))

    assert "運用者に連絡してください" in queries.runs()[0].error
    assert queries.open_run() is None


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.text(max_size=8), min_size=1, max_size=6), min_size=1, max_size=5))
def test_any_table_is_read_or_refused_with_a_sentence(lines):
    try:
        recognise(lines[0], place="架空.csv", name="架空.csv")
        sentence = "読めた。"
    except UnreadableFile as refused:
        sentence = str(refused)

    assert sentence.endswith("。")


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("01-1_hospital_facility_info_20250601.csv", "2025-06-01"),
        ("jigyosho_130_all_20251231120000.csv", "2025-12-31"),
        ("2025-06-01.zip › x.csv", "2025-06-01"),
        ("jigyosho_130.csv", "None"),
        ("99999999.csv", "None"),
        ("20250231.csv", "None"),
    ],
)
def test_day_in_a_file_name(name, day):
    assert str(date_in(name)) == day
