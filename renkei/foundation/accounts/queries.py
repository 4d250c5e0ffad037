"""Reading people, organisations and memberships."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import DatabaseError, transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from renkei.foundation.accounts.codes import code_hash_of
from renkei.foundation.accounts.models import Invitation, Membership, Organisation, Role, User
from renkei.foundation.accounts.queries_joining import (
    device_of as device_of,  # noqa: PLC0414 - the contract names it here
)
from renkei.foundation.accounts.queries_policies import (
    policy_to_accept as policy_to_accept,  # noqa: PLC0414 - the contract names it here
)
from renkei.foundation.accounts.rules import GOVERNMENT_KINDS
from renkei.foundation.accounts.second_factor import (
    has_authenticator,
    requires_second_factor,
    session_has_second_factor,
)
from renkei.foundation.accounts.viewers import ANYBODY, Viewer
from renkei.foundation.common import clock
from renkei.foundation.common.kept_queries import kept_with_plan
from renkei.foundation.notifications.models import MailPreference
from renkei.foundation.notifications.queries import bounced_among

MEMBERSHIP_SESSION_KEY = "renkei_membership"


def active_memberships(user_id: int) -> QuerySet[Membership]:
    """Memberships of one account that hold today in Japan: an ended one is dead at midnight."""
    return (
        Membership.objects.filter(user_id=user_id, period__contains=clock.today(), revoked_at=None)
        .select_related("organisation")
        .order_by("pk")
    )


@kept_with_plan
def _present_memberships(user_id: int) -> QuerySet[Membership]:
    return active_memberships(user_id)


def viewer_of(request: HttpRequest) -> Viewer:
    """The viewer of one request: its account with the membership chosen for this session."""
    user = request.user
    if not isinstance(user, User):
        return ANYBODY
    memberships = _present_memberships(user.pk)
    if not memberships:
        return Viewer(user_id=user.pk, name=user.name)
    chosen = request.session.get(MEMBERSHIP_SESSION_KEY)
    active = next((one for one in memberships if one.pk == chosen), memberships[0])
    role = Role(active.role)
    if requires_second_factor(role) and not session_has_second_factor(request, user):
        return Viewer(
            user_id=user.pk,
            name=user.name,
            second_factor_missing=True,
            has_authenticator=has_authenticator(user.pk),
        )
    return _acting(user, active, count=len(memberships))


def viewer_behind(membership_id: int | None, *, user_id: int | None = None) -> Viewer | None:
    """Who a job, a paper or the demo acts for, with the rights of this moment.

    None when the membership was revoked, has ended, has not begun, its account is closed, or it is
    not ``user_id``'s, where that is given.
    """
    found = Membership.objects.filter(
        pk=membership_id or 0,
        period__contains=clock.today(),
        revoked_at=None,
        user__is_active=True,
    ).select_related("organisation", "user")
    if user_id is not None:
        found = found.filter(user_id=user_id)
    membership = found.first()
    return _acting(membership.user, membership, count=1) if membership else None


def _acting(user: User, membership: Membership, *, count: int) -> Viewer:
    """The viewer an account is under one of its memberships of today; nobody else builds one."""
    return Viewer(
        user_id=user.pk,
        membership_id=membership.pk,
        organisation_id=membership.organisation_id,
        role=Role(membership.role),
        name=user.name,
        organisation_name=membership.organisation.name,
        membership_count=count,
    )


def account_of(viewer: Viewer) -> User:
    """The account of a signed-in viewer."""
    if viewer.user_id is None:
        raise User.DoesNotExist
    return User.objects.get(pk=viewer.user_id)


def organisation_of(viewer: Viewer) -> Organisation:
    """The organisation a viewer acts for."""
    if viewer.organisation_id is None:
        raise Organisation.DoesNotExist
    return Organisation.objects.get(pk=viewer.organisation_id)


def membership_of(viewer: Viewer) -> Membership:
    """The membership a viewer acts under."""
    if viewer.membership_id is None:
        raise Membership.DoesNotExist
    return Membership.objects.select_related("organisation").get(pk=viewer.membership_id)


def session_revocation_stamp(user_id: int) -> datetime | None:
    """Every session and offline copy of this account from before this moment is void."""
    return User.objects.filter(pk=user_id).values_list("sessions_void_before", flat=True).first()


def own_factors(user_id: int) -> dict[str, int]:
    """How many of each second factor the account has: totp, webauthn, recovery_codes (unused)."""
    found = {"totp": 0, "webauthn": 0, "recovery_codes": 0}
    for factor in Authenticator.objects.filter(user_id=user_id):
        if factor.type == Authenticator.Type.RECOVERY_CODES:
            found[factor.type] = len(factor.wrap().get_unused_codes())
        else:
            found[factor.type] += 1
    return found


def organisations_managed_by(viewer: Viewer, *, words: str = "") -> QuerySet[Organisation]:
    """Organisations whose people this viewer looks after, by name, with all of ``words`` in it."""
    organisations = Organisation.objects.select_related("area").order_by("name", "pk")
    for word in words.split():
        organisations = organisations.filter(name__icontains=word)
    if viewer.role == Role.OPERATOR:
        return organisations
    own = Q(pk=viewer.organisation_id)
    if viewer.role == Role.MUNICIPAL_STAFF:
        return organisations.filter(own | ~Q(kind__in=GOVERNMENT_KINDS))
    if viewer.role == Role.ORGANISATION_ADMIN:
        return organisations.filter(own)
    return organisations.none()


def members_of(organisation: Organisation) -> QuerySet[Membership]:
    """Present and coming memberships of an organisation, by name."""
    return (
        Membership.objects.filter(organisation=organisation, revoked_at=None)
        .filter(Q(period__endswith__gt=clock.today()) | Q(period__endswith=None))
        .select_related("user", "organisation")
        .order_by("user__kana", "user__name", "pk")
    )


def open_invitations() -> QuerySet[Invitation]:
    """Invitations that still work, newest first."""
    return (
        Invitation.objects.filter(used_at=None, revoked_at=None, expires_at__gt=clock.now())
        .select_related("organisation", "user")
        .order_by("-created_at")
    )


def memberships_managed_by(viewer: Viewer) -> QuerySet[Membership]:
    """Memberships in the organisations this viewer looks after."""
    return Membership.objects.filter(
        organisation__in=organisations_managed_by(viewer), revoked_at=None
    ).select_related("user", "organisation")


def invitations_managed_by(viewer: Viewer) -> QuerySet[Invitation]:
    """Open invitations of the organisations this viewer looks after."""
    return open_invitations().filter(organisation__in=organisations_managed_by(viewer))


def invitation_with_code(code: str) -> Invitation | None:
    """The invitation that this code opens, if it still does."""
    return open_invitations().filter(code_hash=code_hash_of(code)).first()


def account_with_address(email: str) -> User | None:
    """The account that signs in with this address."""
    return User.objects.filter(email__iexact=email).first() if email else None


def demo_accounts_exist() -> bool:
    """Whether the demo was ever loaded here; False while the tables are not there yet."""
    try:
        # A failed query must not break the transaction of whoever asks.
        with transaction.atomic():
            return User.objects.filter(is_demo=True, is_active=True).exists()
    except DatabaseError:
        return False


def names_of(user_ids: Collection[int]) -> dict[int, str]:
    """Names of colleagues for staff pages that say who decided what; one query, none for nobody."""
    if not user_ids:
        return {}
    return dict(User.objects.filter(pk__in=user_ids).values_list("pk", "name"))


def undelivered_of(viewer: Viewer) -> QuerySet[MailPreference]:
    """People of the viewer's organisations whose address takes no mail any more."""
    people = memberships_managed_by(viewer).filter(period__contains=clock.today())
    return bounced_among(people.values("user"))


def organisation_names_of(viewer: Viewer, user_ids: Collection[int]) -> dict[int, list[str]]:
    """Where these people belong, among the organisations this viewer looks after."""
    names: dict[int, list[str]] = {}
    held = memberships_managed_by(viewer).filter(
        user_id__in=user_ids, period__contains=clock.today()
    )
    for user_id, name in held.values_list("user_id", "organisation__name").distinct():
        names.setdefault(user_id, []).append(name)
    return names


def memberships_with_address(email: str) -> QuerySet[Membership]:
    """Active memberships of the account with exactly this address."""
    return (
        Membership.objects.filter(
            user__email__iexact=email,
            user__is_active=True,
            period__contains=clock.today(),
            revoked_at=None,
        )
        .select_related("organisation", "user")
        .order_by("pk")
    )
