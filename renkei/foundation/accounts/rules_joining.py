"""Who may see how facilities join. A rule that is not here means no."""

from __future__ import annotations

from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.viewers import Viewer


def may_decide_joining(viewer: Viewer) -> bool:
    """See and decide applications, keep the 参加施設台帳 and the board of who has not joined.

    The 事務局 is the city's section or the union's: both hold the role 市町村担当.
    """
    return viewer.role == Role.MUNICIPAL_STAFF
