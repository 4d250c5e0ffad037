"""Consent as data (T-P2), and the paper that finds its person (T-AZ1)."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pypdf
import pytest
import time_machine
from psycopg.types.range import Range

from renkei.care.patients import papers
from renkei.care.patients.models import (
    Consent,
    ConsentPaper,
    ConsentState,
    ContentClass,
    Relative,
)
from renkei.care.patients.queries import present_consent
from renkei.care.patients.rules import consent_state, is_in_force
from renkei.care.patients.services.consent import record_consent, withdraw_consent
from renkei.care.patients.tests.factories import (
    add_family,
    add_member,
    consent,
    era_day,
    joined,
    make_patient,
    membership_of,
    text_of,
    url,
)
from renkei.care.patients.visibility import patients_visible_to
from renkei.foundation.accounts.models import User
from renkei.foundation.accounts.tests.factories import (
    make_organisation,
    suzuki,
    takahashi,
    tanaka,
    viewer_for,
)
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock
from renkei.foundation.papers.files import store_file
from renkei.foundation.papers.models import Ticket
from renkei.foundation.papers.tickets import find_ticket

pytestmark = pytest.mark.django_db
AGREED = {
    "decision": "agreed",
    **era_day("decided", "西暦", "2026", "4", "1"),
    **era_day("valid_from", "西暦", "2026", "4", "1"),
    **era_day("valid_until", "西暦", "2027", "3", "31"),
    "method": "written",
    "purposes": ["care", "team_sharing"],
    "content_classes": ["basic", "timeline"],
    "reach": "whole",
    "explained_by": "鈴木 二葉",
}


def hosted(**fields):
    patient = make_patient(consented=False, **fields)
    add_member(patient, suzuki())
    return patient


def reads(user, content=ContentClass.TIMELINE):
    return patients_visible_to(viewer_for(user), content).exists()


def test_t_p2_a_consent_opens_and_its_withdrawal_closes_at_once_and_keeps_the_proof(
    suzuki_client, takahashi_client
):
    patient = hosted()
    add_member(patient, takahashi())
    page = url("patient_detail", patient.uid)

    before = takahashi_client.get(page).status_code
    recorded = suzuki_client.post(url("consent_add", patient.uid), AGREED)
    during = takahashi_client.get(page).status_code
    told = suzuki_client.get(url("consent_withdraw", patient.uid))
    suzuki_client.post(url("consent_withdraw", patient.uid), {"reason": "本人の申し出"})
    after = takahashi_client.get(page).status_code

    assert (before, during, after) == (404, 200, 404)
    assert recorded.status_code == 302
    assert "取り戻せません" in text_of(told)
    kept = Consent.objects.get()
    assert kept.decision == "agreed"
    assert kept.withdrawn_at is not None
    page = text_of(suzuki_client.get(url("consent_detail", patient.uid)))
    assert "本人の申し出" in page
    assert "同意の記録（新しい順）" in page
    assert AuditEvent.objects.filter(action="consent.withdrawn").count() == 1


def test_t_p2_a_withdrawal_closes_open_streams(monkeypatch):
    told = []
    monkeypatch.setattr(
        "renkei.foundation.accounts.services.streams.publish",
        lambda topic, detail=None: told.append((topic, detail)),
    )
    patient = hosted()
    add_member(patient, takahashi(), whole_office=True)
    family = add_family(patient)
    given = consent(patient)

    withdraw_consent(viewer=viewer_for(suzuki()), consent=given)

    expected = {f"user:{user.uid}" for user in (suzuki(), takahashi(), family.user)}
    assert {topic for topic, _ in told if topic.startswith("user:")} == expected
    assert User.objects.count() == 3


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        (None, ConsentState.NOT_OBTAINED),
        ({}, ConsentState.AGREED),
        ({"proxy": True}, ConsentState.BY_PROXY),
        ({"decision": "refused"}, ConsentState.REFUSED),
        ({"withdrawn": True}, ConsentState.WITHDRAWN),
        ({"period": (date(2026, 5, 1), date(2027, 5, 1))}, ConsentState.NOT_YET),
        ({"period": (date(2025, 4, 1), date(2026, 4, 1))}, ConsentState.EXPIRED),
    ],
    ids=["none", "agreed", "proxy", "refused", "withdrawn", "not yet", "expired"],
)
def test_the_states_of_a_consent_are_told_apart(changes, state):
    patient = make_patient(consented=False)
    if changes is not None:
        values = dict(changes)
        if values.pop("withdrawn", False):
            values["withdrawn_at"] = clock.now()
        if values.pop("proxy", False):
            values["proxy"] = Relative.objects.create(patient=patient, name="架空 さと子")
        first, last = values.pop("period", (date(2026, 4, 1), date(2027, 4, 1)))
        consent(patient, period=Range(first, last), **values)

    found = consent_state(present_consent(patient), date(2026, 4, 1))

    assert found == state
    assert is_in_force(found) is (state in {ConsentState.AGREED, ConsentState.BY_PROXY})


def test_a_new_decision_takes_the_place_of_the_one_before(suzuki_client):
    patient = hosted()
    for last in ("2027", "2028"):
        suzuki_client.post(
            url("consent_add", patient.uid),
            {**AGREED, **era_day("valid_until", "西暦", last, "3", "31")},
        )

    old, new = Consent.objects.order_by("pk")
    assert old.superseded_at is not None
    assert (new.superseded_at, new.period.upper) == (None, date(2028, 4, 1))


def test_named_recipients_read_and_others_of_the_team_do_not(suzuki_client):
    patient = hosted()
    add_member(patient, takahashi())
    add_member(patient, tanaka())
    office = membership_of(takahashi()).organisation

    suzuki_client.post(
        url("consent_add", patient.uid),
        {**AGREED, "reach": "named", "organisations": [office.pk]},
    )

    assert (reads(takahashi()), reads(tanaka())) == (True, False)
    assert office.name in text_of(suzuki_client.get(url("consent_detail", patient.uid)))


def test_an_organisation_outside_the_team_cannot_be_named(suzuki_client):
    patient = hosted()
    other = make_organisation("よその架空組織")

    response = suzuki_client.post(
        url("consent_add", patient.uid), {**AGREED, "reach": "named", "organisations": [other.pk]}
    )

    assert response.status_code == 422


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"decision": ""}, "意思を選んでください。"),
        ({"content_classes": []}, "共有する内容を選んでください。"),
        ({"reach": "named"}, "共有する相手を1つ以上選んでください。"),
        ({"valid_until_1": "2025"}, "期限は、始まり以降の日付を入力してください。"),
        ({"explained_by": ""}, "説明した人を入力してください。"),
    ],
)
def test_a_decision_without_its_facts_is_refused(suzuki_client, changes, sentence):
    patient = hosted()

    response = suzuki_client.post(url("consent_add", patient.uid), {**AGREED, **changes})

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert Consent.objects.count() == 0


def test_a_proxy_says_why(suzuki_client):
    patient = hosted()
    daughter = Relative.objects.create(patient=patient, name="架空 さと子", relation="長女")
    data = {**AGREED, "proxy": daughter.pk}

    refused = suzuki_client.post(url("consent_add", patient.uid), data)
    suzuki_client.post(url("consent_add", patient.uid), {**data, "proxy_reason": "認知症のため"})

    assert "代理の理由を入力してください。" in text_of(refused)
    assert Consent.objects.get().proxy == daughter


def test_a_refusal_may_bind_even_in_an_emergency(suzuki_client):
    patient = hosted()

    suzuki_client.post(
        url("consent_add", patient.uid),
        {**AGREED, "decision": "refused", "binds_emergency": "on"},
    )

    assert Consent.objects.get().binds_emergency is True
    page = text_of(suzuki_client.get(url("consent_detail", patient.uid)))
    assert "緊急のときにも従う" in page


def test_a_consent_is_not_withdrawn_twice():
    given = consent(hosted())
    viewer = viewer_for(suzuki())
    withdraw_consent(viewer=viewer, consent=given)

    with pytest.raises(Exception, match="すでに効力がありません"):
        withdraw_consent(viewer=viewer, consent=given)


def test_only_the_host_records_and_withdraws(takahashi_client):
    patient = joined(takahashi())
    addresses = [
        url("consent_add", patient.uid),
        url("consent_withdraw", patient.uid),
        url("consent_paper", patient.uid, "consent"),
    ]

    page = text_of(takahashi_client.get(url("consent_detail", patient.uid)))

    assert [takahashi_client.post(each).status_code for each in addresses] == [404, 404, 404]
    assert "撤回を記録する" not in page


def test_the_team_learns_no_names_of_family_from_a_consent(suzuki_client, takahashi_client):
    patient = hosted()
    add_member(patient, takahashi())
    daughter = Relative.objects.create(patient=patient, name="架空 さと子", relation="長女")
    record_consent(
        viewer=viewer_for(suzuki()),
        patient=patient,
        values={
            "decision": "agreed",
            "decided_on": clock.today(),
            "method": "oral",
            "period": Range(clock.today(), clock.today() + timedelta(days=365)),
            "explained_by": "鈴木",
            "content_classes": ["basic"],
            "purposes": ["care"],
            "proxy": daughter,
            "proxy_reason": "認知症のため",
        },
        excluded=[daughter],
    )
    page = url("consent_detail", patient.uid)

    assert daughter.name in text_of(suzuki_client.get(page))
    shown = text_of(takahashi_client.get(page))
    assert "知らせない家族：1人" in shown
    assert daughter.name not in shown


def test_a_relative_consents_for_themself_and_takes_it_back(suzuki_client):
    patient = hosted()
    consent(patient)
    daughter = Relative.objects.create(patient=patient, name="架空 さと子")
    other = Relative.objects.create(patient=make_patient(), name="架空 よそ子")
    address = url("relative_consent", patient.uid, daughter.uid)

    suzuki_client.post(address, AGREED)
    given = Consent.objects.get(relative=daughter)
    suzuki_client.post(f"{url('consent_withdraw', patient.uid)}?relative={daughter.uid}", {})

    given.refresh_from_db()
    assert given.withdrawn_at is not None
    assert Consent.objects.get(patient=patient, relative=None).withdrawn_at is None
    missing = [
        url("relative_consent", patient.uid, other.uid),
        f"{url('consent_withdraw', patient.uid)}?relative={other.uid}",
        f"{url('consent_withdraw', patient.uid)}?relative=x",
        f"{url('consent_add', patient.uid)}?paper=x",
        f"{url('consent_add', patient.uid)}?paper={other.uid}",
    ]
    assert {suzuki_client.get(each).status_code for each in missing} == {404}


def test_without_a_decision_there_is_nothing_to_withdraw(suzuki_client):
    patient = hosted()

    assert suzuki_client.get(url("consent_withdraw", patient.uid)).status_code == 404


@time_machine.travel("2026-11-22 10:00:00+09:00", tick=False)
def test_the_host_sees_what_ends_within_60_days_and_what_ran_out(suzuki_client, takahashi_client):
    def ending(name, last):
        patient = hosted(name=name)
        add_member(patient, takahashi())
        consent(patient, period=Range(date(2026, 1, 1), last))

    ending("架空 期近", date(2027, 1, 21))
    ending("架空 期先", date(2027, 1, 23))
    ending("架空 期過", date(2026, 11, 22))

    page = text_of(suzuki_client.get(url("consent_ending")))

    assert page.index("架空 期過") < page.index("架空 期近")
    assert "期限切れ" in page
    assert "架空 期先" not in page
    assert "期限の近い同意はありません" in text_of(takahashi_client.get(url("consent_ending")))


# Paper -------------------------------------------------------------------------------------


@pytest.fixture
def files(settings, tmp_path):
    settings.VAR = tmp_path
    storages = {**settings.STORAGES}
    for name, values in settings.STORAGES.items():
        if "location" in values.get("OPTIONS", {}):
            storages[name] = {**values, "OPTIONS": {**values["OPTIONS"], "location": tmp_path}}
    settings.STORAGES = storages


def printed(client, patient, kind="consent", **data):
    response = client.post(url("consent_paper", patient.uid, kind), data)
    assert response.status_code == 200
    return response.content, Ticket.objects.latest("pk")


@pytest.mark.usefixtures("files")
def test_t_az1_the_signed_paper_finds_its_person_and_waits_for_the_host(
    suzuki_client, takahashi_client
):
    patient = hosted()
    add_member(patient, takahashi())
    pdf, ticket = printed(suzuki_client, patient)
    host = viewer_for(suzuki())
    assert find_ticket(ticket.code) == ticket
    assert papers.may_file(host, ticket) is True
    assert papers.may_file(viewer_for(takahashi()), ticket) is False
    assert (papers.describe(host, ticket), papers.describe(viewer_for(tanaka()), ticket)) == (
        patient.name,
        None,
    )

    stored = store_file(
        actor=host.actor, content=pdf, name="scan.pdf", owner=("papers.ticket", ticket.uid)
    )
    papers.receive(actor=host.actor, ticket=ticket, file=stored, pages=[1])
    paper = ConsentPaper.objects.get()
    page = text_of(suzuki_client.get(url("consent_detail", patient.uid)))
    scan = suzuki_client.get(url("consent_scan", patient.uid, paper.uid))

    assert "届いた紙（1枚）" in page
    # Nothing is decided by a machine: the host reads and records.
    assert Consent.objects.count() == 0
    assert scan.content.startswith(b"%PDF")
    address = f"{url('consent_add', patient.uid)}?paper={paper.uid}"
    assert "届いた紙を見る" in text_of(suzuki_client.get(address))
    suzuki_client.post(address, AGREED)
    assert Consent.objects.get().paper_uid == stored.uid
    assert "届いた紙（" not in text_of(suzuki_client.get(url("consent_detail", patient.uid)))
    assert takahashi_client.get(url("consent_scan", patient.uid, paper.uid)).status_code == 404


@pytest.mark.usefixtures("files")
def test_t_az1_a_withdrawal_and_a_relatives_paper_come_back_as_what_they_are(suzuki_client):
    patient = hosted()
    consent(patient)
    daughter = Relative.objects.create(patient=patient, name="架空 さと子", relation="長女")
    host = viewer_for(suzuki())
    for kind, data in (("withdrawal", {}), ("consent", {"relative": daughter.uid})):
        pdf, ticket = printed(suzuki_client, patient, kind, **data)
        stored = store_file(
            actor=host.actor, content=pdf, name="scan.pdf", owner=("papers.ticket", ticket.uid)
        )
        papers.receive(actor=host.actor, ticket=ticket, file=stored, pages=[1])
    withdrawal, own = ConsentPaper.objects.order_by("pk")
    page = text_of(suzuki_client.get(url("consent_detail", patient.uid)))

    assert (withdrawal.kind, withdrawal.relative) == ("withdrawal", None)
    assert (own.kind, own.relative) == ("consent", daughter)
    assert "読んで撤回を記録する" in page
    suzuki_client.post(url("consent_paper_aside", patient.uid, own.uid))
    suzuki_client.post(f"{url('consent_withdraw', patient.uid)}?paper={withdrawal.uid}", {})
    assert ConsentPaper.objects.filter(settled_at=None).count() == 0
    assert Consent.objects.get().withdrawal_paper_uid == withdrawal.file_uid


def test_a_paper_of_an_unknown_kind_or_person_is_not_made(suzuki_client):
    patient = hosted()
    other = Relative.objects.create(patient=make_patient(), name="架空 よそ子")

    answers = [
        suzuki_client.post(url("consent_paper", patient.uid, "x")),
        suzuki_client.post(
            url("consent_paper", patient.uid, "consent"), {"relative": str(other.uid)}
        ),
        suzuki_client.post(url("consent_paper", patient.uid, "consent"), {"relative": "x"}),
        suzuki_client.get(url("consent_scan", patient.uid, patient.uid)),
        suzuki_client.post(url("consent_paper_aside", patient.uid, patient.uid)),
    ]

    assert {answer.status_code for answer in answers} == {404}


def test_the_form_names_the_edition_that_is_printed_beside_it(suzuki_client, takahashi_client):
    patient = hosted()
    add_member(patient, takahashi())
    address = url("consent_explanation", patient.uid)
    form = paper_words(suzuki_client.post(url("consent_paper", patient.uid, "consent")))
    explanation = paper_words(suzuki_client.get(address))

    assert "説明書（第1版）" in form
    assert "署名（代理のときは代理人）" in form
    # Profession, name and office, as the row asks.
    assert "介護支援専門員鈴木二葉（" in form
    assert "情報共有についての説明書" in explanation
    assert "第1版" in explanation
    assert address in text_of(suzuki_client.get(url("consent_detail", patient.uid)))
    assert takahashi_client.get(address).status_code == 404


def paper_words(response) -> str:
    pages = pypdf.PdfReader(io.BytesIO(response.content)).pages
    return "".join("".join(page.extract_text() for page in pages).split())
