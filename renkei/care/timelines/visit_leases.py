"""The lease a device names in a request, as far as it is this very session's."""

from __future__ import annotations

from typing import Literal

from django.http import JsonResponse

from renkei.care.timelines.models import VisitLease
from renkei.care.timelines.visit_forms import uid_in
from renkei.care.timelines.visit_queries import lease_with
from renkei.care.timelines.visit_rules import LeaseState, lease_state
from renkei.foundation.accounts.viewers import ViewerRequest


def own_lease(request: ViewerRequest) -> VisitLease | None:
    """The lease the device names, if it holds and was given to this very session."""
    uid = uid_in(request.POST.get("lease"))
    lease = lease_with(uid) if uid else None
    if lease is None or not _is_of(lease, request) or lease_state(lease) != LeaseState.OPEN:
        return None
    return lease


def lease_lost() -> JsonResponse:
    """What was sealed for one sign-in is not taken from another."""
    return JsonResponse({"lease": LeaseState.ENDED}, status=409)


def state_for(request: ViewerRequest) -> LeaseState | Literal["none"]:
    """What the device does with the lease it asks about.

    Another person's ends here and is not withdrawn: on a shared device their unsent entries stay,
    closed, until they come back.
    """
    uid = uid_in(request.GET.get("lease"))
    if uid is None:
        return "none"
    lease = lease_with(uid)
    if lease is None:
        return LeaseState.ENDED
    state = lease_state(lease)
    return LeaseState.ENDED if state == LeaseState.OPEN and not _is_of(lease, request) else state


def _is_of(lease: VisitLease, request: ViewerRequest) -> bool:
    return (
        lease.user_id == request.viewer.user_id
        and lease.membership_id == request.viewer.membership_id
        and lease.session_key == request.session.session_key
    )
