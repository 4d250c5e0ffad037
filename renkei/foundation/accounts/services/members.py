"""Writing accounts and memberships."""

from __future__ import annotations

from datetime import date, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from psycopg.types.range import Range

from renkei.foundation.accounts.models import Membership, Organisation, User
from renkei.foundation.accounts.services.streams import revoke_streams
from renkei.foundation.audit.actors import Actor
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock


@transaction.atomic
def create_member(  # noqa: PLR0913 - facts of one person, all by keyword
    *,
    actor: Actor,
    email: str | None,
    name: str,
    organisation: Organisation,
    role: str,
    profession: str = "",
    password: str | None = None,
    login_name: str | None = None,
    starts_on: date | None = None,
    is_demo: bool = False,
) -> Membership:
    """Open an account (or take the one with this address) and let it act for an organisation.

    Without ``password`` nobody can sign in until one is set by an invitation. The membership starts
    today, or on a later ``starts_on``, and has no end.

    Raises:
        ValidationError: the password is too weak, or the person has this role there already.
    """
    user = User.objects.filter(email__iexact=email).first() if email else None
    if user is None:
        user = _open_account(email=email, name=name, password=password, login_name=login_name)
        if is_demo:
            user.is_demo = True
            user.save(update_fields=["is_demo"])
    membership = start_membership(
        user=user,
        organisation=organisation,
        role=role,
        profession=profession,
        starts_on=starts_on,
    )
    record_event(
        actor=actor, action="membership.started", target=membership, detail=_facts(membership)
    )
    return membership


def _open_account(
    *, email: str | None, name: str, password: str | None, login_name: str | None
) -> User:
    if password is not None:
        validate_password(password, User(email=email or None, name=name))
    user = User(email=email.lower() if email else None, login_name=login_name, name=name)
    user.set_password(password)
    user.full_clean(exclude=["password"])
    user.save()
    if user.email:
        # The invitation went to this address, so it is proved.
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def start_membership(
    *,
    user: User,
    organisation: Organisation,
    role: str,
    profession: str,
    starts_on: date | None = None,
) -> Membership:
    """A new membership from today or a later day.

    Part of another service's transaction, which records it.
    """
    membership = Membership(
        user=user,
        organisation=organisation,
        role=role,
        profession=profession,
        period=Range(max(clock.today(), starts_on or clock.today()), None),
    )
    membership.full_clean()
    membership.save()
    return membership


@transaction.atomic
def end_membership(*, actor: Actor, membership: Membership, last_day: date) -> Membership:
    """Let a membership end with ``last_day``: from midnight in Japan after it, it is dead.

    Raises:
        ValidationError: the day lies in the past or before the membership began.
    """
    membership = _locked(membership)
    if last_day < clock.today():
        raise ValidationError({"last_day": "最後の日は今日以降の日付を入力してください。"})
    membership.period = Range(membership.period.lower, last_day + timedelta(days=1))
    membership.full_clean()
    membership.save(update_fields=["period"])
    record_event(
        actor=actor,
        action="membership.ended",
        target=membership,
        detail={**_facts(membership), "last_day": last_day.isoformat()},
    )
    return membership


@transaction.atomic
def revoke_membership(*, actor: Actor, membership: Membership) -> Membership:
    """End a membership at once; the very next request of that person no longer acts under it."""
    membership = _locked(membership)
    if membership.revoked_at is None:
        membership.revoked_at = clock.now()
        membership.save(update_fields=["revoked_at"])
        revoke_streams([membership.user])
        record_event(
            actor=actor, action="membership.revoked", target=membership, detail=_facts(membership)
        )
    return membership


@transaction.atomic
def change_role(*, actor: Actor, membership: Membership, role: str, profession: str) -> Membership:
    """End the membership as it was and begin it anew from now; the old one stays readable.

    Raises:
        ValidationError: the person holds the new role there already, or nothing would change.
    """
    old = _locked(membership)
    if (old.role, old.profession) == (role, profession):
        raise ValidationError({"role": "いまと違う役割か職種を選んでください。"})
    old.revoked_at = clock.now()
    old.save(update_fields=["revoked_at"])
    revoke_streams([old.user])
    new = start_membership(
        user=old.user, organisation=old.organisation, role=role, profession=profession
    )
    record_event(
        actor=actor,
        action="membership.role_changed",
        target=new,
        detail={**_facts(new), "before": old.pk, "role_before": old.role},
    )
    return new


@transaction.atomic
def choose_membership(*, actor: Actor, membership: Membership) -> None:
    """Record that a person now acts under another of their memberships."""
    record_event(
        actor=actor, action="membership.chosen", target=membership, detail=_facts(membership)
    )


def enrol_totp(user: User, secret: str) -> list[str]:
    """Give a demo account a known authenticator secret (base32) and recovery codes.

    Returns:
        The recovery codes, to be printed for the person.
    """
    TOTP.activate(user, secret)
    return list(RecoveryCodes.activate(user).get_unused_codes())


def _locked(membership: Membership) -> Membership:
    # Two administrators may change the same person at once.
    return (
        Membership.objects.select_for_update(of=("self",))
        .select_related("user", "organisation")
        .get(pk=membership.pk)
    )


def _facts(membership: Membership) -> dict[str, object]:
    return {
        "user": membership.user_id,
        "organisation": membership.organisation_id,
        "role": membership.role,
    }
