"""Who acts, as the columns want it: pages of this room let only memberships in."""

from __future__ import annotations

from renkei.foundation.accounts.viewers import Viewer


def membership_of(viewer: Viewer) -> int:
    """The membership that acts."""
    assert viewer.membership_id is not None  # noqa: S101 - care_page
    return viewer.membership_id


def organisation_of(viewer: Viewer) -> int:
    """The organisation it is in."""
    assert viewer.organisation_id is not None  # noqa: S101 - a membership has its organisation
    return viewer.organisation_id
