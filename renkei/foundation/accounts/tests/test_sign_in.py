"""Sign-in through the real pages: password, codes, lock-out, sessions."""

import time
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from renkei.foundation.accounts import services
from renkei.foundation.accounts.adapters import MFAAdapter
from renkei.foundation.accounts.tests import factories
from renkei.foundation.common import clock

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def no_memory_of_other_tests():
    cache.clear()


def code_now(steps: int = 0) -> str:
    counter = next(iter(yield_hotp_counters_from_time())) + steps
    return str(format_hotp_value(hotp_value(SECRET, counter)))


def give_password(client, user, password=factories.PASSWORD, **extra):
    login = user.email or user.login_name
    return client.post("/accounts/login/", {"login": login, "password": password, **extra})


def test_sign_in_page_is_in_our_words(client):
    response = client.get("/accounts/login/")

    text = response.content.decode()
    assert "メールアドレスまたは利用者番号" in text
    assert "パスキーでサインインする" in text
    assert "placeholder" not in text
    assert "登録" in text
    assert "signup" not in text


def test_password_alone_leads_to_setting_up_the_second_factor(client):
    user = factories.suzuki()

    response = give_password(client, user)
    home = client.get(response["Location"])

    assert response["Location"] == "/accounts/start/"
    assert home["Location"] == "/accounts/second-factor/?next=%2Faccounts%2Fstart%2F"
    assert client.get(home["Location"]).status_code == 200


def test_password_and_code_open_a_full_session(client):
    user = factories.suzuki()
    services.enrol_totp(user, SECRET)

    first = give_password(client, user, next="/accounts/sessions/")
    second = client.post(first["Location"], {"code": code_now()})

    assert first["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/accounts/").status_code == 200
    assert second.status_code == 302


def test_wrong_code_is_refused_in_japanese(client):
    user = factories.suzuki()
    services.enrol_totp(user, SECRET)
    give_password(client, user)

    response = client.post("/accounts/2fa/authenticate/", {"code": "000000"})

    assert "エラー：" in response.content.decode()
    assert client.get("/accounts/")["Location"].startswith("/accounts/login/")


def test_recovery_code_works_once(client):
    user = factories.suzuki()
    code = services.enrol_totp(user, SECRET)[0]
    give_password(client, user)
    client.post("/accounts/2fa/authenticate/", {"code": code})
    assert client.get("/accounts/").status_code == 200

    other = Client()
    give_password(other, user)
    other.post("/accounts/2fa/authenticate/", {"code": code})

    assert other.get("/accounts/").status_code == 302


def test_login_name_signs_in_who_has_no_mail(client):
    user = factories.make_user()
    user.email, user.login_name = None, "R12345678"
    user.save()

    response = give_password(client, user)

    assert response["Location"] == "/accounts/start/"


def test_lock_out_after_five_wrong_passwords(client):
    user = factories.suzuki()

    for _ in range(5):
        give_password(client, user, "wrong-password-123")
    response = give_password(client, user)

    assert response.status_code == 200
    assert client.get("/accounts/")["Location"].startswith("/accounts/login/")


def test_lock_out_after_five_wrong_codes(client):
    user = factories.suzuki()
    services.enrol_totp(user, SECRET)
    give_password(client, user)

    for _ in range(5):
        client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    client.post("/accounts/2fa/authenticate/", {"code": code_now()})

    assert client.get("/accounts/").status_code == 302


def test_first_totp_counts_for_this_session(client):
    user = factories.suzuki()
    give_password(client, user)
    activate = client.get("/accounts/2fa/totp/activate/")
    form = activate.context["form"]
    counter = next(iter(yield_hotp_counters_from_time()))

    response = client.post(
        "/accounts/2fa/totp/activate/",
        {"code": format_hotp_value(hotp_value(form.secret, counter))},
    )

    # The signal comes after the commit, which a test never reaches by itself.
    assert response["Location"] == "/accounts/2fa/recovery-codes/"


@pytest.mark.django_db(transaction=True)
def test_first_totp_opens_staff_pages_at_once(client):
    test_first_totp_counts_for_this_session(client)

    assert client.get("/accounts/").status_code == 200
    codes = client.get("/accounts/2fa/recovery-codes/").content.decode()
    assert codes.count("<li><code>") == 10


def test_t_p1_stolen_password_cannot_add_a_factor_beside_the_owners(client):
    user = factories.suzuki()
    half = factories.sign_in(Client(), user, second_factor=False)
    services.enrol_totp(user, SECRET)

    for page in ("mfa_activate_totp", "mfa_add_webauthn", "mfa_index", "mfa_deactivate_totp"):
        response = half.get(reverse(page))

        assert response["Location"].startswith("/accounts/2fa/reauthenticate/"), page
    assert Authenticator.objects.filter(user=user, type="totp").count() == 1


def test_half_session_proves_its_factor_and_goes_on(client):
    user = factories.suzuki()
    half = factories.sign_in(Client(), user, second_factor=False)
    services.enrol_totp(user, SECRET)
    page = half.get("/accounts/")["Location"]

    response = half.post(page, {"code": code_now(), "next": "/accounts/"})

    assert response["Location"] == "/accounts/"
    assert half.get("/accounts/").status_code == 200


def test_passkey_owner_proves_by_passkey():
    user = factories.suzuki()
    half = factories.sign_in(Client(), user, second_factor=False)
    Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={})

    assert half.get("/accounts/")["Location"].startswith("/accounts/2fa/webauthn/reauthenticate/")


def test_ended_session_is_out():
    user = factories.suzuki()
    codes = services.enrol_totp(user, SECRET)
    here, there = Client(), Client()
    for client in (here, there):
        give_password(client, user)
        client.post("/accounts/2fa/authenticate/", {"code": codes.pop()})
    assert there.get("/accounts/").status_code == 200

    page = here.get("/accounts/sessions/")
    assert page.context["session_count"] == 2
    here.post("/accounts/sessions/")

    assert here.get("/accounts/").status_code == 200
    assert there.get("/accounts/").status_code == 302


def test_signing_up_leads_to_sign_in(client):
    assert client.get("/accounts/signup/")["Location"] == "/accounts/login/"
    assert client.post("/accounts/signup/", {"email": "new@example.test"})["Location"] == (
        "/accounts/login/"
    )


def test_password_reset_sends_a_link_to_the_owner_only(client):
    user = factories.suzuki()

    for address in (user.email, "nobody@example.test"):
        response = client.post("/accounts/password/reset/", {"email": address})
        assert response["Location"] == "/accounts/password/reset/done/"

    (message,) = mail.outbox
    assert message.to == [user.email]
    link = next(word for word in message.body.split() if word.startswith("http"))
    page = client.get(link, follow=True)
    new = "atarashii-kotoba-2026"
    client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    user.refresh_from_db()
    assert user.check_password(new)


def test_stored_secrets_survive_a_new_secret_key(settings):
    stored = MFAAdapter().encrypt(SECRET)

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-" + "y" * 50

    assert MFAAdapter().decrypt(stored) == SECRET
    assert SECRET not in stored


@pytest.mark.parametrize(
    "name",
    [
        "account_change_password",
        "mfa_index",
        "mfa_list_webauthn",
        "usersessions_list",
        "accounts:home",
        "account_logout",
        "mfa_add_webauthn",
        "mfa_deactivate_totp",
        "mfa_generate_recovery_codes",
        "mfa_view_recovery_codes",
        "mfa_reauthenticate",
        "account_reauthenticate",
    ],
)
def test_every_page_of_ones_own_account_is_in_our_frame(name):
    user = factories.suzuki()
    services.enrol_totp(user, SECRET)
    client = factories.sign_in(Client(), user)

    text = client.get(reverse(name)).content.decode()

    assert 'id="main"' in text
    assert "連携" in text
    assert "placeholder" not in text


def test_sign_in_helper_matches_a_real_session(client):
    """The factories' session must prove what a real one proves, and nothing else."""
    user = factories.suzuki()
    services.enrol_totp(user, SECRET)
    give_password(client, user)
    client.post("/accounts/2fa/authenticate/", {"code": code_now()})

    real = client.session["account_authentication_methods"]
    made = factories.sign_in(Client(), user).session["account_authentication_methods"]

    assert [record["method"] for record in real] == [record["method"] for record in made]
    assert real[0]["at"] <= time.time()


def test_sensitive_acts_ask_again_after_a_quarter_of_an_hour(client):
    user = factories.sato()
    office = factories.make_organisation()
    factories.sign_in(client, user)
    page = reverse("accounts:invitation_add", args=[office.uid])
    assert client.get(page).status_code == 200

    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        asked = client.get(page)
        done = client.post(asked["Location"], {"password": factories.PASSWORD, "next": page})
        again = client.get(page)

    assert asked["Location"].startswith("/accounts/reauthenticate/?next=")
    assert done["Location"] == page
    assert again.status_code == 200


def test_mail_server_that_is_away_stops_nobody(client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    response = client.post("/accounts/password/reset/", {"email": factories.suzuki().email})

    assert response.status_code == 302


def test_changed_password_is_told_by_mail(client):
    user = factories.suzuki()
    factories.sign_in(client, user)
    new = "atarashii-kotoba-2026"

    client.post(
        "/accounts/password/change/",
        {"oldpassword": factories.PASSWORD, "password1": new, "password2": new},
    )

    (message,) = mail.outbox
    assert "変更した機器" in message.body
    assert user.name not in message.body


@pytest.mark.parametrize(
    ("demo", "page"), [(True, "/accounts/start/"), (False, "/accounts/inactive/")]
)
def test_demo_accounts_open_nothing_outside_the_demo(client, settings, demo, page):
    settings.DEMO = demo
    user = factories.make_user(is_demo=True)

    response = give_password(client, user)

    assert response["Location"] == page
    assert ("_auth_user_id" in client.session) is demo
    assert client.get("/accounts/inactive/").status_code == 200
