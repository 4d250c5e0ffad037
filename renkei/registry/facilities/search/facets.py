"""How many places each further filter would leave, counted in one visit per dimension."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common.audience import Audience
from renkei.registry.facilities.models import MaskCount
from renkei.registry.facilities.queries import area_scope, located
from renkei.registry.facilities.search.conditions import AreaScope, condition_of
from renkei.registry.facilities.search.documents import FACET_BITS
from renkei.registry.facilities.search.hits import rows_of
from renkei.registry.facilities.search.terms import SearchTerms


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """Places per value. A group counts under the other conditions, so that another can be added;
    a day or capability counts within the result, because it narrows it.
    """

    groups: Mapping[str, int] = field(default_factory=dict)
    days: Mapping[str, int] = field(default_factory=dict)
    capabilities: Mapping[str, int] = field(default_factory=dict)
    municipalities: Mapping[str, int] = field(default_factory=dict)


def facet_counts(terms: SearchTerms, *, viewer: Viewer) -> FacetCounts:
    """Counts beside the filters: one to three statements.

    They count what residents may see of each place, for every viewer: a value for 関係者 alone
    never shows in a number.
    """
    scope, _ = area_scope(terms.areas)
    terms, _ = located(terms, scope)
    within = _masks(terms, scope, viewer)
    kinds = within
    if terms.groups or terms.services:
        kinds = _masks(replace(terms, groups=(), services=()), scope, viewer)
    return FacetCounts(
        groups=_per_value("g_", kinds),
        days=_per_value("d_", within),
        capabilities=_per_value("c_", within),
    )


def _masks(terms: SearchTerms, scope: AreaScope, viewer: Viewer) -> Counter[int]:
    if terms.is_everything and viewer.audience is Audience.PUBLIC:
        return Counter(dict(MaskCount.objects.values_list("facets", "count")))
    condition = condition_of(terms, scope, viewer.audience)
    rows = rows_of("SELECT e.facets, count(*)", condition, "GROUP BY e.facets")
    return Counter(dict(rows))


def _per_value(prefix: str, masks: Counter[int]) -> dict[str, int]:
    bits = {
        lexeme.removeprefix(prefix): bit
        for lexeme, bit in FACET_BITS.items()
        if lexeme.startswith(prefix)
    }
    return {
        value: sum(count for mask, count in masks.items() if mask & bit)
        for value, bit in bits.items()
    }
