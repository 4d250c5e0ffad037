from __future__ import annotations

from datetime import date

import pytest

from renkei.foundation.areas.importers.municipal_changes import Change, Span, spans_of
from renkei.foundation.areas.models import Area, AreaChange, AreaEdge, AreaLevel, ChangeKind
from renkei.foundation.areas.tests.factories import (
    BIG,
    CITY,
    MUNICIPALITIES,
    TOWN,
    WEST,
    change_entry,
    code_of,
    counted,
    json_file,
    make_area,
    municipalities_csv,
    take_in,
    taken_in,
)
from renkei.foundation.audit.models import AuditEvent

pytestmark = pytest.mark.django_db


def changes_file(folder, *entries):
    return json_file(folder, "changes.json", {"reasons": {}, "changes": list(entries)})


def test_list_makes_municipalities_wards_and_what_is_above(tmp_path):
    report = taken_in(municipalities_csv(tmp_path))

    assert counted(report) == (7, 0, 0)
    ward = Area.objects.get(code=WEST)
    assert (ward.name, ward.kana, ward.level) == ("大架空市西区", "オオカクウシニシク", "ward")
    # 0,0 is "unknown", not a place.
    assert Area.objects.get(code=TOWN).latitude is None
    parents = AreaEdge.objects.values_list("child__name", "parent__name")
    assert set(parents) == {
        ("架空県", "日本"),
        ("大架空市", "架空県"),
        ("架空市", "架空県"),
        ("海辺町", "架空県"),
        ("大架空市東区", "大架空市"),
        ("大架空市西区", "大架空市"),
    }
    event = AuditEvent.objects.get()
    assert (event.action, event.detail["added"]) == ("areas.file_imported", 7)


def test_list_a_second_time_changes_nothing_and_corrections_are_told(tmp_path):
    take_in(municipalities_csv(tmp_path))

    again = taken_in(municipalities_csv(tmp_path))
    renamed = taken_in(
        municipalities_csv(tmp_path, [("架空県", "架空ヶ丘市", "かくうがおかし", "", "x", CITY)])
    )

    assert counted(again) == (0, 0, 5)
    assert counted(renamed) == (0, 1, 0)
    assert renamed.problems == [f"「架空市」の名称を「架空ヶ丘市」に改めました（{CITY}）。"]
    assert Area.objects.filter(level=AreaLevel.MUNICIPALITY).count() == 3


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (("架空県", "あ市", "あし", "", "", "992021"), "検査数字が合いません"),
        (("福岡県", "あ市", "あし", "", "", code_of("99202")), "とコード"),
        (("架空県", " ", "あし", "", "", code_of("99202")), "市区町村名が空です"),
        (MUNICIPALITIES[0], "2回あります"),
    ],
)
def test_wrong_row_is_told_and_left_out(tmp_path, row, problem):
    report = taken_in(municipalities_csv(tmp_path, [MUNICIPALITIES[0], row]))

    assert [problem in text for text in report.problems] == [True]
    assert report.problems[0].startswith("3行目：")


def test_list_without_a_readable_row_is_refused(tmp_path):
    told = take_in(municipalities_csv(tmp_path, [("福岡県", "あ市", "あし", "", "", BIG)]))

    assert told == ["municipalities.csv：読める市区町村がありません。ファイルを確かめてください。"]
    assert not Area.objects.exists()


def test_t_r2_merger_of_the_file_gives_periods_and_links(tmp_path):
    changes = changes_file(
        tmp_path,
        change_entry(
            "2024-04-01",
            "establishmentOfNewMunicipalityByMerging",
            ("99302", "山町"),
            (CITY[:5], "架空市"),
        ),
        change_entry(
            "2024-04-01",
            "establishmentOfNewMunicipalityByMerging",
            ("99303", "川町"),
            (CITY[:5], "架空市"),
        ),
        change_entry("2020-04-01", "absorption", ("99304", "小村"), (TOWN[:5], "海辺町")),
        change_entry("2020-04-01", "abolishmentOfDistrict", ("99300", "北郡"), ("99301", "海辺町")),
    )

    first = take_in(municipalities_csv(tmp_path), changes)[1]
    again = taken_in(changes)

    assert counted(first) == (6, 1, 1)
    assert first.notes == ["郡の廃止など 1件は市区町村の変更ではないので除きました。"]
    assert counted(again) == (0, 0, 8)
    new = Area.objects.get(code=CITY)
    assert (new.period.lower, new.period.upper) == (date(2024, 4, 1), None)
    assert Area.objects.get(name="山町").period.upper == date(2024, 4, 1)
    assert set(AreaChange.objects.values_list("old__name", "new__name", "kind")) == {
        ("山町", "架空市", ChangeKind.NEW_BY_MERGER),
        ("川町", "架空市", ChangeKind.NEW_BY_MERGER),
        ("小村", "海辺町", ChangeKind.ABSORPTION),
    }
    edge = AreaEdge.objects.get(child__name="山町")
    assert edge.period.upper == date(2024, 4, 1)


def test_t_r2_reorganised_wards_carry_their_city_and_end_on_the_day(tmp_path):
    changes = changes_file(
        tmp_path,
        change_entry("2024-01-01", "reorganizationOfWards", (WEST[:5], "西区"), ("99103", "浜区")),
    )

    report = take_in(municipalities_csv(tmp_path), changes)[1]

    new = Area.objects.get(code=code_of("99103"))
    assert (new.name, new.level, new.period.lower) == (
        "大架空市浜区",
        AreaLevel.WARD,
        date(2024, 1, 1),
    )
    assert Area.objects.get(code=WEST).period.upper == date(2024, 1, 1)
    assert report.problems == [
        f"「大架空市浜区」（{new.code}）は一覧にないので、役所の位置とカナがありません。"
    ]
    edges = AreaEdge.objects.filter(parent__code=BIG, period__contains=date(2025, 1, 1))
    assert {edge.child.name for edge in edges} == {"大架空市東区", "大架空市浜区"}


def test_name_that_changed_later_without_a_new_code_is_the_same_municipality(tmp_path):
    changes = changes_file(
        tmp_path,
        change_entry("1999-04-01", "changesToCity", ("99305", "架空町"), (CITY[:5], "旧市")),
    )

    report = take_in(municipalities_csv(tmp_path), changes)[1]

    assert report.notes == ["「旧市」は一覧では「架空市」です。同じ市区町村としました。"]
    assert Area.objects.get(code=CITY).period.lower == date(1999, 4, 1)


def test_merger_and_renaming_on_one_day_are_one_change(tmp_path):
    old, new = ("99306", "谷町"), (CITY[:5], "架空市")
    changes = changes_file(
        tmp_path,
        change_entry("1995-09-01", "changesOfNames", old, new),
        change_entry("1995-09-01", "absorption", old, new),
    )

    take_in(municipalities_csv(tmp_path), changes)

    assert AreaChange.objects.get().kind == ChangeKind.ABSORPTION


def test_broken_entries_are_told(tmp_path):
    changes = changes_file(
        tmp_path,
        {"date": "2024-04-01"},
        change_entry("2024-04-01", "absorption", ("xx", "町"), ("99301", "海辺町")),
        change_entry("2020-04-01", "absorption", ("99304", "小村"), (TOWN[:5], "海辺町")),
    )

    report = take_in(municipalities_csv(tmp_path), changes)[1]

    assert report.problems == [
        "1件目の変更の記録を読めません。除きました。",
        "2件目のコードは5桁の数字ではありません。除きました。",
    ]


@pytest.mark.parametrize(
    ("entries", "with_list", "message"),
    [
        ([], True, "変更の記録がありません"),
        (
            [change_entry("2020-04-01", "absorption", ("99304", "小村"), ("99301", "海辺町"))],
            False,
            "先に市区町村の一覧を取り込んでください",
        ),
    ],
)
def test_changes_that_cannot_be_used_are_refused(tmp_path, entries, with_list, message):
    if with_list:
        make_area()

    (told,) = take_in(changes_file(tmp_path, *entries))

    assert message in told
    assert not AreaChange.objects.exists()


UNIT, OTHER = ("99201", "あ市"), ("99202", "い市")
D1, D2, D3 = date(2000, 1, 1), date(2005, 1, 1), date(2010, 1, 1)


def a_change(day, kind, old, new):
    return Change(day, kind, old, new)


def test_merger_that_names_one_old_municipality_had_a_second_of_the_same_name():
    # e-Stat leaves out what keeps code and name: い市 joins あ市 to a new あ市.
    spans = spans_of([a_change(D1, ChangeKind.NEW_BY_MERGER, OTHER, UNIT)])

    assert set(spans) == {Span(OTHER, None, D1), Span(UNIT, None, D1), Span(UNIT, D1, None)}


def test_separation_leaves_the_old_unit_in_place():
    spans = spans_of([a_change(D1, ChangeKind.SEPARATION, UNIT, OTHER)])

    assert set(spans) == {Span(UNIT, None, None), Span(OTHER, D1, None)}


def test_code_and_name_used_again_have_two_periods():
    spans = spans_of(
        [
            a_change(D1, ChangeKind.ABSORPTION, UNIT, OTHER),
            a_change(D3, ChangeKind.DIVISION, OTHER, UNIT),
        ]
    )

    assert set(spans) == {Span(UNIT, None, D1), Span(UNIT, D3, None), Span(OTHER, None, D3)}


def test_merger_with_a_same_named_old_one_links_both_to_the_new(tmp_path):
    changes = changes_file(
        tmp_path,
        change_entry(
            "2003-04-01",
            "establishmentOfNewMunicipalityByMerging",
            ("99302", "山町"),
            (CITY[:5], "架空市"),
        ),
    )

    take_in(municipalities_csv(tmp_path), changes)

    old, new = Area.objects.filter(code=CITY).order_by("period")
    assert old.period.upper == new.period.lower == date(2003, 4, 1)
    links = set(AreaChange.objects.values_list("old__name", "new_id"))
    assert links == {("山町", new.pk), ("架空市", new.pk)}
