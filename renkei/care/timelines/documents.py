"""PDF of the room: the call list, and the story of a period."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from renkei.care.patients.models import Patient, Provider
from renkei.care.patients.presenters import birth_text
from renkei.care.timelines.models import Entry
from renkei.care.timelines.presenters import addressee_words, paper_moment, signed
from renkei.care.timelines.queries.doors import Door
from renkei.care.timelines.queries.people import Reader, office_phones, team_of
from renkei.care.timelines.queries.persons import providers_tonight
from renkei.foundation.common import clock, eras
from renkei.foundation.common.documents.pdf import compile_pdf, head
from renkei.foundation.sheets.documents import Head

TEMPLATES: Final = Path(__file__).parent / "print"


def call_list_pdf(door: Door, entry: Entry) -> bytes:
    """One A4 sheet: what happened, who has not confirmed, whom to telephone in which order."""
    patient = door.patient
    assert patient is not None  # noqa: S101 - a room of a person
    team = team_of(patient)
    waiting = team.addressed_by(entry.addressees.filter(done_at=None))
    providers = providers_tonight(patient)
    data = {
        "head": head(
            town=patient.host.name,
            name="緊急の電話の一覧",
            issued_on=clock.today(),
            source="電話したら、時刻と話した人を書いてください。",
        ),
        "person": f"{patient.name}（{patient.kana}）" if patient.kana else patient.name,
        "written": paper_moment(entry.posted_at) + "　" + _author(entry),
        "text": entry.text,
        "asked": "・".join(addressee_words(row) for row in entry.addressees.all()),
        "confirmed": [
            f"{signed(one.name, one.profession)}　{paper_moment(one.at)}"
            for one in entry.acknowledgements.all()
        ],
        "calls": _calls(waiting, providers),
        "printed": f"{eras.format_long(clock.today())} {clock.now():%H:%M}印刷",
    }
    return compile_pdf(TEMPLATES / "call_list.typ", data, title="緊急の電話の一覧")


def sheet_head(patient: Patient) -> Head:
    """What stands on every page of a person's form: the host, the name, the day of birth."""
    return Head(patient.host.name, subject=f"氏名　{patient.name}　　{birth_text(patient)}")


def _author(entry: Entry) -> str:
    return signed(entry.author_name, entry.author_profession)


def _calls(waiting: Sequence[Reader], providers: Sequence[Provider]) -> list[list[str]]:
    """Those who were asked first, by office; then the others who treat the person."""
    phones = office_phones(waiting) | {
        one.organisation_id: one.phone for one in providers if one.organisation_id and one.phone
    }
    rows: list[list[str]] = []
    offices: set[int] = set()
    for reader in waiting:
        rows.append(
            [
                reader.profession,
                f"{reader.name}　{reader.organisation}",
                phones.get(reader.organisation_id, "") or "番号の記録なし",
            ]
        )
        offices.add(reader.organisation_id)
    rows.extend(
        [str(one.get_role_display()), _provider_words(one), one.phone]
        for one in providers
        if one.phone and one.organisation_id not in offices
    )
    return rows


def _provider_words(provider: Provider) -> str:
    return f"{provider.person_name}　{provider.name}" if provider.person_name else provider.name


def period_pdf(door: Door, rows: Sequence[dict[str, Any]], *, period: str, reason: str) -> bytes:
    """The story of a period, oldest first, for the chart or a disclosure request."""
    return _story_pdf(door, rows, period=period, reason=reason, source=door.room.get_kind_display())


def outside_pdf(door: Door, rows: Sequence[dict[str, Any]], *, period: str, reason: str) -> bytes:
    """What leaves the team by FAX: it says nothing of the rooms it comes from."""
    return _story_pdf(door, rows, period=period, reason=reason, source="")


def _story_pdf(
    door: Door, rows: Sequence[dict[str, Any]], *, period: str, reason: str, source: str
) -> bytes:
    patient = door.patient
    assert patient is not None  # noqa: S101 - a room of a person
    data = {
        "head": head(
            town=patient.host.name,
            # On every sheet: loose sheets of two persons must not be mixed up.
            name=f"経過の写し　{patient.name}",
            issued_on=clock.today(),
            source=source,
        ),
        "person": f"{patient.name}（{patient.kana}）" if patient.kana else patient.name,
        "birth": eras.format_both(patient.birth_on) if patient.birth_on else "生年月日 記録なし",
        "period": period,
        "reason": reason,
        "rows": [{**row, "at": row["when"]} for row in rows],
    }
    return compile_pdf(TEMPLATES / "period.typ", data, title="経過の写し")
