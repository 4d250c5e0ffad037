"""Invented booklets of 架空市, large enough to turn pages."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import pypdf

from renkei.registry.facilities.booklet.plan import (
    Booklet,
    Desk,
    Entry,
    Ground,
    Imprint,
    PlaceName,
    Source,
    plan_booklet,
)
from renkei.registry.facilities.catalogue import GROUPS

READINGS = "アカサタナハマヤラワイキシチニ"
SOURCE = Source(
    "介護サービス情報公表システム",
    "介護サービス情報公表システムのオープンデータ（厚生労働省、CC BY 4.0）を加工して作成",
    "CC BY 4.0",
    "令和8年6月30日",
)
IMPRINT = Imprint(
    town="架空市",
    title="在宅医療・介護 資源の冊子",
    issued_on=date(2026, 11, 20),
    desk=Desk("相談窓口", "0999-00-0110", "平日8時30分～17時15分"),
    sources=(SOURCE,),
    edition="住民のみなさまへ",
    address="https://renkei.city.kakuu.example/search/?area=1",
)


def square(west: float, south: float, side: float = 0.06) -> tuple[tuple[float, float], ...]:
    east, north = west + side, south + side
    return ((west, south), (east, south), (east, north), (west, north))


def make_entry(number: int, **values: Any) -> Entry:
    group = list(GROUPS)[number % len(GROUPS)]
    plain: dict[str, Any] = {
        "facility_id": number,
        "name": f"架空施設{number:04}号",
        "kana": READINGS[number % len(READINGS)] + "シセツ",
        "group": group,
        "kinds": GROUPS[group].label,
        "district": f"第{number % 4 + 1}圏域",
        "address": f"北浜{number % 7 + 1}-{number % 30}",
        "phone": f"0999-01-{number:04}",
        "hours": "月～金 8:30～17:30\n訪問診療",
        "freshness": "2026年6月の情報",
        "longitude": 141.1 + 0.08 * (number % 4) + (number * 37 % 59) / 1000,
        "latitude": 35.6 + (number * 53 % 59) / 1000,
        "municipality": "架空市",
        "town": ("北浜", "本町", "松が丘")[number % 3],
    }
    return Entry(**{**plain, **values})


def make_booklet(count: int) -> Booklet:
    """``count`` places in four districts; every 17th lies nobody knows where."""
    unknown = {"longitude": None, "latitude": None}
    entries = [make_entry(n, **(unknown if n % 17 == 0 else {})) for n in range(1, count + 1)]
    grounds = {
        f"第{n + 1}圏域": Ground(
            (square(141.1 + 0.08 * n, 35.6),),
            names=(PlaceName("北浜", (141.13 + 0.08 * n, 35.65)),),
        )
        for n in range(4)
    }
    return plan_booklet(IMPRINT, entries, grounds)


def read_pages(pdf: bytes) -> list[str]:
    """The text of each page without any space: typesetting adds and drops them."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    return [re.sub(r"\s", "", page.extract_text()) for page in reader.pages]
