"""Where each role starts, and わたしの連携 of the person and family."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from renkei.care.patients.models import Consent, MunicipalityChoice
from renkei.care.patients.tests.factories import add_family, add_member, family_user, text_of
from renkei.care.timelines.tests.factories import family_room, post, staff_room, team_patient
from renkei.foundation.accounts.landings import landing_for
from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.tests.factories import (
    member,
    sign_in,
    suzuki,
    takahashi,
    viewer_for,
)
from renkei.foundation.accounts.viewers import ANYBODY
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock

pytestmark = pytest.mark.django_db

REGISTER = "/register/"


@pytest.mark.parametrize(
    ("role", "path"),
    [
        (Role.PROFESSIONAL, "/today/"),
        (Role.SHARING_HOST, "/today/"),
        (Role.PERSON_OR_FAMILY, "/my/"),
        (Role.FIRE_DISPATCH, "/emergency-desk/"),
        (Role.ORGANISATION_ADMIN, REGISTER),
        (Role.DESK, REGISTER),
        (Role.MUNICIPAL_STAFF, REGISTER),
        (Role.PRIVACY_OFFICER, REGISTER),
        (Role.PREFECTURE, REGISTER),
        (Role.COUNCIL_MEMBER, REGISTER),
        (Role.OPERATOR, REGISTER),
    ],
)
def test_each_role_starts_at_its_own_work(role, path):
    client = sign_in(Client(), member(role))

    start = client.get("/accounts/start/")

    assert (start.status_code, start["Location"]) == (302, path)
    assert client.get(path).status_code == 200
    assert f'href="{path}"' in client.get("/accounts/").content.decode()


def test_who_runs_an_office_starts_at_today_once_on_a_team():
    admin = member(Role.ORGANISATION_ADMIN)
    add_member(team_patient(), admin)

    assert landing_for(viewer_for(admin)) == "/today/"


def test_without_a_membership_one_starts_at_ones_own_account():
    assert landing_for(ANYBODY) == "/accounts/"


def test_signing_in_goes_where_somebody_wanted_to_go(client):
    asked = client.get("/accounts/start/")

    assert asked["Location"] == "/accounts/login/?next=%2Faccounts%2Fstart%2F"
    wanted = client.get("/visits/")
    assert wanted["Location"] == "/accounts/login/?next=%2Fvisits%2F"


# わたしの連携 -----------------------------------------------------------------------------


@pytest.fixture
def satoko():
    return family_user()


@pytest.fixture
def family_client(satoko):
    return sign_in(Client(), satoko)


def test_family_reads_what_is_new_and_whom_to_call(family_client, satoko):
    patient = team_patient(name="湊 ハル江")
    add_family(patient, satoko)
    post(takahashi(), family_room(patient), "火曜の訪問は10時です。")
    post(takahashi(), staff_room(patient), "職員だけの話")

    text = text_of(family_client.get("/my/"))

    assert "新しい書き込みが1件あります" in text
    assert "火曜の訪問は10時です。" in text
    assert "職員だけの話" not in text
    assert takahashi().name in text
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.target_id) == ("patient.read", str(patient.uid))
    assert event.detail == {"what": "わたしの連携", "via": "family_room"}

    family_client.get(reverse("timelines:timeline", args=[patient.uid]))
    assert "新しい書き込みはありません" in text_of(family_client.get("/my/"))


def test_family_finds_the_read_log_where_the_town_shows_it(family_client, satoko):
    patient = team_patient()
    add_family(patient, satoko)
    log = reverse("patients:read_log", args=[patient.uid])

    hidden = family_client.get("/my/").content.decode()
    MunicipalityChoice.objects.create(family_sees_read_log=True, changed_at=clock.now())
    shown = family_client.get("/my/").content.decode()

    assert log not in hidden
    assert log in shown
    assert family_client.get(log).status_code == 200


def test_family_finds_nothing_once_consent_ended(family_client, satoko):
    patient = team_patient(name="湊 ハル江")
    add_family(patient, satoko)
    Consent.objects.all().delete()

    text = text_of(family_client.get("/my/"))

    assert "いま開ける部屋はありません" in text
    assert "湊" not in text


def test_two_persons_stand_on_one_page_and_nobody_elses(family_client, satoko):
    for name in ("湊 ハル江", "湊 清"):
        add_family(team_patient(name=name), satoko)
    team_patient(name="沖 正次")

    text = text_of(family_client.get("/my/"))

    assert [name in text for name in ("湊 ハル江", "湊 清", "沖 正次")] == [True, True, False]


def test_staff_have_no_page_of_their_own_here():
    assert sign_in(Client(), suzuki()).get("/my/").status_code == 404
