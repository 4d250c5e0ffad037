"""What a conference puts out: an entry for calendars, and a sheet for each person asked."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Final

from renkei.care.patients.models import Patient
from renkei.care.transitions.caseforms_papers import mark_of
from renkei.care.transitions.models import Conference, ConferenceSeat
from renkei.care.transitions.words import moment_text
from renkei.foundation.common import clock
from renkei.foundation.common.calendar_files import CalendarEvent, calendar_file
from renkei.foundation.common.documents.pdf import compile_pdf, head

TEMPLATES: Final = Path(__file__).parent / "print"
# As guests are called who are no professionals (``forms.PROFESSIONS``).
FAMILY: Final = "本人・家族"


def conference_ics(conference: Conference, *, url: str) -> bytes:
    """One event for any calendar. It names nobody: calendars are shared and synchronised."""
    begins = conference.planned_at
    return calendar_file(
        CalendarEvent(
            uid=conference.uid,
            begins_at=begins,
            ends_at=begins + timedelta(minutes=conference.minutes),
            title=conference.get_kind_display(),
            place=conference.place,
            url=url,
            edition=conference.edition,
            cancelled=conference.state == "cancelled",
        )
    )


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
