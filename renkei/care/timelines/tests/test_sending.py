"""What a device's outbox hears when it sends the form of a room's page (T-D7)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from renkei.care.patients.tests.factories import add_family, family_user
from renkei.care.timelines.models import Entry
from renkei.care.timelines.tests.factories import team_patient
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.common import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Any:
    return team_patient()


@pytest.fixture
def nurse() -> Client:
    return accounts.sign_in(Client(), accounts.takahashi())


def lease_of(client: Client) -> str:
    uid: str = client.post(reverse("timelines:visit_lease_add")).json()["uid"]
    return uid


def send(client: Client, person, name: str = "timeline", **fields: Any) -> Any:
    data = {"client_uid": uuid4(), "kind": "notice", "text": "変わりありません。", **fields}
    url = reverse(f"timelines:{name}", args=[person.uid])
    return client.post(url, data, headers={"accept": "application/json"})


def test_an_entry_of_the_outbox_is_accepted_and_again_when_it_comes_twice(nurse, person):
    lease, client_uid = lease_of(nurse), uuid4()

    answers = [send(nurse, person, lease=lease, client_uid=client_uid) for _ in range(2)]

    said = {"result": "accepted", "said": "職員の部屋に出しました。"}
    assert [answer.json() for answer in answers] == [said, said]
    assert Entry.objects.count() == 1


def test_what_is_missing_comes_back_with_the_form(nurse, person):
    answer = send(nurse, person, kind="question", text="薬のこと", **{"m-temperature": "x"})

    told = answer.json()
    assert answer.status_code == 422
    assert told["result"] == "refused"
    assert told["reason"] == "宛先を選んでください。 体温を数字で入力してください。"
    assert "＊宛先を選んでください。" in told["composer"]
    assert "薬のこと" in told["composer"]
    assert Entry.objects.count() == 0


@pytest.mark.parametrize("named", ["another session's", "nobody's", "none"])
def test_what_was_sealed_for_one_sign_in_is_not_taken_from_another(nurse, person, named):
    lease = {
        "another session's": lease_of(accounts.sign_in(Client(), accounts.suzuki())),
        "nobody's": str(uuid4()),
        "none": "x",
    }[named]

    answer = send(nurse, person, lease=lease)

    assert (answer.status_code, answer.json()) == (409, {"lease": "ended"})
    assert Entry.objects.count() == 0


def test_a_late_entry_and_its_values_keep_the_time_they_were_written_at(nurse, person):
    at = clock.now() - timedelta(hours=3)

    send(nurse, person, kind="record", written_at=at.isoformat(), **{"m-temperature": "36.6"})
    send(nurse, person, written_at=(clock.now() + timedelta(days=1)).isoformat())
    for odd in ("yesterday", "2026-11-22T10:00:00", "2026-02-31T10:00:00Z", "0001-01-01T00:00:00Z"):
        send(nurse, person, written_at=odd)

    first, *later = Entry.objects.order_by("number")
    assert first.written_at == first.observations.get().measured_at == at
    assert all(at < entry.written_at <= entry.posted_at for entry in later)


def test_family_keeps_what_it_writes_on_its_own_device_and_takes_nobody_along(person):
    daughter = family_user()
    add_family(person, daughter)
    client = accounts.sign_in(Client(), daughter)
    lease = lease_of(client)

    state = client.get(reverse("timelines:visit_state"), {"lease": lease, "persons": "1"}).json()
    answer = send(client, person, lease=lease)

    assert (state["lease"], state["persons"]) == ("open", [])
    assert answer.json()["result"] == "accepted"
    taken = client.post(reverse("timelines:visit_persons"), {"lease": lease})
    assert taken.status_code == 404


def test_persons_to_take_along_are_told_only_to_the_page_that_asks(nurse, person):
    url = reverse("timelines:visit_state")

    assert nurse.get(url).json()["persons"] == []
    assert len(nurse.get(url, {"persons": "1"}).json()["persons"]) == 1


def test_somebody_elses_key_is_closed_and_not_wiped_on_a_shared_device(nurse, person):
    lease = lease_of(nurse)
    officer = accounts.sign_in(Client(), accounts.sato())

    state = officer.get(reverse("timelines:visit_state"), {"lease": lease}).json()

    assert state["lease"] == "ended"
