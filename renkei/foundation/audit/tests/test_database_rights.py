"""The rights are tried with a real second role: bin/test names it in RENKEI_TEST_APP_URL."""

import os
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from renkei.foundation.audit.actors import PUBLIC
from renkei.foundation.audit.database_rights import connected_as_owner, grant_rights
from renkei.foundation.audit.services import record_event


@pytest.fixture
def app_url():
    url = os.environ.get("RENKEI_TEST_APP_URL", "")
    if not url:
        pytest.skip("needs a second database role (bin/test sets RENKEI_TEST_APP_URL)")
    return url


@pytest.fixture
def app_connection(transactional_db, app_url):
    """The application's role on the test database, after the rights were given."""
    url = urlsplit(app_url)
    grant_rights(connection, url.username)
    with transaction.atomic():
        record_event(actor=PUBLIC, action="place.read", target=("facilities.place", "1"))
    name = connection.settings_dict["NAME"]
    with psycopg.connect(urlunsplit(url._replace(path=f"/{name}")), autocommit=True) as other:
        yield other


def test_application_role_reads_and_adds_to_the_trail(app_connection):
    app_connection.execute(
        "INSERT INTO audit_auditevent (month, sequence, at, actor_kind, action, target_type,"
        " target_id, detail, previous_hash, hash)"
        " SELECT month, sequence + 1, at, actor_kind, action, target_type, target_id, detail,"
        " previous_hash, hash FROM audit_auditevent"
    )

    assert app_connection.execute("SELECT count(*) FROM audit_auditevent").fetchone() == (2,)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditevent SET action = 'x'",
        "DELETE FROM audit_auditevent",
        "TRUNCATE audit_auditevent",
        "ALTER TABLE audit_auditevent DISABLE TRIGGER ALL",
        "DROP TABLE audit_auditevent",
    ],
)
def test_application_role_may_not_change_the_trail(app_connection, statement):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app_connection.execute(statement)


def test_application_role_works_on_other_tables(app_connection):
    app_connection.execute(
        "INSERT INTO accounts_organisation (uid, name, kind, phone, hours, office_code)"
        " VALUES (gen_random_uuid(), '架空の組織', 'other', '', '', '')"
    )

    changed = app_connection.execute("UPDATE accounts_organisation SET phone = '0999'").rowcount
    removed = app_connection.execute("DELETE FROM accounts_organisation").rowcount

    assert (changed, removed) == (1, 1)
    # Kept statistics are part of every-day work too.
    assert app_connection.execute("ANALYZE accounts_organisation").statusmessage == "ANALYZE"


def test_setup_database_migrates_as_owner_and_grants(
    transactional_db, app_url, settings, monkeypatch, capsys
):
    role = urlsplit(app_url).username
    connection.ensure_connection()  # the flush after the test stays the owner's
    settings.DATABASE_OWNER = dict(connection.settings_dict)
    monkeypatch.setitem(settings.DATABASES["default"], "USER", role)

    call_command("setup_database")
    call_command("setup_database")

    assert capsys.readouterr().out.count("データベースの準備ができました。\n") == 2
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege(%s, 'audit_auditevent', 'UPDATE'),"
            " has_table_privilege(%s, 'accounts_user', 'UPDATE')",
            [role, role],
        )
        assert cursor.fetchone() == (False, True)


def test_setup_database_says_what_to_check_when_nothing_answers(transactional_db, settings):
    settings.DATABASE_OWNER = {**connection.settings_dict, "HOST": "/nowhere"}

    with pytest.raises(CommandError, match="DATABASE_OWNER_URL を確かめてください"):
        call_command("setup_database")


def test_without_an_owner_the_application_migrates_itself(settings):
    settings.DATABASE_OWNER = None

    with connected_as_owner() as same:
        assert same is connection or same.settings_dict == connection.settings_dict
