"""What this room tells people: fixed words, never a name, a hospital or a content."""

from __future__ import annotations

from typing import Final

from renkei.foundation.notifications.kinds import NotificationKind

CASE_NEW: Final = "transitions.case_new"
CASE_NEWS: Final = "transitions.case_news"
DEADLINE_SOON: Final = "transitions.deadline_soon"
DEADLINE_OVER: Final = "transitions.deadline_over"
OFFICE_DEADLINE_OVER: Final = "transitions.office_deadline_over"

DOCTOR_AWAY: Final = "transitions.doctor_away"
DOCTORS_BOTH_AWAY: Final = "transitions.doctors_both_away"
PAIR_STARTED: Final = "transitions.pair_started"

KINDS: Final = tuple(
    NotificationKind(code=code, text=text, urgent=urgent, group="transitions")
    for code, text, urgent in (
        (CASE_NEW, "入退院の調整が始まりました。", False),
        (DOCTOR_AWAY, "主治医・副主治医の不在が変わりました。", False),
        (DOCTORS_BOTH_AWAY, "主治医も副主治医も不在になる時間があります。", True),
        (PAIR_STARTED, "主治医・副主治医の組が始まりました。", False),
        (CASE_NEWS, "入退院の調整に新しい記録があります。", False),
        (DEADLINE_SOON, "入退院の期限が近づいています。", False),
        (DEADLINE_OVER, "入退院の期限を過ぎています。", True),
        (OFFICE_DEADLINE_OVER, "事業所に、期限を過ぎた入退院の調整があります。", True),
    )
)
