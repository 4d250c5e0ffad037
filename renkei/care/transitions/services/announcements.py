"""改訂のお知らせ: tell every office, write down who read it, remind the others (T-RULE1)."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from renkei.care.transitions.acting import membership_of, organisation_of
from renkei.care.transitions.models import (
    Announcement,
    AnnouncementOffice,
    AnnouncementRead,
    ReadWay,
    RuleVersion,
)
from renkei.care.transitions.notices import RULE_ANNOUNCED, RULE_TO_READ
from renkei.care.transitions.queries.announcements import (
    Place,
    areas_going_by,
    organisations_told,
    places_told,
)
from renkei.care.transitions.queries.contact_list import kind_of
from renkei.care.transitions.queries.rule_keeping import version_before
from renkei.care.transitions.rules_keeping import READERS
from renkei.foundation.accounts.models import Membership, Organisation
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.common.phones import require_phone
from renkei.foundation.common.text import require_storable
from renkei.foundation.notifications.services import mark_read, notify
from renkei.foundation.papers.models import StoredFile


@transaction.atomic
def announce(
    *, viewer: Viewer, version: RuleVersion, message: str = "", reply_fax: str = ""
) -> Announcement:
    """Tell every office that goes by the rule: on the screen and by mail, the others by FAX.

    Raises:
        ValidationError: it was announced already, or nobody goes by the rule.
    """
    locked = RuleVersion.objects.select_for_update().get(pk=version.pk)
    if Announcement.objects.filter(version=locked).exists():
        raise ValidationError("この版はもう知らせました。")
    assert version.period is not None  # noqa: S101 - published
    day = version.period.lower
    areas = areas_going_by(version, day)
    organisations = organisations_told(areas, clock.today())
    places = places_told(areas, clock.today(), organisations)
    if not organisations and not places:
        raise ValidationError("知らせる事業所がありません。ルールを使う圏域を決めてください。")
    announcement = Announcement.objects.create(
        version=version,
        compared_with=version_before(version),
        organisation_id=organisation_of(viewer),
        message=require_storable(message, multiline=True),
        reply_fax=require_phone(reply_fax) if reply_fax else "",
        announced_at=clock.now(),
        announced_by_id=membership_of(viewer),
    )
    people = _staff_by_office(organisations)
    AnnouncementOffice.objects.bulk_create(
        [_office(announcement, one, people.get(one.pk, [])) for one in organisations]
        + [_place(announcement, one) for one in places]
    )
    everybody = {user for users in people.values() for user in users}
    notify(user_ids=everybody, kind=RULE_ANNOUNCED, path=path_of(announcement))
    record_event(
        actor=viewer.actor,
        action="transition_rule.announced",
        target=announcement,
        detail={"offices": len(organisations) + len(places), "people": len(everybody)},
    )
    return announcement


def path_of(announcement: Announcement) -> str:
    """Where it is read."""
    return reverse("transitions:announcement_detail", args=[announcement.uid])


def _office(
    announcement: Announcement, office: Organisation, people: Sequence[int]
) -> AnnouncementOffice:
    points = sorted(office.contact_points.all(), key=lambda point: point.ward)
    return AnnouncementOffice(
        announcement=announcement,
        organisation=office,
        name=office.name,
        kind=kind_of(office, points),
        phone=next((point.phone for point in points if point.phone), office.phone),
        fax=next((point.fax for point in points if point.fax), ""),
        people_count=len(people),
    )


def _place(announcement: Announcement, place: Place) -> AnnouncementOffice:
    return AnnouncementOffice(
        announcement=announcement,
        facility=place.facility,
        name=place.facility.name,
        kind=place.kind,
        phone=place.facility.phone,
        fax=place.fax,
    )


def _staff_by_office(offices: Sequence[Organisation]) -> dict[int, list[int]]:
    rows = Membership.objects.filter(
        organisation__in=offices,
        role__in=READERS,
        period__contains=clock.today(),
        revoked_at=None,
        user__is_active=True,
    ).values_list("organisation", "user")
    found: dict[int, set[int]] = {}
    for office, user in rows:
        found.setdefault(office, set()).add(user)
    return {office: sorted(users) for office, users in found.items()}


@transaction.atomic
def record_reading(*, viewer: Viewer, office: AnnouncementOffice) -> None:
    """Somebody of the office opened it; the first time counts for the office."""
    locked = AnnouncementOffice.objects.select_for_update().get(pk=office.pk)
    _, is_new = AnnouncementRead.objects.get_or_create(
        office=locked,
        membership_id=membership_of(viewer),
        defaults={"read_at": clock.now()},
    )
    mark_read(user_id=viewer.user_id or 0, path_prefix=path_of(locked.announcement))
    if not is_new:
        return
    if locked.read_at is None:
        locked.read_at, locked.read_way = clock.now(), ReadWay.SCREEN
        locked.save(update_fields=["read_at", "read_way"])
    record_event(actor=viewer.actor, action="transition_rule.announcement_read", target=locked)


@transaction.atomic
def note_reading(
    *, viewer: Viewer, office: AnnouncementOffice, way: ReadWay, file: StoredFile | None = None
) -> None:
    """The office told by telephone, on paper or in a meeting that it read it; once.

    The slip it sent back is kept, the first one, whenever it comes.
    """
    locked = AnnouncementOffice.objects.select_for_update().get(pk=office.pk)
    if file is not None and locked.reply_file_id is None:
        locked.reply_file = file
        locked.save(update_fields=["reply_file"])
    if locked.read_at is not None:
        return
    locked.read_at, locked.read_way = clock.now(), way
    locked.read_noted_by_id = membership_of(viewer)
    locked.save(update_fields=["read_at", "read_way", "read_noted_by"])
    record_event(
        actor=viewer.actor,
        action="transition_rule.announcement_noted",
        target=locked,
        detail={"way": way.value},
    )


@transaction.atomic
def remind(*, viewer: Viewer, announcement: Announcement) -> int:
    """Ask the offices of which nobody read it once more. Returns how many offices."""
    unread = list(
        AnnouncementOffice.objects.select_for_update(of=("self",)).filter(
            announcement=announcement, read_at=None, organisation__isnull=False
        )
    )
    offices = Organisation.objects.filter(pk__in=[one.organisation_id for one in unread])
    people = _staff_by_office(list(offices))
    for one in unread:
        one.reminded_at, one.reminder_count = clock.now(), one.reminder_count + 1
        one.save(update_fields=["reminded_at", "reminder_count"])
    notify(
        user_ids={user for users in people.values() for user in users},
        kind=RULE_TO_READ,
        path=path_of(announcement),
        dedupe_key=f"rule.read.{announcement.uid}",
    )
    record_event(
        actor=viewer.actor,
        action="transition_rule.announcement_reminded",
        target=announcement,
        detail={"offices": len(unread)},
    )
    return len(unread)
