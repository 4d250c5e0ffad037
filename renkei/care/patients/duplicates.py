"""Records that may be one person.

Whoever types a name must not learn who exists: within the records a viewer reads anyway the
likeness is shown while entering; across the installation it is only noted (``PossibleDuplicate``)
and comes up where both persons consented. See docs/persons.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q, QuerySet

from renkei.care.patients.models import Patient
from renkei.foundation.common.addresses import address_key
from renkei.foundation.common.phones import parse_phone

SAME_NUMBER: Final = "被保険者番号が同じ"
SAME_NAME_AND_DAY: Final = "名前と生年月日が同じ"
SAME_NAME_AND_PLACE: Final = "名前と住所（電話番号）が同じ"
# Fewer than two people of one name live in one house, so a common address alone says nothing.
_MOST_CANDIDATES: Final = 200


@dataclass(frozen=True)
class Facts:
    """What two records are compared by."""

    name_key: str
    kana_key: str
    birth_on: date | None
    insured_number: str
    address: str
    phone: str

    @classmethod
    def of(cls, patient: Patient) -> Facts:
        return cls(
            patient.name_key,
            patient.kana_key,
            patient.birth_on,
            patient.insured_number,
            patient.address,
            patient.phone,
        )


@dataclass(frozen=True)
class Likeness:
    """A record that may be the same person, and why."""

    patient: Patient
    reason: str


def alike(facts: Facts, among: QuerySet[Patient]) -> list[Likeness]:
    """Records among these that may be the same person, in the order of their number."""
    named = Q(name_key=facts.name_key)
    if facts.kana_key:
        named |= Q(kana_key=facts.kana_key)
    numbered = Q(insured_number=facts.insured_number) if facts.insured_number else Q(pk=None)
    rows = among.filter(named | numbered).select_related("host").order_by("pk")[:_MOST_CANDIDATES]
    found = ((row, _reason(facts, Facts.of(row))) for row in rows)
    return [Likeness(row, reason) for row, reason in found if reason]


def _reason(one: Facts, other: Facts) -> str:
    if one.insured_number and one.insured_number == other.insured_number:
        return SAME_NUMBER
    if one.birth_on and one.birth_on == other.birth_on:
        return SAME_NAME_AND_DAY
    # Two different birthdays are two persons, whatever else they share.
    if one.birth_on and other.birth_on:
        return ""
    return SAME_NAME_AND_PLACE if _one_place(one, other) else ""


def _one_place(one: Facts, other: Facts) -> bool:
    phones = parse_phone(one.phone).digits, parse_phone(other.phone).digits
    if phones[0] and phones[0] == phones[1]:
        return True
    keys = address_key(one.address), address_key(other.address)
    return bool(keys[0]) and keys[0] == keys[1]


def surely_alike(facts: Facts, other: Facts) -> bool:
    """Enough to note two records of different hosts: more than a name and a day somebody typed."""
    named = one_name(facts, other)
    if facts.insured_number and facts.insured_number == other.insured_number:
        return named or (facts.birth_on is not None and facts.birth_on == other.birth_on)
    same_day = facts.birth_on is not None and facts.birth_on == other.birth_on
    return named and same_day and _one_place(facts, other)


def one_name(one: Facts, other: Facts) -> bool:
    """Whether both are called or read the same."""
    return one.name_key == other.name_key or bool(one.kana_key and one.kana_key == other.kana_key)
