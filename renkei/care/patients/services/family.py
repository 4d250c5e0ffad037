"""The person and their family in the family room: invited by the host, with accounts."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.care.patients.events import team_changed
from renkei.care.patients.models import (
    AccessGrant,
    ContentClass,
    FamilyInvitation,
    FamilyMember,
    GrantKind,
    Patient,
    Relative,
)
from renkei.care.patients.streams import close_streams_of
from renkei.foundation.accounts import services as accounts
from renkei.foundation.accounts.models import Invitation, Role, User
from renkei.foundation.accounts.queries import memberships_with_address
from renkei.foundation.accounts.services import IssuedInvitation
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.actors import Actor, ActorKind
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock

# What family may read: their room, the basics, the emergency data, wishes; never the staff room.
FAMILY_CONTENT = (
    ContentClass.BASIC,
    ContentClass.TIMELINE,
    ContentClass.EMERGENCY,
    ContentClass.WISHES,
)


@transaction.atomic
def invite_family(
    *, viewer: Viewer, patient: Patient, relative: Relative | None, email: str
) -> IssuedInvitation | None:
    """Ask a relative, or with None the person themself, into the family room.

    Returns:
        The invitation to hand over or mail; None where their account (made for another person of
        this host) joined at once.

    Raises:
        ValidationError: they take part already, or care has ended.
    """
    if patient.is_closed:
        raise ValidationError("ケアが終わった人の部屋には招けません。")
    if FamilyMember.objects.filter(patient=patient, relative=relative, left_at=None).exists():
        raise ValidationError({"who": "この方はもう部屋に参加しています。"})
    known = memberships_with_address(email).filter(
        organisation=patient.host, role=Role.PERSON_OR_FAMILY
    )
    account = known.first() if email else None
    if account is not None:
        _join(patient, relative, account.user, actor=viewer.actor)
        return None
    issued = accounts.invite_member(
        actor=viewer.actor,
        organisation=patient.host,
        name=relative.name if relative else patient.name,
        email=email,
        role=Role.PERSON_OR_FAMILY,
    )
    FamilyInvitation.objects.create(
        patient=patient, relative=relative, invitation=issued.invitation, made_at=clock.now()
    )
    record_event(
        actor=viewer.actor,
        action="family.invited",
        target=patient,
        detail={"relative": str(relative.uid) if relative else ""},
    )
    return issued


def join_with_invitation(invitation: Invitation, user: User) -> None:
    """Open the family room to whoever used the invitation for it; part of that transaction."""
    waiting = FamilyInvitation.objects.filter(invitation=invitation).select_related(
        "patient", "relative"
    )
    found = waiting.first()
    if found is not None and not found.patient.is_closed:
        _join(found.patient, found.relative, user, actor=Actor(ActorKind.USER, user.pk))


def _join(patient: Patient, relative: Relative | None, user: User, *, actor: Actor) -> None:
    now = clock.now()
    grant = AccessGrant.objects.create(
        patient=patient,
        kind=GrantKind.FAMILY_ROOM,
        user=user,
        content_classes=[each.value for each in FAMILY_CONTENT],
        starts_at=now,
    )
    member = FamilyMember.objects.create(
        patient=patient, relative=relative, user=user, grant=grant, joined_at=now
    )
    if relative is not None:
        relative.user = user
        relative.save(update_fields=["user"])
    team_changed(patient)
    record_event(
        actor=actor, action="family.joined", target=patient, detail={"member": str(member.uid)}
    )


@transaction.atomic
def remove_family(*, viewer: Viewer, member: FamilyMember) -> None:
    """Close the family room to somebody; what they wrote stays.

    Raises:
        ValidationError: they left already.
    """
    member = (
        FamilyMember.objects.select_for_update(of=("self",))
        .select_related("patient", "grant")
        .get(pk=member.pk)
    )
    if member.left_at:
        raise ValidationError("この方はもう部屋にいません。")
    now = clock.now()
    member.left_at = now
    member.save(update_fields=["left_at"])
    member.grant.revoked_at = now
    member.grant.save(update_fields=["revoked_at"])
    close_streams_of([member.grant])
    team_changed(member.patient)
    record_event(
        actor=viewer.actor,
        action="family.removed",
        target=member.patient,
        detail={"member": str(member.uid)},
    )
