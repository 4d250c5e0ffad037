"""What forms, conferences and the list of discharge register, once, when the application starts."""

from __future__ import annotations

from renkei.care.transitions import (
    announcements_tickets,
    caseforms_tickets,
    conferences_tickets,
    hooks,
)
from renkei.care.transitions.services.checklists import open_checklist
from renkei.care.transitions.services.readmissions import link_readmissions
from renkei.foundation.papers import handlers


def register_all() -> None:
    """The tickets on the sheets that leave, and what follows from a recorded day."""
    handlers.register(caseforms_tickets.KIND)
    handlers.register(conferences_tickets.KIND)
    announcements_tickets.register()
    hooks.after_fact(link_readmissions)
    hooks.after_fact(open_checklist)
