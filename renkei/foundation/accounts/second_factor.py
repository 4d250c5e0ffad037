"""Whether a session has proved a second factor, read from what allauth recorded at sign-in."""

from __future__ import annotations

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from renkei.foundation.accounts.models import Role, User

# Set by our social account adapter when the municipality's own sign-in vouches for a second factor.
PROVIDER_SECOND_FACTOR_SESSION_KEY = "renkei_provider_second_factor"


def requires_second_factor(role: Role) -> bool:
    """Every role but 住民 (design §3b)."""
    return role != Role.RESIDENT


def session_has_second_factor(request: HttpRequest, user: User) -> bool:
    """Whether this session proved a code, a passkey or a recovery code, or a provider did.

    A passwordless passkey is recorded by allauth as ``mfa`` and always with user verification,
    so it counts as both factors.
    """
    if request.session.get(PROVIDER_SECOND_FACTOR_SESSION_KEY) == user.pk:
        return True
    records = get_authentication_records(request, user)
    return any(record.get("method") == "mfa" for record in records)


def session_is_void(request: HttpRequest, user: User) -> bool:
    """Whether everything this session proved lies before the account's sessions were ended."""
    if user.sessions_void_before is None:
        return False
    newest = max((one["at"] for one in get_authentication_records(request, user)), default=0)
    return bool(newest < user.sessions_void_before.timestamp())


def has_authenticator(user_id: int) -> bool:
    """Whether the account owns a TOTP secret or a passkey."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user_id=user_id, type__in=kinds).exists())


def count_first_factor(
    request: HttpRequest, user: User, authenticator: Authenticator, **_signal: object
) -> None:
    """Receiver of allauth's ``authenticator_added``: whoever just set up a first factor proved it.

    Only the first: a session that has a password alone must not add a second factor beside the
    owner's and be let in by it. allauth offers no hook for this but its signal.
    """
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    owned = Authenticator.objects.filter(user=user, type__in=kinds)
    if authenticator.type in kinds and list(owned) == [authenticator]:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


def second_factor_url(user_id: int, *, then: str) -> str:
    """Where a session proves its second factor, or sets one up; back to ``then`` afterwards."""
    kinds = set(Authenticator.objects.filter(user_id=user_id).values_list("type", flat=True))
    if Authenticator.Type.TOTP in kinds:
        page = "mfa_reauthenticate"
    elif Authenticator.Type.WEBAUTHN in kinds:
        page = "mfa_reauthenticate_webauthn"
    else:
        page = "accounts:second_factor_setup"
    return f"{reverse(page)}?{urlencode({'next': then})}"
