"""``python -m renkei.serve``: the three processes of one machine, started and stopped together.

web (pages, WSGI), live (event streams, ASGI) and worker (background work). When one ends, all end:
a half-working site is worse than one that the service manager starts again.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from renkei import embedded

STOP_SECONDS = 10


@dataclass(frozen=True)
class Address:
    """Where the web and live processes listen."""

    host: str
    port: int
    live_port: int

    @property
    def site(self) -> str:
        """What a person types. Passkeys need the name, not the number."""
        host = "localhost" if self.host == "127.0.0.1" else self.host
        return f"http://{host}:{self.port}/"


def commands(address: Address, *, workers: int) -> dict[str, list[str]]:
    """The command line of each process."""
    python = [sys.executable, "-m"]
    return {
        "web": [
            *python, "granian", "--interface", "wsgi", "--host", address.host,
            # Two threads: one computes while the other waits for the database. With four, twenty
            # pages a second took half as long again (bench_timelines.py).
            "--port", str(address.port), "--workers", str(workers), "--blocking-threads", "2",
            "--no-ws", "--log-level", "warning", "renkei.wsgi:application",
        ],
        "live": [
            *python, "uvicorn", "--host", address.host, "--port", str(address.live_port),
            "--backlog", "8192", "--log-level", "warning", "--no-access-log",
            "renkei.live:application",
        ],
        "worker": [
            *python, "renkei.cli", "procrastinate", "worker", "--concurrency", "1",
            "--delete-jobs", "successful",
        ],
    }  # fmt: skip


class Processes:
    """The running children."""

    def __init__(self) -> None:
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, command: list[str]) -> None:
        """Start one child in a group of its own, so that Ctrl-C reaches only this process."""
        self.running[name] = subprocess.Popen(command, start_new_session=True)

    def ended(self) -> str | None:
        """The name of a child that is no longer there."""
        for name, child in self.running.items():
            if child.poll() is not None:
                return name
        return None

    def stop(self) -> None:
        """Ask all to end; after ``STOP_SECONDS`` they are ended."""
        for child in self.running.values():
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGTERM)
        until = time.monotonic() + STOP_SECONDS
        for child in self.running.values():
            try:
                child.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()


def main() -> int:
    """Run until Ctrl-C, SIGTERM or the end of one process."""
    address = Address(
        os.environ.get("RENKEI_HOST", "127.0.0.1"),
        int(os.environ.get("RENKEI_PORT", "8000")),
        int(os.environ.get("RENKEI_LIVE_PORT", "8001")),
    )
    stopping: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda received, _frame: stopping.append(received))
    processes = Processes()
    status = 0
    try:
        for name, command in commands(address, workers=os.cpu_count() or 2).items():
            processes.start(name, command)
        _say_when_open(address, processes, stopping)
        while not stopping:
            if ended := processes.ended():
                print(f"renkei: {ended} が止まりました。上の表示を見てください。", file=sys.stderr)  # noqa: T201
                status = 1
                break
            time.sleep(0.2)
    finally:
        print("\nrenkei: 止めています", file=sys.stderr)  # noqa: T201
        processes.stop()
        if folder := os.environ.get("RENKEI_EMBEDDED"):
            embedded.stop(embedded.server_in(Path(folder)))
    return status


def _say_when_open(address: Address, processes: Processes, stopping: list[int]) -> None:
    for _ in range(150):
        if stopping or processes.ended():
            return
        try:
            with urlopen(f"http://{address.host}:{address.port}/healthz/", timeout=2):
                break
        except (URLError, OSError):
            time.sleep(0.2)
    print(f"\nrenkei: {address.site} を開いてください（止めるときは Ctrl-C）\n", file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    raise SystemExit(main())
