"""Thirty stays, counted by hand; the expectations stand in ``test_numbers.py``.

One stay per line: class, 要介護度 (介 要介護, 支 要支援, － none), days in hospital (0: still there),
how the person left (家 home, 施 facility, 転 transfer, 亡 death, － still there), on which day of the
stay the care manager sent the information (day 1 = admission; － never), how many days before the
discharge the hospital told of it (－ never; 漏 = the care side recorded a leak), then C conference,
F follow-up, R came back within 30 days (the next line is the same person's), U the hospital did
not know the care manager. All of them in the fiscal year 2026, before 20 November.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from psycopg.types.range import Range

from renkei.care.patients.models import Certification, CertificationState, Patient
from renkei.care.patients.tests import factories as patients
from renkei.care.transitions.models import CaseFact, CaseState, CoordinationCase, FactKind
from renkei.care.transitions.services.refreshing import refresh
from renkei.care.transitions.tests import factories
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.common import clock

TABLE: Final = """
01 A 介 21 家 1 10 CF
02 A 介 14 家 1 7 C
03 A 介 30 家 2 12 CF
04 A 介 10 家 3 5 F
05 A 介 18 家 1 8 C
06 A 介 3 家 1 1 -
07 A 介 2 家 - 漏 -
08 A 介 12 家 5 漏 F
09 A 介 25 家 1 9 CFR
10 A 介 16 家 3 漏 R
11 A 介 40 施 1 14 C
12 A 介 22 施 2 - -
13 A 介 15 転 1 4 -
14 A 介 9 亡 2 - -
15 A 介 0 - 1 - -
16 A 支 11 家 1 6 F
17 A 支 8 家 - 漏 U
18 A 支 3 家 - 漏 -
19 A 支 3 家 2 - -
20 A 支 20 家 3 7 CF
21 A 支 13 家 - 漏 -
22 A 支 17 施 1 6 -
23 A 支 6 家 4 2 R
24 A 支 0 - - - U
25 B 介 28 家 - 10 CF
26 B 支 24 家 - 8 C
27 B 介 19 家 - 5 -
28 B - 5 家 - - -
29 ? - 4 家 - - U
30 ? - 0 - - - U
"""
# 28: class B without any care manager; 29 and 30: nobody knows whether there is one.
WITHOUT_MANAGER: Final = frozenset({28, 29, 30})


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    number: int
    letter: str
    level: str
    days: int
    left: str
    informed_day: int | None
    told_before: int | None
    leak: bool
    signs: str


def lines() -> list[Line]:
    """The table, read."""
    found = []
    for text in TABLE.strip().splitlines():
        number, letter, level, days, left, informed, told, signs = text.split()
        found.append(
            Line(
                number=int(number),
                letter=letter,
                level=level,
                days=int(days),
                left=left,
                informed_day=None if informed == "-" else int(informed),
                told_before=int(told) if told.isdigit() else None,
                leak=told == "漏",
                signs=signs,
            )
        )
    return found


# When the stays with a chain began; the others begin on 1 August and after, day by day.
BEGINS: Final = {
    9: date(2026, 4, 6),
    10: date(2026, 5, 11),
    11: date(2026, 6, 10),
    15: date(2026, 11, 10),
    23: date(2026, 10, 1),
    24: date(2026, 10, 20),
    30: date(2026, 11, 10),
}
LEVELS: Final = {"介": "23", "支": "12"}
CLASSES: Final = {"A": "a", "B": "b", "?": "unknown"}
LEFT: Final = {
    "家": (FactKind.DISCHARGED, {"destination": "home"}),
    "施": (FactKind.DISCHARGED, {"destination": "facility"}),
    "転": (FactKind.TRANSFER_NOTIFIED, {}),
    "亡": (FactKind.DIED_IN_HOSPITAL, {}),
}
K = FactKind


def plant(rule_version: Any = None, area: Any = None) -> list[CoordinationCase]:
    """The thirty stays in the database, even numbers in a hospital without an account."""
    found: list[CoordinationCase] = []
    for line in lines():
        before = found[-1] if found else None
        same = before is not None and "R" in lines()[line.number - 2].signs
        patient = before.patient if same and before else _person(line, area)
        found.append(_stay(line, patient, rule_version, before if same else None))
    return found


def _person(line: Line, area: Any) -> Patient:
    patient = patients.make_patient(consented=False, municipality=area)
    if line.level in LEVELS:
        Certification.objects.create(
            patient=patient,
            state=CertificationState.CERTIFIED,
            level=LEVELS[line.level],
            period=Range(date(2026, 1, 1), date(2027, 1, 1)),
            recorded_at=clock.now(),
        )
    return patient


def _stay(line: Line, patient: Patient, version: Any, earlier: Any) -> CoordinationCase:
    own = line.number % 2 == 1
    hospital = factories.hospital() if own else None
    name = hospital.name if hospital else "架空外科病院"
    manager = patients.membership_of(accounts.suzuki())
    known = line.number not in WITHOUT_MANAGER
    case = CoordinationCase.objects.create(
        patient=patient,
        hospital=hospital,
        hospital_name=name,
        hospital_key=f"org:{hospital.pk}" if hospital else f"name:{name}",
        rule_version=version,
        care_office=manager.organisation if known else None,
        care_office_name=manager.organisation.name if known else "",
        readmission_of=earlier,
        opened_at=clock.now(),
        opened_by=manager,
    )
    rows = [
        CaseFact(
            case=case,
            kind=kind,
            at=moment,
            side="hospital",
            channel="phone",
            detail=detail,
            previous_state=CaseState.DRAFT,
            recorded_at=clock.now(),
            author=manager,
            author_name="鈴木 二葉",
            organisation=manager.organisation,
            organisation_name=manager.organisation.name,
        )
        for kind, moment, detail in _facts(line)
    ]
    CaseFact.objects.bulk_create(rows)
    refresh(case)
    return case


def _facts(line: Line) -> list[tuple[FactKind, datetime, dict[str, Any]]]:
    begins = BEGINS.get(line.number, date(2026, 8, 1) + timedelta(days=line.number))

    def day(number: int, hour: int = 10) -> datetime:
        return factories.at(begins + timedelta(days=number - 1), hour)

    facts = [(K.ADMISSION_REGISTERED, day(1), {"class": CLASSES[line.letter]})]
    if line.letter == "B" and line.number not in WITHOUT_MANAGER:
        facts.append((K.CM_CONTRACTED, day(4), {}))
    if "U" in line.signs:
        facts.append((K.CM_UNKNOWN, day(1, 11), {}))
    if line.informed_day is not None:
        facts.append((K.ADMISSION_INFO_SENT, day(line.informed_day, 16), {}))
    if line.told_before is not None:
        told = day(line.days - line.told_before)
        planned = (begins + timedelta(days=line.days - 1)).isoformat()
        facts.append((K.DISCHARGE_NOTIFIED, told, {"planned_on": planned}))
    if "C" in line.signs:
        facts.append((K.CONFERENCE_HELD, day(line.days - 1, 15), {}))
    if line.leak:
        facts.append((K.DISCHARGED_WITHOUT_NOTICE, day(line.days, 17), {"reason_code": "03"}))
    elif line.left != "-":
        kind, detail = LEFT[line.left]
        facts.append((kind, day(line.days, 14), detail))
    if "F" in line.signs:
        facts.append((K.FOLLOW_UP_REPORTED, day(line.days + 9), {}))
    return facts
