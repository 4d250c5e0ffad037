"""Asking for support, giving it, sharing materials and good cases (T-H3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.papers.files import destroy_file, store_file
from renkei.programme.planning.acting import organisation_of
from renkei.programme.planning.models import (
    GoodCase,
    RequestState,
    SharedMaterial,
    SupportEntry,
    SupportKind,
    SupportRequest,
)
from renkei.programme.planning.queries.support import (
    CaseDoor,
    RequestDoor,
    watched_municipalities,
)
from renkei.programme.planning.services.issues import refuse_identifiers

NO_AREA: Final = "所属の課に圏域がありません。組織の登録で圏域を選んでください。"
OVER: Final = "この依頼はもう終わっています。新しく依頼してください。"
TO_COME: Final = "きょうまでの日付を入力してください。"


@transaction.atomic
def ask_for_support(*, viewer: Viewer, fields: Mapping[str, Any]) -> SupportRequest:
    """A municipality asks.

    Raises:
        ValidationError: the office has no area, or the words point at a person.
    """
    office = organisation_of(viewer)
    if office is None or office.area is None:
        raise ValidationError(NO_AREA)
    request = SupportRequest(
        area=office.area, organisation=office, asked_on=clock.today(), **fields
    )
    refuse_identifiers(request.title, request.text)
    request.full_clean()
    request.save()
    record_event(actor=viewer.actor, action="support.asked", target=request)
    return request


@transaction.atomic
def answer_request(*, door: RequestDoor, fields: Mapping[str, Any]) -> SupportEntry:
    """An answer or a visit; it stands in the log of support as well.

    Raises:
        ValidationError: the request is over, or the words point at a person.
    """
    request = _open_request(door)
    entry = _log(door.viewer, request.area, fields, request=request)
    visited = entry.kind == SupportKind.VISIT or request.state == RequestState.VISITED
    request.state = RequestState.VISITED if visited else RequestState.ANSWERED
    request.save(update_fields=["state"])
    record_event(
        actor=door.viewer.actor, action="support.given", target=entry, detail={"kind": entry.kind}
    )
    return entry


@transaction.atomic
def close_request(*, door: RequestDoor, result: str) -> SupportRequest:
    """What came of it; by whoever asked or whoever answered.

    Raises:
        ValidationError: over already, or the words point at a person.
    """
    request = _open_request(door)
    refuse_identifiers(result)
    request.state, request.result = RequestState.CLOSED, result
    request.closed_on = clock.today()
    request.full_clean()
    request.save()
    record_event(actor=door.viewer.actor, action="support.closed", target=request)
    return request


def _open_request(door: RequestDoor) -> SupportRequest:
    request = (
        SupportRequest.objects.select_for_update(of=("self",))
        .select_related("area")
        .get(pk=door.request.pk)
    )
    if request.state == RequestState.CLOSED:
        raise ValidationError(OVER)
    return request


@transaction.atomic
def log_support(*, viewer: Viewer, areas: list[Area], fields: Mapping[str, Any]) -> None:
    """Support without a request, for one or several municipalities.

    Raises:
        ValidationError: a municipality out of reach, or the words point at a person.
    """
    reach = {one.pk for one in watched_municipalities(viewer)}
    if not areas or any(one.pk not in reach for one in areas):
        raise ValidationError({"areas": "支援した市町村を選んでください。"})
    for area in areas:
        entry = _log(viewer, area, fields)
        record_event(
            actor=viewer.actor, action="support.given", target=entry, detail={"kind": entry.kind}
        )


def _log(
    viewer: Viewer, area: Area, fields: Mapping[str, Any], *, request: SupportRequest | None = None
) -> SupportEntry:
    office = organisation_of(viewer)
    assert office is not None  # noqa: S101 - the queries found nothing without one
    assert viewer.membership_id is not None  # noqa: S101 - the same
    values = dict(fields)
    if request is not None:
        values.setdefault("item", request.item)
    entry = SupportEntry(
        organisation=office, area=area, request=request, recorded_by_id=viewer.membership_id,
        recorded_at=clock.now(), **values,
    )  # fmt: skip
    if entry.done_on > clock.today():
        raise ValidationError({"done_on": TO_COME})
    refuse_identifiers(entry.text)
    entry.full_clean()
    entry.save()
    return entry


# Materials ----------------------------------------------------------------------------------------


@transaction.atomic
def share_material(
    *,
    viewer: Viewer,
    fields: Mapping[str, Any],
    content: bytes | None = None,
    name: str = "",
    material: SharedMaterial | None = None,
) -> SharedMaterial:
    """A material for the municipalities of the own area; a new file is a new edition.

    Raises:
        ValidationError: no area, a refused file, or words that point at a person.
    """
    office = organisation_of(viewer)
    if office is None or office.area is None:
        raise ValidationError(NO_AREA)
    is_new = material is None
    material = material or SharedMaterial(organisation=office, area=office.area)
    for key, value in fields.items():
        setattr(material, key, value)
    refuse_identifiers(material.title, material.text)
    old = material.file
    if content is not None:
        material.file = store_file(
            actor=viewer.actor, content=content, name=name,
            owner=("planning.shared_material", material.uid),
        )  # fmt: skip
        material.edition += 0 if is_new else 1
    if is_new or content is not None:
        material.published_on = clock.today()
    material.full_clean()
    material.save()
    if content is not None and old is not None:
        destroy_file(actor=viewer.actor, stored=old)
    record_event(
        actor=viewer.actor, action="support.material_shared", target=material,
        detail={"edition": material.edition},
    )  # fmt: skip
    return material


@transaction.atomic
def withdraw_material(*, viewer: Viewer, material: SharedMaterial) -> None:
    """Take it out of the municipalities' list, or put it back."""
    material.withdrawn_on = None if material.withdrawn_on else clock.today()
    material.save(update_fields=["withdrawn_on"])
    record_event(actor=viewer.actor, action="support.material_withdrawn", target=material)


# Good cases ---------------------------------------------------------------------------------------


@transaction.atomic
def write_case(
    *, viewer: Viewer, fields: Mapping[str, Any], case: GoodCase | None = None
) -> GoodCase:
    """A good case, still a draft; one that is published stays so.

    Raises:
        ValidationError: no area, or the words point at a person.
    """
    office = organisation_of(viewer)
    if office is None or office.area is None:
        raise ValidationError(NO_AREA)
    case = case or GoodCase(area=office.area, organisation=office)
    for key, value in fields.items():
        setattr(case, key, value)
    # The telephone of an office is what peers call; everything else tells of no person.
    refuse_identifiers(case.title, case.before, case.text, case.effect)
    case.written_at = clock.now()
    case.full_clean()
    case.save()
    record_event(actor=viewer.actor, action="good_case.written", target=case)
    return case


@transaction.atomic
def publish_case(*, door: CaseDoor) -> GoodCase:
    """Show it to the peers of the prefecture, or take it back."""
    case = GoodCase.objects.select_for_update().get(pk=door.case.pk)
    case.published_on = None if case.published_on else clock.today()
    case.save(update_fields=["published_on"])
    record_event(
        actor=door.viewer.actor, action="good_case.published", target=case,
        detail={"published": case.published_on is not None},
    )  # fmt: skip
    return case
