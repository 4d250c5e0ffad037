"""Places as cards and pages show them. Only formats: what may be shown ``visibility`` decided."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from renkei.foundation.common import eras
from renkei.registry.facilities.catalogue import (
    CAPABILITIES,
    CARE,
    GROUPS,
    MEDICAL,
    SERVICES,
    SOURCES,
    GroupInfo,
)
from renkei.registry.facilities.fields import field_label
from renkei.registry.facilities.map_picture import MapPicture, Mark, picture_of
from renkei.registry.facilities.models import CoordinatesFrom, ListingStatus
from renkei.registry.facilities.opening import HoursRow, OpenState, open_state, summary, week_rows
from renkei.registry.facilities.search.conditions import distance_km
from renkei.registry.facilities.search.terms import SearchTerms
from renkei.registry.facilities.service_texts import ServiceText, text_of
from renkei.registry.facilities.values import value_text
from renkei.registry.facilities.visibility import VisiblePlace, VisibleService

VANISHED = "最新の公表データに載っていません。お出かけの前に電話で確かめてください。"
STATUS_NOTES = {
    ListingStatus.POSSIBLY_ENDED: VANISHED,
    ListingStatus.SUSPENDED: "いまは休止しています。",
    ListingStatus.ENDED: "廃止された事業所です。",
}


@dataclass(frozen=True, slots=True)
class Freshness:
    """State and date of the component ``freshness.html``."""

    state: str
    date: str


@dataclass(frozen=True, slots=True)
class FacilityCard:
    """One result of a list."""

    pk: int
    number: int
    name: str
    kind: str
    group: GroupInfo
    text: str
    note: str
    address: str
    distance: str
    phone: str
    now: OpenState
    hours: Sequence[str]
    capabilities: Sequence[str]
    freshness: Freshness
    corporate_name: str


def cards(
    places: Iterable[VisiblePlace], terms: SearchTerms, *, now: datetime, first_number: int = 1
) -> list[FacilityCard]:
    """The results of one page, numbered as the map numbers them."""
    return [
        _card(place, terms, now=now, number=number)
        for number, place in enumerate(places, first_number)
    ]


def _card(place: VisiblePlace, terms: SearchTerms, *, now: datetime, number: int) -> FacilityCard:
    leading = leading_service(place, terms)
    hours = next((service.hours for service in place.services if service.hours), {})
    note = STATUS_NOTES.get(place.status, "")  # type: ignore[call-overload]  # ASCII values
    return FacilityCard(
        pk=place.pk,
        number=number,
        name=place.name,
        kind=kind_text(place),
        group=leading.group if leading else GROUPS["support"],
        text=note or (text_of(leading.code).does if leading else ""),
        note=note,
        address=place.full_address,
        distance=distance_text(place, terms),
        phone=place.phone,
        now=open_state(hours, now),
        hours=summary(hours, place.first("days")),
        capabilities=[CAPABILITIES.get(key, key) for key in place.capabilities],
        freshness=freshness(place),
        corporate_name=place.corporate_name,
    )


def leading_service(place: VisiblePlace, terms: SearchTerms) -> VisibleService | None:
    """The service whose sign and words stand for the place: one that was looked for, if any."""
    wanted = [
        service
        for service in place.services
        if service.code in terms.services or service.info.group in terms.groups
    ]
    return next(iter((*wanted, *place.services)), None)


def kind_text(place: VisiblePlace) -> str:
    """What it is: the names of its services, each once."""
    return "・".join(dict.fromkeys(service.label for service in place.services)) or "そのほか"


def freshness(place: VisiblePlace) -> Freshness:
    """Since when we know: the town's own check, else the publisher's day."""
    if place.status == ListingStatus.POSSIBLY_ENDED:
        return Freshness("vanished", "")
    if place.confirmed_on and place.confirmed_on >= _published_on(place, place.confirmed_on):
        return Freshness("confirmed", eras.format_western(place.confirmed_on))
    published = _published_on(place, place.fresh_on)
    return Freshness("published", f"{published.year}年{published.month}月")


def _published_on(place: VisiblePlace, otherwise: date) -> date:
    return max((service.as_of for service in place.services if service.as_of), default=otherwise)


def distance_text(place: VisiblePlace, terms: SearchTerms) -> str:
    """「北浜2丁目から0.2km」; "" where either end is not known."""
    if terms.near is None or place.latitude is None or place.longitude is None:
        return ""
    distance = distance_km(place.latitude, place.longitude, terms.near)
    about = "約" if place.coordinates_from == CoordinatesFrom.TOWN else ""
    label = terms.address or terms.near.label
    return f"{label}から{about}{distance:.1f}km"


# One place ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One labelled value; ``was`` is the publisher's value the town corrected."""

    label: str
    text: str
    source: str = ""
    url: str = ""
    was: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ServicePanel:
    """One service of a place's page."""

    label: str
    text: ServiceText
    lines: Sequence[Line]
    week: Sequence[HoursRow]
    days_note: str
    source: str


@dataclass(frozen=True, slots=True)
class FacilityPage:
    """Everything a place's page shows."""

    place: VisiblePlace
    kind: str
    text: str
    note: str
    panels: Sequence[ServicePanel]
    now: OpenState
    fax: str
    position_note: str
    freshness: Freshness
    about: Sequence[Line]
    links: Sequence[Line]
    picture: MapPicture | None


_OFFER_FIELDS = (
    ("capabilities", "できること"),
    ("departments", "診療科目"),
    ("visiting_area", "訪問の範囲"),
    ("capacity", "定員"),
    ("beds", "病床数"),
    ("remarks", "備考"),
)
_ABOUT_FIELDS = (
    ("office_number", "事業所番号"),
    ("institution_code", "医療機関コード"),
    ("corporate_name", "運営"),
    ("corporate_number", "法人番号"),
    ("email", "メール"),
)


def facility_page(place: VisiblePlace, *, now: datetime) -> FacilityPage:
    """The page of one place."""
    hours = next((service.hours for service in place.services if service.hours), {})
    leading = place.services[0] if place.services else None
    return FacilityPage(
        place=place,
        kind=kind_text(place),
        text=text_of(leading.code).does if leading else "",
        note=STATUS_NOTES.get(place.status, ""),  # type: ignore[call-overload]  # ASCII values
        panels=[_panel(service, now.date()) for service in place.services],
        now=open_state(hours, now),
        fax=place.first("fax"),
        position_note=_POSITION_NOTES.get(place.coordinates_from, ""),
        freshness=freshness(place),
        about=_about(place),
        links=official_links(place),
        picture=_picture(place, leading),
    )


def _picture(place: VisiblePlace, leading: VisibleService | None) -> MapPicture | None:
    if place.longitude is None or place.latitude is None:
        return None
    group = leading.group if leading else GROUPS["support"]
    mark = Mark(place.longitude, place.latitude, group, group.letter)
    return picture_of(place.municipality_code, [mark])


_POSITION_NOTES = {
    CoordinatesFrom.TOWN.value: "地図の位置は、住所の町の中心です（推定）。",
    CoordinatesFrom.NONE.value: "地図の位置は分かりません。",
}


def _panel(service: VisibleService, today: date) -> ServicePanel:
    official = {override.field: override for override in service.overrides}
    lines = []
    for name, label in _OFFER_FIELDS:
        if name in service.values:
            lines.append(_line(service, name, label))
    lines += [Line(label, text) for label, text in service.attributes.items()]
    known = dict(_OFFER_FIELDS) | dict(_ABOUT_FIELDS)
    for name, override in official.items():
        if name not in known and name in service.values:
            lines.append(_line(service, override.field, ""))
    week = week_rows(service.hours, today)
    if not week and service.text("days"):
        lines.append(_line(service, "days", "利用できる曜日"))
    return ServicePanel(
        label=service.label,
        text=text_of(service.code),
        lines=lines,
        week=week,
        days_note=service.text("days_note"),
        source=source_text(service),
    )


def _line(service: VisibleService, name: str, label: str) -> Line:
    override = next((one for one in service.overrides if one.field == name), None)
    return Line(
        label=label or field_label(name),
        text=value_text(name, service.values[name]),
        source="市町村の値" if override else source_text(service),
        was=value_text(name, override.official_value) if override else "",
        reason=override.reason if override else "",
    )


def _about(place: VisiblePlace) -> list[Line]:
    lines: list[Line] = []
    for name, label in _ABOUT_FIELDS:
        found: dict[str, Line] = {}
        for service in place.services:
            if text := service.text(name):
                found.setdefault(text, Line(label, text, source_text(service)))
        lines += found.values()
    for text in dict.fromkeys(source_text(service) for service in place.services):
        lines.append(Line("出どころ", text))
    return lines


def source_text(service: VisibleService) -> str:
    """「介護サービス情報公表システム（2026年6月30日）」."""
    source = SOURCES.get(service.source)
    name = source.name if source else service.source
    return f"{name}（{eras.format_western(service.as_of)}）" if service.as_of else name


# Links out (T-NV1) --------------------------------------------------------------------------

# Source of both addresses: the sites themselves, 介護事業所・生活関連情報検索 and 医療情報ネット,
# as linked by programs that read them in 2026. 医療情報ネット's ID is prefecture, kind and number.
_CARE_PAGE = (
    "https://www.kaigokensaku.mhlw.go.jp/{prefecture}/index.php"
    "?action_kouhyou_detail_feature_index=true&JigyosyoCd={number}-00&ServiceCd={service}"
)
_MEDICAL_PAGE = (
    "https://www.iryou.teikyouseido.mhlw.go.jp/znk-web/juminkanja/S2430/initialize"
    "?prefCd={prefecture}&kikanKbn={kind}&kikanCd={number}"
)
_MEDICAL_ID = re.compile(r"(?P<prefecture>[0-9]{2})(?P<kind>[0-9])(?P<number>[0-9]{10})")


def official_links(place: VisiblePlace) -> list[Line]:
    """The publishers' own pages and the place's website."""
    links: dict[str, Line] = {}
    for service in place.services:
        if url := official_url(service, place):
            label = f"公表されている詳しい情報（{service.label}）"
            links.setdefault(url, Line(label, "", url=url))
    for service in place.services:
        url = service.text("url")
        if url.startswith(("http://", "https://")):
            links.setdefault(url, Line("施設のホームページ", "", url=url))
    return list(links.values())


def official_url(service: VisibleService, place: VisiblePlace) -> str:
    """The page of the ministry's site about this service; "" where it has none."""
    number = service.text("office_number")
    if service.source == CARE and number and service.code in SERVICES:
        prefecture = place.municipality_code[:2] or number[:2]
        return _CARE_PAGE.format(prefecture=prefecture, number=number, service=service.code)
    identity = _MEDICAL_ID.fullmatch(service.source_key)
    if service.source == MEDICAL and identity:
        return _MEDICAL_PAGE.format(**identity.groupdict())
    return ""


def attributions(places: Iterable[VisiblePlace]) -> list[str]:
    """Where a list's values come from, with the newest day of each source."""
    newest: dict[str, date | None] = {}
    for place in places:
        for service in place.services:
            known = newest.get(service.source)
            if service.source not in newest or (
                service.as_of and (known is None or service.as_of > known)
            ):
                newest[service.source] = service.as_of
    lines = []
    for key, source in SOURCES.items():
        if key in newest:
            day = newest[key]
            lines.append(
                f"{source.attribution}（{eras.format_western(day)}時点）"
                if day
                else source.attribution
            )
    return lines
