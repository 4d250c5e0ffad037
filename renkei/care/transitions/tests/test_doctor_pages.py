"""The pages of the register of doctors and of a person's pair."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from renkei.care.patients.tests.factories import add_member, make_patient
from renkei.care.transitions.models import Doctor, DoctorAbsence, DoctorPair, OfficeAbsence
from renkei.care.transitions.pair_states import PairState
from renkei.care.transitions.services.absences import record_absence, record_office_absence
from renkei.care.transitions.tests.test_doctors import AGREED, EVENING, active, make_doctor
from renkei.foundation.accounts.tests.factories import suzuki, takahashi, tanaka, viewer_for

pytestmark = pytest.mark.django_db
DOCTOR = {"name": "架空 透", "phone": "0999-00-2045", "hours_0": "9:00～12:00、14:00～25:00"}


def url(name, *arguments):
    return reverse(f"transitions:{name}", args=arguments)


def test_a_doctor_is_registered_and_changed_by_the_own_organisation(tanaka_client, suzuki_client):
    assert "登録している医師はいません" in tanaka_client.get(url("doctor_list")).content.decode()
    assert tanaka_client.get(url("doctor_add")).status_code == 200

    made = tanaka_client.post(url("doctor_add"), DOCTOR)
    doctor = Doctor.objects.get()

    assert made.status_code == 302
    assert doctor.weekly_hours == {"0": [["9:00", "12:00"], ["14:00", "25:00"]]}
    page = tanaka_client.get(url("doctor_edit", doctor.uid))
    assert "9:00～12:00、14:00～25:00" in page.content.decode()
    assert "架空 透" in tanaka_client.get(url("doctor_list")).content.decode()
    assert suzuki_client.get(url("doctor_edit", doctor.uid)).status_code == 404


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"hours_0": ""}, "対応時間を入力するか"),
        ({"hours_0": "朝"}, "22:00～32:00"),
        ({"phone": "12"}, "電話番号は市外局番から"),
    ],
)
def test_what_a_doctor_lacks_is_said(tanaka_client, change, message):
    response = tanaka_client.post(url("doctor_add"), DOCTOR | change)

    assert (response.status_code, message in response.content.decode()) == (422, True)


def test_an_absence_is_entered_and_cancelled(tanaka_client):
    doctor = make_doctor()
    day = {"starts_on": "2099年1月1日", "ends_on": "2099年1月2日", "ends_time": "24:00"}
    values = {"who": doctor.uid, "starts_time": "18:00", **day}
    wrong = values | {"starts_time": "夜"}
    backwards = values | {"ends_on": "2098年1月1日"}

    answers = [
        tanaka_client.post(url("doctor_list"), each).status_code
        for each in (wrong, backwards, values)
    ]

    assert answers == [422, 422, 302]
    absence = DoctorAbsence.objects.get()
    assert "これからの不在" in tanaka_client.get(url("doctor_list")).content.decode()
    assert tanaka_client.post(url("absence_cancel", absence.uid)).status_code == 302
    assert tanaka_client.post(url("absence_cancel", absence.uid)).status_code == 404


def test_the_whole_office_is_closed_and_opened_again(tanaka_client):
    values = {
        "who": "office",
        "starts_on": "2099年12月29日",
        "starts_time": "0:00",
        "ends_on": "2099年12月31日",
        "ends_time": "24:00",
    }
    assert tanaka_client.post(url("doctor_list"), values).status_code == 302
    absence = OfficeAbsence.objects.get()
    page = tanaka_client.get(url("doctor_list")).content.decode()

    assert "事業所全体" in page
    assert tanaka_client.post(url("office_absence_cancel", absence.uid)).status_code == 302
    assert tanaka_client.post(url("office_absence_cancel", absence.uid)).status_code == 404


def test_a_doctor_is_asked_on_the_page_of_their_office_and_says_yes(tanaka_client, suzuki_client):
    patient = make_patient(name="湊 ハル江")
    add_member(patient, suzuki())
    doctor, deputy = make_doctor(), make_doctor("架空 副")
    values = {"main": doctor.uid, "deputy": deputy.uid}
    suzuki_client.post(url("pair_propose", patient.uid), values)
    pair = DoctorPair.objects.get()

    page = tanaka_client.get(url("doctor_list")).content.decode()
    answers = [tanaka_client.post(url("pair_agree", pair.uid)).status_code for _ in range(3)]

    assert "申し込み" in page
    assert "湊" not in page
    assert answers == [302, 302, 404]
    pair.refresh_from_db()
    assert pair.state == PairState.DEPUTY_OK
    assert suzuki_client.post(url("pair_agree", pair.uid)).status_code == 404


def test_a_pair_is_proposed_agreed_started_and_made_known_on_its_page(suzuki_client):
    patient = make_patient()
    add_member(patient, suzuki())
    main, deputy = make_doctor(), make_doctor("架空 副")
    page = url("person_pair", patient.uid)
    propose = url("pair_propose", patient.uid)
    assert "主治医・副主治医の組はありません" in suzuki_client.get(page).content.decode()
    same = suzuki_client.post(propose, {"main": main.uid, "deputy": main.uid})
    assert same.status_code == 422

    suzuki_client.post(propose, {"main": main.uid, "deputy": deputy.uid})
    pair = DoctorPair.objects.get()
    answer = {"channel": "phone", "person_name": "架空 答"}
    nobody = suzuki_client.post(
        url("pair_step", patient.uid, pair.uid, "main_agrees"), answer | {"person_name": ""}
    )
    for step in (*AGREED, "starts"):
        suzuki_client.post(url("pair_step", patient.uid, pair.uid, str(step)), answer)
    told = suzuki_client.get(page).content.decode()
    waiting = suzuki_client.get(page).content.decode()
    own = url("pair_tell", patient.uid, pair.uid, "care_manager")
    suzuki_client.post(own, {"care_manager-channel": "system"})
    lacking = url("pair_tell", patient.uid, pair.uid, "station")
    suzuki_client.post(lacking, {"station-channel": "phone", "station-has_nobody": "on"})
    family = url("pair_tell", patient.uid, pair.uid, "family")
    values = {"family-channel": "phone", "family-person_name": "架空 家族"}
    nameless = suzuki_client.post(family, values | {"family-person_name": ""})
    suzuki_client.post(family, values)
    again = suzuki_client.post(family, values)

    pair.refresh_from_db()
    assert pair.state == PairState.ACTIVE
    assert (nobody.status_code, again.status_code) == (422, 422)
    assert "まだ全員に伝わっていません" in told
    assert "手配済み" in suzuki_client.get(page).content.decode()
    unknown = url("pair_step", patient.uid, patient.uid, "starts")
    assert suzuki_client.post(unknown, answer).status_code == 404
    odd = url("pair_step", patient.uid, pair.uid, "odd")
    assert suzuki_client.post(odd, answer).status_code == 404
    assert nameless.status_code == 422
    assert "ケアマネとして確かめました" in waiting
    for wrong in ((patient.uid, "family"), (pair.uid, "neighbour")):
        foreign = url("pair_tell", patient.uid, *wrong)
        assert suzuki_client.post(foreign, values).status_code == 404


def test_who_is_not_on_the_team_finds_no_pair(tanaka_client):
    patient = make_patient()
    add_member(patient, takahashi())

    assert tanaka_client.get(url("person_pair", patient.uid)).status_code == 404
    assert tanaka_client.post(url("pair_propose", patient.uid), {}).status_code == 404


def test_a_call_upon_the_deputy_is_written_down_on_the_page(suzuki_client):
    pair = active()
    address = url("pair_call", pair.patient.uid, pair.uid)
    day = {"call-day": "2026-11-20", "call-time": "19:30", "call-went": pair.deputy.uid}
    values = day | {"call-reason": "発熱", "call-outcome": "往診し、様子を見る"}

    answers = [
        suzuki_client.post(address, each).status_code
        for each in (
            values | {"call-reason": ""},
            values | {"call-day": "2199-01-01"},
            values,
        )
    ]

    assert answers == [422, 422, 302]
    page = suzuki_client.get(url("person_pair", pair.patient.uid)).content.decode()
    assert "往診し、様子を見る" in page
    foreign = url("pair_call", pair.patient.uid, pair.patient.uid)
    assert suzuki_client.post(foreign, values).status_code == 404


def test_the_board_says_who_is_away_and_whom_to_call_instead(suzuki_client, time_machine):
    time_machine.move_to(EVENING, tick=False)
    pair = active(deputy=make_doctor("架空 副", takahashi()))
    times = {"starts_at": EVENING, "ends_at": EVENING + timedelta(hours=5)}
    record_absence(viewer=viewer_for(tanaka()), doctor=pair.main, **times)
    record_office_absence(viewer=viewer_for(takahashi()), **times)

    board = suzuki_client.get(url("tonight")).content.decode()
    week = suzuki_client.get(url("person_tonight", pair.patient.uid)).content.decode()

    for page in (board, week):
        assert "不在・休み" in page
        assert "事業所全体" in page
        assert "主治医も副主治医も不在です" in page
        assert "主治医　架空 透" in page
