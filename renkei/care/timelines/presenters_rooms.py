"""What stands around the entries: head, tabs of the rooms, composer, the column beside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from renkei.care.patients.models import Provider, ProviderRole
from renkei.care.patients.presenters import person_head
from renkei.care.patients.queries_read_log import patients_whose_log_is_open_to
from renkei.care.timelines.composing import ShownPart, parts_of
from renkei.care.timelines.forms import ComposerForm
from renkei.care.timelines.models import EntryKind, RoomKind
from renkei.care.timelines.presenters import ICONS, signed
from renkei.care.timelines.queries.doors import Door
from renkei.care.timelines.queries.entries import Seen
from renkei.care.timelines.queries.people import family_of, team_of
from renkei.care.timelines.queries.persons import providers_tonight
from renkei.foundation.accounts.viewers import ViewerRequest

TEAM_SHOWN = 6


@dataclass(frozen=True)
class RoomTab:
    """One of the two rooms, always told apart by word, icon and colour."""

    url: str
    label: str
    note: str
    icon: str
    css: str
    count: int
    current: bool


@dataclass(frozen=True)
class KindChoice:
    """One kind in the composer."""

    value: str
    label: str
    icon: str
    checked: bool


@dataclass(frozen=True)
class Composer:
    """The place to write: who reads it stands in it, always."""

    form: ComposerForm
    parts: list[ShownPart]
    place: str
    readers: str
    button: str
    icon: str
    kinds: tuple[KindChoice, ...]
    may_write: bool
    reason: str


def head_of(door: Door) -> Any:
    """The person's head above the page; to family the name alone, they know the rest."""
    if door.patient is None or door.as_family:
        return {"patient": door.patient}
    return person_head(door.viewer, door.patient, current="timeline")


def page_url(door: Door) -> str:
    """The page of the room."""
    if door.patient is None or not door.room.belongs_to_a_person:
        return reverse(f"timelines:{door.room.kind}_detail", args=[door.room.uid])
    if door.room.kind == RoomKind.STAFF or door.as_family:
        return reverse("timelines:timeline", args=[door.patient.uid])
    return reverse("timelines:timeline_family", args=[door.patient.uid])


def room_tabs(doors: Mapping[str, Door], door: Door, unread: Mapping[int, int]) -> list[RoomTab]:
    """The rooms this viewer may open; family sees one, and no sign of another."""
    assert door.patient is not None  # noqa: S101 - a room of a person
    shape = {
        RoomKind.STAFF: ("timelines:timeline", "職員の部屋", "家族には見えません", "lock", "staff"),
        RoomKind.FAMILY: (
            "timelines:timeline_family",
            "本人・家族の部屋",
            "家族も読みます",
            "home",
            "family",
        ),
    }
    tabs = []
    for kind, (name, label, note, icon, css) in shape.items():
        if kind in doors:
            tabs.append(
                RoomTab(
                    reverse(name, args=[door.patient.uid]),
                    label,
                    note,
                    icon,
                    css,
                    0 if doors[kind] is door else unread.get(doors[kind].room.pk, 0),
                    doors[kind] is door,
                )
            )
    return tabs


def composer_of(request: ViewerRequest, door: Door, seen: Seen | None) -> Composer:
    """The composer of a person's room, bound where something was sent."""
    assert door.patient is not None  # noqa: S101 - a room of a person
    team = seen.team if seen is not None else team_of(door.patient)
    form = ComposerForm(
        request.POST if request.method == "POST" else None,
        door=door,
        team=team,
        kind=_first_kind(request, door),
    )
    staff = door.room.kind == RoomKind.STAFF
    count = len(team.members)
    if staff:
        professions = "・".join(team.professions[:3])
        readers = f"読む人：{professions}など{count}人。家族には見えません。"
    else:
        family = "、".join(f"{one.name}さん（{one.relation}）" for one in family_of(door.patient))
        readers = f"読む人：{family or '家族（まだいません）'}と職員{count}人。"
    return Composer(
        form=form,
        parts=parts_of(request, door),
        place="職員の部屋" if staff else "本人・家族の部屋",
        readers=readers,
        button="職員の部屋に出す" if staff else "家族にも見える部屋に出す",
        icon="lock" if staff else "home",
        kinds=kinds_of(form),
        may_write=door.may_write,
        reason=_why_not(door),
    )


def kinds_of(form: ComposerForm) -> tuple[KindChoice, ...]:
    """The kinds with their icons, one of them chosen."""
    chosen = form["kind"].value() or EntryKind.NOTICE.value
    choices: list[tuple[str, str]] = form.fields["kind"].choices  # type: ignore[attr-defined]  # a choice field
    return tuple(
        KindChoice(value, label, ICONS[value], value == chosen) for value, label in choices
    )


def _first_kind(request: ViewerRequest, door: Door) -> str:
    asked = request.GET.get("kind", "")
    if asked in EntryKind.values:
        return asked
    return EntryKind.QUESTION.value if door.as_family else EntryKind.NOTICE.value


def _why_not(door: Door) -> str:
    if door.may_write:
        return ""
    if door.patient is not None and door.patient.is_closed:
        return "この人の記録は終了しています。読むことだけができます。"
    return "見るだけの立場なので、書き込めません。"


def side_of(door: Door, seen: Seen | None) -> dict[str, Any]:
    """今夜電話する先 and the team; family gets the numbers, not the list of who is who."""
    assert door.patient is not None  # noqa: S101 - a room of a person
    team = seen.team if seen is not None else team_of(door.patient)
    rows = [
        {
            "profession": member.profession,
            "words": _member_words(member.pk, team, member.organisation.name),
            "is_host": member.is_host,
        }
        for member in team.members
    ]
    family = [
        {"profession": "家族", "words": f"{signed(one.name, one.relation)}　家族の部屋"}
        for one in family_of(door.patient)
    ]
    return {
        "tonight": _tonight(providers_tonight(door.patient)),
        "team_rows": [*rows, *family],
        "team_count": len(rows) + len(family),
        "log_url": _log_url(door),
    }


def _log_url(door: Door) -> str:
    """「誰が見たか」 for family, where the town opens it to them; staff have it among the tabs."""
    if not door.as_family or door.patient is None:
        return ""
    open_to = patients_whose_log_is_open_to(door.viewer).filter(pk=door.patient.pk)
    return reverse("patients:read_log", args=[door.patient.uid]) if open_to.exists() else ""


def _member_words(member_id: int, team: Any, organisation: str) -> str:
    people = team.of_member(member_id)
    if len(people) == 1:
        return f"{people[0].name}　{organisation}"
    return f"{organisation}（事業所の全員）"


def _tonight(providers: list[Provider]) -> dict[str, Any]:
    """First who answers at night, then the doctor, then the hospital the person wants."""
    with_phone = [one for one in providers if one.phone]
    stations = [one for one in with_phone if one.role == ProviderRole.STATION]
    doctors = [one for one in with_phone if one.role == ProviderRole.MAIN_DOCTOR]
    night = [one for one in [*stations, *doctors] if one.around_the_clock]
    first = next(iter(night or stations or doctors or with_phone), None)
    others = [one for one in [*doctors, *stations] if one is not first]
    hospital = next((one for one in providers if one.role == ProviderRole.HOSPITAL_OF_CHOICE), None)
    return {"first": first, "others": others[:2], "hospital": hospital}
