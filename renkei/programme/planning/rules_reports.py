"""Who makes and reads reports."""

from __future__ import annotations

from typing import Final

from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.viewers import Viewer

MAKERS: Final = frozenset({Role.MUNICIPAL_STAFF, Role.PREFECTURE})


def reads_reports(viewer: Viewer) -> bool:
    """Those who make them, and the 拠点 of a municipality, which works with them."""
    return viewer.role in MAKERS | {Role.DESK}


def makes_reports(viewer: Viewer) -> bool:
    """A municipality of its own area, the prefecture of those it watches over."""
    return viewer.role in MAKERS
