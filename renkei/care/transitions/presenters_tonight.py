"""The board of tonight and the holes of a month, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.core.paginator import Page
from django.urls import reverse

from renkei.care.patients.models import Patient
from renkei.care.transitions.presenters_duties import (
    Line,
    away_lines,
    clock_words,
    day_words,
    line_of,
)
from renkei.care.transitions.queries.board import HOLES, HOSPITAL, BoardAsked, BoardFound
from renkei.care.transitions.queries.duties import Watched
from renkei.care.transitions.queries.month_holes import FoundHoles, MonthHole
from renkei.foundation.common import clock


@dataclass(frozen=True)
class BoardRow:
    """One person on the board: whom to call now, and who comes after."""

    patient: Patient
    url: str
    now: Line
    after: Sequence[Line]
    holes: Sequence[Line]


@dataclass(frozen=True)
class OfficeRow:
    """An office that answers now, with a way to the persons it answers for."""

    name: str
    phones: Sequence[str]
    count: int
    url: str


@dataclass(frozen=True)
class Board:
    """The whole board; those with a hole stand on top."""

    person_count: int
    hole_count: int
    hospital_count: int
    holes: Sequence[BoardRow]
    rows: Sequence[BoardRow]
    offices: Sequence[OfficeRow]
    in_hospital: Sequence[Patient]
    away: Sequence[Line]
    holes_url: str = f"?who={HOLES}"
    hospital_url: str = f"?who={HOSPITAL}"
    page: Page[int] | None = None
    # What of a long board this is; "" of the whole.
    part: str = ""

    @property
    def patients(self) -> list[Patient]:
        """Those who are named."""
        return [row.patient for row in (*self.holes, *self.rows)] + list(self.in_hospital)

    @classmethod
    def of(cls, found: BoardFound, now: datetime, asked: BoardAsked) -> Board:
        return cls(
            person_count=found.home_count,
            hole_count=found.hole_count,
            hospital_count=found.hospital_count,
            holes=[board_row(one, now) for one in found.holes],
            rows=[board_row(one, now) for one in found.rows],
            offices=[
                OfficeRow(one.name, one.phones, one.count, f"?{urlencode({'office': one.name})}")
                for one in found.offices
            ],
            in_hospital=found.in_hospital,
            away=away_lines(found.away, now),
            page=found.page,
            part=_part(asked),
        )


def _part(asked: BoardAsked) -> str:
    words = {HOLES: "担当のない時間がある人", HOSPITAL: "入院中の人"}
    if asked.who in words:
        return words[asked.who]
    return f"いま{asked.office}に電話する人" if asked.office else ""


def board_row(one: Watched, now: datetime) -> BoardRow:
    """One person on the board."""
    lines = [line_of(span, now) for span in one.spans]
    first = one.spans[0]
    return BoardRow(
        patient=one.patient,
        url=reverse("transitions:person_tonight", args=[one.patient.uid]),
        now=line_of(first, now, until=True),
        after=lines[1:],
        holes=[line for line in lines if line.hole],
    )


@dataclass(frozen=True)
class HoleRow:
    """One hole of a month: when, how long, why, and whom it leaves without anybody."""

    when: str
    length: str
    reason: str
    people: Sequence[tuple[str, str]]
    more: int
    url: str


@dataclass(frozen=True)
class MonthHoles:
    """All holes of a month, each once, however many persons share it."""

    rows: Sequence[HoleRow]
    person_count: int
    patients: Sequence[Patient]
    page: Page[int] | None = None

    @classmethod
    def of(cls, found: FoundHoles) -> MonthHoles:
        return cls(
            [_hole_row(one, found) for one in found.holes],
            found.person_count,
            list(found.patients.values()),
            found.page,
        )


def _hole_row(hole: MonthHole, found: FoundHoles) -> HoleRow:
    people = [found.patients[key] for key in hole.patient_ids if key in found.patients]
    return HoleRow(
        when=_stretch(hole.starts_at, hole.ends_at),
        length=_length(hole.ends_at - hole.starts_at),
        reason=hole.reason.value,
        people=[
            (patient.name, reverse("transitions:person_tonight", args=[patient.uid]))
            for patient in people
        ],
        more=len(hole.patient_ids) - len(people),
        url=f"?{urlencode({'hole': hole.key})}",
    )


def _stretch(starts: datetime, ends: datetime) -> str:
    """A night ends at 24:00 of its day, not at 0:00 of the next."""
    first = starts.astimezone(clock.TOKYO).date()
    last = (ends - timedelta(microseconds=1)).astimezone(clock.TOKYO).date()
    end = clock_words(ends, last)
    end = end if last == first else f"{day_words(last)}{end}"
    return f"{day_words(first)}{clock_words(starts, first)}～{end}"


def _length(length: timedelta) -> str:
    minutes = max(length // timedelta(minutes=1), 1)
    days, rest = divmod(minutes, 24 * 60)
    hours, rest = divmod(rest, 60)
    parts = ((days, "日"), (hours, "時間"), (rest, "分"))
    return "".join(f"{count}{unit}" for count, unit in parts if count)
