"""Writes the area files of 架空広域 in the layouts of their publishers."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter
from shapely.geometry import mapping

from renkei.demo import geography
from renkei.demo.geography import MUNICIPALITIES, PREFECTURE, Municipality

AGE_CLASSES = [f"{age}歳～{age + 4}歳" for age in range(0, 100, 5)] + ["100歳以上"]
PROJECTION_YEARS = (2020, 2025, 2030, 2035, 2040, 2045, 2050)


def write_area_files(folder: Path) -> None:
    """Write every area file of the region into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    _csv(folder / "municipalities.csv", _municipality_rows())
    _csv(folder / "secondary-medical-area-members.csv", _secondary_rows())
    _csv(folder / "towns.csv", _town_rows())
    (folder / "boundaries-99.geojson").write_text(json.dumps(_boundaries(), ensure_ascii=False))
    (folder / "daily-living-areas.geojson").write_text(json.dumps(_districts(), ensure_ascii=False))
    _xlsx(folder / "juki_age_muni_2026.xlsx", _age_rows())
    _xlsx(folder / "kekkahyo1.xlsx", _projection_rows("結果表1　総人口および指数", _totals))
    _xlsx(
        folder / "kekkahyo3_3.xlsx",
        _projection_rows("結果表3-3　年齢別人口割合　65歳以上人口", _share_65),
    )
    _xlsx(
        folder / "kekkahyo3_4.xlsx",
        _projection_rows("結果表3-4　年齢別人口割合　75歳以上人口", _share_75),
    )
    _xlsx(folder / "insured-persons-02h.xlsx", _insured_rows())


def _municipality_rows() -> Iterable[Sequence[object]]:
    yield ("pid", "pref", "cid", "city", "citykana", "lat", "lng", "url", "phrase", "lgcode")
    for one in MUNICIPALITIES:
        longitude, latitude = geography.town_centre(one.name, one.towns[0])
        cid = int(geography.PREFECTURE_CODE + one.number)
        website = f"https://www.city-{one.number}.example/"
        yield (99, PREFECTURE, cid, one.name, one.kana, latitude, longitude, website, "", one.code)


def _secondary_rows() -> Iterable[Sequence[object]]:
    yield ("都道府県", "二次医療圏", "市区町村", "人口", "65歳以上", "高齢化率", "出生", "死亡")
    for one in MUNICIPALITIES:
        old = round(one.population * one.share_65 / 100)
        births, deaths = round(one.population * 0.0055), round(one.population * 0.014)
        row = (one.population, old, one.share_65, births, deaths)
        yield (PREFECTURE, geography.SECONDARY_AREA, one.name, *row)


def _town_rows() -> Iterable[Sequence[object]]:
    yield ("都道府県名", "市区町村名", "大字町丁目名", "小字・通称名", "緯度", "経度")
    for one in MUNICIPALITIES:
        for town in one.towns:
            longitude, latitude = geography.town_centre(one.name, town)
            yield (PREFECTURE, one.name, town.removeprefix("大字"), "", latitude, longitude)


def _boundaries() -> dict[str, object]:
    features = [
        {
            "type": "Feature",
            "properties": {
                "N03_001": PREFECTURE,
                "N03_002": None,
                "N03_003": None,
                "N03_004": one.name,
                "N03_007": geography.PREFECTURE_CODE + one.number,
            },
            "geometry": mapping(one.polygon),
        }
        for one in MUNICIPALITIES
    ]
    return {"type": "FeatureCollection", "features": features}


def _districts() -> dict[str, object]:
    features = [
        {
            "type": "Feature",
            "properties": {"area_id": number, "center_name": name, "school_districts": name},
            "geometry": mapping(geography.polygon_of(corners)),
        }
        for number, (name, corners) in enumerate(geography.DISTRICTS.items(), start=1)
    ]
    return {"type": "FeatureCollection", "features": features}


def _age_weights(one: Municipality) -> list[float]:
    """Shares of the 21 age classes that add up to the municipality's 65+ and 75+ shares."""
    young = [0.6 + 0.02 * step for step in range(13)]
    early = [1.0, 1.05]
    late = [1.0 * math.exp(-0.42 * step) for step in range(6)]
    parts = (
        (young, 100 - one.share_65),
        (early, one.share_65 - one.share_75),
        (late, one.share_75),
    )
    return [weight * share / sum(weights) for weights, share in parts for weight in weights]


def _age_rows() -> Iterable[Sequence[object]]:
    yield ("令和8年1月1日住民基本台帳年齢階級別人口（市区町村別）（総計）",)
    yield ("", "", "", "", "総数", *AGE_CLASSES)
    yield ("団体コード", "都道府県名", "市区町村名", "性別", *["人"] * (len(AGE_CLASSES) + 1))
    for one in MUNICIPALITIES:
        both = [round(one.population * weight / 100) for weight in _age_weights(one)]
        men = [round(count * (0.512 - 0.008 * step)) for step, count in enumerate(both)]
        women = [count - man for count, man in zip(both, men, strict=True)]
        for label, counts in (("計", both), ("男", men), ("女", women)):
            yield (one.code, PREFECTURE, one.name, label, sum(counts), *counts)


def _totals(one: Municipality) -> list[float]:
    return [round(one.population * 0.985**step * 1.01) for step in range(-1, 6)]


def _share_65(one: Municipality) -> list[float]:
    return [round(one.share_65 + 1.3 * step, 4) for step in range(-1, 6)]


def _share_75(one: Municipality) -> list[float]:
    return [round(one.share_75 + 1.1 * step, 4) for step in range(-1, 6)]


def _projection_rows(title: str, values: object) -> Iterable[Sequence[object]]:
    assert callable(values)  # noqa: S101 - one of the three functions above
    yield (title,)
    yield ()
    yield ()
    yield ("コード", "市などの別", "都道府県", "市区町村", title)
    yield ("", "", "", "", *[f"{year}年" for year in PROJECTION_YEARS])
    for one in MUNICIPALITIES:
        kind = {"市": 2, "町": 3, "村": 3}[one.name[-1]]
        number = int(geography.PREFECTURE_CODE + one.number)
        yield (number, kind, PREFECTURE, one.name, *values(one))


def _insured_rows() -> Iterable[Sequence[object]]:
    yield ("第２表　保険者別　第１号被保険者数（男女計）",)
    yield ()
    yield ("", "", "", "", "", "", "", "（単位：人）")
    yield ("都道府県", "保険者", "計")
    ages = ("６５歳以上７５歳未満", "７５歳以上８５歳未満", "８５歳以上")
    yield ("", "", "", *ages, "外国人被保険者", "住所地特例被保険者")
    for one in MUNICIPALITIES:
        early = round(one.population * (one.share_65 - one.share_75) / 100)
        late = round(one.population * one.share_75 / 100)
        oldest = round(late * 0.32)
        yield (PREFECTURE, one.name, early + late, early, late - oldest, oldest, 0, 0)


def _csv(path: Path, rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(rows)


def _xlsx(path: Path, rows: Iterable[Sequence[object]]) -> None:
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
