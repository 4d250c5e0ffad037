"""The virus hook against a real socket and real programs."""

from __future__ import annotations

import socketserver
import struct
import sys
import threading

import pytest
from django.core.exceptions import ImproperlyConfigured

from renkei.foundation.papers.kinds import FileRefused
from renkei.foundation.papers.models import ScanState
from renkei.foundation.papers.viruses import check_for_viruses


class Clamd(socketserver.StreamRequestHandler):
    """Speaks INSTREAM; finds what says EICAR, gives up on what says LARGE."""

    def handle(self):
        assert self.rfile.read(10) == b"zINSTREAM\x00"
        content = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        if b"LARGE" in content:
            self.wfile.write(b"INSTREAM size limit exceeded. ERROR\x00")
        elif b"EICAR" in content:
            self.wfile.write(b"stream: Eicar-Test FOUND\x00")
        else:
            self.wfile.write(b"stream: OK\x00")


@pytest.fixture
def clamd(tmp_path, settings):
    path = str(tmp_path / "clamd.sock")
    server = socketserver.UnixStreamServer(path, Clamd)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    settings.VIRUS_SCANNER = f"clamd:{path}"
    yield
    server.shutdown()
    server.server_close()
    thread.join()


def test_clamd_says_clean_or_infected(clamd):
    assert check_for_viruses(b"x" * 600_000) == ScanState.CLEAN
    with pytest.raises(FileRefused, match="ウイルスが見つかったため"):
        check_for_viruses(b"EICAR")


def test_scanner_that_gives_no_verdict_means_no(clamd):
    with pytest.raises(FileRefused, match="検査ができないため"):
        check_for_viruses(b"LARGE")


def test_scanner_that_is_not_there_means_no(settings, tmp_path):
    settings.VIRUS_SCANNER = f"clamd:{tmp_path}/nobody"

    with pytest.raises(FileRefused, match="検査ができないため"):
        check_for_viruses(b"x")


@pytest.mark.parametrize(
    ("status", "expected"),
    [(0, ScanState.CLEAN), (1, "ウイルスが見つかったため"), (2, "検査ができないため")],
)
def test_scanner_as_a_program(settings, status, expected):
    settings.VIRUS_SCANNER = (
        f"command:{sys.executable} -c 'import sys; sys.exit({status} if sys.stdin.read() else 9)'"
    )

    if isinstance(expected, ScanState):
        assert check_for_viruses(b"x") == expected
    else:
        with pytest.raises(FileRefused, match=expected):
            check_for_viruses(b"x")


def test_wrong_setting_is_named(settings):
    settings.VIRUS_SCANNER = "somewhere"

    with pytest.raises(ImproperlyConfigured, match="VIRUS_SCANNER"):
        check_for_viruses(b"x")
