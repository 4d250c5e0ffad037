"""The cells of one row of a local list as typed values, with every repair and the first problem."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from renkei.foundation.common.eras import format_western, parse_day
from renkei.foundation.common.kana import half_to_full, to_katakana
from renkei.foundation.common.phones import parse_phone
from renkei.foundation.common.postcodes import format_postcode, repair_postcode
from renkei.foundation.common.spreadsheets.problems import FileProblem
from renkei.registry.facilities.importers.local import LocalMapping
from renkei.registry.facilities.models.register import CoordinatesFrom, ListingValues

# What a repair of a local list is called on the preview.
REASONS: dict[str, str] = {
    "kind_from_above": "上の行の種類を使った（結合されたセル）",
    "width": "全角・半角をそろえた",
    "joined": "分かれた列を1つにした",
    "second_number": "2つ目の番号を「そのほかの項目」に移した",
    "era": "日付の書き方をそろえた",
    "number": "数字だけにした",
    "phone": "電話番号の書き方をそろえた",
    "postcode": "郵便番号の書き方をそろえた",
    "line_break": "セルの中の改行を区切りに",
    "nothing": "「なし」「-」を空欄に",
}
_NOTHING = re.compile(r"^[-－―ー—‐・/／]+$|^(なし|ナシ|無し|無|不明|n/?a)$", re.IGNORECASE)
_AREA_CODE = re.compile(r"^\(?0\d{1,4}\)?$")
_POSTCODE_LENGTH = 7
# A digit and a sign of a date: eight digits alone may be any number.
_DAY_LIKE = re.compile(r"\d.*[年./-]|[年./-].*\d")
LONGEST_DAY = 20
# Punctuation that stays as wide as Japanese text is set.
_WIDE = frozenset("（）、。～，．：；？！")
_JAPAN = ((20.0, 46.0), (122.0, 154.0))


@dataclass(frozen=True)
class CellRepair:
    """One cell read differently from what the list says; ``reason`` is a key of ``REASONS``."""

    column: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True)
class RowReader:
    """Reads rows of one list; ``positions`` says where each mapped column stands in this file."""

    place: str
    mapping: LocalMapping
    positions: Sequence[int]

    def start(self, number: int, cells: Sequence[str]) -> RowValues:
        return RowValues(self, number, cells)


@dataclass
class RowValues:
    """One row while it is read."""

    reader: RowReader
    number: int
    cells: Sequence[str]
    repairs: list[CellRepair] = field(default_factory=list)
    first_problem: FileProblem | None = None

    def cell(self, target: str) -> str:
        """The first filled cell mapped to a target, as it stands."""
        return next((text for _, text in self._filled(target)), "")

    def repair(self, column: str, before: str, after: str, reason: str) -> None:
        heading = self._heading(column)
        self.repairs.append(CellRepair(heading, before, after, reason))

    def problem(self, target: str, value: str, message: str) -> None:
        """Keep the first thing that stops this row from coming in."""
        if self.first_problem is None:
            self.first_problem = FileProblem(
                self.reader.place, self.number, self._heading(target), value[:60], message
            )

    def values(self) -> dict[str, object]:
        """Every mapped field, typed; what cannot be read is a problem."""
        values: dict[str, object] = {}
        attributes: dict[str, str] = {}
        for target in dict.fromkeys(column.target for column in self.reader.mapping.columns):
            read = _READERS.get(target)
            if read is not None:
                values[target] = read(self, target, attributes)
        for index, label in self.reader.mapping.own_columns.items():
            heading = self.reader.mapping.columns[index].heading
            text = self._own(heading, self._at(index))
            if text:
                attributes[label] = text
        values["attributes"] = attributes
        if not values.get("name"):
            self.problem("name", "", "名称が空です。名称を入力してください。")
        values |= self._position(values) | self._municipality(str(values.get("address", "")))
        self._check_lengths(values)
        return values

    def line(self, target: str, _: dict[str, str]) -> str:
        """One text; several columns are joined without a space (都道府県＋市区町村＋番地)."""
        parts = [self._plain(target, text) for _, text in self._filled(target)]
        if target in {"address", "building"}:
            return self._joined(target, parts, "")
        return self._joined(target, parts, "、")

    def kana(self, target: str, _: dict[str, str]) -> str:
        before = self.cell(target)
        after = to_katakana(unicodedata.normalize("NFKC", before))
        self._note(target, before, after, "width")
        return after

    def phone(self, target: str, attributes: dict[str, str]) -> str:
        """A number; 市外局番 and number in two columns are joined, a second number moves aside."""
        filled = [(heading, text) for heading, text in self._filled(target) if text]
        numbers = [(heading, self._plain(target, text)) for heading, text in filled]
        if len(numbers) > 1 and _AREA_CODE.match(numbers[0][1]):
            joined = "-".join(text.strip("()-") for _, text in numbers)
            self._note(target, " ".join(text for _, text in filled), joined, "joined")
            return self._number(target, joined)
        numbers = [(heading, self._number(target, text)) for heading, text in numbers if text]
        for heading, text in numbers[1:]:
            attributes[heading] = text
            self.repair(target, text, f"「{heading}」へ移動", "second_number")
        return numbers[0][1] if numbers else ""

    def postcode(self, target: str, _: dict[str, str]) -> str:
        before = self.cell(target)
        after = format_postcode(repair_postcode(before))
        self._note(target, before, after, "postcode")
        return after

    def number_of(self, target: str, _: dict[str, str]) -> int | None:
        before = self.cell(target)
        found = re.search(r"\d+", unicodedata.normalize("NFKC", before).replace(",", ""))
        if not found:
            return None
        self._note(target, before, found.group(), "number")
        return int(found.group())

    def degrees(self, target: str, _: dict[str, str]) -> float | None:
        try:
            return float(unicodedata.normalize("NFKC", self.cell(target)))
        except ValueError:
            return None

    def words(self, target: str, _: dict[str, str]) -> list[str]:
        text = "、".join(text for _, text in self._filled(target))
        plain = unicodedata.normalize("NFKC", text)
        return list(dict.fromkeys(filter(None, re.split(r"[、,・/\s\n]+", plain))))

    def code(self, target: str, _: dict[str, str]) -> str:
        before = self.cell(target)
        after = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", before)).upper()
        self._note(target, before, after, "width")
        return after

    def address_of(self, target: str, _: dict[str, str]) -> str:
        """A web or mail address: half-width, without spaces."""
        before = self.cell(target)
        after = "".join(unicodedata.normalize("NFKC", before).split())
        self._note(target, before, after, "width")
        return "" if _NOTHING.match(after) else after

    def _filled(self, target: str) -> list[tuple[str, str]]:
        mapping = self.reader.mapping
        return [
            (mapping.columns[index].heading, text)
            for index in mapping.positions(target)
            if (text := self._at(index))
        ]

    def _at(self, index: int) -> str:
        place = self.reader.positions[index]
        return self.cells[place] if 0 <= place < len(self.cells) else ""

    def _heading(self, target: str) -> str:
        places = self.reader.mapping.positions(target)
        return self.reader.mapping.columns[places[0]].heading if places else target

    def _plain(self, target: str, text: str) -> str:
        """Full width for kana, half width for Latin letters and digits; breaks become 、."""
        if _NOTHING.match(text):
            self._note(target, text, "", "nothing")
            return ""
        lines = "、".join(filter(None, (line.strip() for line in text.splitlines())))
        self._note(target, text, lines, "line_break")
        after = re.sub(r"\s+", " ", _to_usual_width(half_to_full(lines))).strip()
        self._note(target, lines, after, "width")
        return after

    def _joined(self, target: str, parts: Sequence[str], separator: str) -> str:
        parts = list(dict.fromkeys(filter(None, parts)))
        after = separator.join(parts)
        if len(parts) > 1:
            self.repair(target, " ".join(parts), after, "joined")
        return after

    def _number(self, target: str, text: str) -> str:
        """The number with its hyphens; what is no number stays as it was written."""
        phone = parse_phone(text)
        if not phone.number:
            return text
        self._note(target, text, str(phone), "phone")
        return str(phone)

    def _own(self, heading: str, text: str) -> str:
        after = self._plain(heading, text)
        if _DAY_LIKE.search(after) and len(after) <= LONGEST_DAY:
            try:
                day = format_western(parse_day(after))
            except ValidationError:
                return after
            self._note(heading, after, day, "era")
            return day
        return after

    def _note(self, target: str, before: str, after: str, reason: str) -> None:
        if before != after:
            self.repair(target, before, after, reason)

    def _position(self, values: dict[str, object]) -> dict[str, object]:
        latitude, longitude = values.get("latitude"), values.get("longitude")
        inside = (
            isinstance(latitude, float)
            and isinstance(longitude, float)
            and _JAPAN[0][0] < latitude < _JAPAN[0][1]
            and _JAPAN[1][0] < longitude < _JAPAN[1][1]
        )
        return {
            "latitude": latitude if inside else None,
            "longitude": longitude if inside else None,
            "coordinates_from": CoordinatesFrom.LOCAL if inside else CoordinatesFrom.NONE,
        }

    def _municipality(self, address: str) -> dict[str, object]:
        mapping = self.reader.mapping
        named = [(address.find(name), -len(name), name) for name in mapping.municipalities]
        found = sorted((at, length, name) for at, length, name in named if at >= 0)
        code = mapping.municipalities[found[0][2]] if found else mapping.municipality_code
        return {"municipality_code": code, "prefecture_code": code[:2]}

    def _check_lengths(self, values: dict[str, object]) -> None:
        for key, value in values.items():
            limit = getattr(ListingValues._meta.get_field(key), "max_length", None)  # noqa: SLF001 - Django's public Meta API
            if isinstance(value, str) and limit and len(value) > limit:
                self.problem(key, value, f"{limit}字を超えています。短くしてください。")


def _to_usual_width(text: str) -> str:
    """Letters, digits and signs of the full-width block to ASCII, kana and punctuation kept."""
    return "".join(
        unicodedata.normalize("NFKC", c)
        if "！" <= c <= "～" and c not in "（）、。～，．：；？！"
        else c
        for c in text
    ).replace("\u3000", " ")


_READERS: dict[str, Callable[[RowValues, str, dict[str, str]], object]] = {
    "name": RowValues.line,
    "kana": RowValues.kana,
    "office_number": RowValues.code,
    "institution_code": RowValues.code,
    "corporate_number": RowValues.code,
    "postcode": RowValues.postcode,
    "address": RowValues.line,
    "building": RowValues.line,
    "latitude": RowValues.degrees,
    "longitude": RowValues.degrees,
    "phone": RowValues.phone,
    "fax": RowValues.phone,
    "email": RowValues.address_of,
    "url": RowValues.address_of,
    "corporate_name": RowValues.line,
    "days": RowValues.line,
    "days_note": RowValues.line,
    "departments": RowValues.words,
    "capacity": RowValues.number_of,
    "beds": RowValues.line,
    "visiting_area": RowValues.line,
    "remarks": RowValues.line,
}
