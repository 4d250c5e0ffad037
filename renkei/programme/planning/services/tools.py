"""A sharing tool from inventory to yearly announcement; no tick without evidence (T-TOOL1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.common.eras import fiscal_year
from renkei.foundation.notifications.services import notify
from renkei.programme.planning.acting import organisation_of
from renkei.programme.planning.models import SharingTool, ToolEvidence, ToolStep, ToolTick
from renkei.programme.planning.notices import TOOL_TO_ANNOUNCE
from renkei.programme.planning.proofs import ProofFile, drop_proof, keep_proof
from renkei.programme.planning.queries.tools import ToolDoor, keepers_of, needs_of
from renkei.programme.planning.services.issues import refuse_identifiers

LAST: Final = "済みの段階の最後の根拠です。先に「済み」を戻してください。"


@transaction.atomic
def write_tool(
    *, viewer: Viewer, fields: Mapping[str, Any], tool: SharingTool | None = None
) -> SharingTool:
    """A tool of the own area, in the inventory.

    Raises:
        ValidationError: no area, the name is taken, or words that point at a person.
    """
    office = organisation_of(viewer)
    if office is None or office.area is None:
        raise ValidationError("所属の課に圏域がありません。組織の登録で圏域を選んでください。")
    tool = tool or SharingTool(area=office.area, organisation=office)
    for name, value in fields.items():
        setattr(tool, name, value)
    refuse_identifiers(tool.text)
    tool.full_clean()
    tool.save()
    record_event(actor=viewer.actor, action="tool.written", target=tool)
    return tool


@transaction.atomic
def add_evidence(
    *, door: ToolDoor, step: str, fields: Mapping[str, Any], file: ProofFile
) -> ToolEvidence:
    """What shows that a step was done; it counts for the fiscal year of its day.

    Raises:
        ValidationError: nothing is shown by it, or something is wrong with it.
    """
    year = fiscal_year(fields["done_on"]).year
    proof = ToolEvidence(tool=door.tool, step=step, fiscal_year=year)
    proof = keep_proof(door.viewer, proof, fields, file)
    record_event(
        actor=door.viewer.actor, action="tool.evidence_added", target=proof, detail={"step": step}
    )
    return proof


@transaction.atomic
def remove_evidence(*, door: ToolDoor, evidence: ToolEvidence) -> None:
    """Take a piece away; what a ticked step needs stays.

    Raises:
        ValidationError: the step is ticked and would be without what it needs.
    """
    SharingTool.objects.select_for_update().get(pk=door.tool.pk)
    rows = ToolEvidence.objects.filter(tool=door.tool, step=evidence.step)
    left = list(rows.exclude(pk=evidence.pk))
    ticks = ToolTick.objects.filter(tool=door.tool, step=evidence.step)
    for tick in ticks:
        if needs_of(evidence.step, left, fiscal_year_of(tick)):
            raise ValidationError(LAST)
    record_event(
        actor=door.viewer.actor, action="tool.evidence_removed", target=evidence,
        detail={"step": evidence.step},
    )  # fmt: skip
    drop_proof(door.viewer, evidence)


def fiscal_year_of(tick: ToolTick) -> Any:
    """The 年度 a tick stands for."""
    return fiscal_year(clock.today().replace(year=tick.fiscal_year, month=4, day=1))


@transaction.atomic
def tick_step(*, door: ToolDoor, step: str) -> ToolTick:
    """済み for this fiscal year.

    Raises:
        ValidationError: the step has no evidence, or not what it needs.
    """
    SharingTool.objects.select_for_update().get(pk=door.tool.pk)
    year = fiscal_year(clock.today())
    needs = needs_of(step, list(ToolEvidence.objects.filter(tool=door.tool, step=step)), year)
    if needs:
        raise ValidationError(needs)
    tick, _made = ToolTick.objects.get_or_create(
        tool=door.tool, step=step, fiscal_year=year.year,
        defaults={"ticked_at": clock.now(), "ticked_by_id": door.viewer.membership_id},
    )  # fmt: skip
    record_event(
        actor=door.viewer.actor, action="tool.ticked", target=door.tool, detail={"step": step}
    )
    return tick


@transaction.atomic
def untick_step(*, door: ToolDoor, step: str) -> None:
    """Not done after all: the newest tick of the step goes (a yearly one: this year's)."""
    ticks = ToolTick.objects.filter(tool=door.tool, step=step).order_by("-fiscal_year")
    if step == ToolStep.ANNOUNCE:
        ticks = ticks.filter(fiscal_year=fiscal_year(clock.today()).year)
    newest = ticks.first()
    if newest is not None:
        newest.delete()
    record_event(
        actor=door.viewer.actor, action="tool.unticked", target=door.tool, detail={"step": step}
    )


@transaction.atomic
def remind_of_tool(tool: SharingTool) -> None:
    """Tell those who look after a tool that it is to be announced again; once a year."""
    year = fiscal_year(clock.today()).year
    locked = SharingTool.objects.select_for_update().get(pk=tool.pk)
    if locked.reminded_year == year:
        return
    locked.reminded_year = year
    locked.save(update_fields=["reminded_year"])
    notify(
        user_ids=keepers_of(locked),
        kind=TOOL_TO_ANNOUNCE,
        path=reverse("planning:tool_detail", args=[locked.uid]),
        dedupe_key=f"{TOOL_TO_ANNOUNCE}:{locked.uid}:{year}",
    )
    record_event(actor=SYSTEM, action="tool.reminded", target=locked)
