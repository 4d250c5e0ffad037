"""The council's table (T-ISM2): one proposes, two others approve, then it is in force."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from renkei.care.patients.models import DisclosureRule, DisclosureTable
from renkei.care.patients.notices import DISCLOSURE_PROPOSED, path_of
from renkei.care.patients.queries_disclosure import TableRow, changes_between, rows_in_force
from renkei.foundation.accounts.models import Membership, Role
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.notifications.services import notify

DECIDING_ROLES = (Role.MUNICIPAL_STAFF, Role.COUNCIL_MEMBER)


@transaction.atomic
def propose_table(*, viewer: Viewer, rows: Sequence[TableRow], reason: str) -> DisclosureTable:
    """A new version, in force once two others approved it.

    Raises:
        ValidationError: nothing changes, a type stands twice, or another proposal waits.
    """
    area = own_area_of(viewer)
    tables = DisclosureTable.objects.select_for_update().filter(area=area)
    if any(one.in_force_since is None and one.refused_at is None for one in tables):
        raise ValidationError("承認を待つ提案があります。決まってから、次を提案してください。")
    if len({row.document_type for row in rows}) != len(rows):
        raise ValidationError({"new_type": "この文書の種類はすでに表にあります。"})
    if not changes_between(rows_in_force([area, None]), list(rows)):
        raise ValidationError("いまの表と同じです。変える所を直してから提案してください。")
    number = (DisclosureTable.objects.filter(area=area).aggregate(top=Max("number"))["top"]) or 0
    table = DisclosureTable.objects.create(
        area=area,
        number=number + 1,
        proposed_by_id=viewer.membership_id,
        proposed_at=clock.now(),
        reason=reason,
    )
    DisclosureRule.objects.bulk_create(
        DisclosureRule(
            table=table,
            document_type=row.document_type,
            label=row.label,
            professions=list(row.professions),
        )
        for row in rows
    )
    notify(
        user_ids=_deciders(area) - {viewer.user_id or 0},
        kind=DISCLOSURE_PROPOSED,
        path=path_of("patients:disclosure_version", table.uid),
    )
    record_event(
        actor=viewer.actor,
        action="disclosure.proposed",
        target=table,
        detail={"number": table.number},
    )
    return table


@transaction.atomic
def approve_table(*, viewer: Viewer, table: DisclosureTable) -> DisclosureTable:
    """One approval; the second one puts the table in force at this moment.

    Raises:
        ValidationError: decided already, or by somebody who proposed or approved it.
    """
    locked = _open(table)
    spoken = {
        one.user_id for one in (locked.proposed_by, locked.first_approved_by) if one is not None
    }
    if viewer.user_id in spoken:
        raise ValidationError("提案した人、すでに承認した人とは別の人が承認してください。")
    if locked.first_approved_by_id is None:
        locked.first_approved_by_id = viewer.membership_id
    else:
        locked.second_approved_by_id = viewer.membership_id
        locked.in_force_since = clock.now()
    locked.save()
    record_event(
        actor=viewer.actor,
        action="disclosure.approved",
        target=locked,
        detail={"number": locked.number, "in_force": locked.in_force_since is not None},
    )
    return locked


@transaction.atomic
def refuse_table(*, viewer: Viewer, table: DisclosureTable) -> None:
    """Leave a proposal; it stays in the history.

    Raises:
        ValidationError: decided already.
    """
    locked = _open(table)
    locked.refused_at = clock.now()
    locked.save()
    record_event(
        actor=viewer.actor,
        action="disclosure.refused",
        target=locked,
        detail={"number": locked.number},
    )


def _open(table: DisclosureTable) -> DisclosureTable:
    locked = (
        DisclosureTable.objects.select_for_update(of=("self",))
        .select_related("proposed_by", "first_approved_by")
        .get(pk=table.pk)
    )
    if locked.in_force_since is not None or locked.refused_at is not None:
        raise ValidationError("この提案は、すでに決まっています。")
    return locked


def _deciders(area: Area | int | None) -> set[int]:
    people = Membership.objects.filter(
        period__contains=clock.today(),
        revoked_at=None,
        role__in=DECIDING_ROLES,
        organisation__area=area,
    )
    return set(people.values_list("user_id", flat=True))
