"""What stands beside the story: a doctor's limits, a sheet in two editions, today's visits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from renkei.care.patients.models import Patient
from renkei.care.timelines.observation_services import set_limit
from renkei.care.timelines.plan_services import plan_visit
from renkei.care.timelines.queries.doors import Door
from renkei.care.timelines.sheet_services import tell_of_answer
from renkei.demo.teams import Person
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock
from renkei.foundation.sheets.answers import content_from
from renkei.foundation.sheets.definition import parse
from renkei.foundation.sheets.queries import version_in_force
from renkei.foundation.sheets.services.answers import record_answer

VISITS = (time(9, 0), time(10, 30), time(13, 0), time(15, 0), time(16, 30))


@dataclass(frozen=True)
class Edition:
    """One filling of the sheet."""

    days_ago: int
    treatment: str
    advice: str


EDITIONS = (
    Edition(24, "在宅酸素1L/分。利尿薬を調整中。", "息切れが強い日は、座って休む。"),
    Edition(4, "在宅酸素1L/分。利尿薬は朝1錠に戻した。", "体重が42.8kgを超えたら連絡する。"),
)


def set_weight_limit(door: Door, person: Person) -> None:
    """A doctor's range around the person's own weight."""
    weight = Decimal(str(person.weight))
    low, high = weight - 2, weight + Decimal("0.4")
    set_limit(door=door, code="weight", low=low, high=high, note="", asks="医師")


def sheet_days(now: datetime) -> list[tuple[datetime, Edition]]:
    """When each edition of the sheet was written."""
    return [(now - timedelta(days=one.days_ago), one) for one in EDITIONS]


def write_sheet(door: Door, patient: Patient, edition: Edition) -> None:
    """情報共有シート, filled in now: the page shows what changed since the edition before."""
    version = version_in_force("sharing_sheet")
    values: dict[str, list[Any]] = {
        "head.written_on": [clock.today()],
        "head.author": [f"看護師・{door.viewer.name}"],
        "person.name": [patient.name],
        "person.birth_date": [patient.birth_on],
        "treatment.present": [edition.treatment],
        "treatment.advice": [edition.advice],
    }
    answer = record_answer(
        actor=door.viewer.actor,
        version=version,
        subject_uid=patient.uid,
        content=content_from(values, parse(version.questionnaire)),
        source="web",
        organisation_id=door.viewer.organisation_id,
    )
    tell_of_answer(door=door, answer=answer)


def plan_visits(nurse: Viewer, patients: list[Patient]) -> None:
    """The nurse's round of today, and the one of tomorrow through the others."""
    tomorrow = clock.today() + timedelta(days=1)
    for patient, at in zip(patients, VISITS, strict=False):
        plan_visit(viewer=nurse, patient=patient, at=at)
    for patient, at in zip(reversed(patients), VISITS[:4], strict=False):
        plan_visit(viewer=nurse, patient=patient, on=tomorrow, at=at)
