"""介護サービス情報公表システム: one CSV per service, 24 columns, one row per service of an office.

Source: 厚生労働省「介護サービス情報の公表システムデータのオープンデータ」; domain/interop.md §4.1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from renkei.foundation.common.codes import check_care_office_number, corporate_check_digit
from renkei.foundation.common.kana import fold
from renkei.registry.facilities.catalogue import CARE, SERVICES
from renkei.registry.facilities.importers import repairs
from renkei.registry.facilities.importers.base import Parsed, RowError, TableKind
from renkei.registry.facilities.importers.geography import Geography, Heading, RawPlace, settle
from renkei.registry.facilities.importers.listing import ListingRow, hash_of
from renkei.registry.facilities.importers.repairs import RepairNote, RowNotes

ALIASES: Mapping[str, Sequence[str]] = {
    "code": (
        "都道府県コード又は市町村コード",
        "都道府県コード又は市区町村コード",
        "全国地方公共団体コード",
        "市区町村コード",
        "市町村コード",
    ),
    "no": ("No", "番号"),
    "prefecture": ("都道府県名", "都道府県"),
    "municipality": ("市区町村名", "市町村名"),
    "name": ("事業所名", "介護サービス事業所名称", "事業所名称", "事業所の名称"),
    "kana": ("事業所名カナ", "介護サービス事業所名称_カナ", "事業所名_カナ", "事業所名（カナ）"),
    "kind": ("サービスの種類", "実施サービス", "サービス種類", "サービス種別"),
    "address": ("住所", "所在地", "所在地_連結表記"),
    "building": ("方書（ビル名等）", "方書", "建物名等(方書)"),
    "latitude": ("緯度",),
    "longitude": ("経度",),
    "phone": ("電話番号",),
    "fax": ("FAX番号",),
    "corporate_number": ("法人番号",),
    "corporate_name": ("法人の名称", "法人名", "法人名称"),
    "office_number": ("事業所番号", "介護保険事業所番号"),
    "days": ("利用可能曜日",),
    "days_note": ("利用可能曜日特記事項", "利用可能日時特記事項"),
    "capacity": ("定員",),
    "url": ("URL",),
    "joint": ("高齢者の方と障害者の方が同時一体的に利用できるサービス",),
    "care_standard": ("介護保険の通常の指定基準を満たしている",),
    "disability_standard": ("障害福祉の通常の指定基準を満たしている",),
    "remarks": ("備考",),
}
KIND = TableKind(
    key="care",
    label="介護サービス情報公表システム",
    source=CARE,
    aliases=ALIASES,
    required=("name", "address", "office_number"),
    distinctive=("office_number", "kind", "capacity", "days", "corporate_number"),
)
_ATTRIBUTES = ("joint", "care_standard", "disability_standard")
_FIELDS = tuple(ALIASES)
# The words of the file for what the catalogue calls a little differently.
# Source: サービスの種類 of the files of 2025-12.
_OTHER_NAMES = {
    "指定療養通所介護": "155",
    "特定施設入居者生活介護（有料老人ホーム（サービス付き高齢者向け住宅））": "334",
    "特定施設入居者生活介護（有料老人ホーム（外部サービス利用型））": "335",
    "特定施設入居者生活介護（軽費老人ホーム（外部サービス利用型））": "336",
    (
        "特定施設入居者生活介護（有料老人ホーム（サービス付き高齢者向け住宅（外部サービス利用型））"
    ): "337",
    "地域密着型特定施設入居者生活介護（有料老人ホーム）": "361",
    "地域密着型特定施設入居者生活介護（軽費老人ホーム）": "362",
    "地域密着型特定施設入居者生活介護（有料老人ホーム（サービス付き高齢者向け住宅））": "364",
}
_CODE_OF_NAME = {
    fold(info.label): code for code, info in SERVICES.items() if info.source == CARE
} | {fold(label): code for label, code in _OTHER_NAMES.items()}
# 備考 of 訪問看護 carries badges; two of them are functions of the register.
_BADGES = {"24時間訪問看護": "round_the_clock", "ターミナルケア": "end_of_life"}
_DAYS = re.compile(r"([平土日祝月火水木金曜,、・]+)[ \u3000]*[(（](.*)[)）]", re.DOTALL)


@lru_cache(maxsize=500)
def service_code_of(text: str) -> str:
    """Three-digit code of 「サービスの種類」, "" where unknown."""
    return _CODE_OF_NAME.get(fold(text), "")


def reader(
    positions: Mapping[str, int], geography: Geography, dataset: str
) -> Callable[[Sequence[str]], Parsed]:
    """A function that reads one row of a table whose columns lie at ``positions``."""
    places = tuple(positions.get(name) for name in _FIELDS)
    heading = Heading(
        ALIASES["code"][0], ALIASES["address"][0], ALIASES["latitude"][0], ALIASES["longitude"][0]
    )

    def read(cells: Sequence[str]) -> Parsed:
        values = ["" if place is None else cells[place] for place in places]
        return parse_row(
            dict(zip(_FIELDS, values, strict=True)),
            geography=geography,
            heading=heading,
            dataset=dataset,
        )

    return read


def parse_row(
    cell: Mapping[str, str], *, geography: Geography, heading: Heading, dataset: str
) -> Parsed:
    """One row, cells by field of ``ALIASES``. ``dataset`` comes from the file's name, if at all."""
    notes = RowNotes()
    service_code = service_code_of(cell["kind"]) or (dataset if not cell["kind"] else "")
    number = _number(cell, notes)
    name = notes.take("事業所名", cell["name"], repairs.name(cell["name"]))
    errors = []
    if not number:
        message = "事業所番号は10桁の英数字で入力してください。"
        errors.append(RowError("事業所番号", cell["office_number"], message))
    if not name:
        errors.append(RowError("事業所名", cell["name"], "事業所名を入力してください。"))
    if not service_code:
        message = "サービスの種類が分かりません。公表された名称で入力してください。"
        errors.append(RowError("サービスの種類", cell["kind"], message))
    if errors:
        return Parsed(None, notes, errors)
    row = ListingRow(CARE, number, service_code, service_code, name)
    _read_texts(row, cell, notes)
    code = notes.take(heading.code, cell["code"], repairs.municipality_code(cell["code"]))
    raw = RawPlace(
        code, cell["prefecture"], cell["municipality"], cell["latitude"], cell["longitude"]
    )
    settle(row, raw, heading=heading, geography=geography, notes=notes)
    row.row_hash = hash_of(row)
    return Parsed(row, notes)


def _number(cell: Mapping[str, str], notes: RowNotes) -> str:
    before = cell["office_number"]
    number = notes.take("事業所番号", before, repairs.office_number(before))
    if not number and cell["no"]:
        # The ministry writes the number a second time into "No".
        number = repairs.office_number(cell["no"]).value
        if number:
            notes.append(RepairNote("事業所番号", before, number, "number_from_other_column"))
    if number and not check_care_office_number(number, allow_fictional=True).valid:
        notes.append(RepairNote("事業所番号", number, number, "check_digit"))
    return number


def _read_texts(row: ListingRow, cell: Mapping[str, str], notes: RowNotes) -> None:
    take, text = notes.take, repairs.text
    row.office_number = row.source_key
    row.kana = take("事業所名カナ", cell["kana"], repairs.kana(cell["kana"]))
    row.building = take("方書（ビル名等）", cell["building"], text(cell["building"]))
    address = take("住所", cell["address"], text(cell["address"]))
    row.address = take("住所", address, repairs.without_building(address, row.building))
    row.phone = take("電話番号", cell["phone"], repairs.phone(cell["phone"]))
    row.fax = take("FAX番号", cell["fax"], repairs.phone(cell["fax"]))
    url, row.email = repairs.url(cell["url"])
    if row.email:
        notes.append(RepairNote("URL", cell["url"], row.email, url.reason))
    else:
        row.url = take("URL", cell["url"], url)
    row.corporate_name = take("法人の名称", cell["corporate_name"], text(cell["corporate_name"]))
    row.corporate_number = _corporate_number(cell["corporate_number"], notes)
    row.days, row.days_note = _days(cell, notes)
    row.capacity, reason = repairs.capacity(cell["capacity"])
    if reason:
        after = "" if row.capacity is None else str(row.capacity)
        notes.append(RepairNote("定員", cell["capacity"], after, reason))
    if cell["remarks"]:
        _read_remarks(row, cell["remarks"], notes)
    for field in _ATTRIBUTES:
        if cell[field] and cell[field] != "なし":
            row.attributes[ALIASES[field][0]] = repairs.text(cell[field]).value


def _corporate_number(value: str, notes: RowNotes) -> str:
    """法人番号; one whose check digit fails is not taken, the row becomes "suspicious" later."""
    if not value:
        return ""
    plain = value.strip()
    if len(plain) == len("7000012050002") and plain.isascii() and plain.isdecimal():
        if corporate_check_digit(plain[1:]) == plain[0]:
            return plain
        notes.append(RepairNote("法人番号", value, plain, "check_digit"))
        return plain
    notes.append(RepairNote("法人番号", value, "", "corporate_number"))
    return ""


def _days(cell: Mapping[str, str], notes: RowNotes) -> tuple[str, str]:
    note = notes.take("利用可能曜日特記事項", cell["days_note"], repairs.text(cell["days_note"]))
    days = cell["days"]
    if ("(" in days or "（" in days) and (found := _DAYS.fullmatch(days.strip())):
        told = repairs.text(found[2]).value
        if told not in {"なし", "特になし", "特になし。"}:
            note = f"{note}／{told}" if note else told
        notes.append(RepairNote("利用可能曜日", days, found[1], "days_note_in_days"))
        return found[1], note
    days = notes.take("利用可能曜日", days, repairs.text(days))
    return notes.take("利用可能曜日", days, repairs.limited(days, 200)), note


def _read_remarks(row: ListingRow, value: str, notes: RowNotes) -> None:
    row.remarks = notes.take("備考", value, repairs.text(value))
    if "|" in value:
        after = row.remarks.replace("|", "、")
        notes.append(RepairNote("備考", row.remarks, after, "separator"))
        row.remarks = after
    for badge, capability in _BADGES.items():
        if badge in value:
            row.capabilities.append(capability)
