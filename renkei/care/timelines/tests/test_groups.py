"""Free groups without persons (T-MCS4); conversations of two that move by consent (T-MCS5)."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from renkei.care.patients.models import TeamMember
from renkei.care.timelines.models import Entry, MoveRequest, Room, RoomMember
from renkei.care.timelines.queries.people import team_of
from renkei.care.timelines.services.groups import (
    add_to_group,
    answer_move,
    ask_to_move,
    leave_group,
    make_group,
    open_direct,
)
from renkei.care.timelines.tests.factories import (
    door,
    membership_of,
    post,
    shirai,
    staff_room,
    team_patient,
)
from renkei.foundation.accounts.services import streams
from renkei.foundation.accounts.tests.factories import (
    sato,
    sign_in,
    suzuki,
    takahashi,
    tanaka,
    viewer_for,
)
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock
from renkei.foundation.notifications.models import Notification

pytestmark = pytest.mark.django_db


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def group(user=None, *others):
    user = user or takahashi()
    room = make_group(viewer=viewer_for(user), title="在宅看取り部会", purpose="勉強会")
    for other in others:
        add_to_group(door=door(user, room), membership=membership_of(other))
    return room


@pytest.mark.parametrize("digits", ["9" * 5_000, "9" * 20, "x", ""])
def test_a_number_nobody_could_read_chooses_nobody(takahashi_client, digits):
    patient = team_patient()
    start = reverse("timelines:direct_start", args=[patient.uid])
    seen = reverse("timelines:room_seen", args=[staff_room(patient).uid])

    assert takahashi_client.post(start, {"membership": digits}).status_code == 200
    assert takahashi_client.post(seen, {"up_to": digits}).status_code == 204
    assert not Room.objects.filter(kind="direct").exists()


def test_who_is_taken_out_of_a_group_stops_hearing_of_it(monkeypatch):
    room = group(takahashi(), sato())
    told: list[str] = []
    monkeypatch.setattr(streams, "publish", lambda topic, *_detail: told.append(topic))

    leave_group(door=door(takahashi(), room), membership=membership_of(sato()))

    assert told == [f"user:{sato().uid}", f"revoke:{sato().uid}"]


def conversation(patient):
    """高橋 and 白井 about the person."""
    opened = door(takahashi(), staff_room(patient))
    reader = next(one for one in team_of(patient).readers if one.name == "白井 透")
    return open_direct(door=opened, other=reader)


# Groups -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "湊ハル江さんの件",
        "ミナトハルエさん",
        "みなと　はるえ様",
        "番号は 0000100001 です",
        "１２３４５６７８９０１２",
    ],
    ids=["name", "reading", "hiragana", "insured number", "my number"],
)
def test_t_mcs4_a_free_group_refuses_a_person(text):
    team_patient(name="湊 ハル江", kana="ミナト ハルエ", insured_number="0000100001")
    room = group()

    with pytest.raises(ValidationError, match="自由グループには") as refused:
        post(takahashi(), room, text)

    assert "湊" not in str(refused.value)
    assert Entry.objects.count() == 0


def test_t_mcs4_an_override_is_logged():
    team_patient(name="湊 ハル江")
    room = group()

    post(takahashi(), room, "湊ハル江という港の話", person_confirmed=True)

    assert AuditEvent.objects.filter(action="group.person_named").count() == 1


def test_of_a_person_one_may_not_see_nothing_is_learnt():
    team_patient(name="湊 ハル江")

    post(tanaka(), group(tanaka()), "湊ハル江という港の話")

    assert AuditEvent.objects.filter(action="group.person_named").count() == 0


def test_a_groups_name_names_nobody():
    team_patient(name="湊 ハル江")

    with pytest.raises(ValidationError, match="人が分かることを書かない"):
        make_group(viewer=viewer_for(takahashi()), title="湊ハル江さんの会", purpose="")
    with pytest.raises(ValidationError, match="名前を入力してください。"):
        make_group(viewer=viewer_for(takahashi()), title=" ", purpose="")


def test_a_group_belongs_to_its_members():
    room = group(takahashi(), sato())
    post(sato(), room, "次回は12月です。")

    assert Notification.objects.get().user == takahashi()
    with pytest.raises(Room.DoesNotExist):
        door(tanaka(), room)
    with pytest.raises(ValidationError, match="すでに入っています"):
        add_to_group(door=door(takahashi(), room), membership=membership_of(sato()))
    with pytest.raises(ValidationError, match="世話役だけ"):
        add_to_group(door=door(sato(), room), membership=membership_of(tanaka()))
    with pytest.raises(ValidationError, match="世話役だけ"):
        leave_group(door=door(sato(), room), membership=membership_of(takahashi()))

    leave_group(door=door(sato(), room), membership=membership_of(sato()))

    with pytest.raises(Room.DoesNotExist):
        door(sato(), room)


def test_the_pages_of_a_group(takahashi_client, sato_client):
    team_patient(name="湊 ハル江")
    made = takahashi_client.post(
        reverse("timelines:group_list"), {"title": "在宅看取り部会", "purpose": "勉強会"}
    )
    room = Room.objects.get(kind="group")
    page, members = (
        reverse(f"timelines:group_{name}", args=[room.uid]) for name in ("detail", "members")
    )
    sato()
    assert made["Location"] == page
    refused = takahashi_client.post(reverse("timelines:group_list"), {"title": "湊ハル江の会"})
    assert refused.status_code == 422

    assert "見つかりません" in words(
        takahashi_client.post(members, {"address": "nobody@example.test"}, follow=True)
    )
    takahashi_client.post(members, {"address": "SATO@city.example.test"})
    assert "すでに入っています" in words(
        takahashi_client.post(members, {"address": "sato@city.example.test"}, follow=True)
    )
    named = sato_client.post(page, {"text": "被保険者番号 0000100001", "client_uid": "x"})
    assert named.status_code == 422
    assert "人のことではありません" in words(named)
    sato_client.post(
        page,
        {"text": "議事録 0000100001", "client_uid": str(uuid4()), "person_confirmed": "1"},
    )
    assert "議事録" in words(takahashi_client.get(page))
    assert takahashi_client.post(page, {"text": ""}).status_code == 422
    assert "在宅看取り部会" in words(sato_client.get(reverse("timelines:group_list")))
    assert "グループにいません" in words(
        takahashi_client.post(members, {"leave": "x"}, follow=True)
    )

    left = sato_client.post(members, {"leave": str(membership_of(sato()).uid)})

    assert left["Location"] == reverse("timelines:group_list")
    assert sato_client.get(page).status_code == 404
    assert RoomMember.objects.filter(left_at=None).count() == 1


# Conversations of two ---------------------------------------------------------------------


def test_t_mcs5_a_conversation_moves_into_the_team_with_the_consent_of_both():
    patient = team_patient()
    room = conversation(patient)
    post(takahashi(), room, "家族が疲れています。")
    post(shirai(), room, "次の訪問で話します。")
    ask_to_move(door=door(takahashi(), room))
    post(takahashi(), room, "これは2人の話です。")
    assert Notification.objects.filter(kind="timelines.move_asked").get().user == shirai()
    assert staff_room(patient).entries.count() == 0

    with pytest.raises(ValidationError, match="答えを待っている申し出はありません"):
        answer_move(door=door(takahashi(), room), agreed=True)
    moved = answer_move(door=door(shirai(), room), agreed=True)

    entries = staff_room(patient).entries.order_by("number")
    assert moved == 2
    assert [(entry.author_name, entry.text) for entry in entries] == [
        ("高橋 三奈", "家族が疲れています。"),
        ("白井 透", "次の訪問で話します。"),
    ]
    assert {entry.moved_from.room_id for entry in entries if entry.moved_from} == {room.pk}


def test_what_moved_once_does_not_move_again():
    room = conversation(team_patient())
    post(takahashi(), room)
    for count in (1, 0):
        ask_to_move(door=door(takahashi(), room))
        assert answer_move(door=door(shirai(), room), agreed=True) == count


def test_a_no_moves_nothing():
    patient = team_patient()
    room = conversation(patient)
    with pytest.raises(ValidationError, match="移せる書き込みがありません"):
        ask_to_move(door=door(takahashi(), room))
    post(takahashi(), room)
    ask_to_move(door=door(takahashi(), room))
    with pytest.raises(ValidationError, match="申し出をすでに"):
        ask_to_move(door=door(takahashi(), room))

    answer_move(door=door(shirai(), room), agreed=False)

    assert MoveRequest.objects.get().agreed is False
    assert staff_room(patient).entries.count() == 0


def test_nobody_else_opens_the_conversation_and_there_is_one_per_pair():
    patient = team_patient()
    room = conversation(patient)
    post(shirai(), room)

    assert conversation(patient) == room
    with pytest.raises(Room.DoesNotExist):
        door(suzuki(), room)
    own = next(one for one in team_of(patient).readers if one.name == "高橋 三奈")
    with pytest.raises(ValidationError, match="相手を選んでください"):
        open_direct(door=door(takahashi(), staff_room(patient)), other=own)


def test_who_left_the_team_leaves_the_conversation():
    patient = team_patient()
    room = conversation(patient)
    patient.grants.filter(membership__user=takahashi()).update(revoked_at=clock.now())

    with pytest.raises(Room.DoesNotExist):
        door(takahashi(), room)


def test_a_closed_record_moves_nothing():
    patient = team_patient()
    room = conversation(patient)
    post(takahashi(), room)
    ask_to_move(door=door(takahashi(), room))
    patient.closed_on, patient.closed_because = clock.today(), "moved"
    patient.save()

    with pytest.raises(ValidationError, match="終了している"):
        answer_move(door=door(shirai(), room), agreed=True)


def test_who_only_looks_on_writes_about_the_person_nowhere(takahashi_client):
    patient = team_patient()
    room = conversation(patient)
    TeamMember.objects.filter(membership=membership_of(takahashi())).update(is_observer=True)
    page = reverse("timelines:direct_detail", args=[room.uid])

    refused = takahashi_client.post(page, {"text": "相談です。", "client_uid": str(uuid4())})

    assert takahashi_client.get(page).status_code == 200
    assert refused.status_code == 422
    assert not room.entries.exists()


def test_the_pages_of_a_conversation(takahashi_client):
    patient = team_patient()
    start = reverse("timelines:direct_start", args=[patient.uid])
    doctor = sign_in(Client(), shirai())
    assert "話す ：白井 透" in words(takahashi_client.get(start))
    assert "話す相手を選んでください" in words(takahashi_client.post(start, {"membership": "x"}))

    begun = takahashi_client.post(start, {"membership": str(membership_of(shirai()).pk)})
    page = begun["Location"]
    takahashi_client.post(page, {"text": "相談です。", "client_uid": str(uuid4())})
    room = Room.objects.get(kind="direct")
    move = reverse("timelines:direct_move", args=[room.uid])

    assert "相談です。" in words(doctor.get(page))
    assert "白井 透" in words(takahashi_client.get(reverse("timelines:direct_list")))
    assert "申し出ました" in words(takahashi_client.post(move, follow=True))
    assert "申し出をすでに" in words(takahashi_client.post(move, follow=True))
    assert "同意して移す" in words(doctor.get(page))
    assert "1件をチームの部屋に移しました" in words(
        doctor.post(move, {"answer": "yes"}, follow=True)
    )
    assert (
        takahashi_client.get(reverse("timelines:group_detail", args=[room.uid])).status_code == 404
    )
    assert (
        takahashi_client.get(reverse("timelines:direct_start", args=[uuid4()])).status_code == 404
    )
