"""What this room tells people: fixed words, never a name or a content."""

from __future__ import annotations

from typing import Final

from renkei.foundation.notifications.kinds import NotificationKind

MEETING_CALLED: Final = "planning.meeting_called"
MEETING_CHANGED: Final = "planning.meeting_changed"
MINUTES_TO_CHECK: Final = "planning.minutes_to_check"
TOOL_TO_ANNOUNCE: Final = "planning.tool_to_announce"

KINDS: Final = tuple(
    NotificationKind(code=code, text=text, urgent=False, group="planning")
    for code, text in (
        (MEETING_CALLED, "会議の案内があります。出欠を答えてください。"),
        (MEETING_CHANGED, "会議の予定が変わりました。"),
        (MINUTES_TO_CHECK, "会議の議事録の案ができました。確かめてください。"),
        (TOOL_TO_ANNOUNCE, "共有ツールを、担当者にあらためて周知する時期です。"),
    )
)
