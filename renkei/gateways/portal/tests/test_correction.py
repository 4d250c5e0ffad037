from __future__ import annotations

from datetime import date

import pytest
from django.core.cache import cache

from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common.audience import Audience
from renkei.gateways.portal import limits
from renkei.registry.facilities.models import CorrectionRequest, Facility, FieldPolicy

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_brake() -> None:
    cache.clear()


@pytest.fixture
def clinic() -> Facility:
    return Facility.objects.create(name="架空診療所", sort_key="カクウ", fresh_on=date(2026, 6, 30))


def test_anybody_can_report_what_is_wrong(client, clinic):
    answer = client.post(
        f"/facilities/{clinic.pk}/correction/",
        {"text": "電話番号が変わりました", "contact": "架空 花子"},
        follow=True,
    )

    row = CorrectionRequest.objects.get()
    assert (row.facility, row.text, row.contact) == (clinic, "電話番号が変わりました", "架空 花子")
    assert "依頼を受け付けました" in answer.content.decode()
    event = AuditEvent.objects.get()
    assert (event.action, event.actor_kind) == ("correction_request.received", "public")
    assert "架空" not in str(event.detail)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "直してほしい所を入力してください。"),
        ("\u0001\u0002", "直してほしい所を入力してください。"),
        ("あ" * 1001, "1,000字以内で入力してください。"),
    ],
)
def test_correction_refuses_with_a_sentence(client, clinic, text, error):
    answer = client.post(f"/facilities/{clinic.pk}/correction/", {"text": text, "contact": "x"})

    assert answer.status_code == 422
    assert error in answer.content.decode()
    assert not CorrectionRequest.objects.exists()


def test_correction_from_one_address_is_braked(client, clinic, monkeypatch):
    monkeypatch.setattr(limits, "CORRECTIONS_PER_HOUR", 1)

    answers = [
        client.post(f"/facilities/{clinic.pk}/correction/", {"text": "古い"}) for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [302, 422]
    assert "1時間ほどたってから" in answers[1].content.decode()
    assert CorrectionRequest.objects.count() == 1


def test_correction_of_a_place_residents_do_not_know_is_not_found(client, clinic):
    FieldPolicy.objects.create(
        field="name",
        facility=clinic,
        audience=Audience.GOVERNMENT,
        checked_by_id=1,
        checked_at="2026-11-01T00:00+09:00",
    )

    assert client.get(f"/facilities/{clinic.pk}/correction/").status_code == 404
    assert client.get(f"/facilities/{clinic.pk}/").status_code == 404


def test_brake_lets_through_when_its_count_ran_out(rf, monkeypatch):
    monkeypatch.setattr(cache, "add", lambda *_: False)

    assert not limits.is_too_often(rf.post("/"), "correction", limit=0)
