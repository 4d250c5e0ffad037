"""Fills an empty installation with 架空広域, through the same importers and services as real data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from django.db.models import QuerySet

from renkei.demo import area_files, geography, register, register_files
from renkei.foundation.areas.edges import ensure_area
from renkei.foundation.areas.importers.files import ImportOptions
from renkei.foundation.areas.models import Area, AreaLevel, HierarchyCode, OfficeKind
from renkei.foundation.areas.services import import_area_files, place_area, set_office
from renkei.foundation.audit.actors import PUBLIC, SYSTEM, Actor
from renkei.registry.facilities.models import Facility, Service
from renkei.registry.facilities.services.imports import apply_import, create_run, read_import
from renkei.registry.facilities.services.overrides import confirm_facility, correct_field
from renkei.registry.facilities.services.requests import receive_request

Say = Callable[[str], None]
# Half-yearly files, the last of which waits for the officer to look at it.
SNAPSHOTS = (date(2025, 12, 31), date(2026, 6, 30))
PLACED = (
    # (hierarchy, level, name, members by municipality)
    (HierarchyCode.HEALTH_CENTRE, AreaLevel.HEALTH_CENTRE, "架空県東部保健所", None),
    (
        HierarchyCode.MEDICAL_ASSOCIATION,
        AreaLevel.MEDICAL_ASSOCIATION,
        "架空市医師会",
        ("架空市", "浜風町", "沖波村"),
    ),
    (
        HierarchyCode.MEDICAL_ASSOCIATION,
        AreaLevel.MEDICAL_ASSOCIATION,
        "汐見磯辺医師会",
        ("汐見市", "磯辺町"),
    ),
    (HierarchyCode.WIDE_AREA_UNION, AreaLevel.WIDE_AREA_UNION, "架空広域連合", None),
)


def municipalities() -> QuerySet[Area]:
    """The five municipalities of the region."""
    return Area.objects.filter(
        prefecture_code=geography.PREFECTURE_CODE, level=AreaLevel.MUNICIPALITY
    ).order_by("code")


def fill_areas(folder: Path, say: Say) -> None:
    """Municipalities, hierarchies, boundaries and people of the region."""
    area_files.write_area_files(folder)
    options = ImportOptions(as_of=date(2026, 3, 31))
    import_area_files(
        [folder],
        actor=SYSTEM,
        options=options,
        tell=lambda report: say(report) if isinstance(report, str) else None,
    )
    members = {area.name: area for area in municipalities()}
    for hierarchy, level, name, inside in PLACED:
        parent = _area(level, name)
        for municipality in inside or members:
            place_area(
                actor=SYSTEM, hierarchy=hierarchy, child=members[municipality], parent=parent,
                valid_from=None, source="架空",
            )  # fmt: skip
    _fill_home_care_areas(members)
    _fill_offices(members)


def _fill_home_care_areas(members: dict[str, Area]) -> None:
    secondary = Area.objects.filter(
        level=AreaLevel.SECONDARY_MEDICAL, prefecture_code=geography.PREFECTURE_CODE
    ).first()
    for one in geography.MUNICIPALITIES:
        home_care = _area(AreaLevel.HOME_CARE, one.home_care_area)
        place_area(
            actor=SYSTEM, hierarchy=HierarchyCode.MEDICAL, child=members[one.name],
            parent=home_care, valid_from=None, source="架空",
        )  # fmt: skip
        if secondary:
            place_area(
                actor=SYSTEM, hierarchy=HierarchyCode.MEDICAL, child=home_care, parent=secondary,
                valid_from=None, source="架空",
            )  # fmt: skip


def _fill_offices(members: dict[str, Area]) -> None:
    town = members["架空市"]
    offices = (
        (OfficeKind.SECRETARIAT, "架空市 高齢者支援課", "0999-00-0100", "事業の事務局"),
        (
            OfficeKind.BASE,
            "在宅医療・介護連携支援センター 架空",
            "0999-00-0110",
            "連携の拠点・相談窓口",
        ),
        (OfficeKind.COUNCIL, "架空市在宅医療・介護連携推進協議会", "", "年3回"),
        (OfficeKind.HEALTH_CENTRE, "架空県東部保健所", "0999-00-0200", ""),
    )
    for kind, name, phone, note in offices:
        set_office(actor=SYSTEM, area=town, kind=kind, name=name, phone=phone, note=note)


def _area(level: AreaLevel, name: str) -> Area:
    # The same key as an imported list of that area would use.
    return ensure_area(level, name, prefecture_code=geography.PREFECTURE_CODE, source="架空")[0]


def fill_register(folder: Path, *, actor: Actor, say: Say) -> None:
    """Two snapshots of the official files; the second is the state of today."""
    records = register.all_records()
    for day in SNAPSHOTS:
        snapshot = folder / f"{day:%Y-%m}"
        register_files.write_register_files(snapshot, register_files.as_of(records, day), day)
        paths = sorted(str(path) for path in snapshot.iterdir())
        run = read_import(create_run(actor=actor, paths=paths, as_of=day).uid)
        run = apply_import(actor=actor, run=run)
        say(f"{day:%Y年%m月}の公表データを取り込みました：{run.counts}")


def look_after_register(*, actor: Actor) -> None:
    """What a town does in a year: confirms places by phone, corrects what it knows better."""
    for facility in Facility.objects.order_by("pk")[::3]:
        confirm_facility(actor=actor, facility=facility, method="電話")
    known_better = (
        ("visiting_area", "架空市の全域、汐見市の一部", "事業所に電話で確認"),
        ("days_note", "年末年始も電話はつながります。", "事業所から連絡"),
        ("fax", "0999-01-0001", "FAXの不達で確認"),
    )
    stations = Service.objects.filter(service_code="130").order_by("pk")
    for service, (field, value, reason) in zip(stations, known_better, strict=False):
        correct_field(actor=actor, service=service, field=field, value=value, reason=reason)
    place = Facility.objects.order_by("-pk").first()
    if place is not None:
        text = "電話番号が変わっていました。新しい番号に直してください。"
        receive_request(actor=PUBLIC, facility=place, text=text, contact="")
