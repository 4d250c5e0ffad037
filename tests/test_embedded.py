"""The embedded PostgreSQL, with a real cluster of its own."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import psycopg
import pytest

from renkei import embedded


@pytest.fixture
def var():
    # As root the server runs under another user: pytest's own folder is closed to it, on purpose.
    folder = Path(tempfile.mkdtemp(prefix="renkei-test-"))
    yield folder
    server = embedded.server_in(folder)
    embedded.stop(server)
    shutil.rmtree(folder, ignore_errors=True)
    if server.data.parent != folder:
        shutil.rmtree(server.data.parent, ignore_errors=True)
    shutil.rmtree(server.socket, ignore_errors=True)


def test_a_server_starts_once_keeps_its_data_and_stops(var):
    server = embedded.server_in(var)

    embedded.start(server)
    with psycopg.connect(server.url(embedded.OWNER)) as connection:
        connection.execute("CREATE TABLE kept (id int)")
    embedded.start(server)
    embedded.stop(server)
    assert embedded.is_running(server) is False
    embedded.start(server)

    with psycopg.connect(server.url(embedded.OWNER)) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
        assert connection.execute("SHOW data_checksums").fetchone() == ("on",)
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_nobody_gets_in_without_the_password(var):
    server = embedded.server_in(var)
    embedded.start(server)
    url = server.url(embedded.APP).replace(server.password_file.read_text().strip(), "wrong")

    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(url)
    assert server.password_file.stat().st_mode & 0o077 == 0
    assert server.socket.stat().st_mode & 0o077 == 0


def test_the_application_role_may_not_create_tables_in_the_owners_database(var):
    server = embedded.server_in(var)
    embedded.start(server)

    with (
        psycopg.connect(server.url(embedded.APP)) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("CREATE TABLE mine (id int)")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another user")
def test_a_closed_folder_is_not_opened_for_the_server(var):
    var.chmod(0o700)

    server = embedded.server_in(var)
    embedded.start(server)

    assert not server.data.is_relative_to(var)
    assert var.stat().st_mode & 0o077 == 0


def test_data_without_their_password_are_left_alone(var):
    var.chmod(0o755)
    server = embedded.server_in(var)
    server.data.mkdir(parents=True)

    with pytest.raises(embedded.EmbeddedServerError, match="パスワード"):
        embedded.start(server)


def test_a_server_that_cannot_start_names_its_log(var, monkeypatch):
    var.chmod(0o755)
    monkeypatch.setattr(embedded, "SERVER_OPTIONS", "-c no_such_setting=1")

    with pytest.raises(embedded.EmbeddedServerError, match=r"postgresql\.log"):
        embedded.start(embedded.server_in(var))


def test_the_command_prints_both_addresses_and_says_why_it_fails(var, monkeypatch, capsys):
    var.chmod(0o755)
    monkeypatch.setattr("sys.argv", ["embedded", "start", str(var)])
    assert embedded.main() == 0
    owner, app = capsys.readouterr().out.split()
    assert owner.startswith(f"postgresql://{embedded.OWNER}:")
    assert app.startswith(f"postgresql://{embedded.APP}:")

    monkeypatch.setattr("sys.argv", ["embedded", "stop", str(var)])
    assert embedded.main() == 0
    capsys.readouterr()

    (var / "postgresql.password").unlink()
    monkeypatch.setattr("sys.argv", ["embedded", "start", str(var)])
    assert embedded.main() == 1
    assert "パスワード" in capsys.readouterr().err
