"""訪問の予定: who of the office visits whom when; nothing of persons one may not see."""

from __future__ import annotations

import re
from datetime import time, timedelta
from uuid import UUID

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from renkei.care.patients.models import TeamMember
from renkei.care.patients.tests.factories import add_member, make_patient, membership_of, text_of
from renkei.care.timelines import plan_services
from renkei.care.timelines.models import PlannedVisit
from renkei.care.timelines.plan_forms import day_choices
from renkei.care.timelines.registrations_visit import visits_today
from renkei.care.timelines.tests.factories import last_event, post, staff_room, team_patient
from renkei.foundation.accounts.models import Membership, Role
from renkei.foundation.accounts.tests.factories import (
    person,
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


def ibuki():
    """Another nurse of 高橋's office."""
    office = membership_of(takahashi()).organisation
    return person("伊吹 光", "ibuki@station.example.test", office, Role.PROFESSIONAL, "看護師")


def plan(patient, user=None, *, ahead=0, **fields):
    user = user or takahashi()
    return plan_services.plan_visit(
        viewer=viewer_for(user),
        patient=patient,
        on=clock.today() + timedelta(days=ahead),
        **{"at": None, **fields},
    )


def filled(user, *, ahead=1, at="9:30", **fields):
    day = clock.today() + timedelta(days=ahead)
    return {"visitor": membership_of(user).pk, "on": f"{day:%Y-%m-%d}", "at": at, **fields}


def at(name, patient, *rest):
    return reverse(f"timelines:{name}", args=[patient.uid, *rest])


def test_t_p4_a_visit_on_the_page_of_the_day_is_a_read_of_its_person(takahashi_client):
    patient = team_patient(name="湊 ハル江")
    plan(patient)

    assert "湊 ハル江" in takahashi_client.get(reverse("timelines:today")).content.decode()

    reads = AuditEvent.objects.filter(action="patient.read", target_id=str(patient.uid))
    assert reads.get().detail["what"] == "今日やること"


def test_a_nurse_plans_for_a_colleague_who_is_told(takahashi_client):
    patient = team_patient(name="湊 ハル江")
    colleague = ibuki()
    add_member(patient, colleague)

    response = takahashi_client.post(at("visit_list", patient), filled(colleague, at="９：３０"))

    visit = PlannedVisit.objects.get()
    assert response["Location"] == at("visit_list", patient)
    assert (visit.membership, f"{visit.at:%H:%M}") == (membership_of(colleague), "09:30")
    assert visit.on == clock.today() + timedelta(days=1)
    assert (last_event().action, last_event().target_id) == ("visit.planned", str(patient.uid))
    told = Notification.objects.get()
    assert (told.user, told.kind, told.path) == (colleague, "timelines.visit_plan", "/visits/")
    assert "湊 ハル江" in text_of(
        sign_in(Client(), colleague).get("/visits/", {"on": f"{visit.on:%Y-%m-%d}"})
    )


def test_the_days_page_shows_ones_own_and_on_demand_the_office(takahashi_client):
    colleague = ibuki()
    mine, hers = team_patient(name="湊 ハル江"), team_patient(name="沖 正次")
    add_member(hers, colleague)
    plan(mine)
    plan(hers, membership_id=membership_of(colleague).pk)
    plan(mine, ahead=3)

    own = text_of(takahashi_client.get("/visits/"))
    everybody = text_of(takahashi_client.get("/visits/", {"who": "all"}))
    week = text_of(takahashi_client.get("/visits/", {"span": "week"}))

    assert ["湊 ハル江" in own, "沖 正次" in own] == [True, False]
    assert ["湊 ハル江" in everybody, "沖 正次" in everybody] == [True, True]
    assert week.count("湊 ハル江さん") > own.count("湊 ハル江さん")


def test_empty_days_say_what_to_do(takahashi_client):
    assert "この日の訪問は決まっていません" in text_of(takahashi_client.get("/visits/"))
    assert "この1週間の訪問" in text_of(takahashi_client.get("/visits/", {"span": "week"}))
    for odd in ("きのう", "2026-13-40", "1900-01-01"):
        assert takahashi_client.get("/visits/", {"on": odd}).status_code == 200


def test_planning_from_the_days_page_leads_back_to_that_day(takahashi_client):
    patient = team_patient(name="湊 ハル江")
    make_patient(name="架空 よその人")
    form = takahashi_client.get(reverse("timelines:visit_add"))

    answer = takahashi_client.post(
        reverse("timelines:visit_add"), filled(takahashi(), patient=patient.uid)
    )

    assert "架空 よその人" not in text_of(form)
    assert takahashi_client.get(answer["Location"]).status_code == 200
    assert PlannedVisit.objects.get().patient == patient


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"patient": ""}, "療養者を選んでください。"),
        ({"patient": str(UUID(int=5))}, "一覧から療養者を選んでください。"),
        ({"patient": "x"}, "＊"),
        ({"visitor": ""}, "訪問する人を選んでください。"),
        ({"visitor": "0"}, "＊"),
        ({"on": "2001-01-01"}, "＊"),
        ({"at": "朝"}, "時刻を「9:30」のように入力してください。"),
    ],
)
def test_what_cannot_be_meant_is_said(takahashi_client, changes, sentence):
    patient = team_patient()
    data = filled(takahashi(), patient=patient.uid) | changes

    response = takahashi_client.post(reverse("timelines:visit_add"), data)

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert not PlannedVisit.objects.exists()


def test_a_colleague_outside_of_the_team_is_not_sent(takahashi_client):
    patient = team_patient()

    response = takahashi_client.post(
        reverse("timelines:visit_add"), filled(ibuki(), patient=patient.uid)
    )

    assert response.status_code == 422
    assert "チームにいる、同じ事業所の人を選んでください" in text_of(response)


def test_morning_and_evening_are_two_visits(takahashi_client):
    patient = team_patient()
    plan(patient, ahead=1, at=time(9, 30))

    evening = takahashi_client.post(at("visit_list", patient), filled(takahashi(), at="17:00"))
    same = takahashi_client.post(at("visit_list", patient), filled(takahashi(), at="9:30"))
    untimed = takahashi_client.post(at("visit_list", patient), filled(takahashi(), at=""))

    assert (evening.status_code, same.status_code, untimed.status_code) == (302, 422, 422)
    assert "この時刻にもう決まっています" in text_of(same)
    assert "どちらの予定にも時刻を入れてください" in text_of(untimed)
    assert [f"{one.at:%H:%M}" for one in PlannedVisit.objects.order_by("at")] == ["09:30", "17:00"]
    page = takahashi_client.get(at("visit_list", patient)).content.decode()
    assert len(set(re.findall(r'変える<span class="vh">([^<]+)', page))) == 2


def test_two_visits_at_the_same_time_are_not_stored():
    patient = team_patient()
    plan(patient)

    with pytest.raises(IntegrityError), transaction.atomic():
        PlannedVisit.objects.create(
            patient=patient, membership=membership_of(takahashi()), on=clock.today()
        )


@time_machine.travel("2026-11-22T10:20+09:00", tick=False)
def test_today_says_what_is_written_down_and_where_to_go_next(takahashi_client):
    first, again = team_patient(name="湊 ハル江"), team_patient(name="沖 正次")
    untimed, missed = team_patient(name="岬 道子"), team_patient(name="浜口 トミ")
    plan(missed, at=time(8, 0))
    plan(first, at=time(9, 0))
    plan(again, at=time(10, 0))
    plan(first, at=time(17, 0))
    plan(untimed)
    nurse = viewer_for(takahashi())

    def rows() -> list[tuple[str, str]]:
        part = visits_today(nurse)
        assert part is not None
        assert part["person_count"] == 4
        return [
            (
                row.patient.name,
                "済"
                if row.is_recorded
                else "次"
                if row.is_next
                else "無"
                if row.is_missing
                else "",
            )
            for row in part["visits"]
        ]

    # Neither a notice nor a colleague's record is the record of the visit.
    post(takahashi(), staff_room(first), "9時に伺います。", kind="notice")
    post(suzuki(), staff_room(again), "電話しました。", kind="record")
    post(takahashi(), staff_room(first), "変わりありません。", kind="record")
    assert rows() == [
        ("浜口 トミ", "無"),
        ("湊 ハル江", "済"),
        ("沖 正次", "次"),
        ("湊 ハル江", ""),
        ("岬 道子", ""),
    ]
    post(takahashi(), staff_room(again), "軟膏を塗りました。", kind="record")
    post(takahashi(), staff_room(untimed), "変わりありません。", kind="record")
    assert [word for _, word in rows()] == ["無", "済", "済", "次", "済"]
    page = text_of(takahashi_client.get(reverse("timelines:today")))
    assert page.count("記録済み") == 3
    assert "きょうの4人を端末に入れる" in page


def test_a_visit_is_changed_and_cancelled(takahashi_client):
    patient = team_patient()
    visit = plan(patient, ahead=1)
    edit = at("visit_edit", patient, visit.uid)

    shown = takahashi_client.get(edit)
    refused = takahashi_client.post(edit, filled(takahashi(), at="25:00"))
    changed = takahashi_client.post(edit, filled(takahashi(), ahead=2, at=""))

    assert (shown.status_code, refused.status_code) == (200, 422)
    assert changed["Location"] == at("visit_list", patient)
    visit.refresh_from_db()
    assert (visit.on, visit.at) == (clock.today() + timedelta(days=2), None)
    assert last_event().action != "visit.planned"

    other = plan(patient, ahead=3)
    clash = takahashi_client.post(edit, filled(takahashi(), ahead=3))
    assert clash.status_code == 422
    takahashi_client.post(at("visit_cancel", patient, other.uid))
    assert PlannedVisit.objects.get() == visit
    assert last_event().action == "visit.cancelled"
    assert not Notification.objects.exists()


def test_the_team_sees_a_visit_and_only_its_office_changes_it(suzuki_client):
    patient = team_patient()
    visit = plan(patient, ahead=1)

    page = suzuki_client.get(at("visit_list", patient)).content.decode()
    room = text_of(suzuki_client.get(reverse("timelines:timeline", args=[patient.uid])))

    assert takahashi().name in page
    assert at("visit_edit", patient, visit.uid) not in page
    assert "つぎの訪問" in room
    assert takahashi().name in room
    assert suzuki_client.get(at("visit_edit", patient, visit.uid)).status_code == 404
    assert suzuki_client.post(at("visit_cancel", patient, visit.uid)).status_code == 404
    assert takahashi().name not in text_of(suzuki_client.get("/visits/", {"who": "all"}))


def test_who_is_not_on_the_team_finds_nothing(tanaka_client):
    patient = team_patient(name="湊 ハル江")
    visit = plan(patient)

    for address in (at("visit_list", patient), at("visit_edit", patient, visit.uid)):
        assert tanaka_client.get(address).status_code == 404
        assert tanaka_client.post(address, filled(tanaka())).status_code == 404
    assert "湊" not in text_of(tanaka_client.get("/visits/", {"who": "all"}))


def test_who_left_the_team_finds_nothing_and_an_observer_plans_nothing(takahashi_client):
    patient = team_patient(name="湊 ハル江")
    plan(patient)
    TeamMember.objects.filter(membership=membership_of(takahashi())).update(is_observer=True)

    page = takahashi_client.get(at("visit_list", patient))

    assert "訪問を決める" not in text_of(page)
    assert takahashi_client.post(at("visit_list", patient), filled(takahashi())).status_code == 404
    assert "湊" not in text_of(takahashi_client.get("/visits/"))


def test_a_visit_whose_member_is_gone_asks_for_another(takahashi_client):
    patient = team_patient(name="湊 ハル江")
    colleague = ibuki()
    add_member(patient, colleague)
    plan(patient, membership_id=membership_of(colleague).pk)
    Membership.objects.filter(pk=membership_of(colleague).pk).update(revoked_at=clock.now())

    assert "担当を決め直す" in text_of(takahashi_client.get("/visits/", {"who": "all"}))


def test_days_reach_three_months():
    days = day_choices()

    assert len(days) == plan_services.DAYS_AHEAD + 1
    assert days[0][1].startswith("きょう")


def test_one_and_three_visits_cost_the_same(takahashi_client):
    def queries():
        takahashi_client.get("/visits/", {"who": "all"})
        with CaptureQueriesContext(connection) as seen:
            takahashi_client.get("/visits/", {"who": "all"})
        return [query for query in seen.captured_queries if "audit" not in query["sql"]]

    plan(team_patient())
    one = len(queries())
    for _ in range(2):
        plan(team_patient())

    assert len(queries()) == one
