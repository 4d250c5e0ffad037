"""A person with rooms, a team and something written. Invented people of 架空市."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from renkei.care.patients.models import Patient
from renkei.care.patients.tests.factories import add_member, make_patient, membership_of
from renkei.care.timelines.models import Entry, Room, RoomKind
from renkei.care.timelines.queries.doors import Door, door_to
from renkei.care.timelines.services.posting import post_entry
from renkei.care.timelines.services.rooms import room_of
from renkei.care.timelines.values import To
from renkei.foundation.accounts.models import Role, User
from renkei.foundation.accounts.tests.factories import (
    make_organisation,
    person,
    suzuki,
    takahashi,
    viewer_for,
)
from renkei.foundation.audit.models import AuditEvent

NURSE, DOCTOR, CARE_MANAGER = "看護師", "医師", "介護支援専門員"


def shirai() -> User:
    """医師 of 架空しおかぜ医院."""
    return person(
        "白井 透",
        "shirai@clinic.example.test",
        make_organisation("架空しおかぜ医院"),
        Role.PROFESSIONAL,
        DOCTOR,
    )


def team_patient(**fields: Any) -> Patient:
    """A person whose team is 鈴木 (host), 高橋 (nurse) and 白井 (doctor)."""
    patient = make_patient(**fields)
    for user in (suzuki(), takahashi(), shirai()):
        add_member(patient, user)
    return patient


def staff_room(patient: Patient) -> Room:
    return room_of(patient, RoomKind.STAFF)


def family_room(patient: Patient) -> Room:
    return room_of(patient, RoomKind.FAMILY)


def door(user: User, room: Room) -> Door:
    return door_to(viewer_for(user), room.uid)


def post(user: User, room: Room, text: str = "変わりありません。", **fields: Any) -> Entry:
    """An entry of this user; a 連絡 unless said otherwise."""
    return post_entry(
        viewer=viewer_for(user),
        room=room,
        kind=fields.pop("kind", "notice"),
        text=text,
        client_uid=fields.pop("client_uid", None) or uuid4(),
        **fields,
    )


def ask(user: User, room: Room, *professions: str, **fields: Any) -> Entry:
    """A 相談 to these professions."""
    return post(
        user,
        room,
        fields.pop("text", "薬が残っています。"),
        kind="question",
        addressees=[To(profession=each) for each in professions],
        **fields,
    )


def alarm(user: User, room: Room, *professions: str, **fields: Any) -> Entry:
    """An 緊急 to these professions."""
    return post(
        user,
        room,
        fields.pop("text", "居間で転びました。"),
        kind="urgent",
        addressees=[To(profession=each) for each in professions],
        **fields,
    )


__all__ = [
    "CARE_MANAGER",
    "DOCTOR",
    "NURSE",
    "alarm",
    "ask",
    "door",
    "family_room",
    "last_event",
    "membership_of",
    "post",
    "shirai",
    "staff_room",
    "team_patient",
    "the",
    "timedelta",
]


def the(rows: Any, **which: Any) -> Any:
    """The only row of these, however many of its links may be empty."""
    return rows.objects.get(**which) if hasattr(rows, "objects") else rows.get(**which)


def last_event() -> Any:
    return AuditEvent.objects.last()
