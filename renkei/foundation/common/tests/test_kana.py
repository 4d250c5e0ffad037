from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei.foundation.common import kana
from renkei.foundation.common.variants import CORPORATE_FORMS, VARIANTS

JAPANESE = st.text(
    st.one_of(
        st.characters(min_codepoint=0x3000, max_codepoint=0x30FF),
        st.characters(min_codepoint=0xFF00, max_codepoint=0xFFEF),
        st.sampled_from(
            "株有医社財()（）㈱㈲々〻ゝゞﾞﾟ゛゜髙﨑邉𠮷1２一二三架空市 　-ー～辻\U000e0100葛\ufe00aAéÉß"
        ),
        st.characters(),
    ),
    max_size=40,
)


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("訪問　看護", "訪問看護"),
        ("ほうもんかんご", "ホウモンカンゴ"),
        ("ﾃﾞｲｻｰﾋﾞｽ", "デイサービス"),
        ("か\u3099", "ガ"),
        ("カ゛", "が"),
        ("㈱架空", "株式会社架空"),
        ("（株）架空", "株式会社架空"),
        ("(有) 架空", "有限会社架空"),
        ("㈲架空", "有限会社架空"),
        ("医）架空会", "医療法人架空会"),
        ("医）社）架空会", "医療法人社団架空会"),
        ("（医）（財）架空会", "医療法人財団架空会"),
        ("（福）架空会", "社会福祉法人架空会"),
        ("㍿架空", "株式会社架空"),
        ("髙﨑", "高崎"),
        ("渡邉渡邊", "渡辺渡辺"),
        ("澤", "沢"),
        ("齋藤齊藤斎藤", "斉藤斉藤斉藤"),
        ("𠮷野", "吉野"),
        ("佐々木", "佐佐木"),
        ("みすゞ", "ミスズ"),
        ("代々々木", "代代代木"),
        ("センタ－", "センター"),
        ("１－２―３", "1-2-3"),
        ("10：00～17：00", "1000〜1700"),
        ("ふれあい・ケア", "ふれあいケア"),
        ("ショップ", "シヨツプ"),
        ("㎡Ⅲ①", "M2iii1"),
        ("Café", "CAFE"),
        ("葛\U000e0100城", "葛城"),
        ("辻\ufe00", "辻"),
        ("神福塚", "神福塚"),
        ("⻑⻘", "長青"),
    ],
)
def test_fold_makes_two_spellings_one(written, asked):
    assert kana.fold(written) == kana.fold(asked)


@pytest.mark.parametrize(
    ("one", "other"), [("ハ", "バ"), ("バ", "パ"), ("久留米", "東久留米"), ("ー", "一")]
)
def test_fold_keeps_different_words_apart(one, other):
    assert kana.fold(one) != kana.fold(other)


def test_fold_leaves_a_bracket_within_a_word_alone():
    assert kana.fold("架空会社（旧架空医）") == "架空会社旧架空医"


@given(JAPANESE)
def test_fold_is_idempotent(text):
    once = kana.fold(text)

    assert kana.fold(once) == once


@given(JAPANESE)
def test_fold_leaves_no_space_punctuation_or_mark(text):
    folded = kana.fold(text)

    assert folded == "".join(folded.split())
    assert not set(folded) & set("()'\"\\&!:*・,.\u3099\u309a\ufe00\U000e0100")


@given(st.text(st.characters(categories=["Lo", "Nd"], max_codepoint=0x9FFF), max_size=30))
def test_fold_loses_no_letter_or_digit(text):
    assert len(kana.fold(text)) >= len(text)


@given(JAPANESE, JAPANESE)
def test_fold_of_a_part_is_found_in_the_whole(first, second):
    word = re.sub(r"[^ァ-ロ一-龠]", "", first)

    assert kana.fold(word) in kana.fold(f"{word}　{second}")


def test_fold_forgets_rather_than_grow_without_bound(monkeypatch):
    monkeypatch.setattr(kana, "_REMEMBERED", 0)
    monkeypatch.setattr(kana, "_REMEMBERED_PAIRS", 0)

    assert kana.fold("\u0f00\u0f01") == "\u0f00\u0f01"
    assert kana.bigrams("\u0f00\u0f01") == ["x0f000f01"]


def test_variants_lead_to_forms_that_stay():
    assert not set(VARIANTS) & set(VARIANTS.values())
    assert [kana.fold(form) for form in CORPORATE_FORMS.values()] == list(CORPORATE_FORMS.values())


def test_half_to_full_joins_the_voicing_and_keeps_the_rest():
    assert kana.half_to_full("ｶﾞｷﾞ 123 Ａ髙") == "ガギ 123 Ａ髙"


def test_to_katakana_and_digits():
    assert kana.to_katakana("かがﾊﾟゞ訪問か\u3099") == "カガパヾ訪問ガ"
    assert kana.to_half_width_digits("０１２-9") == "012-9"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("カナ", True),
        ("かな カナー・ｶﾅ", True),
        ("架ナ", False),
        ("", False),
        (" ", False),
        ("A", False),
    ],
)
def test_is_kana(text, expected):
    assert kana.is_kana(text) is expected


def test_sort_key_puts_names_into_gojuon_order():
    ordered = [
        ("", "123"),
        ("アーチ", ""),
        ("アアチカ", ""),
        ("いえ", ""),
        ("カキ", ""),
        ("ガキ", ""),
        ("カク", ""),
        ("ﾊﾊ", ""),
        ("ババ", ""),
        ("パパ", ""),
        ("ハハハ", ""),
        ("ビヨウイン", ""),
        ("ビョウイン", ""),
        ("ん", ""),
        ("", "架空"),
    ]

    keys = [kana.sort_key(reading, name) for reading, name in ordered]

    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


def test_sort_key_of_a_leading_long_vowel_or_mark_is_still_a_key():
    assert kana.sort_key("ー", "架空").endswith("架空")
    assert kana.sort_key("゙ア", "").startswith("ア")


def test_bigrams_are_ascii_words():
    assert kana.bigrams("訪問看") == ["x8a2a554f", "x554f770b"]
    assert kana.bigrams("訪") == ["x8a2a"]
    assert kana.bigrams("𠀀訪") == ["xy0200008a2a"]
    assert kana.bigrams("") == []


def test_tsvector_text_leaves_a_gap_between_fields():
    assert kana.tsvector_text(["訪問", "", "・", "看"]) == "x8a2a554f:1 x554f:2 x770b:4"


def test_tsvector_text_of_a_repeated_pair_has_both_places():
    assert kana.tsvector_text(["アアア"]) == "x30a230a2:1 x30a230a2:2 x30a2:3"


def test_tsvector_text_of_a_very_long_text_stays_within_postgresqls_limits():
    text = kana.tsvector_text(["".join(map(chr, range(0x4E00, 0x9F00))) * 4])

    places = [int(place) for lexeme in text.split() for place in lexeme.split(":")[1].split(",")]
    assert (min(places), max(places)) == (1, 16_383)
    assert len(text.encode()) < 1_048_575


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ""),
        (" 　・ ", ""),
        ("看", "x770b:*"),
        ("看護", "x770b8b77"),
        ("訪問看護", "(x8a2a554f <-> x554f770b <-> x770b8b77)"),
        ("訪問　看護 看護", "x8a2a554f & x770b8b77"),
    ],
)
def test_phrase_query(query, expected):
    assert kana.phrase_query(query) == expected


@given(JAPANESE)
def test_phrase_query_holds_no_foreign_character(query):
    assert re.fullmatch(r"[0-9a-fxy&()<>:* -]*", kana.phrase_query(query))
