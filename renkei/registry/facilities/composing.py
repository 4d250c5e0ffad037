"""Printed pages from the register: which places, for whose eyes, under which imprint."""

from __future__ import annotations

from renkei.foundation.common import clock
from renkei.foundation.common.audience import Audience
from renkei.registry.facilities.booklet.chapters import divide
from renkei.registry.facilities.booklet.entries import entry_of, sources_of
from renkei.registry.facilities.booklet.plan import Booklet, Imprint, plan_booklet
from renkei.registry.facilities.desk import current_region
from renkei.registry.facilities.models import BookletOrder
from renkei.registry.facilities.queries_booklets import (
    BookletScope,
    booklet_place_ids,
    booklet_places,
    land_of,
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
