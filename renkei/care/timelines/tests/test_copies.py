"""Copies of a period, and the way to who has looked."""

from __future__ import annotations

import io

import openpyxl
import pypdf
import pytest
from django.test import Client

from renkei.care.patients.models import MunicipalityChoice
from renkei.care.patients.tests.factories import add_family
from renkei.care.timelines.tests.factories import NURSE, alarm, post, staff_room, team_patient
from renkei.care.timelines.tests.test_pages import url, words
from renkei.foundation.accounts.tests.factories import sign_in, suzuki, takahashi
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


def sheets_of(response) -> list[str]:
    pages = pypdf.PdfReader(io.BytesIO(response.content)).pages
    return ["".join(page.extract_text().split()) for page in pages]


def test_every_sheet_of_a_copy_says_whose_it_is(takahashi_client):
    patient = team_patient(name="架空 ハル江")
    for number in range(20):
        post(suzuki(), staff_room(patient), f"{number}回目の訪問です。\n二行目\n三行目")
    today = clock.today().isoformat()
    data = {"room": "staff", "first": today, "last": today, "reason": "開示請求"}
    address = url("timeline_export", patient.uid)

    sheets = sheets_of(takahashi_client.post(address, {**data, "format": "pdf"}))
    book = openpyxl.load_workbook(
        io.BytesIO(takahashi_client.post(address, {**data, "format": "xlsx"}).content)
    )

    assert len(sheets) > 1
    assert all("架空ハル江" in sheet for sheet in sheets)
    notes = [cell.value for row in book.worksheets[1].iter_rows() for cell in row]
    assert "架空 ハル江" in notes


def test_the_call_list_knows_the_number_of_an_office_without_a_provider(takahashi_client):
    patient = team_patient()
    office = takahashi().memberships.get().organisation
    office.phone = "0999-00-1201"
    office.save(update_fields=["phone"])
    entry = alarm(suzuki(), staff_room(patient), NURSE)

    [sheet] = sheets_of(takahashi_client.get(url("call_list", entry.room.uid, entry.uid)))

    assert "0999-00-1201" in sheet
    assert "番号の記録なし" not in sheet
