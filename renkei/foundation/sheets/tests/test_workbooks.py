"""Workbooks out and in: everything comes back, mistakes are named by their cells."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import subprocess
import uuid
import zipfile

import openpyxl
import pytest

from renkei.foundation.sheets import workbooks
from renkei.foundation.sheets.answers import Values, content_from, values_of
from renkei.foundation.sheets.conditions import without_disabled
from renkei.foundation.sheets.definition import parse
from renkei.foundation.sheets.items import Absence, Code, ItemType
from renkei.foundation.sheets.models import Form, FormVersion, VersionState
from renkei.foundation.sheets.shipped import FORMS
from renkei.foundation.sheets.tests.filling import absent_content, maximal_values

BY_CODE = {form.code: form for form in FORMS}
CODES = sorted(BY_CODE)
DAY = dt.date(2026, 11, 22)
UID = uuid.UUID("5f0c3a52-7b34-4a5e-9d53-0d5f5e0f2a11")
SMALL = {
    "resourceType": "Questionnaire",
    "status": "active",
    "title": "小さな様式",
    "item": [
        {"linkId": "on", "text": "日", "type": "date"},
        {"linkId": "at", "text": "日時", "type": "dateTime"},
        {"linkId": "count", "text": "回数", "type": "integer"},
        {"linkId": "warm", "text": "体温", "type": "decimal"},
        {"linkId": "yes", "text": "同意", "type": "boolean"},
        {"linkId": "free", "text": "自由", "type": "text", "maxLength": 20},
        {
            "linkId": "kinds",
            "text": "種類",
            "type": "choice",
            "repeats": True,
            "answerOption": [
                {"valueCoding": {"code": "a", "display": "あ"}},
                {"valueCoding": {"code": "b", "display": "い"}},
            ],
            "extension": [
                {
                    "url": "https://renkei.example/fhir/StructureDefinition/absence",
                    "valueCode": "none",
                }
            ],
        },
        {
            "linkId": "open",
            "text": "方法",
            "type": "open-choice",
            "answerOption": [{"valueCoding": {"code": "x", "display": "電話"}}],
        },
        {
            "linkId": "rows",
            "text": "家族",
            "type": "group",
            "repeats": True,
            "item": [
                {"linkId": "rows.name", "text": "氏名", "type": "string", "required": True},
                {"linkId": "rows.age", "text": "年齢", "type": "integer"},
            ],
        },
        {"linkId": "photo", "text": "写真", "type": "attachment"},
    ],
}


def version_of(code):
    form = BY_CODE[code]
    return FormVersion(
        form=Form(code=form.code, name=form.name),
        uid=UID,
        number=form.number,
        issuer=form.issuer,
        source=form.source,
        questionnaire=form.questionnaire,
    )


def small_version(**rest):
    form = Form(code="small", name="小さな様式")
    return FormVersion(form=form, uid=UID, number=1, questionnaire=SMALL, **rest)


def edited(data, **cells):
    """The workbook with cells of its first sheet written over, as a person would do."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for place, value in cells.items():
        book.worksheets[0][place] = value
    return saved(book)


def saved(book):
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def place_of(data, key, column="B"):
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    (row,) = [cell.row for cell in sheet["E"] if cell.value == key]
    return f"{column}{row}"


def read_small(**cells):
    """The small form with these keys filled in: key=value, or key=(value, absence)."""
    data = workbooks.write(small_version(), on=DAY)
    places = {place_of(data, key): value for key, value in cells.items()}
    return workbooks.read(small_version(), edited(data, **places), on=DAY)


def whole(definition):
    """Everything a workbook can hold: no files, and one word per open question."""
    values = without_disabled(maximal_values(definition.items), definition)
    return {
        key: value
        for key, value in values.items()
        if definition.item(key).type != ItemType.ATTACHMENT
    }


@pytest.mark.parametrize("code", CODES)
def test_a_full_form_comes_back_from_its_workbook(code):
    version = version_of(code)
    definition = parse(version.questionnaire)
    values = whole(definition)

    data = workbooks.write(version, content_from(values, definition), on=DAY)
    back = workbooks.read(version, data, on=DAY)

    assert values_of(back.content, definition) == values
    assert back.problems == []


@pytest.mark.parametrize("code", CODES)
def test_absences_come_back_as_what_they_are(code):
    version = version_of(code)
    definition = parse(version.questionnaire)
    content = absent_content(definition)

    back = workbooks.read(version, workbooks.write(version, content, on=DAY), on=DAY)

    expected = without_disabled(values_of(content, definition), definition)
    returned = without_disabled(values_of(back.content, definition), definition)
    assert returned == expected


def test_the_workbook_is_locked_but_for_its_boxes_and_ready_to_print():
    data = workbooks.write(version_of("admission_info"), on=DAY)
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet, lists = book.worksheets

    assert sheet.title == "入院時情報提供書"
    assert sheet.freeze_panes == "A6"
    assert sheet.protection.sheet
    assert sheet.print_area == f"'入院時情報提供書'!$A$1:$D${sheet.max_row}"
    assert sheet.print_title_rows == "$5:$5"
    assert sheet.column_dimensions["E"].hidden
    assert lists.sheet_state == "hidden"
    written_on = sheet[place_of(data, "head.written_on")]
    assert not written_on.protection.locked
    assert 'ggge"年"m"月"d"日"' in written_on.number_format
    assert sheet["A6"].protection.locked


def test_the_workbook_offers_the_options_of_the_form_as_lists():
    data = workbooks.write(version_of("admission_info"), on=DAY)
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet, lists = book.worksheets

    place = place_of(data, "certification.state")
    (rule,) = [each for each in sheet.data_validations.dataValidation if place in each.sqref]
    first, last = rule.formula1.removeprefix("'選択肢'!").replace("$", "").split(":")

    assert [row[0].value for row in lists[first:last]] == [
        "申請中",
        "認定済",
        "未申請",
        "区分変更申請中",
    ]


def test_a_formula_in_an_answer_stays_a_text():
    values: Values = {"free": ["=1+1"], "rows": [{"rows.name": ["@SUM(A1)"]}]}
    content = content_from(values, parse(SMALL))

    data = workbooks.write(small_version(), content, on=DAY)

    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    cell = sheet[place_of(data, "free")]
    assert (cell.data_type, cell.value, cell.number_format) == ("s", "=1+1", "@")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml").split(b"<dataValidations")[0]
    assert values_of(workbooks.read(small_version(), data, on=DAY).content, parse(SMALL)) == values


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [
        ("on", "令和8年11月22日", dt.date(2026, 11, 22)),
        ("on", dt.date(2026, 11, 22), dt.date(2026, 11, 22)),
        ("count", "１２", 12),
        ("yes", "いいえ", False),
        ("open", "電話", Code("x", "電話")),
        ("open", "のろし", "のろし"),
    ],
)
def test_what_people_type_is_understood(key, typed, value):
    back = read_small(**{key: typed})

    assert back.problems == []
    assert values_of(back.content, parse(SMALL)) == {key: [value]}


@pytest.mark.parametrize("mark", ["○", "〇", "◯", "レ", "1"])
def test_any_usual_mark_chooses_an_option(mark):
    back = read_small(**{"kinds=b": mark})

    assert values_of(back.content, parse(SMALL)) == {"kinds": [Code("b", "い")]}


@pytest.mark.parametrize(
    ("key", "typed", "words"),
    [
        ("on", "2026年13月1日", "2026年13月1日という日はありません。"),
        ("count", "たくさん", "整数で"),
        ("kinds=a", "たぶん", "選ぶときは○を入れ"),
        ("free", "あ" * 21, "20文字"),
    ],
)
def test_a_mistake_is_named_with_sheet_cell_value_and_remedy(key, typed, words):
    data = workbooks.write(small_version(), on=DAY)
    place = place_of(data, key)

    back = workbooks.read(small_version(), edited(data, **{place: typed}), on=DAY)

    (problem,) = back.problems
    assert (problem.sheet, problem.cell) == ("小さな様式", place)
    assert problem.value == typed[:40]
    assert words in problem.message
    assert str(problem).startswith(f"シート「小さな様式」のセル{place}：「{typed[:40]}」：")
    assert problem.message.endswith("。")


def test_a_value_beside_its_absence_is_told():
    data = workbooks.write(small_version(), on=DAY)
    places = {place_of(data, "kinds=a"): "○", place_of(data, "kinds", "C"): "なし"}

    back = workbooks.read(small_version(), edited(data, **places), on=DAY)

    (problem,) = back.problems
    assert problem.cell == place_of(data, "kinds", "C")
    assert "記入欄にも値があります" in problem.message


def test_an_unknown_absence_is_told():
    data = workbooks.write(small_version(), on=DAY)

    back = workbooks.read(
        small_version(), edited(data, **{place_of(data, "kinds", "C"): "さあ"}), on=DAY
    )

    (problem,) = back.problems
    assert problem.message == "なしから選ぶか、空欄にしてください。"


def test_a_problem_in_a_row_is_shown_where_the_row_stands_on_the_sheet():
    data = workbooks.write(small_version(), on=DAY)
    # The first row of the family is empty, the third lacks its name.
    places = {
        place_of(data, "rows[1]/rows.name"): "架空 一郎",
        place_of(data, "rows[2]/rows.age"): "40",
    }

    back = workbooks.read(small_version(), edited(data, **places), on=DAY)

    assert values_of(back.content, parse(SMALL)) == {
        "rows": [{"rows.name": ["架空 一郎"]}, {"rows.age": [40]}]
    }
    (problem,) = back.problems
    assert problem.cell == place_of(data, "rows[2]/rows.name")


def test_inserted_rows_and_columns_change_nothing():
    data = workbooks.write(small_version(), on=DAY)
    book = openpyxl.load_workbook(io.BytesIO(edited(data, **{place_of(data, "count"): 3})))
    book.worksheets[0].insert_rows(4)
    book.worksheets[0].insert_cols(2)

    back = workbooks.read(small_version(), saved(book), on=DAY)

    assert values_of(back.content, parse(SMALL)) == {"count": [3]}


def test_a_copied_sheet_is_read():
    data = workbooks.write(small_version(), on=DAY)
    book = openpyxl.load_workbook(io.BytesIO(data))
    copy = book.copy_worksheet(book.worksheets[0])
    copy[place_of(data, "count")] = 3

    back = workbooks.read(small_version(), saved(book), on=DAY)

    assert values_of(back.content, parse(SMALL)) == {"count": [3]}


def test_two_sheets_filled_in_differently_are_refused_by_name():
    data = workbooks.write(small_version(), on=DAY)
    book = openpyxl.load_workbook(io.BytesIO(edited(data, **{place_of(data, "count"): 4})))
    book.copy_worksheet(book.worksheets[0])[place_of(data, "count")] = 3

    with pytest.raises(workbooks.WorkbookRefusedError, match="「小さな様式」と「小さな様式 Copy」"):
        workbooks.read(small_version(), saved(book), on=DAY)


def test_a_workbook_of_another_form_is_refused_with_the_reason():
    data = workbooks.write(version_of("care_card"), on=DAY)

    with pytest.raises(workbooks.WorkbookRefusedError, match="「医療・介護連携カード」の表です"):
        workbooks.read(version_of("emergency_kit"), data, on=DAY)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空です"),
        (b"a,b\n1,2\n", "Excelの表（xlsx）ではありません"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04 broken", "壊れています"),
    ],
)
def test_what_is_no_workbook_is_refused_in_one_sentence(data, words):
    with pytest.raises(workbooks.WorkbookRefusedError, match=words):
        workbooks.read(small_version(), data, on=DAY)


def test_a_workbook_of_somebodys_own_is_refused():
    with pytest.raises(workbooks.WorkbookRefusedError, match="様式の印がありません"):
        workbooks.read(small_version(), saved(openpyxl.Workbook()), on=DAY)


def make_version(form, number, state, questionnaire=SMALL):
    return FormVersion.objects.create(
        form=form,
        number=number,
        state=state,
        period=(dt.date(2020 + number, 4, 1), dt.date(2021 + number, 4, 1)),
        questionnaire=questionnaire,
    )


@pytest.mark.django_db
def test_a_workbook_of_an_older_version_is_read_by_its_own():
    form = Form.objects.create(code="small", name="小さな様式")
    old = make_version(form, 1, VersionState.WITHDRAWN)
    new = make_version(form, 2, VersionState.PUBLISHED, {**SMALL, "item": SMALL["item"][:1]})
    data = workbooks.write(old, on=DAY)

    back = workbooks.read(new, edited(data, **{place_of(data, "count"): 3}), on=DAY)

    assert back.version == old
    assert values_of(back.content, parse(SMALL)) == {"count": [3]}


@pytest.mark.django_db
@pytest.mark.parametrize("mark", [str(UID), "消えた"])
def test_a_workbook_of_a_version_nobody_published_is_refused(mark):
    form = Form.objects.create(code="small", name="小さな様式")
    old, new = (
        make_version(form, 1, VersionState.DRAFT),
        make_version(form, 2, VersionState.PUBLISHED),
    )
    data = workbooks.write(old, on=DAY)
    data = data if mark == str(UID) else edited(data, E4=mark)

    with pytest.raises(workbooks.WorkbookRefusedError, match="第1版"):
        workbooks.read(new, data, on=DAY)


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not on this machine")
def test_a_workbook_survives_libreoffice(tmp_path):
    version = version_of("discharge_record")
    definition = parse(version.questionnaire)
    values = whole(definition)
    (tmp_path / "in").mkdir()
    source = tmp_path / "in" / "form.xlsx"
    source.write_bytes(workbooks.write(version, content_from(values, definition), on=DAY))

    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            str(tmp_path),
            str(source),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    data = (tmp_path / "form.xlsx").read_bytes()
    back = workbooks.read(version, data, on=DAY)

    assert values_of(back.content, definition) == values
    assert back.problems == []
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert sheet.protection.sheet
    assert len(sheet.data_validations.dataValidation) > 10


def test_an_absence_is_written_into_its_own_column():
    content = content_from({"kinds": [Absence.NONE]}, parse(SMALL))

    data = workbooks.write(small_version(), content, on=DAY)

    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert sheet[place_of(data, "kinds", "C")].value == "なし"
