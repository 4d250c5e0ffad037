"""The virus check: what the installation names, or none."""

from __future__ import annotations

import shlex
import socket
import struct
import subprocess
from typing import Final

import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from renkei.foundation.papers.kinds import FileRefused
from renkei.foundation.papers.models import ScanState

log = structlog.get_logger(__name__)

SECONDS: Final = 60
CHUNK: Final = 256 * 1024
INFECTED: Final = 1
REFUSAL: Final = (
    "このファイルからウイルスが見つかったため、受け取りませんでした。"
    "送った人に知らせ、組織の情報担当に相談してください。"
)
BROKEN: Final = (
    "ウイルスの検査ができないため、いまはファイルを受け取れません。"
    "しばらくしてからもう一度試し、続くときは運用者に知らせてください。"
)


def check_for_viruses(content: bytes) -> ScanState:
    """Ask the scanner of ``settings.VIRUS_SCANNER``; without one the file is 「検査なし」.

    Raises:
        FileRefused: something was found, or the scanner does not answer: unknown means no.
    """
    scanner: str = settings.VIRUS_SCANNER
    if not scanner:
        return ScanState.UNCHECKED
    way, _, rest = scanner.partition(":")
    if way not in {"clamd", "command"} or not rest:
        raise ImproperlyConfigured(
            "VIRUS_SCANNER は clamd:ソケット か command:コマンド の形で設定してください。"
        )
    try:
        infected = _ask_clamd(rest, content) if way == "clamd" else _run(rest, content)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        log.exception("virus_scanner.failed", way=way)
        raise FileRefused(BROKEN) from error
    if infected:
        log.warning("virus_scanner.found", way=way, size=len(content))
        raise FileRefused(REFUSAL)
    return ScanState.CLEAN


def _ask_clamd(path: str, content: bytes) -> bool:
    """Source: ClamAV documentation, clamd protocol, INSTREAM."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(SECONDS)
        connection.connect(path)
        connection.sendall(b"zINSTREAM\x00")
        for start in range(0, len(content), CHUNK):
            chunk = content[start : start + CHUNK]
            connection.sendall(struct.pack("!L", len(chunk)) + chunk)
        connection.sendall(struct.pack("!L", 0))
        answer = b""
        while received := connection.recv(4096):
            answer += received
    text = answer.rstrip(b"\x00\r\n ").decode(errors="replace")
    if text.endswith("FOUND"):
        return True
    if text.endswith("OK"):
        return False
    # For instance 「INSTREAM size limit exceeded」: not looked at is not clean.
    raise ValueError("clamd gave no verdict")


def _run(command: str, content: bytes) -> bool:
    """The file on standard input; exit 0 clean, 1 infected, as clamdscan and its like do."""
    done = subprocess.run(
        shlex.split(command), input=content, capture_output=True, timeout=SECONDS, check=False
    )
    if done.returncode not in {0, INFECTED}:
        raise ValueError(f"the scanner ended with {done.returncode}")
    return done.returncode == INFECTED
