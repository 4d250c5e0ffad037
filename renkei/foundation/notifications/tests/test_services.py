"""Telling people: who gets a row, who gets none, and what a path may not say."""

from datetime import time

import pytest
import time_machine
from django.db import transaction

from renkei.foundation.common import clock
from renkei.foundation.notifications import kinds
from renkei.foundation.notifications.models import MailMode, MailPreference, Notification
from renkei.foundation.notifications.queries import notifications_of, unread_count
from renkei.foundation.notifications.services import mark_read, notify
from renkei.foundation.notifications.tasks import forget_old_notifications_task
from renkei.foundation.notifications.tests.factories import mail_jobs_for, make_user

pytestmark = pytest.mark.django_db
PATH = "/patients/00000000-0000-4000-8000-000000000001/timeline/"


@pytest.fixture(autouse=True)
def known_kinds():
    kinds.register(kinds.NotificationKind("tests.question", "返事を待つ相談があります。"))
    kinds.register(kinds.NotificationKind("tests.urgent", "急ぎの連絡があります。", urgent=True))


def test_notify_leaves_one_row_each_and_one_job():
    first, second, other = make_user(), make_user(), make_user()

    notify(user_ids=[second.pk, first.pk, first.pk], kind="tests.question", path=PATH)

    rows = Notification.objects.order_by("user_id").values_list("user_id", "kind", "path")
    assert list(rows) == [
        (first.pk, "tests.question", PATH),
        (second.pk, "tests.question", PATH),
    ]
    assert [unread_count(one.pk) for one in (first, second, other)] == [1, 1, 0]
    assert [job.args for job in mail_jobs_for(first)] == [{"user_ids": [first.pk, second.pk]}]


def test_notify_of_nobody_does_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        notify(user_ids=[], kind="tests.question", path=PATH)


@pytest.mark.parametrize("count", [1, 3])
def test_notify_costs_the_same_for_few_and_many(count, django_assert_num_queries):
    people = [make_user().pk for _ in range(count)]

    with django_assert_num_queries(5):  # savepoint, wishes, rows, job, savepoint
        notify(user_ids=people, kind="tests.question", path=PATH)


def test_same_key_is_told_once_while_unread():
    person = make_user()
    for _ in range(3):
        notify(user_ids=[person.pk], kind="tests.question", path=PATH, dedupe_key="reply:1")
    mark_read(user_id=person.pk)

    notify(user_ids=[person.pk], kind="tests.question", path=PATH, dedupe_key="reply:1")

    assert notifications_of(person.pk).count() == 2
    assert unread_count(person.pk) == 1


def test_what_is_rolled_back_is_told_nobody():
    person = make_user()
    with transaction.atomic():
        notify(user_ids=[person.pk], kind="tests.question", path=PATH)
        transaction.set_rollback(True)

    assert unread_count(person.pk) == 0
    assert list(mail_jobs_for(person)) == []


@pytest.mark.parametrize(
    "path",
    ["/patients/架空 花子/", "//elsewhere.example.test/", "https://x/", "/a b", "/%E5%B1%B1"],
)
def test_path_that_could_tell_something_is_refused(path):
    with pytest.raises(ValueError, match="plain letters"):
        notify(user_ids=[make_user().pk], kind="tests.question", path=path)


def test_unknown_kind_is_refused_and_a_forgotten_one_has_words():
    with pytest.raises(ValueError, match="no registered kind"):
        notify(user_ids=[1], kind="tests.unheard_of", path=PATH)

    assert kinds.kind_of("tests.unheard_of").text == "お知らせがあります。"


def test_two_rooms_cannot_take_the_same_code():
    with pytest.raises(ValueError, match="already"):
        kinds.register(kinds.NotificationKind("tests.question", "ほかの言葉"))


def test_mark_read_touches_only_what_it_was_asked_to():
    person, other = make_user(), make_user()
    for path in ("/rooms/1/", "/rooms/2/", "/sheets/"):
        notify(user_ids=[person.pk, other.pk], kind="tests.question", path=path)
    newest = notifications_of(person.pk)[0]

    assert mark_read(user_id=person.pk, uids=[newest.uid]) == 1
    assert mark_read(user_id=person.pk, path_prefix="/rooms/") == 2
    assert mark_read(user_id=person.pk) == 0
    assert unread_count(other.pk) == 3


def test_badge_of_nobody_asks_the_database_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert unread_count(None) == 0
    with django_assert_num_queries(1):
        assert unread_count(12345) == 0


@pytest.mark.parametrize(
    ("mode", "quiet", "kind", "due"),
    [
        (MailMode.AT_ONCE, None, "tests.question", "2026-11-22 22:00"),
        (MailMode.AT_ONCE, (time(21), time(7)), "tests.question", "2026-11-23 07:00"),
        (MailMode.AT_ONCE, (time(12), time(13)), "tests.question", "2026-11-22 22:00"),
        (MailMode.DIGEST, None, "tests.question", "2026-11-23 07:30"),
        (MailMode.DIGEST, (time(21), time(8)), "tests.question", "2026-11-23 08:00"),
        (MailMode.NEVER, None, "tests.question", None),
        (MailMode.NEVER, (time(21), time(7)), "tests.urgent", "2026-11-22 22:00"),
        (MailMode.DIGEST, (time(21), time(7)), "tests.urgent", "2026-11-22 22:00"),
    ],
)
@time_machine.travel("2026-11-22 22:00:00+09:00", tick=False)
def test_mail_is_due_as_the_person_wishes(mode, quiet, kind, due):
    person = make_user()
    start, end = quiet or (None, None)
    MailPreference.objects.create(user=person, mode=mode, quiet_from=start, quiet_until=end)

    notify(user_ids=[person.pk], kind=kind, path=PATH)

    row = notifications_of(person.pk)[0]
    shown = row.mail_due_at and row.mail_due_at.astimezone(clock.TOKYO).strftime("%Y-%m-%d %H:%M")
    assert shown == due
    told = mail_jobs_for(person).exists()
    assert told == (row.mail_due_at == clock.now())


def test_what_was_read_a_year_ago_is_forgotten_and_nothing_unread():
    person = make_user()
    with time_machine.travel("2025-04-01 09:00:00+09:00", tick=False):
        notify(user_ids=[person.pk], kind="tests.question", path=PATH)
        mark_read(user_id=person.pk)
        notify(user_ids=[person.pk], kind="tests.question", path=PATH)
    with time_machine.travel("2026-04-02 09:00:00+09:00", tick=False):
        forget_old_notifications_task(0)

    assert [one.read_at for one in notifications_of(person.pk)] == [None]
