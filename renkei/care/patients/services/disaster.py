"""発災の切り替え (T-D10): two persons open declared content to declared roles, for a fixed time."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.care.patients.models import DisasterMode, Patient
from renkei.care.patients.notices import (
    DISASTER_ASKED,
    DISASTER_ON,
    DISASTER_TO_REVIEW,
    path_of,
)
from renkei.care.patients.queries_disaster import DisasterRow, areas_declared_by
from renkei.care.patients.reading import record_read
from renkei.care.patients.visibility import DISASTER_ROLES
from renkei.foundation.accounts.models import Membership, Role
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area
from renkei.foundation.areas.queries import ancestors_on, descendants_on
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.notifications.services import notify

LONGEST: Final = timedelta(days=14)
SWITCHING_ROLES: Final = (Role.MUNICIPAL_STAFF, Role.PRIVACY_OFFICER)


@transaction.atomic
def ask_for_disaster(
    *,
    viewer: Viewer,
    area: Area,
    reason: str,
    hours: int,
    roles: Collection[str],
    content_classes: Collection[str],
    is_drill: bool,
) -> DisasterMode:
    """The first person's word; nothing opens before a second one's.

    Raises:
        ValidationError: an area of somebody else, a role that never sees persons, or too long.
    """
    if not areas_declared_by(viewer).filter(pk=area.pk).exists():
        raise ValidationError({"area": "対象の地域を選んでください。"})
    if not set(roles) <= {role.value for role in DISASTER_ROLES}:
        raise ValidationError({"roles": "見られる役割を選んでください。"})
    if not timedelta(hours=1) <= timedelta(hours=hours) <= LONGEST:
        raise ValidationError({"hours": "時間は、1から336（14日）までの数字で入力してください。"})
    now = clock.now()
    below = descendants_on(area, clock.today())
    mode = DisasterMode(
        area=area,
        municipality_ids=list(below.values_list("pk", flat=True)),
        reason=reason,
        is_drill=is_drill,
        roles=sorted(roles),
        content_classes=sorted(content_classes),
        requested_by_id=_membership_of(viewer),
        requested_at=now,
        ends_at=now + timedelta(hours=hours),
    )
    mode.full_clean(exclude=["requested_by"])
    mode.save()
    notify(
        user_ids=_switchers(area) - {viewer.user_id or 0},
        kind=DISASTER_ASKED,
        path=path_of("patients:disaster_detail", mode.uid),
    )
    record_event(
        actor=viewer.actor,
        action="disaster.asked",
        target=mode,
        detail={"drill": is_drill, "hours": hours, "roles": mode.roles},
    )
    return mode


@transaction.atomic
def approve_disaster(*, viewer: Viewer, mode: DisasterMode) -> None:
    """The second person's word: it opens now, for the time asked for.

    Raises:
        ValidationError: by the same person, or no longer open.
    """
    locked = _locked(mode)
    if locked.requested_by.user_id == viewer.user_id:
        raise ValidationError("申し出た人とは別の人が承認してください。")
    if locked.approved_at is not None or locked.ended_at is not None:
        raise ValidationError("この申し出は、すでに承認されたか終わっています。")
    now = clock.now()
    locked.ends_at = now + (locked.ends_at - locked.requested_at)
    locked.approved_at, locked.approved_by_id = now, viewer.membership_id
    locked.save()
    notify(
        user_ids=_people_to_tell(locked),
        kind=DISASTER_ON,
        path=path_of("patients:disaster_list"),
        dedupe_key=f"{DISASTER_ON}:{locked.uid}",
    )
    record_event(
        actor=viewer.actor,
        action="disaster.approved",
        target=locked,
        detail={"drill": locked.is_drill, "municipalities": len(locked.municipality_ids)},
    )


@transaction.atomic
def end_disaster(*, viewer: Viewer, mode: DisasterMode) -> None:
    """One person suffices to close it, and to take an unapproved one back.

    Raises:
        ValidationError: it is over.
    """
    locked = _locked(mode)
    if locked.ended_at is not None or locked.ends_at <= clock.now():
        raise ValidationError("この切り替えはすでに終わっています。")
    _close(locked)
    record_event(actor=viewer.actor, action="disaster.ended", target=locked)


@transaction.atomic
def review_disaster(*, viewer: Viewer, mode: DisasterMode, note: str) -> None:
    """An officer went through the list of those who looked.

    Raises:
        ValidationError: it is still on, or reviewed already.
    """
    locked = _locked(mode)
    if locked.ended_at is None and locked.ends_at > clock.now():
        raise ValidationError("切り替えが終わってから確認してください。")
    if locked.reviewed_at is not None:
        raise ValidationError("この切り替えの確認は済んでいます。")
    locked.reviewed_at, locked.reviewed_by_id = clock.now(), viewer.membership_id
    locked.review_note = note
    locked.save()
    record_event(actor=viewer.actor, action="disaster.reviewed", target=locked)


@transaction.atomic
def close_past_disasters() -> int:
    """Write down what ended by itself and ask for its review; the gate closed with the minute.

    Returns:
        How many ended since the last time.
    """
    past = DisasterMode.objects.select_for_update(of=("self",)).filter(
        approved_at__isnull=False, ended_at=None, ends_at__lte=clock.now()
    )
    modes = list(past.select_related("area"))
    for mode in modes:
        _close(mode, at_its_end=True)
    return len(modes)


@transaction.atomic
def record_list_reads(*, viewer: Viewer, rows: Iterable[DisasterRow]) -> None:
    """Everybody on a list was seen: one read each."""
    for row in rows:
        record_read(viewer=viewer, patient=row.patient, what="disaster_list", via=row.via)


def _membership_of(viewer: Viewer) -> int:
    assert viewer.membership_id is not None  # noqa: S101 - the rules of the pages ask for a role
    return viewer.membership_id


def _close(mode: DisasterMode, *, at_its_end: bool = False) -> None:
    mode.ended_at = mode.ends_at if at_its_end else clock.now()
    mode.save(update_fields=["ended_at"])
    if mode.approved_at is not None:
        notify(
            user_ids=_officers(mode.area),
            kind=DISASTER_TO_REVIEW,
            path=path_of("patients:disaster_detail", mode.uid),
        )


def _locked(mode: DisasterMode) -> DisasterMode:
    return (
        DisasterMode.objects.select_for_update(of=("self",))
        .select_related("area", "requested_by")
        .get(pk=mode.pk)
    )


def _switchers(area: Area) -> set[int]:
    return _of_area(area, SWITCHING_ROLES)


def _officers(area: Area) -> set[int]:
    return _of_area(area, (Role.PRIVACY_OFFICER,))


def _of_area(area: Area, roles: Collection[Role]) -> set[int]:
    above = {one.area.pk for one in ancestors_on(area, clock.today())} | {area.pk}
    people = Membership.objects.filter(
        period__contains=clock.today(), revoked_at=None, role__in=roles
    )
    own = people.filter(organisation__area_id__in=above)
    # Where no office has an area, everybody with the role is meant.
    found = own if own.exists() else people.filter(organisation__area=None)
    return set(found.values_list("user_id", flat=True))


def _people_to_tell(mode: DisasterMode) -> set[int]:
    """Those with a declared role in the offices that host persons there, and the town hall."""
    hosts = Patient.objects.filter(municipality__in=mode.municipality_ids, closed_on=None).values(
        "host_id"
    )
    people = Membership.objects.filter(
        period__contains=clock.today(),
        revoked_at=None,
        organisation__in=hosts,
        role__in=mode.roles,
    )
    return set(people.values_list("user_id", flat=True)) | _switchers(mode.area)
