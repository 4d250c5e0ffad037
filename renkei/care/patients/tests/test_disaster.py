"""T-D10: two persons open declared content to declared roles for a time; who looked is listed."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
import python_calamine
import time_machine
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from renkei.care.patients.models import ContentClass, DisasterMode, EmergencyProfile, Patient
from renkei.care.patients.services.disaster import close_past_disasters
from renkei.care.patients.tests.emergency_factories import officer, rescued
from renkei.care.patients.tests.factories import add_member, consent
from renkei.care.patients.visibility import patients_visible_to, room_access
from renkei.foundation.accounts.models import Membership, Role
from renkei.foundation.accounts.tests.factories import (
    make_membership,
    sato,
    sign_in,
    suzuki,
    takahashi,
    tanaka,
    viewer_for,
)
from renkei.foundation.areas.tests.factories import make_area
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock
from renkei.foundation.notifications.models import Notification

pytestmark = pytest.mark.django_db
LIST = "/patients/disaster-list/"
MODES = "/patients/disasters/"


def flooded(**fields):
    """A person on oxygen in 架空市, of 鈴木's office, unknown to 田中 and to the town hall."""
    here = make_area(name="架空市")
    patient = rescued(municipality=here, **fields)
    add_member(patient, suzuki())
    return patient


def asked(client, town, **changes):
    form = {
        "area": town.pk,
        "reason": "停電",
        "hours": "24",
        "roles": ["professional", "municipal_staff"],
        "content_classes": ["emergency"],
        **changes,
    }
    return client.post(f"{MODES}ask/", {key: value for key, value in form.items() if value})


def switched_on(patient, **changes):
    """佐藤 asks, the officer approves."""
    first, second = sign_in(Client(), sato()), sign_in(Client(), officer())
    assert asked(first, patient.municipality, **changes).status_code == 302
    mode = DisasterMode.objects.latest("pk")
    second.post(f"{MODES}{mode.uid}/approve/")
    mode.refresh_from_db()
    return mode


def seen(user, content=ContentClass.EMERGENCY):
    return list(patients_visible_to(viewer_for(user), content))


def test_t_d10_only_declared_content_opens_to_declared_roles_and_closes_by_itself(tanaka_client):
    patient = flooded()
    elsewhere = rescued(municipality=make_area(name="よその町"))
    desk = make_membership(role=Role.DESK).user
    before = seen(tanaka())

    mode = switched_on(patient)
    during = {user.name: seen(user) for user in (tanaka(), sato(), desk)}
    other_content = [seen(tanaka(), one) for one in ContentClass if one != ContentClass.EMERGENCY]
    page = tanaka_client.get(reverse("patients:emergency_screen", args=[patient.uid]))
    with time_machine.travel(clock.now() + timedelta(hours=24, seconds=1)):
        after = seen(tanaka())

    assert before == after == []
    assert during == {tanaka().name: [patient], sato().name: [patient], desk.name: []}
    assert other_content == [[]] * 4
    assert room_access(viewer_for(tanaka()), patient).staff is False
    assert "災害時" in page.content.decode()
    assert AuditEvent.objects.get(action="patient.read").detail["via"] == "disaster"
    assert elsewhere not in during[tanaka().name]
    assert mode.ends_at == mode.approved_at + timedelta(hours=24)


def test_t_d10_it_takes_two_persons(sato_client):
    patient = flooded()
    asked(sato_client, patient.municipality)
    mode = DisasterMode.objects.get()

    page = sato_client.post(f"{MODES}{mode.uid}/approve/", follow=True).content.decode()

    assert "申し出た人とは別の人が承認してください。" in page
    assert seen(tanaka()) == []
    # A second membership of the same person is no second person.
    other = make_membership(user=sato(), role=Role.PRIVACY_OFFICER)
    session = sato_client.session
    session["renkei_membership"] = other.pk
    session.save()
    assert (
        "別の人が承認"
        in sato_client.post(f"{MODES}{mode.uid}/approve/", follow=True).content.decode()
    )


def test_a_drill_goes_the_whole_way_and_opens_nothing():
    patient = flooded()

    mode = switched_on(patient, is_drill="on")
    page = sign_in(Client(), tanaka()).get(LIST).content.decode()

    assert mode.approved_at is not None
    assert seen(tanaka()) == []
    assert "訓練。記録は開いていません" in page


@pytest.mark.parametrize("state", ["refused", "closed"])
def test_who_refused_for_good_or_ended_is_not_opened(state):
    patient = flooded(consented=False)
    if state == "refused":
        consent(patient, decision="refused", binds_emergency=True)
    else:
        Patient.objects.update(closed_on=clock.today(), closed_because="death")

    switched_on(patient)

    assert seen(tanaka()) == []


def test_t_d10_the_list_names_who_needs_power_and_help_first(tanaka_client):
    patient = flooded()
    ventilated = rescued(name="架空 呼吸", municipality=patient.municipality, host=patient.host)
    EmergencyProfile.objects.filter(patient=ventilated).update(on_ventilator=True)
    quiet = rescued(municipality=patient.municipality)
    EmergencyProfile.objects.filter(patient=quiet).update(on_oxygen=False)
    Patient.objects.filter(pk=quiet.pk).update(household="children")
    switched_on(patient)

    page = tanaka_client.get(LIST).content.decode()
    book = tanaka_client.get(f"{LIST}list.xlsx")
    pdf = tanaka_client.get(f"{LIST}list.pdf")

    assert page.index("架空 呼吸") < page.index("湊 ハル江")
    assert "人工呼吸器、在宅酸素、独居" in page
    assert "0999-00-0110" in page
    assert "2人" in page
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(book.content))
    assert [row[1] for row in rows.get_sheet_by_index(0).to_python()[1:]] == [
        "架空 呼吸",
        "湊 ハル江",
    ]
    assert "湊" in "".join(one.extract_text() for one in PdfReader(io.BytesIO(pdf.content)).pages)
    assert AuditEvent.objects.filter(action="patient.read").count() == 6


def test_on_a_quiet_day_the_list_holds_ones_own_persons(suzuki_client, tanaka_client):
    flooded()

    assert "湊 ハル江" in suzuki_client.get(LIST).content.decode()
    assert "あてはまる方はいません" in tanaka_client.get(LIST).content.decode()
    assert tanaka_client.get(f"{LIST}list.pdf").status_code == 200
    assert [one.detail["via"] for one in AuditEvent.objects.filter(action="patient.read")] == [
        "team"
    ]


@pytest.mark.parametrize("persons", [1, 3])
def test_the_list_costs_the_same_for_more_persons(persons, django_assert_num_queries):
    from renkei.care.patients.queries_disaster import disaster_list

    for _ in range(persons):
        add_member(rescued(), takahashi())
    viewer = viewer_for(takahashi())

    with django_assert_num_queries(3):
        assert len(disaster_list(viewer)) == persons


def test_t_d10_everyone_who_looked_is_listed_for_review(tanaka_client):
    patient = flooded()
    mode = switched_on(patient)
    tanaka_client.get(reverse("patients:emergency_screen", args=[patient.uid]))
    tanaka_client.get(LIST)
    sign_in(Client(), suzuki()).get(LIST)
    client = sign_in(Client(), officer())
    url = f"{MODES}{mode.uid}/"

    still_on = client.post(url, {"note": "早い"})
    ended = client.post(f"{url}end/", follow=True).content.decode()
    again = client.post(f"{url}end/", follow=True).content.decode()
    page = client.get(url).content.decode()
    empty = client.post(url, {})
    done = client.post(url, {"note": "妥当"})
    twice = client.post(url, {"note": "もう一度"})

    assert still_on.status_code == empty.status_code == twice.status_code == 422
    assert done.status_code == 302
    assert "切り替えを終えました。" in ended
    assert "すでに終わっています" in again
    assert "田中 四郎" in page
    # 鈴木 looked by the team's way, as on any day.
    assert "鈴木 二葉" not in page
    assert "湊" not in page
    mode.refresh_from_db()
    assert mode.review_note == "妥当"
    assert "妥当" in client.get(url).content.decode()


def test_what_ended_by_itself_is_written_down_and_reviewed():
    patient = flooded()
    mode = switched_on(patient)
    Notification.objects.all().delete()

    assert close_past_disasters() == 0
    with time_machine.travel(mode.ends_at + timedelta(minutes=3)):
        assert close_past_disasters() == 1
        assert close_past_disasters() == 0

    mode.refresh_from_db()
    assert mode.ended_at == mode.ends_at
    assert Notification.objects.get().user == officer()


def test_hosts_and_town_hall_are_told(sato_client):
    patient = flooded()
    switched_on(patient)

    told = {one.user for one in Notification.objects.filter(kind="patients.disaster_on")}

    assert told == {suzuki(), sato(), officer()}


def test_a_request_is_taken_back_before_anybody_approved(sato_client):
    patient = flooded()
    asked(sato_client, patient.municipality)
    mode = DisasterMode.objects.get()

    listed = sato_client.get(MODES).content.decode()
    sato_client.post(f"{MODES}{mode.uid}/end/")
    page = sign_in(Client(), officer()).post(f"{MODES}{mode.uid}/approve/", follow=True)

    assert "承認待ち" in listed
    assert "すでに承認されたか終わっています" in page.content.decode()
    assert seen(tanaka()) == []


@pytest.mark.parametrize(
    "changes",
    [{"hours": "999"}, {"roles": ["operator"]}, {"roles": None}, {"reason": None}, {"area": "9"}],
    ids=["too long", "role without persons", "no role", "no reason", "no area"],
)
def test_a_request_that_is_not_whole_is_refused(sato_client, changes):
    patient = flooded()

    assert asked(sato_client, patient.municipality, **changes).status_code == 422
    assert not DisasterMode.objects.exists()


def test_a_town_declares_for_itself_alone(sato_client):
    here, there = make_area(name="架空市"), make_area(name="よその町")
    office = Membership.objects.get(user=sato()).organisation
    office.area = here
    office.save()

    assert asked(sato_client, there).status_code == 422
    assert asked(sato_client, here).status_code == 302
    assert Notification.objects.count() == 0
