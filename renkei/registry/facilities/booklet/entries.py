"""Places as a booklet prints them. Takes what ``visibility`` let through and adds nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date
from typing import Final

from renkei.foundation.common import eras
from renkei.foundation.common.addresses import split_address
from renkei.registry.facilities.booklet.plan import Entry, Source
from renkei.registry.facilities.catalogue import CAPABILITIES, GROUPS, SOURCES
from renkei.registry.facilities.opening import summary
from renkei.registry.facilities.presenters import freshness
from renkei.registry.facilities.visibility import VisiblePlace, VisibleService

VANISHED: Final = "掲載終了の可能性（電話で確かめてください）"
UNNAMED: Final = "（名前は公開されていません）"
# A cell of the list stays readable: what is longer stands on the place's own page.
LONGEST_LINE: Final = 60
MOST_HOURS: Final = 4
_BLOCK: Final = re.compile(r"(?:[0-9〇一二三四五六七八九十]+丁目?|[0-9]).*$")
_OLD_DISTRICT: Final = re.compile(r"^(?:大字|字)")


def entry_of(place: VisiblePlace, *, groups: Collection[str] = (), full: bool = False) -> Entry:
    """One place; ``full`` adds FAX and the columns of local lists, for professionals."""
    leading = _leading(place, groups)
    kinds = dict.fromkeys(service.label for service in place.services)
    return Entry(
        facility_id=place.pk,
        name=place.name or UNNAMED,
        kana=place.kana,
        group=leading.group.key if leading else "support",
        kinds="・".join(kinds),
        district="",
        address=_local_address(place),
        phone=place.phone,
        hours="\n".join(_notes(place, full=full)),
        freshness=freshness_text(place),
        longitude=place.longitude,
        latitude=place.latitude,
        municipality=place.municipality_name,
        town=town_of(place.address, place.municipality_name),
    )


def town_of(address: str, municipality: str) -> str:
    """大字 or 町 without 丁目: 「東合川」 of 「久留米市東合川一丁目2-3」."""
    town = split_address(address, municipality=municipality).town if address else ""
    return base_town(town)


def base_town(name: str) -> str:
    """The name of a town without its 丁目 and without 大字."""
    return _OLD_DISTRICT.sub("", _BLOCK.sub("", name)).strip()


def freshness_text(place: VisiblePlace) -> str:
    """Since when we know it, in words."""
    known = freshness(place)
    if known.state == "vanished":
        return VANISHED
    return f"{known.date}に確認" if known.state == "confirmed" else f"{known.date}の情報"


def sources_of(places: Iterable[VisiblePlace]) -> tuple[Source, ...]:
    """The sources of these places with their newest day, in the order of the catalogue."""
    newest: dict[str, date | None] = {}
    for place in places:
        for service in place.services:
            known = newest.setdefault(service.source, service.as_of)
            if service.as_of and (known is None or service.as_of > known):
                newest[service.source] = service.as_of
    return tuple(
        Source(
            info.name,
            info.attribution,
            info.licence,
            eras.format_long(day) if (day := newest[key]) else "",
        )
        for key, info in SOURCES.items()
        if key in newest
    )


def _leading(place: VisiblePlace, groups: Collection[str]) -> VisibleService | None:
    """The service that decides under which kind a place is listed: the first that was asked for."""
    order = list(GROUPS)
    services = sorted(place.services, key=lambda one: order.index(one.group.key))
    wanted = [one for one in services if one.group.key in groups]
    return next(iter([*wanted, *services]), None)


def _local_address(place: VisiblePlace) -> str:
    """The address without prefecture and municipality, which the chapter already says."""
    if not place.municipality_name:
        return place.full_address
    rest = place.full_address.partition(place.municipality_name)[2].strip()
    return rest or place.full_address


def _notes(place: VisiblePlace, *, full: bool) -> list[str]:
    hours = next((service.hours for service in place.services if service.hours), {})
    lines = list(summary(hours, place.first("days")))[:MOST_HOURS]
    if place.capabilities:
        lines.append("、".join(CAPABILITIES.get(key, key) for key in place.capabilities))
    if found := [word for service in place.services for word in service.words("departments")]:
        lines.append("、".join(dict.fromkeys(found)))
    if area := place.first("visiting_area"):
        lines.append(f"訪問の範囲：{area}")
    if full:
        if fax := place.first("fax"):
            lines.append(f"FAX {fax}")
        extra = {
            f"{label}：{text}"
            for service in place.services
            for label, text in service.attributes.items()
        }
        lines += sorted(extra)
    return [line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1] + "…" for line in lines]
