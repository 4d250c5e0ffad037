"""Kana, width and old characters: one folding for what is searched and what is asked for.

``fold`` is used on both sides, so that 「訪問 看護」 and 「訪問看護」, 「ほうもん」 and 「ﾎｳﾓﾝ」,
「㈱」 and 「（株）」, 「髙」 and 「高」 find each other. Its results are for comparing only;
screens show what was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from operator import add

from renkei.foundation.common.variants import CORPORATE_FORMS, VARIANTS

_VOICED, _SEMI_VOICED = "\u3099", "\u309a"
_REPEAT = "々"
_SMALL_KANA = dict(zip("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ", strict=True)) | dict(
    zip("ㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ", "クシストヌハヒフヘホムラリルレロ", strict=True)
)
_OLD_KANA = {"ヰ": "イ", "ヱ": "エ", "ゟ": "ヨリ", "ヿ": "コト"}
_REPEATS = {"〻": _REPEAT, "仝": _REPEAT, "ヽ": _REPEAT, "ヾ": _REPEAT + _VOICED}
# Typed for one another, because they look alike: long vowel, hyphens, dashes, minus, wave, rule.
_LINES = dict.fromkeys("ー~−─━", "-")
_LETTERS = _SMALL_KANA | _OLD_KANA | _REPEATS | _LINES | VARIANTS
# More code points than Japanese uses; a bound, because queries come from anywhere.
_REMEMBERED = 30_000

_CORPORATE = "|".join(sorted(CORPORATE_FORMS, key=len, reverse=True))
# In brackets anywhere, or at the beginning with the closing bracket only: 「医）社）○○会」.
_CORPORATE_FORM = re.compile(rf"(?:\(|^|(?<=\)))\s*({_CORPORATE})\s*\)")
_REPEATED = re.compile(f"([^{_REPEAT}])({_REPEAT}+)")
_HALF_KANA = re.compile("[\uff61-\uff9f]+")
_KANA = re.compile("[\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\uff66-\uff9f・･\\s]+")


def _folded_letter(letter: str) -> str:
    if letter in (_VOICED, _SEMI_VOICED):
        return letter
    category = unicodedata.category(letter)
    if category == "Pd":
        return "-"
    # Marks (variation selectors are marks), punctuation, spaces, controls, lone surrogates.
    if category in {"Mn", "Me", "Sk", "Cc", "Cf", "Cs"} or category[0] in "PZ":
        return _LINES.get(letter, "")
    if "ぁ" <= letter <= "ゖ" or letter in "ゝゞ":
        letter = chr(ord(letter) + 0x60)
    return _LETTERS.get(letter, letter)


def _folded_character(character: str) -> str:
    """What one character of NFKC text becomes; "" for what is not searched.

    Accents go: Café = cafe. The kana's voicing marks stay.
    """
    for _ in range(3):  # old form → form in use → its decomposition
        parts = unicodedata.normalize("NFKD", character.casefold())
        folded = unicodedata.normalize("NFC", "".join(map(_folded_letter, parts)))
        if folded == character:
            break
        character = folded
    return character


class _Folding(dict[int, str]):
    """A table for ``str.translate`` that fills itself, so every later look-up stays in C."""

    def __missing__(self, code: int) -> str:
        folded = _folded_character(chr(code))
        if len(self) < _REMEMBERED:
            self[code] = folded
        return folded


_FOLDING = _Folding()


def fold(text: str) -> str:
    """The text as it is searched: idempotent, without spaces, never for showing.

    NFKC, lower case, katakana, large kana, common forms of old characters, corporate forms
    written out, 々 resolved, one sign for all lines (ー － ― 〜), no other punctuation.
    """
    normal = unicodedata.normalize("NFKC", text)
    if ")" in normal:
        normal = _with_corporate_forms(normal)
    folded = normal.translate(_FOLDING)
    if _REPEAT in folded:
        folded = _REPEATED.sub(lambda match: match[1] * (1 + len(match[2])), folded)
    if _VOICED in folded or _SEMI_VOICED in folded:
        folded = unicodedata.normalize("NFC", folded)
        folded = folded.replace(_VOICED, "").replace(_SEMI_VOICED, "")
    return folded


def _with_corporate_forms(text: str) -> str:
    text = _CORPORATE_FORM.sub(lambda match: f"{CORPORATE_FORMS[match[1]]})", text)
    # 「（医）（社）」 is 医療法人社団, not a 社団法人 of its own.
    for kind in ("社団", "財団"):
        text = re.sub(rf"医療法人([()]*){kind}法人", rf"医療法人\g<1>{kind}", text)
    return text


# Half-width, full-width -------------------------------------------------------------------


def half_to_full(text: str) -> str:
    """Half-width kana to full-width, voicing marks joined (ｶﾞ → ガ); everything else as it was."""
    return _HALF_KANA.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)


_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")


def to_half_width_digits(text: str) -> str:
    """Full-width digits to ASCII; everything else as it was."""
    return text.translate(_DIGITS)


_HIRAGANA = {code: chr(code + 0x60) for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}


def to_katakana(text: str) -> str:
    """Hiragana and half-width kana to full-width katakana, as フリガナ are stored."""
    return unicodedata.normalize("NFC", half_to_full(text)).translate(_HIRAGANA)


def is_kana(text: str) -> bool:
    """Whether the text is written in kana alone (long vowels, ・ and spaces allowed), not empty."""
    return bool(text.strip()) and _KANA.fullmatch(text) is not None


# Order ------------------------------------------------------------------------------------

_VOWELS = {
    letter: row[0]
    for row in (
        "アカサタナハマヤラワ",
        "イキシチニヒミリ",
        "ウクスツヌフムユル",
        "エケセテネヘメレ",
        "オコソトノホモヨロヲ",
    )
    for letter in row
}
_VOICING = {"": "0", _VOICED: "1", _SEMI_VOICED: "2"}


def sort_key(kana: str, name: str = "") -> str:
    """五十音 order as a text to sort by code point (``COLLATE "C"``); no kana: by name, at the end.

    ハ before バ before パ only where all else is equal; small kana after large; ー as the vowel
    before it. Source: JIS X 4061 (日本語文字列照合順番), its first three levels.
    """
    reading = to_katakana(unicodedata.normalize("NFKC", kana))
    base: list[str] = []
    voicing: list[str] = []
    size: list[str] = []
    for letter in unicodedata.normalize("NFD", reading):
        if letter in _VOICING and voicing:
            voicing[-1] = _VOICING[letter]
            continue
        large = _SMALL_KANA.get(letter, letter)
        if letter == "ー":
            large = _VOWELS.get(base[-1], letter) if base else letter
        if not (large.isalnum() or large == "ー"):
            continue
        base.append(large.lower())
        voicing.append("0")
        size.append("1" if large != letter else "0")
    return " ".join(("".join(base), "".join(voicing), "".join(size), fold(name))).lstrip()


# Search -----------------------------------------------------------------------------------

# PostgreSQL clips positions above this one. Source: manual, "Limitations" of text search.
_LAST_POSITION = 16_383
# Three rounds of positions; beyond it a vector would near PostgreSQL's 1 MB.
_INDEXED_CHARACTERS = 3 * _LAST_POSITION
_QUERY_CHARACTERS = 100
_FIRST_PLANE_END = 0xFFFF
# All that occur in the country's registers, about 40 MB at most.
_REMEMBERED_PAIRS = 200_000


def _code(character: str) -> str:
    """Four hex digits, or y and six above the first plane.

    No code is the beginning of another, so that a prefix query of one character is exact.
    """
    number = ord(character)
    return f"{number:04x}" if number <= _FIRST_PLANE_END else f"y{number:06x}"


class _Lexemes(dict[str, str]):
    """The lexeme of two neighbours, or of one character: ASCII letters and digits only."""

    def __missing__(self, characters: str) -> str:
        lexeme = "x" + "".join(map(_code, characters))
        if len(self) < _REMEMBERED_PAIRS:
            self[characters] = lexeme
        return lexeme


_LEXEMES = _Lexemes()
_PLACES = [f":{place}" for place in range(1, _LAST_POSITION + 1)]


def _lexemes(folded: str) -> Iterator[str]:
    """Each character with the next one, and the last one alone; the loop runs in C."""
    return map(_LEXEMES.__getitem__, map(add, folded, [*folded[1:], ""]))


def bigrams(folded: str) -> list[str]:
    """The pairs of neighbours as lexemes; of a single character, itself."""
    lexemes = list(_lexemes(folded))
    return lexemes[:-1] or lexemes


def tsvector_text(values: Iterable[str]) -> str:
    """A PostgreSQL ``tsvector`` literal over several fields, each folded here.

    Each last character is a lexeme of its own, so that a one-character prefix finds it; it and a
    gap after it keep a phrase from crossing from one field into the next. Positions start again
    after 16,383 (a long text could then match a phrase too much, never too little).
    """
    entries: list[str] = []
    count = 0
    for value in values:
        folded = fold(value)[: max(0, _INDEXED_CHARACTERS - count)]
        end = count + len(folded)
        if end <= _LAST_POSITION:
            places = _PLACES[count:end]
        else:
            places = [_PLACES[place % _LAST_POSITION] for place in range(count, end)]
        entries.extend(map(add, _lexemes(folded), places))
        count = end + 1 if folded else count
    return " ".join(entries)


def phrase_query(query: str) -> str:
    """A PostgreSQL ``tsquery`` literal: each word of the query as a phrase, all of them wanted.

    A word of one character is a prefix. "" where nothing is left to ask for: the caller then
    asks for nothing instead of matching nothing.
    """
    words = dict.fromkeys(fold(word) for word in query[:_QUERY_CHARACTERS].split())
    terms = [_phrase(word) for word in words if word]
    return " & ".join(terms)


def _phrase(word: str) -> str:
    lexemes = bigrams(word)
    if len(word) == 1:
        return f"{lexemes[0]}:*"
    return lexemes[0] if len(lexemes) == 1 else f"({' <-> '.join(lexemes)})"
