"""How allauth is bent to this house: no sign-up, secrets encrypted at rest."""

from __future__ import annotations

import base64
import hashlib
import smtplib
import time
from collections.abc import Mapping
from typing import cast

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.encoding import force_bytes

from renkei.foundation.accounts.models import User
from renkei.foundation.accounts.queries_joining import device_of
from renkei.foundation.accounts.second_factor import PROVIDER_SECOND_FACTOR_SESSION_KEY
from renkei.foundation.accounts.services.joining import note_device_seen

log = structlog.get_logger()
PROVIDER_VOUCHED = "renkei_provider_vouched"
# RFC 8176: something one has or is, beside the password.
POSSESSION = frozenset({"otp", "hwk", "swk", "sc", "fpt", "face", "iris", "pop"})


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts come by invitation only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Nobody opens an account by themselves."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, object]) -> None:
        """A mail server that does not answer must not stop the person at the screen."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, smtplib.SMTPException):
            log.warning("mail_not_sent", mail=template_prefix)

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Sensitive acts need a fresh proof; having signed in a moment ago is one."""
        request = context.request
        records = get_authentication_records(request, request.user)
        newest = max((record["at"] for record in records), default=0)
        if time.time() - newest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
            return False
        return bool(super().is_reauthentication_required(app=app))

    def pre_login(self, request: HttpRequest, user: User, **hook: object) -> HttpResponse | None:
        """Demo accounts, whose passwords are public, open nothing outside the demo."""
        if user.is_demo and not settings.DEMO:
            return cast("HttpResponse", self.respond_user_inactive(request, user))
        return cast("HttpResponse | None", super().pre_login(request, user, **hook))

    def post_login(self, request: HttpRequest, user: User, **hook: object) -> HttpResponse:
        """Remember that the provider vouched for a second factor, and which device was used."""
        if getattr(request, PROVIDER_VOUCHED, False):
            request.session[PROVIDER_SECOND_FACTOR_SESSION_KEY] = user.pk
        device = device_of(request)
        if device is not None:
            note_device_seen(device)
        return cast("HttpResponse", super().post_login(request, user, **hook))


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """The municipality's provider may open accounts that exist, of its own domains, no others."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:  # noqa: ARG002
        """A membership comes by invitation, not by having an address."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Refuse other domains and other uses; note whether two factors were proved."""
        if sociallogin.state.get("process") != AuthProcess.LOGIN:
            raise ImmediateHttpResponse(redirect("accounts:home"))
        domain = (sociallogin.user.email or "").rpartition("@")[2].lower()
        if domain not in {allowed.lower() for allowed in settings.OIDC_EMAIL_DOMAINS}:
            raise ImmediateHttpResponse(render(request, "account/signup_closed.html", status=403))
        claims = sociallogin.account.extra_data.get("id_token", {})
        setattr(request, PROVIDER_VOUCHED, provider_proved_two_factors(claims))


def provider_proved_two_factors(claims: Mapping[str, object]) -> bool:
    """Whether the provider says that two factors were used, and is believed here.

    Source: RFC 8176 (Authentication Method Reference values) §2.
    """
    if settings.OIDC_SECOND_FACTOR != "amr":
        return bool(settings.OIDC_SECOND_FACTOR == "always")
    methods = claims.get("amr")
    if not isinstance(methods, list):
        return False
    return "mfa" in methods or ("pwd" in methods and bool(POSSESSION & set(map(str, methods))))


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Second factors are stored encrypted: a copy of the database alone opens no account."""

    def encrypt(self, text: str) -> str:
        """Encrypt one secret with the current key."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt one secret, also if an earlier SECRET_KEY encrypted it."""
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str | bytes) -> bytes:
    digest = hashlib.sha256(b"renkei.accounts.mfa:" + force_bytes(key)).digest()
    return base64.urlsafe_b64encode(digest)
