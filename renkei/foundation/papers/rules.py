"""Who may, as sentences. A rule that is not here means no."""

from __future__ import annotations

from typing import Final

from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.papers.handlers import kind_of
from renkei.foundation.papers.models import Ticket

# Who stands at the copier: those who work with papers about people or offices.
PAPER_ROLES: Final = frozenset(
    {
        Role.PROFESSIONAL,
        Role.SHARING_HOST,
        Role.ORGANISATION_ADMIN,
        Role.DESK,
        Role.MUNICIPAL_STAFF,
    }
)


def may_sort_papers(viewer: Viewer) -> bool:
    """See the papers of the own organisation, bring scans, and decide what waits."""
    return viewer.role in PAPER_ROLES


def may_file(viewer: Viewer, ticket: Ticket) -> bool:
    """Put paper to this ticket: of the own organisation, and allowed by the ticket's kind."""
    kind = kind_of(ticket)
    return (
        kind is not None
        and may_sort_papers(viewer)
        and ticket.organisation_id == viewer.organisation_id
        and kind.may_file(viewer, ticket)
    )
