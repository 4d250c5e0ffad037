"""What this room tells people: fixed words, never a name or a content."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.urls import reverse

from renkei.foundation.notifications.kinds import NotificationKind

EMERGENCY_OPENED: Final = "patients.emergency_opened"
BREAK_GLASS_USED: Final = "patients.break_glass_used"
BREAK_GLASS_TO_REVIEW: Final = "patients.break_glass_to_review"
BREAK_GLASS_OVERDUE: Final = "patients.break_glass_overdue"
DISASTER_ASKED: Final = "patients.disaster_asked"
DISASTER_ON: Final = "patients.disaster_on"
DISASTER_TO_REVIEW: Final = "patients.disaster_to_review"
DISCLOSURE_PROPOSED: Final = "patients.disclosure_proposed"
DISPOSAL_DUE: Final = "patients.disposal_due"
TEAM_INVITED: Final = "patients.team_invited"

KINDS: Final = tuple(
    NotificationKind(code=code, text=text, urgent=urgent, group="patients")
    for code, text, urgent in (
        (EMERGENCY_OPENED, "救急カードで救急の画面が開かれました。", True),
        (BREAK_GLASS_USED, "緊急閲覧が使われました。", True),
        (BREAK_GLASS_TO_REVIEW, "確認する緊急閲覧があります。", False),
        (BREAK_GLASS_OVERDUE, "期限を過ぎても確認されていない緊急閲覧があります。", True),
        (DISASTER_ASKED, "災害時の切り替えの承認を求められています。", True),
        (DISASTER_ON, "災害時の切り替えが始まりました。", True),
        (DISASTER_TO_REVIEW, "災害時に見た人の確認をしてください。", False),
        (DISCLOSURE_PROPOSED, "文書の見える範囲の変更が提案されました。", False),
        (TEAM_INVITED, "ケアチームへの招待が届いています。", False),
        (DISPOSAL_DUE, "保存期限を過ぎた記録があります。廃棄するか確かめてください。", False),
    )
)


def path_of(name: str, *uids: UUID) -> str:
    """The address a notification leads to: uids only."""
    return reverse(name, args=uids)
