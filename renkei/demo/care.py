"""The teams of 架空広域 and what they wrote last month, through the same services as real work."""

from __future__ import annotations

import itertools
import random
import uuid
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from django.db import transaction
from psycopg.types.range import Range

from renkei.care.patients.models import (
    CertificationState,
    ConsentDecision,
    ConsentMethod,
    ConsentPurpose,
    ContentClass,
    DoctorConfirmation,
    EmergencyCategory,
    Patient,
    Presence,
    ProviderRole,
    Relative,
)
from renkei.care.patients.services.consent import record_consent
from renkei.care.patients.services.details import add_provider, add_relative
from renkei.care.patients.services.emergency import Written, record_emergency_profile
from renkei.care.patients.services.family import invite_family
from renkei.care.patients.services.people import record_independence, register_patient
from renkei.care.patients.services.team import invite_member, join_team
from renkei.care.patients.services.wishes import record_wish
from renkei.care.timelines.models import Entry, RoomKind
from renkei.care.timelines.queries.doors import door_to
from renkei.care.timelines.services.posting import post_entry
from renkei.care.timelines.services.reading import mark_seen
from renkei.care.timelines.services.rooms import room_of
from renkei.care.timelines.services.settling import acknowledge
from renkei.care.timelines.values import NewObservation, To
from renkei.demo.care_sheets import (
    plan_visits,
    set_weight_limit,
    sheet_days,
    write_sheet,
)
from renkei.demo.people import DOMAIN
from renkei.demo.teams import PERSONS, Line, Person
from renkei.foundation.accounts.models import Membership
from renkei.foundation.accounts.queries import viewer_behind
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock

Say = Callable[[str], None]
DAYS: Final = 30
SEED: Final = 9901
READ_EVERY: Final = 4
LEFT_UNREAD: Final = 3
CONTENT: Final = [each.value for each in ContentClass]
PROVIDERS: Final = (
    (ProviderRole.MAIN_DOCTOR, "しおかぜ医院", "白井 透", "0999-00-2045", True),
    (ProviderRole.STATION, "訪問看護ステーション みなも", "早川 みのり", "0999-00-1201", True),
    (ProviderRole.PHARMACY, "はまべ薬局", "宮下 航", "0999-00-5510", False),
    (ProviderRole.CARE_MANAGER, "居宅介護支援事業所 つむぎ", "大森 千景", "0999-00-3121", False),
    (ProviderRole.HOSPITAL_OF_CHOICE, "架空市立中央病院", "", "0999-00-7000", True),
)


def viewer_named(local: str) -> Viewer:
    """The viewer one of the invented people is after a full sign-in."""
    membership = Membership.objects.filter(user__email=f"{local}@{DOMAIN}").earliest("pk")
    viewer = viewer_behind(membership.pk)
    assert viewer is not None  # noqa: S101 - the demo has just made its people
    return viewer


@transaction.atomic
def settle_teams(say: Say, *, persons: tuple[Person, ...] = PERSONS) -> list[Patient]:
    """Register the people, gather their teams and tell their month, oldest day first."""
    viewers = {local: viewer_named(local) for person in persons for local in _cast(person)}
    start = clock.now().replace(hour=9, minute=0, second=0, microsecond=0) - timedelta(days=DAYS)
    patients = []
    for person in persons:
        with clock.told_at(start):
            patients.append(_open_record(person, viewers))
    lines = [
        (_instant(line), number, patient, person, line)
        for patient, person in zip(patients, persons, strict=True)
        for number, line in enumerate(_month(person))
    ]
    with clock.told_at(start):
        for patient, person in zip(patients, persons, strict=True):
            set_weight_limit(door_to(viewers["shirai"], room_of(patient).uid), person)
    written: dict[tuple[int, int], Entry] = {}
    editions = sheet_days(clock.now())
    for at, number, patient, person, line in sorted(lines, key=lambda one: one[:2]):
        while editions and editions[0][0] <= at:
            written_at, edition = editions.pop(0)
            with clock.told_at(written_at):
                door = door_to(viewers["hayakawa"], room_of(patients[0]).uid)
                write_sheet(door, patients[0], edition)
        with clock.told_at(at):
            answered = _answered(written, patient, number, line)
            written[patient.pk, number] = _write(patient, person, line, viewers, answered)
    plan_visits(viewers["hayakawa"], patients)
    say(f"{len(patients)}人のチームと、1か月の書き込み{len(written)}件を用意しました")
    return patients


def _cast(person: Person) -> set[str]:
    return {*person.team, *(each.account for each in person.relatives if each.account)}


def _open_record(person: Person, viewers: dict[str, Viewer]) -> Patient:
    host = viewers[person.team[0]]
    patient = register_patient(
        viewer=host,
        values={
            "name": person.name,
            "kana": person.kana,
            "sex": person.sex,
            "birth_on": person.born,
            "kind": person.kind,
            "address": person.address,
            "household": person.household,
            "insured_number": person.insured_number,
        },
        certification={
            "state": CertificationState.CERTIFIED,
            "level": person.level,
            "period": Range(*person.certified),
        }
        if person.certified
        else None,
    )
    today = clock.today()
    disability, dementia = person.independence
    if disability or dementia:
        record_independence(
            viewer=host,
            patient=patient,
            values={
                "disability": disability,
                "dementia": dementia,
                "judged_on": today,
                "judged_by": "主治医",
            },
        )
    _ask_for_consent(host, patient, today)
    _gather(host, patient, person, viewers)
    _write_down_helpers(host, patient)
    _write_emergency_facts(host, patient, person, today)
    return patient


def _ask_for_consent(
    host: Viewer, patient: Patient, today: date, *, relative: Relative | None = None
) -> None:
    record_consent(
        viewer=host,
        patient=patient,
        relative=relative,
        values={
            "decision": ConsentDecision.AGREED,
            "purposes": [each.value for each in ConsentPurpose],
            "content_classes": CONTENT,
            "whole_team": True,
            "includes_family": True,
            "period": Range(today, today.replace(year=today.year + 1)),
            "method": ConsentMethod.WRITTEN,
            "decided_on": today,
            "explained_by": host.name,
        },
    )


def _gather(host: Viewer, patient: Patient, person: Person, viewers: dict[str, Viewer]) -> None:
    """Invite the professionals, who accept at once, and the family into its own room."""
    for local in person.team[1:]:
        viewer = viewers[local]
        membership = Membership.objects.get(pk=viewer.membership_id or 0)
        member = invite_member(viewer=host, patient=patient, membership=membership)
        join_team(viewer=viewer, member=member)
    for number, each in enumerate(person.relatives, start=1):
        relative = add_relative(
            viewer=host,
            patient=patient,
            values={
                "name": each.name,
                "kana": each.kana,
                "relation": each.relation,
                "phone": each.phone,
                "lives_together": each.together,
                "is_key_person": each.key_person,
                "is_main_carer": each.carer,
                "call_order": number,
            },
        )
        _ask_for_consent(host, patient, clock.today(), relative=relative)
        if each.account:
            email = f"{each.account}@{DOMAIN}"
            invite_family(viewer=host, patient=patient, relative=relative, email=email)


def _write_down_helpers(host: Viewer, patient: Patient) -> None:
    for role, name, somebody, phone, always in PROVIDERS:
        add_provider(
            viewer=host,
            patient=patient,
            values={
                "role": role,
                "name": name,
                "person_name": somebody,
                "phone": phone,
                "around_the_clock": always,
                "since": clock.today(),
            },
        )


def _write_emergency_facts(host: Viewer, patient: Patient, person: Person, today: date) -> None:
    lists = {
        EmergencyCategory.DISEASE: ("diseases", person.diseases),
        EmergencyCategory.DRUG: ("drugs", person.drugs),
        EmergencyCategory.ALLERGY: ("allergies", person.allergies),
        EmergencyCategory.INFECTION: ("infections", ()),
        EmergencyCategory.DEVICE: ("devices", person.devices),
    }
    devices = "".join(person.devices)
    record_emergency_profile(
        actor=host.actor,
        patient=patient,
        facts={
            **{
                field: Presence.LISTED if items else Presence.NONE
                for field, items in lists.values()
            },
            "key_place": person.key_place,
            "on_ventilator": "人工呼吸器" in devices,
            "on_oxygen": "在宅酸素" in devices,
        },
        items={
            category: [Written(*_parts(text)) for text in items]
            for category, (_, items) in lists.items()
        },
        confirmed_by=host.name,
    )
    if person.wish:
        record_wish(
            viewer=host,
            patient=patient,
            facts={
                "text": person.wish,
                "emergency_summary": person.wish,
                "talked_on": today,
                "participants": f"本人・{person.relatives[0].relation}・早川",
                "spoken_by": "本人",
                "doctor_confirmation": DoctorConfirmation.DONE,
                "doctor_name": "白井 透",
                "doctor_confirmed_on": today,
                "is_shared": True,
                "paper_name": "わたしの生き方ノート（架空市）",
                "paper_edition": "令和7年版",
                "paper_place": "電話の横の引き出し",
            },
        )


def _parts(text: str) -> tuple[str, str]:
    """ペニシリン（発疹） as the thing and what is said of it."""
    thing, _, rest = text.partition("（")
    return (thing, rest.removesuffix("）")) if rest else (text, "")


def _instant(line: Line) -> datetime:
    hour, minute = map(int, line.at.split(":"))
    day = clock.today() - timedelta(days=line.days_ago)
    return datetime.combine(day, time(hour, minute), tzinfo=clock.TOKYO)


def _month(person: Person) -> list[Line]:
    """The told lines and the visits between them, in order."""
    return sorted([*person.story, *_visits(person)], key=_instant)


def _visits(person: Person) -> list[Line]:
    """A nurse twice a week, a helper once: what a month looks like besides its events."""
    # By name, not by hash: the same month every time.
    chance = random.Random(f"{SEED}{person.insured_number}{person.born}")
    lines = []
    for days_ago in range(DAYS - 2, 1, -1):
        if days_ago % 7 in {2, 5}:
            at = f"{chance.choice((9, 10, 11, 13, 14))}:{chance.choice((0, 10, 20, 40)):02}"
            meal = chance.choice(("食事は8割", "食事は全量", "食事は半分"))
            skin = chance.choice(("皮膚に新しい傷なし", "両足のむくみ軽い", "かかとの赤み消えた"))
            lines.append(Line(days_ago, at, "hayakawa", "record", f"訪問記録。{meal}。{skin}。"))
        elif days_ago % 7 == 4 and "miyoshi" in person.team:
            told = chance.choice(("買い物と昼食の支援", "清拭と着替えの支援", "掃除と洗濯の支援"))
            lines.append(
                Line(days_ago, "15:30", "miyoshi", "record", f"{told}。変わりありません。")
            )
    return lines


def _answered(
    written: dict[tuple[int, int], Entry], patient: Patient, number: int, line: Line
) -> Entry | None:
    """The told line above that this one answers: visits between them do not count."""
    if not line.answers:
        return None
    above = [
        written[patient.pk, each]
        for each in range(number)
        if not written[patient.pk, each].observations.exists()
    ]
    return above[-line.answers] if len(above) >= line.answers else None


_drift = itertools.cycle((0.0, 0.1, -0.1, 0.2, 0.1, -0.2))


def _write(
    patient: Patient,
    person: Person,
    line: Line,
    viewers: dict[str, Viewer],
    answered: Entry | None,
) -> Entry:
    now = clock.now()
    kind = RoomKind.FAMILY if line.family_room else RoomKind.STAFF
    room = room_of(patient, kind)
    viewer = viewers[line.by]
    entry = post_entry(
        viewer=viewer,
        room=room,
        kind=line.kind,
        text=line.text,
        client_uid=uuid.uuid4(),
        written_at=now,
        addressees=[To(profession=each) for each in line.to],
        reply_by=now + timedelta(days=line.reply_in_days) if line.reply_in_days else None,
        observations=_vitals(person, now) if line.text.startswith("訪問記録") else (),
        reply_to=answered.uid if answered else None,
    )
    for local in person.team:
        # Whoever reads now has read what is above: not everybody opens the page for every entry.
        reads = line.days_ago > LEFT_UNREAD and entry.number % READ_EVERY == 0 and local != line.by
        if not (reads or local in line.seen_by):
            continue
        with clock.told_at(now + timedelta(minutes=10 + 7 * person.team.index(local))):
            door = door_to(viewers[local], room.uid)
            mark_seen(door=door, up_to=entry.number)
            if local in line.seen_by:
                acknowledge(door=door, entry=entry)
    return entry


def _vitals(person: Person, now: datetime) -> list[NewObservation]:
    """What a nurse measures; the weight drifts around the person's own."""
    step = Decimal(str(next(_drift)))
    values = (
        ("systolic", Decimal(128) + step * 20, "mmHg"),
        ("diastolic", Decimal(74) + step * 10, "mmHg"),
        ("pulse", Decimal(72) + step * 10, "回/分"),
        ("spo2", Decimal(95), "%"),
        ("temperature", Decimal("36.5") + step, "℃"),
        ("weight", Decimal(str(person.weight)) + step, "kg"),
    )
    return [
        NewObservation(code=code, measured_at=now, value=value, unit=unit)
        for code, value, unit in values
    ]
