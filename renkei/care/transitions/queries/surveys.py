"""The stays of a month for the yearly survey: read as counts, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from renkei.care.transitions.models import CaseCount
from renkei.care.transitions.numbers import METRIC, stay_of
from renkei.care.transitions.numbers_tables import (
    Period,
    hidden_over_time,
    is_hidden,
    months_of,
    whole,
)
from renkei.care.transitions.queries.numbers import Scope, areas_in, books
from renkei.care.transitions.rules_numbers import sees_areas_side_by_side, sees_the_area
from renkei.care.transitions.states import derive, facts_from
from renkei.care.transitions.survey_tallies import (
    HOSPITAL,
    OFFICE,
    SHARED,
    Section,
    Told,
    survey_of,
    told_of,
)
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common.eras import fiscal_year


@dataclass(frozen=True)
class Survey:
    """One filled form: whose, of which month."""

    form: str
    answering: str
    month: date
    sections: Sequence[Section]
    is_own: bool


def surveys_for(viewer: Viewer, month: Period) -> list[Survey]:
    """The forms this viewer answers: of the own office or hospital, or the sums of the area."""
    if sees_the_area(viewer) or sees_areas_side_by_side(viewer):
        area = own_area_of(viewer)
        ids = areas_in(area)
        rows, also = Q(area__in=ids), _hidden_elsewhere(Scope(area_ids=ids), month)
        name = area.name if area else viewer.organisation_name
        return [
            Survey(
                form,
                name,
                month.first,
                survey_of(form, _stays(rows, month), suppress=True, also=also),
                is_own=False,
            )
            for form in (OFFICE, HOSPITAL)
        ]
    own = viewer.organisation_id or 0
    scope = Scope(organisation_id=own).counts()
    both = ((OFFICE, "care_office"), (HOSPITAL, "hospital"))
    forms = [(form, column) for form, column in both if scope.filter(**{column: own}).exists()]
    return [
        Survey(
            form,
            viewer.organisation_name,
            month.first,
            survey_of(form, _stays(Q(**{column: own}), month), suppress=False),
            is_own=True,
        )
        # No stay at all is a valid answer as well; which form is theirs, they know.
        for form, column in forms or both
    ]


def _hidden_elsewhere(scope: Scope, month: Period) -> list[str]:
    """The questions whose counts the page of the numbers hides in this month."""
    year = fiscal_year(month.first)
    found = set()
    for book in books(scope, whole(year)):
        hidden = hidden_over_time(book, year)
        (period,) = (each for each in months_of(year) if each.first == month.first)
        found |= {
            title for code, title in SHARED.items() if is_hidden(hidden, book, METRIC[code], period)
        }
    return sorted(found)


def _stays(rows: Q, month: Period) -> list[Told]:
    days = (month.first, month.last)
    found = (
        CaseCount.objects.filter(rows)
        .filter(Q(admitted_on__range=days) | Q(discharged_on__range=days))
        .select_related("case")
        .prefetch_related("case__facts")
    )
    told = (_told(row, month) for row in found)
    return [one for one in told if one is not None]


def _told(row: CaseCount, month: Period) -> Told | None:
    case = row.case
    derived = derive(facts_from(case.facts.all()))
    stay = stay_of(
        derived,
        level=row.level,
        manager_named=bool(case.care_office_id or case.care_office_name or case.care_person),
        readmitted="readmission_rate+" in row.by_discharge,
    )
    if stay is None:
        return None
    left = stay.discharged_on
    return told_of(
        stay,
        derived,
        admitted=month.first <= stay.admitted_on <= month.last,
        discharged=left is not None and month.first <= left <= month.last,
    )
