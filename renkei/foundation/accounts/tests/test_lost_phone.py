"""T-D5: a phone lost at night. Steps are counted; nothing waits."""

import json
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.db import connection
from django.test import Client

from renkei.foundation.accounts.models import Device, Role, User
from renkei.foundation.accounts.queries import session_revocation_stamp
from renkei.foundation.accounts.services import enrol_totp, renew_sign_in
from renkei.foundation.accounts.services import joining as devices
from renkei.foundation.accounts.tests import factories
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock
from renkei.foundation.common.live import CHANNEL

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"
NEW_PASSWORD = "kawa-to-mori-no-machi-88"
STAFF_PAGE = "/register/"


@pytest.fixture(autouse=True)
def no_memory_of_other_tests():
    cache.clear()


class Steps:
    """A browser that counts what its person does: pages opened and buttons pressed."""

    def __init__(self, client: Client | None = None) -> None:
        self.client = client or Client()
        self.count = 0

    def open(self, address):
        self.count += 1
        return self.client.get(address, follow=True)

    def press(self, address, data=None):
        self.count += 1
        return self.client.post(address, data or {}, follow=True)


@pytest.fixture
def nurse():
    return factories.takahashi()


@pytest.fixture
def admin(nurse):
    station = nurse.memberships.get().organisation
    return factories.person("架空 管理", "kanri@example.test", station, Role.ORGANISATION_ADMIN)


def code_now(secret=SECRET):
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def lost(nurse):
    return f"/accounts/memberships/{nurse.memberships.get().uid}/lost/"


def text_of(response):
    return response.content.decode()


# The signal that counts the new factor comes after the commit.
@pytest.mark.django_db(transaction=True)
def test_t_d5_lost_phone_at_night_new_one_reads_in_few_steps(nurse, admin):
    enrol_totp(nurse, SECRET)
    stolen = factories.sign_in(Client(), nurse)
    assert stolen.get(STAFF_PAGE).status_code == 200
    organisation = nurse.memberships.get().organisation

    duty = Steps(factories.sign_in(Client(), admin))
    assert lost(nurse) in text_of(duty.open(f"/accounts/organisations/{organisation.uid}/"))
    duty.open(lost(nurse))
    sheet = duty.press(lost(nurse))
    code = sheet.context["code"]
    assert duty.count == 3

    # The lost phone is dead before anybody holds a new one.
    assert stolen.get(STAFF_PAGE)["Location"].startswith("/accounts/login/")
    again = Client().post(
        "/accounts/login/", {"login": nurse.email, "password": factories.PASSWORD}
    )
    assert again.status_code == 200

    phone = Steps()
    phone.open("/accounts/invitation/")
    asked = phone.press("/accounts/invitation/", {"code": code})
    phone.press(asked.redirect_chain[-1][0], {"password": NEW_PASSWORD, "again": NEW_PASSWORD})
    setup = phone.open("/accounts/2fa/totp/activate/")
    secret = setup.context["form"].secret
    phone.press("/accounts/2fa/totp/activate/", {"code": code_now(secret)})
    read = phone.open(STAFF_PAGE)

    assert read.status_code == 200
    assert read.redirect_chain == []
    assert phone.count == 6


def test_t_d5_start_code_is_dead_after_thirty_minutes_and_is_never_mailed(nurse, admin, mailoutbox):
    with time_machine.travel("2026-11-22 23:00:00+09:00", tick=False) as at:
        client = factories.sign_in(Client(), admin)
        code = client.post(lost(nurse), follow=True).context["code"]
        assert mailoutbox == []
        assert Client().get(f"/accounts/invitation/{code}/").status_code == 200

        at.shift(timedelta(minutes=31))

        assert Client().get(f"/accounts/invitation/{code}/").status_code == 404


def test_t_d5_revocation_is_told_to_open_pages_and_to_the_offline_visit(nurse, admin):
    enrol_totp(nurse, SECRET)
    issued = devices.add_device(
        actor=SYSTEM, organisation=nurse.memberships.get().organisation, label="訪問用"
    )
    devices.register_device(actor=SYSTEM, device=issued.device, holder=nurse)
    assert session_revocation_stamp(nurse.pk) is None
    told = heard_during(lambda: factories.sign_in(Client(), admin).post(lost(nurse)))

    assert {"topic": f"revoke:{nurse.uid}"} in told
    assert session_revocation_stamp(nurse.pk) is not None
    assert Device.objects.get().revoked_at is not None
    assert not Authenticator.objects.filter(user=nurse).exists()
    assert not User.objects.get(pk=nurse.pk).has_usable_password()
    acts = AuditEvent.objects.filter(action__startswith="member.")
    assert [event.action for event in acts] == ["member.phone_replaced"]


def heard_during(act):
    """What goes to the live process while something happens: NOTIFY as it is sent."""
    sent = []

    def listen(execute, sql, params, many, context):
        if "pg_notify" in sql and params and params[0] == CHANNEL:
            sent.append(json.loads(params[1]))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        act()
    return sent


def test_session_the_application_does_not_know_of_is_void_too(nurse):
    client = factories.sign_in(Client(), nurse)
    assert client.get(STAFF_PAGE).status_code == 200
    nurse.sessions_void_before = clock.now() + timedelta(seconds=5)
    nurse.save()

    # allauth's own pages too, which ask only for a signed-in user.
    assert client.get("/accounts/2fa/")["Location"].startswith("/accounts/login/")
    with time_machine.travel(clock.now() + timedelta(seconds=10), tick=False):
        assert factories.sign_in(Client(), nurse).get(STAFF_PAGE).status_code == 200


def test_administrator_of_one_of_two_places_may_stop_but_not_let_in(nurse, admin):
    enrol_totp(nurse, SECRET)
    first = nurse.memberships.get()
    factories.make_membership(user=nurse, organisation=factories.make_organisation("よその組織"))
    stolen = factories.sign_in(Client(), nurse)
    client = factories.sign_in(Client(), admin)
    address = f"/accounts/memberships/{first.uid}/lost/"
    assert "ほかの組織でも働いています" in text_of(client.get(address))

    done = client.post(address, follow=True)

    assert "サインインをすべて終了しました。" in text_of(done)
    assert stolen.get(STAFF_PAGE).status_code == 302
    assert Authenticator.objects.filter(user=nurse).exists()
    assert User.objects.get(pk=nurse.pk).has_usable_password()
    assert AuditEvent.objects.filter(action="member.sessions_ended").count() == 1
    operator = factories.sign_in(Client(), factories.member(Role.OPERATOR))
    assert "code" in operator.post(address, follow=True).context


def test_nobody_else_stops_anybody(nurse, tanaka_client, admin):
    assert tanaka_client.post(lost(nurse)).status_code == 404
    own = admin.memberships.get()
    client = factories.sign_in(Client(), admin)
    assert client.post(f"/accounts/memberships/{own.uid}/lost/").status_code == 404


def test_t_d5_recovery_code_on_paper_opens_a_new_phone_without_anybody(nurse):
    codes = enrol_totp(nurse, SECRET)
    old = Client()
    old.post("/accounts/login/", {"login": nurse.email, "password": factories.PASSWORD})
    old.post("/accounts/2fa/authenticate/", {"code": code_now()})
    assert old.get(STAFF_PAGE).status_code == 200
    phone = Steps()
    phone.open("/accounts/login/")
    phone.press("/accounts/login/", {"login": nurse.email, "password": factories.PASSWORD})
    phone.press("/accounts/2fa/authenticate/", {"code": codes[0]})

    read = phone.open(STAFF_PAGE)

    assert (read.status_code, read.redirect_chain) == (200, [])
    assert phone.count == 4
    phone.press("/accounts/sessions/")
    assert old.get(STAFF_PAGE)["Location"].startswith("/accounts/login/")
    used = Client()
    used.post("/accounts/login/", {"login": nurse.email, "password": factories.PASSWORD})
    assert used.post("/accounts/2fa/authenticate/", {"code": codes[0]}).status_code == 200


def test_renewal_that_is_used_voids_what_was_open(nurse, client):
    stolen = factories.sign_in(Client(), nurse)
    issued = renew_sign_in(actor=SYSTEM, membership=nurse.memberships.get())

    client.post(
        f"/accounts/invitation/{issued.code}/", {"password": NEW_PASSWORD, "again": NEW_PASSWORD}
    )

    assert stolen.get(STAFF_PAGE)["Location"].startswith("/accounts/login/")
    assert client.get("/accounts/")["Location"].startswith("/accounts/second-factor/")
