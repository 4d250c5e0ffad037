from __future__ import annotations

import re
from datetime import date

import pytest

from renkei.gateways.portal.accessibility import CRITERIA
from renkei.gateways.portal.pages import ITEMS, PAGES, SCENES
from renkei.registry.facilities.models import Dataset, ImportFile, ImportRun

pytestmark = pytest.mark.django_db
KANJI = re.compile(r"[\u3400-\u9fff々]")
STANDARD = ["/", "/about/", "/contact/", "/accessibility/", "/accessibility/result/", "/sources/"]
EASY = ["/easy/", *(f"/easy/{slug}/" for slug in PAGES)]


def main_of(page: str) -> str:
    return page.split('<main id="main">', 1)[1].split("</main>", 1)[0]


@pytest.mark.parametrize("url", [*STANDARD, *EASY])
def test_fixed_page_opens_for_anybody(client, url):
    page = client.get(url)

    assert page.status_code == 200
    assert not page.cookies  # nothing is stored on a reader's device


@pytest.mark.parametrize("url", EASY)
def test_easy_page_has_a_reading_over_every_kanji(client, url):
    text = main_of(client.get(url).content.decode())
    without_ruby = re.sub(r"<ruby>.*?</ruby>", "", text)
    words = re.sub(r"<[^>]+>", "", without_ruby)

    assert KANJI.findall(words) == []


@pytest.mark.parametrize("slug", PAGES)
def test_editions_link_to_each_other(client, slug):
    assert f'href="/easy/{slug}/"' in client.get(f"/{slug}/").content.decode()
    assert f'href="/{slug}/"' in client.get(f"/easy/{slug}/").content.decode()


def test_unknown_easy_page_is_not_found(client):
    assert client.get("/easy/nothing/").status_code == 404


def test_about_names_eight_items_and_four_scenes(client):
    text = client.get("/about/").content.decode()

    assert [letter for letter, *_ in ITEMS] == list("アイウエオカキク")
    assert [name for _, name, _ in ITEMS if name not in text] == []
    assert [name for name, *_ in SCENES if name not in text] == []


def test_accessibility_result_lists_the_criteria_of_the_standard(client):
    # JIS X 8341-3:2016 (= WCAG 2.0) has 25 criteria of level A and 13 of level AA.
    levels = [criterion.level for criterion in CRITERIA]

    assert (levels.count("A"), levels.count("AA"), len(levels)) == (25, 13, 38)
    assert client.get("/accessibility/result/").content.decode().count("<tr>") == 39


def test_sources_say_how_old_the_newest_applied_file_is(client):
    run = ImportRun.objects.create(started_at="2026-07-01T00:00+09:00", state="applied")
    file = ImportFile.objects.create(
        run=run,
        name="a.csv",
        sha256="0" * 64,
        source="care",
        dataset="130",
        as_of=date(2026, 6, 30),
    )
    for code, as_of in (("130", date(2026, 6, 30)), ("430", date(2025, 12, 31))):
        Dataset.objects.create(
            source="care", code=code, prefecture_code="99", as_of=as_of, file=file
        )

    text = client.get("/sources/").content.decode()

    assert "2026年6月30日" in text
    assert text.count("<td>記録なし</td>") == 3


def test_phone_and_hours_are_on_every_page(client, settings):
    settings.DEMO = True

    for url in [*STANDARD, *EASY]:
        text = client.get(url).content.decode()
        assert 'href="tel:0999000110"' in text, url
        assert "平日 8時30分～17時15分" in text, url
