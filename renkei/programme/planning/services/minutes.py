"""Agenda, papers, minutes, and the actions that decisions leave."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.papers.files import destroy_file, store_file
from renkei.programme.planning.models import (
    Action,
    ActionState,
    AgendaItem,
    Council,
    Material,
    Meeting,
    MeetingState,
    MinutesLine,
    Outcome,
)
from renkei.programme.planning.queries.councils import CouncilDoor
from renkei.programme.planning.queries.meetings import MeetingDoor
from renkei.programme.planning.services.meetings import CONFIRMED, WRITABLE, locked_meeting

BEGUN = (
    "このすべきことはもう始まっています。"
    "決定のまま直すか、進み具合の画面で「やめた」にしてください。"
)


def _writable(door: MeetingDoor) -> Meeting:
    meeting = locked_meeting(door)
    if meeting.state not in WRITABLE:
        raise ValidationError(
            "この会議は中止になりました。" if meeting.state == MeetingState.CANCELLED else CONFIRMED
        )
    return meeting


@transaction.atomic
def write_item(
    *, door: MeetingDoor, fields: Mapping[str, Any], item: AgendaItem | None = None
) -> AgendaItem:
    """One item of the 次第, new at its end or changed.

    Raises:
        ValidationError: closed without a reason, or the minutes stand.
    """
    meeting = _writable(door)
    if item is None:
        last = AgendaItem.objects.filter(meeting=meeting).aggregate(Max("place_number"))
        item = AgendaItem(meeting=meeting, place_number=(last["place_number__max"] or 0) + 1)
    for name, value in fields.items():
        setattr(item, name, value)
    item.full_clean()
    item.save()
    record_event(actor=door.viewer.actor, action="agenda.written", target=item)
    return item


@transaction.atomic
def raise_item(*, door: MeetingDoor, item: AgendaItem) -> None:
    """One place earlier; the first one stays."""
    meeting = _writable(door)
    items = list(AgendaItem.objects.filter(meeting=meeting))
    place = next(number for number, one in enumerate(items) if one.pk == item.pk)
    if place:
        items[place - 1], items[place] = items[place], items[place - 1]
    for number, one in enumerate(items, start=1):
        one.place_number = number
    AgendaItem.objects.bulk_update(items, ["place_number"])
    record_event(actor=door.viewer.actor, action="agenda.written", target=item)


@transaction.atomic
def remove_item(*, door: MeetingDoor, item: AgendaItem) -> None:
    """Take an item out of the 次第.

    Raises:
        ValidationError: minutes or papers hang on it.
    """
    _writable(door)
    if item.lines.exists() or item.materials.exists():
        raise ValidationError("資料か議事録のある議題は消せません。先にそれらを消してください。")
    record_event(actor=door.viewer.actor, action="agenda.removed", target=item)
    item.delete()


@transaction.atomic
def add_material(
    *, door: MeetingDoor, fields: Mapping[str, Any], content: bytes | None, name: str
) -> Material:
    """One paper, with its file where there is one.

    Raises:
        ValidationError: the file is refused, or something is missing.
    """
    meeting = _writable(door)
    material = Material(meeting=meeting, **fields)
    material.full_clean(exclude=["file"])
    if content is not None:
        material.file = store_file(
            actor=door.viewer.actor,
            content=content,
            name=name,
            owner=("planning.material", material.uid),
        )
    material.save()
    record_event(actor=door.viewer.actor, action="material.added", target=material)
    return material


@transaction.atomic
def remove_material(*, door: MeetingDoor, material: Material) -> None:
    """Take a paper out, and destroy its file."""
    _writable(door)
    file = material.file
    record_event(actor=door.viewer.actor, action="material.removed", target=material)
    material.delete()
    if file is not None:
        destroy_file(actor=door.viewer.actor, stored=file)


@transaction.atomic
def write_line(
    *, door: MeetingDoor, fields: Mapping[str, Any], line: MinutesLine | None = None
) -> MinutesLine:
    """One line of the minutes; a 決定 leaves an action with its owner and its day.

    Raises:
        ValidationError: a decision without owner or date, or the minutes stand.
    """
    meeting = _writable(door)
    if line is None:
        last = MinutesLine.objects.filter(meeting=meeting).aggregate(Max("place_number"))
        line = MinutesLine(meeting=meeting, place_number=(last["place_number__max"] or 0) + 1)
    for name, value in fields.items():
        setattr(line, name, value)
    _check_decision(line)
    line.full_clean()
    line.save()
    _keep_action(line, meeting.council)
    record_event(
        actor=door.viewer.actor,
        action="minutes.written",
        target=line,
        detail={"outcome": line.outcome},
    )
    return line


def _check_decision(line: MinutesLine) -> None:
    # Source: domain/training-outreach-consult.md §12.3.
    if line.outcome != Outcome.DECIDED:
        return
    missing = {}
    if not line.owner:
        missing["owner"] = "決定には担当が要ります。担当を入力してください。"
    if line.due_on is None:
        missing["due_on"] = "決定には期限が要ります。期限を入力してください。"
    if missing:
        raise ValidationError(missing)


def _keep_action(line: MinutesLine, council: Council) -> None:
    action = Action.objects.select_for_update().filter(line=line).first()
    if line.outcome != Outcome.DECIDED:
        if action is not None and action.state != ActionState.OPEN:
            raise ValidationError(BEGUN)
        if action is not None:
            action.delete()
        return
    if action is None:
        action = Action(line=line, council=council)
    if action.state != ActionState.OPEN:
        return  # what is being done keeps what was agreed on with its owner since
    action.text, action.owner = line.text, line.owner
    assert line.due_on is not None  # noqa: S101 - checked
    action.due_on = line.due_on
    action.full_clean()
    action.save()


@transaction.atomic
def remove_line(*, door: MeetingDoor, line: MinutesLine) -> None:
    """Take a line out, with the action it left.

    Raises:
        ValidationError: the action has begun, or a later agenda took the line up.
    """
    _writable(door)
    if line.taken_up.exists():
        raise ValidationError("この行は後の会議の議題になっています。先に議題を消してください。")
    line.outcome = ""
    _keep_action(line, door.meeting.council)
    record_event(actor=door.viewer.actor, action="minutes.removed", target=line)
    line.delete()


@transaction.atomic
def add_action(*, door: CouncilDoor, text: str, owner: str, due_on: date, origin: str) -> Action:
    """An action that comes from elsewhere: a case review, an issue, a check.

    Raises:
        ValidationError: something is missing.
    """
    action = Action(council=door.council, text=text, owner=owner, due_on=due_on, origin=origin)
    action.full_clean()
    action.save()
    record_event(actor=door.viewer.actor, action="action.added", target=action)
    return action


@transaction.atomic
def change_action(*, door: CouncilDoor, action: Action, fields: Mapping[str, Any]) -> Action:
    """How far it is; what is done or dropped says what came of it.

    Raises:
        ValidationError: it ended without a word on its result.
    """
    locked = Action.objects.select_for_update().get(pk=action.pk)
    for name, value in fields.items():
        setattr(locked, name, value)
    over = locked.state in (ActionState.DONE, ActionState.DROPPED)
    if over and not locked.result:
        raise ValidationError({"result": "したこと・結果を入力してください。"})
    locked.finished_on = (locked.finished_on or clock.today()) if over else None
    locked.full_clean()
    locked.save()
    record_event(
        actor=door.viewer.actor,
        action="action.changed",
        target=locked,
        detail={"state": locked.state},
    )
    return locked
