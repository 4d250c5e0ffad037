"""Reading people, organisations and memberships."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest

from renkei.foundation.accounts.models import Membership, Role, User
from renkei.foundation.accounts.second_factor import (
    has_authenticator,
    requires_second_factor,
    session_has_second_factor,
)
from renkei.foundation.accounts.viewers import ANYBODY, Viewer
from renkei.foundation.common import clock

MEMBERSHIP_SESSION_KEY = "renkei_membership"


def active_memberships(user_id: int) -> QuerySet[Membership]:
    """Memberships of one account that hold today in Japan: an ended one is dead at midnight."""
    return (
        Membership.objects.filter(user_id=user_id, period__contains=clock.today())
        .select_related("organisation")
        .order_by("pk")
    )


def viewer_of(request: HttpRequest) -> Viewer:
    """The viewer of one request: its account with the membership chosen for this session."""
    user = request.user
    if not isinstance(user, User):
        return ANYBODY
    memberships = list(active_memberships(user.pk))
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
    return Viewer(
        user_id=user.pk,
        membership_id=active.pk,
        organisation_id=active.organisation_id,
        role=role,
        name=user.name,
        organisation_name=active.organisation.name,
        membership_count=len(memberships),
    )
