"""事業全体 (P-…), and the national survey of 2015 on the eight items (J-…).

Source: indicators of the five documents of the programme; 実施状況調査 of September 2015.
"""

from __future__ import annotations

from typing import Final

from renkei.programme.indicators.models import (
    Aggregation,
    Direction,
    Kind,
    PeriodKind,
    Scene,
)
from renkei.programme.indicators.shipped.definition import Definition
from renkei.programme.indicators.shipped.words import OWN, SURVEY_2015

_ALL: Final = (Scene.PROGRAMME,)
# Source: 介護保険法施行規則 第140条の62の8 and the wording of its eight items until 2020.
ITEMS: Final = {
    "A": ("ア", "地域の医療・介護の資源の把握"),
    "B": ("イ", "在宅医療・介護連携の課題の抽出と対応策の検討"),
    "C": ("ウ", "切れ目のない在宅医療と介護の提供体制の構築推進"),
    "D": ("エ", "医療・介護関係者の情報共有の支援"),
    "E": ("オ", "在宅医療・介護連携に関する相談支援"),
    "F": ("カ", "医療・介護関係者の研修"),
    "G": ("キ", "地域住民への普及啓発"),
    "H": ("ク", "在宅医療・介護連携に関する関係市区町村の連携"),
}
NOT_DONE, PLANNED, DONE = 0, 1, 2
_WORDS: Final = "0＝実施していない、1＝年度内に実施予定、2＝実施している"
FLAGS: Final = {
    "J-CONTRACT": ("委託している取組がある", "contract"),
    "J-JOINT": ("ほかの市区町村と共同で実施している取組がある", "joint"),
    "J-SUPPORT": ("都道府県（保健所）の支援を受けている", "support"),
}


def _own(code: str, name: str, unit: str, text: str, **more: object) -> Definition:
    values = {"direction": Direction.UP, "cycle": "毎年", "performer": "市"} | more
    return Definition(code, name, _ALL, Kind.PROCESS, text, unit, OWN, **values)  # type: ignore[arg-type]


def _share(code: str, name: str, unit: str, text: str, parts: tuple[str, str]) -> Definition:
    return _own(
        code, name, unit, text, numerator=parts[0], denominator=parts[1], factor=100, decimals=1,
        aggregation=Aggregation.RATIO,
    )  # fmt: skip


_ITEM_DEFINITIONS: Final = tuple(
    Definition(
        f"J-{letter}", f"（{sign}）の実施状況", _ALL, Kind.STRUCTURE,
        f"（{sign}）{words}の実施状況。{_WORDS}。", "段階", SURVEY_2015,
        aggregation=Aggregation.NONE, period_kind=PeriodKind.DAY, direction=Direction.UP,
        cycle="調査のたび", confirmed=True, aliases=(f"（{sign}）", sign, f"({sign})"),
    )
    for letter, (sign, words) in ITEMS.items()
)  # fmt: skip
_FLAG_DEFINITIONS: Final = tuple(
    Definition(
        code, name, _ALL, Kind.STRUCTURE, f"{name}か。0＝いいえ、1＝はい。", "有無", SURVEY_2015,
        aggregation=Aggregation.NONE, period_kind=PeriodKind.DAY, cycle="調査のたび",
        confirmed=True, aliases=(name,),
    )
    for code, (name, _short) in FLAGS.items()
)  # fmt: skip
_NATIONAL: Final = tuple(
    Definition(
        f"J-{letter}-R", f"（{sign}）を実施している市区町村の割合", _ALL, Kind.STRUCTURE,
        f"（{sign}）{words}を「実施している」と答えた市区町村の割合。", "%", SURVEY_2015,
        numerator="実施している市区町村", denominator="市区町村", factor=100, decimals=1,
        aggregation=Aggregation.RATIO, period_kind=PeriodKind.DAY, direction=Direction.UP,
        cycle="調査のたび", confirmed=True,
    )
    for letter, (sign, words) in ITEMS.items()
)  # fmt: skip

PROGRAMME: Final = (
    _own("P-1", "会議の開催回数", "回", "協議会と部会を開いた回数。"),
    _share(
        "P-2", "会議の参加率", "%", "招いた委員のうち、会議に出た人の割合。",
        ("出席した委員", "招いた委員"),
    ),
    _own("P-3", "研修の開催回数", "回", "医療・介護関係者の研修を開いた回数。", performer="拠点"),
    _own(
        "P-4", "研修の参加者数（のべ）", "人", "研修に参加した人の数。職種別の数は研修の記録に。",
        performer="拠点",
    ),
    _own(
        "P-5", "相談件数", "件", "相談窓口が受けた相談の数。相談者の種別は相談の記録にあります。",
        performer="拠点", direction=Direction.NEUTRAL, counts_persons=True,
        caution="相談が多いことは、窓口が知られていることも、困りごとが多いことも表します。",
    ),
    _own("P-6", "普及啓発の回数", "回", "講演会、出前講座などの回数。"),
    _own("P-7", "普及啓発の配布数", "部", "住民に配った冊子や案内の部数。"),
    _own("P-8", "広報誌の発行回数", "回", "事業の広報誌を出した回数。"),
    _own("P-9", "他市町村と共同の取組数", "件", "ほかの市区町村と共同で行った取組の数。"),
    _share(
        "P-10", "委託率", "%", "事業の取組のうち、委託して行ったものの割合。",
        ("委託した取組", "取組"),
    ),
    _own(
        "P-11", "コーディネーターの配置数", "人", "相談や調整を専ら行うコーディネーターの数。",
        caution="相談室などの別の名前でも、同じ役割の人を数えます。委託先の人も数えます。",
    ),
    _own("P-12", "事例検討の回数", "回", "多職種で事例を検討した回数。"),
    _own(
        "P-13", "研修の満足度", "点", "参加者への調査の平均点。", decimals=1,
        aggregation=Aggregation.NONE,
    ),
    _own(
        "P-14", "研修が「使えた」点", "点", "研修のあとに「仕事に使えた」と答えた平均点。",
        decimals=1, aggregation=Aggregation.NONE,
    ),
    *_ITEM_DEFINITIONS,
    *_FLAG_DEFINITIONS,
    *_NATIONAL,
)  # fmt: skip
