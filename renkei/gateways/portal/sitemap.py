"""sitemap.xml: the fixed pages, areas and the places residents may know of; nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from xml.sax.saxutils import escape

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def index_lines(urls: Iterable[str]) -> Iterator[str]:
    """The list of the parts, each with at most 50,000 addresses (sitemaps.org)."""
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="{NAMESPACE}">\n'
    for url in urls:
        yield f"<sitemap><loc>{escape(url)}</loc></sitemap>\n"
    yield "</sitemapindex>\n"


def url_lines(entries: Iterable[tuple[str, date | None]]) -> Iterator[str]:
    """One part: addresses with the day their content is from."""
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{NAMESPACE}">\n'
    for url, changed_on in entries:
        day = f"<lastmod>{changed_on.isoformat()}</lastmod>" if changed_on else ""
        yield f"<url><loc>{escape(url)}</loc>{day}</url>\n"
    yield "</urlset>\n"
