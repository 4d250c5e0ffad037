from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from renkei.foundation.areas.models import (
    Area,
    AreaEdge,
    AreaLevel,
    AreaOffice,
    HierarchyCode,
    OfficeKind,
)
from renkei.foundation.areas.services import place_area, set_office
from renkei.foundation.areas.tests.factories import (
    json_file,
    make_area,
    municipalities_csv,
    take_in,
)
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.audit.models import AuditEvent

pytestmark = pytest.mark.django_db


def parents_of(area):
    edges = AreaEdge.objects.filter(child=area).order_by("period")
    return [(edge.parent, edge.period.lower, edge.period.upper) for edge in edges]


def place(child, parent, hierarchy=HierarchyCode.MEDICAL, valid_from=None):
    place_area(actor=SYSTEM, hierarchy=hierarchy, child=child, parent=parent, valid_from=valid_from)


def test_placing_ends_the_former_parent_on_the_day():
    child, first, second = (make_area() for _ in range(3))
    day = date(2024, 4, 1)

    place(child, first)
    place(child, second, valid_from=day)

    assert parents_of(child) == [(first, None, day), (second, day, None)]
    assert AuditEvent.objects.filter(action="areas.placed").count() == 2


def test_placing_from_always_replaces_what_was_there():
    child, first, second = (make_area() for _ in range(3))

    place(child, first, valid_from=date(2024, 4, 1))
    place(child, second)

    assert parents_of(child) == [(second, None, None)]


def test_members_of_two_unions_keep_both():
    child, first, second = (make_area() for _ in range(3))

    for parent in (first, second, second):
        place(child, parent, HierarchyCode.WIDE_AREA_UNION)

    assert {parent for parent, *_ in parents_of(child)} == {first, second}


def test_an_area_is_not_placed_inside_itself():
    child, middle, parent = (make_area() for _ in range(3))
    place(child, middle)
    place(middle, parent)

    with pytest.raises(ValidationError, match="含まれない圏域を選んでください。"):
        place(parent, child)


def test_offices_are_registered_once_and_changed():
    area = make_area()

    for phone in ("0999-00-0001", "0999-00-0002"):
        set_office(actor=SYSTEM, area=area, kind=OfficeKind.BASE, name="架空拠点", phone=phone)

    assert AreaOffice.objects.get().phone == "0999-00-0002"
    assert AuditEvent.objects.filter(action="areas.office_set").count() == 2


# Files -------------------------------------------------------------------------------------


def test_command_takes_a_folder_in_the_order_the_files_need(tmp_path):
    json_file(tmp_path, "a.json", {"reasons": {}, "changes": []})
    municipalities_csv(tmp_path)
    (tmp_path / ".hidden.csv").write_text("x")
    (tmp_path / "readme.txt").write_text("x")
    out, err = StringIO(), StringIO()

    with pytest.raises(CommandError, match="取り込めないファイルがありました"):
        call_command("import_areas", str(tmp_path), stdout=out, stderr=err)

    assert out.getvalue().startswith("municipalities.csv：市区町村の一覧。追加 7、変更 0")
    assert "a.json：変更の記録がありません。" in err.getvalue()


def test_command_reports_problems_with_their_number(tmp_path):
    rows = [("架空県", f"あ{n}市", "あし", "", "", "992011") for n in range(40)]
    out = StringIO()

    call_command("import_areas", str(municipalities_csv(tmp_path, rows)), stdout=out)

    lines = out.getvalue().splitlines()
    assert len([line for line in lines if line.startswith("  確認：")]) == 31
    assert lines[-1] == "  確認：ほか9件"


@pytest.mark.parametrize("option", ["--as-of", "--valid-from"])
def test_command_refuses_a_day_it_cannot_read(tmp_path, option):
    with pytest.raises(CommandError, match="2024-03-31 の形で指定してください"):
        call_command("import_areas", str(tmp_path), option, "令和6年")


def test_towns_have_a_command_of_their_own(tmp_path):
    path = tmp_path / "towns.csv"
    path.write_text(
        "都道府県名,市区町村名,大字町丁目名,小字・通称名,緯度,経度\n架空県,架空市,本町,,35,139\n"
    )
    out = StringIO()

    call_command("import_towns", str(path), "--as-of", "2024-03-31", stdout=out)

    assert "町丁目・字の位置。追加 1" in out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.json", b"{", "JSONとして読めません"),
        ("a.json", b"\xff\xfe", "JSONとして読めません"),
        ("a.json", b"[" * 100_000, "JSONとして読めません"),
        ("a.json", b"[]", "圏域の資料として読める形ではありません"),
        ("a.geojson", b'{"features": []}', "圏域の資料として読める形ではありません"),
        ("a.geojson", b'{"features": [{"properties": null}]}', "読める形ではありません"),
        ("a.geojson", b'{"features": 5}', "読める形ではありません"),
        ("a.csv", b"a,b\n1,2\n", "圏域の資料として読める形ではありません"),
        ("a.csv", b"", "ファイルが空です"),
        ("a.xlsx", b"%PDF-1.7", "PDFのファイルです"),
        ("a.zip", b"PK\x03\x04", "壊れています"),
    ],
)
def test_file_of_another_kind_is_refused_in_one_sentence(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_bytes(content)

    (told,) = take_in(path)

    assert isinstance(told, str)
    assert message in told
    assert not Area.objects.exists()


def test_missing_and_too_large_files_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("renkei.foundation.areas.importers.files._LARGEST_JSON", 5)
    large = tmp_path / "large.json"
    large.write_text("[1, 2, 3]")

    missing, too_large = take_in(tmp_path / "none.csv", large)

    assert "ファイルがありません" in str(missing)
    assert "ファイルが大きすぎます" in str(too_large)


def test_file_that_breaks_off_while_reading_writes_nothing(tmp_path):
    path = municipalities_csv(tmp_path)
    path.write_bytes(path.read_bytes()[:-20])

    (told,) = take_in(path)

    assert isinstance(told, str)
    assert not Area.objects.filter(level=AreaLevel.MUNICIPALITY).exists()
