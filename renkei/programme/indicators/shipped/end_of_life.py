"""看取り (K-…).

Source: as ``daily``; K-P3, K-P4 and K-O1 stand in 行田市's material of 2023-10-05.
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
from renkei.programme.indicators.shipped.definition import RECEIPTS, Definition
from renkei.programme.indicators.shipped.words import (
    CARE,
    FACILITIES,
    FEE_CAUTION,
    GYODA,
    NDB,
    OWN,
    RECEIPT_CAUTION,
    VITAL,
)

_END: Final = (Scene.END,)
_VITAL_CAUTION: Final = (
    "暦年の数です。年度の数とは比べられません。\n"
    "「自宅」で亡くなった人には、医師の訪問を受けていなかった人も入ります。"
)

END_OF_LIFE: Final = (
    Definition(
        "K-S1", "在宅看取りを実施している診療所・病院数", _END, Kind.STRUCTURE,
        "在宅での看取りを実施している診療所と病院の数。", "施設", FACILITIES,
        direction=Direction.UP, cycle="3年ごと", lag="約1年",
    ),
    Definition(
        "K-S2", "ターミナルケアを行う訪問看護ステーション数", _END, Kind.STRUCTURE,
        "ターミナルケア加算の届出がある訪問看護ステーションの数。", "所", CARE,
        direction=Direction.UP, cycle="毎年",
    ),
    Definition(
        "K-S3", "看取り介護加算の届出がある施設数", _END, Kind.STRUCTURE,
        "看取り介護加算の届出がある施設の数。", "所", CARE, direction=Direction.UP, cycle="毎年",
    ),
    Definition(
        "K-P1", "在宅ターミナルケアを受けた患者数", _END, Kind.PROCESS,
        "在宅ターミナルケア加算の対象となった患者の数。医療計画の重点指標。", "人", NDB,
        levels=RECEIPTS, cycle="毎年", lag="約2年", caution=RECEIPT_CAUTION, counts_persons=True,
    ),
    Definition(
        "K-P2", "ターミナルケア加算・ターミナルケアマネジメント加算", _END, Kind.PROCESS,
        "訪問看護のターミナルケア加算と、居宅介護支援のターミナルケアマネジメント加算の件数。",
        "件/人口10万対", CARE, numerator="算定の件数", denominator="総人口", factor=100_000,
        decimals=1, aggregation=Aggregation.RATIO, cycle="毎年", lag="約1年", caution=FEE_CAUTION,
    ),
    Definition(
        "K-P3", "看取り数", _END, Kind.PROCESS,
        "看取り加算と死亡診断加算の算定の数。死亡診断だけの場合を含みます。", "人", NDB,
        levels=RECEIPTS, cycle="毎年", lag="約2年", confirmed=True, reference=GYODA,
        caution=RECEIPT_CAUTION, counts_persons=True,
    ),
    Definition(
        "K-P4", "ACPノートの配布数", _END, Kind.PROCESS,
        "人生会議（ACP）のノートを配った部数。出前講座の回数は別に数えます。", "部", OWN,
        performer="部会", direction=Direction.UP, cycle="毎年", period_kind=PeriodKind.DAY,
        aggregation=Aggregation.NONE, confirmed=True, reference=GYODA,
        caution="配った数であり、書いた数や話し合った数ではありません。",
    ),
    Definition(
        "K-P5", "専門職のACP研修の修了者数", _END, Kind.PROCESS,
        "人生会議（ACP）の研修を修了した専門職の数。", "人", OWN, performer="拠点",
        direction=Direction.UP, cycle="毎年", confirmed=True,
        reference="久留米市 在宅医療・介護連携推進協議会の資料（2025年3月25日）",
    ),
    Definition(
        "K-O1", "在宅死亡者数（自宅）", _END, Kind.OUTCOME,
        "人口動態統計で、死亡したところの種別が「自宅」の人の数。", "人", VITAL,
        numerator="自宅で亡くなった人", period_kind=PeriodKind.CALENDAR_YEAR, cycle="毎年",
        lag="約1年半", confirmed=True, reference=GYODA, counts_persons=True,
        caution=_VITAL_CAUTION, aliases=("在宅死亡者数（自宅）", "在宅死亡者数"),
    ),
    Definition(
        "K-O2", "在宅死亡割合（自宅）", _END, Kind.OUTCOME,
        "亡くなった人のうち、自宅で亡くなった人の割合。自宅と老人ホームの合計は別に数えます。",
        "%", VITAL, numerator="自宅で亡くなった人", denominator="亡くなった人", factor=100,
        decimals=1, aggregation=Aggregation.RATIO, period_kind=PeriodKind.CALENDAR_YEAR,
        cycle="毎年", lag="約1年半", counts_persons=True,
        caution=_VITAL_CAUTION + "\n機関の質を表す数ではありません。順位づけに使わないでください。",
    ),
    Definition(
        "K-O3", "希望する場所で最期を迎えた割合", _END, Kind.OUTCOME,
        "遺族への調査で、本人が希望した場所で最期を迎えたと答えた割合。", "%", "遺族の調査",
        numerator="希望した場所だったという回答", denominator="回答", factor=100, decimals=1,
        aggregation=Aggregation.RATIO, direction=Direction.UP, cycle="3年ごと",
        counts_persons=True,
    ),
)  # fmt: skip
