"""The offline visit as the server sees it: leases, what a device takes, what it brings (T-D7)."""

from __future__ import annotations

import base64
import io
import json
from datetime import time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from PIL import Image

from renkei.care.patients.models import (
    Certification,
    ConsentDecision,
    ConsentSubject,
    EmergencyItem,
    EmergencyProfile,
    Provider,
    Relative,
)
from renkei.care.patients.tests import factories as patients
from renkei.care.timelines import plan_services
from renkei.care.timelines.models import Entry, LeasedPatient, VisitLease
from renkei.care.timelines.services.posting import post_entry
from renkei.care.timelines.services.rooms import room_of
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock
from renkei.foundation.papers import files
from renkei.foundation.sheets.tests.factories import make_answer, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files_in_a_folder_of_their_own(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path, "base_url": None},
        },
    }


@pytest.fixture
def nurse() -> Any:
    return accounts.takahashi()


@pytest.fixture
def client(nurse) -> Client:
    return accounts.sign_in(Client(), nurse)


@pytest.fixture
def person(nurse) -> Any:
    patient = patients.make_patient(name="架空 ハル江", kana="カクウ ハルエ")
    patients.add_member(patient, nurse)
    return patient


def take_lease(client: Client, *earlier: str) -> Any:
    response = client.post(reverse("timelines:visit_lease_add"), {"earlier": list(earlier)})
    assert response.status_code == 200
    return response.json()


def state(client: Client, lease: str = "") -> Any:
    return client.get(reverse("timelines:visit_state"), {"lease": lease, "persons": "1"}).json()


def take(client: Client, lease: str, *uids: UUID) -> Any:
    data = {"lease": lease, "person": [str(uid) for uid in uids]}
    return client.post(reverse("timelines:visit_persons"), data)


def written(person, **fields: Any) -> dict[str, Any]:
    """What the device sends for one entry."""
    entry = {
        "room": str(room_of(person).uid),
        "kind": "record",
        "text": "訪問しました。変わりありません。",
        "addressees": [],
        "measurements": [],
        **{key: value for key, value in fields.items() if key not in {"lease", "client_uid"}},
    }
    return {
        "lease": fields.get("lease", ""),
        "client_uid": str(fields.get("client_uid") or uuid4()),
        "written_at": (clock.now() - timedelta(hours=2)).isoformat(),
        "entry": json.dumps(entry),
    }


def send(client: Client, data: dict[str, Any], *photos: Any) -> Any:
    response = client.post(reverse("timelines:visit_entries"), {**data, "photo": list(photos)})
    assert response.status_code == 200
    return response.json()


def picture(name: str = "IMG.jpg") -> io.BytesIO:
    """A photo with the place it was taken at."""
    image = Image.new("RGB", (40, 30), "red")
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    content = io.BytesIO()
    image.save(content, "JPEG", exif=exif)
    content.seek(0)
    content.name = name
    return content


def test_the_shell_says_nothing_about_anybody_and_is_the_same_for_all(client, person):
    mine = client.get(reverse("timelines:visit"))
    anybodys = Client().get(reverse("timelines:visit_shell"))

    assert mine.content == anybodys.content
    assert person.name not in mine.content.decode()


def test_the_worker_may_stand_before_every_page():
    response = Client().get(reverse("timelines:visit_worker"))

    assert response["Service-Worker-Allowed"] == "/"
    assert response["Content-Type"].startswith("text/javascript")


def test_the_manifest_names_the_visit():
    manifest = Client().get(reverse("timelines:visit_manifest")).json()

    assert manifest["start_url"] == reverse("timelines:visit")


def test_planned_visits_come_first_and_only_own_persons(client, nurse, person):
    other = patients.make_patient(name="架空 あき", kana="カクウ アキ")
    patients.add_member(other, nurse)
    patients.make_patient(name="架空 よその人")
    plan_services.plan_visit(viewer=accounts.viewer_for(nurse), patient=person, at=None)

    found = state(client)["persons"]

    assert [(one["name"], one["planned"]) for one in found] == [
        ("架空 ハル江", True),
        ("架空 あき", False),
    ]


def test_a_lease_lasts_twelve_hours_and_its_key_is_told_once(client, nurse):
    made = take_lease(client)

    lease = VisitLease.objects.get()
    assert made["seconds"] == 12 * 60 * 60
    assert lease.expires_at - lease.issued_at == timedelta(hours=12)
    assert base64.b64decode(made["key"]) not in bytes(lease.key_sealed)
    assert state(client, made["uid"])["lease"] == "open"


def test_taking_persons_hands_over_their_facts_and_logs_each_read(client, nurse, person):
    EmergencyItem.objects.create(
        profile=EmergencyProfile.objects.create(
            patient=person, allergies="listed", drugs="none", updated_at=clock.now(),
            usual_state="会話はできる", key_place="隣家に合鍵",
        ),
        category="allergy", text="ペニシリン", detail="発疹",
    )  # fmt: skip
    Certification.objects.create(
        patient=person, state="2", level="23", recorded_at=clock.now(),
        period=(clock.today(), clock.today() + timedelta(days=90)),
    )  # fmt: skip
    agreeing = Relative.objects.create(
        patient=person, name="架空 さと", relation="長女", phone="0999-00-1111"
    )
    Relative.objects.create(
        patient=person, name="架空 だまり", relation="長男", phone="0999-00-2222"
    )
    patients.consent(
        person, subject=ConsentSubject.RELATIVE, relative=agreeing, decision=ConsentDecision.AGREED
    )
    Provider.objects.create(
        patient=person, role="main_doctor", name="架空医院", phone="0999-00-3333",
        period=(clock.today(), None),
    )  # fmt: skip
    post_entry(
        viewer=accounts.viewer_for(nurse), room=room_of(person), kind="notice",
        text="来週から火曜に変わります。", client_uid=uuid4(),
    )  # fmt: skip
    version = make_version()
    for name in ("甲", "乙"):
        make_answer(version, person.uid, name=name)
    lease = take_lease(client)["uid"]

    [taken] = take(client, lease, person.uid).json()["persons"]

    assert taken["name"] == "架空 ハル江"
    assert "要介護3" in taken["facts"]
    assert taken["emergency"][0] == {
        "label": "アレルギー",
        "text": "ペニシリン（発疹）",
        "urgent": True,
    }
    assert {"label": "薬", "text": "なし", "urgent": False} in taken["emergency"]
    assert {"label": "病気", "text": "記録なし", "urgent": False} in taken["emergency"]
    assert [phone["number"] for phone in taken["phones"]] == ["0999-00-1111", "0999-00-3333"]
    assert [entry["text"] for entry in taken["entries"]] == ["来週から火曜に変わります。"]
    assert taken["may_write"]
    [sheet] = taken["sheets"]
    assert sheet["title"] == "架空の様式"
    assert [(one["before"], one["after"]) for one in sheet["changes"]] == [("甲", "乙")]
    assert LeasedPatient.objects.get().patient == person
    read = AuditEvent.objects.filter(action="patient.read").latest("pk")
    assert read.detail["what"] == "visit.taken"


def test_nobody_elses_person_is_taken_along(client, person):
    stranger = patients.make_patient(name="架空 よその人")
    lease = take_lease(client)["uid"]

    taken = take(client, lease, person.uid, stranger.uid).json()["persons"]

    assert [one["uid"] for one in taken] == [str(person.uid)]


def test_emergency_facts_stay_behind_without_their_consent(client, nurse):
    patient = patients.make_patient(consented=False)
    patients.consent(patient, content_classes=["basic", "timeline"])
    patients.add_member(patient, nurse)
    lease = take_lease(client)["uid"]

    [taken] = take(client, lease, patient.uid).json()["persons"]

    assert taken["emergency"] == []


def test_t_d7_an_entry_sent_twice_is_one(client, person):
    lease = take_lease(client)["uid"]
    data = written(person, lease=lease, measurements=[{"code": "weight", "value": "４２．９"}])

    answers = [send(client, data)["result"] for _ in range(2)]

    assert answers == ["accepted", "duplicate"]
    entry = Entry.objects.get()
    assert entry.posted_at - entry.written_at >= timedelta(hours=2)
    assert [(one.code, str(one.value), one.unit) for one in entry.observations.all()] == [
        ("weight", "42.90", "kg")
    ]


def test_a_photo_comes_along_without_the_place_it_was_taken_at(client, person):
    lease = take_lease(client)["uid"]
    data = written(person, lease=lease, text="")

    assert send(client, data, picture())["result"] == "accepted"

    [hung] = Entry.objects.get().files.select_related("stored_file")
    from renkei.foundation.papers.files import read_file

    kept = Image.open(io.BytesIO(read_file(hung.stored_file)))
    assert not kept.getexif().get_ifd(0x8825)


def leave(person, nurse):
    member = person.team.get(membership__user=nurse)
    member.left_at = member.grant.revoked_at = clock.now()
    member.grant.save()
    member.save()


def close(person, nurse):
    person.closed_on, person.closed_because = clock.today(), "moved"
    person.save()


def withdraw(person, nurse):
    person.consents.update(withdrawn_at=clock.now())


def only_watch(person, nurse):
    person.team.update(is_observer=True)


@pytest.mark.parametrize(
    ("change", "word"),
    [(leave, "チームから外れ"), (close, "終了"), (withdraw, "同意"), (only_watch, "読むだけ")],
)
def test_a_refused_entry_says_why_and_what_to_do(client, nurse, person, change, word):
    lease = take_lease(client)["uid"]
    take(client, lease, person.uid)
    data = written(person, lease=lease)
    change(person, nurse)

    answer = send(client, data)

    assert answer["result"] == "refused"
    assert word in answer["reason"]
    assert "電話" in answer["remedy"]
    assert Entry.objects.count() == 0


def test_of_a_person_never_taken_along_nothing_is_told(client, person):
    stranger = patients.make_patient()
    close(stranger, None)
    lease = take_lease(client)["uid"]

    known = send(client, written(stranger, lease=lease))
    unknown = written(person, lease=lease, room=str(uuid4()))

    assert known == send(client, unknown)
    assert known["result"] == "refused"


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"measurements": [{"code": "temperature", "value": "366"}]}, "打ち間違い"),
        ({"text": ""}, "本文"),
        ({"kind": "order"}, "電波のある所"),
        ({"kind": "nonsense"}, "崩れ"),
        ({"room": "x"}, "崩れ"),
        ({"measurements": 5}, "崩れ"),
        ({"kind": "question"}, "宛先"),
    ],
)
def test_what_cannot_be_posted_is_refused_with_a_sentence(client, person, fields, word):
    lease = take_lease(client)["uid"]

    answer = send(client, written(person, lease=lease, **fields))

    assert answer["result"] == "refused"
    assert word in answer["reason"]


def test_a_broken_entry_is_refused(client, person):
    lease = take_lease(client)["uid"]
    data = written(person, lease=lease)

    assert send(client, {**data, "entry": "[]"})["result"] == "refused"
    assert send(client, {**data, "written_at": "yesterday"})["result"] == "refused"


@pytest.mark.parametrize(
    ("fields", "written_at", "word"),
    [
        ({"kind": "question", "addressees": ["医師\x00"]}, "", "使えない文字"),
        ({"kind": "question", "addressees": ["\ud800"]}, "", "使えない文字"),
        ({"kind": "question", "addressees": ["医" * 61]}, "", "崩れています"),
        ({"kind": "question", "addressees": [" "]}, "", "崩れています"),
        ({"measurements": [{"code": "skin", "value": "発赤\x00"}]}, "", "使えない文字"),
        ({}, "0001-01-01T00:00:00+09:00", "日時が合っていません"),
        ({}, "1500-01-01T00:00:00+09:00", "日時が合っていません"),
    ],
    ids=[
        "nul",
        "half a character",
        "too long",
        "nobody",
        "nul in a measure",
        "year 1",
        "year 1500",
    ],
)
def test_a_crafted_entry_is_refused_and_breaks_nothing(client, person, fields, written_at, word):
    lease = take_lease(client)["uid"]
    data = written(person, lease=lease, **fields)
    data["written_at"] = written_at or data["written_at"]

    answer = send(client, data)

    assert (answer["result"], word in answer["reason"]) == ("refused", True)
    assert not Entry.objects.exists()


def test_a_photo_that_is_too_large_is_not_even_read(client, person, monkeypatch):
    monkeypatch.setattr(files, "MAX_BYTES", 100)
    data = written(person, lease=take_lease(client)["uid"])

    answer = send(client, data, picture())

    assert (answer["result"], "大きすぎます" in answer["reason"]) == ("refused", True)
    assert not Entry.objects.exists()


def test_an_entry_nested_without_end_is_refused(client, person):
    data = {**written(person, lease=take_lease(client)["uid"]), "entry": "[" * 100_000}

    assert send(client, data)["result"] == "refused"


def test_too_many_photos_and_other_files_are_refused(client, person):
    lease = take_lease(client)["uid"]
    text = io.BytesIO(b"words")
    text.name = "a.txt"

    many = send(client, written(person, lease=lease), *[picture() for _ in range(5)])
    other = send(client, written(person, lease=lease), text)

    assert "4枚まで" in many["reason"]
    assert "ここでは使えません" in other["reason"]


def test_t_d7_after_the_lease_nothing_is_handed_out(client, person, settings):
    lease = take_lease(client)["uid"]

    with time_machine.travel(clock.now() + timedelta(hours=12, seconds=1), tick=False):
        told = Client().get(reverse("timelines:visit_lease_state", args=[lease])).json()

    assert told == {"lease": "ended"}


def test_t_d7_a_revoked_device_is_told_so_even_without_a_session(client, person):
    lease = take_lease(client)["uid"]
    client.post(reverse("timelines:visit_lease_revoke", args=[lease]))
    client.post(reverse("timelines:visit_lease_revoke", args=[lease]))

    assert Client().get(reverse("timelines:visit_lease_state", args=[lease])).json() == {
        "lease": "revoked"
    }
    assert state(client, lease)["lease"] == "revoked"
    assert take(client, lease, person.uid).status_code == 409
    assert take_lease(client, lease)["lost"] == [lease]


def test_an_ended_membership_revokes_its_devices(client, nurse, person):
    lease = take_lease(client)["uid"]
    nurse.memberships.update(revoked_at=clock.now())

    assert state(client, lease)["lease"] == "revoked"


def test_t_d5_voiding_every_session_of_a_lost_phone_revokes_its_lease(client, nurse):
    lease = take_lease(client)["uid"]
    nurse.sessions_void_before = clock.now()
    nurse.save()

    told = Client().get(reverse("timelines:visit_lease_state", args=[lease])).json()

    assert told == {"lease": "revoked"}


def test_a_session_ended_elsewhere_ends_its_lease(client, nurse):
    lease = take_lease(client)["uid"]
    client.logout()

    told = Client().get(reverse("timelines:visit_lease_state", args=[lease])).json()

    assert told == {"lease": "ended"}


def test_unknown_leases_have_ended(client):
    told = Client().get(reverse("timelines:visit_lease_state", args=[uuid4()])).json()

    assert told == {"lease": "ended"}
    assert state(client, str(uuid4()))["lease"] == "ended"
    assert state(client, "x")["lease"] == "none"


def test_the_writer_gets_an_earlier_key_back_for_unsent_entries_and_nobody_else(client, nurse):
    first = take_lease(client)
    again = accounts.sign_in(Client(), nurse)
    stranger = accounts.sign_in(Client(), accounts.tanaka())

    mine = take_lease(again, first["uid"], "nonsense")
    theirs = take_lease(stranger, first["uid"])

    assert mine["earlier"] == [{"uid": first["uid"], "key": first["key"]}]
    # On a shared device it stays, closed, until its writer comes back.
    assert (theirs["earlier"], theirs["lost"]) == ([], [])


def test_a_lease_serves_only_the_session_it_was_given_to(client, nurse, person):
    lease = take_lease(client)["uid"]
    again = accounts.sign_in(Client(), nurse)

    assert take(again, lease, person.uid).status_code == 409
    assert state(again, lease)["lease"] == "ended"


def test_somebody_without_a_team_role_takes_nobody_along(person):
    officer = accounts.sign_in(Client(), accounts.sato())

    assert state(officer) | {"csrf": ""} == {
        "csrf": "",
        "lease": "none",
        "today": state(officer)["today"],
        "persons": [],
    }
    assert officer.post(reverse("timelines:visit_lease_add")).status_code == 404


def test_the_list_of_devices_shows_own_ones_only(client, nurse, person):
    lease = take_lease(client)["uid"]
    take(client, lease, person.uid)
    stranger = accounts.sign_in(Client(), accounts.tanaka())

    page = client.get(reverse("timelines:visit_device_list"))

    assert "1人" in page.content.decode()
    assert (
        "記録を入れた端末はありません"
        in stranger.get(reverse("timelines:visit_device_list")).content.decode()
    )
    assert stranger.post(reverse("timelines:visit_lease_revoke", args=[lease])).status_code == 404


def test_the_device_is_told_every_time_of_the_day(client, nurse, person):
    viewer = accounts.viewer_for(nurse)
    for hour in (17, 9):
        plan_services.plan_visit(viewer=viewer, patient=person, at=time(hour, 5))

    [listed] = client.get(reverse("timelines:visit_state"), {"persons": "1"}).json()["persons"]

    assert (listed["at"], listed["planned"]) == ("9:05・17:05", True)


def test_the_page_of_the_day_leads_to_the_visits(client, nurse, person):
    empty = client.get("/today/").content.decode()
    plan_services.plan_visit(viewer=accounts.viewer_for(nurse), patient=person, at=None)
    planned = client.get("/today/").content.decode()

    assert "訪問する人を端末に入れる" in empty
    assert "きょうの1人を端末に入れる" in planned
    leave(person, nurse)
    assert "きょうの1人を端末に入れる" not in client.get("/today/").content.decode()
