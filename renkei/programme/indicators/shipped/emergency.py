"""急変時の対応 (E-…). Source: as ``daily``."""

from __future__ import annotations

from typing import Final

from renkei.programme.indicators.models import (
    Aggregation,
    Direction,
    Kind,
    PeriodKind,
    Scene,
)
from renkei.programme.indicators.shipped.definition import ALL, RECEIPTS, Definition
from renkei.programme.indicators.shipped.words import (
    BUREAU,
    CARE,
    FACILITIES,
    FEE_CAUTION,
    FIRE,
    NDB,
    OWN,
    RECEIPT_CAUTION,
)

_EMERGENCY: Final = (Scene.ACUTE,)


def _counted(
    code: str, name: str, counter: str, kind: Kind, direction: Direction, text: str
) -> Definition:
    """A share this installation counts itself."""
    return Definition(
        code,
        name,
        _EMERGENCY,
        kind,
        text,
        "%",
        OWN,
        factor=100,
        decimals=1,
        aggregation=Aggregation.RATIO,
        direction=direction,
        cycle="毎日",
        counts_persons=True,
        counter=f"transitions.{counter}",
        confirmed=True,
        caution="この仕組みの記録から数えます。使っている事業所と病院の分だけです。",
    )


EMERGENCY: Final = (
    Definition(
        "E-S1", "往診を実施している診療所・病院数", _EMERGENCY, Kind.STRUCTURE,
        "往診を実施している診療所と病院の数。", "施設", FACILITIES, levels=ALL,
        direction=Direction.UP, cycle="3年ごと", lag="約1年",
    ),
    Definition(
        "E-S2", "24時間体制の訪問看護事業所の割合", _EMERGENCY, Kind.STRUCTURE,
        "緊急時訪問看護加算の届出がある訪問看護事業所の割合。", "%", CARE,
        numerator="緊急時訪問看護加算の届出がある事業所", denominator="訪問看護事業所", factor=100,
        decimals=1, aggregation=Aggregation.RATIO, direction=Direction.UP, cycle="毎年",
        caution="届出は、実際にその夜に行けることを意味しません。",
    ),
    Definition(
        "E-S3", "在宅療養後方支援病院、急変時受入れの協定数", _EMERGENCY, Kind.STRUCTURE,
        "在宅療養後方支援病院の届出の数。急変時に受け入れる協定の数は別に数えます。", "病院",
        BUREAU, direction=Direction.UP, cycle="毎月", lag="約1か月",
    ),
    Definition(
        "E-S4", "救急の事前登録（とびうめネット等）の割合", _EMERGENCY, Kind.STRUCTURE,
        "救急時に見る情報を事前に登録した人の割合。", "%", OWN, numerator="登録した人",
        denominator="65歳以上の人口", factor=100, decimals=1, aggregation=Aggregation.RATIO,
        direction=Direction.UP, cycle="毎年", counts_persons=True,
    ),
    Definition(
        "E-P1", "往診を受けた患者数", _EMERGENCY, Kind.PROCESS,
        "往診を受けた患者の数（月あたり）を人口10万人あたりに直した数。医療計画の重点指標。",
        "人/人口10万対", NDB, numerator="往診を受けた患者（月平均）", denominator="総人口",
        factor=100_000, decimals=1, aggregation=Aggregation.RATIO, levels=RECEIPTS, cycle="毎年",
        lag="約2年", caution=RECEIPT_CAUTION, counts_persons=True,
    ),
    Definition(
        "E-P2", "緊急時訪問看護加算の算定、緊急訪問の回数", _EMERGENCY, Kind.PROCESS,
        "緊急時訪問看護加算を算定した回数。", "回", CARE, cycle="毎年", lag="約1年",
        caution=FEE_CAUTION,
    ),
    Definition(
        "E-P3", "DNARの情報共有の件数", _EMERGENCY, Kind.PROCESS,
        "心肺蘇生を望まない意思を、関係者と救急隊で共有した件数。", "件", OWN, performer="部会",
        cycle="毎年", confirmed=True, counts_persons=True,
        reference="久留米市 在宅医療・介護連携推進協議会の資料（2025年3月25日）",
    ),
    Definition(
        "E-P4", "施設・在宅からの救急搬送件数（高齢者）", _EMERGENCY, Kind.PROCESS,
        "65歳以上の人が、自宅または施設から救急車で運ばれた件数。", "件", FIRE,
        period_kind=PeriodKind.CALENDAR_YEAR, cycle="毎年", lag="約半年", counts_persons=True,
        caution="暦年の数です。年度の数とは比べられません。",
    ),
    Definition(
        "E-O1", "心肺停止の搬送のうち蘇生を望まない意思表示があった件数", _EMERGENCY,
        Kind.OUTCOME, "心肺停止で運ばれた人のうち、蘇生を望まない意思表示があった件数。", "件",
        FIRE, period_kind=PeriodKind.CALENDAR_YEAR, cycle="毎年", lag="約半年",
        counts_persons=True,
    ),
    Definition(
        "E-O2", "意思に沿わない蘇生・搬送の割合", _EMERGENCY, Kind.OUTCOME,
        "事例の検証で、本人の意思に沿わなかったと分かった蘇生と搬送の割合。", "%", "事例の検証",
        numerator="意思に沿わなかった事例", denominator="検証した事例", factor=100, decimals=1,
        aggregation=Aggregation.RATIO, direction=Direction.DOWN, cycle="毎年",
        counts_persons=True,
    ),
    _counted(
        "E-P5", "最初に電話する先がない時間の割合", "hole_time_rate", Kind.PROCESS, Direction.DOWN,
        "在宅の人の時間のうち、最初に電話する先がなかった時間の割合。",
    ),
    _counted(
        "E-P6", "急変時の受け入れを断られた割合", "emergency_refusal_rate", Kind.PROCESS,
        Direction.DOWN, "急変時の受け入れの依頼のうち、病院が受け入れられないと答えた割合。",
    ),
    _counted(
        "E-P7", "事後検証を終えた割合", "reviews_closed_rate", Kind.PROCESS, Direction.UP,
        "始めた事後検証のうち、終えたものの割合。",
    ),
    _counted(
        "E-P8", "事後検証で決めた対応の実施率", "review_actions_done_rate", Kind.PROCESS,
        Direction.UP, "事後検証で決めた対応のうち、済んだものの割合。",
    ),
)  # fmt: skip
