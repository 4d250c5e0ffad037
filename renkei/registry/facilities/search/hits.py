"""Asking the index: how many places match, and which come first.

Measured on the 330,000 real rows: a broad search (訪問, 60,000 places) is answered fastest by
walking an ordered index and checking rows, a narrow one by the GIN index and a sort. Counting up
to 1,001 first tells which of the two it is, and is on the page anyway.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from renkei.registry.facilities.search.conditions import (
    DISTANCE,
    IN_BOX,
    Condition,
    box_values,
)
from renkei.registry.facilities.search.terms import COUNT_LIMIT, PAGE_SIZE, SearchTerms, Sort

# Hits that are sorted all at once although nobody reads so many: some 10 ms.
_SORTED = 6_000
# Rows an ordered walk looks at before it gives up; what is left is dense enough for it.
_WALK = 6_000
# Radii in which the nearest of a broad search are looked for, and the places one may hold.
_RINGS_KM = (2, 6, 20, 60)
_IN_RING = 15_000
_ORDERS = {
    Sort.NAME: "e.name_order, e.facility_id",
    Sort.FRESHNESS: "e.fresh_on DESC, e.name_order, e.facility_id",
    Sort.DISTANCE: f"{DISTANCE}, e.facility_id",
}
_ENTRY = "facilities_searchentry e"
_SORT_COLUMNS = "e.facility_id, e.name_order, e.fresh_on, e.latitude, e.longitude"


@dataclass(frozen=True, slots=True)
class Hits:
    """The places of one page in order, and how many match: above the limit just "more"."""

    ids: list[int]
    count: int


def hits_of(terms: SearchTerms, condition: Condition) -> Hits:
    """Count and one page; no statement visits every place but the last resort."""
    with transaction.atomic():
        if condition.is_compound:
            # The planner believes words are independent and would scan everything now and then.
            _rows(_NO_SCAN, {})
        count = _count(condition)
        offset = (terms.page - 1) * PAGE_SIZE
        if count == 0 or offset >= count:
            return Hits([], count)
        if count <= COUNT_LIMIT:
            return Hits(_sorted(terms, condition, offset), count)
        return Hits(_first_of_many(terms, condition, offset), count)


def count_of(condition: Condition) -> int:
    """How many match, up to one more than the limit."""
    with transaction.atomic():
        if condition.is_compound:
            _rows(_NO_SCAN, {})
        return _count(condition)


def ids_of(terms: SearchTerms, condition: Condition, *, limit: int) -> list[int]:
    """All matching places in order, for exports; one statement."""
    with transaction.atomic():
        return _sorted(terms, condition, 0, limit=limit)


def rows_of(select: str, condition: Condition, end: str, **values: object) -> list[tuple[Any, ...]]:
    """A statement over all entries that match, as ``e``; ``select`` and ``end`` are constants."""
    sql = f"{select} FROM {_ENTRY} WHERE {condition.sql} {end}"
    with transaction.atomic():
        if condition.is_compound:
            _rows(_NO_SCAN, {})
        return _rows(sql, condition.values | values)


_NO_SCAN = "SELECT set_config('enable_seqscan', 'off', true)"


def _rows(sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, dict(values))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _count(condition: Condition) -> int:
    sql = (
        f"SELECT count(*) FROM (SELECT 1 FROM {_ENTRY} WHERE {condition.sql}"  # noqa: S608 - constants
        f" LIMIT {COUNT_LIMIT + 1}) hit"
    )
    return int(_rows(sql, condition.values)[0][0])


def _sorted(
    terms: SearchTerms, condition: Condition, offset: int, *, limit: int = PAGE_SIZE
) -> list[int]:
    """All hits, then sorted: right for few."""
    order = _ORDERS[terms.order].replace("e.", "hit.")
    sql = (
        f"WITH hit AS MATERIALIZED (SELECT {_SORT_COLUMNS} FROM {_ENTRY} WHERE {condition.sql})"  # noqa: S608 - constants
        f" SELECT hit.facility_id FROM hit ORDER BY {order} OFFSET {offset} LIMIT {limit}"
    )
    return _ids(sql, terms, condition)


def _first_of_many(terms: SearchTerms, condition: Condition, offset: int) -> list[int]:
    """The page of a broad search: three ways from cheap to sure, each of which knows its limit."""
    found = _sorted_if_few(terms, condition, offset) if condition.is_indexed else []
    if found:
        return found
    wanted = offset + PAGE_SIZE
    if terms.order is Sort.DISTANCE:
        found = _nearest(terms, condition, wanted)
    else:
        found = _walked(terms, condition, wanted)
    return found[offset:] if len(found) == wanted else _sorted(terms, condition, offset)


def _sorted_if_few(terms: SearchTerms, condition: Condition, offset: int) -> list[int]:
    """As ``_sorted`` where at most some thousands match; else nothing."""
    order = _ORDERS[terms.order].replace("e.", "hit.")
    sql = (
        f"WITH hit AS MATERIALIZED (SELECT {_SORT_COLUMNS} FROM {_ENTRY} WHERE {condition.sql}"  # noqa: S608 - constants
        f" LIMIT {_SORTED + 1})"
        f" SELECT hit.facility_id FROM hit WHERE (SELECT count(*) FROM hit) <= {_SORTED}"
        f" ORDER BY {order} OFFSET {offset} LIMIT {PAGE_SIZE}"
    )
    return _ids(sql, terms, condition)


def _walked(terms: SearchTerms, condition: Condition, wanted: int) -> list[int]:
    """The first hits among the first rows of the order."""
    # Without words or filters nearly every row is a hit, on any page.
    limit = _WALK if condition.is_indexed else _WALK * 60
    sql = (
        f"SELECT e.facility_id FROM (SELECT * FROM {_ENTRY} ORDER BY {_ORDERS[terms.order]}"  # noqa: S608 - constants
        f" LIMIT {limit}) e WHERE {condition.sql} LIMIT {wanted}"
    )
    return _ids(sql, terms, condition)


def _nearest(terms: SearchTerms, condition: Condition, wanted: int) -> list[int]:
    """The nearest hits, ring by ring, while a ring holds few enough places to look at."""
    assert terms.near is not None  # noqa: S101 - the order by distance needs it
    found: list[int] = []
    for ring in _RINGS_KM:
        # The condition may hold a radius of its own under the same names; the smaller one rules.
        radius = min(ring, terms.radius_km or ring)
        values = box_values(terms.near.latitude, terms.near.longitude, radius)
        inside = f"SELECT 1 FROM {_ENTRY} WHERE {IN_BOX} LIMIT {_IN_RING + 1}"  # noqa: S608 - constants
        (places,) = _rows(f"SELECT count(*) FROM ({inside}) place", values)[0]  # noqa: S608 - constants
        if places > _IN_RING:
            break
        sql = (
            f"SELECT e.facility_id FROM {_ENTRY} WHERE {IN_BOX} AND {DISTANCE} <= %(limit)s"  # noqa: S608 - constants
            f" AND ({condition.sql}) IS TRUE ORDER BY {_ORDERS[Sort.DISTANCE]} LIMIT {wanted}"
        )
        rows = _rows(sql, condition.values | values)
        found = [facility_id for (facility_id,) in rows]
        if len(found) == wanted:
            break
    return found


def _ids(sql: str, terms: SearchTerms, condition: Condition) -> list[int]:
    values = dict(condition.values)
    if terms.near:
        box = box_values(terms.near.latitude, terms.near.longitude, terms.radius_km or 0)
        values = box | values
    return [facility_id for (facility_id,) in _rows(sql, values)]
