"""Writes the facility files of 架空広域 in the layouts of the ministry and the bureau, defects included.

The layouts are those of 介護サービス情報公表システム (24 columns), 医療情報ネット (one zip per CSV) and
地方厚生局 届出受理医療機関名簿 (header in row 4). The defects are of the kinds found in the real files.
"""

from __future__ import annotations

import csv
import io
import random
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import xlsxwriter

from renkei.demo import geography
from renkei.demo.register import DAYS, Record
from renkei.registry.facilities.catalogue import SERVICES

MEDICAL_FILES = {
    "hospital": ("01-1_hospital_facility_info", "01-2_hospital_speciality_hours", "1"),
    "clinic": ("02-1_clinic_facility_info", "02-2_clinic_speciality_hours", "2"),
    "dental": ("03-1_dental_facility_info", "03-2_dental_speciality_hours", "3"),
}
CARE_HEADER = (
    "都道府県コード又は市町村コード", "No", "都道府県名", "市区町村名", "事業所名", "事業所名カナ",
    "サービスの種類", "住所", "方書（ビル名等）", "緯度", "経度", "電話番号", "FAX番号", "法人番号",
    "法人の名称", "事業所番号", "利用可能曜日", "利用可能曜日特記事項", "定員", "URL",
    "高齢者の方と障害者の方が同時一体的に利用できるサービス", "介護保険の通常の指定基準を満たしている",
    "障害福祉の通常の指定基準を満たしている", "備考",
)  # fmt: skip
PHARMACY_HEADER = (
    "ID", "名称", "フリガナ", "ローマ字", "都道府県コード", "市区町村コード", "所在地",
    "所在地座標（緯度）", "所在地座標（経度）", "薬局のホームページアドレス",
)  # fmt: skip
WEEK = DAYS[:7]
FACILITY_HEADER = (
    "ID", "正式名称", "正式名称（フリガナ）", "略称", "略称（フリガナ）", "英語表記（ローマ字表記）",
    "機関区分", "都道府県コード", "市区町村コード", "所在地", "所在地座標（緯度）",
    "所在地座標（経度）", "案内用ホームページアドレス",
    *[f"毎週決まった曜日に休診（{day}）" for day in WEEK],
    *[f"決まった週に休診（定期週）第{week}週（{day}）" for week in range(1, 6) for day in WEEK],
    "祝日に休診", "その他の休診日（gw、お盆等）", "一般病床", "療養病床", "療養病床のうち医療保険適用",
    "療養病床のうち介護保険適用", "精神病床", "結核病床", "感染症病床", "合計病床数",
)  # fmt: skip
HOURS_HEADER = (
    "ID", "診療科目コード", "診療科目名", "診療時間帯",
    *[f"{day}_診療{edge}時間" for day in DAYS for edge in ("開始", "終了")],
    *[f"{day}_外来受付{edge}時間" for day in DAYS for edge in ("開始", "終了")],
)  # fmt: skip


def as_of(records: list[Record], day: date) -> list[Record]:
    """The region half a year earlier or later: some open, some close, some change their number."""
    chance = random.Random(day.toordinal())
    present: list[Record] = []
    for record in records:
        if chance.random() < 0.012:
            continue
        if chance.random() < 0.02:
            line = chance.randint(1000, 9999)
            record = replace(record, phone=f"0999-{record.municipality.area_number}-{line}")  # noqa: PLW2901
        present.append(record)
    return present


def write_register_files(folder: Path, records: list[Record], day: date) -> None:
    """Write all files of one snapshot."""
    folder.mkdir(parents=True, exist_ok=True)
    by_service: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        by_service[record.service].append(record)
    for service, rows in by_service.items():
        if service in MEDICAL_FILES:
            facility, hours, kind = MEDICAL_FILES[service]
            _zip(folder, f"{facility}_{day:%Y%m%d}.csv", _facility_rows(rows, kind))
            _zip(folder, f"{hours}_{day:%Y%m%d}.csv", _hours_rows(rows))
        elif service == "pharmacy":
            _zip(folder, f"05_pharmacy_{day:%Y%m%d}.csv", _pharmacy_rows(rows))
        else:
            path = folder / f"jigyosho_{service}_all_{day:%Y%m%d}000000.csv"
            path.write_bytes(_csv_bytes(_care_rows(rows), encoding="utf-8-sig"))
    _write_filings(folder / f"facility-standards-99-kakuu-{day:%Y%m}.xlsx", records, day)


def _care_rows(records: list[Record]) -> Iterable[Sequence[object]]:
    yield CARE_HEADER
    chance = random.Random(records[0].service)
    for record in records:
        longitude, latitude = record.position
        phone, address, kana, url = record.phone, record.address, record.kana, record.url
        defect = chance.random()
        if defect < 0.03:
            phone = phone.translate({ord("-"): "－", **{48 + n: 0xFF10 + n for n in range(10)}})
        elif defect < 0.05:
            latitude = longitude = 0
        elif defect < 0.07 and record.building:
            address += record.building
        elif defect < 0.08:
            url = f"info@renkei-{record.key}.example"
        elif defect < 0.1:
            address = address.removeprefix(geography.PREFECTURE + record.municipality.name)
        yield (
            record.municipality.code, record.key, geography.PREFECTURE, record.municipality.name,
            record.name, kana, SERVICES[record.service].label, address, record.building, latitude,
            longitude, phone, record.fax, record.corporate_number, record.corporate_name, record.key,
            record.days, record.note, record.capacity, url, "", "", "", "",
        )  # fmt: skip


def _facility_rows(records: list[Record], kind: str) -> Iterable[Sequence[object]]:
    yield FACILITY_HEADER
    chance = random.Random(kind)
    for record in records:
        longitude, latitude = record.position if chance.random() > 0.079 else (0.0, 0.0)
        # In the published files this flag holds 1 where the institution is OPEN.
        open_days = [1 if day in record.hours else "" for day in WEEK]
        beds = [record.beds or "", *[""] * 6, record.beds or ""]
        yield (
            record.key, record.name, record.kana, "", "", "", kind, geography.PREFECTURE_CODE,
            record.municipality.code[2:5], record.address, latitude, longitude, record.url, *open_days,
            *[""] * 35, "" if "祝" in record.hours else 1, "", *beds,
        )  # fmt: skip


def _hours_rows(records: list[Record]) -> Iterable[Sequence[object]]:
    yield HOURS_HEADER
    for record in records:
        for department in record.departments:
            for slot in (0, 1):
                times: list[str] = []
                for day in DAYS:
                    spans = record.hours.get(day, ())
                    times += spans[slot] if slot < len(spans) else ("", "")
                yield (record.key, "", department, slot + 1, *times, *times)


def _pharmacy_rows(records: list[Record]) -> Iterable[Sequence[object]]:
    yield PHARMACY_HEADER
    for record in records:
        longitude, latitude = record.position
        number = record.municipality.code[2:5]
        yield (
            record.key,
            record.name,
            record.kana,
            "",
            "99",
            number,
            record.address,
            latitude,
            longitude,
            "",
        )


def _write_filings(path: Path, records: list[Record], day: date) -> None:
    """届出受理医療機関名簿: one row per filing, dates in 和暦 with padding."""
    tables = {"hospital": "医科", "clinic": "医科", "dental": "歯科", "pharmacy": "薬局"}
    year = day.year - 2018
    header = (
        "項番", "都道府県コード", "都道府県名", "区分", "医療機関番号", "併設医療機関番号",
        "医療機関記号番号", "医療機関名称", "医療機関所在地（郵便番号）", "医療機関所在地（住所）",
        "電話番号", "FAX番号", "病床数", "受理届出名称", "受理記号", "受理番号", "算定開始年月日",
        "個別有効開始年月日", "備考（見出し）", "備考（データ）", "市町村コード", "市町村名", "種別コード", "種別",
    )  # fmt: skip
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("Sheet1")
        sheet.write(
            0, 0, f"[令和{year}年{day.month}月{day.day}日 現在 届出受理医療機関名簿（架空県）]"
        )
        sheet.write_row(2, 0, header)
        line = 3
        for number, record in enumerate((one for one in records if one.filings), start=1):
            address = record.address.removeprefix(geography.PREFECTURE)
            beds = f"一般　　{record.beds}" if record.beds else ""
            for filing in record.filings:
                sheet.write_row(
                    line, 0,
                    (
                        str(number), "99", geography.PREFECTURE, tables[record.service],
                        record.key[-7:], "", "", record.name, "999-0000", address, record.phone,
                        record.fax, beds, filing, filing[:6], f"第{line}号",
                        f"令和 {year - 2}年 4月 1日", "", "", "", "", "", "", "",
                    ),
                )  # fmt: skip
                line += 1


def _csv_bytes(rows: Iterable[Sequence[object]], *, encoding: str = "utf-8") -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode(encoding)


def _zip(folder: Path, name: str, rows: Iterable[Sequence[object]]) -> None:
    with zipfile.ZipFile(folder / f"{name}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name), _csv_bytes(rows))
