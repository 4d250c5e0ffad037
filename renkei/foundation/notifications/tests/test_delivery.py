"""T-MCS7 against a real SMTP server on loopback: no name, no content, nothing lost."""

from __future__ import annotations

import email
import re
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from email.policy import default as modern

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django.conf import settings as live_settings
from django.core.management import call_command
from django.db import connection
from procrastinate.contrib.django import app

from renkei.foundation.audit.actors import Actor, ActorKind
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock
from renkei.foundation.notifications import delivery, kinds
from renkei.foundation.notifications.delivery import Outcome, deliver_due_mail
from renkei.foundation.notifications.models import MailMode, MailPreference, Notification
from renkei.foundation.notifications.queries import (
    bounced_among,
    mail_preference_of,
    notifications_of,
)
from renkei.foundation.notifications.services import notify
from renkei.foundation.notifications.tasks import send_due_mail_task, send_mail_task
from renkei.foundation.notifications.tests.factories import mail_jobs_for, make_user

pytestmark = pytest.mark.django_db
PATH = "/patients/00000000-0000-4000-8000-000000000001/timeline/"
NOW = "2026-11-22 22:00:00+09:00"


class Handler:
    """Takes mail, or answers an address (or the data for it) as the test wants."""

    def __init__(self) -> None:
        self.taken: list[tuple[list[str], bytes]] = []
        self.at_recipient: dict[str, list[str]] = {}
        self.at_data: list[str] = []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it
        self, _server, _session, envelope, address, _options
    ):
        replies = self.at_recipient.get(address)
        if replies:
            return replies.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd calls it
        self, _server, _session, envelope
    ):
        if self.at_data:
            return self.at_data.pop(0)
        self.taken.append((envelope.rcpt_tos, envelope.original_content))
        return "250 OK"

    @property
    def recipients(self) -> list[list[str]]:
        return [to for to, _content in self.taken]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(autouse=True)
def known_kinds():
    kinds.register(kinds.NotificationKind("tests.question", "返事を待つ相談があります。"))
    kinds.register(kinds.NotificationKind("tests.urgent", "急ぎの連絡があります。", urgent=True))
    kinds.register(kinds.NotificationKind("tests.on_page", "画面だけのお知らせ。", by_mail=False))


@pytest.fixture
def smtp(settings) -> Iterator[Handler]:
    handler = Handler()
    port = free_port()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.DEFAULT_FROM_EMAIL = "renkei@area.example.test"
    settings.SITE_URL = "https://renkei.example.test/"
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler
    controller.stop()


def tell(*people, kind="tests.question"):
    notify(user_ids=[one.pk for one in people], kind=kind, path=PATH)


def later(hours: float):
    return time_machine.travel(clock.now() + timedelta(hours=hours), tick=False)


def test_t_mcs7_mail_holds_no_name_no_content_and_nothing_of_the_kind(smtp):
    secret = make_user(name="架空 秘子", email="canary@example.test")
    secret.kana = "カクウ ヒコ"
    secret.save()
    tell(secret)
    tell(secret, kind="tests.urgent")

    send_mail_task([secret.pk])

    [(to, raw)] = smtp.taken
    message = email.message_from_bytes(raw, policy=modern)
    whole = raw.decode() + message.get_content() + "".join(map(str, message.values()))
    canaries = [
        "架空",
        "秘子",
        "カクウ",
        "相談",
        "急ぎの連絡",
        "tests.",
        "urgent",
        "patients",
        "00000000",
    ]
    assert to == ["canary@example.test"]
    assert [canary for canary in canaries if canary in whole.replace("急ぎのものだけ", "")] == []
    assert message["Subject"].strip() == "【連携】新しいお知らせがあります"
    assert message["To"] == "canary@example.test"
    assert message["From"] == "renkei@area.example.test"
    assert message["Auto-Submitted"] == "auto-generated"
    assert re.findall(r"https?://\S+", message.get_content()) == [
        "https://renkei.example.test/notifications/"
    ]


def test_mail_is_the_same_whatever_happened(smtp):
    first, second = make_user(), make_user()
    tell(first)
    tell(second, kind="tests.urgent")

    assert deliver_due_mail() == 2

    bodies = {
        (message["Subject"], message.get_content())
        for _to, raw in smtp.taken
        for message in [email.message_from_bytes(raw, policy=modern)]
    }
    assert len(bodies) == 1


def test_many_things_are_one_mail_and_none_twice(smtp):
    person = make_user()
    for _ in range(3):
        tell(person)

    assert deliver_due_mail() == 1
    assert deliver_due_mail([person.pk]) == 0
    assert len(smtp.taken) == 1


def test_what_was_read_before_is_not_mailed(smtp):
    person = make_user()
    tell(person)
    Notification.objects.update(read_at=clock.now())

    assert deliver_due_mail() == 0
    assert smtp.taken == []


def test_people_without_address_or_account_get_none(smtp):
    tell(make_user(is_active=False))
    numbered = make_user()
    numbered.email, numbered.login_name = None, "R12345678"
    numbered.save()
    tell(numbered)

    assert deliver_due_mail() == 0
    assert smtp.taken == []


def test_t_mcs7_greylisted_mail_is_sent_again_and_others_are_not_held_up(smtp):
    slow, quick = make_user(email="a-slow@example.test"), make_user(email="b@example.test")
    smtp.at_recipient["a-slow@example.test"] = ["450 4.2.0 Greylisted, try again", "451 Not yet"]
    with time_machine.travel(NOW, tick=False):
        tell(slow, quick)
        assert deliver_due_mail() == 1
        assert deliver_due_mail() == 0  # too early
        preference = mail_preference_of(slow.pk)
        assert (preference.failed_count, preference.bounced_at) == (1, None)
        assert preference.retry_at == clock.now() + timedelta(minutes=2)

        with later(0.04):
            assert deliver_due_mail() == 0
            assert mail_preference_of(slow.pk).failed_count == 2
        with later(1):
            send_due_mail_task(0)

    assert smtp.recipients == [["b@example.test"], ["a-slow@example.test"]]
    assert mail_preference_of(slow.pk).failed_count == 0


@pytest.mark.parametrize("where", ["recipient", "data"])
def test_t_mcs7_refused_address_goes_on_the_bounce_list_until_it_is_confirmed(smtp, where):
    person = make_user(email="gone@example.test")
    if where == "recipient":
        smtp.at_recipient["gone@example.test"] = ["550 5.1.1 No such user 架空"]
    else:
        smtp.at_data = ["554 5.7.1 Refused"]
    tell(person)
    deliver_due_mail()
    tell(person, kind="tests.urgent")

    assert deliver_due_mail() == 0

    assert smtp.taken == []
    assert [one.user for one in bounced_among([person.pk])] == [person]
    event = AuditEvent.objects.get(action="mail.bounced")
    assert event.detail == {"reply": 550 if where == "recipient" else 554}

    assert delivery.send_test_mail(person.pk) is Outcome.TAKEN
    token = token_in(smtp.taken[0][1])
    actor = Actor(ActorKind.USER, person.pk)
    assert delivery.confirm_address(actor=actor, user_id=person.pk, token=token + "x") is False
    assert delivery.confirm_address(actor=actor, user_id=person.pk, token=token) is True
    assert list(bounced_among([person.pk])) == []
    assert deliver_due_mail() == 1


def token_in(raw: bytes) -> str:
    text = str(email.message_from_bytes(raw, policy=modern).get_content())
    [token] = re.findall(r"mail-confirm/(\S+)/", text)
    return str(token)


def test_new_address_is_no_longer_the_bounced_one(smtp):
    person = make_user(email="old@example.test")
    smtp.at_recipient["old@example.test"] = ["550 gone"]
    tell(person)
    deliver_due_mail()

    person.email = "new@example.test"
    person.save()

    assert deliver_due_mail() == 1
    assert list(bounced_among([person.pk])) == []


def test_confirmation_is_for_one_address_of_one_account_and_three_days(smtp):
    person, other = make_user(email="mine@example.test"), make_user()
    with time_machine.travel(NOW, tick=False):
        delivery.send_test_mail(person.pk)
        token = token_in(smtp.taken[0][1])

        assert delivery.is_confirmation_of(person.pk, "mine@example.test", token)
        assert not delivery.is_confirmation_of(other.pk, "mine@example.test", token)
        assert not delivery.is_confirmation_of(person.pk, "another@example.test", token)
        assert "mine" not in token
        with later(24 * 3 + 1):
            assert not delivery.is_confirmation_of(person.pk, "mine@example.test", token)


def test_t_mcs7_server_that_is_down_loses_nothing(settings):
    people = [make_user() for _ in range(3)]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    with time_machine.travel(NOW, tick=False):
        tell(*people)
        for hours in (0, 1, 2, 30):
            with later(hours):
                assert deliver_due_mail() == 0
        assert [mail_preference_of(one.pk).failed_count for one in people] == [4, 4, 4]
        assert list(bounced_among([one.pk for one in people])) == []

        handler = Handler()
        controller = Controller(handler, hostname="127.0.0.1", port=settings.EMAIL_PORT)
        controller.start()
        with later(40):
            assert deliver_due_mail() == 3
        controller.stop()

    assert sorted(handler.recipients) == sorted([one.email] for one in people)


def test_refused_sender_is_our_trouble_and_no_bounce(smtp, monkeypatch):
    person = make_user()

    async def refuse(_self, _server, _session, _envelope, _address, _options):
        return "553 5.7.1 Sender refused"

    monkeypatch.setattr(Handler, "handle_MAIL", refuse, raising=False)
    tell(person)

    assert deliver_due_mail() == 0
    assert mail_preference_of(person.pk).failed_count == 1
    assert list(bounced_among([person.pk])) == []


def test_without_a_mail_server_notifications_wait_on_the_pages(settings):
    person = make_user()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = ""
    tell(person)

    assert deliver_due_mail() == 0
    assert delivery.send_test_mail(person.pk) is Outcome.OFF
    assert notifications_of(person.pk).count() == 1
    assert not MailPreference.objects.exists()


@time_machine.travel(NOW, tick=False)
def test_digest_and_quiet_hours_hold_mail_back_and_urgent_passes(smtp):
    digest, quiet = make_user(email="a@example.test"), make_user(email="b@example.test")
    MailPreference.objects.create(user=digest, mode=MailMode.DIGEST)
    MailPreference.objects.create(user=quiet, quiet_from=time(21), quiet_until=time(9))
    tell(digest, quiet)
    tell(digest, quiet)

    assert deliver_due_mail() == 0
    with later(9.5):  # 07:30
        assert deliver_due_mail() == 1
    with later(11):  # 09:00
        assert deliver_due_mail() == 1
        tell(digest, kind="tests.urgent")
        assert deliver_due_mail() == 1
    assert smtp.recipients == [["a@example.test"], ["b@example.test"], ["a@example.test"]]


@time_machine.travel(NOW, tick=False)
def test_new_wish_moves_what_waits_already_but_not_what_is_urgent(smtp):
    person = make_user()
    tell(person)
    tell(person, kind="tests.urgent")
    tell(person, kind="tests.on_page")
    now, found = clock.now(), {}
    for mode in (MailMode.NEVER, MailMode.AT_ONCE):
        delivery.save_mail_preference(
            actor=Actor(ActorKind.USER, person.pk),
            user_id=person.pk,
            mode=mode,
            quiet_from=None,
            quiet_until=None,
        )
        found[mode] = dict(Notification.objects.values_list("kind", "mail_due_at"))

    always = {"tests.urgent": now, "tests.on_page": None}
    assert found == {
        MailMode.NEVER: {**always, "tests.question": None},
        MailMode.AT_ONCE: {**always, "tests.question": now},
    }
    assert mail_preference_of(person.pk).mode == MailMode.AT_ONCE


def test_worker_finds_the_tasks():
    call_command("check")
    periodic = [task.task.name for task in app.periodic_registry.periodic_tasks.values()]
    assert "notifications.send_due_mail" in periodic
    assert "notifications.send_mail" in app.tasks
    assert live_settings.SITE_URL


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_one_mail(smtp):
    person = make_user()
    tell(person)
    with ThreadPoolExecutor(2) as workers:
        taken = list(workers.map(deliver_and_hang_up, range(2)))

    assert sorted(taken) == [0, 1]
    assert len(smtp.taken) == 1


def deliver_and_hang_up(_worker: int) -> int:
    try:
        return deliver_due_mail()
    finally:
        connection.close()


def test_deferred_job_is_what_the_worker_runs(smtp):
    person = make_user()
    tell(person)
    [job] = mail_jobs_for(person)

    app.tasks[job.task_name](**job.args)

    assert smtp.recipients == [[person.email]]
