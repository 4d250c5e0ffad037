"""Stays, tonight's board and the numbers under load, against a running installation of its own.

Usage: RENKEI_VAR=FOLDER RENKEI_PORT=8100 bin/run, then
python bench/bench_transitions.py FOLDER http://localhost:8100 [SCALE]

Plants 5,000 persons of one office and 20,000 stays over five years into that installation, with
the nights of 20 stations and the pairs of 80 doctors; 100 persons have nobody to call. Then asks
for the list of stays, a person's stays, tonight's board, the month of holes, the numbers of the
area and those of the office, one request after the other. Prints one line of JSON per figure with
the load of the machine. SCALE (0.02) makes all of it smaller, to try the script; such figures say
nothing.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import statistics
import sys
import time
import uuid
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from renkei import embedded

VAR = Path(sys.argv[1])
BASE = urlsplit(sys.argv[2])
SCALE = float(sys.argv[3]) if len(sys.argv) > 3 else 1.0  # noqa: PLR2004 - the third word
os.environ["DJANGO_SETTINGS_MODULE"] = "renkei.settings.dev"
os.environ["RENKEI_VAR"] = str(VAR)
os.environ["SECRET_KEY"] = (VAR / "secret.key").read_text().strip()
os.environ["FILE_KEY"] = (VAR / "file.key").read_text().strip()
os.environ["DATABASE_URL"] = embedded.server_in(VAR).url(embedded.APP)

import django  # noqa: E402 - settings first

django.setup()

from django.test import Client  # noqa: E402

from renkei.care.patients.models import AccessGrant, GrantKind, Patient, TeamMember  # noqa: E402
from renkei.care.patients.tests import factories as care  # noqa: E402
from renkei.care.transitions.models import (  # noqa: E402
    CoordinationCase,
    Doctor,
    DoctorPair,
    FirstContact,
    Roster,
    RosterRow,
)
from renkei.care.transitions.pair_states import PairState  # noqa: E402
from renkei.demo.region import municipalities  # noqa: E402
from renkei.demo.transitions_history import past_stays, plant  # noqa: E402
from renkei.foundation.accounts.models import Membership, Organisation, Role, User  # noqa: E402
from renkei.foundation.accounts.queries import policy_to_accept  # noqa: E402
from renkei.foundation.accounts.services.policies import accept_policy  # noqa: E402
from renkei.foundation.accounts.tests import factories as accounts  # noqa: E402
from renkei.foundation.common import clock, kana  # noqa: E402

PERSONS = max(20, round(5_000 * SCALE))
STAYS = max(80, round(20_000 * SCALE))
OPEN_STAYS = max(5, PERSONS // 20)
STATIONS = 20
ASKED = 60 if SCALE == 1 else 10
FIVE_YEARS = 1825
P95 = 0.95
TARGET_MS = 200


def plant_office() -> tuple[User, list[Patient]]:
    """An office with its persons, all on its team, and their stays."""
    office = accounts.make_organisation(f"架空計測居宅 {uuid.uuid4().hex[:6]}")
    place = municipalities()[0]
    Organisation.objects.filter(pk=office.pk).update(area=place)
    office.refresh_from_db()
    address = f"bench-{uuid.uuid4().hex[:8]}@example.test"
    user = accounts.person("架空 計測", address, office, Role.PROFESSIONAL, "介護支援専門員")
    sign_policies(user)
    patients = plant_persons(office, user)
    chance = random.Random(1)
    stays = past_stays(chance, STAYS, last=clock.today() - timedelta(days=60), days=FIVE_YEARS)
    plant_duty(chance, patients, membership=care.membership_of(user))
    plant(stays, author=care.membership_of(user), places=[place], patients=patients)
    mine = CoordinationCase.objects.filter(opened_by=care.membership_of(user))
    mine.update(care_office=office, care_office_name=office.name)
    open_some(mine)
    return user, patients


def plant_persons(office: Organisation, user: User) -> list[Patient]:
    now = clock.now()
    membership = care.membership_of(user)
    patients = Patient.objects.bulk_create(
        [
            Patient(
                name=f"架空 計測{number}",
                kana="カクウ ケイソク",
                name_key=kana.fold(f"架空 計測{number}"),
                kana_key=kana.fold("カクウ ケイソク"),
                birth_on=date(1940, 1, 1),
                municipality=office.area,
                host=office,
                registered_at=now - timedelta(days=FIVE_YEARS),
            )
            for number in range(PERSONS)
        ],
        batch_size=1000,
    )
    grants = AccessGrant.objects.bulk_create(
        [
            AccessGrant(
                patient=patient,
                kind=GrantKind.TEAM,
                membership=membership,
                organisation=office,
                content_classes=care.ALL,
                starts_at=now - timedelta(minutes=1),
            )
            for patient in patients
        ],
        batch_size=1000,
    )
    TeamMember.objects.bulk_create(
        [
            TeamMember(
                patient=patient,
                organisation=office,
                membership=membership,
                profession=membership.profession,
                is_host=True,
                grant=grant,
                invited_at=now,
                joined_at=now,
            )
            for patient, grant in zip(patients, grants, strict=True)
        ],
        batch_size=1000,
    )
    return patients


def plant_duty(chance: random.Random, patients: list[Patient], *, membership: Membership) -> None:
    """Each person's station and pair of doctors; every fiftieth has nobody."""
    stations = [plant_station(number) for number in range(STATIONS)]
    nurses = {one.pk: plant_nurse(one) for one in stations}
    doctors = [doctor for number in range(STATIONS) for doctor in plant_clinic(number)]
    members, contacts, pairs = [], [], []
    now = clock.now() - timedelta(days=FIVE_YEARS)
    for place, patient in enumerate(patients):
        if place % 50 == 0:
            continue
        station = chance.choice(stations)
        members.append(
            TeamMember(
                patient=patient,
                organisation=station.organisation,
                membership=nurses[station.pk],
                profession="看護師",
                invited_at=now,
                joined_at=now,
            )
        )
        order = [station, None] if place % 3 else [station]
        contacts += [
            FirstContact(
                patient=patient, position=number, roster=each, set_at=now, set_by=membership
            )
            for number, each in enumerate(order, start=1)
        ]
        main, deputy = chance.sample(doctors, 2)
        pairs.append(
            DoctorPair(
                patient=patient,
                main=main,
                deputy=deputy,
                state=PairState.ACTIVE,
                proposed_at=now,
                started_at=now,
            )
        )
    TeamMember.objects.bulk_create(members, batch_size=1000)
    FirstContact.objects.bulk_create(contacts, batch_size=1000)
    DoctorPair.objects.bulk_create(pairs, batch_size=1000)


def plant_station(number: int) -> Roster:
    """A station that takes every night; every tenth leaves the Sunday night empty."""
    office = accounts.make_organisation(f"架空計測ステーション{number} {uuid.uuid4().hex[:6]}")
    roster = Roster.objects.create(
        organisation=office, name="夜間", phone=f"0999-00-{number:04}", updated_at=clock.now()
    )
    days = range(6 if number % 10 == 0 else 7)
    RosterRow.objects.bulk_create(
        RosterRow(roster=roster, day_kind=day, starts=0, ends=1440, person_name=f"架空 {day}")
        for day in days
    )
    return roster


def plant_nurse(station: Roster) -> Membership:
    address = f"bench-{uuid.uuid4().hex[:8]}@example.test"
    user = accounts.person(
        "架空 計測看護", address, station.organisation, Role.PROFESSIONAL, "看護師"
    )
    return care.membership_of(user)


def plant_clinic(number: int) -> list[Doctor]:
    """A clinic with two doctors by day and two who come at night."""
    office = accounts.make_organisation(f"架空計測医院{number} {uuid.uuid4().hex[:6]}")
    hours = {str(day): [["9:00", "17:00"]] for day in range(5)}
    return Doctor.objects.bulk_create(
        Doctor(
            organisation=office,
            name=f"架空 医師{number}の{place}",
            phone="0999-00-0000",
            takes_nights=place % 2 == 0,
            weekly_hours={} if place % 2 == 0 else hours,
            updated_at=clock.now(),
        )
        for place in range(4)
    )


def open_some(mine: object) -> None:
    """The last stay of every twentieth person goes on, with a deadline near."""
    seen: set[int] = set()
    now = clock.now()
    for case in mine.order_by("-admitted_at")[: OPEN_STAYS * 3]:  # type: ignore[attr-defined]
        if case.patient_id in seen or len(seen) >= OPEN_STAYS:
            continue
        seen.add(case.patient_id)
        CoordinationCase.objects.filter(pk=case.pk).update(
            is_open=True,
            next_code="T6",
            next_side="care",
            next_due_at=now + timedelta(hours=len(seen) - 20),
        )


def sign_policies(person: User) -> None:
    """What the installation asks everybody to sign before the first page."""
    viewer = accounts.viewer_for(person)
    while version := policy_to_accept(viewer):
        accept_policy(
            actor=viewer.actor,
            user=person,
            membership=care.membership_of(person),
            version=version,
            signed_name=person.name,
        )


def officer() -> User:
    """Somebody of the municipality the persons live in."""
    office = accounts.make_organisation(f"架空計測市役所 {uuid.uuid4().hex[:6]}")
    Organisation.objects.filter(pk=office.pk).update(area=municipalities()[0])
    address = f"bench-{uuid.uuid4().hex[:8]}@example.test"
    return accounts.person("架空 計測課", address, office, Role.MUNICIPAL_STAFF)


def session_of(user: User) -> str:
    return str(accounts.sign_in(Client(), user).cookies["sessionid"].value)


def ask(path: str, session: str) -> float:
    """One page, in milliseconds."""
    started = time.perf_counter()
    connection = http.client.HTTPConnection(BASE.hostname or "", BASE.port, timeout=60)
    connection.request("GET", path, headers={"Cookie": f"sessionid={session}"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != 200:  # noqa: PLR2004 - HTTP OK
        raise SystemExit(f"{path}: {answer.status}")
    return (time.perf_counter() - started) * 1000


def measure(what: str, paths: list[str], session: str) -> None:
    ask(paths[0], session)
    times = sorted(ask(paths[number % len(paths)], session) for number in range(ASKED))
    line = {
        "bench": "transitions",
        "what": what,
        "persons": PERSONS,
        "stays": STAYS,
        "count": len(times),
        "p50_ms": round(statistics.median(times), 1),
        "p95_ms": round(times[int(len(times) * P95)], 1),
        "target_p95_ms": TARGET_MS,
        "load": round(os.getloadavg()[0], 1),
    }
    print(json.dumps(line, ensure_ascii=False), flush=True)


def main() -> None:
    user, patients = plant_office()
    manager, city = session_of(user), session_of(officer())
    measure("list of stays", ["/transitions/", "/transitions/?state=closed"], manager)
    persons = [f"/transitions/persons/{one.uid}/" for one in patients[:20]]
    measure("a person's stays", persons, manager)
    measure("tonight's board", ["/transitions/tonight/"], manager)
    month = f"{clock.today():%Y-%m}"
    measure("holes of a month", [f"/transitions/tonight/months/{month}/"], manager)
    numbers = "/transitions/numbers/"
    measure("numbers of the area, by month", [f"{numbers}?by=hospital"], city)
    measure("numbers of the area, five years", [f"{numbers}?unit=year&by=office"], city)
    measure("numbers of an office beside the mean", [numbers], manager)


main()
