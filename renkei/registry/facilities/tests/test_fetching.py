"""Fetching against a real server on loopback."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.management import CommandError, call_command

from renkei.registry.facilities.fetching import CannotFetchError, fetch_open_data, links_on

PAGE = """<html><body>
<a href="/files/jigyosho_130_all_20260630000000.csv">訪問看護</a>
<a href="02-1_clinic_facility_info_20260601.csv.zip">診療所</a>
<a href="02-1_clinic_facility_info_20260601.csv.zip">診療所（もう一度）</a>
<a href="/files/readme.pdf">説明</a><a>リンクなし</a>
</body></html>"""


class Ministry(ThreadingHTTPServer):
    """Answers by path; ``lie`` is a wrong length it claims."""

    lie: int | None = None
    answers: dict[str, tuple[bytes, int, str]]
    page: str


class Handler(BaseHTTPRequestHandler):
    server: Ministry

    def do_GET(self):
        content, status, etag = self.server.answers.get(self.path, (b"", 404, ""))
        if etag and self.headers.get("If-None-Match") == etag:
            status, content = 304, b""
        self.send_response(status)
        self.send_header("Content-Length", str(self.server.lie or len(content)))
        if etag:
            self.send_header("ETag", etag)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def ministry():
    server = Ministry(("127.0.0.1", 0), Handler)
    server.answers = {
        "/page.html": (PAGE.encode(), 200, ""),
        "/files/jigyosho_130_all_20260630000000.csv": (b"a,b\r\n", 200, '"1"'),
        "/02-1_clinic_facility_info_20260601.csv.zip": (b"zip", 200, ""),
    }
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    server.page = f"http://127.0.0.1:{server.server_port}/page.html"
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_links_are_followed_only_to_files_of_known_names():
    assert links_on(PAGE, "http://127.0.0.1/page.html") == [
        "http://127.0.0.1/files/jigyosho_130_all_20260630000000.csv",
        "http://127.0.0.1/02-1_clinic_facility_info_20260601.csv.zip",
    ]


def test_a_second_fetch_finds_nothing_new_until_a_file_changes(ministry, tmp_path):
    first = fetch_open_data([ministry.page], tmp_path)
    second = fetch_open_data([ministry.page], tmp_path)
    ministry.answers["/02-1_clinic_facility_info_20260601.csv.zip"] = (b"new", 200, "")
    third = fetch_open_data([ministry.page], tmp_path)

    assert [file.new for file in first] == [True, True]
    assert [file.new for file in second] == [False, False]
    assert [file.new for file in third] == [False, True]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "02-1_clinic_facility_info_20260601.csv.zip",
        "fetched.json",
        "jigyosho_130_all_20260630000000.csv",
    ]


def test_a_file_that_breaks_off_leaves_nothing_behind(ministry, tmp_path):
    page = ministry.answers["/page.html"][0]
    ministry.answers["/page.html"] = (page, 200, "")
    fetch_open_data([ministry.page], tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.glob("*.zip")}
    ministry.answers["/02-1_clinic_facility_info_20260601.csv.zip"] = (b"", 500, "")

    with pytest.raises(CannotFetchError, match="応答 500"):
        fetch_open_data([ministry.page], tmp_path)

    assert {path.name: path.read_bytes() for path in tmp_path.glob("*.zip")} == before
    assert list(tmp_path.glob("*.partial")) == []


def test_a_short_answer_is_refused(ministry, tmp_path):
    ministry.lie = len(PAGE.encode()) + 10

    with pytest.raises(CannotFetchError):
        fetch_open_data([ministry.page], tmp_path)


def test_a_page_without_known_files_says_so(ministry, tmp_path):
    ministry.answers["/page.html"] = (b"<html></html>", 200, "")

    with pytest.raises(CannotFetchError, match="OPEN_DATA_PAGES"):
        fetch_open_data([ministry.page], tmp_path)


def test_without_a_network_the_command_says_what_to_do(tmp_path):
    with pytest.raises(CommandError, match="renkei import"):
        call_command("fetch_open_data", folder=tmp_path, page=["http://127.0.0.1:9/none.html"])


@pytest.mark.parametrize("page", ["file:///etc/passwd", "ftp://127.0.0.1/x"])
def test_only_web_addresses_are_read(tmp_path, page):
    with pytest.raises(CannotFetchError, match="http"):
        fetch_open_data([page], tmp_path)


def test_the_command_tells_what_came_and_what_to_do_next(ministry, tmp_path, capsys):
    call_command("fetch_open_data", folder=tmp_path, page=[ministry.page])
    call_command("fetch_open_data", folder=tmp_path, page=[ministry.page])

    output = capsys.readouterr().out
    assert "2ファイルのうち2ファイルが新しくなりました。" in output
    assert "2ファイルのうち0ファイルが新しくなりました。" in output


def test_without_pages_the_command_asks_for_them(tmp_path, settings):
    settings.OPEN_DATA_PAGES = []

    with pytest.raises(CommandError, match="OPEN_DATA_PAGES"):
        call_command("fetch_open_data", folder=tmp_path)
