from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from renkei.foundation.areas.models import AreaChange, AreaNeighbour, Boundary
from renkei.foundation.areas.tests.factories import (
    AreaEdgeFactory,
    AreaFactory,
    HierarchyFactory,
    between,
)

pytestmark = pytest.mark.django_db
MERGER = date(2024, 4, 1)


def refuses(make, **values):
    with pytest.raises(IntegrityError), transaction.atomic():
        make(**values)


def test_exclusive_hierarchy_has_one_parent_at_a_time():
    edge = AreaEdgeFactory(period=between(None, MERGER))

    refuses(AreaEdgeFactory, child=edge.child, period=between(date(2024, 3, 31), None))
    AreaEdgeFactory(child=edge.child, period=between(MERGER, None))


def test_open_hierarchy_has_several_parents_but_each_once():
    doctors = HierarchyFactory(code="medical_association", exclusive=False)
    edge = AreaEdgeFactory(hierarchy=doctors)

    AreaEdgeFactory(hierarchy=doctors, child=edge.child)
    refuses(AreaEdgeFactory, hierarchy=doctors, child=edge.child, parent=edge.parent)


def test_hierarchies_do_not_disturb_each_other():
    edge = AreaEdgeFactory()

    AreaEdgeFactory(
        hierarchy=HierarchyFactory(code="health_centre", name="保健所"), child=edge.child
    )


def test_empty_periods_and_loops_are_refused():
    area = AreaFactory()

    refuses(AreaFactory, period=between(MERGER, MERGER))
    refuses(AreaEdgeFactory, period=between(MERGER, MERGER))
    refuses(AreaEdgeFactory, child=area, parent=area)
    refuses(AreaNeighbour.objects.create, area=area, neighbour=area)


def test_second_parent_is_explained_to_the_user():
    edge = AreaEdgeFactory()
    second = AreaEdgeFactory.build(
        hierarchy=edge.hierarchy, child=edge.child, parent=AreaFactory(), exclusive=True
    )

    with pytest.raises(ValidationError, match="別の上位の圏域に属しています。"):
        second.validate_constraints()


def test_names_are_shown():
    area = AreaFactory(name="架空市")
    edge = AreaEdgeFactory.build(child=area, parent=AreaFactory(name="架空県"))
    change = AreaChange(old=area, new=edge.parent, changed_on=MERGER)

    assert str(edge) == "架空市 → 架空県"
    assert str(change) == "2024-04-01 架空市 → 架空県"
    assert str(Boundary(area=area)) == "架空市 (None)"
    assert str(AreaNeighbour(area=area, neighbour=edge.parent)) == "架空市 - 架空県"
