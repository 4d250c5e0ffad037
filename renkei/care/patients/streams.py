"""Closing what is open: who lost a way into a record stops hearing of it at once."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from renkei.care.patients.models import AccessGrant, Patient
from renkei.foundation.accounts.models import Membership, User
from renkei.foundation.accounts.services.streams import revoke_streams
from renkei.foundation.common import clock


def close_streams_of(grants: Iterable[AccessGrant]) -> None:
    """Close the streams of everybody these grants reach; heard when the transaction commits."""
    held = Q(pk=None)
    for grant in grants:
        if grant.user_id:
            held |= Q(pk=grant.user_id)
        elif grant.membership_id:
            held |= Q(memberships=grant.membership_id)
        else:
            members = Membership.objects.filter(
                organisation=grant.organisation_id, period__contains=clock.today(), revoked_at=None
            )
            held |= Q(memberships__in=members)
    revoke_streams(User.objects.filter(held).distinct())


def close_streams_about(patient: Patient) -> None:
    """Close the streams of everybody who has a way into this record."""
    close_streams_of(AccessGrant.objects.filter(patient=patient, revoked_at=None))
