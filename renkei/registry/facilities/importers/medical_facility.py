"""医療情報ネット: hospitals (01-1), clinics (02-1), dental clinics (03-1), maternity homes (04) and
pharmacies (05), one row per institution.

The columns 「毎週決まった曜日に休診（月）」 hold 1 where the institution is **open** that day.
Source: 厚生労働省「医療情報ネットのオープンデータ」; data/README.md (counts of contradictions).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from renkei.registry.facilities.catalogue import MEDICAL
from renkei.registry.facilities.importers import repairs
from renkei.registry.facilities.importers.base import Parsed, RowError, TableKind
from renkei.registry.facilities.importers.geography import Geography, Heading, RawPlace, settle
from renkei.registry.facilities.importers.listing import ListingRow
from renkei.registry.facilities.importers.repairs import RepairNote, RowNotes

WEEKDAYS = dict(
    zip("月火水木金土日", ("mon", "tue", "wed", "thu", "fri", "sat", "sun"), strict=True)
)
_CLOSED = {f"closed_{key}": f"毎週決まった曜日に休診（{day}）" for day, key in WEEKDAYS.items()}
_BEDS = {
    "beds_general": "一般病床",
    "beds_long_term": "療養病床",
    "beds_psychiatric": "精神病床",
    "beds_tuberculosis": "結核病床",
    "beds_infectious": "感染症病床",
}
ALIASES: Mapping[str, Sequence[str]] = {
    "id": ("ID",),
    "name": ("正式名称", "名称", "薬局の名称"),
    "kana": ("正式名称（フリガナ）", "フリガナ", "名称（フリガナ）", "薬局の名称（フリガナ）"),
    "kind": ("機関区分",),
    "code": ("都道府県コード",),
    "municipality_code": ("市区町村コード",),
    "address": ("所在地",),
    "latitude": ("所在地座標（緯度）",),
    "longitude": ("所在地座標（経度）",),
    "url": (
        "案内用ホームページアドレス",
        "薬局のホームページアドレス",
        "助産所のホームページアドレス",
        "ホームページアドレス",
    ),
    "phone": ("案内用電話番号", "電話番号", "代表電話番号"),
    "fax": ("案内用FAX番号", "FAX番号", "ファクシミリ番号"),
    "postcode": ("郵便番号", "所在地（郵便番号）"),
    **{field: (heading,) for field, heading in _CLOSED.items()},
    "holiday": ("祝日に休診",),
    "other_closed": ("その他の休診日（gw、お盆等）",),
    **{field: (heading,) for field, heading in _BEDS.items()},
    "beds_total": ("合計病床数",),
}
KIND = TableKind(
    key="medical",
    label="医療情報ネット（施設票）",
    source=MEDICAL,
    aliases=ALIASES,
    required=("id", "name", "code", "address"),
    distinctive=("id", "latitude", "longitude"),
)
_FIELDS = tuple(ALIASES)
# 機関区分. Source: 医療情報ネット 定義書 (001306376.xlsx).
SERVICE_OF_KIND = {"1": "hospital", "2": "clinic", "3": "dental", "4": "maternity", "5": "pharmacy"}
# The number in the file's name. Source: domain/interop.md §4.1.
SERVICE_OF_DATASET = {
    "01-1": "hospital",
    "02-1": "clinic",
    "03-1": "dental",
    "04": "maternity",
    "05": "pharmacy",
}
DATASET_OF_SERVICE = {service: dataset for dataset, service in SERVICE_OF_DATASET.items()}
_HEADING = Heading("", "所在地", "所在地座標（緯度）", "所在地座標（経度）")
_DAY_WORDS = {key: day for day, key in WEEKDAYS.items()}


def reader(
    positions: Mapping[str, int], geography: Geography, dataset: str
) -> Callable[[Sequence[str]], Parsed]:
    """A function that reads one row of a table whose columns lie at ``positions``."""
    places = tuple(positions.get(name) for name in _FIELDS)

    def read(cells: Sequence[str]) -> Parsed:
        values = ["" if place is None else cells[place] for place in places]
        return parse_row(
            dict(zip(_FIELDS, values, strict=True)), geography=geography, dataset=dataset
        )

    return read


def parse_row(cell: Mapping[str, str], *, geography: Geography, dataset: str) -> Parsed:
    """One row, cells by field of ``ALIASES``; its hash is set once its hours are attached."""
    notes = RowNotes()
    service_code = SERVICE_OF_KIND.get(cell["kind"].strip()) or SERVICE_OF_DATASET.get(dataset, "")
    prefecture = notes.take("都道府県コード", cell["code"], _prefecture(cell["code"]))
    key = notes.take("ID", cell["id"], _key(cell["id"], prefecture))
    name = notes.take("正式名称", cell["name"], repairs.name(cell["name"]))
    errors = []
    if not key:
        errors.append(RowError("ID", cell["id"], "IDを公表された値のまま入力してください。"))
    if not name:
        errors.append(RowError("正式名称", cell["name"], "正式名称を入力してください。"))
    if not service_code:
        message = "機関区分（1 病院、2 診療所、3 歯科診療所、4 助産所、5 薬局）を入力してください。"
        errors.append(RowError("機関区分", cell["kind"], message))
    if errors:
        return Parsed(None, notes, errors)
    row = ListingRow(MEDICAL, key, service_code, DATASET_OF_SERVICE[service_code], name)
    _read_texts(row, cell, notes)
    code = repairs.municipality_code(cell["municipality_code"]).value
    # The column holds a municipality's own three digits, a full code, or nothing.
    code = code if len(code) > len("203") else ""
    raw = RawPlace(code, prefecture, "", cell["latitude"], cell["longitude"])
    settle(row, raw, heading=_HEADING, geography=geography, notes=notes)
    row.prefecture_code = row.prefecture_code or prefecture
    return Parsed(row, notes)


def _prefecture(value: str) -> repairs.Repaired:
    if len(value) == 1 and value.isdecimal():
        return repairs.Repaired(f"0{value}", "leading_zero")
    return repairs.text(value)


def _key(value: str, prefecture: str) -> repairs.Repaired:
    """ナビイ's ID begins with the prefecture; a spreadsheet takes the zero of 01 to 09."""
    key = value.strip()
    if key and prefecture[:1] == "0" and key[0] == prefecture[1:] and key[:2] != prefecture:
        return repairs.Repaired(f"0{key}", "leading_zero")
    return repairs.Repaired(key, "" if key == value else "spaces")


def _read_texts(row: ListingRow, cell: Mapping[str, str], notes: RowNotes) -> None:
    take = notes.take
    row.kana = take("フリガナ", cell["kana"], repairs.kana(cell["kana"]))
    row.address = take("所在地", cell["address"], repairs.text(cell["address"]))
    row.postcode = repairs.text(cell["postcode"]).value[:8]
    row.phone = take("電話番号", cell["phone"], repairs.phone(cell["phone"]))
    row.fax = take("FAX番号", cell["fax"], repairs.phone(cell["fax"]))
    url, row.email = repairs.url(cell["url"])
    if row.email:
        notes.append(RepairNote("ホームページアドレス", cell["url"], row.email, url.reason))
    else:
        row.url = take("ホームページアドレス", cell["url"], url)
    row.days, row.days_note = _days(cell, notes)
    row.beds = _beds(cell)


def _days(cell: Mapping[str, str], notes: RowNotes) -> tuple[str, str]:
    """The open days by the flags, and what is said about other closed days."""
    flags = {field: cell[field].strip() for field in _CLOSED if cell[field].strip()}
    note = repairs.text(cell["other_closed"]).value
    if not flags:
        return "", note
    open_days = [
        _DAY_WORDS[field.removeprefix("closed_")] for field, flag in flags.items() if flag == "1"
    ]
    days = "・".join(open_days)
    # One note per row: the columns mean the opposite of their names in every row alike.
    before = "".join(cell[field].strip() or "-" for field in _CLOSED)
    notes.append(RepairNote("毎週決まった曜日に休診", before, f"診療日 {days}", "flags_inverted"))
    return days, note


def _beds(cell: Mapping[str, str]) -> str:
    """「一般 120、療養 40」; blank means not recorded, not none."""
    kinds = [
        f"{heading.removesuffix('病床')} {cell[field]}"
        for field, heading in _BEDS.items()
        if cell[field].strip() not in {"", "0"}
    ]
    return "、".join(kinds) or (f"合計 {cell['beds_total']}" if cell["beds_total"].strip() else "")
