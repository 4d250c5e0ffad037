"""Reaching the other side, the forms of the rule, and what strangers can measure."""

from __future__ import annotations

import io
import re
from datetime import date
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from renkei.care.patients.models import ProviderRole
from renkei.care.patients.tests import factories as patients
from renkei.care.transitions.models import FactKind, Rule
from renkei.care.transitions.queries.contacts import is_stale
from renkei.care.transitions.tests import factories
from renkei.care.transitions.tests.test_pages import ADMITTED, NOW, browser, fill, url
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.common import clock
from renkei.foundation.sheets.answers import content_from
from renkei.foundation.sheets.definition import parse
from renkei.foundation.sheets.queries import version_in_force
from renkei.foundation.sheets.services.answers import record_answer

pytestmark = pytest.mark.django_db
CHANGING = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken&quot;: &quot;[^&]+|"X-CSRFToken": "[^"]+"'
)
LATER = factories.at(date(2027, 12, 1))


@pytest.fixture(autouse=True)
def on_friday(time_machine):
    time_machine.move_to(NOW, tick=False)


def test_t_tob3_a_social_worker_reaches_the_care_manager_in_one_tap_from_the_person():
    patient = factories.patient_with_both_sides()
    office = accounts.make_organisation("架空居宅介護支援事業所")
    factories.point(office, NOW, phone="0999-00-3121", fax="0999-00-3129", extension="12")
    client = browser(factories.ward_nurse())

    person = patients.text_of(client.get(f"/patients/{patient.uid}/"))
    assert url("patient_cases", patient.uid) in person
    page = patients.text_of(client.get(url("patient_cases", patient.uid)))

    for words in ("鈴木 二葉", "0999-00-3121", "内線 12", "FAX 0999-00-3129", "月～金 8:30～17:15"):
        assert words in page


def test_t_tob3_a_care_manager_without_an_account_is_reached_as_well():
    patient = patients.make_patient()
    patients.add_member(patient, accounts.takahashi())
    patient.providers.create(
        role=ProviderRole.CARE_MANAGER,
        name="よそのケアプラン",
        person_name="架空 京子",
        phone="0999-00-4000",
        fax="0999-00-4009",
        hours="平日9時から",
        period=(date(2026, 1, 1), None),
    )

    page = patients.text_of(browser(accounts.takahashi()).get(url("patient_cases", patient.uid)))

    for words in ("架空 京子", "0999-00-4000", "0999-00-4009", "平日9時から", "連携の利用なし"):
        assert words in page


def test_nobody_is_named_where_no_care_manager_is_known():
    patient = patients.make_patient(host=accounts.make_organisation("架空訪問看護ステーション"))
    patients.add_member(patient, accounts.takahashi())

    page = patients.text_of(browser(accounts.takahashi()).get(url("patient_cases", patient.uid)))

    assert "ケアマネは記録されていません" in page


def test_a_sent_form_is_recorded_with_the_stay():
    call_command("load_sheets", stdout=io.StringIO())
    patient = factories.patient_with_both_sides()
    case = factories.opened(patient, admitted_at=ADMITTED)
    version = version_in_force("admission_info")
    definition = parse(version.questionnaire)
    # Only what the form demands.
    words = {"string": "架空", "date": clock.today()}
    wanted = [one for one in definition.questions if one.required]
    values = {one.link_id: [words[one.type]] for one in wanted}
    answer = record_answer(
        actor=accounts.viewer_for(accounts.suzuki()).actor,
        version=version,
        subject_uid=patient.uid,
        content=content_from(values, definition),
        source="web",
        organisation_id=accounts.viewer_for(accounts.suzuki()).organisation_id,
    )
    client = browser(accounts.suzuki())
    page = patients.text_of(client.get(url("case_detail", case.uid)))
    address = url("case_form_hand", case.uid, answer.uid)
    assert address in page
    assert "算定の見込み" in page

    form = patients.text_of(client.get(address))
    client.post(address, fill(form, channel="system", organisation="架空市立中央病院"))

    fact = case.facts.get(kind=FactKind.ADMISSION_INFO_SENT)
    assert (fact.detail, fact.channel) == ({"answer_uid": str(answer.uid)}, "system")
    assert "渡したことを記録済み" in patients.text_of(client.get(url("case_detail", case.uid)))
    assert "算定の見込み" not in patients.text_of(
        browser(factories.ward_nurse()).get(url("case_detail", case.uid))
    )


def test_the_shipped_rules_are_loaded_by_a_command():
    said = io.StringIO()

    call_command("load_transition_rules", stdout=said)

    assert "新しい版 2" in said.getvalue()
    assert Rule.objects.filter(is_example=True).count() == 2


def test_a_contact_point_nobody_confirmed_for_a_year_is_stale(time_machine):
    point = factories.point(accounts.make_organisation(), NOW)
    assert not is_stale(point)

    time_machine.move_to(LATER)

    assert is_stale(point)


def test_t_d3_a_stranger_cannot_tell_a_stay_from_none():
    patient = factories.patient_with_both_sides()
    case = factories.opened(patient, admitted_at=ADMITTED)
    stranger = browser(accounts.tanaka())
    stranger.get("/patients/")

    def asked(client: Client, address: str) -> tuple[int, str, int]:
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
        return response.status_code, CHANGING.sub("", patients.text_of(response)), len(queries)

    for name, here in (("case_detail", case.uid), ("patient_cases", patient.uid)):
        assert asked(stranger, url(name, here)) == asked(stranger, url(name, uuid4()))
