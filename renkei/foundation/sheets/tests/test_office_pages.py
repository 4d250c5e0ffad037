"""An office brings its own Excel, names the cells, tries it, and nobody else sees it."""

from __future__ import annotations

import io
import uuid

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.tests import factories as people
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.papers.files import destroy_file, read_file
from renkei.foundation.sheets import services, workbooks
from renkei.foundation.sheets.models import OfficeWorkbook
from renkei.foundation.sheets.office.mapping import CellName
from renkei.foundation.sheets.office.package import WorkbookBrokenError
from renkei.foundation.sheets.tests.factories import content, item, make_version

pytestmark = pytest.mark.django_db
LIST = reverse("sheets:office_workbook_list")


def paper(*, sheets=("様式",)):
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name in sheets:
        sheet = book.create_sheet(name)
        sheet["A1"] = "氏名"
        sheet["A2"] = "体重"
        sheet["C2"] = "=B2*2"
        sheet["A3"] = "状態"
        sheet["B3"] = "□良　□不良"
        sheet.merge_cells("B1:D1")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.fixture
def version(db):
    good = {"valueCoding": {"code": "g", "display": "良"}}
    return make_version(
        item("name", "string", "氏名", required=True),
        item("weight", "decimal", "体重"),
        item("state", "choice", "状態", answerOption=[good]),
        item("on", "date", "日"),
        item("at", "dateTime", "日時"),
        item("count", "integer", "回数"),
        item("yes", "boolean", "同意"),
    )


@pytest.fixture
def nurse():
    return people.takahashi()


@pytest.fixture
def client(nurse):
    return people.sign_in(Client(), nurse)


def office_of(user):
    return user.memberships.get().organisation_id


def bring(client, version, data, name="用紙.xlsx"):
    file = SimpleUploadedFile(name, data)
    return client.post(LIST, {"version": str(version.uid), "file": file})


def registered(version, user, **mapped):
    workbook = services.register_office_workbook(
        actor=SYSTEM,
        version=version,
        organisation_id=office_of(user),
        content=paper(),
        name="用紙.xlsx",
    )
    cells = {key: CellName("様式", cell) for key, cell in mapped.items()}
    return services.map_cells(actor=SYSTEM, workbook=workbook, mapped=cells) if cells else workbook


def url(name, workbook):
    return reverse(f"sheets:office_workbook_{name}", args=[workbook.uid])


def test_an_office_without_workbooks_is_told_what_to_do(client, version):
    page = client.get(LIST).content.decode()

    assert "登録したExcelはありません" in page
    assert str(version) in page


def test_a_workbook_is_brought_its_cells_suggested_confirmed_and_tried(client, version, nurse):
    response = bring(client, version, paper())
    workbook = OfficeWorkbook.objects.get()
    assert response["Location"] == url("cells", workbook)
    assert workbook.organisation_id == office_of(nurse)

    page = client.get(url("cells", workbook)).content.decode()
    assert "3個のセルを提案しました" in page
    assert 'value="B1"' in page
    # Nothing is filled in by a suggestion alone.
    assert workbook.mapping == {}

    answer = client.post(url("cells", workbook), {"cell_0": "ｂ１", "cell_1": "B2", "cell_2": "B3"})
    assert answer["Location"] == url("cells", workbook)
    trial = client.get(url("trial", workbook))
    sheet = openpyxl.load_workbook(io.BytesIO(trial.content)).worksheets[0]
    assert [sheet[cell].value for cell in ("B1", "B2", "B3")] == ["氏名", 12.3, "■良　□不良"]
    assert "ためしに記入したExcel" in client.get(url("cells", workbook)).content.decode()
    assert "3個のセルを決めました" in client.get(LIST).content.decode()


def test_an_answer_is_filled_into_the_offices_workbook(version, nurse):
    workbook = registered(version, nurse, name="B1", weight="B2")

    data = workbooks.fill_office_workbook(workbook, content(version, name="架空 花子"))

    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert sheet["B1"].value == "架空 花子"
    assert sheet["B2"].value is None
    assert [str(merged) for merged in sheet.merged_cells.ranges] == ["B1:D1"]


def test_every_kind_of_answer_is_tried(client, version, nurse):
    cells = {"on": "F1", "at": "F2", "count": "F3", "yes": "F4", "state=g": "F5"}
    workbook = registered(version, nurse, **cells)

    trial = client.get(url("trial", workbook))

    sheet = openpyxl.load_workbook(io.BytesIO(trial.content)).worksheets[0]
    assert "年" in sheet["F1"].value
    assert sheet["F2"].value.endswith("09:30")
    assert [sheet[cell].value for cell in ("F3", "F4", "F5")] == [123, "はい", "○"]
    assert trial["Content-Disposition"].startswith("attachment; filename=")


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"cell_0": "となり"}, "セルの名前ではありません"),
        ({"cell_0": "C2"}, "計算式があります"),
        ({"cell_0": "B2", "cell_1": "B2"}, "ほかの項目も対応しています"),
    ],
)
def test_a_wrong_cell_is_told_at_its_field_and_nothing_is_kept(
    client, version, nurse, cells, words
):
    workbook = registered(version, nurse)

    response = client.post(url("cells", workbook), cells)

    assert response.status_code == 422
    assert words in response.content.decode()
    workbook.refresh_from_db()
    assert workbook.mapping == {}


def test_options_get_fields_of_their_own_when_asked(client, version, nurse):
    workbook = registered(version, nurse)

    plain = client.get(url("cells", workbook)).content.decode()
    whole = client.get(url("cells", workbook), {"options": "1"}).content.decode()

    assert "状態：良" not in plain
    assert "状態：良" in whole


def test_several_sheets_are_named_and_shown_one_by_one(client, version, nurse):
    workbook = services.register_office_workbook(
        actor=SYSTEM,
        version=version,
        organisation_id=office_of(nurse),
        content=paper(sheets=("表", "裏")),
        name="用紙.xlsx",
    )

    page = client.get(url("cells", workbook), {"sheet": "裏"}).content.decode()
    client.post(url("cells", workbook), {"cell_0": "裏!B1"})

    assert "シート「裏」" in page
    workbook.refresh_from_db()
    assert workbook.mapping == {"cells": {"name": {"sheet": "裏", "cell": "B1"}}}
    assert 'value="裏!B1"' in client.get(url("cells", workbook)).content.decode()


def test_a_large_sheet_is_shown_in_part(client, version, nurse):
    book = openpyxl.Workbook()
    book.worksheets[0]["AD200"] = "遠い"
    book.worksheets[0].merge_cells("Y1:AC2")
    stream = io.BytesIO()
    book.save(stream)
    workbook = services.register_office_workbook(
        actor=SYSTEM,
        version=version,
        organisation_id=office_of(nurse),
        content=stream.getvalue(),
        name="x.xlsx",
    )

    page = client.get(url("cells", workbook)).content.decode()

    assert "はじめの部分だけを見せています" in page
    assert 'colspan="2" rowspan="2"' in page


@pytest.mark.parametrize("data", [b"", b"a,b\n", b"PK\x03\x04"])
def test_what_is_no_workbook_is_refused_on_the_page(client, version, data):
    response = bring(client, version, data)

    assert response.status_code == 422
    assert not OfficeWorkbook.objects.exists()


def test_a_new_file_takes_the_place_of_the_old_one(client, version, nurse):
    old = registered(version, nurse, name="B1")

    bring(client, version, paper())

    old.refresh_from_db()
    assert old.withdrawn_at is not None
    assert OfficeWorkbook.objects.filter(withdrawn_at=None).count() == 1
    with pytest.raises(ValidationError, match="使われなくなりました"):
        services.map_cells(actor=SYSTEM, workbook=old, mapped={})


def test_a_workbook_is_taken_away_once(client, version, nurse):
    workbook = registered(version, nurse)

    client.post(url("withdraw", workbook))
    services.withdraw_office_workbook(actor=SYSTEM, workbook=workbook)

    assert client.get(url("cells", workbook)).status_code == 404
    acts = list(AuditEvent.objects.values_list("action", flat=True))
    assert acts.count("sheets.office_workbook_withdrawn") == 1


def test_another_office_does_not_learn_of_a_workbook(version, nurse):
    workbook = registered(version, nurse, name="B1")
    stranger = people.sign_in(Client(), people.tanaka())

    for name in ("cells", "trial"):
        known = stranger.get(url(name, workbook))
        unknown = stranger.get(reverse(f"sheets:office_workbook_{name}", args=[uuid.uuid4()]))
        assert known.status_code == unknown.status_code == 404
        assert known.content == unknown.content
    assert stranger.post(url("withdraw", workbook)).status_code == 404


def test_a_destroyed_file_is_not_found(client, version, nurse):
    workbook = registered(version, nurse)
    destroy_file(actor=SYSTEM, stored=workbook.file)

    assert client.get(url("cells", workbook)).status_code == 404


def test_a_role_without_an_organisation_sees_nothing(version):
    user = people.make_user()
    client = people.sign_in(Client(), user)

    assert client.get(LIST).status_code == 404


def test_each_write_is_one_event_without_names(version, nurse):
    workbook = registered(version, nurse, name="B1")

    events = AuditEvent.objects.filter(action__startswith="sheets.office_workbook").order_by("pk")
    assert [event.action for event in events] == [
        "sheets.office_workbook_registered",
        "sheets.office_workbook_mapped",
    ]
    assert all("用紙" not in str(event.detail) for event in events)
    assert read_file(workbook.file)[:2] == b"PK"


def test_the_list_asks_the_database_as_often_for_one_as_for_three(client, nurse):
    counts = {}
    for number in range(1, 4):
        registered(make_version(code=f"form-{number}", name=f"様式{number}"), nurse)
        client.get(LIST)
        with CaptureQueriesContext(connection) as captured:
            page = client.get(LIST).content.decode()
        counts[page.count("セルを決めていません")] = len(captured)

    assert counts[1] == counts[3]


def test_a_book_without_a_visible_sheet_is_refused(version, nurse, monkeypatch):
    monkeypatch.setattr("renkei.foundation.sheets.services.office_workbooks.Package.sheets", {})

    with pytest.raises(ValidationError, match="表示されているシートがありません"):
        registered(version, nurse)


def test_roles_that_fill_in_forms_may_bring_their_papers(version):
    assert people.sign_in(Client(), people.member(Role.DESK)).get(LIST).status_code == 200
    assert (
        people.sign_in(Client(), people.member(Role.MUNICIPAL_STAFF)).get(LIST).status_code == 404
    )
    assert issubclass(WorkbookBrokenError, ValidationError)
