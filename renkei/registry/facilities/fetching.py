"""Fetching the ministry's current open data files, where an installation has a network.

The addresses of the files change with every release, so the pages that list them are read, and
every link on them that has the name of a known file is followed. Nothing is imported here.

Source: 厚生労働省「介護サービス情報公表システムのオープンデータ」, 「医療機能情報提供制度の
オープンデータ」(pages that link the files; half-yearly).
"""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urljoin, urlsplit
from urllib.request import Request, urlopen

FILE_NAME = re.compile(
    r"(jigyosho_\d{3}(_all_\d{14})?\.csv"
    r"|0[1-5](-[12])?_[a-z_]+_\d{8}\.(csv|zip|csv\.zip))$"
)
LARGEST_FILE = 200 * 1024 * 1024
LARGEST_PAGE = 5 * 1024 * 1024
TIMEOUT_SECONDS = 60
STATE = "fetched.json"


class CannotFetchError(Exception):
    """The page or file cannot be had; the message says what to do."""


@dataclass(frozen=True)
class Fetched:
    """One file and whether it is new since the last time."""

    path: Path
    new: bool


def fetch_open_data(
    pages: Sequence[str], folder: Path, *, say: Callable[[str], None] = lambda _text: None
) -> list[Fetched]:
    """Bring every known file linked from ``pages`` into ``folder``; unchanged ones are kept.

    Raises:
        CannotFetchError: a page or file cannot be reached, or a page links no known file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    state_path = folder / STATE
    state: dict[str, str] = json.loads(state_path.read_text()) if state_path.exists() else {}
    fetched = []
    for page in pages:
        links = links_on(_read(page).decode("utf-8", "replace"), page)
        if not links:
            raise CannotFetchError(
                f"{page} に知っている名前のファイルがありません。ページの場所が変わっていないか"
                "確かめて、OPEN_DATA_PAGES を直してください。"
            )
        for link in links:
            one = _download(link, folder, state)
            say(f"{one.path.name}　{'新しいファイル' if one.new else '前と同じ'}")
            fetched.append(one)
            state_path.write_text(json.dumps(state, indent=1))
    return fetched


def links_on(html: str, page: str) -> list[str]:
    """Absolute addresses of the known files a page links, each once, in its order."""
    parser = _Links()
    parser.feed(html)
    found = [urljoin(page, link) for link in parser.links]
    return list(dict.fromkeys(link for link in found if FILE_NAME.search(_name(link))))


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.links += [value for name, value in attrs if name == "href" and value]


def _name(link: str) -> str:
    return unquote(urlsplit(link).path.rsplit("/", 1)[-1])


def _download(link: str, folder: Path, state: dict[str, str]) -> Fetched:
    path = folder / _name(link)
    headers = {"If-None-Match": state[link]} if state.get(link) and path.exists() else {}
    partial = path.with_suffix(path.suffix + ".partial")
    try:
        with _open(link, headers) as answer:
            _save(answer, partial, link)
            state[link] = answer.headers.get("ETag", "")
        new = not path.exists() or path.read_bytes() != partial.read_bytes()
        partial.replace(path)
    except HTTPError as error:
        if error.code == http.client.NOT_MODIFIED:
            return Fetched(path, new=False)
        raise CannotFetchError(_reason(link, error)) from error
    except (URLError, OSError, http.client.HTTPException) as error:
        raise CannotFetchError(_reason(link, error)) from error
    finally:
        partial.unlink(missing_ok=True)
    return Fetched(path, new=new)


def _save(answer: http.client.HTTPResponse, partial: Path, link: str) -> None:
    size = 0
    with partial.open("wb") as stream:
        while block := answer.read(1024 * 1024):
            size += len(block)
            if size > LARGEST_FILE:
                raise CannotFetchError(f"{link} が大きすぎます（200MBを超えました）。")
            stream.write(block)
    expected = answer.headers.get("Content-Length")
    if expected is not None and size != int(expected):
        raise CannotFetchError(f"{link} が途中で切れました。もう一度実行してください。")


def _read(page: str) -> bytes:
    try:
        with _open(page, {}) as answer:
            return answer.read(LARGEST_PAGE)
    except (HTTPError, URLError, OSError, http.client.HTTPException) as error:
        raise CannotFetchError(_reason(page, error)) from error


def _open(address: str, headers: dict[str, str]) -> http.client.HTTPResponse:
    if urlsplit(address).scheme not in {"http", "https"}:
        raise CannotFetchError(f"{address} は http か https のアドレスではありません。")
    request = Request(address, headers={"User-Agent": "Renkei", **headers})  # noqa: S310 - checked above
    answer: http.client.HTTPResponse = urlopen(request, timeout=TIMEOUT_SECONDS)  # noqa: S310
    return answer


def _reason(address: str, error: Exception) -> str:
    if isinstance(error, HTTPError):
        return f"{address} を取り寄せられませんでした（応答 {error.code}）。"
    return (
        f"{address} につながりません。ネットワークのある所でファイルを手に入れて、"
        "「renkei import フォルダ」で取り込んでください。"
    )
