"""Kept queries answer what the queries they were built from would, whatever the values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db.models import Q, QuerySet

from renkei.foundation.accounts.models import Membership, Organisation, Role, User
from renkei.foundation.accounts.tests import factories
from renkei.foundation.common import clock, kept_queries
from renkei.foundation.common.conditions import among
from renkei.foundation.common.kept_queries import kept

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Asker:
    """Somebody with an office, perhaps, and a role."""

    organisation_id: int | None
    role: Role
    name: str = ""


@pytest.fixture
def offices() -> list[Organisation]:
    return [factories.make_organisation(f"架空事業所{number}") for number in range(3)]


@pytest.fixture
def people(offices: list[Organisation]) -> list[User]:
    return [
        factories.person(f"架空 {number}", f"p{number}@example.test", office, Role.PROFESSIONAL)
        for number, office in enumerate(offices)
    ]


def test_the_values_are_filled_in_anew_each_time(offices: list[Organisation]) -> None:
    @kept
    def named(name: str, uid: UUID | None) -> QuerySet[Organisation]:
        found = Organisation.objects.filter(name=name)
        return found if uid is None else found.filter(uid=uid)

    for office in offices:
        assert named(office.name, None) == [office]
        assert named(office.name, uid=office.uid) == [office]
        assert named(office.name, uuid4()) == []
    assert named("値", None) == []


def test_lists_tuples_and_dataclasses_are_taken_apart(
    offices: list[Organisation], people: list[User]
) -> None:
    @kept
    def by_number(numbers: list[int], also: tuple[int, ...]) -> QuerySet[Organisation, int]:
        wanted = Q(among("pk", numbers)) | Q(pk__in=also)
        return Organisation.objects.filter(wanted).order_by("pk").values_list("pk", flat=True)

    @kept
    def colleagues(asker: Asker) -> QuerySet[Membership]:
        if asker.organisation_id is None:
            return Membership.objects.none()
        own = Membership.objects.filter(organisation_id=asker.organisation_id, role=asker.role)
        return own.select_related("user", "organisation").prefetch_related("user__memberships")

    first, second, third = (office.pk for office in offices)
    assert by_number([first, third], (second,)) == [first, second, third]
    assert by_number([], (second,)) == [second]
    assert by_number([third], ()) == [third]
    assert colleagues(Asker(None, Role.PROFESSIONAL)) == []
    assert colleagues(Asker(first, Role.DESK)) == []
    for person, office in zip(people, offices, strict=True):
        (membership,) = colleagues(Asker(office.pk, Role.PROFESSIONAL, name=person.name))
        assert membership.user == person
        assert membership.organisation == office
        assert list(membership.user.memberships.all()) == [membership]


def test_the_clock_inside_stays_the_present(people: list[User]) -> None:
    @kept
    def present(user_id: int) -> QuerySet[Membership]:
        return Membership.objects.filter(
            Q(revoked_at=None) | Q(revoked_at__gt=clock.now()),
            user_id=user_id,
            period__contains=clock.today(),
        )

    membership = Membership.objects.get(user=people[0])
    assert present(people[0].pk) == [membership]
    with clock.told_at(datetime(1990, 4, 1, tzinfo=UTC)):
        assert present(people[0].pk) == []
    membership.revoked_at = clock.now() - timedelta(minutes=1)
    membership.save()
    assert present(people[0].pk) == []


def test_days_and_instants_are_values_too(people: list[User]) -> None:
    @kept
    def joined(on: date, before: datetime) -> QuerySet[Membership]:
        return Membership.objects.filter(period__contains=on, user__date_joined__lt=before)

    tomorrow = clock.now() + timedelta(days=1)
    assert len(joined(clock.today(), tomorrow)) == len(people)
    assert joined(date(1950, 1, 1), tomorrow) == []
    assert joined(clock.today(), tomorrow - timedelta(days=9)) == []


@pytest.mark.parametrize(
    "build",
    [
        lambda _: Membership.objects.filter(revoked_at__lt=clock.now() - timedelta(days=30)),
        lambda value: Membership.objects.filter(user_id=value + 1),
        lambda value: Organisation.objects.filter(name__contains=str(value)).filter(pk=value * 2),
        lambda value: Organisation.objects.filter(among("pk", [value])),
    ],
)
def test_what_would_never_change_again_is_refused(build: Any) -> None:
    with pytest.raises(TypeError, match="for ever"):
        kept(build)(3)


def test_words_made_of_a_value_are_refused() -> None:
    def beginning(name: str) -> QuerySet[Organisation]:
        return Organisation.objects.filter(name__startswith=name)

    with pytest.raises(TypeError, match="for ever"):
        kept(beginning)("架空")


def test_other_kinds_of_values_are_refused() -> None:
    with pytest.raises(TypeError, match="cannot be given a dict"):
        kept(lambda _: Organisation.objects.all())({})


def test_with_too_many_shapes_it_asks_as_ever(
    monkeypatch: pytest.MonkeyPatch, offices: list[Organisation]
) -> None:
    monkeypatch.setattr(kept_queries, "MOST_SHAPES", 0)

    @kept
    def named(name: str) -> QuerySet[Organisation]:
        return Organisation.objects.filter(name=name)

    assert named(offices[0].name) == [offices[0]]
