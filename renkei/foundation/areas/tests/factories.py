"""Invented areas (架空県, prefecture code 99)."""

from __future__ import annotations

from datetime import date

import factory

from renkei.foundation.areas.models import Area, AreaEdge, AreaLevel, Hierarchy
from renkei.foundation.areas.periods import ALWAYS, DateRange


def between(start: date | None, end: date | None) -> DateRange:
    """Days from ``start`` up to and without ``end``."""
    return DateRange(start, end)


class AreaFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Area

    level = AreaLevel.MUNICIPALITY
    key = factory.Sequence(lambda number: f"市区町村/99/{number}")
    name = factory.Sequence(lambda number: f"架空{number}市")
    prefecture_code = "99"
    period = ALWAYS


class HierarchyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Hierarchy
        django_get_or_create = ("code",)

    code = "medical"
    name = "医療"
    exclusive = True


class AreaEdgeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AreaEdge

    hierarchy = factory.SubFactory(HierarchyFactory)
    exclusive = factory.SelfAttribute("hierarchy.exclusive")
    child = factory.SubFactory(AreaFactory)
    parent = factory.SubFactory(AreaFactory)
    period = ALWAYS
