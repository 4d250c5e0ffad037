"""A year of stays of people whose care has ended since: what the numbers of the region count.

Written as rows, not through services: nobody is told of what happened a year ago. The benches
plant their stays with it too.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db import transaction
from psycopg.types.range import Range

from renkei.care.patients.models import Certification, CertificationState, EndOfCare, Patient
from renkei.care.transitions.models import CaseFact, CaseState, CoordinationCase, FactKind
from renkei.care.transitions.queries.rules import rule_in_force
from renkei.care.transitions.services.cases import READMISSION
from renkei.care.transitions.services.numbers import count_of, save_counts
from renkei.care.transitions.services.refreshing import COPIES
from renkei.care.transitions.states import Derived, derive, facts_from
from renkei.demo.region import municipalities
from renkei.demo.transitions_duties import keep_regional_nights
from renkei.foundation.accounts.models import Membership, Organisation
from renkei.foundation.areas.models import Area
from renkei.foundation.common import clock, kana

Say = Callable[[str], None]
SEED: Final = 9917
STAYS: Final = 1100
DAYS: Final = 400
SETTLED: Final = 60
# The first is a party here; the others are only names, as most hospitals are at the beginning.
HOSPITALS: Final = ("架空市立中央病院", "架空回復期病院", "汐見総合病院")
OFFICES: Final = (
    "居宅介護支援事業所 つむぎ",
    "居宅介護支援事業所 なぎさ",
    "架空市地域包括支援センター",
)
CARE_LEVELS: Final = ("21", "22", "23", "24")
SUPPORT_LEVELS: Final = ("12", "13")
# How often a leak has which reason: 要支援 is the weak point (domain/admission-discharge-rules.md §4.1).
REASONS: Final = ("05", "05", "03", "03", "03", "01", "02", "04", "07", "08")
K = FactKind


@dataclass(frozen=True)
class Past:
    """One stay with its facts: (kind, when, channel, detail)."""

    level: str
    patient_class: str
    hospital: int
    office: int
    facts: Sequence[tuple[FactKind, datetime, str, dict[str, Any]]]


@transaction.atomic
def tell_of_last_year(say: Say) -> int:
    """Plant the stays of the last months; a second time nothing happens."""
    if Patient.objects.filter(kana="カクウ カコ", closed_on__isnull=False).exists():
        return 0
    author = Membership.objects.select_related("organisation").get(user__name="大森 千景")
    places = list(municipalities()[:2])
    stays = past_stays(random.Random(SEED), STAYS, last=clock.today() - timedelta(days=SETTLED))
    count = plant(stays, author=author, places=places)
    people = Patient.objects.filter(kana="カクウ カコ", closed_on__isnull=False)
    keep_regional_nights(list(people), say)
    say(f"これまでの入退院{count}件を用意しました")
    return count


def past_stays(chance: random.Random, count: int, *, last: date, days: int = DAYS) -> list[Past]:
    """Believable stays: the region became better over the year, 要支援 is told of less."""
    return [
        _past(chance, last - timedelta(days=chance.randrange(days)), last, days)
        for _ in range(count)
    ]


def _past(chance: random.Random, begins: date, last: date, days: int) -> Past:
    late = 1 - (last - begins).days / days
    supported = chance.random() < 0.3
    without = chance.random() < 0.15
    level = chance.choice(SUPPORT_LEVELS if supported else CARE_LEVELS)
    letter = "b" if without else "a"
    length = chance.randint(3, 45)
    facts = [(K.ADMISSION_REGISTERED, _at(begins, 10), "phone", {
        "class": letter, "way": chance.choice(("planned", "emergency", "emergency")),
    })]  # fmt: skip
    if not without:
        facts += _informed(chance, begins, late)
    else:
        facts.append((K.CM_CONTRACTED, _at(begins + timedelta(days=2), 14), "phone", {}))
    facts += _discharged(chance, begins + timedelta(days=length), (late, length, supported))
    return Past(level, letter, chance.choice((0, 0, 1, 2)), chance.choice((0, 1, 1, 2)), facts)


Facts = list[tuple[FactKind, datetime, str, dict[str, Any]]]


def _informed(chance: random.Random, begins: date, late: float) -> Facts:
    if chance.random() < 0.05:
        return [(K.CM_UNKNOWN, _at(begins, 11), "phone", {})]
    found: Facts = [(K.CM_IDENTIFIED, _at(begins, 11), "phone", {"source": "card"})]
    if chance.random() < 0.7 + 0.2 * late:
        after = chance.choice((0, 0, 1, 2, 4))
        channel = chance.choice(("fax", "fax", "system"))
        found.append((K.ADMISSION_INFO_SENT, _at(begins + timedelta(days=after), 16), channel, {}))
    return found


def _discharged(chance: random.Random, left: date, how: tuple[float, int, bool]) -> Facts:
    late, length, supported = how
    if chance.random() < 0.04:
        return [(K.DIED_IN_HOSPITAL, _at(left, 4), "phone", {})]
    found: Facts = []
    if chance.random() < 0.75 + 0.2 * late - (0.3 if supported else 0):
        told = left - timedelta(days=chance.randint(1, max(1, min(length - 1, 14))))
        planned = {"planned_on": left.isoformat(), "destination": "home"}
        found.append((K.DISCHARGE_NOTIFIED, _at(told, 15), "phone", planned))
        if chance.random() < 0.6:
            found.append((K.CONFERENCE_HELD, _at(told + timedelta(hours=0), 17), "meeting", {}))
        destination = chance.choice(("home",) * 8 + ("facility", "housing"))
        found.append((K.DISCHARGED, _at(left, 14), "phone", {"destination": destination}))
    else:
        reason = {"reason_code": chance.choice(REASONS), "learned_from": "family"}
        found.append((K.DISCHARGED_WITHOUT_NOTICE, _at(left, 17), "system", reason))
    if chance.random() < 0.5 + 0.3 * late:
        found.append((K.FOLLOW_UP_REPORTED, _at(left + timedelta(days=10), 10), "fax", {}))
    return found


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=clock.TOKYO)


# Rows -------------------------------------------------------------------------------------


def plant(
    stays: Sequence[Past],
    *,
    author: Membership,
    places: Sequence[Area],
    patients: Sequence[Patient] = (),
) -> int:
    """Write the stays, two for every third person, and count them."""
    people = list(patients) or _people(stays, author.organisation, places)
    version = rule_in_force(places[0], clock.today())
    offices = {name: Organisation.objects.filter(name=name).first() for name in OFFICES}
    hospitals = {name: Organisation.objects.filter(name=name).first() for name in HOSPITALS}
    cases = []
    for number, stay in enumerate(stays):
        hospital, office = HOSPITALS[stay.hospital], OFFICES[stay.office]
        place = hospitals[hospital]
        cases.append(
            CoordinationCase(
                patient=people[number % len(people)],
                hospital=place,
                hospital_name=hospital,
                hospital_key=f"org:{place.pk}" if place else f"name:{kana.fold(hospital)}",
                rule_version=version,
                care_office=offices[office],
                care_office_name=office,
                opened_at=stay.facts[0][1],
                opened_by=author,
                in_hospital=False,
                is_open=False,
            )
        )
    CoordinationCase.objects.bulk_create(cases, batch_size=1000)
    _write_facts(list(zip(cases, stays, strict=True)), author)
    return len(cases)


def _people(stays: Sequence[Past], host: Organisation, places: Sequence[Area]) -> list[Patient]:
    today = clock.today()
    people = [
        Patient(
            name=f"架空 過去{number}",
            kana="カクウ カコ",
            name_key=kana.fold(f"架空 過去{number}"),
            kana_key=kana.fold("カクウ カコ"),
            birth_on=date(1940, 1, 1) + timedelta(days=number),
            municipality=places[min(number % 3 // 2, len(places) - 1)],
            host=host,
            registered_at=clock.now() - timedelta(days=2 * DAYS),
            closed_on=today - timedelta(days=1),
            closed_because=EndOfCare.ENDED,
        )
        for number in range(max(1, len(stays) * 2 // 3))
    ]
    Patient.objects.bulk_create(people, batch_size=1000)
    Certification.objects.bulk_create(
        [
            Certification(
                patient=patient,
                state=CertificationState.CERTIFIED,
                level=stay.level,
                period=Range(today - timedelta(days=2 * DAYS), today + timedelta(days=DAYS)),
                recorded_at=clock.now() - timedelta(days=DAYS),
            )
            for patient, stay in zip(people, stays, strict=False)
        ],
        batch_size=1000,
    )
    return people


def _write_facts(rows: Sequence[tuple[CoordinationCase, Past]], author: Membership) -> None:
    CaseFact.objects.bulk_create(
        [
            CaseFact(
                case=case,
                kind=kind,
                at=at,
                side="hospital",
                channel=channel,
                detail=detail,
                previous_state=CaseState.DRAFT,
                recorded_at=at,
                author=author,
                author_name=author.user.name,
                author_profession=author.profession,
                organisation=author.organisation,
                organisation_name=author.organisation.name,
            )
            for case, stay in rows
            for kind, at, channel, detail in stay.facts
        ],
        batch_size=2000,
    )
    derived = _derived([case for case, _stay in rows])
    for case, _stay in rows:
        for name in COPIES[:8]:
            setattr(case, name, getattr(derived[case.pk], name))
        # Nobody waits for a report of a stay that long ago.
        case.is_open = False
    cases = [case for case, _stay in rows]
    _link(cases)
    CoordinationCase.objects.bulk_update(cases, [*COPIES[:8], "readmission_of"], batch_size=500)
    save_counts([count_of(case, derived[case.pk]) for case, _stay in rows])


def _link(cases: Sequence[CoordinationCase]) -> None:
    """Who came back within 30 days."""
    last: dict[int, CoordinationCase] = {}
    for case in sorted(cases, key=lambda case: (case.admitted_at or case.opened_at, case.pk)):
        before = last.get(case.patient_id)
        left = before.discharged_at if before else None
        if left and case.admitted_at and left <= case.admitted_at <= left + READMISSION:
            case.readmission_of = before
        last[case.patient_id] = case


def _derived(cases: Sequence[CoordinationCase]) -> dict[int, Derived]:
    facts: dict[int, list[CaseFact]] = {}
    for fact in CaseFact.objects.filter(case__in=cases):
        facts.setdefault(fact.case_id, []).append(fact)
    return {key: derive(facts_from(found)) for key, found in facts.items()}
