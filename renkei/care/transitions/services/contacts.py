"""窓口一覧: each office keeps its own contact points; every change is kept and can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.care.transitions.acting import membership_of, organisation_of
from renkei.care.transitions.models import ContactChange, ContactChangeKind, ContactPoint
from renkei.care.transitions.notices import CONTACT_TO_CONFIRM
from renkei.care.transitions.rules_keeping import CONTACT_KEEPERS
from renkei.care.transitions.tasks_contacts import refresh_cases_of_office_task
from renkei.foundation.accounts.models import Membership, Organisation
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.notifications.services import notify

# What a change keeps; who confirmed it and when is not taken back.
COLUMNS: Final = (
    "office_kind",
    "person_name",
    "title",
    "phone",
    "extension",
    "fax",
    "night_phone",
    "preferred_channel",
    "weekly_hours",
    "closes_on_holidays",
    "closes_at_year_end",
    "closed_days",
    "meeting_note",
    "note",
)
# Those the clock counts by.
HOURS: Final = ("weekly_hours", "closes_on_holidays", "closes_at_year_end", "closed_days")
LAST_CHANGED: Final = "その後に直されています。いまの内容を確かめてから直してください。"


@transaction.atomic
def write_contact(*, viewer: Viewer, ward: str, values: Mapping[str, Any]) -> ContactPoint:
    """Write one contact point of the viewer's office, the main one where ``ward`` is empty.

    Whoever writes it has looked at it: it counts as confirmed.

    Raises:
        ValidationError: a value is too long or of the wrong kind.
    """
    office = _locked_office(viewer)
    point = ContactPoint.objects.filter(organisation=office, ward=ward).first()
    before = values_of(point)
    point = point or ContactPoint(organisation=office, ward=ward)
    for name in COLUMNS:
        if name in values:
            setattr(point, name, values[name])
    _confirm(point, viewer)
    # Nothing in them is an answer too: open at no fixed hours, no other days closed.
    point.full_clean(exclude=("weekly_hours", "closed_days"))
    point.save()
    kept = _keep(viewer, office, ward, ContactChangeKind.WRITTEN, before, values_of(point))
    _count_anew(before, kept.after, office)
    record_event(actor=viewer.actor, action="contact_point.written", target=kept)
    return point


@transaction.atomic
def confirm_contacts(*, viewer: Viewer) -> int:
    """Nothing changed: every contact point of the office is as it stands. Returns how many."""
    office = _locked_office(viewer)
    points = list(ContactPoint.objects.filter(organisation=office))
    if not points:
        return 0
    for point in points:
        _confirm(point, viewer)
        point.save(update_fields=["confirmed_at", "confirmed_by"])
    kept = _keep(viewer, office, "", ContactChangeKind.CONFIRMED, None, None)
    record_event(
        actor=viewer.actor,
        action="contact_point.confirmed",
        target=kept,
        detail={"points": len(points)},
    )
    return len(points)


@transaction.atomic
def remove_contact(*, viewer: Viewer, point: ContactPoint) -> None:
    """Take a contact point out of the list; the history brings it back."""
    office = _locked_office(viewer)
    gone = ContactPoint.objects.get(pk=point.pk, organisation=office)
    kept = _keep(viewer, office, gone.ward, ContactChangeKind.REMOVED, values_of(gone), None)
    gone.delete()
    _count_anew(kept.before, None, office)
    record_event(actor=viewer.actor, action="contact_point.removed", target=kept)


@transaction.atomic
def undo_change(*, viewer: Viewer, change: ContactChange) -> ContactChange:
    """Bring back what stood there before a change, as long as nobody wrote it anew since.

    Raises:
        ValidationError: it was changed again after that.
    """
    office = _locked_office(viewer)
    point = ContactPoint.objects.filter(organisation=office, ward=change.ward).first()
    now = values_of(point)
    if now != change.after or now == change.before:
        raise ValidationError(LAST_CHANGED)
    if change.before is None and point is not None:
        point.delete()
    elif change.before is not None:
        point = point or ContactPoint(organisation=office, ward=change.ward)
        for name, value in _columns(change.before).items():
            setattr(point, name, value)
        _confirm(point, viewer)
        point.save()
    kept = _keep(viewer, office, change.ward, ContactChangeKind.UNDONE, change.after, change.before)
    _count_anew(kept.before, kept.after, office)
    record_event(actor=viewer.actor, action="contact_point.undone", target=kept)
    return kept


@transaction.atomic
def remind_offices(*, viewer: Viewer, offices: Iterable[Organisation], path: str) -> int:
    """Ask offices to look at their contact points. Returns how many people were told.

    The caller has checked that the viewer looks after the list these offices stand in.
    """
    chosen = sorted(offices, key=lambda one: one.pk)
    people = staff_ids(chosen)
    for office in chosen:
        _keep(viewer, office, "", ContactChangeKind.REMINDED, None, None)
    notify(user_ids=people, kind=CONTACT_TO_CONFIRM, path=path, dedupe_key="contacts.confirm")
    record_event(
        actor=viewer.actor,
        action="contact_point.reminded",
        target=("accounts.Organisation", str(viewer.organisation_id)),
        detail={"offices": len(chosen), "people": len(people)},
    )
    return len(people)


def staff_ids(offices: Iterable[Organisation]) -> list[int]:
    """The accounts of those who work in these offices today and keep their contact points."""
    return sorted(
        set(
            Membership.objects.filter(
                organisation__in=list(offices),
                role__in=CONTACT_KEEPERS,
                period__contains=clock.today(),
                revoked_at=None,
                user__is_active=True,
            ).values_list("user_id", flat=True)
        )
    )


def values_of(point: ContactPoint | None) -> dict[str, Any] | None:
    """The columns of a contact point as JSON; None where there is none."""
    if point is None:
        return None
    values = {name: getattr(point, name) for name in COLUMNS}
    values["closed_days"] = [day.isoformat() for day in point.closed_days]
    values["preferred_channel"] = str(point.preferred_channel)
    values["office_kind"] = str(point.office_kind)
    return values


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    days = [date.fromisoformat(day) for day in values.get("closed_days", [])]
    return {name: value for name, value in values.items() if name in COLUMNS} | {
        "closed_days": days
    }


def _count_anew(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, office: Organisation
) -> None:
    """Other hours, other deadlines: the worker looks at the office's open stays."""
    if _hours(before) != _hours(after):
        refresh_cases_of_office_task.defer(organisation_id=office.pk)


def _hours(values: Mapping[str, Any] | None) -> list[Any]:
    return [(values or {}).get(name) for name in HOURS]


def _locked_office(viewer: Viewer) -> Organisation:
    # Two colleagues may write at once.
    return Organisation.objects.select_for_update().get(pk=organisation_of(viewer))


def _confirm(point: ContactPoint, viewer: Viewer) -> None:
    point.confirmed_at, point.confirmed_by_id = clock.now(), membership_of(viewer)


def _keep(
    viewer: Viewer,
    office: Organisation,
    ward: str,
    kind: ContactChangeKind,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> ContactChange:
    return ContactChange.objects.create(
        organisation=office,
        ward=ward,
        kind=kind,
        before=before,
        after=after,
        changed_at=clock.now(),
        changed_by_id=membership_of(viewer),
    )
