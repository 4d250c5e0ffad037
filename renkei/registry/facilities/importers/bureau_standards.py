"""地方厚生局 届出受理医療機関名簿: what institutions have notified, many rows per institution.

Header in row 4; 市町村コード always empty; dates in 和暦 with padding; other bureaus put 医科・
歯科・薬局 into one file. An institution is prefecture + 点数表 + its seven digits, never the digits
alone.
Source: 関東信越・東海北陸厚生局「届出受理医療機関名簿」2025-10; data/README.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from renkei.foundation.common.codes import institution_code
from renkei.foundation.common.eras import parse_day
from renkei.foundation.common.postcodes import repair_postcode
from renkei.registry.facilities.catalogue import BUREAU
from renkei.registry.facilities.importers import repairs
from renkei.registry.facilities.importers.base import RowError, TableKind
from renkei.registry.facilities.importers.geography import Geography, Heading, RawPlace, settle
from renkei.registry.facilities.importers.listing import ListingRow, hash_of
from renkei.registry.facilities.importers.repairs import RepairNote, RowNotes

ALIASES: Mapping[str, Sequence[str]] = {
    "prefecture": ("都道府県コード", "都道府県番号"),
    "fee_table": ("区分", "点数表"),
    "number": ("医療機関番号", "薬局番号"),
    "name": ("医療機関名称", "薬局名称"),
    "postcode": ("医療機関所在地（郵便番号）", "郵便番号"),
    "address": ("医療機関所在地（住所）", "所在地"),
    "phone": ("電話番号",),
    "fax": ("FAX番号",),
    "beds": ("病床数",),
    "filing": ("受理届出名称",),
    "symbol": ("受理記号",),
    "since": ("算定開始年月日",),
}
KIND = TableKind(
    key="standards",
    label="届出受理医療機関名簿（地方厚生局）",
    source=BUREAU,
    aliases=ALIASES,
    required=("prefecture", "fee_table", "number", "name", "address", "filing"),
    distinctive=("filing", "symbol", "number", "fee_table"),
)
_FIELDS = tuple(ALIASES)
# 点数表番号. Source: domain/interop.md §5.
FEE_TABLES = {"医科": "1", "歯科": "3", "薬局": "4", "調剤": "4"}
# 受理届出名称 → functions of the register, in this order. Source: 特掲診療料の施設基準等 別添1 第9,
# 第14の2 (the numbers in 「別添１の「第９」の１の(３)」); names as in the files of 2025-10.
CAPABILITY_RULES: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(pattern), capabilities)
    for pattern, capabilities in (
        (
            r"1の\([12]\)に規定する在宅療養支援診療所|在宅療養支援診療所\([12]\)",
            ("home_care_support_clinic", "enhanced_home_care", "round_the_clock"),
        ),
        (r"在宅療養支援診療所", ("home_care_support_clinic", "round_the_clock")),
        (
            r"1の\([12]\)に規定する在宅療養支援病院|在宅療養支援病院\([12]\)",
            ("home_care_support_hospital", "enhanced_home_care", "round_the_clock"),
        ),
        (r"在宅療養支援病院", ("home_care_support_hospital", "round_the_clock")),
        (r"在宅療養後方支援病院", ("backup_hospital",)),
        (r"在宅療養支援歯科(?:診療所|病院)", ("home_care_support_dental", "home_dental_visit")),
        (r"歯科訪問診療料の注15", ("home_dental_visit",)),
        (r"在宅患者訪問薬剤管理指導", ("home_pharmacy",)),
        (r"在宅時医学総合管理料(?!の注)|在宅がん医療総合診療料(?!の注)", ("home_visit",)),
        (r"在宅緩和ケア充実", ("palliative_home_care",)),
        (r"地域包括ケア(?:病棟|入院医療)", ("community_care_ward",)),
        (r"在宅酸素療法", ("home_oxygen",)),
    )
)
_HEADING = Heading("", "医療機関所在地（住所）", "", "")
_HOSPITAL_FROM = 20  # beds. Source: 医療法 第1条の5.
_AS_OF = re.compile(r"(?:令和|平成)\s*[0-9元]{1,2}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日(?=\s*現在)")


def as_of_text(title: str) -> str:
    """「令和７年９月１日」 of the title 「[令和７年９月１日 現在 ]…」, "" where it says none."""
    found = _AS_OF.search(unicodedata.normalize("NFKC", title))
    return re.sub(r"\s+", "", found[0]) if found else ""


@dataclass(slots=True)
class Institution:
    """One institution with everything it has notified."""

    first_row: int
    cell: dict[str, str]
    code: str
    capabilities: dict[str, None] = field(default_factory=dict)
    filings: dict[str, str] = field(default_factory=dict)
    row_count: int = 0
    notes: RowNotes = field(default_factory=RowNotes)


def reader(
    positions: Mapping[str, int],
) -> Callable[[int, Sequence[str], dict[str, Institution]], RowError | None]:
    """A function that adds one row to the institutions by 医療機関コード."""
    places = tuple(positions.get(name) for name in _FIELDS)

    def read(
        row_number: int, cells: Sequence[str], found: dict[str, Institution]
    ) -> RowError | None:
        values = ["" if place is None else cells[place] for place in places]
        return add_row(row_number, dict(zip(_FIELDS, values, strict=True)), found)

    return read


def add_row(
    row_number: int, cell: dict[str, str], found: dict[str, Institution]
) -> RowError | None:
    """Add one row, cells by field of ``ALIASES``."""
    fee_table = FEE_TABLES.get(cell["fee_table"].strip())
    if fee_table is None:
        return RowError(
            "区分", cell["fee_table"], "区分は「医科」「歯科」「薬局」のどれかで入力してください。"
        )
    prefecture = cell["prefecture"].strip().zfill(2)
    digits = re.sub(r"[\s,.\-]", "", unicodedata.normalize("NFKC", cell["number"]))
    if not digits.isdecimal() or len(digits) > len("0112064"):
        return RowError(
            "医療機関番号", cell["number"], "医療機関番号は7桁の数字で入力してください。"
        )
    code = institution_code(prefecture, fee_table, digits)
    institution = found.get(code)
    if institution is None:
        institution = found[code] = Institution(row_number, cell, code)
        if len(digits) < len("0112064"):
            institution.notes.append(
                RepairNote("医療機関番号", cell["number"], digits.zfill(7), "leading_zero")
            )
    institution.row_count += 1
    _add_filing(institution, cell)
    return None


def _add_filing(institution: Institution, cell: Mapping[str, str]) -> None:
    capabilities = capabilities_of(cell["filing"])
    if not capabilities:
        return
    institution.capabilities.update(dict.fromkeys(capabilities))
    symbol = unicodedata.normalize("NFKC", cell["symbol"]).strip() or cell["filing"][:40]
    if symbol in institution.filings:
        return
    try:
        since = parse_day(cell["since"]).isoformat() if cell["since"].strip() else ""
    except ValidationError:
        since = ""
        institution.notes.append(RepairNote("算定開始年月日", cell["since"], "", "date_unusable"))
    institution.filings[symbol] = since


def capabilities_of(filing: str) -> tuple[str, ...]:
    """Functions that one 受理届出名称 stands for; the first rule that fits."""
    name = re.sub(r"\s", "", unicodedata.normalize("NFKC", filing))
    return next((capabilities for rule, capabilities in CAPABILITY_RULES if rule.search(name)), ())


def to_row(institution: Institution, geography: Geography) -> tuple[ListingRow | None, RowNotes]:
    """The institution as one row of the register; None where its name is empty."""
    cell, notes = institution.cell, institution.notes
    name = notes.take("医療機関名称", cell["name"], repairs.name(cell["name"]))
    if not name:
        return None, notes
    beds = notes.take("病床数", cell["beds"], _beds(cell["beds"]))
    service_code = _service_code(institution.code, name, beds)
    row = ListingRow(BUREAU, institution.code, service_code, KIND.key, name)
    row.institution_code = institution.code
    row.beds = beds
    row.postcode = repair_postcode(cell["postcode"])[:8]
    row.address = notes.take(
        "医療機関所在地（住所）", cell["address"], repairs.text(cell["address"])
    )
    row.phone = notes.take("電話番号", cell["phone"], repairs.phone(cell["phone"]))
    row.fax = notes.take("FAX番号", cell["fax"], repairs.phone(cell["fax"]))
    row.capabilities = list(institution.capabilities)
    if institution.filings:
        row.attributes["届出"] = "、".join(
            f"{symbol}（{since}から）" if since else symbol
            for symbol, since in institution.filings.items()
        )
    raw = RawPlace("", institution.code[:2], "", "", "")
    settle(row, raw, heading=_HEADING, geography=geography, notes=notes)
    row.row_hash = hash_of(row)
    return row, notes


def _beds(value: str) -> repairs.Repaired:
    """「一般　　620」 → 「一般 620」."""
    new = re.sub(r"[\s\u3000]+", " ", unicodedata.normalize("NFKC", value)).strip()
    new = new.replace(" /", "／").replace("/", "／")
    return repairs.Repaired(new[:200], "width" if new != value else "")


def _service_code(code: str, name: str, beds: str) -> str:
    if code[2] == "3":
        return "dental"
    if code[2] == "4":
        return "pharmacy"
    count = sum(int(number) for number in re.findall(r"\d+", beds))
    return "hospital" if count >= _HOSPITAL_FROM or "病院" in name else "clinic"
