"""Family, providers and other networks of a person."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from renkei.care.patients.models import (
    Provider,
    RecordChange,
    Relative,
)
from renkei.care.patients.tests.factories import (
    add_family,
    add_member,
    consent,
    joined,
    text_of,
    url,
)
from renkei.foundation.accounts.tests.factories import (
    suzuki,
    takahashi,
)
from renkei.foundation.common import clock
from renkei.registry.facilities.tests.factories import ServiceFactory

pytestmark = pytest.mark.django_db

# Family, providers, networks ---------------------------------------------------------------


def test_the_host_adds_removes_and_restores_family(suzuki_client, takahashi_client):
    patient = joined(suzuki())
    add_member(patient, takahashi())
    data = {
        "name": "架空 さと子",
        "relation": "長女",
        "lives_together": "no",
        "is_key_person": "on",
    }

    assert takahashi_client.post(url("relative_add", patient.uid), data).status_code == 404
    suzuki_client.post(url("relative_add", patient.uid), data)
    daughter = Relative.objects.get()
    suzuki_client.post(
        url("relative_edit", patient.uid, daughter.uid), {**data, "phone": "090−0000−0412"}
    )
    suzuki_client.post(url("relative_remove", patient.uid, daughter.uid))
    daughter.refresh_from_db()
    removed = daughter.removed_at
    suzuki_client.post(url("relative_restore", patient.uid, daughter.uid))

    daughter.refresh_from_db()
    assert (daughter.phone, daughter.lives_together) == ("090-0000-0412", False)
    assert removed is not None
    assert daughter.removed_at is None


def test_a_member_reads_and_corrects_a_relative_only_under_their_consent(takahashi_client):
    patient = joined(takahashi())
    daughter = Relative.objects.create(patient=patient, name="架空 さと子")
    edit = url("relative_edit", patient.uid, daughter.uid)

    before = takahashi_client.get(edit).status_code
    consent(patient, subject="relative", relative=daughter)

    assert (before, takahashi_client.get(edit).status_code) == (404, 200)


def test_values_of_a_relative_without_consent_stay_hidden_in_the_changes(
    suzuki_client, takahashi_client
):
    patient = joined(suzuki())
    add_member(patient, takahashi())
    daughter = Relative.objects.create(patient=patient, name="架空 さと子")
    suzuki_client.post(
        url("relative_edit", patient.uid, daughter.uid),
        {"name": "架空 さと子", "phone": "090-0000-0412"},
    )
    page = url("change_list", patient.uid)

    assert "090-0000-0412" in text_of(suzuki_client.get(page))
    assert "090-0000-0412" not in text_of(takahashi_client.get(page))


def test_a_relative_in_the_family_room_is_not_removed(suzuki_client):
    patient = joined(suzuki())
    relative = Relative.objects.get(pk=add_family(patient).relative_id or 0)

    response = suzuki_client.post(url("relative_remove", patient.uid, relative.uid), follow=True)

    assert "先に「チーム」のページで部屋から外してください" in text_of(response)


def test_a_provider_comes_from_the_register_or_is_typed(takahashi_client):
    patient = joined(takahashi())
    service: Any = ServiceFactory(name="しおかぜ架空医院", facility__name="しおかぜ架空医院")
    add = url("provider_add", patient.uid)

    chosen = takahashi_client.get(add, {"facility": service.facility_id})
    takahashi_client.post(
        f"{add}?facility={service.facility_id}", {"role": "main_doctor", "name": "しおかぜ架空医院"}
    )
    takahashi_client.post(add, {"role": "pharmacy", "name": "台帳にない薬局"})

    doctor, pharmacy = Provider.objects.order_by("pk")
    assert "選んだ施設：しおかぜ架空医院" in text_of(chosen)
    assert (doctor.facility, pharmacy.facility) == (service.facility, None)
    assert takahashi_client.get(add, {"facility": "九"}).status_code == 200
    assert takahashi_client.get(add, {"facility": "999999"}).status_code == 404
    assert takahashi_client.get(add, {"q": "しおかぜ"}).status_code == 200


def test_a_provider_is_corrected_ended_and_taken_back(takahashi_client):
    patient = joined(takahashi())
    takahashi_client.post(url("provider_add", patient.uid), {"role": "station", "name": "みなも"})
    provider = Provider.objects.get()
    day = {f"since_{place}": part for place, part in enumerate(("西暦", "2024", "1", "5"))}

    takahashi_client.post(
        url("provider_edit", patient.uid, provider.uid),
        {"role": "station", "name": "みなも訪問看護", **day},
    )
    takahashi_client.post(url("provider_end", patient.uid, provider.uid))
    provider.refresh_from_db()
    ended = provider.period.upper
    takahashi_client.post(url("provider_resume", patient.uid, provider.uid))

    provider.refresh_from_db()
    assert provider.name == "みなも訪問看護"
    assert provider.period.lower == date(2024, 1, 5)
    assert ended == clock.today() + timedelta(days=1)
    assert provider.period.upper is None
    change = RecordChange.objects.get(field="period")
    takahashi_client.get(url("change_list", patient.uid))
    undone = takahashi_client.post(url("change_undo", patient.uid, change.uid))
    assert undone.status_code == 302


NETWORK = {"kind": "ism_link", "number": "I-0012", "url": "https://ism.example.test/"}
LAST_YEAR = {f"until_{place}": part for place, part in enumerate(("西暦", "2020", "3", "31"))}


def test_t_d9_expired_consent_there_blocks_the_link_and_says_why(takahashi_client):
    patient = joined(takahashi())
    page = url("patient_detail", patient.uid)
    takahashi_client.post(url("network_add", patient.uid), NETWORK)
    opened = text_of(takahashi_client.get(page))
    network = patient.other_networks.get()

    takahashi_client.post(url("network_edit", patient.uid, network.uid), {**NETWORK, **LAST_YEAR})
    blocked = text_of(takahashi_client.get(page))

    assert 'href="https://ism.example.test/" target="_blank" rel="noopener noreferrer"' in opened
    assert "I-0012" in opened
    assert "https://ism.example.test/" not in blocked
    assert "そこでの同意の期限（令和2年3月31日）が過ぎているため開けません" in blocked


def test_t_mcs11_a_team_on_mcs_is_not_asked_to_post_twice(takahashi_client):
    patient = joined(takahashi())
    takahashi_client.post(url("network_add", patient.uid), {"kind": "mcs", "is_main_channel": "on"})

    page = text_of(takahashi_client.get(url("patient_detail", patient.uid)))

    assert "やり取りはMedicalCareSTATION（MCS）で" in page
    assert "ここに同じことを書く必要はありません。" in page


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"kind": "other"}, "連携システムの名前を入力してください。"),
        ({"kind": "mcs", "url": "http://mcs.example.test/"}, "https:// で始まるアドレス"),
    ],
)
def test_a_network_needs_its_name_and_an_encrypted_address(takahashi_client, data, sentence):
    patient = joined(takahashi())

    response = takahashi_client.post(url("network_add", patient.uid), data)

    assert response.status_code == 422
    assert sentence in text_of(response)


def test_an_ended_network_is_not_opened(takahashi_client):
    patient = joined(takahashi())
    ended = {f"ended_{place}": part for place, part in enumerate(("西暦", "2020", "3", "31"))}
    takahashi_client.post(url("network_add", patient.uid), {**NETWORK, **ended})

    page = text_of(takahashi_client.get(url("patient_detail", patient.uid)))

    assert "令和2年3月31日に終了しています。" in page


@pytest.mark.parametrize(
    "name",
    ["relative_edit", "relative_remove", "relative_restore", "provider_edit", "provider_end",
     "provider_resume", "network_edit", "change_undo"],
)  # fmt: skip
def test_a_part_of_another_person_is_not_found(suzuki_client, name):
    patient = joined(suzuki())
    address = url(name, patient.uid, patient.uid)

    assert suzuki_client.post(address).status_code == 404
