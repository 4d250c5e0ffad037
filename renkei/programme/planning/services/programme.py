"""Writing down who performs an item, which reports are due, and what the programme works with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area
from renkei.foundation.areas.queries import descendants_on
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.papers.files import destroy_file, store_file
from renkei.foundation.papers.models import StoredFile
from renkei.programme.planning.models import Arrangement, ReportDue, SisterProgramme
from renkei.programme.planning.services.issues import refuse_identifiers
from renkei.registry.facilities.models import Facility, ListingStatus

NO_AREA = "所属の課に圏域がありません。組織の登録で圏域を選んでください。"
Upload = tuple[bytes, str]


def own_area(viewer: Viewer) -> Area:
    """The municipality one writes for.

    Raises:
        ValidationError: the office has none.
    """
    area = own_area_of(viewer)
    if area is None:
        raise ValidationError(NO_AREA)
    return area


@transaction.atomic
def write_arrangement(
    *,
    viewer: Viewer,
    fields: Mapping[str, Any],
    arrangement: Arrangement | None = None,
    outline: Upload | None = None,
) -> Arrangement:
    """Who performs which items, by which contract; the body is looked up in the register.

    Raises:
        ValidationError: something is missing, or the file is refused.
    """
    one = arrangement or Arrangement(area=own_area(viewer))
    for name, value in fields.items():
        setattr(one, name, value)
    refuse_identifiers(one.note)
    one.facility = _registered(one.area, one.partner)
    one.full_clean()
    one.save()
    if outline is not None:
        owner = ("planning.outline", one.uid)
        one.outline_file = _kept(viewer, one.outline_file, outline, owner)
        one.save(update_fields=["outline_file"])
    record_event(actor=viewer.actor, action="arrangement.written", target=one)
    return one


def _kept(
    viewer: Viewer, before: StoredFile | None, upload: Upload, owner: tuple[str, UUID]
) -> StoredFile:
    """The new file; the one it replaces is destroyed."""
    content, name = upload
    stored = store_file(actor=viewer.actor, content=content, name=name, owner=owner)
    if before is not None:
        destroy_file(actor=viewer.actor, stored=before)
    return stored


def _registered(area: Area, name: str) -> Facility | None:
    if not name:
        return None
    here = descendants_on(area, clock.today())
    return (
        Facility.objects.filter(municipality__in=here, name=name, status=ListingStatus.LISTED)
        .order_by("pk")
        .first()
    )


@transaction.atomic
def write_report(
    *,
    viewer: Viewer,
    arrangement: Arrangement,
    fields: Mapping[str, Any],
    report: ReportDue | None = None,
    file: Upload | None = None,
) -> ReportDue:
    """A report that is due, or the day it came, with the paper itself.

    Raises:
        ValidationError: the same report twice, or received in the future.
    """
    one = report or ReportDue(arrangement=arrangement)
    for name, value in fields.items():
        setattr(one, name, value)
    if one.received_on is not None and one.received_on > clock.today():
        raise ValidationError({"received_on": "受け取った日は、今日までの日付を入力してください。"})
    one.full_clean()
    one.save()
    if file is not None:
        one.file = _kept(viewer, one.file, file, ("planning.report", one.uid))
        one.save(update_fields=["file"])
    record_event(actor=viewer.actor, action="report_due.written", target=one)
    return one


@transaction.atomic
def write_sister(
    *, viewer: Viewer, fields: Mapping[str, Any], sister: SisterProgramme | None = None
) -> SisterProgramme:
    """関係する事業 with its section.

    Raises:
        ValidationError: it is there already.
    """
    one = sister or SisterProgramme(area=own_area(viewer))
    for name, value in fields.items():
        setattr(one, name, value)
    one.full_clean()
    one.save()
    record_event(actor=viewer.actor, action="sister_programme.written", target=one)
    return one
