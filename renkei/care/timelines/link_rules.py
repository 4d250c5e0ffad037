"""How a link to one document stands: in words for the team, and whether it opens."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from renkei.care.timelines.models import LinkEnd, OutsideLink
from renkei.foundation.common import clock


@dataclass(frozen=True)
class LinkState:
    """One word with its kind of status."""

    kind: str
    word: str
    is_open: bool = False


OPEN = LinkState("in", "まだ開かれていません", is_open=True)
SEEN = LinkState("done", "開かれました", is_open=True)
ANSWERED = LinkState("done", "回答が届きました")
ENDS = {
    LinkEnd.REVOKED: LinkState("none", "取り消しました"),
    LinkEnd.ANSWERED: ANSWERED,
    LinkEnd.GROUND: LinkState("none", "同意や担当が終わったので閉じました"),
}
LOCKED = LinkState("over", "番号の誤りが続いたので閉じました")
USED_UP = LinkState("none", "開ける回数を使い切りました")
EXPIRED = LinkState("none", "期限が切れました")


def state_of(link: OutsideLink) -> LinkState:
    """Whether it may be opened once more, as far as the link itself says."""
    if link.closed_because:
        return ENDS[LinkEnd(link.closed_because)]
    if link.grant.revoked_at is not None:
        return ENDS[LinkEnd.GROUND]
    if link.wrong_codes >= settings.OUTSIDE_LINK_TRIES:
        return LOCKED
    if link.grant.ends_at is None or link.grant.ends_at <= clock.now():
        return EXPIRED
    if link.openings >= settings.OUTSIDE_LINK_OPENINGS:
        return USED_UP
    return SEEN if link.openings else OPEN


def may_go_on(link: OutsideLink) -> bool:
    """Whether what was opened may still be answered: the number of openings does not count."""
    return state_of(link).is_open or state_of(link) is USED_UP
