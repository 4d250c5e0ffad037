"""Invitations: the only way to an account, and the way back for who lost their sign-in."""

from __future__ import annotations

import secrets
import smtplib
from dataclasses import dataclass
from datetime import date, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string

from renkei.foundation.accounts.codes import code_hash_of, new_code
from renkei.foundation.accounts.joined import tell_joined
from renkei.foundation.accounts.models import Invitation, Membership, Organisation, User
from renkei.foundation.accounts.services.members import create_member, start_membership
from renkei.foundation.accounts.services.sessions import void_sessions
from renkei.foundation.audit.actors import Actor, ActorKind
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock

VALID_FOR = timedelta(days=14)


@dataclass(frozen=True)
class IssuedInvitation:
    """An invitation with its code, which is known only now."""

    invitation: Invitation
    code: str


@transaction.atomic
def invite_member(
    *,
    actor: Actor,
    organisation: Organisation,
    name: str,
    email: str,
    role: str,
    profession: str = "",
    starts_on: date | None = None,
) -> IssuedInvitation:
    """Offer a membership; with an empty ``email`` it is handed over on paper.

    With ``starts_on`` the account can be set up before, and the membership begins on that day.

    Raises:
        ValidationError: the person has this role there already, or a value is wrong.
    """
    taken = Membership.objects.filter(
        user__email__iexact=email,
        organisation=organisation,
        role=role,
        period__contains=clock.today(),
        revoked_at=None,
    )
    if email and taken.exists():
        raise ValidationError({"email": "この人はこの組織で同じ役割をすでに持っています。"})
    return _issue(
        Invitation(
            organisation=organisation,
            name=name,
            email=email.lower(),
            role=role,
            profession=profession,
            starts_on=starts_on,
        ),
        actor=actor,
        action="invitation.made",
    )


@transaction.atomic
def renew_sign_in(
    *, actor: Actor, membership: Membership, valid_for: timedelta = VALID_FOR
) -> IssuedInvitation:
    """Let a member set up password and second factor anew (lost phone, forgotten password).

    The old sign-in keeps working until the code is used, so a mistake locks nobody out.
    """
    user = membership.user
    open_ones = Invitation.objects.filter(user=user, used_at=None, revoked_at=None)
    open_ones.update(revoked_at=clock.now())
    return _issue(
        Invitation(
            organisation=membership.organisation,
            user=user,
            name=user.name,
            email=user.email or "",
            role=membership.role,
            profession=membership.profession,
        ),
        actor=actor,
        action="invitation.renewal_made",
        valid_for=valid_for,
    )


def _issue(
    invitation: Invitation, *, actor: Actor, action: str, valid_for: timedelta = VALID_FOR
) -> IssuedInvitation:
    code = new_code()
    invitation.code_hash = code_hash_of(code)
    invitation.created_at = clock.now()
    waiting = max((invitation.starts_on or clock.today()) - clock.today(), timedelta(0))
    invitation.expires_at = invitation.created_at + waiting + valid_for
    invitation.full_clean()
    invitation.save()
    record_event(
        actor=actor,
        action=action,
        target=invitation,
        detail={"organisation": invitation.organisation_id, "role": invitation.role},
    )
    return IssuedInvitation(invitation, code)


def mail_invitation(issued: IssuedInvitation, *, url: str) -> bool:
    """Send the link by mail; the mail names no person.

    Returns:
        Whether the mail left; if not, the printed invitation is the way.
    """
    context = {
        "organisation": issued.invitation.organisation,
        "url": url,
        "expires_at": issued.invitation.expires_at,
        "renewal": issued.invitation.user_id is not None,
    }
    text = render_to_string("accounts/mail/invitation.txt", context)
    subject = "【連携】利用登録のご案内"
    try:
        send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [issued.invitation.email])
    except (OSError, smtplib.SMTPException):
        return False
    return True


@transaction.atomic
def revoke_invitation(*, actor: Actor, invitation: Invitation) -> None:
    """Make an invitation useless before it is used."""
    invitation.revoked_at = clock.now()
    invitation.save(update_fields=["revoked_at"])
    record_event(actor=actor, action="invitation.revoked", target=invitation)


@transaction.atomic
def accept_invitation(*, invitation: Invitation, name: str, password: str) -> User:
    """Set up the account the invitation is for, with its password.

    Raises:
        ValidationError: the password is too weak, or the invitation was used meanwhile.
    """
    invitation = _take(invitation)
    if invitation.user is not None:
        user = _renewed(invitation.user, password)
    else:
        user = create_member(
            actor=Actor(ActorKind.PUBLIC),
            email=invitation.email or None,
            name=name,
            organisation=invitation.organisation,
            role=invitation.role,
            profession=invitation.profession,
            password=password,
            starts_on=invitation.starts_on,
            login_name=None if invitation.email else _new_login_name(),
        ).user
    tell_joined(invitation, user)
    record_event(
        actor=Actor(ActorKind.USER, user.pk), action="invitation.accepted", target=invitation
    )
    return user


@transaction.atomic
def join_by_invitation(*, actor: Actor, invitation: Invitation, user: User) -> Membership:
    """Add the offered membership to the account that is signed in.

    Raises:
        ValidationError: the person has this role there already, or the invitation was used.
    """
    invitation = _take(invitation)
    membership = start_membership(
        user=user,
        organisation=invitation.organisation,
        role=invitation.role,
        profession=invitation.profession,
        starts_on=invitation.starts_on,
    )
    tell_joined(invitation, user)
    record_event(actor=actor, action="invitation.accepted", target=invitation)
    return membership


def _take(invitation: Invitation) -> Invitation:
    # Two windows may send the same code at the same moment.
    locked = Invitation.objects.select_for_update(of=("self",)).filter(
        pk=invitation.pk, used_at=None, revoked_at=None, expires_at__gt=clock.now()
    )
    taken = locked.select_related("organisation", "user").first()
    if taken is None:
        raise ValidationError(
            "この案内はもう使えません。組織の管理者に新しい案内を頼んでください。"
        )
    taken.used_at = clock.now()
    taken.save(update_fields=["used_at"])
    return taken


def _renewed(user: User, password: str) -> User:
    validate_password(password, user)
    user.set_password(password)
    user.is_active = True
    user.save(update_fields=["password", "is_active"])
    Authenticator.objects.filter(user=user).delete()
    # Whoever holds the lost phone or knows the old password is out.
    void_sessions(user)
    return user


def _new_login_name() -> str:
    while True:
        name = "R" + "".join(secrets.choice("0123456789") for _ in range(8))
        if not User.objects.filter(login_name=name).exists():
            return name
