"""T-A3: what is meant for 関係者 or 行政 is on no public page, file, list or search result.

Every field of the register that is not for residents holds a canary, every kind of field once by
its default, once by a decision and once by an exception of one place. A visitor without an account
then follows every link from the home page and the sitemap, and asks every search for the canaries.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import deque
from datetime import datetime
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
import time_machine
from django.test import Client
from django.urls import NoReverseMatch, reverse
from pypdf import PdfReader

from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.areas.models import Area, AreaLevel
from renkei.foundation.common.audience import Audience
from renkei.foundation.common.clock import TOKYO
from renkei.registry.facilities.fields import FIELDS, FieldKind
from renkei.registry.facilities.models import Dataset, FieldPolicy, Service
from renkei.registry.facilities.search.indexing import rebuild_index
from renkei.registry.facilities.tests.factories import AS_OF, AT, ImportFileFactory
from renkei.registry.facilities.tests.places import place

CANARY = re.compile(r"canary|カナリア|0777|金糸雀", re.IGNORECASE)
MOST_PAGES = 400
# Fields that decide nothing a reader sees by themselves, or hold no text of ours.
_NOT_PLANTED = {"name", "status", "latitude", "longitude", "capacity"}


def canary_of(name: str, kind: FieldKind) -> object:
    """A value nobody can mistake, of the kind the field holds."""
    if kind is FieldKind.WORDS:
        return [f"金糸雀{name}"]
    if kind is FieldKind.CAPABILITIES:
        return ["palliative_home_care"]
    if kind is FieldKind.HOURS:
        return {"mon": [["07:77", "17:77"]]}
    if kind is FieldKind.PHONE:
        return "0777-77-7777"
    if kind is FieldKind.URL:
        return f"https://canary-{name}.example.jp/"
    return "0777777777" if name in {"office_number", "institution_code"} else f"金糸雀{name}"[:8]


@pytest.fixture
def planted(db):
    """Three places: one guarded by decisions, one by exceptions, one that may be seen whole."""
    city = Area.objects.create(
        name="架空市", code="992011", key="992011", level=AreaLevel.MUNICIPALITY,
        prefecture_code="99", period=("2000-01-01", None),
    )  # fmt: skip
    Dataset.objects.create(
        source="care", code="130", prefecture_code="99", as_of=AS_OF,
        file=ImportFileFactory.create(),
    )  # fmt: skip
    guarded = [name for name in FIELDS if name not in _NOT_PLANTED]
    values = {name: canary_of(name, FIELDS[name].kind) for name in guarded}
    values |= {"corporate_number": "0777777777777", "postcode": "0777777"}
    values |= {"days": "金糸雀曜日", "email": "canary@example.jp"}
    values |= {"attributes": {"担当者の携帯": "0777-00-0001", "内緒": "カナリア"}}
    exempt = place("例外の所", municipality=city, latitude=35.5, longitude=141.5, **values)
    whole = place("すべて見せる所", municipality=city, latitude=35.6, longitude=141.5)
    hidden = place("金糸雀の家", municipality=city, latitude=35.7, longitude=141.5)
    for name in guarded:
        Policy(name, exempt, Audience.PARTNER if name != "remarks" else Audience.GOVERNMENT)
    Policy("name", hidden, Audience.GOVERNMENT)
    rebuild_index()
    return {"exempt": exempt, "whole": whole, "hidden": hidden}


def Policy(field, facility, audience):  # noqa: N802 - reads as what it makes
    return FieldPolicy.objects.create(
        field=field, facility=facility, audience=audience, checked_by_id=1, checked_at=AT
    )


def text_of(response) -> str:
    """Everything a reader could get out of an answer."""
    body = b"".join(response) if response.streaming else response.content
    kind = response["Content-Type"].partition(";")[0]
    if kind == "application/pdf":
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    if body[:4] == b"PK\x03\x04":
        archive = zipfile.ZipFile(io.BytesIO(body))
        return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    return unescape(body.decode("utf-8", "replace"))


_LINK = re.compile(
    r"""(?:href|src|hx-get|action)=["']([^"'#]+)|<loc>([^<]+)|"(/[^"\s]+\?[^"\s]*)\""""
)


def links_in(text: str, url: str) -> list[str]:
    found = (next(filter(None, match)) for match in _LINK.findall(text))
    targets = (urlsplit(urljoin(f"http://testserver{url}", link)) for link in found)
    return [
        target.path + (f"?{target.query}" if target.query else "")
        for target in targets
        if target.netloc == "testserver" and not target.path.startswith("/static/")
    ]


def crawl(client: Client, start: list[str]) -> dict[str, str]:
    """Address → text of everything a visitor reaches."""
    waiting, seen = deque(start), dict.fromkeys(start, "")
    while waiting and len(seen) < MOST_PAGES:
        url = waiting.popleft()
        response = client.get(url)
        if response.status_code != 200:
            continue
        seen[url] = text_of(response)
        for link in links_in(seen[url], url):
            if link not in seen:
                seen[link] = ""
                waiting.append(link)
    return seen


def addresses(*names: str) -> list[str]:
    """The addresses of named pages, as far as they exist."""
    found = []
    for name in names:
        try:
            found.append(reverse(name))
        except NoReverseMatch:
            continue
    return found


@time_machine.travel(datetime(2026, 11, 20, 10, 0, tzinfo=TOKYO), tick=False)
def test_t_a3_no_canary_reaches_a_visitor(planted):
    client = Client()
    start = ["/", "/sitemap.xml", "/search/", "/map/"]
    start += addresses("portal:search_map", "portal:search_facets", "portal:dcat")
    start += [f"/search/?view={view}" for view in ("card", "table", "map")]
    start += ["/search/map.json?bbox=141,35,142,36&z=12", "/search/map.json?bbox=141,35,142,36&z=5"]
    start += [f"/facilities/{one.pk}/" for one in planted.values()]

    pages = crawl(client, start)

    leaks = {url: found[0] for url, text in pages.items() if (found := CANARY.search(text))}
    assert leaks == {}
    read = [url for url, text in pages.items() if text]
    assert f"/facilities/{planted['exempt'].pk}/" in read
    assert f"/facilities/{planted['hidden'].pk}/" not in read
    assert len(read) >= 10


@time_machine.travel(datetime(2026, 11, 20, 10, 0, tzinfo=TOKYO), tick=False)
def test_t_a3_searching_for_a_canary_finds_nothing_for_a_visitor(planted):
    from django.http import QueryDict

    from renkei.foundation.accounts.viewers import ANYBODY, Viewer  # after the database is there
    from renkei.registry.facilities.forms_search import read_terms
    from renkei.registry.facilities.queries import find_facilities
    from renkei.registry.facilities.search.facets import facet_counts

    staff = Viewer(user_id=1, role=Role.MUNICIPAL_STAFF)
    words = ["金糸雀", "カナリア", "077777", "金糸雀の家", "0777-00-0001"]
    for query in [*(f"q={word}" for word in words), "capability=palliative_home_care",
                  "day=mon&q=例外", "hour=8&q=例外"]:  # fmt: skip
        terms, problems = read_terms(QueryDict(query))
        assert problems == []

        page = find_facilities(terms, viewer=ANYBODY)
        counts = facet_counts(terms, viewer=ANYBODY)

        assert (query, page.count, list(page.places)) == (query, 0, [])
        assert not any(counts.groups.values())
    # The canaries are there: those who may know of them find them.
    terms, _ = read_terms(QueryDict("q=金糸雀"))
    assert find_facilities(terms, viewer=staff).count == 2


@time_machine.travel(datetime(2026, 11, 20, 10, 0, tzinfo=TOKYO), tick=False)
def test_t_a3_the_canaries_are_on_the_pages_of_staff(planted):
    client = accounts.sign_in(Client(), accounts.member(Role.MUNICIPAL_STAFF))

    text = text_of(client.get(f"/register/facilities/{planted['exempt'].pk}/"))

    service = Service.objects.get(facility=planted["exempt"])
    for value in (service.visiting_area, service.fax, "0777-00-0001", "金糸雀departments"):
        assert value in text
