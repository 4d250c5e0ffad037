"""Who may do what with an agreement (協定), and how it stands. A rule not here means no.

All of it is told from an agreement read with its members.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Agreement, AgreementMember, Area


class Standing(StrEnum):
    """How an agreement stands for one of its municipalities on a day."""

    TO_ANSWER = "to_answer"
    WAITING = "waiting"
    COMING = "coming"
    IN_FORCE = "in_force"
    ENDED = "ended"


def may_keep_agreements(viewer: Viewer) -> bool:
    """See, propose, answer, leave and end the agreements of one's own municipality."""
    return viewer.role == Role.MUNICIPAL_STAFF


def membership_of(agreement: Agreement, area: Area) -> AgreementMember | None:
    """The latest membership of an area; it may have left and come back."""
    own = [one for one in agreement.members.all() if one.area_id == area.pk]
    return max(own, key=lambda one: one.pk, default=None)


def is_asked(member: AgreementMember) -> bool:
    """Neither confirmed nor refused yet."""
    return member.confirmed_at is None and member.refused_at is None


def is_over(agreement: Agreement, member: AgreementMember, day: date) -> bool:
    """Refused, left, or the agreement itself has ended."""
    ends = [end for end in (agreement.period.upper, member.period.upper) if end is not None]
    return member.refused_at is not None or any(end <= day for end in ends)


def standing_of(agreement: Agreement, area: Area, day: date) -> Standing:
    """How the agreement stands for this area; in force takes two who confirmed."""
    own = membership_of(agreement, area)
    if own is None or is_over(agreement, own, day):
        return Standing.ENDED
    if is_asked(own):
        return Standing.TO_ANSWER
    others = [
        one
        for one in agreement.members.all()
        if one.area_id != area.pk and not is_over(agreement, one, day)
    ]
    if not others:
        return Standing.ENDED
    if all(is_asked(one) for one in others):
        return Standing.WAITING
    begin = min(one.period.lower for one in others if not is_asked(one))
    return Standing.COMING if max(own.period.lower, begin) > day else Standing.IN_FORCE


def may_answer(agreement: Agreement, area: Area, day: date) -> bool:
    """Confirm or refuse: asked, and not over."""
    return standing_of(agreement, area, day) == Standing.TO_ANSWER


def may_leave(agreement: Agreement, area: Area, day: date) -> bool:
    """Name a last day of one's own; a proposal nobody confirmed is ended, not left."""
    standing = standing_of(agreement, area, day)
    is_lone_proposal = standing == Standing.WAITING and agreement.proposer_id == area.pk
    return _takes_part_for_good(agreement, area, standing) and not is_lone_proposal


def may_invite(agreement: Agreement, area: Area, day: date) -> bool:
    """Ask a further municipality: any member that stays, while the agreement has no last day."""
    standing = standing_of(agreement, area, day)
    return agreement.period.upper is None and _takes_part_for_good(agreement, area, standing)


def may_end(agreement: Agreement, area: Area, day: date) -> bool:
    """End it for all: the proposer, or any member where nobody proposed it here."""
    return (
        agreement.proposer_id in {None, area.pk}
        and agreement.period.upper is None
        and _takes_part_for_good(agreement, area, standing_of(agreement, area, day))
    )


def _takes_part_for_good(agreement: Agreement, area: Area, standing: Standing) -> bool:
    # Confirmed, with no last day yet.
    own = membership_of(agreement, area)
    return (
        own is not None
        and own.confirmed_at is not None
        and own.period.upper is None
        and standing != Standing.ENDED
    )
