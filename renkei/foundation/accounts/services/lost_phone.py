"""T-D5: a phone is lost at night. Everything on it is dead at once; a new one works in minutes."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction

from renkei.foundation.accounts.models import Device, Membership, User
from renkei.foundation.accounts.services.invitations import IssuedInvitation, renew_sign_in
from renkei.foundation.accounts.services.sessions import void_sessions
from renkei.foundation.audit.actors import Actor
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock

# Read out or printed now, typed now: a code found tomorrow opens nothing.
START_CODE_VALID_FOR = timedelta(minutes=30)


@transaction.atomic
def replace_lost_phone(*, actor: Actor, membership: Membership) -> IssuedInvitation:
    """Make password, passkeys, authenticator and sessions of a person worthless; give a start code.

    The code is not mailed: the mailbox may be on the lost phone. The caller has checked that
    ``actor`` looks after every membership it opens.
    """
    user = User.objects.select_for_update().get(pk=membership.user_id)
    user.set_unusable_password()
    user.save(update_fields=["password"])
    Authenticator.objects.filter(user=user).delete()
    ended = _end_everything(user, clock.now())
    issued = renew_sign_in(actor=actor, membership=membership, valid_for=START_CODE_VALID_FOR)
    record_event(
        actor=actor,
        action="member.phone_replaced",
        target=membership,
        detail={"user": user.pk, "sessions": ended},
    )
    return issued


@transaction.atomic
def end_sessions(*, actor: Actor, membership: Membership) -> int:
    """End every session and carried device of a person; their password and passkeys stay.

    For administrators who look after one of the person's places only: stopping is theirs, letting
    in again is not.
    """
    user = User.objects.select_for_update().get(pk=membership.user_id)
    ended = _end_everything(user, clock.now())
    record_event(
        actor=actor,
        action="member.sessions_ended",
        target=membership,
        detail={"user": user.pk, "sessions": ended},
    )
    return ended


def _end_everything(user: User, now: datetime) -> int:
    count: int = UserSession.objects.filter(user=user).count()
    void_sessions(user)
    Device.objects.filter(holder=user, revoked_at=None).update(revoked_at=now)
    return count
