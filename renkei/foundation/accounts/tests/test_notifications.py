"""The pages of what waits, of mail settings, and of addresses that take no mail."""

import re
from datetime import time

import pytest
from django.test import Client

from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.tests import factories
from renkei.foundation.common import clock
from renkei.foundation.notifications import kinds
from renkei.foundation.notifications.models import MailPreference, Notification
from renkei.foundation.notifications.queries import mail_preference_of, unread_count
from renkei.foundation.notifications.services import notify

pytestmark = pytest.mark.django_db
LIST = "/notifications/"


@pytest.fixture(autouse=True)
def known_kinds():
    kinds.register(kinds.NotificationKind("tests.question", "返事を待つ相談があります。"))
    kinds.register(kinds.NotificationKind("tests.urgent", "急ぎの連絡があります。", urgent=True))


def tell(user, path="/register/", kind="tests.question"):
    notify(user_ids=[user.pk], kind=kind, path=path)
    return Notification.objects.latest("pk")


def text_of(response):
    return response.content.decode()


def test_list_shows_newest_first_and_only_one_s_own(suzuki_client):
    suzuki = factories.suzuki()
    tell(suzuki)
    tell(suzuki, kind="tests.urgent")
    tell(factories.takahashi(), kind="tests.urgent")

    page = text_of(suzuki_client.get(LIST))

    assert re.findall(r"<p><b>(.*?)</b></p>", page) == [
        "急ぎの連絡があります。",
        "返事を待つ相談があります。",
    ]


def test_list_without_anything_says_so(suzuki_client):
    page = text_of(suzuki_client.get(LIST))

    assert "お知らせはありません" in page
    assert "すべて読んだことにする" not in page


def test_opening_leads_there_and_marks_as_read(suzuki_client):
    one = tell(factories.suzuki(), path="/register/?page=2")

    response = suzuki_client.post(f"{LIST}{one.uid}/open/")

    assert response["Location"] == "/register/?page=2"
    assert unread_count(factories.suzuki().pk) == 0


def test_reading_one_and_all(suzuki_client):
    suzuki = factories.suzuki()
    first, _second, _third = (tell(suzuki) for _ in range(3))

    suzuki_client.post(f"{LIST}{first.uid}/read/")
    assert unread_count(suzuki.pk) == 2
    page = suzuki_client.post(f"{LIST}read/", follow=True)

    assert "2件を読んだことにしました。" in text_of(page)
    assert unread_count(suzuki.pk) == 0


@pytest.mark.parametrize("act", ["open", "read"])
def test_nobody_touches_another_s(tanaka_client, act):
    one = tell(factories.suzuki())

    assert tanaka_client.post(f"{LIST}{one.uid}/{act}/").status_code == 404
    assert unread_count(factories.suzuki().pk) == 1


def badge_of(page: str) -> list[str]:
    return re.findall(r'class="t-head__count num">(\d+)', page)


def test_badge_counts_what_is_unread_on_every_staff_page(suzuki_client):
    assert badge_of(text_of(suzuki_client.get("/accounts/"))) == []
    for _ in range(2):
        tell(factories.suzuki())

    assert badge_of(text_of(suzuki_client.get("/accounts/"))) == ["2"]


def test_badge_is_hidden_until_the_second_factor_is_proved():
    user = factories.suzuki()
    tell(user)
    client = factories.sign_in(Client(), user, second_factor=False)

    page = text_of(client.get("/accounts/second-factor/"))

    assert badge_of(page) == []


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_for_few_and_many(suzuki_client, django_assert_num_queries, count):
    for _ in range(count):
        tell(factories.suzuki())
    suzuki_client.get(LIST)

    with django_assert_num_queries(10):
        suzuki_client.get(LIST)


def test_mail_settings_are_kept_and_shown_again(suzuki_client):
    data = {"mode": "digest", "quiet_from": "22:00", "quiet_until": "07:00"}

    saved = suzuki_client.post(f"{LIST}settings/", data, follow=True)

    preference = mail_preference_of(factories.suzuki().pk)
    assert "メールの受け取り方を変えました。" in text_of(saved)
    assert (preference.mode, preference.quiet_hours) == ("digest", (time(22), time(7)))
    assert 'value="22:00"' in text_of(suzuki_client.get(f"{LIST}settings/"))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"quiet_until": ""}, "始まりと終わりの両方を入力してください。"),
        ({"quiet_from": ""}, "始まりと終わりの両方を入力してください。"),
        ({"quiet_from": "25時"}, "22:00 のように時と分を入力してください。"),
        ({"quiet_until": "22:00"}, "始まりと違う時刻を入力してください。"),
        ({"mode": "hourly"}, ""),
    ],
)
def test_wrong_mail_settings_are_refused_with_words(suzuki_client, changes, sentence):
    data = {"mode": "at_once", "quiet_from": "22:00", "quiet_until": "07:00", **changes}

    refused = suzuki_client.post(f"{LIST}settings/", data)

    assert refused.status_code == 422
    assert sentence in text_of(refused)
    assert not MailPreference.objects.exists()


def test_bounced_person_sees_it_and_confirms_by_a_test_mail(suzuki_client, mailoutbox):
    suzuki = factories.suzuki()
    MailPreference.objects.create(
        user=suzuki, bounced_at=clock.now(), bounced_address=suzuki.email or "", bounced_reply=550
    )
    assert "あなたのアドレスにメールが届きません" in text_of(suzuki_client.get(LIST))

    suzuki_client.post(f"{LIST}mail-test/")
    [link] = re.findall(r"/notifications/mail-confirm/\S+", mailoutbox[0].body)
    assert "届いたことを記録する" in text_of(suzuki_client.get(link))
    done = suzuki_client.post(link, follow=True)

    assert "メールが届くことを記録しました。" in text_of(done)
    assert "メールが届きません" not in text_of(suzuki_client.get(LIST))


def test_confirmation_of_somebody_else_is_dead(suzuki_client, tanaka_client, mailoutbox):
    suzuki_client.post(f"{LIST}mail-test/")
    [link] = re.findall(r"/notifications/mail-confirm/\S+", mailoutbox[0].body)

    assert tanaka_client.get(link).status_code == 404
    assert tanaka_client.post(link).status_code == 404


def test_test_mail_that_cannot_leave_says_why(suzuki_client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    away = suzuki_client.post(f"{LIST}mail-test/", follow=True)
    settings.EMAIL_HOST = ""
    off = suzuki_client.post(f"{LIST}mail-test/", follow=True)

    assert "メールサーバーが応えません。" in text_of(away)
    assert "メールを送れません。" in text_of(off)
    assert "この仕組みはまだメールを送れません" in text_of(off)


def test_t_mcs7_help_names_the_domain_to_allow(suzuki_client, settings):
    settings.DEFAULT_FROM_EMAIL = "架空広域の連携 <renkei@area.example.test>"

    page = text_of(suzuki_client.get(f"{LIST}mail-help/"))

    assert re.findall(r"<code>(.*?)</code>", page) == [
        "area.example.test",
        "renkei@area.example.test",
    ]


def test_administrators_see_undelivered_addresses_of_their_own_people_only():
    office = factories.make_organisation("架空訪問看護ステーション")
    nurse, other = factories.takahashi(), factories.tanaka()
    for user in (nurse, other):
        MailPreference.objects.create(
            user=user, bounced_at=clock.now(), bounced_address=user.email or "", bounced_reply=550
        )
    admin = factories.person("架空 管理", "kanri@example.test", office, Role.ORGANISATION_ADMIN)
    client = factories.sign_in(Client(), admin)

    page = text_of(client.get(f"{LIST}undelivered/"))

    assert nurse.email in page
    assert other.email not in page
    assert "届かないメール" in text_of(client.get("/accounts/organisations/"))


def test_nobody_undelivered_says_so(sato_client):
    assert "届かないメールはありません" in text_of(sato_client.get(f"{LIST}undelivered/"))
