"""Whether a session has proved a second factor, read from what allauth recorded at sign-in."""

from __future__ import annotations

from allauth.account.authentication import get_authentication_records
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


def has_authenticator(user_id: int) -> bool:
    """Whether the account owns a TOTP secret or a passkey."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user_id=user_id, type__in=kinds).exists())


def second_factor_url(user_id: int, *, then: str) -> str:
    """Where a session proves its second factor, or sets one up; back to ``then`` afterwards."""
    page = "mfa_reauthenticate" if has_authenticator(user_id) else "accounts:second_factor_setup"
    return f"{reverse(page)}?{urlencode({'next': then})}"
