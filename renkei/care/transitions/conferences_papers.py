"""What a conference puts out: an entry for calendars, and a sheet for each person asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from renkei.care.patients.models import Patient
from renkei.care.transitions.caseforms_papers import mark_of
from renkei.care.transitions.models import Conference, ConferenceSeat
from renkei.care.transitions.words import moment_text
from renkei.foundation.common import clock
from renkei.foundation.common.documents.pdf import compile_pdf, head

TEMPLATES: Final = Path(__file__).parent / "print"
# As guests are called who are no professionals (``forms.PROFESSIONS``).
FAMILY: Final = "本人・家族"
# Source: RFC 5545 §3.1: lines of at most 75 octets, folded by a space.
_LINE: Final = 75


def conference_ics(conference: Conference, *, url: str) -> bytes:
    """One event for any calendar. It names nobody: calendars are shared and synchronised."""
    begins = conference.planned_at
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Renkei//JA",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{conference.uid}@renkei",
        f"DTSTAMP:{_stamp(clock.now())}",
        f"DTSTART:{_stamp(begins)}",
        f"DTEND:{_stamp(begins + timedelta(minutes=conference.minutes))}",
        f"SEQUENCE:{conference.edition}",
        "STATUS:CANCELLED" if conference.state == "cancelled" else "STATUS:CONFIRMED",
        f"SUMMARY:{_text(conference.get_kind_display())}",
        f"LOCATION:{_text(conference.place)}",
        f"URL:{url}",
        "CLASS:PRIVATE",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    for sign in ("\\", ";", ","):
        words = words.replace(sign, f"\\{sign}")
    return words.replace("\r\n", "\\n").replace("\n", "\\n")


def _folded(line: str) -> str:
    parts: list[str] = []
    part = ""
    for sign in line:
        # A continuation begins with a space of its own.
        if len((part + sign).encode()) > _LINE - bool(parts):
            parts.append(part)
            part = ""
        part += sign
    return "\r\n ".join([*parts, part])


def seat_pdf(conference: Conference, seat: ConferenceSeat, *, patient: Patient) -> bytes:
    """One sheet for one person: when, where, who comes, room to write, and the answer."""
    office = conference.made_by.organisation
    others = [_person(one) for one in conference.seats.all() if one.pk != seat.pk]
    title = f"{conference.get_kind_display()}のご案内"
    data = {
        "head": head(
            town=patient.host.name,
            name=title,
            issued_on=clock.today(),
            source="出欠を書いて、この紙をお返しください。" if seat.ticket else office.name,
        ),
        "title": title,
        "to": " ".join(filter(None, (seat.organisation_name, seat.profession, seat.name))),
        "when": f"{moment_text(conference.planned_at)}から{conference.minutes}分",
        "where": f"{conference.get_means_display()}　{conference.place}".strip(),
        "whom": _initials(patient),
        "hospital": conference.case.hospital_name,
        "agenda": conference.agenda,
        "others": others,
        "office": office.name,
        "person": conference.made_by.user.name,
        "phone": office.phone,
        "ticket": [mark_of(seat.ticket)] if seat.ticket else [],
    }
    return compile_pdf(TEMPLATES / "seat.typ", data, title=title)


def _initials(patient: Patient) -> str:
    """Enough for those who know the person; the sheet may lie on a machine.

    Source: domain/forms.md §8 (西東京: FAX with initials).
    """
    return "・".join(part[0] for part in patient.kana.split() if part)


def _person(seat: ConferenceSeat) -> list[str]:
    if seat.profession == FAMILY:
        # Their name would say whose conference it is.
        return [seat.profession, "", ""]
    return [seat.profession, seat.name, seat.organisation_name]
