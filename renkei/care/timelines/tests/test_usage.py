"""Monthly figures: counts only, small ones hidden; and the waiting times of a municipality."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse

from renkei.care.patients.tests.factories import add_member, make_patient, membership_of
from renkei.care.timelines.models import EscalationTimes
from renkei.care.timelines.queries.usage import following, shown_part, shown_persons, usage_in
from renkei.care.timelines.tests.factories import post, shirai, staff_room
from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.tests.factories import (
    make_membership,
    make_organisation,
    member,
    sato,
    sign_in,
    suzuki,
    takahashi,
    viewer_for,
)
from renkei.foundation.areas.tests.factories import make_area
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock

pytestmark = pytest.mark.django_db


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def town():
    area = make_area()
    office = membership_of(sato()).organisation
    office.area = area
    office.save()
    return area


def this_month():
    return clock.today().replace(day=1)


def test_t_mcs10_thirteen_persons_and_three_doctors(sato_client):
    area = town()
    doctors = [
        make_membership(organisation=make_organisation(f"架空医院{n}"), profession="医師").user
        for n in range(3)
    ]
    for number in range(13):
        patient = make_patient(municipality=area, name=f"架空 秘子{number}")
        add_member(patient, takahashi())
        add_member(patient, doctors[number % 3])
        if number < 6:
            post(takahashi(), staff_room(patient))

    page = sato_client.get(reverse("timelines:usage"))

    text = words(page)
    assert "登録している人 13名" in text
    assert "医師 3名" in text
    assert "秘子" not in text
    (now,) = usage_in(viewer_for(sato()), [this_month()])
    assert (now.registered, now.active, now.offices, now.members, now.posts) == (13, 6, 4, 4, 6)
    assert dict(now.by_kind)["連絡"] == 6
    xlsx = sato_client.get(reverse("timelines:usage_xlsx"))
    assert xlsx.content.startswith(b"PK")
    assert AuditEvent.objects.filter(action="usage.exported").count() == 1


def test_a_whole_office_counts_its_people_once():
    area = town()
    for _ in range(2):
        add_member(make_patient(municipality=area), takahashi(), whole_office=True)
    make_membership(organisation=membership_of(takahashi()).organisation, profession="")

    (now,) = usage_in(viewer_for(sato()), [this_month()])

    assert dict(now.by_profession) == {"看護師": 2}


@pytest.mark.parametrize(
    ("count", "shown"), [(0, "0"), (1, "5人未満"), (4, "5人未満"), (5, "5"), (1234, "1,234")]
)
def test_small_counts_of_persons_are_hidden(count, shown):
    assert shown_persons(count) == shown


@pytest.mark.parametrize(
    ("count", "whole", "shown"),
    [
        (6, 13, "6"),
        (9, 13, "非公開"),
        (12, 13, "非公開"),
        (13, 13, "13"),
        (8, 13, "8"),
        (3, 5, "5人未満"),
        (0, 3, "0"),
    ],
)
def test_no_small_count_is_found_by_taking_one_from_another(count, whole, shown):
    assert shown_part(count, whole) == shown


def test_another_municipality_is_not_counted_and_the_prefecture_counts_all():
    town()
    add_member(make_patient(municipality=make_area()), shirai())
    make_patient(host=membership_of(suzuki()).organisation)

    (own,) = usage_in(viewer_for(sato()), [this_month()])
    (prefecture,) = usage_in(viewer_for(member(Role.PREFECTURE)), [this_month()])

    assert (own.registered, prefecture.registered) == (0, 2)


def test_a_month_before_somebody_came_does_not_count_them():
    area = town()
    make_patient(municipality=area)

    (past,) = usage_in(viewer_for(sato()), [date(2020, 12, 1)])

    assert past.registered == past.posts == 0
    assert following(date(2020, 12, 1)) == date(2021, 1, 1)


def test_the_municipality_sets_how_long_to_wait():
    area = town()
    from django.test import Client

    client = sign_in(Client(), sato())
    address = reverse("timelines:times")
    data = {"mail_after": "3", "call_after": "10", "answer_hours": "48"}

    assert client.get(address).status_code == 200
    saved = client.post(address, data, follow=True)
    refused = client.post(address, data | {"call_after": "1"})

    assert "返事を待つ時間を変えました。" in words(saved)
    assert refused.status_code == 422
    assert "メールまでの分以上" in words(refused)
    assert EscalationTimes.objects.get().area == area
