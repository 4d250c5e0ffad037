"""The board of tonight over all persons of a viewer: everybody counted, those shown named.

However many they are: who has a hole and who is called now is worked out from what persons share;
names and every stretch of the night only for the persons on the page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.paginator import Page, Paginator

from renkei.care.patients.models import Patient
from renkei.care.transitions.first_contacts import Contact, Step
from renkei.care.transitions.queries.arrangements import Arranged, Arrangements, arrangements
from renkei.care.transitions.queries.away import Away, away_of
from renkei.care.transitions.queries.duties import Watched, persons_watched_by
from renkei.foundation.accounts.viewers import Viewer

# So many persons stand on one page; with more, the offices are counted instead.
AT_ONCE: Final = 50
HOLES, HOSPITAL = "holes", "hospital"


@dataclass(frozen=True)
class BoardAsked:
    """What of a long board is asked for: a kind of persons, or those of one office; which page."""

    who: str = ""
    office: str = ""
    page: str = "1"

    @property
    def is_part(self) -> bool:
        return bool(self.who in {HOLES, HOSPITAL} or self.office)


@dataclass(frozen=True)
class OfficeCalled:
    """An office that answers now, and for how many persons."""

    name: str
    phones: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class BoardFound:
    """Everybody counted, and the persons of this page."""

    home_count: int
    hole_count: int
    hospital_count: int
    offices: Sequence[OfficeCalled]
    holes: Sequence[Watched]
    rows: Sequence[Watched]
    in_hospital: Sequence[Patient]
    away: Sequence[Away]
    # Only where a part is asked for.
    page: Page[int] | None = None


def board_of(viewer: Viewer, *, since: datetime, until: datetime, asked: BoardAsked) -> BoardFound:
    """Now and the coming night; the query count is fixed."""
    found = arrangements(persons_watched_by(viewer), since=since, until=until)
    sorted_ = _Sorted(found)
    holes, rows, lying, page = _shown(sorted_, asked)
    patients = Patient.objects.in_bulk([one.patient_id for one in (*holes, *rows, *lying)])

    def watched(shown: Sequence[Arranged]) -> list[Watched]:
        return [
            Watched(patients[one.patient_id], found.spans(one), one.in_hospital) for one in shown
        ]

    return BoardFound(
        home_count=len(sorted_.holes) + len(sorted_.rows),
        hole_count=len(sorted_.holes),
        hospital_count=len(sorted_.lying),
        offices=sorted_.offices() if sorted_.is_long else (),
        holes=watched(holes),
        rows=watched(rows),
        in_hospital=[patients[one.patient_id] for one in lying],
        away=away_of(found.rosters, since=since, until=until),
        page=page,
    )


class _Sorted:
    """Persons by what the board says of them, each kind in the order they came."""

    def __init__(self, found: Arrangements) -> None:
        self.holes: list[Arranged] = []
        self.rows: list[tuple[Arranged, Contact]] = []
        self.lying: list[Arranged] = []
        known: dict[tuple[Step, ...], Contact | None] = {}
        for one in found.persons:
            if one.in_hospital:
                self.lying.append(one)
                continue
            if one.steps not in known:
                known[one.steps] = self._answering(found, one.steps)
            contact = known[one.steps]
            if contact is None:
                self.holes.append(one)
            else:
                self.rows.append((one, contact))

    @staticmethod
    def _answering(found: Arrangements, steps: tuple[Step, ...]) -> Contact | None:
        """Who is called now; None where there is a hole now or later."""
        if found.cover.has_hole(steps):
            return None
        outcome = found.cover.now(steps)
        return outcome if isinstance(outcome, Contact) else None

    @property
    def is_long(self) -> bool:
        return len(self.rows) > AT_ONCE

    def offices(self) -> list[OfficeCalled]:
        """Who answers now and for how many, the most first."""
        counts = Counter(contact.office for _one, contact in self.rows)
        phones: dict[str, set[str]] = {}
        for _one, contact in self.rows:
            phones.setdefault(contact.office, set()).add(contact.phone)
        return [
            OfficeCalled(name, tuple(sorted(phones[name])), count)
            for name, count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
        ]


Shelf = Sequence[Arranged]


def _shown(found: _Sorted, asked: BoardAsked) -> tuple[Shelf, Shelf, Shelf, Page[int] | None]:
    if not asked.is_part:
        rows = () if found.is_long else [one for one, _contact in found.rows]
        return found.holes[:AT_ONCE], rows, found.lying[:AT_ONCE], None
    kinds: Mapping[str, list[Arranged]] = {HOLES: found.holes, HOSPITAL: found.lying}
    chosen = kinds.get(asked.who)
    if chosen is None:
        chosen = [one for one, contact in found.rows if contact.office == asked.office]
    page = Paginator(range(len(chosen)), AT_ONCE).get_page(asked.page)
    shown = [chosen[place] for place in page.object_list]
    places: dict[str, Shelf] = {HOLES: (), HOSPITAL: (), "": ()}
    places[asked.who if asked.who in kinds else ""] = shown
    return places[HOLES], places[""], places[HOSPITAL], page
