"""Who may read which paper of a meeting."""

from __future__ import annotations

from renkei.programme.planning.documents.councils import Paper
from renkei.programme.planning.queries.meetings import MeetingDoor

# What lies on a member's table.
ON_THE_TABLE = frozenset({"agenda", "roster"})


def may_read_paper(door: MeetingDoor, paper: Paper) -> bool:
    """Clerks all of them; members what lies on their table; others what is published."""
    if door.council.clerks:
        return True
    if paper.code == "summary":
        return door.reads_minutes
    if paper.public:
        return True
    if not door.council.sits:
        return False
    return door.reads_minutes if paper.code == "minutes" else paper.code in ON_THE_TABLE
