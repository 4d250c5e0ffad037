"""Walls: not allowed is not found in every respect (T-D3); the staff room never reaches family."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from renkei.care.patients.tests.factories import add_family, add_member, make_patient
from renkei.care.timelines.models import Room
from renkei.care.timelines.queries.doors import rooms_open_to
from renkei.care.timelines.services.escalation import entries_with_due_steps, take_steps
from renkei.care.timelines.services.marks import hide_entry
from renkei.care.timelines.tests.factories import (
    NURSE,
    alarm,
    ask,
    door,
    family_room,
    post,
    shirai,
    staff_room,
    team_patient,
)
from renkei.foundation.accounts.models import OrganisationKind, Role
from renkei.foundation.accounts.tests.factories import (
    make_organisation,
    member,
    person,
    sign_in,
    suzuki,
    takahashi,
    tanaka,
    viewer_for,
)
from renkei.foundation.areas.tests.factories import make_area
from renkei.foundation.common.live import topics_of
from renkei.foundation.notifications.models import Notification

pytestmark = pytest.mark.django_db

OF_A_PERSON = ("timeline", "timeline_family", "timeline_search", "timeline_export")
OF_A_ROOM = ("entry_fragment", "room_seen", "live_token")
OF_AN_ENTRY = (
    "entry_detail",
    "entry_acknowledge",
    "entry_react",
    "entry_settle",
    "entry_hide",
    "entry_correct",
    "call_list",
)
POSTED = {"room_seen", "entry_acknowledge", "entry_react", "entry_settle"}


def address(name, patient_uid, room_uid, entry_uid):
    if name in OF_A_PERSON:
        return reverse(f"timelines:{name}", args=[patient_uid])
    if name in OF_A_ROOM:
        return reverse(f"timelines:{name}", args=[room_uid])
    return reverse(f"timelines:{name}", args=[room_uid, entry_uid])


def answer(client, name, url):
    with CaptureQueriesContext(connection) as queries:
        response = client.post(url) if name in POSTED else client.get(url)
    body = re.sub(r"[0-9a-f-]{36}", "<uid>", response.content.decode())
    body = re.sub(r'X-CSRFToken": "[^"]+"', "", body)
    return response.status_code, re.sub(r'value="[A-Za-z0-9]{64}"', "", body), len(queries)


def in_another_city():
    office = make_organisation("よその架空市の診療所", OrganisationKind.FACILITY)
    office.area = make_area()
    office.save()
    return person("遠野 遠子", "tono@far.example.test", office, Role.PROFESSIONAL, "看護師")


@pytest.mark.parametrize("name", [*OF_A_PERSON, *OF_A_ROOM, *OF_AN_ENTRY])
@pytest.mark.parametrize("who", ["other team", "other municipality", "family of another"])
def test_t_d3_not_allowed_is_not_found(name, who):
    patient = team_patient()
    room = staff_room(patient)
    entry = alarm(suzuki(), room, NURSE)
    other = team_patient()
    if who == "other team":
        user = tanaka()
        add_member(other, user)
    elif who == "other municipality":
        user = in_another_city()
    else:
        user = add_family(other).user
    client = sign_in(Client(), user)
    answer(client, name, address(name, uuid4(), uuid4(), uuid4()))  # warm

    real = answer(client, name, address(name, patient.uid, room.uid, entry.uid))
    made_up = answer(client, name, address(name, uuid4(), uuid4(), uuid4()))

    assert real[0] == 404
    assert real == made_up


@pytest.mark.parametrize("name", OF_AN_ENTRY)
def test_an_entry_opens_through_its_own_room_only(name, takahashi_client):
    patient, other = team_patient(), team_patient()
    entry = alarm(suzuki(), staff_room(patient), NURSE)
    url = address(name, other.uid, staff_room(other).uid, entry.uid)

    response = takahashi_client.post(url) if name in POSTED else takahashi_client.get(url)

    assert response.status_code == 404


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.RESIDENT}))
def test_t_d3_only_roles_of_teams_have_doors(role):
    patient = make_patient()
    staff_room(patient)
    family_room(patient)
    add_member(patient, member(role))

    doors = rooms_open_to(viewer_for(member(role))).count()

    team = {Role.PROFESSIONAL, Role.SHARING_HOST, Role.ORGANISATION_ADMIN, Role.DESK}
    assert doors == (2 if role in team else 0)


CANARY = "カナリア職員だけの話"


def test_t_mcs3_the_staff_room_never_reaches_family():
    patient = team_patient()
    daughter = add_family(patient).user
    staff, family = staff_room(patient), family_room(patient)
    entries = [
        post(takahashi(), staff, CANARY),
        ask(takahashi(), staff, "医師", text=CANARY),
        alarm(suzuki(), staff, NURSE, text=CANARY),
    ]
    entries.append(post(shirai(), staff, CANARY, reply_to=entries[1].uid))
    hide_entry(door=door(takahashi(), staff), entry=entries[0], reason=CANARY)
    open_words = post(suzuki(), family, "歩行器が届きました。")
    for entry_id in entries_with_due_steps():
        take_steps(entry_id)
    client = sign_in(Client(), daughter)

    pages = [
        reverse("timelines:timeline", args=[patient.uid]),
        reverse("timelines:timeline_family", args=[patient.uid]),
        reverse("timelines:timeline_search", args=[patient.uid]) + f"?q={CANARY}",
        reverse("timelines:entry_fragment", args=[family.uid]),
        reverse("timelines:entry_detail", args=[family.uid, open_words.uid]),
        reverse("notifications:notification_list"),
    ]
    for page in pages:
        body = client.get(page).content.decode()
        # The search page repeats the words one typed, and finds nothing.
        found = body.replace(f'value="{CANARY}"', "")
        assert CANARY not in found
        assert str(staff.uid) not in body
        assert "職員の部屋" not in body
    closed = [
        address(name, patient.uid, staff.uid, entry.uid)
        for name in (*OF_A_ROOM, *OF_AN_ENTRY)
        for entry in entries
    ]
    closed += [
        reverse("timelines:entry_fragment", args=[family.uid]) + f"?entry={entries[0].uid}",
        reverse("timelines:timeline_export", args=[patient.uid]),
        reverse("timelines:today"),
    ]
    for page in closed:
        response = client.get(page)
        assert response.status_code in {404, 405}
        assert CANARY not in response.content.decode()
    token = client.get(reverse("timelines:live_token", args=[family.uid])).json()["token"]
    assert f"room:{staff.uid}" not in topics_of(token)
    assert set(Notification.objects.filter(user=daughter).values_list("kind", flat=True)) == {
        "timelines.family_entry"
    }
    assert Room.objects.filter(patient=patient).count() == 2


def test_family_sees_one_room_and_no_reading_of_others():
    patient = team_patient()
    daughter = add_family(patient).user
    post(suzuki(), family_room(patient), "歩行器が届きました。")
    client = sign_in(Client(), daughter)

    body = client.get(reverse("timelines:timeline", args=[patient.uid])).content.decode()
    detail = client.get(
        reverse(
            "timelines:entry_detail",
            args=[family_room(patient).uid, family_room(patient).entries.get().uid],
        )
    ).content.decode()

    assert "歩行器が届きました。" in body
    assert 'data-rooms="1"' in body
    assert "既読" not in body
    assert "読んだ人" not in body + detail
