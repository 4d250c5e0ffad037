"""Reading moves of people, duties without a person, and accounts nobody uses."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q, QuerySet

from renkei.foundation.accounts.models import Membership, Move, Role, Transfer, TransferState
from renkei.foundation.accounts.queries import memberships_managed_by
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock

DORMANT_AFTER = timedelta(days=90)
# How long after a membership ended its duties are still looked for.
ORPHANS_WITHIN = timedelta(days=400)


def memberships_over(viewer: Viewer, on: date) -> QuerySet[Membership]:
    """Memberships the viewer looks after that hold the day before ``on`` and would hold on it."""
    return (
        memberships_managed_by(viewer)
        .filter(period__contains=on - timedelta(days=1))
        .filter(period__contains=on)
        .order_by("organisation__name", "user__kana", "user__name", "pk")
    )


def present_memberships(viewer: Viewer) -> QuerySet[Membership]:
    """Memberships of today that the viewer looks after, by organisation and person."""
    return (
        memberships_managed_by(viewer)
        .filter(period__contains=clock.today())
        .order_by("organisation__name", "user__kana", "user__name", "pk")
    )


def transfers_visible_to(viewer: Viewer) -> QuerySet[Transfer]:
    """The transfers of the viewer's own organisation, newest day first; all for the operator."""
    transfers = Transfer.objects.select_related("organisation").order_by("-effective_on", "-pk")
    if viewer.role == Role.OPERATOR:
        return transfers
    if viewer.role in {Role.MUNICIPAL_STAFF, Role.ORGANISATION_ADMIN}:
        return transfers.filter(organisation=viewer.organisation_id or 0)
    return transfers.none()


def moves_of(transfer: Transfer) -> QuerySet[Move]:
    """The rows of a transfer, in order."""
    return (
        Move.objects.filter(transfer=transfer)
        .select_related(
            "user",
            "old_membership__organisation",
            "new_organisation",
            "successor",
            "invitation",
            "new_membership",
        )
        .order_by("row")
    )


def due_transfers(today: date) -> QuerySet[Transfer]:
    """Planned transfers whose day has come."""
    return Transfer.objects.filter(state=TransferState.PLANNED, effective_on__lte=today).order_by(
        "effective_on", "pk"
    )


def ended_memberships(viewer: Viewer) -> QuerySet[Membership]:
    """Memberships in the viewer's organisations that ended within about a year."""
    today = clock.today()
    managed = memberships_managed_by(viewer).values("organisation")
    return (
        Membership.objects.filter(organisation__in=managed)
        .filter(
            Q(revoked_at__gte=clock.now() - ORPHANS_WITHIN)
            | Q(period__endswith__lte=today, period__endswith__gt=today - ORPHANS_WITHIN)
        )
        .select_related("user", "organisation")
    )


def dormant_memberships(viewer: Viewer) -> QuerySet[Membership]:
    """Present memberships whose people have not signed in for three months, longest first."""
    before = clock.now() - DORMANT_AFTER
    unused = Q(user__last_login__lt=before) | Q(user__last_login=None, user__date_joined__lt=before)
    return (
        present_memberships(viewer).filter(unused).order_by("user__last_login", "user__kana", "pk")
    )
