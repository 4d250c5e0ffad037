"""日常の療養支援 (D-…).

Source: 在宅医療・介護連携推進事業の手引き Ver.3 and 医療計画の指標例, as known.

Names are the usual official wording; ``confirmed`` only where a source document prints them.
"""

from __future__ import annotations

from typing import Final

from renkei.programme.indicators.models import Aggregation, Direction, Kind, Scene
from renkei.programme.indicators.shipped.definition import ALL, RECEIPTS, Definition
from renkei.programme.indicators.shipped.words import (
    BUREAU,
    CARE,
    FACILITIES,
    NDB,
    OFFICES,
    OWN,
    RECEIPT_CAUTION,
    VISIBLE,
)

_DAILY: Final = (Scene.DAILY,)

DAILY: Final = (
    Definition(
        "D-S1", "在宅療養支援診療所・病院数", _DAILY, Kind.STRUCTURE,
        "在宅療養支援診療所と在宅療養支援病院の届出の数。従来型と機能強化型（1～3）に分かれます。",
        "施設", BUREAU, numerator="届出のある診療所と病院", levels=ALL, direction=Direction.UP,
        cycle="毎月", lag="約1か月",
        caution="届出は実施を意味しません。訪問診療を実施している数（D-S2）と並べて見てください。",
    ),
    Definition(
        "D-S2", "訪問診療を実施している診療所・病院数", _DAILY, Kind.STRUCTURE,
        "訪問診療の算定または実施の報告がある診療所と病院の数。", "施設", FACILITIES,
        numerator="訪問診療を実施している診療所と病院", levels=ALL, direction=Direction.UP,
        cycle="静態は3年ごと、動態は毎年", lag="約1年",
    ),
    Definition(
        "D-S3", "訪問看護事業所数・従事者数", _DAILY, Kind.STRUCTURE,
        "訪問看護ステーションの数。従事者は常勤換算で別に数えます。", "所", OFFICES,
        numerator="指定訪問看護事業所", direction=Direction.UP, cycle="半年ごと",
        caution="事業所の数は規模を表しません。従事者数とあわせて見てください。",
    ),
    Definition(
        "D-S4", "在宅療養支援歯科診療所数、訪問歯科診療の実施", _DAILY, Kind.STRUCTURE,
        "在宅療養支援歯科診療所の届出の数。", "施設", BUREAU, direction=Direction.UP,
        cycle="毎月", lag="約1か月",
    ),
    Definition(
        "D-S5", "訪問薬剤管理指導を行う薬局数（24時間対応を含む）", _DAILY, Kind.STRUCTURE,
        "在宅患者訪問薬剤管理指導料の届出がある薬局の数。", "薬局", BUREAU,
        direction=Direction.UP, cycle="毎月", lag="約1か月",
    ),
    Definition(
        "D-S6", "地域の協議会・部会の設置と開催", _DAILY, Kind.STRUCTURE,
        "在宅医療・介護連携の協議会と部会を開いた回数。", "回", OWN, numerator="開催した会議",
        performer="市", direction=Direction.UP, cycle="毎年",
    ),
    Definition(
        "D-P1", "訪問診療を受けた患者数（算定回数）", _DAILY, Kind.PROCESS,
        "訪問診療を受けた患者の数（月あたり）を人口10万人あたりに直した数。医療計画の重点指標。",
        "人/人口10万対", NDB, numerator="訪問診療を受けた患者（月平均）", denominator="総人口",
        factor=100_000, decimals=1, aggregation=Aggregation.RATIO, levels=RECEIPTS,
        direction=Direction.UP, cycle="毎年", lag="約2年", caution=RECEIPT_CAUTION,
        counts_persons=True,
    ),
    Definition(
        "D-P2", "訪問看護利用者数（医療保険＋介護保険）", _DAILY, Kind.PROCESS,
        "訪問看護を利用した人の数を65歳以上1万人あたりに直した数。", "人/65歳以上1万対", CARE,
        numerator="訪問看護の利用者", denominator="65歳以上の人口", factor=10_000, decimals=1,
        aggregation=Aggregation.RATIO, direction=Direction.UP, cycle="毎年", lag="約1年",
        counts_persons=True,
        caution="医療保険と介護保険の両方を使う人は二重に数えられることがあります。",
    ),
    Definition(
        "D-P3", "居宅療養管理指導（医師・歯科医師・薬剤師）", _DAILY, Kind.PROCESS,
        "居宅療養管理指導を受けた人の数。", "人", CARE, cycle="毎年", lag="約1年",
        counts_persons=True,
    ),
    Definition(
        "D-P4", "訪問歯科診療・訪問薬剤・訪問栄養を受けた患者数", _DAILY, Kind.PROCESS,
        "歯科訪問診療、訪問薬剤管理指導、訪問栄養食事指導を受けた患者の数。", "人", NDB,
        levels=RECEIPTS, cycle="毎年", lag="約2年", caution=RECEIPT_CAUTION, counts_persons=True,
    ),
    Definition(
        "D-P5", "情報共有ツール（MCS等）の利用患者数", _DAILY, Kind.PROCESS,
        "多職種の情報共有ツールに登録した患者の数。医師数と参加施設数は別に数えます。", "人", OWN,
        performer="部会", direction=Direction.UP, cycle="毎年", confirmed=True,
        counts_persons=True, reference="行田市 在宅医療・介護連携推進事業の資料（2023年10月5日）",
    ),
    Definition(
        "D-P5-D", "情報共有ツール（MCS等）を利用する医師数", _DAILY, Kind.PROCESS,
        "多職種の情報共有ツールに登録した医師の数。", "人", OWN, performer="部会",
        direction=Direction.UP, cycle="毎年", confirmed=True,
        reference="行田市 在宅医療・介護連携推進事業の資料（2023年10月5日）",
    ),
    Definition(
        "D-P6", "通院時情報連携加算の算定件数", _DAILY, Kind.PROCESS,
        "ケアマネジャーが通院に同席し、医師等と情報を連携した記録。", "件", CARE,
        numerator="通院時情報連携加算の算定件数", direction=Direction.UP, cycle="毎年", lag="約1年",
    ),
    Definition(
        "D-O1", "要介護者の在宅継続率（重度者の在宅割合）", _DAILY, Kind.OUTCOME,
        "要介護3以上の人のうち、在宅で暮らしている人の割合。", "%", VISIBLE,
        numerator="在宅サービスを利用する要介護3以上の人", denominator="要介護3以上の認定者",
        factor=100, decimals=1, aggregation=Aggregation.RATIO, cycle="毎年", lag="約1年",
        counts_persons=True,
        caution="施設の多い地域では低く出ます。高いほどよいとは限りません。",
    ),
    Definition(
        "D-O2", "専門職の「顔の見える関係」評価", _DAILY, Kind.OUTCOME,
        "専門職への調査で測る、連携の評価尺度の平均点。", "点", "専門職の調査", decimals=1,
        aggregation=Aggregation.NONE, direction=Direction.UP, cycle="3年ごと",
        caution="回答した人の職種の割合が変わると、点も変わります。",
    ),
)  # fmt: skip
