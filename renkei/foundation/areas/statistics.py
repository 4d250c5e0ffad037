"""Figures of an area on a day: its own, or added up over the municipalities in it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, FloatField, Max, Q, Sum
from django.db.models.functions import Cast

from renkei.foundation.areas.models import (
    Area,
    AreaEdge,
    AreaLevel,
    CertifiedCount,
    HierarchyCode,
    InsuredCount,
    Insurer,
    Population,
    Projection,
    Sex,
)
from renkei.foundation.areas.queries import descendants_on, units_on

OLD_AGE, LATE_OLD_AGE = 65, 75


@dataclass(frozen=True)
class AgeClass:
    """Residents of one age class by sex. The oldest class has no upper end."""

    age_from: int
    age_to: int | None
    male: int
    female: int

    @property
    def total(self) -> int:
        return self.male + self.female

    @property
    def label(self) -> str:
        return f"{self.age_from}〜{self.age_to}歳" if self.age_to else f"{self.age_from}歳以上"


@dataclass(frozen=True)
class PopulationFigures:
    """The residents of an area on the latest day known."""

    as_of: date
    total: int
    classes: list[AgeClass]
    # How many municipalities were added up, of how many; 1 of 1 for the area's own figure.
    unit_count: int
    expected_unit_count: int

    def aged(self, age: int) -> int:
        return sum(row.total for row in self.classes if row.age_from >= age)

    def share(self, age: int) -> float | None:
        """Share in the sum of the classes: some residents are in the total only (注1)."""
        known = sum(row.total for row in self.classes)
        return self.aged(age) / known * 100 if known else None


@dataclass(frozen=True)
class ProjectionYear:
    """One year of the projection; the shares are weighted by the totals."""

    year: int
    total: int
    aged_65: int | None
    aged_75: int | None


@dataclass(frozen=True)
class InsuranceFigures:
    """Insured and certified persons of the insurers of an area."""

    insurers: list[Insurer]
    as_of: date | None
    insured: int
    insured_75: int
    certified: int | None
    # Certified persons by level, from 要支援1 to 要介護5.
    levels: list[tuple[str, int]]


def unit_ids_of(area: Area, day: date) -> list[int]:
    """The municipalities an area consists of on a day; a municipality or ward is its own unit."""
    if area.level in {AreaLevel.MUNICIPALITY, AreaLevel.WARD}:
        return [area.pk]
    below = descendants_on(area, day).filter(level=AreaLevel.MUNICIPALITY, period__contains=day)
    return list(below.order_by("code").values_list("pk", flat=True))


def population_of(area: Area, day: date) -> PopulationFigures | None:
    """Residents on the latest day of the register up to ``day``, or else on its first day.

    The units are those of ``day``, re-cut to the day of the register.
    """
    own = Population.objects.filter(area=area).exclude(as_of=None)
    units = [area.pk] if own.exists() else unit_ids_of(area, day)
    known = Population.objects.filter(area__in=units).exclude(as_of=None)
    as_of = (
        known.filter(as_of__lte=day).aggregate(Max("as_of"))["as_of__max"]
        or Population.objects.exclude(as_of=None).aggregate(Max("as_of"))["as_of__max"]
    )
    if as_of is None:
        return None
    then = _re_cut(units, on=day, day=as_of)
    rows = Population.objects.filter(area__in=then, as_of=as_of)
    sums = rows.values("sex", "age_from", "age_to").annotate(persons=Sum("count"))
    by_class = {(row["age_from"], row["age_to"], row["sex"]): row["persons"] for row in sums}
    if (None, None, Sex.BOTH) not in by_class:
        return None
    ages = sorted({(low, high) for low, high, _ in by_class if low is not None})
    return PopulationFigures(
        as_of=as_of,
        total=by_class[None, None, Sex.BOTH],
        classes=[
            AgeClass(
                low,
                high,
                by_class.get((low, high, Sex.MALE), 0),
                by_class.get((low, high, Sex.FEMALE), 0),
            )
            for low, high in ages
        ],
        unit_count=rows.values("area").distinct().count(),
        expected_unit_count=len(then),
    )


def _re_cut(units: Collection[int], *, on: date, day: date) -> list[int]:
    found = units_on(units, on=on, day=day)
    return sorted({target for unit in units for target in found[unit] or [unit]})


def projection_of(area: Area, day: date) -> list[ProjectionYear]:
    """The projection year by year; empty where there is none for every unit."""
    own = Projection.objects.filter(area=area).exists()
    units = [area.pk] if own else unit_ids_of(area, day)
    # A year counts only where all units have it: a part is not the area.
    rows = (
        Projection.objects.filter(area__in=units, total__isnull=False)
        .values("year")
        .annotate(
            persons=Sum("total"),
            units=Count("area"),
            old=_weighted("share_65"),
            late=_weighted("share_75"),
        )
        .order_by("year")
    )
    return [
        ProjectionYear(row["year"], row["persons"], _rounded(row["old"]), _rounded(row["late"]))
        for row in rows
        if row["units"] == len(units)
    ]


def _weighted(column: str) -> Sum:
    share = Cast(F("total"), FloatField()) * F(column) / 100.0
    return Sum(share, filter=Q(**{f"{column}__isnull": False}))


def _rounded(value: float | None) -> int | None:
    return None if value is None else round(value)


LEVELS = {
    "support_1": "要支援1",
    "support_2": "要支援2",
    "care_1": "要介護1",
    "care_2": "要介護2",
    "care_3": "要介護3",
    "care_4": "要介護4",
    "care_5": "要介護5",
}
_ALL_CLASSES = "総数"


def insurance_of(area: Area, day: date) -> InsuranceFigures | None:
    """Insured and certified persons of every insurer that lies in the area.

    A municipality in a union shows the union's figures: the tables have no smaller ones.
    """
    insurers = _insurers_of(area, day)
    if not insurers:
        return None
    counts = InsuredCount.objects.filter(insurer__in=insurers)
    as_of = counts.aggregate(Max("as_of"))["as_of__max"]
    sums = counts.filter(as_of=as_of).aggregate(
        insured=Sum("total"), late=Sum(F("aged_75_to_84") + F("aged_85_over"))
    )
    if sums["insured"] is None:
        return None
    certified = CertifiedCount.objects.filter(
        insurer__in=insurers, as_of=as_of, insured_class=_ALL_CLASSES
    ).aggregate(Sum("total"), **{name: Sum(name) for name in LEVELS})
    return InsuranceFigures(
        insurers=insurers,
        as_of=as_of,
        insured=sums["insured"],
        insured_75=sums["late"],
        certified=certified["total__sum"],
        levels=[(label, certified[name] or 0) for name, label in LEVELS.items()],
    )


def _insurers_of(area: Area, day: date) -> list[Insurer]:
    units = unit_ids_of(area, day)
    own = Insurer.objects.filter(Q(area__in=units) | Q(area=area)).select_related("area")
    found = {insurer.pk: insurer for insurer in own.order_by("prefecture_code", "name")}
    unions = AreaEdge.objects.filter(
        hierarchy__code=HierarchyCode.WIDE_AREA_UNION, period__contains=day
    )
    above = unions.filter(child__in=units).values_list("parent_id", flat=True)
    inside = set(units)
    for insurer in Insurer.objects.filter(area__in=above).select_related("area").order_by("name"):
        members = set(unions.filter(parent_id=insurer.area_id).values_list("child_id", flat=True))
        if len(units) == 1 or members <= inside:
            found.setdefault(insurer.pk, insurer)
    return list(found.values())
