"""今夜の担当 in a browser: the nurse at two in the morning, and the office that keeps its roster."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from renkei.care.patients.tests.factories import add_member, make_patient
from renkei.care.transitions.models import Roster
from renkei.care.transitions.services.first_contacts import set_first_contacts
from renkei.care.transitions.services.rosters import NewShift, save_roster, set_day, set_week
from renkei.foundation.accounts.tests.factories import takahashi, viewer_for
from renkei.foundation.common import clock
from tests.browser.helpers import (
    expect_no_axe_violations,
    expect_no_sideways_scroll,
    screenshot,
)

EVENING, MORNING = 17 * 60, 33 * 60


def _night_of_the_station():
    viewer = viewer_for(takahashi())
    roster = save_roster(
        viewer=viewer,
        roster=None,
        name="夜間の電話当番",
        phone="0999-00-1201",
        is_regional=False,
    )
    for kind in range(7):
        shifts = [
            NewShift(MORNING - 1440, EVENING, "架空 昼子"),
            NewShift(EVENING, MORNING, "架空 みのり"),
        ]
        set_week(
            viewer=viewer,
            roster=roster,
            day_kind=kind,
            shifts=shifts,
            since=clock.today() - timedelta(days=30),
        )
    for name, rosters in (("湊 ハル江", [roster]), ("沖 正次", [roster]), ("浜口 トミ", [])):
        patient = make_patient(name=name, kana=name)
        add_member(patient, takahashi())
        set_first_contacts(viewer=viewer, patient=patient, rosters=rosters)
    return roster


@pytest.mark.parametrize("width", [1280, 360])
def test_whom_to_call_tonight_is_read_on_a_phone_and_changed_in_the_office(
    open_page, takahashi_client, width
):
    roster = _night_of_the_station()
    set_day(
        viewer=viewer_for(takahashi()),
        roster=roster,
        day=clock.today() + timedelta(days=2),
        shifts=[],
    )
    page = open_page(width=width, height=740, client=takahashi_client)

    page.goto(reverse("transitions:tonight"))
    _look(page, "tonight", width)
    call = page.get_by_role("link", name="0999-00-1201").first
    assert call.get_attribute("href") == "tel:0999001201"
    if width == 360:
        assert call.bounding_box()["height"] >= 44
    assert page.get_by_role("heading", name="担当のない時間がある人").is_visible()

    page.get_by_role("link", name="湊 ハル江さん").click()
    page.get_by_role("heading", name="1週間").wait_for()
    _look(page, "person", width)
    page.get_by_role("link", name="電話する順を決める").click()
    page.get_by_label("1番目に電話する先").wait_for()
    _look(page, "order", width)

    page.goto(reverse("transitions:roster_week", args=[Roster.objects.get().uid]))
    _look(page, "week", width)
    page.get_by_role("link", name="変える").first.click()
    page.get_by_label("時間（1）").fill("22:00～32:00")
    _look(page, "day", width)
    page.get_by_role("button", name="この日の当番にする").click()
    page.get_by_text("この日だけの当番").first.wait_for()
    assert page.get_by_text("22:00～翌8:00").is_visible()
    page.get_by_role("link", name="決める").first.click()
    page.get_by_label("この日から").wait_for()
    _look(page, "pattern", width)
    page.goto(reverse("transitions:roster_list"))
    _look(page, "rosters", width)


def _look(page, name, width):
    expect_no_axe_violations(page)
    expect_no_sideways_scroll(page)
    screenshot(page, f"tonight-{name}-{width}")
