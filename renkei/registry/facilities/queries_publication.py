"""Who may see which field of the register: defaults, decisions, exceptions of single places."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.db.models import QuerySet

from renkei.foundation.common.audience import Audience
from renkei.registry.facilities.fields import FIELDS, default_audience
from renkei.registry.facilities.models import FieldPolicy


class FieldAudiences(dict[str, Audience]):
    """Field → audience. A field nobody decided about, or nobody knows, is for 行政."""

    def __missing__(self, field: str) -> Audience:
        return default_audience(field)


def field_audiences() -> Mapping[str, Audience]:
    """The audience of every field of the register, by one query.

    Call it once per request and hand the mapping on. Own columns of local lists appear once
    somebody decided about them; ``mapping[field]`` answers for any field (行政 when undecided).
    """
    audiences = FieldAudiences({key: field.audience for key, field in FIELDS.items()})
    audiences.update(_newest(FieldPolicy.objects.filter(facility=None)))
    return MappingProxyType(audiences)


def field_exceptions(facility_ids: Collection[int]) -> Mapping[int, Mapping[str, Audience]]:
    """Decisions that differ for single places, for a whole page of places by one query."""
    policies = (
        FieldPolicy.objects.filter(facility_id__in=facility_ids)
        .order_by("facility_id", "field", "-checked_at", "-pk")
        .distinct("facility_id", "field")
        .values_list("facility_id", "field", "audience")
    )
    found: dict[int, dict[str, Audience]] = {}
    for facility_id, field, audience in policies:
        found.setdefault(facility_id, {})[field] = Audience(audience)
    return found


def audiences_of_facility(facility_id: int) -> Mapping[str, Audience]:
    """The audiences that hold for one place: the register's, with its exceptions over them."""
    audiences = FieldAudiences(field_audiences())
    audiences.update(field_exceptions([facility_id]).get(facility_id, {}))
    return MappingProxyType(audiences)


def _newest(policies: QuerySet[FieldPolicy]) -> dict[str, Audience]:
    newest = policies.order_by("field", "-checked_at", "-pk").distinct("field")
    return {field: Audience(value) for field, value in newest.values_list("field", "audience")}


@dataclass(frozen=True)
class FieldRelease:
    """One field on the publication page."""

    key: str
    label: str
    audience: Audience
    default: Audience
    last: FieldPolicy | None
    exception_count: int


def field_releases(own_columns: Mapping[str, str]) -> list[FieldRelease]:
    """Every field with the decision that holds now; ``own_columns``: own field → its label."""
    labels = {key: field.label for key, field in FIELDS.items()} | dict(own_columns)
    last: dict[str, FieldPolicy] = {}
    exceptions: dict[str, set[int]] = {}
    for policy in FieldPolicy.objects.order_by("checked_at", "pk"):
        if policy.facility_id is None:
            last[policy.field] = policy
        else:
            exceptions.setdefault(policy.field, set()).add(policy.facility_id)
    audiences = field_audiences()
    return [
        FieldRelease(
            key,
            label,
            audiences[key],
            default_audience(key),
            last.get(key),
            len(exceptions.get(key, ())),
        )
        for key, label in labels.items()
    ]


def publication_history(field: str | None = None) -> QuerySet[FieldPolicy]:
    """All decisions, newest first; of one field when named."""
    history = FieldPolicy.objects.select_related("facility").order_by("-checked_at", "-pk")
    return history.filter(field=field) if field else history
