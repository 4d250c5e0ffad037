"""From terms to the condition of a statement over the search index."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from renkei.foundation.common.audience import Audience
from renkei.foundation.common.kana import fold, phrase_query
from renkei.foundation.common.phones import query_digits
from renkei.registry.facilities.search.documents import WEEKDAYS, arabic_blocks
from renkei.registry.facilities.search.terms import SearchTerms

KM_PER_DEGREE = 111.195
_DOCUMENTS = ("document", "document_partner", "document_government")
_ENDED = "!t_ended"


class AreaScope(NamedTuple):
    """The areas of a search: their facet lexemes and their names."""

    lexemes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    # The municipalities to count by: those the places may lie in.
    municipality_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """A WHERE clause over ``facilities_searchentry e`` with its values.

    ``is_indexed``: the GIN index narrows it; otherwise an ordered scan answers. ``is_compound``:
    by several things at once, where the planner's estimates fail.
    """

    sql: str
    values: dict[str, Any]
    is_indexed: bool
    is_compound: bool


def condition_of(terms: SearchTerms, scope: AreaScope, audience: Audience) -> Condition:
    """The condition for one audience: it never sees words of documents that are not its own."""
    level = list(Audience).index(audience)
    indexed, checked = _word_queries(terms.q)
    indexed += _facet_queries(terms, scope)
    if checked and not indexed:  # a single character alone: let the planner choose
        indexed, checked = checked, []
    values: dict[str, Any] = {"level": level}
    clauses = ["e.audience <= %(level)s"]
    is_indexed, is_compound = bool(indexed), len(indexed) > 1
    if "t_ended" not in " ".join(indexed):
        (indexed or checked).append(_ENDED)
    if indexed:
        values["indexed"] = " & ".join(indexed)
        clauses.append(_any_document(level, "indexed"))
    if checked:
        # Written so that no index is used: the prefixes of one character are thousands of words.
        values["checked"] = " & ".join(checked)
        clauses.append(f"({_any_document(level, 'checked')}) IS TRUE")
    if terms.near and terms.radius_km:
        clauses.append(_within(terms, values))
    return Condition(" AND ".join(clauses), values, is_indexed, is_compound)


def _any_document(level: int, name: str) -> str:
    tests = [f"e.{column} @@ %({name})s::tsquery" for column in _DOCUMENTS[: level + 1]]
    return f"({' OR '.join(tests)})"


def _word_queries(q: str) -> tuple[list[str], list[str]]:
    """Queries for the index, and those of a single character, which only check rows."""
    digits = query_digits(q)
    if digits:
        return [_one_of((f"({phrase_query(q)})", phrase_query(digits)))], []
    indexed: list[str] = []
    checked: list[str] = []
    for word in q.split():
        spellings = [phrase_query(spelling) for spelling in _spellings(arabic_blocks(word))]
        asked = _one_of(dict.fromkeys(filter(None, (*spellings, phrase_query(query_digits(word))))))
        if asked:
            (checked if len(fold(word)) == 1 else indexed).append(asked)
    return indexed, checked


# 松が丘, 松ヶ丘 and 松ケ丘 are one place; towns and their own signs disagree.
_SMALL_KE = re.compile(r"(?<=[\u4e00-\u9fff々])[がヶケ](?=[\u4e00-\u9fff々])")


def _spellings(word: str) -> list[str]:
    return [_SMALL_KE.sub("が", word), _SMALL_KE.sub("ヶ", word)]


def _facet_queries(terms: SearchTerms, scope: AreaScope) -> list[str]:
    kinds = [f"g_{key}" for key in terms.groups] + [f"s_{code}" for code in terms.services]
    queries = [_one_of(kinds), _one_of(scope.lexemes)]
    queries += [f"c_{key}" for key in terms.capabilities]
    if terms.hour is None:
        queries += [f"d_{day}" for day in terms.days]
    elif terms.days:
        queries += [f"h_{day}{terms.hour:02d}" for day in terms.days]
    else:
        queries.append(_one_of(f"h_{day}{terms.hour:02d}" for day in WEEKDAYS))
    queries.append(_one_of(f"t_{status}" for status in terms.statuses))
    return [query for query in queries if query]


def _one_of(lexemes: Iterable[str]) -> str:
    text = " | ".join(lexemes)
    return f"({text})" if text else ""


def _within(terms: SearchTerms, values: dict[str, Any]) -> str:
    assert terms.near is not None  # noqa: S101 - the caller asked
    assert terms.radius_km is not None  # noqa: S101
    values |= box_values(terms.near.latitude, terms.near.longitude, terms.radius_km)
    return f"{IN_BOX} AND {DISTANCE} <= %(limit)s"


# Square of the distance in degrees of latitude; within Japan right to a few per mille.
DISTANCE = (
    "((e.latitude - %(lat)s) * (e.latitude - %(lat)s)"
    " + (e.longitude - %(lng)s) * (e.longitude - %(lng)s) * %(squeeze)s)"
)
IN_BOX = "e.latitude BETWEEN %(south)s AND %(north)s AND e.longitude BETWEEN %(west)s AND %(east)s"


def box_values(latitude: float, longitude: float, radius_km: float) -> dict[str, Any]:
    """Values for ``IN_BOX`` and ``DISTANCE`` (limit: the square of the radius in degrees)."""
    degrees = radius_km / KM_PER_DEGREE
    shrink = max(math.cos(math.radians(latitude)), 0.1)
    return {
        "lat": latitude,
        "lng": longitude,
        "squeeze": shrink**2,
        "limit": degrees**2,
        "south": latitude - degrees,
        "north": latitude + degrees,
        "west": longitude - degrees / shrink,
        "east": longitude + degrees / shrink,
    }


def distance_km(latitude: float, longitude: float, near: tuple[float, float, str]) -> float:
    """Distance as the order sees it."""
    shrink = math.cos(math.radians(near[0]))
    return KM_PER_DEGREE * math.hypot(latitude - near[0], (longitude - near[1]) * shrink)
