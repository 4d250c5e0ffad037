"""One event for any calendar (iCal). It names nobody: calendars are shared and synchronised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from renkei.foundation.common import clock

# Source: RFC 5545 §3.1: lines of at most 75 octets, folded by a space.
_LINE: Final = 75


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """``edition`` counts up with each change, so that a calendar replaces what it has."""

    uid: UUID
    begins_at: datetime
    ends_at: datetime
    title: str
    place: str
    url: str
    edition: int = 0
    cancelled: bool = False


def calendar_file(event: CalendarEvent) -> bytes:
    """The event as a file that Outlook, Google and phones open."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Renkei//JA",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{event.uid}@renkei",
        f"DTSTAMP:{_stamp(clock.now())}",
        f"DTSTART:{_stamp(event.begins_at)}",
        f"DTEND:{_stamp(event.ends_at)}",
        f"SEQUENCE:{event.edition}",
        "STATUS:CANCELLED" if event.cancelled else "STATUS:CONFIRMED",
        f"SUMMARY:{_text(event.title)}",
        f"LOCATION:{_text(event.place)}",
        f"URL:{event.url}",
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
