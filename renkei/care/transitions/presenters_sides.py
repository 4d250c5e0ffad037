"""How to reach the two sides of a stay."""

from __future__ import annotations

from dataclasses import dataclass

from renkei.care.patients.models import Patient
from renkei.care.transitions.models import ContactPoint, CoordinationCase
from renkei.care.transitions.queries.contacts import contact_of
from renkei.care.transitions.queries.member_absences import absence_of
from renkei.care.transitions.queries.people import care_manager_of
from renkei.care.transitions.words import WEEKDAYS, day_of


@dataclass(frozen=True)
class Contact:
    """How to reach one side."""

    title: str
    name: str
    person: str
    phone: str
    extension: str
    fax: str
    hours: str
    note: str
    has_account: bool
    # Until when the named person is on leave, and who stands in.
    away: str = ""


def contacts_of(case: CoordinationCase) -> tuple[Contact, Contact]:
    """How to reach the hospital and the care manager."""
    hospital = contact_of(case.hospital_id, case.ward)
    care = contact_of(case.care_office_id)
    office_phone = case.care_office.phone if case.care_office else ""
    office_hours = case.care_office.hours if case.care_office else ""
    return (
        Contact(
            title="病院側",
            name=f"{case.hospital_name}　{case.ward}".strip(),
            person=case.hospital_person,
            phone=case.hospital_phone or (hospital.phone if hospital else ""),
            extension=hospital.extension if hospital else "",
            fax=case.hospital_fax or (hospital.fax if hospital else ""),
            hours=hours_text(hospital) or (case.hospital.hours if case.hospital else ""),
            note=hospital.meeting_note if hospital else "",
            has_account=case.hospital_id is not None,
        ),
        Contact(
            title="在宅側（ケアマネ）",
            name=case.care_office_name,
            person=case.care_person,
            phone=case.care_phone or (care.phone if care else "") or office_phone,
            extension=care.extension if care else "",
            fax=case.care_fax or (care.fax if care else ""),
            hours=hours_text(care) or office_hours,
            note=care.meeting_note if care else "",
            has_account=case.care_office_id is not None,
            away=away_text(case.care_member_id),
        ),
    )


def manager_contact(patient: Patient) -> Contact | None:
    """The person's care manager, as a hospital's social worker needs to reach them (T-TOB3)."""
    manager = care_manager_of(patient)
    if not manager.is_known:
        return None
    office = manager.office or (manager.member.organisation if manager.member else None)
    point = contact_of(office.pk if office else None)
    person = manager.person or (manager.member.user.name if manager.member else "")
    return Contact(
        title="ケアマネ",
        name=manager.office_name or (office.name if office else ""),
        person=person,
        phone=manager.phone or (point.phone if point else "") or (office.phone if office else ""),
        extension=point.extension if point else "",
        fax=manager.fax or (point.fax if point else ""),
        hours=hours_text(point) or (office.hours if office else "") or manager.hours,
        note=point.meeting_note if point else "",
        has_account=office is not None,
        away=away_text(manager.member.pk if manager.member else None),
    )


def away_text(membership_id: int | None) -> str:
    """11月25日（水）まで休みです。代わりは沖 直子さんです。"""
    absence = absence_of(membership_id) if membership_id else None
    if absence is None:
        return ""
    text = f"{day_of(absence.last_day)}まで休みです。"
    stand_in = absence.stand_in
    return f"{text}代わりは{stand_in.user.name}さんです。" if stand_in else text


def hours_text(point: ContactPoint | None) -> str:
    """月～金 8:30～17:15, equal days together."""
    if point is None or not point.weekly_hours:
        return ""
    groups: list[tuple[str, list[int]]] = []
    for day in range(7):
        spans = point.weekly_hours.get(str(day)) or []
        words = "・".join(f"{start.lstrip('0')}～{end}" for start, end in spans)
        if not words:
            continue
        if groups and groups[-1][0] == words and groups[-1][1][-1] == day - 1:
            groups[-1][1].append(day)
        else:
            groups.append((words, [day]))
    text = "、".join(f"{_days(days)} {words}" for words, days in groups)
    return f"{text}（祝日休み）" if point.closes_on_holidays else text


def _days(days: list[int]) -> str:
    first, last = WEEKDAYS[days[0]], WEEKDAYS[days[-1]]
    return first if len(days) == 1 else f"{first}～{last}"
