"""The programme's year as it is shipped; a municipality moves, drops and adds.

Source: domain/training-outreach-consult.md §10 (S1, S2, looked up pages of 広島 and 福島; what is
marked 目安 is custom, not a duty).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Shipped:
    """One entry; ``source`` says where the month comes from."""

    code: str
    month: int
    text: str
    source: str


_CUSTOM: Final = "目安"
SHIPPED: Final = (
    Shipped("new-staff", 4, "異動した職員に、情報共有のしかたとルールを知らせる", _CUSTOM),
    Shipped("contacts", 4, "病院・事業所の連絡先の一覧を新しくする", _CUSTOM),
    Shipped("first-council", 5, "第1回の協議会を開く（5～6月）", _CUSTOM),
    Shipped("survey-plan", 6, "今年度の調査の計画を立てる", _CUSTOM),
    Shipped("rule-survey", 7, "入退院調整ルールの運用を調査する", "広島県・福島県の例"),
    Shipped("national-survey", 8, "国の実施状況調査に答える（8～9月）", "令和5年度の調査の例"),
    Shipped("half-year-data", 9, "半年ごとのデータを新しくする", _CUSTOM),
    Shipped("exchange", 10, "多職種の合同意見交換会を開く", "行田市の例"),
    Shipped("acp-day", 11, "「人生会議」の日に合わせて催しを行う", _CUSTOM),
    Shipped("rule-meeting", 11, "入退院調整ルールの会議を開く", _CUSTOM),
    Shipped("block-training", 1, "地区ごとの研修を開く（1～2月）", "南信州の例"),
    Shipped("indicators", 2, "指標の値を新しくする", _CUSTOM),
    Shipped("forum", 2, "住民のフォーラムを開く", "南信州の例"),
    Shipped("review", 3, "協議会で今年度を振り返る", _CUSTOM),
    Shipped("next-plan", 3, "来年度の計画を作る", _CUSTOM),
    Shipped("grant-evidence", 3, "交付金の実績と根拠の資料をそろえる", _CUSTOM),
)
BY_CODE: Final = {one.code: one for one in SHIPPED}
# April first.
MONTHS: Final = (*range(4, 13), *range(1, 4))
