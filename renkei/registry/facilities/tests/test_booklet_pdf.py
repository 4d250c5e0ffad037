from __future__ import annotations

import io
import re
from dataclasses import replace

import pypdf
import pytest

from renkei.registry.facilities.booklet.layout import (
    A4_SHEET,
    Sheet,
    place_labels,
    print_map,
)
from renkei.registry.facilities.booklet.pdf import (
    SheetText,
    booklet_pdf,
    legend_of,
    list_pdf,
    poster_pdf,
    poster_sheet,
    qr_data,
    sheet_pdf,
)
from renkei.registry.facilities.booklet.plan import Ground, plan_booklet
from renkei.registry.facilities.tests.booklets import (
    IMPRINT,
    SOURCE,
    make_booklet,
    make_entry,
    read_pages,
    square,
)


@pytest.fixture(scope="module")
def plan():
    return make_booklet(320)


@pytest.fixture(scope="module")
def pdf(plan):
    return booklet_pdf(plan)


def test_t_a6a_every_listed_place_is_found_in_the_text_with_its_number(plan, pdf):
    text = "".join(read_pages(pdf))

    missing = [
        entry.name
        for district in plan.districts
        for entry in district.entries
        if f"{entry.number}{entry.name}" not in text or entry.phone not in text
    ]
    assert missing == []


def test_t_a6a_the_map_of_each_chapter_has_the_numbers_of_its_list(plan, pdf):
    pages = read_pages(pdf)

    for district in plan.districts:
        (page,) = (one for one in pages if f"{district.name}番号は地図と一覧で同じです" in one)
        printed = print_map(district)
        assert printed is not None
        on_page = [int(number) for number in re.findall(r"\d+", page)]
        drawn = sorted(pin.entry.number for pin in printed.pins)
        assert drawn == list(range(1, len(district.on_map) + 1))
        assert f"この地図にない所が{len(district.off_map)}か所あります" in page
        # The numbers run together in the text; digits in all must be there.
        assert len("".join(map(str, on_page))) >= len("".join(map(str, drawn)))


def test_every_page_says_source_date_licence_and_whom_to_ask(pdf):
    cover, *pages = read_pages(pdf)

    full = re.sub(r"\s", "", SOURCE.full)
    assert full in cover
    for at, page in enumerate(pages, start=2):
        assert "介護サービス情報公表システム（令和8年6月30日、CCBY4.0）を加工して作成" in page
        assert "相談窓口0999-00-0110" in page
        assert f"{at}/{len(pages) + 1}" in page


def test_contents_and_index_name_the_right_pages(plan, pdf):
    pages = read_pages(pdf)
    contents, index = pages[1], "".join(pages[-4:])

    for district in plan.districts:
        at = next(
            n for n, page in enumerate(pages, 1) if f"{district.name}番号は地図と一覧" in page
        )
        assert re.search(rf"{district.name}[.…]*{at}", contents)
    entry = plan.districts[2].entries[5]
    on = next(n for n, page in enumerate(pages, 1) if f"{entry.number}{entry.name}" in page)
    assert f"{entry.name}{on}ページ{entry.number}番" in index
    assert "町の名前の索引" in index


def test_the_booklet_is_tagged_a4_and_named(pdf):
    reader = pypdf.PdfReader(io.BytesIO(pdf))

    assert b"/MarkInfo" in pdf
    assert "/StructTreeRoot" in reader.root_object
    assert reader.metadata is not None
    assert reader.metadata.title == IMPRINT.title
    assert [round(float(side) / 72 * 25.4) for side in reader.pages[0].mediabox[2:]] == [210, 297]


def test_letters_are_at_least_ten_and_a_half_points(pdf):
    sizes = set()

    def note(text, matrix, _font_matrix, _font, size):
        if text.strip() and not text.strip().isdigit():
            sizes.add(round(size * abs(matrix[3]), 1))

    for page in pypdf.PdfReader(io.BytesIO(pdf)).pages[:5]:
        page.extract_text(visitor_text=note)

    assert min(sizes) >= 10.5


def test_a_booklet_of_nothing_still_has_a_cover_and_says_how_to_ask():
    pages = read_pages(booklet_pdf(plan_booklet(IMPRINT, [], {})))

    assert "0か所" in pages[0]
    assert "電話をかけるとき" in pages[1]


def test_poster_has_map_and_list_of_a_chapter_on_one_a3_page():
    plan = plan_booklet(IMPRINT, [make_entry(n, district="北浜") for n in range(1, 61)], {})

    pdf = poster_pdf(plan)

    (page,) = pypdf.PdfReader(io.BytesIO(pdf)).pages
    assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [297, 420]
    (text,) = read_pages(pdf)
    assert all(f"{one.number}{one.name}" in text for one in plan.districts[0].entries)
    assert "介護サービス情報公表システム" in text


def test_the_map_of_a_poster_leaves_room_for_its_list():
    few, many = (
        plan_booklet(IMPRINT, [make_entry(n, district="北浜") for n in range(count)], {})
        for count in (5, 150)
    )

    assert poster_sheet(few.districts[0]).height > poster_sheet(many.districts[0]).height


def test_t_a6a_list_has_every_place_in_the_order_of_the_search_with_its_number():
    entries = [make_entry(n) for n in range(30, 0, -1)]

    pages = read_pages(list_pdf(replace(IMPRINT, note="上位100件"), entries, order="近い順"))

    assert "上位100件" in pages[0]
    assert "近い順（30か所）" in "".join(pages)
    assert all(f"{at}{one.name}" in "".join(pages) for at, one in enumerate(entries, start=1))
    assert "介護サービス情報公表システム" in pages[0]


def test_list_of_many_has_no_map_and_does_not_speak_of_one():
    text = "".join(
        read_pages(list_pdf(IMPRINT, [make_entry(n) for n in range(1, 60)], order="名前順"))
    )

    assert "地図と一覧" not in text
    assert "59架空施設0059号" in text


def test_list_without_any_position_has_no_map():
    (page,) = read_pages(
        list_pdf(IMPRINT, [make_entry(1, longitude=None, latitude=None)], order="名前順")
    )

    assert "架空施設0001号" in page


@pytest.mark.parametrize("count", [0, 4, 40])
def test_sheet_of_one_place_is_one_page(count):
    text = SheetText(
        "看護師が自宅を訪ねます。",
        [("平日", "8時30分～17時30分")],
        [(f"項目{n}", "とても長い説明" * 8) for n in range(count)],
    )
    entry = make_entry(1, hours="", address="北浜1-2 架空ビル2階")

    (page,) = read_pages(sheet_pdf(IMPRINT, entry, text, ground=Ground((square(141.0, 35.5, 1),))))

    for words in ("架空施設0001号", "0999-01-0001", "北浜1-2架空ビル2階", "8時30分～17時30分"):
        assert words in page
    assert "介護サービス情報公表システム" in page


def test_sheet_of_a_place_nobody_can_locate_says_so():
    entry = make_entry(1, longitude=None, latitude=None, phone="")

    (page,) = read_pages(sheet_pdf(IMPRINT, entry, SheetText("", [], []), ground=Ground()))

    assert "場所が分からないため" in page


def test_markup_in_a_name_is_printed_as_it_is():
    name = "#pagebreak() *架空* $x$ \\ <b>"
    plan = plan_booklet(IMPRINT, [make_entry(1, name=name, district="[北浜]")], {})

    assert re.sub(r"\s", "", name) in "".join(read_pages(booklet_pdf(plan)))


def test_an_address_that_fits_no_code_leaves_it_out():
    assert qr_data("") is None
    assert qr_data("x" * 5000) is None


def test_legend_says_what_each_shape_means_on_this_map():
    assert legend_of(iter(["dental", "nursing", "clinic"])) == [
        {"shape": "circle", "label": "訪問看護"},
        {"shape": "square", "label": "診療所・病院・歯科"},
    ]


def test_names_of_towns_avoid_pins_each_other_and_the_edge():
    placed = place_labels(
        [("北浜", (90.0, 80.0)), ("本町", (90.0, 80.0)), ("遠い町", (500.0, 80.0))],
        [(90.0, 80.0)],
        A4_SHEET,
    )

    assert [one.name for one in placed] == ["北浜", "本町"]
    assert len({(one.x, one.y) for one in placed}) == 2


def test_outlines_are_cut_at_the_sheet_and_a_crowd_gets_its_own_frame():
    far = square(140.0, 35.0, side=2.0)
    crowd = [make_entry(n, district="北浜") for n in range(1, 200) if n % 4 == 1]
    chapter = plan_booklet(IMPRINT, crowd, {"北浜": Ground((far,), (far,))}).districts[0]

    printed = print_map(chapter, Sheet(100.0, 100.0))

    assert printed is not None
    assert printed.scale_metres <= 2000
    assert printed.borders == ()
    near = plan_booklet(IMPRINT, crowd, {"北浜": Ground((), (square(141.17, 35.55, 1.0),))})
    cut = print_map(near.districts[0], Sheet(100.0, 100.0))
    assert cut is not None
    assert all(-6 <= x <= 106 and -6 <= y <= 106 for line in cut.outlines for x, y in line)
    assert cut.outlines
