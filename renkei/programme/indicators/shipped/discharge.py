"""入退院支援 (A-…).

Source: as ``daily``; A-P1 and A-P2 are printed in 行田市's material of 2023-10-05.
"""

from __future__ import annotations

from typing import Final

from renkei.programme.indicators.models import Aggregation, Direction, Kind, Scene
from renkei.programme.indicators.shipped.definition import RECEIPTS, Definition
from renkei.programme.indicators.shipped.words import (
    BEDS,
    FACILITIES,
    FEE_CAUTION,
    GYODA,
    NDB,
    OWN,
    RECEIPT_CAUTION,
    VISIBLE,
)

_DISCHARGE: Final = (Scene.HOSPITAL,)
_OWN_COUNT: Final = "この仕組みの入退院の記録から数えます。"


def _counted(
    code: str,
    name: str,
    counter: str,
    text: str,
    *,
    unit: str = "%",
    direction: Direction = Direction.UP,
    aggregation: Aggregation = Aggregation.RATIO,
) -> Definition:
    """A number of this installation's own stays; the rule of the region says what it counts."""
    return Definition(
        code,
        name,
        _DISCHARGE,
        Kind.PROCESS,
        text,
        unit,
        OWN,
        factor=100 if unit == "%" else 1,
        decimals=1,
        aggregation=aggregation,
        direction=direction,
        cycle="毎日",
        counts_persons=True,
        counter=f"transitions.{counter}",
        caution=_OWN_COUNT,
        confirmed=True,
    )


DISCHARGE: Final = (
    Definition(
        "A-S1", "退院支援担当者を配置している病院・診療所数", _DISCHARGE, Kind.STRUCTURE,
        "退院支援を担当する人を置いている病院と診療所の数。", "施設", FACILITIES,
        direction=Direction.UP, cycle="3年ごと", lag="約1年",
    ),
    Definition(
        "A-S2", "入退院調整ルールの参加率", _DISCHARGE, Kind.STRUCTURE,
        "地域の入退院調整ルールに参加している機関の割合。", "%", OWN, numerator="参加している機関",
        denominator="対象の機関", factor=100, decimals=1, aggregation=Aggregation.RATIO,
        performer="部会", direction=Direction.UP, cycle="毎年", confirmed=True, reference=GYODA,
    ),
    Definition(
        "A-P1", "退院・退所加算", _DISCHARGE, Kind.PROCESS,
        "ケアマネジャーが、病院からの情報をもとに退院後のサービスを調整した記録。",
        "回/人口10万対", VISIBLE, numerator="退院・退所加算の算定回数（1年）",
        denominator="総人口", factor=100_000, decimals=1, aggregation=Aggregation.RATIO,
        direction=Direction.UP, cycle="毎年", lag="1～2年", confirmed=True, reference=GYODA,
        caution="分母は総人口です。高齢者の割合が高い市は大きく出ます。\n" + FEE_CAUTION,
        aliases=("退院・退所加算", "退院・退所加算（人口10万対）", "退院退所加算"),
    ),
    Definition(
        "A-P2", "入院時情報連携加算", _DISCHARGE, Kind.PROCESS,
        "ケアマネジャーから病院への情報の流れの量。", "人/人口10万対", VISIBLE,
        numerator="入院時情報連携加算を算定された人", denominator="総人口", factor=100_000,
        decimals=1, aggregation=Aggregation.RATIO, direction=Direction.UP, cycle="毎年",
        lag="1～2年", confirmed=True, reference=GYODA, counts_persons=True,
        caution="単位は人です。回で数える退院・退所加算とは比べられません。\n" + FEE_CAUTION,
        aliases=("入院時情報連携加算", "入院時情報連携加算（人口10万対）"),
    ),
    Definition(
        "A-P3", "介護支援等連携指導料", _DISCHARGE, Kind.PROCESS,
        "入院中に、病院の職員とケアマネジャーが退院後のサービスを一緒に説明した回数。", "回", NDB,
        levels=RECEIPTS, direction=Direction.UP, cycle="毎年", lag="約2年",
        caution=RECEIPT_CAUTION + "\n" + FEE_CAUTION,
    ),
    Definition(
        "A-P4", "退院時共同指導料1・2", _DISCHARGE, Kind.PROCESS,
        "退院前に、入院先と在宅の医療者が共同で指導した回数。", "回", NDB, levels=RECEIPTS,
        direction=Direction.UP, cycle="毎年", lag="約2年",
        caution=RECEIPT_CAUTION + "\n" + FEE_CAUTION,
    ),
    Definition(
        "A-P5", "退院後訪問指導料", _DISCHARGE, Kind.PROCESS,
        "退院した患者の家を、入院していた病院の看護師等が訪ねて指導した回数。", "回", NDB,
        levels=RECEIPTS, direction=Direction.UP, cycle="毎年", lag="約2年",
        caution=RECEIPT_CAUTION + "\n" + FEE_CAUTION,
    ),
    Definition(
        "A-P6", "入退院支援加算1・2の算定回数", _DISCHARGE, Kind.PROCESS,
        "入退院支援加算を算定した回数。届出の数は別に数えます。", "回", NDB, levels=RECEIPTS,
        direction=Direction.UP, cycle="毎年", lag="約2年",
        caution=RECEIPT_CAUTION + "\n" + FEE_CAUTION,
    ),
    Definition(
        "A-P7", "退院調整率", _DISCHARGE, Kind.PROCESS,
        "退院の前に、病院からケアマネジャーへ連絡があった退院の割合。", "%", OWN,
        numerator="連絡があった退院", denominator="対象の退院", factor=100, decimals=1,
        aggregation=Aggregation.RATIO, direction=Direction.UP, cycle="毎日", counts_persons=True,
        counter="transitions.coordination_rate", caution=_OWN_COUNT, confirmed=True,
    ),
    Definition(
        "A-P7-L", "退院調整もれ率", _DISCHARGE, Kind.PROCESS,
        "退院の前にケアマネジャーへ連絡がなかった退院の割合。", "%", OWN,
        numerator="連絡がなかった退院", denominator="対象の退院", factor=100, decimals=1,
        aggregation=Aggregation.RATIO, direction=Direction.DOWN, cycle="毎日", counts_persons=True,
        counter="transitions.leak_rate", caution=_OWN_COUNT, confirmed=True,
    ),
    Definition(
        "A-P8", "入院時情報提供率", _DISCHARGE, Kind.PROCESS,
        "入院した後に、ケアマネジャーが病院へ情報を提供した入院の割合。", "%", OWN,
        numerator="情報を提供した入院", denominator="対象の入院", factor=100, decimals=1,
        aggregation=Aggregation.RATIO, direction=Direction.UP, cycle="毎日", counts_persons=True,
        counter="transitions.admission_info_rate", caution=_OWN_COUNT, confirmed=True,
    ),
    Definition(
        "A-P8-3", "入院時情報提供率（3日以内）", _DISCHARGE, Kind.PROCESS,
        "入院の日を1日目として3日目までに、ケアマネジャーが病院へ情報を提供した入院の割合。", "%",
        OWN, numerator="3日目までに情報を提供した入院", denominator="対象の入院", factor=100,
        decimals=1, aggregation=Aggregation.RATIO, direction=Direction.UP, cycle="毎日",
        counts_persons=True, counter="transitions.admission_info_day_3_rate",
        caution=_OWN_COUNT, confirmed=True,
    ),
    _counted(
        "A-P10", "入院時情報提供率（同日）", "admission_info_same_day_rate",
        "入院の日のうちに、ケアマネジャーが病院へ情報を提供した入院の割合。",
    ),
    _counted(
        "A-P11", "カンファレンス実施率", "conference_rate",
        "退院の前に連絡があった人のうち、カンファレンスを開いた割合。",
    ),
    _counted(
        "A-P12", "退院後情報提供率", "follow_up_rate",
        "退院した人のうち、退院後の様子を病院へ伝えた割合。",
    ),
    _counted(
        "A-P13", "ケアマネ未把握の入院の割合", "unknown_manager_rate",
        "担当のケアマネジャーが分からなかった入院の割合。", direction=Direction.DOWN,
    ),
    _counted(
        "A-P14", "連絡リード日数", "lead_days",
        "病院からの最初の連絡から退院までの日数の中央値。", unit="日",
        aggregation=Aggregation.NONE,
    ),
    Definition(
        "A-P9", "退院支援（退院調整）を受けた患者数", _DISCHARGE, Kind.PROCESS,
        "退院支援を受けた患者の数。医療計画の重点指標。", "人", NDB, levels=RECEIPTS,
        direction=Direction.UP, cycle="毎年", lag="約2年", caution=RECEIPT_CAUTION,
        counts_persons=True,
    ),
    Definition(
        "A-O1", "平均在院日数", _DISCHARGE, Kind.OUTCOME,
        "入院してから退院するまでの日数の平均。在宅復帰率は別に数えます。", "日", BEDS, decimals=1,
        aggregation=Aggregation.NONE, cycle="毎年", lag="約1年",
        caution="病床の種類で大きく違います。病院の順位づけに使わないでください。",
    ),
    Definition(
        "A-O2", "30日以内の再入院率", _DISCHARGE, Kind.OUTCOME,
        "退院から30日の内にまた入院した割合。", "%", OWN, numerator="30日以内の再入院",
        denominator="対象の退院", factor=100, decimals=1, aggregation=Aggregation.RATIO,
        direction=Direction.DOWN, cycle="毎日", counts_persons=True,
        counter="transitions.readmission_rate", caution=_OWN_COUNT,
    ),
)  # fmt: skip
