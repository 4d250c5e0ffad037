"""At a sudden turn, through the pages: T-C2a, T-C1b and every scenario of T-C2b."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from renkei.care.patients.models import AccessGrant, ContentClass, DisasterMode, ProviderRole
from renkei.care.patients.tests.factories import add_member, make_patient, membership_of
from renkei.care.transitions.models import EmergencyAgreement, EmergencyCall
from renkei.care.transitions.tests.test_emergencies import OUTSIDE, agreed, called
from renkei.foundation.accounts.tests.factories import sato, suzuki, takahashi
from renkei.foundation.areas.tests.factories import make_area
from renkei.foundation.common import clock

pytestmark = pytest.mark.django_db
OTHER = {"hospital": "other", "hospital_name": "よその県の架空病院"}
TERMS = {
    "confirmed_on": "2026年4月1日",
    "channel": "phone",
    "person_name": "架空 当直医",
    "not_accepted": "人工呼吸器",
    "hospital_phone": "0999-00-8000",
}


@pytest.fixture
def patient():
    one = make_patient(name="湊 ハル江")
    add_member(one, suzuki())
    return one


def url(name, *arguments):
    return reverse(f"transitions:{name}", args=arguments)


def text(response):
    return response.content.decode()


def moment(step, **values):
    now = clock.now() - timedelta(minutes=5)
    base = {"day": f"{now:%Y-%m-%d}", "time": f"{now:%H:%M}", "channel": "phone"}
    return {f"{step}-{name}": value for name, value in (base | values).items()}


def take(client, call, step, **values):
    address = url("emergency_call_step", call.patient.uid, call.uid, step)
    response = client.post(address, moment(step, **values))
    call.refresh_from_db()
    return response.status_code


NAMED = {"person_name": "架空 当直医"}


# -- T-C2a and T-C1b: the agreement


def test_an_agreement_is_registered_told_confirmed_and_ended(suzuki_client, patient):
    page = url("person_agreement", patient.uid)
    assert "登録する" in text(suzuki_client.get(page))
    nameless = suzuki_client.post(page, OTHER | TERMS | {"hospital_name": ""})
    ahead = suzuki_client.post(page, OTHER | TERMS | {"confirmed_on": "2199年1月1日"})

    suzuki_client.post(page, OTHER | TERMS)

    assert (nameless.status_code, ahead.status_code) == (422, 422)
    shown = text(suzuki_client.get(page))
    assert "人工呼吸器" in shown
    assert "まだ全員に伝わっていません" in shown
    confirm = url("agreement_confirm", patient.uid)
    late = {"confirmed_on": "2026年3月1日", "channel": "phone", "person_name": "架空"}
    assert suzuki_client.post(confirm, late).status_code == 422
    today = late | {"confirmed_on": f"{clock.today():%Y-%m-%d}"}
    assert suzuki_client.post(confirm, today).status_code == 302
    assert suzuki_client.post(url("agreement_end", patient.uid)).status_code == 302
    assert suzuki_client.post(url("agreement_end", patient.uid)).status_code == 404


def test_t_c1b_a_hospital_is_arranged_on_the_page_when_all_three_said_so(suzuki_client, patient):
    agreed(patient, OUTSIDE)
    page = url("person_agreement", patient.uid)
    seen = []
    for audience, values in (
        ("care_manager", {"channel": "system"}),
        ("station", {"channel": "phone", "has_nobody": "on"}),
        ("family", {"channel": "phone", "person_name": "架空 家族"}),
    ):
        seen.append("手配済み</span>" in text(suzuki_client.get(page)))
        suzuki_client.post(
            url("agreement_tell", patient.uid, audience),
            {f"{audience}-{name}": value for name, value in values.items()},
        )
    again = suzuki_client.post(
        url("agreement_tell", patient.uid, "family"),
        {"family-channel": "phone", "family-person_name": "架空"},
    )

    assert seen == [False, False, False]
    assert "手配済み</span>" in text(suzuki_client.get(page))
    assert again.status_code == 422
    unknown = url("agreement_tell", patient.uid, "neighbour")
    assert suzuki_client.post(unknown).status_code == 404


def test_t_c2a_a_second_hospital_is_refused_with_the_first_one_named(suzuki_client, patient):
    agreed(patient, OUTSIDE)
    second = OTHER | TERMS | {"hospital_name": "べつの架空病院"}

    answer = suzuki_client.post(url("person_agreement", patient.uid), second)

    assert answer.status_code == 422
    assert "よその県の架空病院がすでに登録されています" in text(answer)
    assert EmergencyAgreement.objects.count() == 1


def test_t_c2a_who_reads_only_the_basics_never_learns_which_hospital(takahashi_client, patient):
    agreed(patient, OUTSIDE)
    add_member(patient, takahashi())
    AccessGrant.objects.filter(membership=membership_of(takahashi())).update(
        content_classes=[ContentClass.BASIC.value]
    )
    second = OTHER | TERMS | {"hospital_name": "べつの架空病院"}
    page = url("person_agreement", patient.uid)

    answers = [
        takahashi_client.get(url("person_emergency", patient.uid)),
        takahashi_client.get(page),
        takahashi_client.post(page, second),
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 422]
    assert "急変時の情報は見られません" in text(answers[0])
    assert "別の医療機関がすでに登録されています" in text(answers[2])
    assert not any("よその県" in text(answer) for answer in answers)
    for name in ("emergency_call_add", "agreement_end"):
        assert takahashi_client.post(url(name, patient.uid)).status_code == 404


# -- T-C2b: the live request


def test_a_number_in_the_record_that_is_none_is_said_and_nothing_breaks(suzuki_client, patient):
    patient.providers.create(
        role=ProviderRole.BACKUP_HOSPITAL,
        name="架空の後方病院",
        phone="内線3",
        period=(clock.today() - timedelta(days=1), None),
    )
    page = text(suzuki_client.get(url("person_emergency", patient.uid)))
    [key] = set(re.findall(r'value="(provider:[^"]+)"', page))

    answer = suzuki_client.post(
        url("emergency_call_add", patient.uid), {"hospital": key, "reason": "発熱"}
    )

    assert answer.status_code == 422
    assert "電話番号は市外局番から" in text(answer)


def test_t_c2b_435_two_taps_at_night_and_the_whole_way_home(suzuki_client, patient):
    agreed(patient, OUTSIDE)
    first_tap = suzuki_client.get(url("person_emergency", patient.uid))
    assert 'value="息が苦しい"' in text(first_tap)

    second_tap = suzuki_client.post(
        url("emergency_call_add", patient.uid), {"hospital": "agreed", "reason": "息が苦しい"}
    )

    call = EmergencyCall.objects.get()
    assert second_tap.url == url("emergency_call", patient.uid, call.uid)
    assert call.agreement is not None
    assert "0999-00-8000" in text(suzuki_client.get(second_tap.url))
    assert take(suzuki_client, call, "accept", **NAMED) == 302
    assert take(suzuki_client, call, "transport") == 422
    assert take(suzuki_client, call, "transport", vehicle="ambulance") == 302
    assert take(suzuki_client, call, "admit") == 302
    assert "入院した記録を始める" in text(suzuki_client.get(second_tap.url))
    assert take(suzuki_client, call, "return") == 302
    page = text(suzuki_client.get(second_tap.url))
    assert "救急車" in page
    assert "家に戻った" in page


def test_t_c2b_1035_an_acceptance_by_telephone_has_a_name_and_is_shown_as_one(
    suzuki_client, patient
):
    call = called(patient, OUTSIDE)

    assert take(suzuki_client, call, "accept") == 422
    assert take(suzuki_client, call, "accept", channel="system", **NAMED) == 422
    assert take(suzuki_client, call, "accept", **NAMED) == 302

    page = text(suzuki_client.get(url("emergency_call", patient.uid, call.uid)))
    assert "架空 当直医" in page
    assert "電話　記録" in page


def test_t_c2b_1035_a_hospital_with_an_account_answers_itself_and_reads_no_name(
    suzuki_client, tanaka_client, patient
):
    call, other = called(patient), called(make_patient())
    page = tanaka_client.get(url("hospital_calls"))
    assert "発熱と呼吸苦" in text(page)
    assert "湊" not in text(page)

    accepted = tanaka_client.post(url("hospital_answer", call.uid, "accept"))
    reasonless = tanaka_client.post(url("hospital_answer", other.uid, "refuse"))
    refused = tanaka_client.post(
        url("hospital_answer", other.uid, "refuse"), {f"{other.uid}-refusal": "no_bed"}
    )

    assert [one.status_code for one in (accepted, reasonless, refused)] == [302, 422, 302]
    assert set(EmergencyCall.objects.values_list("state", flat=True)) == {"accepted", "refused"}
    # Answered twice, and by somebody who was not asked.
    assert tanaka_client.post(url("hospital_answer", call.uid, "accept")).status_code == 302
    assert suzuki_client.post(url("hospital_answer", call.uid, "accept")).status_code == 404
    assert tanaka_client.post(url("hospital_answer", call.uid, "admit")).status_code == 404
    assert "頼まれているものはありません" in text(suzuki_client.get(url("hospital_calls")))


def test_t_c2b_1035_what_a_hospital_is_asked_names_nobody(suzuki_client, patient):
    page = suzuki_client.post(
        url("emergency_call_add", patient.uid),
        {"hospital": "other", "hospital_name": "架空病院", "reason": f"{patient.name}さんが発熱"},
    )

    assert page.status_code == 422
    assert "氏名を書かないでください" in text(page)
    assert not EmergencyCall.objects.exists()


def test_t_c2b_1091_a_hospital_outside_is_called_by_its_name(suzuki_client, patient):
    add = url("emergency_call_add", patient.uid)
    nameless = suzuki_client.post(add, {"hospital": "other", "reason": "発熱"})
    odd = suzuki_client.post(add, OTHER | {"hospital_phone": "12", "reason": "発熱"})
    suzuki_client.post(add, OTHER | {"hospital_phone": "0999-00-8000", "reason": "発熱"})

    call = EmergencyCall.objects.get()
    assert (nameless.status_code, odd.status_code) == (422, 422)
    assert (call.hospital, call.hospital_name) == (None, "よその県の架空病院")
    assert "よその県の架空病院" in text(suzuki_client.get(url("person_emergency", patient.uid)))


def test_t_c2b_1042_1095_others_are_asked_beside_and_the_same_one_once(suzuki_client, patient):
    add = url("emergency_call_add", patient.uid)
    names = ("よその県の架空病院", "べつの架空病院", "よその県の架空病院")
    for name in names:
        values = {"hospital": "other", "hospital_name": name, "reason": "発熱"}
        answer = suzuki_client.post(add, values, follow=True)

    assert EmergencyCall.objects.count() == 2
    assert "すでに頼んでいます" in text(answer)


def test_t_c2b_a_refusal_keeps_its_reason_and_the_hospital_can_be_asked_again(
    suzuki_client, patient
):
    call = called(patient, OUTSIDE)

    assert take(suzuki_client, call, "refuse", **NAMED) == 422
    values = {"refusal": "no_bed", "note": "朝には空く", **NAMED}
    assert take(suzuki_client, call, "refuse", **values) == 302

    page = text(suzuki_client.get(url("person_emergency", patient.uid)))
    assert "満床　朝には空く" in page
    suzuki_client.post(url("emergency_call_add", patient.uid), OTHER | {"reason": "発熱"})
    assert EmergencyCall.objects.count() == 2


def test_t_c2b_5401_admitted_elsewhere_and_death_end_what_else_was_asked(suzuki_client, patient):
    taken, other = called(patient), called(patient, OUTSIDE)
    assert take(suzuki_client, taken, "accept", **NAMED) == 302
    take(suzuki_client, taken, "transport", vehicle="ambulance")
    take(suzuki_client, taken, "admit")
    other.refresh_from_db()
    page = text(suzuki_client.get(url("emergency_call", patient.uid, other.uid)))
    third = called(patient, OUTSIDE)

    assert other.state == "cancelled"
    assert "ほかの病院が決まったため" in page
    assert take(suzuki_client, third, "cancel") == 422
    assert take(suzuki_client, third, "cancel", cancel_reason="died") == 302
    assert third.state == "cancelled"


def test_t_c2b_1248_in_a_declared_disaster_transport_waits_for_no_answer(suzuki_client, patient):
    area = make_area()
    patient.municipality = area
    patient.save(update_fields=["municipality"])
    add = url("emergency_call_add", patient.uid)
    suzuki_client.post(add, OTHER | {"reason": "発熱"})
    in_peace = EmergencyCall.objects.get()
    assert take(suzuki_client, in_peace, "transport", vehicle="own") == 422
    DisasterMode.objects.create(
        area=area,
        municipality_ids=[area.pk],
        reason="地震",
        requested_by=membership_of(suzuki()),
        requested_at=clock.now(),
        approved_by=membership_of(sato()),
        approved_at=clock.now(),
        ends_at=clock.now() + timedelta(hours=12),
    )

    assert "災害時の扱いです" in text(suzuki_client.get(url("person_emergency", patient.uid)))
    suzuki_client.post(add, {"hospital": "other", "hospital_name": "架空院", "reason": "発熱"})

    call = EmergencyCall.objects.latest("pk")
    assert call.is_disaster
    assert take(suzuki_client, call, "transport", vehicle="own") == 302


def test_calls_of_others_are_not_found(suzuki_client, tanaka_client, patient):
    elsewhere = called(make_patient(), OUTSIDE)

    for answer in (
        suzuki_client.get(url("emergency_call", patient.uid, elsewhere.uid)),
        suzuki_client.post(url("emergency_call_step", patient.uid, elsewhere.uid, "accept")),
        suzuki_client.post(url("emergency_call_step", patient.uid, elsewhere.uid, "odd")),
        tanaka_client.get(url("person_emergency", patient.uid)),
        tanaka_client.post(url("hospital_answer", elsewhere.uid, "accept")),
    ):
        assert answer.status_code == 404
    own = called(patient, OUTSIDE)
    odd = url("emergency_call_step", patient.uid, own.uid, "odd")
    assert suzuki_client.post(odd).status_code == 404


def test_an_agreement_confirmed_long_ago_says_so(suzuki_client, patient):
    agreed(patient, OUTSIDE, confirmed_on=clock.today() - timedelta(days=200))

    page = text(suzuki_client.get(url("person_emergency", patient.uid)))

    assert "6か月より前の確認です" in page
