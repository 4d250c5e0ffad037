"""What has to be there when a person comes home. Pure data.

Source: domain/admission-discharge-rules.md §3 (8, 9), domain/forms.md §4.3; the list as a whole is
our own and not taken from a region's rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from renkei.care.transitions.models.cases import FactKind, Side


@dataclass(frozen=True)
class ChecklistItem:
    """One line of the list; ``fact`` does it by being recorded."""

    code: str
    label: str
    side: str
    fact: str = ""


ITEMS: Final = (
    ChecklistItem("summary", "退院時サマリー", Side.HOSPITAL, FactKind.SUMMARY_HANDED_OVER),
    ChecklistItem("drugs", "退院時の処方とお薬の説明", Side.HOSPITAL),
    ChecklistItem("orders", "訪問看護指示書・診療情報提供書", Side.HOSPITAL),
    ChecklistItem("next_visit", "次の受診・検査の日", Side.HOSPITAL),
    ChecklistItem("supplies", "医療処置の物品と交換日", Side.HOSPITAL),
    ChecklistItem("services", "サービスの開始日と連絡先", Side.CARE),
    ChecklistItem("equipment", "福祉用具・住まいの準備", Side.CARE),
    ChecklistItem("emergency", "急に悪くなったときの連絡先", Side.CARE),
    ChecklistItem(
        "follow_up", "退院後の様子を病院に伝える", Side.CARE, FactKind.FOLLOW_UP_REPORTED
    ),
)
