"""わたしの連携: what the person and family read first, in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from renkei.care.patients.models import Patient, ProviderRole
from renkei.care.patients.presenters_team import TeamList
from renkei.care.timelines.own_links import own_links
from renkei.care.timelines.presenters import moment_words, signed
from renkei.care.timelines.queries.family import FamilyRoom
from renkei.care.timelines.queries.persons import providers_tonight

EXCERPT = 60
# Who knows the person is called before the hospital.
FIRST_CALLED = (ProviderRole.STATION, ProviderRole.MAIN_DOCTOR)


@dataclass(frozen=True)
class News:
    """One entry: who, when, how it begins."""

    about: str
    text: str


@dataclass(frozen=True)
class OwnRoom:
    """One person of the page."""

    patient: Patient
    url: str
    news: str
    newest: Sequence[News]
    tonight: Any
    team: TeamList
    links: Sequence[tuple[str, str]]


def own_room(room: FamilyRoom) -> OwnRoom:
    """One family room in words."""
    uid = room.patient.uid
    pages = (
        ("本人の望みの記録", "patients:wish_list", room.sees_wishes),
        ("救急のときに伝わること", "patients:emergency_screen", room.sees_emergency),
        ("だれが記録を見たか", "patients:read_log", room.sees_log),
    )
    count = room.new_count
    around = [one for one in providers_tonight(room.patient) if one.phone and one.around_the_clock]
    around.sort(key=lambda one: FIRST_CALLED.index(one.role) if one.role in FIRST_CALLED else 2)
    return OwnRoom(
        patient=room.patient,
        url=reverse("timelines:timeline", args=[uid]),
        news=f"新しい書き込みが{count}件あります" if count else "新しい書き込みはありません",
        newest=[
            News(
                f"{moment_words(entry.posted_at)}　"
                f"{signed(entry.author_name, entry.author_profession)}",
                _beginning(entry.text),
            )
            for entry in room.newest
        ],
        tonight=around,
        team=room.team,
        links=[
            *(
                (label, reverse(link.name, args=[uid]))
                for link in own_links()
                if (label := link.label(room.patient))
            ),
            *((label, reverse(name, args=[uid])) for label, name, open_ in pages if open_),
        ],
    )


def _beginning(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT else f"{line[:EXCERPT]}…"
