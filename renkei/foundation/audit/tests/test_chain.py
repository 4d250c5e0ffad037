from datetime import date, datetime

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from renkei.foundation.audit.actors import PUBLIC, Actor, ActorKind
from renkei.foundation.audit.chain import SEAL_ACTION, findings_in, hash_of
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.audit.queries import TrailSearch, events_matching, known_actions, whole_trail
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock

pytestmark = pytest.mark.django_db
OFFICER = Actor(ActorKind.USER, 7, 9)


@transaction.atomic
def act(moment: str, number: int) -> None:
    with time_machine.travel(datetime.fromisoformat(moment), tick=False):
        record_event(
            actor=OFFICER,
            action="place.corrected",
            target=("facilities.place", str(number)),
            detail={"field": "電話番号", "number": number},
        )


@pytest.fixture
def trail():
    """Three acts in March, two in April: 3 + seal + 2 rows."""
    for number, moment in enumerate(
        [
            "2026-03-01T09:00:00+09:00",
            "2026-03-15T09:00:00+09:00",
            "2026-03-31T23:59:59+09:00",
            "2026-04-01T00:00:00+09:00",
            "2026-04-02T09:00:00+09:00",
        ]
    ):
        act(moment, number)


def tamper(statement: str) -> None:
    """What somebody with the owner's password could do."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER audit_event_append_only")
        cursor.execute(statement)
        cursor.execute("ALTER TABLE audit_auditevent ENABLE TRIGGER audit_event_append_only")


def verify(capsys) -> tuple[bool, str]:
    try:
        call_command("verify_audit")
    except CommandError:
        return False, capsys.readouterr().err
    return True, capsys.readouterr().out


def test_untouched_trail_is_found_right(trail, capsys):
    fine, text = verify(capsys)

    assert fine
    assert text.startswith(
        "監査記録は正しくつながっています。最後は2026年4月の3番（2026-04-02 09:00:00）"
    )


def test_empty_trail_is_found_right(capsys):
    assert verify(capsys) == (True, "監査記録はまだありません。\n")


def test_first_event_of_a_month_seals_the_month_before(trail):
    last_of_march = AuditEvent.objects.get(month=date(2026, 3, 1), sequence=3)

    seal = AuditEvent.objects.get(month=date(2026, 4, 1), sequence=1)

    assert (seal.action, seal.target_id, seal.actor_kind) == (SEAL_ACTION, "2026-03", "system")
    assert seal.detail == {"count": 3, "last_hash": last_of_march.hash}


def test_months_without_events_need_no_seal(trail, capsys):
    act("2026-09-01T09:00:00+09:00", 9)

    assert verify(capsys)[0]


def test_clock_that_runs_behind_does_not_write_into_a_sealed_month(trail, capsys):
    act("2026-03-31T23:59:58+09:00", 9)

    assert verify(capsys)[0]
    assert events_matching(TrailSearch())[0].month == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("statement", "place", "sentence"),
    [
        (
            "UPDATE audit_auditevent SET detail = '{}' WHERE month = '2026-03-01' AND sequence = 2",
            "2026年3月 2番",
            "内容が書き換えられています。",
        ),
        (
            (
                "UPDATE audit_auditevent SET at = at + interval '1 microsecond'"
                " WHERE month = '2026-04-01' AND sequence = 3"
            ),
            "2026年4月 3番",
            "内容が書き換えられています。",
        ),
        (
            "DELETE FROM audit_auditevent WHERE month = '2026-03-01' AND sequence = 2",
            "2026年3月 2番",
            "ここから1件の記録が消されています。",
        ),
        (
            "DELETE FROM audit_auditevent WHERE month = '2026-03-01' AND sequence = 1",
            "2026年3月 1番",
            "ここから1件の記録が消されています。",
        ),
        (
            "DELETE FROM audit_auditevent WHERE month = '2026-03-01' AND sequence = 3",
            "2026年3月 3番",
            "最後の記録が消されています（封では3件、いまは2件）。",
        ),
        (
            "DELETE FROM audit_auditevent WHERE month = '2026-03-01'",
            "2026年3月 1番",
            "封をした月の記録がすべて消されています。",
        ),
        (
            "DELETE FROM audit_auditevent WHERE month = '2026-04-01' AND sequence = 1",
            "2026年4月 1番",
            "ここから1件の記録が消されています。",
        ),
    ],
)
def test_verify_audit_names_the_row_that_was_changed_or_removed(
    trail, capsys, statement, place, sentence
):
    tamper(statement)

    fine, text = verify(capsys)

    assert not fine
    assert f"{place}：{sentence}" in text.splitlines()


def forged(month, sequence, previous_hash, **fields):
    event = AuditEvent(
        month=month,
        sequence=sequence,
        at=datetime(2026, 3, 31, 12, tzinfo=clock.TOKYO),
        actor_kind="user",
        action="place.corrected",
        target_type="facilities.place",
        target_id="99",
        previous_hash=previous_hash,
        **fields,
    )
    event.hash = hash_of(event)
    event.save()
    return event


def test_verify_audit_finds_a_row_added_after_the_seal(trail, capsys):
    last = AuditEvent.objects.get(month=date(2026, 3, 1), sequence=3)
    forged(date(2026, 3, 1), 4, last.hash)

    fine, text = verify(capsys)

    assert not fine
    assert "2026年3月 4番：封をした後に足された記録です（封では3件）。" in text


def test_verify_audit_finds_an_inserted_row_with_all_numbers_shifted(trail, capsys):
    first = AuditEvent.objects.get(month=date(2026, 3, 1), sequence=1)
    for sequence in (3, 2):  # one by one, because the number is unique
        tamper(
            f"UPDATE audit_auditevent SET sequence = {sequence + 1}"  # noqa: S608 - numbers
            f" WHERE month = '2026-03-01' AND sequence = {sequence}"
        )
    forged(date(2026, 3, 1), 2, first.hash)

    fine, text = verify(capsys)

    assert not fine
    assert "2026年3月 3番：前の記録とつながりません。" in text


def test_verify_audit_finds_a_rewritten_last_row_of_a_sealed_month(trail, capsys):
    last = AuditEvent.objects.get(month=date(2026, 3, 1), sequence=3)
    tamper("DELETE FROM audit_auditevent WHERE month = '2026-03-01' AND sequence = 3")
    forged(date(2026, 3, 1), 3, last.previous_hash)

    fine, text = verify(capsys)

    assert not fine
    assert "2026年3月 3番：封の値と合いません。書き換えられています。" in text


def test_verify_audit_finds_a_month_put_before_an_unsealed_one(capsys):
    act("2026-04-01T09:00:00+09:00", 1)
    forged(date(2026, 3, 1), 1, "0" * 64)

    assert "2026年4月 1番：前の月の封がありません。" in verify(capsys)[1]


def test_verify_audit_finds_a_middle_month_removed(trail, capsys):
    act("2026-05-01T09:00:00+09:00", 9)
    tamper("DELETE FROM audit_auditevent WHERE month = '2026-04-01'")

    assert "2026年4月 1番：封をした月の記録がすべて消されています。" in verify(capsys)[1]


def test_findings_tell_a_false_start(trail):
    event = AuditEvent.objects.get(month=date(2026, 3, 1), sequence=1)
    event.previous_hash = "1" * 64

    sentences = [finding.sentence for finding in findings_in([event])]

    assert sentences == [
        "鎖のはじまりではありません。前の記録が消されています。",
        "内容が書き換えられています。",
    ]


def test_long_lists_of_findings_are_cut(capsys):
    for number in range(30):
        act("2026-03-01T09:00:00+09:00", number)
    tamper("UPDATE audit_auditevent SET action = 'nothing.happened'")

    fine, text = verify(capsys)

    assert not fine
    assert "ほか10か所" in text


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditevent SET action = 'x'",
        "DELETE FROM audit_auditevent",
        "TRUNCATE audit_auditevent",
    ],
)
def test_database_refuses_change_even_to_the_owner(trail, statement):
    with connection.cursor() as cursor:
        # Switched off for the whole test database, because transactional tests empty all tables.
        cursor.execute("ALTER TABLE audit_auditevent ENABLE TRIGGER audit_event_no_truncate")

    with (
        pytest.raises(DatabaseError, match="監査記録は追加だけできます"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert len(list(whole_trail())) == 6


@pytest.mark.django_db(transaction=True)
def test_record_event_outside_a_transaction_is_refused():
    with pytest.raises(transaction.TransactionManagementError):
        record_event(actor=PUBLIC, action="place.read", target=("facilities.place", "1"))


def test_record_event_names_a_saved_row_by_its_uid(trail):
    event = AuditEvent.objects.all()[0]

    record_event(actor=PUBLIC, action="event.read", target=event)

    last = events_matching(TrailSearch())[0]
    assert (last.target_type, last.target_id) == ("audit.auditevent", str(event.pk))


def test_events_matching_narrows_by_every_field(trail):
    def numbers(**search):
        return [event.target_id for event in events_matching(TrailSearch(**search))]

    assert numbers(since=date(2026, 3, 15), until=date(2026, 3, 31)) == ["2", "1"]
    assert numbers(action="audit.month_sealed") == ["2026-03"]
    assert numbers(user_id=7, target="3") == ["3"]
    assert numbers(user_id=8) == []
    assert known_actions() == ["audit.month_sealed", "place.corrected"]
