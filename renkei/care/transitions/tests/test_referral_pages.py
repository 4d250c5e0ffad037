"""The pages and papers of referrals, from the form to the FAX that comes back."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any
from uuid import uuid4

import pypdf
import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from renkei.care.patients.tests import factories as patients
from renkei.care.transitions import referral_papers
from renkei.care.transitions.models import Referral, ReferralState
from renkei.care.transitions.queries.referrals import offices_to_ask
from renkei.care.transitions.referral_values import Receiver
from renkei.care.transitions.tests import factories
from renkei.care.transitions.tests.test_referrals import (
    NAME,
    answered,
    browser,
    door,
    nurse,
    sent,
    station,
    url,
)
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.papers.files import store_file
from renkei.foundation.papers.models import SentFax, Ticket

pytestmark = pytest.mark.django_db
NOW = factories.at(date(2026, 11, 20), 9)


@pytest.fixture(autouse=True)
def on_friday(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def patient():
    patient = patients.make_patient(name=NAME, kana="カクウ スミエ")
    patients.add_member(patient, accounts.suzuki())
    return patient


def filled(page: str, **values: str) -> dict[str, Any]:
    """What a browser would send of the proposed values."""
    found: dict[str, Any] = dict(
        re.findall(r'<input type="(?:hidden|date)" name="(\w+)" value="([^"]*)"', page)
    )
    found.pop("csrfmiddlewaretoken", None)
    chosen = re.findall(r'type="(?:radio|checkbox)" name="(\w+)" value="([^"]+)"[^>]*checked', page)
    for name, value in chosen:
        found.setdefault(name, []).append(value)
    for name, rows in re.findall(r'<select name="(\w+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        found[name] = "".join(re.findall(r'value="([^"]*)" selected', rows))
    return found | values


def outside(**fields) -> Receiver:
    return Receiver(
        **{"name": "架空往診医院", "phone": "0999-00-5555", "fax": "0999-00-5556", **fields}
    )


def test_t_c4_an_office_known_from_work_is_asked_from_the_person_in_two_taps(patient):
    nurse()
    client = browser(accounts.suzuki())
    tab = patients.text_of(client.get(url("patient_referrals", patient.uid)))
    assert url("referral_new", patient.uid) in tab
    found = client.get(url("referral_new", patient.uid), {"q": "訪問看護"})
    page = patients.text_of(found)
    assert "架空訪問看護ステーション潮" in page

    answer = client.post(
        f"{url('referral_new', patient.uid)}?q=訪問看護", filled(page, service="nursing")
    )

    referral = Referral.objects.get()
    assert answer.status_code == 302
    assert (referral.receiver, referral.state) == (station(), ReferralState.WAITING)
    assert referral.content_classes == ["basic", "emergency", "sheets", "timeline", "wishes"]
    # The receiver's two taps: open it, take it.
    accepted = browser(nurse()).post(url("referral_accept", referral.uid), follow=True)
    assert "引き受けました" in patients.text_of(accepted)
    assert NAME in patients.text_of(accepted)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"office": "outside"}, "送り先の名称を入力"),
        ({"office": "outside", "outside_name": "架空医院"}, "電話番号かFAX番号"),
        (
            {"office": "outside", "outside_name": "架空医院", "outside_phone": "12"},
            "電話番号",
        ),
        ({"office": "outside", "outside_name": NAME, "outside_fax": "0999-00-1"}, "番号"),
    ],
)
def test_a_wrong_form_says_where_and_what(patient, values, words):
    client = browser(accounts.suzuki())
    page = patients.text_of(client.get(url("referral_new", patient.uid)))
    answer = client.post(
        url("referral_new", patient.uid), filled(page, service="nursing", **values)
    )
    assert answer.status_code == 422
    assert words in patients.text_of(answer)


def test_a_service_error_stands_at_its_field(patient):
    nurse()
    client = browser(accounts.suzuki())
    address = f"{url('referral_new', patient.uid)}?q=潮"
    page = patients.text_of(client.get(address))
    answer = client.post(address, filled(page, service="nursing", words=f"{NAME}さんのこと"))
    assert answer.status_code == 422
    assert "氏名を書かないでください" in patients.text_of(answer)
    sent(patient)
    again = client.post(address, filled(page, service="nursing", words="x"))
    assert "返事待ち" in patients.text_of(again)


def test_without_consent_the_form_says_what_to_do(patient):
    patient.consents.update(withdrawn_at=NOW)
    client = browser(accounts.suzuki())
    page = client.get(url("referral_new", patient.uid))
    assert "同意を取り直して" in patients.text_of(page)
    assert client.post(url("referral_new", patient.uid), {}).status_code == 422


def test_a_consent_to_named_offices_offers_only_those(patient):
    patient.consents.update(whole_team=False)
    consent = patient.consents.get()
    nurse()
    consent.recipients.create(organisation=station())
    page = patients.text_of(
        browser(accounts.suzuki()).get(url("referral_new", patient.uid), {"q": "潮"})
    )
    assert "架空訪問看護ステーション潮" in page
    assert "連携を使っていない相手" not in page


def test_offices_are_found_by_any_spelling_and_only_where_somebody_works(patient):
    nurse()
    accounts.make_organisation("架空訪問看護ステーション無人")
    viewer = accounts.viewer_for(accounts.suzuki())
    assert offices_to_ask(viewer, "ｽﾃｰｼｮﾝ 潮") == [station()]
    assert offices_to_ask(viewer, "無人") == []
    assert offices_to_ask(viewer) == []
    patients.add_member(patient, nurse())
    assert offices_to_ask(viewer) == [station()]


def test_a_rejection_is_recorded_with_its_reason_on_the_page(patient):
    referral = sent(patient)
    client = browser(nurse())
    address = url("referral_act", referral.uid, "rejected")
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": ""}).status_code == 422
    wrong = client.post(address, {"reason_code": "full", "reason": f"{NAME}さん"})
    assert wrong.status_code == 422

    client.post(address, {"reason_code": "full", "reason": ""})

    referral.refresh_from_db()
    assert referral.state == ReferralState.REJECTED
    assert client.get(address).status_code == 404
    assert client.get(url("referral_act", referral.uid, "sent")).status_code == 404


def test_the_sender_puts_the_deadline_off_and_the_first_day_is_told(patient, time_machine):
    referral = sent(patient)
    sender, receiver = browser(accounts.suzuki()), browser(nurse())
    sender.post(url("referral_act", referral.uid, "extended"), {"days": "14"})
    referral.refresh_from_db()
    assert referral.expires_at.date() == date(2026, 12, 4)
    receiver.post(url("referral_accept", referral.uid), {"whole_office": "on"})
    address = url("referral_act", referral.uid, "started")
    assert "初回の日" in patients.text_of(receiver.get(address))
    assert receiver.post(address, {"on": "2026-12-01"}).status_code == 422
    receiver.post(address, {"on": "2026-11-20"})

    page = patients.text_of(sender.get(url("referral_detail", referral.uid)))

    assert "初回 2026年11月20日" in page
    assert sender.post(url("referral_accept", referral.uid)).status_code == 404
    again = receiver.post(url("referral_accept", referral.uid), follow=True)
    assert "もう答えられている" in patients.text_of(again)


def test_t_c4_a_fax_goes_out_without_a_name_on_its_cover_and_the_answer_comes_back(patient):
    sheet = answered(patient)
    referral = sent(patient, receiver=outside(), answers=(sheet.uid,))
    client = browser(accounts.suzuki())
    address = url("referral_fax", referral.uid)
    assert "0999-00-5556" in patients.text_of(client.get(address))
    assert client.post(address, {"fax": "1", "own_fax": "0999-00-1200"}).status_code == 422
    named = {"fax": "0999-00-5556", "own_fax": "0999-00-1200", "notes": f"{NAME}様のこと"}
    assert client.post(address, named).status_code == 422

    answer = client.post(address, {**named, "notes": "お願いします"})

    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages]
    assert NAME.replace(" ", "") not in pages[0].replace(" ", "")
    assert len(pages) == 3
    assert SentFax.objects.get().pages == 3
    ticket = Ticket.objects.get()
    come_back(ticket, accounts.suzuki())
    page = patients.text_of(client.get(url("referral_detail", referral.uid)))
    assert "紙の返事が届いた" in page
    [paper] = re.findall(r'href="([^"]+/papers/[^"]+)"', page)
    assert client.get(paper)["Content-Type"] == "application/pdf"
    assert client.get(url("referral_paper", referral.uid, uuid4())).status_code == 404
    # What is ticked on it somebody reads and records; it is destroyed with the record.
    referral.refresh_from_db()
    assert referral.state == ReferralState.WAITING
    told = {"channel": "fax", "counterpart": "院長", "reason_code": "full"}
    client.post(url("referral_act", referral.uid, "rejected"), told)
    referral.refresh_from_db()
    assert referral.state == ReferralState.REJECTED


def come_back(ticket: Ticket, user) -> None:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    buffer = io.BytesIO()
    writer.write(buffer)
    viewer = accounts.viewer_for(user)
    stored = store_file(
        actor=viewer.actor,
        content=buffer.getvalue(),
        name="返事.pdf",
        owner=("papers.ticket", ticket.uid),
    )
    referral_papers.receive(actor=viewer.actor, ticket=ticket, file=stored, pages=[2])


def test_only_the_sender_s_people_who_read_the_person_may_file_the_answer(patient):
    referral = sent(patient, receiver=outside())
    browser(accounts.suzuki()).post(
        url("referral_fax", referral.uid), {"fax": "0999-00-5556", "own_fax": "0999-00-1200"}
    )
    ticket = Ticket.objects.get()
    suzuki, other = (accounts.viewer_for(one) for one in (accounts.suzuki(), nurse()))
    assert referral_papers.may_file(suzuki, ticket)
    assert not referral_papers.may_file(other, ticket)
    assert NAME in (referral_papers.describe(suzuki, ticket) or "")
    assert referral_papers.describe(other, ticket) is None
    with pytest.raises(ValidationError, match="届け先を開けません"):
        come_back(ticket, nurse())


def test_no_fax_leaves_once_the_consent_is_gone(patient):
    referral = sent(patient, receiver=outside())
    opened = door(referral, accounts.suzuki())
    patient.consents.update(withdrawn_at=NOW)
    client = browser(accounts.suzuki())
    assert client.get(url("referral_fax", referral.uid)).status_code == 404
    stale = type(opened)(**{**opened.__dict__, "flows": False})
    with pytest.raises(ValidationError, match="FAXで送れません"):
        referral_papers.referral_fax(door=stale, letter=referral_papers.Letter("0999-00-5556"))


def test_a_document_can_go_by_an_outside_link(patient):
    sheet = answered(patient)
    referral = sent(patient, receiver=outside(), answers=(sheet.uid,))
    page = patients.text_of(browser(accounts.suzuki()).get(url("referral_detail", referral.uid)))
    link = f"{reverse('timelines:link_new', args=[patient.uid])}?answer={sheet.uid}"
    assert link in page
    assert browser(accounts.suzuki()).get(link).status_code == 200


def test_empty_lists_say_what_to_do(patient):
    client: Client = browser(accounts.suzuki())
    assert "届いた紹介はありません" in patients.text_of(client.get(url("referral_list")))
    sent_box = client.get(url("referral_list"), {"box": "sent"})
    assert "送った紹介はありません" in patients.text_of(sent_box)
    tab = patients.text_of(client.get(url("patient_referrals", patient.uid)))
    assert "この人の紹介はありません" in tab


def test_an_observer_sees_but_sends_nothing(patient):
    patients.add_member(patient, nurse(), is_observer=True)
    client = browser(nurse())
    tab = patients.text_of(client.get(url("patient_referrals", patient.uid)))
    assert url("referral_new", patient.uid) not in tab
    assert client.get(url("referral_new", patient.uid)).status_code == 404
