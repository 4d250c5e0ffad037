from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from renkei.foundation.common.audience import Audience
from renkei.foundation.common.kana import bigrams, fold
from renkei.registry.facilities.search.documents import (
    FACET_BITS,
    DocumentBuilder,
    PlaceFacets,
    arabic_blocks,
    days_named,
    hour_lexemes,
)
from renkei.registry.facilities.search.order import name_order


class Audiences(dict[str, Audience]):
    def __missing__(self, key):
        return Audience.GOVERNMENT if key.startswith("attributes.") else Audience.PUBLIC


@dataclass
class Row:
    service_code: str = "130"
    name: str = "架空訪問看護"
    kana: str = ""
    address: str = ""
    building: str = ""
    phone: str = ""
    fax: str = ""
    corporate_name: str = ""
    office_number: str = ""
    institution_code: str = ""
    visiting_area: str = ""
    days: str = ""
    hours: dict[str, list[list[str]]] = field(default_factory=dict)
    departments: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()
    attributes: dict[str, str] = field(default_factory=dict)


def lexemes(literal):
    return {word.partition(":")[0] for word in literal.split()}


def holds(literal, text):
    return set(bigrams(fold(text))) <= lexemes(literal)


def build(row, audiences=None, facets=None):
    return DocumentBuilder(Audiences(audiences or {})).build(facets or PlaceFacets(), [row])


def texts(documents):
    return documents.public, documents.partner, documents.government


def test_document_holds_words_and_facets():
    facets = PlaceFacets("992011", "99", area_ids=(7,), municipality_name="架空市")
    row = Row(phone="0999-00-1201", capabilities=("home_visit",), departments=("内科",))

    documents = build(row, facets=facets)

    for text in ("架空訪問看護", "09990012", "訪問診療", "内科", "架空市"):
        assert holds(documents.public, text)
    assert {"s_130", "g_nursing", "m_992011", "p_99", "a_7", "c_home_visit"} <= lexemes(
        documents.public
    )
    assert (documents.partner, documents.government) == (None, None)
    assert documents.facets == FACET_BITS["g_nursing"] | FACET_BITS["c_home_visit"]


def test_t_a3_documents_keep_audiences_apart():
    row = Row(
        fax="0999-77-7777",
        capabilities=("ventilator",),
        departments=("精神科",),
        attributes={"memo": "内緒話"},
    )
    audiences = {
        "fax": Audience.PARTNER,
        "departments": Audience.PARTNER,
        "capabilities": Audience.GOVERNMENT,
    }

    documents = build(row, audiences)

    for literal, seen in zip(
        texts(documents), ((0, 0, 0, 0), (1, 1, 0, 0), (1, 1, 1, 1)), strict=True
    ):
        found = tuple(
            int(holds(literal, text)) for text in ("0999777777", "精神科", "人工呼吸器", "内緒話")
        )
        assert found == seen
        assert holds(literal, "架空訪問看護")
    assert ["c_ventilator" in lexemes(literal) for literal in texts(documents)] == [
        False,
        False,
        True,
    ]
    assert documents.facets == FACET_BITS["g_nursing"]


def test_t_a3_documents_keep_times_apart():
    row = Row(days="土曜日", hours={"mon": [["09:00", "12:00"]]})

    documents = build(row, {"hours": Audience.PARTNER, "days": Audience.GOVERNMENT})

    days = [{"d_mon", "d_sat", "h_mon09"} & lexemes(literal) for literal in texts(documents)]
    assert days == [set(), {"d_mon", "h_mon09"}, {"d_mon", "d_sat", "h_mon09"}]


def test_document_of_unknown_service_and_municipality_in_address():
    facets = PlaceFacets("992011", municipality_name="架空市")
    row = Row(service_code="unheard_of", address="架空県架空市本町二丁目3", name="本町の家")

    documents = build(row, facets=facets)

    assert holds(documents.public, "本町2丁目3")
    assert not any(lexeme.startswith(("s_", "g_")) for lexeme in lexemes(documents.public))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("平日,土曜日,日曜日,祝日", "mon tue wed thu fri sat sun holiday"),
        ("平日,祝日", "mon tue wed thu fri holiday"),
        ("月・水・金曜日", "mon wed fri"),
        ("日曜", "sun"),
        ("", ""),
        ("不定", ""),
    ],
)
def test_days_named(text, days):
    assert " ".join(days_named(text)) == days


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ({"mon": [["09:00", "11:30"]]}, "d_mon h_mon09 h_mon10 h_mon11"),
        ({"sat": [["09:30", "11:00"], ["13:00", "14:00"]]}, "d_sat h_sat10 h_sat13"),
        ({"sun": []}, ""),
        ({"sun": [["22:00", "06:00"]]}, "d_sun h_sun22 h_sun23"),
        ({"sun": [["23:00", "24:00"]]}, "d_sun h_sun23"),
        ({"sun": [["朝", "昼"]]}, "d_sun"),
    ],
)
def test_hour_lexemes(hours, expected):
    assert " ".join(hour_lexemes(hours)) == expected


def test_arabic_blocks_reads_kanji_numbers():
    written = "二丁目 十二丁目 二十丁目 3丁目 二十三丁目 一〇丁目 三田"

    assert arabic_blocks(written) == "2丁目 12丁目 20丁目 3丁目 23丁目 10丁目 三田"


def test_name_order_sorts_as_the_sort_key_does():
    keys = [
        "",
        "2",
        "a b",
        "Ä",
        "ア",
        "アイ",
        "ハ",
        "バ",
        "ン 1",
        "ヴ",
        "〇",
        "一",
        "架空",
        "髙",
        "𠮷",
    ]
    keys += ["イリョウホウジン" * 20]

    assert sorted(keys, key=name_order) == sorted(keys)
    assert all(len(name_order(key)) <= 48 for key in keys)


def test_name_order_of_half_a_character_pair_does_not_fail():
    assert name_order("\ud842") == b"?"


def test_t_a3_document_hides_a_place_whose_name_is_not_public():
    documents = build(Row(), {"name": Audience.PARTNER, "latitude": Audience.GOVERNMENT})

    assert (documents.audience, documents.is_position_public) == (1, False)
    assert not holds(documents.public, "架空訪問")
    assert holds(documents.partner, "架空訪問")
