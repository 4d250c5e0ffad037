"""Putting reference areas into the database, under the municipalities that are there."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.foundation.areas.edges import ensure_area, ensure_hierarchy, place_under
from renkei.foundation.areas.models import (
    Area,
    AreaEdge,
    AreaLevel,
    AreaOffice,
    Hierarchy,
    HierarchyCode,
    OfficeKind,
    Population,
    Sex,
)
from renkei.foundation.areas.reference import hokkaido_home_care_areas as hokkaido
from renkei.foundation.audit.actors import Actor
from renkei.foundation.audit.services import record_event


@transaction.atomic
def load_hokkaido_home_care_areas(*, actor: Actor) -> int:
    """The 18 printed 在宅医療圏 with their places above and below; a second time changes nothing.

    Returns: the number of areas that are new.

    Raises:
        ValidationError: a municipality is missing.
    """
    loader = _Loader()
    before = Area.objects.count()
    for row in hokkaido.HOME_CARE_AREAS:
        loader.add(row)
    added = Area.objects.count() - before
    record_event(
        actor=actor,
        action="areas.reference_loaded",
        target=("areas.reference", "hokkaido_home_care_areas"),
        detail={"added": added},
    )
    return added


class _Loader:
    """One pass over the table."""

    def __init__(self) -> None:
        today = Area.objects.filter(prefecture_code=hokkaido.PREFECTURE_CODE, period__endswith=None)
        self._municipalities = {
            area.name: area for area in today.filter(level=AreaLevel.MUNICIPALITY)
        }
        self._prefecture = today.filter(level=AreaLevel.PREFECTURE).first()
        self._medical = ensure_hierarchy(HierarchyCode.MEDICAL)
        self._health = ensure_hierarchy(HierarchyCode.HEALTH_CENTRE)

    def add(self, row: hokkaido.HomeCareArea) -> None:
        members = [self._municipality(name) for name in row.members]
        tertiary = self._area(AreaLevel.TERTIARY_MEDICAL, row.tertiary)
        secondary = self._area(AreaLevel.SECONDARY_MEDICAL, row.secondary)
        home_care = self._area(AreaLevel.HOME_CARE, row.name)
        centre = self._area(AreaLevel.HEALTH_CENTRE, f"{row.health_centre}保健所")
        if self._prefecture:
            self._place(self._medical, tertiary, self._prefecture)
            self._place(self._health, centre, self._prefecture)
        self._place(self._medical, secondary, tertiary)
        self._place(self._medical, home_care, secondary)
        for member in members:
            self._place(self._medical, member, home_care)
            self._place(self._health, member, centre)
        self._offices(row, secondary, home_care)
        Population.objects.update_or_create(
            area=home_care,
            as_of=None,
            sex=Sex.BOTH,
            age_from=None,
            defaults={"count": row.population},
        )

    def _municipality(self, name: str) -> Area:
        area = self._municipalities.get(name)
        if area is None:
            raise ValidationError(
                f"北海道の「{name}」が登録されていません。先に市区町村の一覧を取り込んでください。"
            )
        return area

    def _area(self, level: AreaLevel, name: str) -> Area:
        return ensure_area(
            level, name, prefecture_code=hokkaido.PREFECTURE_CODE, source=hokkaido.SOURCE
        )[0]

    def _place(self, hierarchy: Hierarchy, child: Area, parent: Area) -> None:
        edges = AreaEdge.objects.filter(hierarchy=hierarchy, child=child, parent=parent)
        if not edges.filter(period__endswith=None).exists():
            place_under(
                hierarchy, child=child, parent=parent, valid_from=None, source=hokkaido.SOURCE
            )

    def _offices(self, row: hokkaido.HomeCareArea, secondary: Area, home_care: Area) -> None:
        """Source: 北海道 division of work: 二次医療圏 = 道立保健所, 在宅医療圏 = 連携の拠点."""
        centre = f"{row.health_centre}保健所"
        for area in (secondary, home_care):
            self._office(area, OfficeKind.HEALTH_CENTRE, centre)
        if row.health_centre not in hokkaido.CITY_HEALTH_CENTRES:
            self._office(secondary, OfficeKind.SECRETARIAT, centre)

    def _office(self, area: Area, kind: OfficeKind, name: str) -> None:
        AreaOffice.objects.update_or_create(
            area=area, kind=kind, name=name, defaults={"source": hokkaido.SOURCE}
        )
