from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from renkei.foundation.accounts.viewers import ANYBODY
from renkei.foundation.audit.actors import SYSTEM, Actor, ActorKind
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common.audience import Audience
from renkei.registry.facilities.fields import field_label, is_attribute
from renkei.registry.facilities.models import FieldPolicy
from renkei.registry.facilities.queries import find_facilities
from renkei.registry.facilities.queries_publication import (
    audiences_of_facility,
    field_audiences,
    field_exceptions,
    field_releases,
    publication_history,
)
from renkei.registry.facilities.search.indexing import index_facilities
from renkei.registry.facilities.search.terms import SearchTerms
from renkei.registry.facilities.services.publication import set_field_audience
from renkei.registry.facilities.tasks import rebuild_index_task
from renkei.registry.facilities.tests.factories import FacilityFactory, ServiceFactory


def found(query: str) -> list[int]:
    """What a resident finds."""
    page = find_facilities(SearchTerms(q=query), viewer=ANYBODY)
    return [place.pk for place in page.places]


pytestmark = pytest.mark.django_db
SATO = Actor(ActorKind.USER, 7, 8)
NOTE = "医師会と話し、公開してよいと確認した。"


def test_field_audiences_defaults_deny_what_nobody_decided(django_assert_num_queries):
    with django_assert_num_queries(1):
        audiences = field_audiences()

    assert audiences["phone"] == Audience.PUBLIC
    assert audiences["email"] == Audience.PARTNER
    assert audiences["attributes.担当者の携帯"] == Audience.GOVERNMENT
    assert audiences["no_such_field"] == Audience.GOVERNMENT


def test_t_a11_release_to_residents_records_who_checked_and_when():
    at = datetime(2026, 11, 20, 5, 12, tzinfo=UTC)

    with time_machine.travel(at, tick=False):
        set_field_audience(
            actor=SATO, field="email", audience=Audience.PUBLIC, checked=True, note=NOTE
        )

    assert field_audiences()["email"] == Audience.PUBLIC
    policy = FieldPolicy.objects.get()
    assert (policy.checked_by_id, policy.checked_at, policy.note) == (7, at, NOTE)
    event = AuditEvent.objects.get()
    assert (event.action, event.actor_user_id) == ("field.audience_set", 7)
    assert event.detail == {"field": "email", "from": "partner", "to": "public"}


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"checked": False, "note": ""}, ["checked", "note"]),
        ({"checked": True, "note": "  "}, ["note"]),
        ({"checked": False, "note": "確かめた"}, ["checked"]),
    ],
)
def test_t_a11_release_without_check_is_refused_and_nothing_changes(given, missing):
    with pytest.raises(ValidationError) as error:
        set_field_audience(actor=SATO, field="email", audience=Audience.PUBLIC, **given)

    assert sorted(error.value.message_dict) == missing
    assert field_audiences()["email"] == Audience.PARTNER
    assert not FieldPolicy.objects.exists()


def test_set_field_audience_to_fewer_needs_no_check():
    set_field_audience(actor=SATO, field="phone", audience=Audience.GOVERNMENT)

    assert field_audiences()["phone"] == Audience.GOVERNMENT


@pytest.mark.parametrize(
    ("actor", "field", "audience"),
    [
        (SATO, "no_such_field", Audience.GOVERNMENT),
        (SATO, "attributes.", Audience.GOVERNMENT),
        (SATO, "phone", Audience.PUBLIC),
        (SYSTEM, "phone", Audience.GOVERNMENT),
    ],
)
def test_set_field_audience_refuses_unknown_field_no_change_and_nobody(actor, field, audience):
    with pytest.raises(ValidationError):
        set_field_audience(actor=actor, field=field, audience=audience)


def test_field_audience_newest_decision_applies_and_history_keeps_all():
    set_field_audience(actor=SATO, field="phone", audience=Audience.GOVERNMENT)
    set_field_audience(
        actor=SATO, field="phone", audience=Audience.PARTNER, checked=True, note=NOTE
    )
    set_field_audience(actor=SATO, field="fax", audience=Audience.PARTNER)

    assert field_audiences()["phone"] == Audience.PARTNER
    assert [p.audience for p in publication_history("phone")] == ["partner", "government"]
    assert publication_history().count() == 3


def test_field_exception_of_one_place_leaves_the_others():
    place, other = FacilityFactory.create_batch(2)
    set_field_audience(actor=SATO, field="phone", audience=Audience.PARTNER, facility=place)

    assert field_audiences()["phone"] == Audience.PUBLIC
    assert field_exceptions([place.pk, other.pk]) == {place.pk: {"phone": Audience.PARTNER}}
    assert audiences_of_facility(place.pk)["phone"] == Audience.PARTNER
    assert audiences_of_facility(place.pk)["name"] == Audience.PUBLIC
    assert audiences_of_facility(other.pk)["phone"] == Audience.PUBLIC


def test_field_releases_lists_own_columns_and_counts_exceptions():
    place = FacilityFactory.create()
    set_field_audience(actor=SATO, field="fax", audience=Audience.PARTNER)
    set_field_audience(actor=SATO, field="fax", audience=Audience.GOVERNMENT, facility=place)

    releases = {r.key: r for r in field_releases({"attributes.送迎": "送迎"})}

    fax = releases["fax"]
    assert (fax.audience, fax.default, fax.exception_count) == (
        Audience.PARTNER,
        Audience.PUBLIC,
        1,
    )
    assert fax.last is not None
    assert releases["attributes.送迎"].audience == Audience.GOVERNMENT
    assert releases["attributes.送迎"].label == "送迎"


def test_field_label_and_attribute():
    assert field_label("phone") == "電話番号"
    assert field_label("attributes.送迎") == "送迎"
    assert is_attribute("attributes.送迎")
    assert not is_attribute("phone")


def test_t_a11_what_one_place_hides_is_not_found_either():
    service = ServiceFactory.create(phone="0999-00-7654")
    index_facilities([service.facility_id])
    assert found("0999-00-7654") == [service.facility_id]

    set_field_audience(
        actor=SATO, field="phone", audience=Audience.GOVERNMENT, facility=service.facility
    )

    assert found("0999-00-7654") == []


def test_t_a11_decisions_about_a_field_have_the_index_written_anew_once():
    service = ServiceFactory.create(phone="0999-00-7654")
    index_facilities([service.facility_id])

    set_field_audience(actor=SATO, field="phone", audience=Audience.GOVERNMENT)
    set_field_audience(actor=SATO, field="fax", audience=Audience.GOVERNMENT)

    assert ProcrastinateJob.objects.filter(task_name="facilities.rebuild_index").count() == 1
    connection.check_constraints()  # the worker has a transaction of its own
    rebuild_index_task()
    assert found("0999-00-7654") == []
