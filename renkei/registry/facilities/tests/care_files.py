"""Invented files in the layout of 介護サービス情報公表システム (24 columns)."""

from __future__ import annotations

import csv
import io

from renkei.foundation.areas.models import Area
from renkei.foundation.areas.tests.factories import make_area

HEADER = (
    "都道府県コード又は市町村コード", "No", "都道府県名", "市区町村名", "事業所名", "事業所名カナ",
    "サービスの種類", "住所", "方書（ビル名等）", "緯度", "経度", "電話番号", "FAX番号", "法人番号",
    "法人の名称", "事業所番号", "利用可能曜日", "利用可能曜日特記事項", "定員", "URL",
    "高齢者の方と障害者の方が同時一体的に利用できるサービス", "介護保険の通常の指定基準を満たしている",
    "障害福祉の通常の指定基準を満たしている", "備考",
)  # fmt: skip
NUMBERS = ("9960190016", "9960190024", "9960190032", "9960190040", "9960190057", "9960190065")
NAMES = ("みなも", "帆", "ともしび", "松が丘", "灯台", "なぎさ")
FIRST_NAME = "jigyosho_130_20251231.csv"
SECOND_NAME = "jigyosho_130_20260630.csv"


def city() -> Area:
    """架空市, where all of it is."""
    return make_area(
        name="架空市", code="992011", key="市区町村/992011", latitude=35.71, longitude=141.22
    )


def row(index: int, **changes: str) -> dict[str, str]:
    """One office; ``changes`` by heading."""
    number = NUMBERS[index]
    values = {
        "都道府県コード又は市町村コード": "992011",
        "No": number,
        "都道府県名": "架空県",
        "市区町村名": "架空市",
        "事業所名": f"訪問看護ステーション {NAMES[index]}",
        "事業所名カナ": "ホウモンカンゴステーション",
        "サービスの種類": "訪問看護",
        "住所": f"架空県架空市北浜{index + 1}-8",
        "緯度": "35.7121",
        "経度": "141.2201",
        "電話番号": f"0999-00-12{index:02}",
        "FAX番号": f"0999-00-13{index:02}",
        "法人の名称": "医療法人 松風",
        "事業所番号": number,
        "利用可能曜日": "月,火,水,木,金",
        "定員": "0",
    }
    return values | changes


def care_csv(rows: list[dict[str, str]], header: tuple[str, ...] = HEADER) -> bytes:
    """A file as published: UTF-8 with BOM, CRLF."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(
        stream, header, restval="", extrasaction="ignore", lineterminator="\r\n"
    )
    writer.writeheader()
    writer.writerows(rows)
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def first_file() -> bytes:
    """December: five offices."""
    return care_csv([row(index) for index in range(5)])


def second_file() -> bytes:
    """June: one changed, one whose FAX is gone, one that is someone else now, one new, one gone."""
    return care_csv(
        [
            row(0, 電話番号="０９９９－００－１２９９"),
            row(1, FAX番号=""),
            row(2),
            row(
                3,
                事業所名="訪問看護ステーション 別の名",
                住所="架空県架空市港町77",
                電話番号="0999-00-9999",
                法人の名称="別の法人",
            ),
            row(5),
        ]
    )
