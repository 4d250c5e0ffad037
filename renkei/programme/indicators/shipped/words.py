"""Words many definitions share."""

from __future__ import annotations

from typing import Final

BUREAU: Final = "地方厚生局 施設基準の届出"
FACILITIES: Final = "医療施設調査（e-Stat）"
NDB: Final = "NDBオープンデータ"
CARE: Final = "介護保険総合データベース"
OFFICES: Final = "介護サービス情報公表システム"
VISIBLE: Final = "地域包括ケア「見える化」システム"
VITAL: Final = "人口動態統計（e-Stat）"
BEDS: Final = "病床機能報告"
FIRE: Final = "消防の統計"
OWN: Final = "市の記録"
RECEIPT_CAUTION: Final = (
    "レセプトによる指標は、市町村ごとでは空になることがあります。二次医療圏で見てください。"
)
FEE_CAUTION: Final = "加算は算定した分だけを数えます。連携しても算定しなければ入りません。"
GYODA: Final = "行田市 在宅医療・介護連携推進事業の資料（2023年10月5日）"
SURVEY_2015: Final = "厚生労働省 在宅医療・介護連携推進事業の実施状況調査（平成27年9月、速報）"
