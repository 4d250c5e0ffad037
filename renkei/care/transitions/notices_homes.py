"""What is told about 協力医療機関 and reviews: fixed words."""

from __future__ import annotations

from typing import Final

from renkei.foundation.notifications.kinds import NotificationKind

CONFIRM_SOON: Final = "transitions.cooperation_soon"
CONFIRM_OVER: Final = "transitions.cooperation_over"
REVIEW_NEWS: Final = "transitions.review_news"
WISH_NEWS: Final = "transitions.wish_news"

HOME_KINDS: Final = tuple(
    NotificationKind(code=code, text=text, urgent=False, group="transitions")
    for code, text in (
        (CONFIRM_SOON, "協力医療機関との年1回の確認の時期です。"),
        (CONFIRM_OVER, "協力医療機関との確認から1年を過ぎています。"),
        (REVIEW_NEWS, "救急の事例の検証に新しい記録があります。"),
        (WISH_NEWS, "意思の記録の確認に新しい記録があります。"),
    )
)
