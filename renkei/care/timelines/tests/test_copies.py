"""Copies of a period, and the way to who has looked."""

from __future__ import annotations

import pytest
from django.test import Client

from renkei.care.patients.models import MunicipalityChoice
from renkei.care.patients.tests.factories import add_family
from renkei.care.timelines.tests.factories import team_patient
from renkei.care.timelines.tests.test_pages import url, words
from renkei.foundation.accounts.tests.factories import sign_in, takahashi
from renkei.foundation.common import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def takahashi_client() -> Client:
    return sign_in(Client(), takahashi())


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ("2026-11-01", "9999-12-31", "終わりの日は、今日までの日付を入力してください。"),
        ("1800-01-01", "2026-11-01", "始まりの日の年を確かめて入力してください。"),
    ],
)
def test_a_copy_of_a_period_that_cannot_be_is_asked_back(takahashi_client, first, last, sentence):
    data = {"room": "staff", "first": first, "last": last, "reason": "開示請求", "format": "pdf"}

    page = takahashi_client.post(url("timeline_export", team_patient().uid), data)

    assert page.status_code == 422
    assert sentence in words(page)
    assert "エラー：経過の写しを作る" in words(page)
    assert "エラー：エラー" not in words(page)


@pytest.mark.parametrize("shown", [True, False])
def test_t_p4_family_finds_who_has_looked_where_the_town_opens_it(shown):
    patient = team_patient()
    relative = add_family(patient)
    MunicipalityChoice.objects.create(family_sees_read_log=shown, changed_at=clock.now())

    page = sign_in(Client(), relative.user).get(url("timeline", patient.uid))

    assert ("この人の記録を見た人の一覧" in words(page)) is shown
