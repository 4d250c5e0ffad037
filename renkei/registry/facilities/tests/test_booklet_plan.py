from __future__ import annotations

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei.registry.facilities.booklet.layout import (
    MAP_HEIGHT,
    MAP_WIDTH,
    PIN_DISTANCE,
    print_map,
    spread,
)
from renkei.registry.facilities.booklet.plan import (
    Desk,
    Entry,
    Ground,
    Imprint,
    Source,
    plan_booklet,
)

DESK = Desk("架空市 相談窓口", "0999-00-0110", "平日8時30分～17時15分")
SQUARE = ((141.10, 35.60), (141.20, 35.60), (141.20, 35.70), (141.10, 35.70))


def entry(number: int, **values: object) -> Entry:
    plain: dict[str, object] = {
        "facility_id": number,
        "name": f"施設{number}",
        "kana": "シセツ",
        "group": "nursing",
        "kinds": "訪問看護",
        "district": "北浜",
        "address": "北浜2-14",
        "phone": "0999-00-1201",
        "hours": "平日 8:30–17:30",
        "freshness": "2026年10月8日に確認",
        "longitude": 141.15,
        "latitude": 35.65,
    }
    return Entry(**{**plain, **values})  # type: ignore[arg-type]


def booklet(*entries: Entry):
    imprint = Imprint(
        town="架空市",
        title="在宅医療・介護 資源の冊子",
        issued_on=date(2026, 11, 20),
        desk=DESK,
        sources=(
            Source("介護サービス情報公表システム", "加工して作成", "CC BY 4.0", "令和8年6月30日"),
        ),
    )
    return plan_booklet(imprint, entries, {"北浜": Ground((SQUARE,)), "本町": Ground((SQUARE,))})


def test_chapters_follow_the_borders_and_number_their_places_from_one():
    plan = booklet(
        entry(1, district="本町"),
        entry(2, district="市外"),
        entry(3, group="clinic", kana="ア"),
        entry(4, kana="イ"),
        entry(5, kana="ア"),
    )

    assert [
        (one.name, [(row.facility_id, row.number) for row in one.entries]) for one in plan.districts
    ] == [
        ("北浜", [(5, 1), (4, 2), (3, 3)]),
        ("本町", [(1, 1)]),
        ("市外", [(2, 1)]),
    ]
    assert plan.entry_count == 5
    assert [label for label, _ in plan.districts[0].by_group()] == ["訪問看護", "診療所・病院"]


def test_the_index_goes_by_reading_and_keeps_names_without_kana_apart():
    plan = booklet(
        entry(1, kana="ガンジツ"),
        entry(2, kana="カキ"),
        entry(3, kana="", name="北浜内科"),
        entry(4, kana="ﾅｷﾞｻ"),
        entry(5, kana="", name="なぎさ薬局"),
    )

    assert [(letter, [one.facility_id for one in rows]) for letter, rows in plan.index()] == [
        ("か", [2, 1]),
        ("な", [4, 5]),
        ("そのほか", [3]),
    ]


def test_every_place_is_one_row():
    plan = booklet(entry(1), entry(2, district="本町"))

    assert [row[:4] for row in plan.rows()] == [
        ("北浜", 1, "訪問看護", "施設1"),
        ("本町", 1, "訪問看護", "施設2"),
    ]


def test_a_map_shows_every_place_with_a_position_and_a_round_scale():
    chapter = booklet(entry(1), entry(2, latitude=None, longitude=None)).districts[0]

    printed = print_map(chapter)

    assert printed is not None
    assert [pin.entry.facility_id for pin in printed.pins] == [1]
    assert printed.pins[0].moved is False
    assert printed.scale_metres == 2000
    assert 0 < printed.scale_length <= 35
    assert len(printed.borders) == 1


def test_a_chapter_without_positions_has_no_map():
    assert print_map(booklet(entry(1, latitude=None, longitude=None)).districts[0]) is None


def test_a_place_far_outside_stays_on_the_paper_and_does_not_shrink_the_map():
    chapter = booklet(entry(1), entry(2, latitude=43.0, longitude=141.3)).districts[0]

    printed = print_map(chapter)

    assert printed is not None
    assert printed.scale_metres == 2000
    assert all(0 <= pin.x <= MAP_WIDTH and 0 <= pin.y <= MAP_HEIGHT for pin in printed.pins)


def test_pins_of_one_building_are_spread_and_lead_back_to_it():
    chapter = booklet(*[entry(number) for number in range(1, 13)]).districts[0]

    printed = print_map(chapter)

    assert printed is not None
    assert sum(pin.moved for pin in printed.pins) == 11
    assert len({(pin.at_x, pin.at_y) for pin in printed.pins}) == 1


@pytest.mark.parametrize("count", [2, 40])
def test_pins_never_cover_each_other(count):
    spots = spread([(90.0, 75.0)] * count)

    distances = [math.dist(one, other) for at, one in enumerate(spots) for other in spots[at + 1 :]]
    assert min(distances) >= PIN_DISTANCE - 1e-9


@given(
    st.lists(st.tuples(st.floats(0, MAP_WIDTH), st.floats(0, MAP_HEIGHT)), min_size=1, max_size=60)
)
def test_spreading_keeps_every_pin_on_the_paper(wanted):
    spots = spread(wanted)

    assert len(spots) == len(wanted)
    assert all(0 <= x <= MAP_WIDTH and 0 <= y <= MAP_HEIGHT for x, y in spots)
