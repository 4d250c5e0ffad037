"""The pages of stays and rules, as the two sides and strangers open them."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from renkei.care.patients.models import ProviderRole
from renkei.care.patients.tests import factories as patients
from renkei.care.transitions.models import CaseState, Channel, FactKind, RuleVersion
from renkei.care.transitions.services.rules import adopt_rule
from renkei.care.transitions.tests import factories
from renkei.care.transitions.values import Hospital
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.areas.tests import factories as areas
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
NOW = factories.at(date(2026, 11, 20), 9)
ADMITTED = factories.at(date(2026, 11, 16), 10, 40)


@pytest.fixture(autouse=True)
def on_friday(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def patient():
    area = areas.make_area()
    adopt_rule(actor=SYSTEM, rule=factories.shipped(), area=area, first_day=date(2026, 4, 1))
    return factories.patient_with_both_sides(municipality=area, name="架空 清")


@pytest.fixture
def case(patient):
    return factories.opened(patient, admitted_at=ADMITTED, note="肺炎")


def browser(user) -> Client:
    return accounts.sign_in(Client(), user)


def fill(page: str, **values: str) -> dict[str, str]:
    """What a browser would send: what the form proposes, and what somebody changed."""
    found = {
        name: value
        for name, value in re.findall(
            r'<input type="(?:hidden|date|time)" name="(\w+)" value="([^"]*)"', page
        )
        if name != "csrfmiddlewaretoken"
    }
    chosen = dict(re.findall(r'type="radio" name="(\w+)" value="([^"]+)"[^>]*checked', page))
    return found | chosen | values


def url(name: str, *arguments: object) -> str:
    return reverse(f"transitions:{name}", args=arguments)


def test_a_ward_nurse_admits_in_two_taps(patient):
    client = browser(factories.ward_nurse())
    tab = patients.text_of(client.get(url("patient_cases", patient.uid)))
    assert url("case_open", patient.uid) in tab

    form = patients.text_of(client.get(url("case_open", patient.uid)))
    answer = client.post(url("case_open", patient.uid), fill(form))

    case = patient.coordination_cases.get()
    assert answer.status_code == 302
    assert (case.hospital_name, case.state, case.admitted_at) == (
        "架空市立中央病院",
        CaseState.ADMITTED,
        NOW,
    )


def test_a_ward_nurse_tells_of_the_discharge_in_two_taps_and_a_day(case):
    client = browser(factories.ward_nurse())
    address = url("fact_add", case.uid, "discharge-notified")
    assert address in patients.text_of(client.get(url("case_detail", case.uid)))

    form = patients.text_of(client.get(address))
    client.post(address, fill(form, d_planned_on="2026-12-04"))

    case.refresh_from_db()
    assert case.planned_discharge_on == date(2026, 12, 4)


def test_a_care_manager_records_the_sent_information_in_two_taps(case):
    client = browser(accounts.suzuki())
    address = url("fact_add", case.uid, "admission-info-sent")

    form = patients.text_of(client.get(address))
    client.post(address, fill(form))

    assert case.facts.filter(kind=FactKind.ADMISSION_INFO_SENT, channel="system").count() == 1
    assert "期限から2日おくれ" in patients.text_of(client.get(url("case_detail", case.uid)))


def test_a_leak_takes_two_taps_and_one_choice(case):
    client = browser(accounts.suzuki())
    address = url("fact_add", case.uid, "discharged-without-notice")
    form = patients.text_of(client.get(address))
    assert "責めるためではなく" in form

    client.post(address, fill(form, d_reason_code="03"))

    page = patients.text_of(client.get(url("case_detail", case.uid)))
    case.refresh_from_db()
    assert case.is_leak
    assert "もれ" in page
    assert "急な退院" in page


def test_a_call_with_a_hospital_without_an_account_is_recorded(patient):
    place = Hospital(name="架空回復期病院", phone="0999-00-7100")
    case = factories.opened(patient, admitted_at=ADMITTED, hospital=place)
    client = browser(accounts.suzuki())
    page = patients.text_of(client.get(url("case_detail", case.uid)))
    assert "連携の利用なし" in page
    assert "tel:0999007100" in page

    address = url("fact_add", case.uid, "screening-done")
    form = patients.text_of(client.get(address))
    assert "どうやって知ったか" in form
    client.post(address, fill(form, counterpart="地域連携室"))

    fact = case.facts.get(kind=FactKind.SCREENING_DONE)
    assert (fact.side, fact.channel, fact.counterpart) == ("hospital", "phone", "地域連携室")


@pytest.mark.parametrize("who", ["care", "hospital"])
def test_both_sides_see_the_same_stay(case, who):
    user = accounts.suzuki() if who == "care" else factories.ward_nurse()

    page = patients.text_of(browser(user).get(url("case_detail", case.uid)))

    for words in ("肺炎", "T1", "超過", "鈴木 二葉", "病院側", "在宅側", "次にすること"):
        assert words in page
    assert AuditEvent.objects.filter(action="patient.read").count() == 1


def test_without_consent_to_the_story_the_words_are_not_shown(case, patient):
    patient.consents.all().delete()
    patients.consent(patient, content_classes=["basic"])

    page = patients.text_of(browser(accounts.takahashi()).get(url("case_detail", case.uid)))

    assert "肺炎" not in page
    assert "文章は表示しません" in page


def test_a_fact_is_corrected_and_taken_back(case):
    client = browser(accounts.suzuki())
    fact = factories.record(case, FactKind.CONTACT, NOW, detail={"outcome": "reached"})
    address = url("fact_correct", case.uid, fact.uid)
    form = patients.text_of(client.get(address))

    assert client.post(address, fill(form, d_outcome="not_reached")).status_code == 302

    newer = case.facts.get(corrects=fact)
    assert client.get(address).status_code == 404
    retract = url("fact_retract", case.uid, newer.uid)
    assert "つながらなかった" in patients.text_of(client.get(retract))
    assert client.post(retract, {"reason": ""}).status_code == 422
    assert client.post(retract, {"reason": "別の人でした"}).status_code == 302
    page = patients.text_of(client.get(url("case_detail", case.uid)))
    assert "取り消されました" in page
    assert "直されました" in page


def test_what_the_form_cannot_know_stands_at_its_field(case):
    client = browser(accounts.suzuki())
    address = url("fact_add", case.uid, "discharged")
    form = patients.text_of(client.get(address))

    answer = client.post(address, fill(form, day="2026-11-01"))

    assert answer.status_code == 422
    assert "退院は入院の日時以降を入力してください。" in patients.text_of(answer)


def test_a_transfer_leads_to_the_next_stay(case, patient):
    client = browser(factories.ward_nurse())
    address = url("case_transfer", case.uid)
    form = patients.text_of(client.get(address))
    values = fill(form, hospital="other", hospital_name="架空回復期病院", channel="phone")

    answer = client.post(address, values, follow=True)

    assert "転院する前の入院" in patients.text_of(answer)
    assert client.post(address, values).status_code == 422


def test_the_parties_are_corrected(case):
    client = browser(accounts.suzuki())
    address = url("case_arrange", case.uid)
    assert "鈴木 二葉" in patients.text_of(client.get(address))

    client.post(
        address,
        {
            "ward": "3階東",
            "hospital_person": "木暮",
            "care_office_name": case.care_office_name,
            "care_person": case.care_person,
            "care_fax": "0999-00-3122",
        },
    )

    case.refresh_from_db()
    assert (case.ward, case.hospital_person, case.care_fax) == ("3階東", "木暮", "0999-00-3122")
    assert case.care_office is not None


def test_the_hospital_of_choice_is_proposed(patient):
    patient.providers.create(
        role=ProviderRole.HOSPITAL_OF_CHOICE,
        name="架空総合病院",
        period=(date(2026, 1, 1), None),
    )

    form = patients.text_of(browser(accounts.suzuki()).get(url("case_open", patient.uid)))

    assert "架空総合病院" in form


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_often_for_one_stay_as_for_three(
    patient, count, django_assert_max_num_queries
):
    for _ in range(count):
        someone = factories.patient_with_both_sides()
        factories.opened(someone, admitted_at=ADMITTED)
    client = browser(accounts.suzuki())
    client.get(url("case_list"))

    with django_assert_max_num_queries(22):
        page = patients.text_of(client.get(url("case_list")))

    assert page.count("架空市立中央病院") == count


def test_the_list_has_an_empty_state_and_a_place_for_what_is_over(case):
    client = browser(accounts.suzuki())
    assert "終わった入退院はありません" in patients.text_of(
        client.get(url("case_list") + "?state=closed")
    )
    factories.record(
        case, FactKind.CANCELLED, NOW, detail={"reason": "まちがい"}, channel=Channel.PHONE
    )

    assert "調整中の入退院はありません" in patients.text_of(client.get(url("case_list")))
    assert "取り消し" in patients.text_of(client.get(url("case_list") + "?state=closed"))


def test_the_list_names_the_next_deadline_as_the_rule_does(case):
    page = patients.text_of(browser(accounts.suzuki()).get(url("case_list")))

    label = case.rule_version.content["deadlines"][0]["label"]
    assert case.next_code == case.rule_version.content["deadlines"][0]["code"]
    assert f"{label}　" in page
    assert f"{case.next_code}　" not in page


def test_strangers_and_observers_find_nothing(case, patient):
    fact = case.facts.earliest("pk")
    addresses = [
        url("case_detail", case.uid),
        url("patient_cases", patient.uid),
        url("case_open", patient.uid),
        url("case_arrange", case.uid),
        url("case_transfer", case.uid),
        url("fact_add", case.uid, "contact"),
        url("fact_correct", case.uid, fact.uid),
        url("fact_retract", case.uid, fact.uid),
    ]
    stranger = browser(accounts.tanaka())
    assert {stranger.get(address).status_code for address in addresses} == {404}

    onlooker = accounts.tanaka()
    patients.add_member(patient, onlooker, is_observer=True)
    looking = browser(onlooker)
    assert looking.get(addresses[0]).status_code == 200
    assert looking.get(addresses[5]).status_code == 404


def test_unknown_kinds_and_facts_are_not_found(case):
    client = browser(factories.ward_nurse())

    for address in (
        url("fact_add", case.uid, "nothing"),
        url("fact_add", case.uid, "retracted"),
        url("fact_add", case.uid, "discharged-without-notice"),
        url("fact_correct", case.uid, uuid4()),
        url("rule_detail", uuid4()),
    ):
        assert client.get(address).status_code == 404


def test_a_rule_is_read_with_the_source_of_every_value(patient):
    client = browser(accounts.suzuki())
    assert "同梱の例" in patients.text_of(client.get(url("rule_list")))

    for version in RuleVersion.objects.all():
        page = patients.text_of(client.get(url("rule_detail", version.uid)))
        assert "福井県" in page
        assert "退院調整率" in page


def test_every_kind_has_a_form_that_opens(case):
    clients = {"care": browser(accounts.suzuki()), "hospital": browser(factories.ward_nurse())}
    for kind in FactKind:
        address = url("fact_add", case.uid, kind.value.replace("_", "-"))
        status = {side: client.get(address).status_code for side, client in clients.items()}
        hidden = kind in {FactKind.RETRACTED, FactKind.TRANSFER_NOTIFIED}
        assert status["care"] == (404 if hidden else 200)


def test_the_page_of_a_stay_without_a_rule_says_so():
    someone = factories.patient_with_both_sides()
    case = factories.opened(someone, admitted_at=NOW - timedelta(hours=1))

    page = patients.text_of(browser(accounts.suzuki()).get(url("case_detail", case.uid)))

    assert "ルールが決まっていない" in page
    assert "次にすること：入院時の情報を送った" in page


def test_t_p4_the_list_of_stays_is_a_read_of_each_person_on_it(case):
    client = browser(accounts.suzuki())
    assert "架空 清" in patients.text_of(client.get(url("case_list")))

    event = AuditEvent.objects.get(action="patient.read", target_id=str(case.patient.uid))
    assert event.detail == {"what": "入退院の一覧", "via": "team"}
    client.get(url("case_list") + "?state=closed")
    assert AuditEvent.objects.filter(action="patient.read").count() == 1


def test_a_practical_limit_that_has_passed_is_not_promised_any_more(patient, time_machine):
    thursday = factories.at(date(2026, 11, 19), 10)
    case = factories.opened(patient, admitted_at=thursday)
    place = url("case_detail", case.uid)
    ahead = "実質11月20日（金） 17:15までです"

    before = patients.text_of(browser(accounts.suzuki()).get(place))
    time_machine.move_to(factories.at(date(2026, 11, 21), 9), tick=False)
    after = patients.text_of(browser(accounts.suzuki()).get(place))

    assert (ahead in before, ahead in after) == (True, False)
    assert "実質の期限（11月20日（金） 17:15）は過ぎています" in after


def test_whom_one_would_call_now_is_not_there_until_monday(patient, time_machine):
    factories.point(factories.hospital(), NOW)
    case = factories.opened(patient, admitted_at=factories.at(date(2026, 11, 19), 10))
    factories.record(case, FactKind.ADMISSION_INFO_SENT, factories.at(date(2026, 11, 19), 12))
    time_machine.move_to(factories.at(date(2026, 11, 21), 9), tick=False)

    page = patients.text_of(browser(accounts.suzuki()).get(url("case_detail", case.uid)))

    # 23 November is a holiday.
    assert "いまは受付時間の外です。次は11月24日（火） 08:30からです。" in page


def test_the_next_step_offers_the_form_it_is_done_by(patient):
    call_command("load_sheets", stdout=io.StringIO())
    case = factories.opened(patient, admitted_at=factories.at(date(2026, 11, 19), 10))

    page = patients.text_of(browser(accounts.suzuki()).get(url("case_detail", case.uid)))

    assert "入院時情報提供書を書く" in page
    assert url("case_form_write", case.uid, "admission_info") in page
