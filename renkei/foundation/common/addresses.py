"""Japanese addresses as text: their parts, and a key that says whether two are one place.

The typed text is always kept; parts and keys are derived. No table is needed, but a known
municipality makes the split exact. Source of the parts: GIF 451-7 (住所); domain/interop.md §4.2.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from renkei.foundation.common.kana import fold, half_to_full
from renkei.foundation.common.prefectures import PREFECTURE_CODES

_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}
_LINES = re.compile("(?<=[0-9])\\s*[‐‑‒–—―−ー─⁻₋~〜]+\\s*(?=[0-9])")
_SPACES = re.compile(r"\s+")
_KANJI_DIGITS = "〇一二三四五六七八九"
_KANJI_NUMBER = f"[{_KANJI_DIGITS}十百千]+"

# Cities with wards. Source: 地方自治法第二百五十二条の十九第一項の指定都市の指定に関する政令.
_WARD_CITIES = (
    "札幌|仙台|さいたま|千葉|横浜|川崎|相模原|新潟|静岡|浜松|名古屋|京都|大阪|堺|神戸|岡山|広島|"
    "北九州|福岡|熊本"
)
# Names with 市, 町 or 村 before their end. Proved on every municipality of the country.
_INNER_CITY = (
    "四日市|廿日市|野々市|市川|市原|大町|十日町|町田|村上|村山|東村山|武蔵村山|羽村|田村|大村"
)
_INNER_TOWN = "玉村|大町|村田|市貝|市川三郷|市川|上市|下市|余市"
_INNER_DISTRICT = "余市|高市|田村|[東西北]村山"
_MUNICIPALITY = re.compile(
    rf"(?:{_WARD_CITIES})市[^0-9]{{1,4}}?区"
    rf"|(?:(?:{_INNER_DISTRICT}|[^0-9市区町村]{{1,4}}?)郡)?(?:{_INNER_TOWN})町"
    rf"|(?:{_INNER_DISTRICT}|[^0-9市区町村]{{1,4}}?)郡(?!市|山市|上市)[^0-9]{{1,6}}?[町村]"
    rf"|(?:{_INNER_CITY})市"
    r"|[^0-9]{1,6}?[市区町村]"
)
_DISTRICT = re.compile(r"^[^0-9]{1,5}?郡(?=[^0-9]{1,6}[町村]$)")

# Words that make a number in front of them part of the town's name (丁 without 目: 堺).
_TOWN_WORDS = "(?:丁|条|線|地割|番町|番丁|区|町|部)"
_NUMBER = rf"(?:[0-9]+|{_KANJI_NUMBER}(?=番|号|-|の|ノ|\s|$))"
_BLOCK_WORD = "(?:丁目?|番地|号地|番|号(?![室館棟]))"
_LINK = "[-のノ之、・,.]"
_BLOCK_START = re.compile(
    rf"(?<![0-9])[0-9]+(?!{_TOWN_WORDS}|[0-9])"
    rf"|{_KANJI_NUMBER}番(?:地|{_KANJI_NUMBER}号|の|-|\s|$)|(?<=丁目){_KANJI_NUMBER}番"
    "|無番地|番地なし"
)
_BLOCK = re.compile(
    "(?:無番地|番地なし"
    rf"|{_NUMBER}(?:\s*(?:{_BLOCK_WORD}\s*{_LINK}?|{_LINK})\s*{_NUMBER})*{_BLOCK_WORD}?)"
    "(?:地先|地内|先|内|外|他)?"
)


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of an address, half-width, and the text as typed (連結表記)."""

    prefecture: str
    municipality: str
    town: str
    block: str
    building: str
    typed: str


def _plain(text: str) -> str:
    plain = half_to_full(text.translate(_FULL_WIDTH))
    return _LINES.sub("-", _SPACES.sub(" ", plain).strip())


def split_address(text: str, *, municipality: str = "") -> Address:
    """The parts of one line of address.

    ``municipality`` is the name known from elsewhere (a column of the file): with it, lines
    that leave the municipality out are read right as well.
    """
    plain = _plain(text)
    if " " in plain:
        # Spaces before the first number part the names; behind it they part the building.
        digit = re.search("[0-9]|$", plain)
        end = digit.start() if digit else 0
        plain = plain[:end].replace(" ", "") + plain[end:]
    prefecture = next((plain[:size] for size in (3, 4) if plain[:size] in PREFECTURE_CODES), "")
    rest = plain[len(prefecture) :]
    found = _municipality_in(rest, municipality, certain=bool(prefecture))
    rest = rest[len(found) :]
    start = _BLOCK_START.search(rest)
    town, rest = (rest[: start.start()], rest[start.start() :]) if start else (rest, "")
    block = _BLOCK.match(rest)
    number = block[0] if block else ""
    building = _once(rest[len(number) :].strip())
    name = municipality if municipality.endswith(found) else found  # the ward alone, or no 郡
    return Address(prefecture, name, town.strip(), number, building, text)


def _once(building: str) -> str:
    """架空ビル 架空ビル → 架空ビル, as official files repeat it."""
    half = len(building) // 2
    return building[:half] if building[half:] == f" {building[:half]}" else building


def _municipality_in(rest: str, known: str, *, certain: bool) -> str:
    """The leading part of the text that names the municipality; "" where it is left out.

    ``certain``: a prefecture stood before it, so a city named here outweighs the known one.
    """
    match = _MUNICIPALITY.match(rest)
    guess = match[0] if match else ""
    if not known:
        return guess
    bare = _DISTRICT.sub("", known)
    place = rest.replace("ヶ", "ケ").find(bare.replace("ヶ", "ケ"))
    if place == 0 or (place > 0 and rest[:place].endswith("郡")):
        return rest[: place + len(bare)]
    city, _, ward = bare.partition("市")
    if ward and rest.startswith(ward):
        return ward
    if (ward and rest.startswith(f"{city}市")) or (
        certain and (guess.endswith(("市", "区")) or "郡" in guess)
    ):
        return guess
    return ""


def strip_building(address: str, building: str) -> str:
    """The address without the building at its end, however often it was repeated there.

    Official files carry the 方書 in its own column and glued to the 住所 as well.
    """
    wanted = fold(building)
    rest = address.rstrip()
    while wanted and fold(rest).endswith(wanted):
        # The shortest tail that reads as the building; folding changes lengths.
        start = next(
            place for place in range(len(rest) - 1, -1, -1) if fold(rest[place:]) == wanted
        )
        before = rest[:start].rstrip(" 　")
        # "1-101" with the room 101 is not "1-" with a room glued to it.
        if not before or fold(before[-1]) == "-":
            break
        rest = before
    return rest


# The same place ------------------------------------------------------------------------------

_JOINED = re.compile(r"(?<=[0-9])\s*[・、,.，．/]\s*(?=[0-9])")
_COUNTED = re.compile(f"({_KANJI_NUMBER})(?=丁|番|号|条|線|地割|区|部)")
_SECTION = re.compile("大字|(?<!文)字")
# 霞ヶ関, 霞ケ関, 霞が関; 山ノ内, 山の内, 山之内 (after folding: ケ, ガ, ノ).
_LINKED_NAMES = re.compile("(?<=[一-龠])([ケガカ])(?=[一-龠])")
_LINKED_OF = re.compile("(?<=[一-龠])[ノ之](?=[一-龠])")
_NUMBER_WORDS = re.compile(
    "(?<=[0-9])(?:丁目?|番地[ノ-]?|番[ノ-]?(?![町丁])|号地?[ノ-]?|ノ|之)(?=[0-9]|$)"
)
# 京都 names the crossing before the town: 七条通河原町東入る材木町460.
_CROSSING = re.compile("^.*(?:[上下][るルﾙ]|[東西]入[るルﾙ]?)")
_KANJI_UNITS = {"十": 10, "百": 100, "千": 1000}


def _kanji_number(match: re.Match[str]) -> str:
    """二十三 → 23, 二三 → 23."""
    text = match[1]
    if not any(unit in text for unit in _KANJI_UNITS):
        return "".join(str(_KANJI_DIGITS.index(digit)) for digit in text)
    total = digit = 0
    for letter in text:
        if letter in _KANJI_UNITS:
            total += (digit or 1) * _KANJI_UNITS[letter]
            digit = 0
        else:
            digit = _KANJI_DIGITS.index(letter)
    return str(total + digit)


def address_key(text: str, *, municipality: str = "") -> str:
    """A key that is equal for two spellings of one place; for comparing only.

    Left out: prefecture, 郡, building, 大字 and 字, the words between the numbers, widths,
    hyphens, 漢数字 that count, ヶ/ケ/が and の/ノ/之 in names. "" for a text without a town.
    """
    address = split_address(_JOINED.sub("-", text), municipality=municipality)
    if not address.town and not address.block:
        return ""
    town = address.town
    if address.municipality.startswith("京都市"):
        town = _CROSSING.sub("", town)
    return _name_key(_DISTRICT.sub("", address.municipality)) + street_key(town + address.block)


def street_key(text: str) -> str:
    """The part of ``address_key`` behind the municipality: 町字 and 番地以下."""
    counted = _COUNTED.sub(_kanji_number, text)
    return _NUMBER_WORDS.sub("-", _name_key(_SECTION.sub("", counted))).strip("-")


def _name_key(name: str) -> str:
    return _LINKED_OF.sub("ノ", _LINKED_NAMES.sub("ケ", fold(name)))
