"""地域のすがた (R-…): the four cards of the first screen and what comparisons rest on.

Source: 地域包括ケア「見える化」システム, first screen (人口, 認定者・認定率, 費用額, 保険料).
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
from renkei.programme.indicators.shipped.definition import ALL, Definition

_REGION: Final = (Scene.REGION,)
_REGISTER: Final = "住民基本台帳に基づく人口（総務省）"
_INSURANCE: Final = "介護保険事業状況報告"
_UNION: Final = "広域連合の市町村は、広域連合の数です。"
CARDS: Final = ("R-POP", "R-CERT-R", "R-COST", "R-PREM")

REGION: Final = (
    Definition(
        "R-POP", "人口", _REGION, Kind.CONTEXT, "住民基本台帳の人口。", "人", _REGISTER,
        period_kind=PeriodKind.CALENDAR_YEAR, levels=ALL, cycle="毎年", lag="約半年",
        caution="1月1日の人口です。国勢調査の人口とは違います。", confirmed=True,
        aliases=("人口", "総人口", "人口総数"),
    ),
    Definition(
        "R-65", "65歳以上の人口", _REGION, Kind.CONTEXT, "住民基本台帳の65歳以上の人口。", "人",
        _REGISTER, period_kind=PeriodKind.CALENDAR_YEAR, levels=ALL, cycle="毎年",
        confirmed=True, aliases=("高齢者数", "高齢者人口", "65歳以上人口", "老年人口"),
    ),
    Definition(
        "R-75", "75歳以上の人口", _REGION, Kind.CONTEXT, "住民基本台帳の75歳以上の人口。", "人",
        _REGISTER, period_kind=PeriodKind.CALENDAR_YEAR, levels=ALL, cycle="毎年",
        confirmed=True, aliases=("後期高齢者数", "75歳以上人口"),
    ),
    Definition(
        "R-65-R", "高齢化率", _REGION, Kind.CONTEXT, "人口のうち65歳以上の人の割合。", "%",
        _REGISTER, numerator="65歳以上の人口", denominator="人口", factor=100, decimals=1,
        aggregation=Aggregation.RATIO, period_kind=PeriodKind.CALENDAR_YEAR, levels=ALL,
        expression="percent(R-65, R-POP)", confirmed=True, aliases=("高齢化率",),
    ),
    Definition(
        "R-75-R", "後期高齢者の割合", _REGION, Kind.CONTEXT, "人口のうち75歳以上の人の割合。",
        "%", _REGISTER, numerator="75歳以上の人口", denominator="人口", factor=100, decimals=1,
        aggregation=Aggregation.RATIO, period_kind=PeriodKind.CALENDAR_YEAR, levels=ALL,
        expression="percent(R-75, R-POP)", confirmed=True, aliases=("後期高齢化率",),
    ),
    Definition(
        "R-CERT", "要介護（要支援）認定者数", _REGION, Kind.CONTEXT,
        "要介護（要支援）の認定を受けている人の数。", "人", _INSURANCE, levels=ALL,
        cycle="毎年", lag="約1年半", caution=_UNION, counts_persons=True, confirmed=True,
        aliases=("認定者数", "要支援・要介護認定者数", "要介護認定者数"),
    ),
    Definition(
        "R-CERT-R", "認定率", _REGION, Kind.CONTEXT,
        "第1号被保険者のうち、要介護（要支援）の認定を受けている人の割合。", "%", _INSURANCE,
        numerator="第1号被保険者の認定者", denominator="第1号被保険者", factor=100, decimals=1,
        aggregation=Aggregation.RATIO, levels=ALL, cycle="毎年", lag="約1年半", caution=_UNION,
        aliases=("認定率", "調整前認定率", "認定率（要支援・要介護認定者数を含む）"),
    ),
    Definition(
        "R-COST", "介護費用額（第1号被保険者1人1月あたり）", _REGION, Kind.CONTEXT,
        "介護サービスの費用を、第1号被保険者1人・1か月あたりに直した額。", "円", _INSURANCE,
        aggregation=Aggregation.NONE, cycle="毎年", lag="約1年半", caution=_UNION,
        aliases=("第1号被保険者1人1月あたり費用額", "介護費用額", "費用額"),
    ),
    Definition(
        "R-PREM", "介護保険料（基準月額）", _REGION, Kind.CONTEXT,
        "65歳以上の人の介護保険料の基準となる月額。", "円", _INSURANCE,
        aggregation=Aggregation.NONE, period_kind=PeriodKind.PLAN, direction=Direction.NEUTRAL,
        cycle="3年ごと", caution=_UNION, aliases=("保険料", "保険料基準額", "第1号保険料"),
    ),
)  # fmt: skip
