"""At a sudden turn at night, doctors who stand in for each other, and the holes of a month."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from renkei.care.patients.tests.factories import (
    add_family,
    add_member,
    family_user,
    make_patient,
)
from renkei.care.transitions.services.absences import record_absence, record_office_absence
from renkei.care.transitions.services.first_contacts import set_first_contacts
from renkei.care.transitions.tests.duty_factories import make_roster, nights
from renkei.care.transitions.tests.test_doctors import active, make_doctor, proposed
from renkei.care.transitions.tests.test_emergencies import OUTSIDE, agreed, called
from renkei.foundation.accounts.tests.factories import (
    sign_in,
    suzuki,
    takahashi,
    tanaka,
    viewer_for,
)
from renkei.foundation.common import clock
from tests.browser.helpers import (
    expect_no_axe_violations,
    expect_no_sideways_scroll,
    screenshot,
)

WIDTHS = pytest.mark.parametrize("width", [1280, 360])


def _person(name="湊 ハル江"):
    patient = make_patient(name=name, kana="ミナト ハルエ")
    add_member(patient, suzuki())
    return patient


@WIDTHS
def test_two_taps_at_night_ask_the_hospital_and_the_answer_by_telephone_is_kept(
    open_page, suzuki_client, width
):
    patient = _person()
    agreed(patient, OUTSIDE)
    page = open_page(width=width, height=740, client=suzuki_client)
    page.goto(reverse("transitions:person_tonight", args=[patient.uid]))

    page.get_by_role("link", name="急変時", exact=True).click()
    expect(page.get_by_role("button", name="息が苦しい")).to_be_visible()
    _look(page, "emergency", width)
    page.get_by_role("button", name="息が苦しい").click()

    expect(page.get_by_role("heading", name="よその県の架空病院")).to_be_visible()
    assert page.get_by_role("link", name="0999-00-8000").get_attribute("href") == "tel:0999008000"
    _look(page, "call", width)
    accept = page.locator("form", has=page.get_by_role("button", name="受け入れると答えたこと"))
    accept.get_by_label("答えた人").fill("架空 当直医")
    accept.get_by_role("button").click()
    expect(page.get_by_text("受け入れると答えたことを記録しました")).to_be_visible()
    _look(page, "accepted", width)
    page.goto(reverse("transitions:person_emergency", args=[patient.uid]))
    _look(page, "going-on", width)


@WIDTHS
def test_a_full_hospital_says_no_and_another_takes_the_person_in(open_page, suzuki_client, width):
    patient = _person()
    agreed(patient, OUTSIDE)
    page = open_page(width=width, height=740, client=suzuki_client)
    here = reverse("transitions:person_emergency", args=[patient.uid])
    page.goto(here)
    page.get_by_role("button", name="熱が高い").click()

    page.locator("summary", has_text="受け入れられないと答えた").click()
    refuse = page.locator("form", has=page.get_by_role("button", name="受け入れられないと"))
    refuse.get_by_role("button").click()
    expect(page.get_by_text("受けられない理由").first).to_be_visible()
    refuse = page.locator("form", has=page.get_by_role("button", name="受け入れられないと"))
    refuse.get_by_label("満床").check()
    refuse.get_by_label("答えた人").fill("架空 当直医")
    refuse.get_by_role("button").click()
    expect(page.get_by_text("受け入れられないと答えたことを記録しました")).to_be_visible()
    _look(page, "refused", width)

    page.goto(here)
    other = page.locator("details", has_text="ほかの病院に頼む")
    other.locator("summary").click()
    other.get_by_label("ほかの病院（名前を入力）").check()
    other.get_by_label("病院の名前（一覧にないとき）").fill("となり町の架空病院")
    other.get_by_label("頼む理由").fill("発熱。前の病院は満床")
    other.get_by_role("button", name="頼んだことを記録する").click()
    accept = page.locator("form", has=page.get_by_role("button", name="受け入れると答えたこと"))
    accept.get_by_label("答えた人").fill("架空 看護師長")
    accept.get_by_role("button").click()
    expect(page.get_by_text("受け入れると答えたことを記録しました")).to_be_visible()

    page.goto(here)
    expect(page.get_by_text("満床").first).to_be_visible()
    expect(page.get_by_role("link", name="となり町の架空病院")).to_be_visible()
    _look(page, "accepted-elsewhere", width)


@WIDTHS
def test_the_family_confirms_and_the_area_sees_its_hours(open_page, client, suzuki_client, width):
    pair = active()
    add_family(pair.patient)
    sign_in(client, family_user())
    family = open_page(width=width, height=740, client=client)
    family.goto(reverse("timelines:own_page"))
    family.get_by_role("link", name="もしものときに電話する先").click()
    _look(family, "family", width)
    family.get_by_role("button", name="医師2人と電話番号を確かめました").click()
    expect(family.get_by_text("確かめたことをチームに伝えました")).to_be_visible()

    nights(make_roster(suzuki()), suzuki())
    page = open_page(width=width, height=740, client=suzuki_client)
    page.goto(reverse("transitions:duty_map_week"))
    expect(page.get_by_text("地域のどこにもつながらない時間があります")).to_be_visible()
    _look(page, "duty-map", width)


@WIDTHS
def test_the_hospital_that_stands_ready_is_registered_and_made_known(
    open_page, suzuki_client, width
):
    patient = _person()
    page = open_page(width=width, height=740, client=suzuki_client)
    page.goto(reverse("transitions:person_agreement", args=[patient.uid]))
    _look(page, "agreement-empty", width)

    page.get_by_label("病院の名前（一覧にないとき）").fill("よその県の架空病院")
    page.get_by_label("病院で答えた人").fill("架空 当直医")
    page.get_by_role("button", name="登録する").click()
    page.get_by_role("button", name="ケアマネとして確かめました").click()
    expect(page.get_by_text("伝わったことを記録しました")).to_be_visible()

    _look(page, "agreement", width)


@WIDTHS
def test_a_hospital_answers_without_reading_for_whom(open_page, tanaka_client, width):
    called(_person())
    page = open_page(width=width, height=740, client=tanaka_client)

    page.goto(reverse("transitions:hospital_calls"))

    expect(page.get_by_text("発熱と呼吸苦")).to_be_visible()
    assert "ハル江" not in page.content()
    _look(page, "hospital-calls", width)
    page.get_by_role("button", name="受け入れる", exact=True).click()
    expect(page.get_by_text("返事を記録し")).to_be_visible()
    assert "ハル江" not in page.content()


@WIDTHS
def test_doctors_say_yes_are_away_and_the_team_reads_whom_to_call(
    open_page, tanaka_client, suzuki_client, width
):
    pair = active(patient=_person(), deputy=make_doctor("架空 副", takahashi()))
    proposed(_person("沖 正次"), main=pair.main, deputy=make_doctor("架空 別"))
    now = clock.now()
    times = {"starts_at": now, "ends_at": now + timedelta(hours=5)}
    record_absence(viewer=viewer_for(tanaka()), doctor=pair.main, **times)
    later = {name: at + timedelta(hours=2) for name, at in times.items()}
    record_office_absence(viewer=viewer_for(takahashi()), **later)
    page = open_page(width=width, height=740, client=tanaka_client)
    page.goto(reverse("transitions:doctor_list"))
    _look(page, "doctors", width)
    page.get_by_role("button", name="承諾する").click()
    expect(page.get_by_text("承諾を記録しました")).to_be_visible()
    page.goto(reverse("transitions:doctor_add"))
    _look(page, "doctor", width)

    page = open_page(width=width, height=740, client=suzuki_client)
    page.goto(reverse("transitions:tonight"))
    _look(page, "board", width)
    page.get_by_role("link", name="今月の担当の穴を見る").click()
    expect(page.get_by_role("heading", name="担当の穴")).to_be_visible()
    _look(page, "month", width)
    page.goto(reverse("transitions:person_pair", args=[pair.patient.uid]))
    _look(page, "pair", width)
    set_first_contacts(viewer=viewer_for(suzuki()), patient=pair.patient, rosters=[None])
    page.goto(reverse("transitions:person_tonight", args=[pair.patient.uid]))
    _look(page, "person", width)


def _look(page, name, width):
    screenshot(page, f"duties-{name}-{width}")
    expect_no_axe_violations(page)
    expect_no_sideways_scroll(page)
