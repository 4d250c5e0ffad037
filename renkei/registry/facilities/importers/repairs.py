"""Repairs of single cells: every one is listed with file, row, column, before, after and reason.

A repair never invents: what cannot be read is left empty or left as it is and said so.
Source: counts of the defects in docs/data-sources.md; acceptance trap 6.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from renkei.foundation.common.addresses import strip_building
from renkei.foundation.common.kana import half_to_full
from renkei.foundation.common.phones import parse_phone

# Key → what the user reads as 理由.
REASONS: dict[str, str] = {
    "width": "全角を半角に",
    "half_kana": "半角カナを全角に",
    "line_break": "「（改行）」の文字を区切りに",
    "spaces": "余分な空白を取った",
    "spaced_name": "1字ごとの空白を取った",
    "mail_in_url": "URLの欄にメールアドレス（メール欄へ移した）",
    "url": "URLの書き方を直した",
    "url_unusable": "URLとして使えない",
    "phone": "電話番号の書き方を直した",
    "phone_unusable": "電話番号として読めない（そのまま）",
    "capacity_zero": "定員0は「記録なし」",
    "capacity_text": "定員の数字だけを読んだ",
    "capacity_unusable": "定員として読めない",
    "coordinates_missing": "座標がないため住所の町名から補った（推定）",
    "coordinates_unknown": "座標がなく、住所からも補えない",
    "coordinates_swapped": "緯度と経度が入れ替わっていた",
    "coordinates_abroad": "座標が日本の外を指していた",
    "coordinates_default": "座標が「日本の中心」の初期値だった",
    "coordinates_elsewhere": "座標が住所と別の市区町村を指していた",
    "building_doubled": "住所と方書の二重の記載を1つに",
    "kana_with_kanji": "カナに漢字が混ざっている（そのまま）",
    "kana": "カナの書き方をそろえた",
    "no_prefecture": "住所に都道府県名を補った",
    "no_municipality": "住所に市区町村名を補った",
    "leading_zero": "消えた先頭の0を補った",
    "check_digit": "番号の検査数字が合わない（そのまま）",
    "corporate_number": "法人番号の検査数字が合わない（使わない）",
    "code_missing": "市区町村コードを市区町村名・住所から補った",
    "code_differs": "市区町村コードをいまのコードに直した",
    "number_from_other_column": "番号を別の列から補った",
    "days_note_in_days": "曜日の欄の説明を特記事項へ移した",
    "flags_inverted": "「休診」の列の1は「診療している」の意味",
    "flags_contradict": "曜日の列と診療時間が食い違う（診療時間を使う）",
    "hours_unusable": "時刻として読めない",
    "date_unusable": "日付として読めない",
    "too_long": "長すぎるため途中まで読んだ",
    "separator": "区切りの文字をそろえた",
}


class Repaired(NamedTuple):
    """A cell's value and why it differs from the file; ``reason`` "" where it does not."""

    value: str
    reason: str = ""


class RepairNote(NamedTuple):
    """One repaired cell of one row."""

    column: str
    before: str
    after: str
    reason: str


class RowNotes(list[RepairNote]):
    """The repairs of one row, in the order they were found."""

    def take(self, column: str, before: str, repaired: Repaired) -> str:
        """The repaired value; remembers the repair if there was one."""
        if repaired.reason:
            self.append(RepairNote(column, before, repaired.value, repaired.reason))
        return repaired.value


_EDGES = " \t\r\n\u3000\xa0\u200b\ufeff"
_LINE_BREAK = re.compile(r"[\s\u3000]*(?:[（(]改行[）)]|[\r\n]+)[\s\u3000]*")
_HALF_KANA = re.compile("[\uff61-\uff9f]")
_SPACED = re.compile(r"\S(?:[ \u3000]\S){3,}")
_UNUSUAL = re.compile("改行|[\r\n\uff61-\uff9f\xa0\u200b\ufeff]|^[ \t\u3000]|[ \t\u3000]$")
_NOTHING = frozenset({"", "-", "ー", "－", "なし", "無し", "無", "0", "０", "特になし", "(なし)"})


def text(value: str) -> Repaired:
    """Free text or a name: 半角カナ, 「（改行）」, spaces at the ends."""
    if not _UNUSUAL.search(value):
        return Repaired(value)
    reason = ""
    new = value.strip(_EDGES)
    if new != value:
        reason = "spaces"
    if _HALF_KANA.search(new):
        new, reason = half_to_full(new), "half_kana"
    if _LINE_BREAK.search(new):
        new, reason = _LINE_BREAK.sub("／", new).strip("／"), "line_break"
    return Repaired(new, reason)


def name(value: str) -> Repaired:
    """A name; 「丸 八 居 宅」 is written together again."""
    repaired = text(value)
    if ("\u3000" in value or " " in value) and _SPACED.fullmatch(repaired.value):
        return Repaired(re.sub("[ \u3000]", "", repaired.value), "spaced_name")
    return repaired


_KANJI = re.compile("[\u3400-\u9fff々〆]")
_HIRAGANA = re.compile("[\u3041-\u3096]")


def kana(value: str) -> Repaired:
    """フリガナ: half-width and hiragana become katakana; kanji in it is only said."""
    repaired = text(value)
    if _HIRAGANA.search(repaired.value):
        letters = (chr(ord(c) + 0x60) if "\u3041" <= c <= "\u3096" else c for c in repaired.value)
        repaired = Repaired("".join(letters), "kana")
    if _KANJI.search(repaired.value):
        return Repaired(repaired.value, "kana_with_kanji")
    return repaired


_LONGEST_PHONE = 60

# Telephone --------------------------------------------------------------------------------

_PHONE = re.compile(r"0\d{1,4}-\d{1,4}-\d{3,4}")
_NO_DIGIT = re.compile(r"[^0-9]+")


@lru_cache(maxsize=20_000)
def phone(value: str) -> Repaired:
    """A telephone or FAX number with hyphens; one that cannot be read stays as it is."""
    if not value or _PHONE.fullmatch(value):
        return Repaired(value)
    plain = unicodedata.normalize("NFKC", value).strip()
    if plain in _NOTHING:
        return Repaired("", "spaces")
    parsed = parse_phone(value)
    if parsed.number:
        digits = _NO_DIGIT.sub("", plain)
        if digits == parsed.digits:
            return Repaired(str(parsed), "width")
        # 478551113: the spreadsheet took the zero.
        reason = "leading_zero" if f"0{digits}" == parsed.digits else "phone"
        return Repaired(str(parsed), reason)
    return Repaired(plain[:_LONGEST_PHONE], "phone_unusable")


# Web and mail -----------------------------------------------------------------------------

_URL = re.compile(
    r"https?://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\.[A-Za-z]{2,}(?::\d+)?(?:[/?#]\S*)?"
)
_MAIL = re.compile(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_SCHEME = re.compile(r"^h?t{1,3}ps?\s*[:;.,]?[:;]?/{0,3}\s*", re.IGNORECASE)
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\.[A-Za-z]{2,}(?::\d+)?(?:[/?#]\S*)?")


def url(value: str) -> tuple[Repaired, str]:
    """A web address, and the mail address found in its place ("" mostly)."""
    if not value or _URL.fullmatch(value):
        return Repaired(value), ""
    plain = unicodedata.normalize("NFKC", value).strip(_EDGES)
    if plain in _NOTHING:
        return Repaired("", "spaces"), ""
    if found := _URL.search(plain):
        return Repaired(found[0], "url"), ""
    if "@" in plain:
        mail = _MAIL.search(plain.removeprefix("http://").removeprefix("https://"))
        return Repaired("", "mail_in_url" if mail else "url_unusable"), mail[0] if mail else ""
    scheme = "https://" if re.match(r"h?ttps", plain, re.IGNORECASE) else "http://"
    rest = _SCHEME.sub("", plain).replace(" ", "")
    if _HOST.fullmatch(rest) and rest.isascii():
        return Repaired(scheme + rest, "url"), ""
    return Repaired("", "url_unusable"), ""


# Numbers ----------------------------------------------------------------------------------

_CAPACITY = re.compile(r"\D{0,8}?(\d{1,4})\s*(?:名|人|床|室|台)?\D*")
_LARGEST_CAPACITY = 9_999


def capacity(value: str) -> tuple[int | None, str]:
    """定員; 0 means "not recorded", never "none". Returns the number and the reason."""
    if not value:
        return None, ""
    if value.isascii() and value.isdecimal():
        number = int(value)
        if number == 0:
            return None, "capacity_zero"
        if number <= _LARGEST_CAPACITY:
            return number, ""
        return None, "capacity_unusable"
    plain = unicodedata.normalize("NFKC", value).strip()
    found = _CAPACITY.fullmatch(plain)
    if found is None:
        return None, "" if plain in _NOTHING else "capacity_unusable"
    number = int(found[1])
    return (number, "capacity_text") if number else (None, "capacity_zero")


_OFFICE = re.compile(r"\d{2}[0-9A-Z]\d{7}")


def office_number(value: str) -> Repaired:
    """事業所番号 of ten; a lost leading zero comes back. "" where it has no such shape."""
    if _OFFICE.fullmatch(value) and value.isascii():
        return Repaired(value)
    plain = re.sub(r"[\s\-]+|\.0+$", "", unicodedata.normalize("NFKC", value)).upper()
    if _OFFICE.fullmatch(plain):
        return Repaired(plain, "width")
    # Prefectures 01 to 09 lose exactly one digit in a spreadsheet.
    if len(plain) == len("272501974") and _OFFICE.fullmatch("0" + plain):
        return Repaired("0" + plain, "leading_zero")
    return Repaired("")


def municipality_code(value: str) -> Repaired:
    """全国地方公共団体コード: five digits get their lost zero."""
    if not value or (len(value) in {5, 6} and value.isdecimal() and len(value) == len("024121")):
        return Repaired(value)
    plain = re.sub(r"\.0+$", "", unicodedata.normalize("NFKC", value).strip())
    return Repaired(plain, "width") if plain != value else Repaired(value)


# Coordinates ------------------------------------------------------------------------------

# Source: domain/interop.md §7.3 (20–46 N, 122–154 E).
SOUTH, NORTH, WEST, EAST = 20.0, 46.0, 122.0, 154.0
# Source: data/README.md; a geocoder's answer to "Japan".
_DEFAULTS = ((36.204824, 138.252924),)
_NEAR = 1e-4


class Position(NamedTuple):
    """A point in Japan, or none with the reason."""

    latitude: float | None
    longitude: float | None
    reason: str = ""


def position(latitude: str, longitude: str) -> Position:
    """The point of two cells; 0, "", abroad and the geocoder's default are no point."""
    try:
        north, east = float(latitude or 0), float(longitude or 0)
    except ValueError:
        return _position_of_text(latitude, longitude)
    if SOUTH <= north <= NORTH and WEST <= east <= EAST:
        for default_north, default_east in _DEFAULTS:
            if abs(north - default_north) < _NEAR and abs(east - default_east) < _NEAR:
                return Position(None, None, "coordinates_default")
        return Position(north, east)
    if SOUTH <= east <= NORTH and WEST <= north <= EAST:
        return Position(east, north, "coordinates_swapped")
    if north and east and north == north and east == east:  # noqa: PLR0124 - "nan" is a float
        return Position(None, None, "coordinates_abroad")
    return Position(None, None, "coordinates_missing")


def _position_of_text(latitude: str, longitude: str) -> Position:
    cells = [unicodedata.normalize("NFKC", cell).strip() for cell in (latitude, longitude)]
    if cells == [latitude, longitude] or not all(re.fullmatch(r"-?[\d.]+", c) for c in cells):
        return Position(None, None, "coordinates_missing")
    found = position(*cells)
    return found if found.reason else Position(found.latitude, found.longitude, "width")


# Addresses --------------------------------------------------------------------------------


def without_building(address: str, building: str) -> Repaired:
    """The address without the 方書 that is written in it a second time."""
    if not building or building.isdecimal():
        return Repaired(address)
    rest = strip_building(address, building)
    return Repaired(rest, "building_doubled") if rest != address.rstrip() else Repaired(address)


def limited(value: str, length: int) -> Repaired:
    """A value that fits its column."""
    return Repaired(value) if len(value) <= length else Repaired(value[:length], "too_long")
