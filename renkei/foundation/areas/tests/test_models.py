from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from renkei.foundation.areas.models import (
    AreaChange,
    AreaEdge,
    AreaNeighbour,
    AreaOffice,
    Boundary,
    CertifiedCount,
    Hierarchy,
    InsuredCount,
    Insurer,
    Population,
    Projection,
)
from renkei.foundation.areas.tests.factories import (
    between,
    make_area,
    make_edge,
    make_hierarchy,
)

pytestmark = pytest.mark.django_db
MERGER = date(2024, 4, 1)


def refuses(make, **values):
    with pytest.raises(IntegrityError), transaction.atomic():
        make(**values)


def test_exclusive_hierarchy_has_one_parent_at_a_time():
    edge = make_edge(period=between(None, MERGER))

    refuses(make_edge, child=edge.child, period=between(date(2024, 3, 31), None))
    make_edge(child=edge.child, period=between(MERGER, None))


def test_open_hierarchy_has_several_parents_but_each_once():
    doctors = make_hierarchy(code="medical_association", exclusive=False)
    edge = make_edge(hierarchy=doctors)

    make_edge(hierarchy=doctors, child=edge.child)
    refuses(make_edge, hierarchy=doctors, child=edge.child, parent=edge.parent)


def test_hierarchies_do_not_disturb_each_other():
    edge = make_edge()

    make_edge(hierarchy=make_hierarchy(code="health_centre", name="保健所"), child=edge.child)


def test_empty_periods_and_loops_are_refused():
    area = make_area()

    refuses(make_area, period=between(MERGER, MERGER))
    refuses(make_edge, period=between(MERGER, MERGER))
    refuses(make_edge, child=area, parent=area)
    refuses(AreaNeighbour.objects.create, area=area, neighbour=area)


def test_second_parent_is_explained_to_the_user():
    edge = make_edge()
    second = AreaEdge(
        hierarchy=edge.hierarchy,
        child=edge.child,
        parent=make_area(),
        exclusive=True,
        period=edge.period,
    )

    with pytest.raises(ValidationError, match="別の上位の圏域に属しています。"):
        second.validate_constraints()


def test_names_are_shown():
    area = make_area(name="架空市")
    edge = AreaEdge(child=area, parent=make_area(name="架空県"))
    change = AreaChange(old=area, new=edge.parent, changed_on=MERGER)

    assert str(edge) == "架空市 → 架空県"
    assert str(change) == "2024-04-01 架空市 → 架空県"
    assert str(Boundary(area=area)) == "架空市 (None)"
    assert str(Hierarchy(name="医療")) == "医療"
    assert str(Population(area=area, as_of=MERGER)) == "架空市 2024-04-01"
    assert str(Projection(area=area, year=2050)) == "架空市 2050"
    assert str(InsuredCount(insurer=Insurer(name="架空市"), as_of=MERGER)) == "架空市 2024-04-01"
    assert (
        str(CertifiedCount(insurer=Insurer(name="架空市"), insured_class="総数")) == "架空市 総数"
    )
    assert str(AreaOffice(name="架空保健所")) == "架空保健所"
    assert str(AreaNeighbour(area=area, neighbour=edge.parent)) == "架空市 - 架空県"
