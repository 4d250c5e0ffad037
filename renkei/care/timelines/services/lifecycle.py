"""What happens to a person's rooms when two records become one, and when a record's time is over.

Part of the act of ``patients`` that merges or disposes: no events of their own.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Any, Final

from django.db.models import F, Q

from renkei.care.patients.models import Patient
from renkei.care.patients.queries import merged_uids
from renkei.care.timelines.models import (
    Entry,
    EntryFile,
    Excursion,
    Limit,
    Observation,
    PlannedVisit,
    PrintedSheet,
    ReadAdvance,
    ReadPosition,
    Room,
    RoomKind,
)
from renkei.care.timelines.models.rooms import ROOMS_OF_A_PERSON
from renkei.care.timelines.services.rooms import room_of
from renkei.foundation.audit.actors import Actor
from renkei.foundation.papers.files import destroy_file
from renkei.foundation.sheets.services.answers import destroy_answers

# Out of the way of every number in use while a room is numbered anew.
ASIDE: Final = 1_000_000_000
TIMELINE: Final = "timeline"
SHEETS: Final = "sheets"


def move_rooms(merged: Patient, into: Patient) -> Any:
    """Put both stories into one, in the order they became visible."""
    moved: dict[str, Any] = {"rooms": {}}
    for kind in ROOMS_OF_A_PERSON:
        source, target = room_of(merged, RoomKind(kind)), room_of(into, RoomKind(kind))
        if source.entries.exists():
            moved["rooms"][kind] = _join(source, target)
    values = Observation.objects.filter(patient=merged)
    moved["observations"] = list(values.values_list("pk", flat=True))
    values.update(patient=into)
    moved["visits"] = _take_over_visits(merged, into)
    return moved


def move_rooms_back(merged: Patient, into: Patient, moved: Any) -> None:
    """Part the stories again; what was written since stays where it was written."""
    for kind, before in moved["rooms"].items():
        source, target = room_of(merged, RoomKind(kind)), room_of(into, RoomKind(kind))
        _part(source, target, before)
    Observation.objects.filter(pk__in=moved["observations"]).update(patient=merged)
    PlannedVisit.objects.filter(pk__in=moved.get("visits", ())).update(patient=merged)


def _take_over_visits(merged: Patient, into: Patient) -> list[int]:
    """Whoever was expected at either record is expected; the same visit planned twice is one."""
    what = ("membership", "on", "at")
    known = set(PlannedVisit.objects.filter(patient=into).values_list(*what))
    visits = PlannedVisit.objects.filter(patient=merged).values_list("pk", *what)
    taken = [pk for pk, *visit in visits if tuple(visit) not in known]
    PlannedVisit.objects.filter(pk__in=taken).update(patient=into)
    return taken


def _join(source: Room, target: Room) -> dict[str, Any]:
    """Number the entries of both rooms anew as one; positions follow the entries they stood at."""
    rows = list(
        Entry.objects.filter(room__in=(source, target))
        .order_by("posted_at", "room", "number")
        .values_list("pk", "room_id", "number")
    )
    Entry.objects.filter(room__in=(source, target)).update(number=F("number") + ASIDE)
    Entry.objects.filter(room=source).update(room=target, number=F("number") + ASIDE)
    new = {pk: place for place, (pk, _, _) in enumerate(rows, start=1)}
    _number(new)
    Room.objects.filter(pk=target.pk).update(last_number=len(rows))
    own = sorted((number, new[pk]) for pk, room, number in rows if room == target.pk)
    _follow(target, own)
    return {
        "entries": [[pk, number] for pk, room, number in rows if room == source.pk],
        "others": [[pk, number] for pk, room, number in rows if room == target.pk],
    }


def _part(source: Room, target: Room, before: dict[str, Any]) -> None:
    old: dict[int, int] = dict([*before["entries"], *before["others"]])
    later = list(
        Entry.objects.filter(room=target)
        .exclude(pk__in=old)
        .order_by("number")
        .values_list("pk", flat=True)
    )
    last = max((number for _, number in before["others"]), default=0)
    numbers = {pk: last + place for place, pk in enumerate(later, start=1)}
    places = dict(Entry.objects.filter(room=target).values_list("pk", "number"))
    Entry.objects.filter(room=target).update(number=F("number") + ASIDE)
    Entry.objects.filter(pk__in=[pk for pk, _ in before["entries"]]).update(room=source)
    _number(old | numbers)
    Room.objects.filter(pk=target.pk).update(last_number=last + len(later))
    own = sorted(
        (places[pk], (old | numbers)[pk])
        for pk in [*(pk for pk, _ in before["others"]), *later]
        if pk in places
    )
    _follow(target, own)


def _number(numbers: dict[int, int]) -> None:
    entries = list(Entry.objects.filter(pk__in=numbers))
    for entry in entries:
        entry.number = numbers[entry.pk]
    Entry.objects.bulk_update(entries, ["number"], batch_size=500)


def _follow(room: Room, own: list[tuple[int, int]]) -> None:
    """Let everybody's reading stand at the entries it stood at, each step with its time."""
    for position in ReadPosition.objects.filter(room=room):
        position.number = _place(own, position.number)
        position.save(update_fields=["number"])
    steps = list(ReadAdvance.objects.filter(room=room).order_by("at", "pk"))
    ReadAdvance.objects.filter(room=room).delete()
    reached: dict[int, int] = {}
    kept = []
    for step in steps:
        step.after_number = reached.get(step.user_id, 0)
        step.up_to_number = _place(own, step.up_to_number)
        if step.up_to_number > step.after_number:
            reached[step.user_id] = step.up_to_number
            kept.append(step)
    ReadAdvance.objects.bulk_create(kept)


def _place(own: list[tuple[int, int]], number: int) -> int:
    """Where somebody who had read up to ``number`` stands now; nothing unseen counts as seen."""
    found = bisect_right([old for old, _ in own], number)
    return own[found - 1][1] if found else 0


def destroy_sheets(*, actor: Actor, patient: Patient, document_class: str) -> int:
    """Every answer and draft about a person, under each name the record ever had (T-D4)."""
    if document_class != SHEETS:
        return 0
    uids = [patient.uid, *merged_uids(patient)]
    PrintedSheet.objects.filter(Q(patient=patient) | Q(patient__merged_into=patient)).delete()
    return sum(destroy_answers(actor=actor, subject_uid=uid) for uid in uids)


def destroy_rooms(*, actor: Actor, patient: Patient, document_class: str) -> int:
    """Everything written about a person, in their rooms and in conversations about them (T-D4)."""
    if document_class != TIMELINE:
        return 0
    entries = Entry.objects.filter(room__patient=patient)
    count = 0
    for row in EntryFile.objects.filter(entry__in=entries).select_related("stored_file"):
        if row.stored_file.destroyed_at is None:
            destroy_file(actor=actor, stored=row.stored_file)
            count += 1
    count += Excursion.objects.filter(patient=patient).delete()[0]
    count += Limit.objects.filter(patient=patient).delete()[0]
    count += Observation.objects.filter(Q(patient=patient) | Q(entry__in=entries)).delete()[0]
    entries.update(reply_to=None, corrects=None, moved_from=None)
    return count + entries.delete()[0]
