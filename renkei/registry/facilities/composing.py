"""Printed pages from the register: which places, for whose eyes, under which imprint."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock
from renkei.foundation.common.audience import Audience
from renkei.registry.facilities.booklet.chapters import divide
from renkei.registry.facilities.booklet.entries import entry_of, sources_of
from renkei.registry.facilities.booklet.pdf import SheetText, list_pdf, sheet_pdf
from renkei.registry.facilities.booklet.plan import Booklet, Imprint, plan_booklet
from renkei.registry.facilities.desk import current_region
from renkei.registry.facilities.models import BookletOrder
from renkei.registry.facilities.presenters import facility_page
from renkei.registry.facilities.queries import all_facilities
from renkei.registry.facilities.queries_booklets import (
    BookletScope,
    booklet_place_ids,
    booklet_places,
    ground_around,
    land_of,
)
from renkei.registry.facilities.search.terms import SORT_LABELS, SearchTerms
from renkei.registry.facilities.visibility import VisiblePlace

LIST_TITLE = "医療・介護の資源の一覧"
# About ten pages: what a browser waits for. More is a booklet or a file.
MOST_ON_A_LIST = 100
TOO_MANY = (
    f"はじめの{MOST_ON_A_LIST}か所だけを載せました。"
    "続きが要るときは、地域や種類でしぼり込んでから印刷してください。"
)
EDITION_WORDS = {
    Audience.PUBLIC: "住民のみなさまへ",
    Audience.PARTNER: "医療・介護の関係者用（住民には配らないでください）",
}
CONFIRMED_ONLY = "市町村が確認した所だけを載せています。"


def compose_booklet(order: BookletOrder) -> Booklet:
    """The booklet an order asks for, with the values its edition may show."""
    edition = Audience(order.edition)
    scope = BookletScope(order.area, tuple(order.groups), order.confirmed_only)
    places = booklet_places(booklet_place_ids(scope), edition=edition)
    full = edition is Audience.PARTNER
    entries = [entry_of(place, groups=scope.groups, full=full) for place in places]
    divided, grounds = divide(entries, land_of(order.area))
    region = current_region()
    imprint = Imprint(
        town=order.area.name,
        title=order.title,
        issued_on=clock.today(),
        desk=region.desk,
        sources=sources_of(places),
        edition=EDITION_WORDS[edition],
        note=CONFIRMED_ONLY if order.confirmed_only else "",
        address=_search_address(order),
    )
    return plan_booklet(imprint, divided, grounds)


def _search_address(order: BookletOrder) -> str:
    if not order.site_url:
        return ""
    return f"{order.site_url.rstrip('/')}/search/?area={order.area.code or f'a{order.area.pk}'}"


def compose_list(terms: SearchTerms, *, viewer: Viewer, address: str) -> bytes | None:
    """What a search found as an A4 list; None when it found nothing.

    ``address`` is that of the result, for the QR code.
    """
    places = list(all_facilities(terms, viewer=viewer, limit=MOST_ON_A_LIST + 1))
    if not places:
        return None
    note = TOO_MANY if len(places) > MOST_ON_A_LIST else ""
    places = places[:MOST_ON_A_LIST]
    entries = [entry_of(place, groups=terms.groups) for place in places]
    imprint = _imprint(LIST_TITLE, places, note=note, address=address)
    return list_pdf(imprint, entries, order=SORT_LABELS[terms.order])


def compose_sheet(place: VisiblePlace, *, now: datetime, address: str) -> bytes:
    """One place on one page; ``address`` is that of its page."""
    page = facility_page(place, now=now)
    hours = [(row.label, row.text) for panel in page.panels[:1] for row in panel.week]
    lines = [
        (line.label, line.text)
        for panel in page.panels
        for line in panel.lines
        if line.label and line.text
    ]
    if page.fax:
        lines.insert(0, ("FAX", page.fax))
    if page.note:
        lines.insert(0, ("お知らせ", page.note))
    text = SheetText(page.text, hours, list(dict.fromkeys(lines)))
    imprint = _imprint(place.name, [place], address=address)
    return sheet_pdf(imprint, entry_of(place), text, ground=ground_around(place.municipality_code))


def _imprint(
    title: str, places: Sequence[VisiblePlace], *, note: str = "", address: str
) -> Imprint:
    region = current_region()
    return Imprint(
        town=region.name,
        title=title,
        issued_on=clock.today(),
        desk=region.desk,
        sources=sources_of(places),
        note=note,
        address=address,
    )
