"""Stays in the database: opening, recording, correcting, transferring, who may know."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import Error, connection, transaction
from django.urls import reverse
from psycopg.types.range import Range

from renkei.care.patients.models import ContentClass, Patient
from renkei.care.patients.tests import factories as patients
from renkei.care.transitions.models import (
    CaseFact,
    CaseState,
    Channel,
    CoordinationCase,
    FactKind,
    PatientClass,
    Side,
)
from renkei.care.transitions.presenters_facts import fact_lines
from renkei.care.transitions.queries.cases import case_for, cases_visible_to
from renkei.care.transitions.queries.rules import rule_in_force
from renkei.care.transitions.rule_content import parse
from renkei.care.transitions.services.facts import record_fact, retract_fact
from renkei.care.transitions.services.lifecycle import destroy_cases, move_cases, move_cases_back
from renkei.care.transitions.services.refreshing import COPIES, refresh
from renkei.care.transitions.services.rules import adopt_rule, end_adoption, load_shipped_rules
from renkei.care.transitions.services.transfers import transfer
from renkei.care.transitions.shipped.rules import CALENDAR_RULE
from renkei.care.transitions.tests import factories
from renkei.care.transitions.values import Hospital, NewFact
from renkei.foundation.accounts.agreed import shared_along
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.areas.agreements import make_agreement
from renkei.foundation.areas.tests import factories as areas
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.notifications.models import Notification

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 16)  # a Monday
NOW = factories.at(date(2026, 11, 20), 9)
ADMITTED = factories.at(DAY, 10, 40)
OTHER = Hospital(name="架空回復期病院", phone="0999-00-7100")


@pytest.fixture(autouse=True)
def on_friday(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def patient():
    return factories.patient_with_both_sides()


@pytest.fixture
def case(patient):
    return factories.opened(patient, admitted_at=ADMITTED)


# The rule --------------------------------------------------------------------------------


def test_the_shipped_rules_are_read_back_as_they_were_written_and_loaded_once():
    made = load_shipped_rules(actor=SYSTEM)

    assert len(made) == 2
    assert load_shipped_rules(actor=SYSTEM) == []
    assert parse(factories.shipped().versions.get().content) == CALENDAR_RULE
    for version in made:
        content = parse(version.content)
        values: list[Any] = [*content.deadlines, *content.criteria, *content.metrics]
        assert all(each.source for each in values)
    one, two = (parse(version.content) for version in made)
    assert one.criteria != two.criteria
    assert one.deadlines != two.deadlines
    assert one.metrics[0].text != two.metrics[0].text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"deadlines": [{"code": "T1"}]}, "deadlines の1番目：「label」を入力してください。"),
        ({"more": 1}, "ルール：「more」は使えない項目です。"),
        ({"title": 3}, "ルール：「title」の値を確かめてください。"),
        ({"title": ""}, "ルールの題名を入力してください。"),
        ({"criteria": ["x"]}, "criteria の1番目：項目の組を入力してください。"),
    ],
)
def test_a_rule_that_cannot_be_read_says_where(change, words):
    with pytest.raises(ValidationError) as caught:
        parse({**CALENDAR_RULE.as_json(), **change})

    assert words in caught.value.messages


def test_a_published_edition_cannot_be_changed():
    version = factories.shipped().versions.get()

    version.content = {"title": "別のこと"}
    with pytest.raises(Error), transaction.atomic():
        version.save()


def test_an_area_goes_by_its_own_rule_before_its_agreement_s():
    first, second = factories.shipped("example-calendar"), factories.shipped("example-business")
    town, city = areas.make_area(), areas.make_area()
    agreement = make_agreement(
        actor=SYSTEM,
        name="架空協定",
        purpose="入退院",
        areas=[town, city],
        first_day=date(2026, 4, 1),
    )
    adopt_rule(actor=SYSTEM, rule=first, agreement=agreement, first_day=date(2026, 4, 1))
    own = adopt_rule(actor=SYSTEM, rule=second, area=city, first_day=date(2026, 6, 1))

    assert rule_of(town, DAY) == first
    assert rule_of(city, date(2026, 5, 31)) == first
    assert rule_of(city, DAY) == second
    assert rule_in_force(None, DAY) is None
    assert rule_in_force(town, date(2026, 3, 31)) is None
    end_adoption(actor=SYSTEM, adoption=own, last_day=date(2026, 10, 31))
    assert rule_of(city, DAY) == first


def test_an_agreement_lists_the_rules_its_members_go_by_and_will():
    first, second = factories.shipped("example-calendar"), factories.shipped("example-business")
    town, city, other = areas.make_area(), areas.make_area(), areas.make_area()
    agreement = make_agreement(
        actor=SYSTEM,
        name="架空協定",
        purpose="入退院",
        areas=[town, city],
        first_day=date(2026, 4, 1),
    )
    present = adopt_rule(actor=SYSTEM, rule=first, agreement=agreement, first_day=date(2026, 4, 1))
    end_adoption(actor=SYSTEM, adoption=present, last_day=date(2027, 3, 31))
    adopt_rule(actor=SYSTEM, rule=second, agreement=agreement, first_day=date(2027, 4, 1))

    listed = shared_along(agreement, town, DAY)

    assert [(one.kind, one.name, f"{one.shared_at:%Y-%m-%d}") for one in listed] == [
        ("入退院調整ルール", first.name, "2026-04-01"),
        ("入退院調整ルール", second.name, "2027-04-01"),
    ]
    assert [one.path for one in listed] == [
        reverse("transitions:rule_detail", args=[rule.versions.get().uid])
        for rule in (first, second)
    ]
    assert shared_along(agreement, other, DAY) == []
    assert [one.name for one in shared_along(agreement, city, date(2027, 4, 1))] == [second.name]
    second.versions.update(period=Range(date(2026, 4, 1), date(2026, 5, 1)))
    [closed] = shared_along(agreement, city, date(2027, 4, 1))
    assert closed.path == reverse("transitions:rule_list")


def rule_of(area, on):
    version = rule_in_force(area, on)
    return version.rule if version else None


# Opening ---------------------------------------------------------------------------------


def test_a_stay_begins_with_the_care_manager_of_the_team_and_the_rule_of_the_area(patient):
    area = areas.make_area()
    patient.municipality = area
    patient.save()
    adopt_rule(actor=SYSTEM, rule=factories.shipped(), area=area, first_day=date(2026, 4, 1))

    case = factories.opened(patient, by=factories.ward_nurse(), admitted_at=ADMITTED)

    assert case.state == CaseState.ADMITTED
    assert case.patient_class == PatientClass.A
    assert case.care_person == "鈴木 二葉"
    assert str(case.rule_version) == "例1　暦日で数えるルール 第1版"
    assert (case.next_code, case.next_side) == ("T1", Side.CARE)
    suzuki = accounts.suzuki()
    assert Notification.objects.filter(user=suzuki, kind="transitions.case_new").count() == 1
    assert AuditEvent.objects.filter(action="case.opened").count() == 1


def test_a_person_is_in_one_hospital_once(patient, case):
    with pytest.raises(ValidationError, match="すでにあります"):
        factories.opened(patient, admitted_at=ADMITTED)

    elsewhere = factories.opened(patient, admitted_at=ADMITTED, hospital=OTHER)
    assert elsewhere.hospital is None
    assert elsewhere.hospital_phone == "0999-00-7100"


def test_a_stay_sent_twice_is_opened_once(patient):
    client_uid = uuid4()

    one = factories.opened(patient, admitted_at=ADMITTED, client_uid=client_uid)
    two = factories.opened(patient, admitted_at=ADMITTED, client_uid=client_uid)

    assert one == two


def test_a_hospital_has_to_be_named(patient):
    with pytest.raises(ValidationError, match="病院を選ぶか"):
        factories.opened(patient, admitted_at=ADMITTED, hospital=Hospital())


@pytest.mark.parametrize(("days", "linked"), [(30, True), (31, False)])
def test_a_readmission_within_thirty_days_is_linked(patient, days, linked):
    start = NOW - timedelta(days=60)
    first = factories.opened(patient, admitted_at=start)
    factories.record(first, FactKind.DISCHARGED, start + timedelta(days=9))

    again = factories.opened(patient, admitted_at=start + timedelta(days=9 + days))

    assert (again.readmission_of == first) == linked


# Facts -----------------------------------------------------------------------------------


def test_facts_come_in_any_order_and_the_state_follows_from_them(case):
    factories.record(case, FactKind.CONFERENCE_HELD, factories.at(date(2026, 11, 19)))
    assert case.state == CaseState.CONFERENCE_SET

    factories.record(case, FactKind.ADMISSION_INFO_SENT, factories.at(DAY, 16))

    assert case.state == CaseState.CONFERENCE_SET
    assert [fact.previous_state for fact in case.facts.order_by("pk")][-1] == "conference_set"
    copies = {name: getattr(case, name) for name in COPIES}
    refresh(case)
    assert {name: getattr(case, name) for name in COPIES} == copies


def test_a_fact_sent_twice_is_kept_once(case):
    fact = NewFact(
        kind=FactKind.CONTACT, at=NOW, channel=Channel.PHONE, client_uid=uuid4(), side=Side.CARE
    )
    door = factories.door(case, accounts.suzuki())

    assert record_fact(door=door, fact=fact) == record_fact(door=door, fact=fact)


def test_a_fact_says_who_recorded_it_and_whose_act_it_was(case):
    told = factories.record(
        case,
        FactKind.DISCHARGE_NOTIFIED,
        NOW,
        detail={"planned_on": date(2026, 12, 4), "destination": "home"},
        counterpart="木暮",
    )

    assert (told.side, told.channel, told.organisation_name) == (
        Side.HOSPITAL,
        Channel.PHONE,
        "架空居宅介護支援事業所",
    )
    assert (told.author_name, told.author_profession) == ("鈴木 二葉", "介護支援専門員")
    assert case.planned_discharge_on == date(2026, 12, 4)


def test_a_correction_after_closing_is_a_new_fact(case):
    home = factories.record(case, FactKind.DISCHARGED, factories.at(date(2026, 11, 18)))
    factories.record(case, FactKind.CLOSED, NOW, channel=Channel.SYSTEM)
    assert case.state == CaseState.CLOSED

    factories.record(case, FactKind.DISCHARGED, factories.at(date(2026, 11, 19)), corrects=home.uid)

    assert case.state == CaseState.CLOSED
    assert case.discharged_at == factories.at(date(2026, 11, 19))
    assert case.facts.count() == 5
    with pytest.raises(ValidationError, match="すでに直されています"):
        retract_fact(door=factories.door(case, accounts.suzuki()), fact=home, reason="まちがい")


def test_a_fact_taken_back_stays_to_be_read(case):
    leak = factories.record(
        case,
        FactKind.DISCHARGED_WITHOUT_NOTICE,
        NOW,
        channel=Channel.SYSTEM,
        detail={"reason_code": "03", "note": "近所の方から聞いた"},
    )
    assert (case.is_leak, case.state) == (True, CaseState.DISCHARGED)

    retract_fact(door=factories.door(case, accounts.suzuki()), fact=leak, reason="別の方でした")

    case.refresh_from_db()
    assert (case.is_leak, case.in_hospital) == (False, True)
    assert case.facts.filter(pk=leak.pk).exists()


def test_the_hospital_takes_no_leak_out_of_the_account(case):
    leak = factories.record(
        case,
        FactKind.DISCHARGED_WITHOUT_NOTICE,
        NOW,
        channel=Channel.SYSTEM,
        detail={"reason_code": "03"},
    )
    theirs = factories.door(case, factories.ward_nurse())

    with pytest.raises(ValidationError, match="在宅側だけ"):
        retract_fact(door=theirs, fact=leak, reason="連絡しました")
    with pytest.raises(ValidationError, match="在宅側だけ"):
        factories.record(
            case,
            FactKind.DISCHARGED_WITHOUT_NOTICE,
            NOW,
            by=factories.ward_nurse(),
            detail={"reason_code": "05"},
            corrects=leak.uid,
        )

    case.refresh_from_db()
    assert case.is_leak
    [line] = [one for one in fact_lines(theirs) if one.fact == leak]
    assert (line.correct_url, line.retract_url) == ("", "")


def test_only_the_care_side_declares_a_leak(case):
    with pytest.raises(ValidationError, match="在宅側だけ"):
        factories.record(
            case,
            FactKind.DISCHARGED_WITHOUT_NOTICE,
            NOW,
            by=factories.ward_nurse(),
            detail={"reason_code": "03"},
        )


@pytest.mark.parametrize(
    ("kind", "moment", "fields", "words"),
    [
        (FactKind.DISCHARGED, ADMITTED - timedelta(hours=1), {}, "入院の日時以降"),
        (FactKind.CONTACT, NOW + timedelta(hours=1), {}, "いままでの日時"),
        (FactKind.CONTACT, NOW - timedelta(days=1200), {}, "3年前"),
        (FactKind.SCREENING_DONE, NOW, {"channel": Channel.SYSTEM}, "どうやって知ったか"),
        (FactKind.DISCHARGE_NOTIFIED, NOW, {}, "退院予定日を入力してください"),
        (FactKind.DISCHARGED, NOW, {"detail": {"destination": "moon"}}, "退院先の値を"),
        (FactKind.DISCHARGED, NOW, {"detail": {"more": 1}}, "書けない項目"),
    ],
)
def test_what_cannot_be_is_refused_in_words(case, kind, moment, fields, words):
    with pytest.raises(ValidationError) as caught:
        factories.record(case, kind, moment, **fields)

    assert words in " ".join(caught.value.messages)


@pytest.mark.parametrize("statement", ["UPDATE {} SET counterpart = ''", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_delete_a_fact(case, statement):
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format("transitions_casefact"))

    assert CaseFact.objects.count() == 2


def test_t_c4_a_transfer_hands_the_person_and_the_care_manager_on(case):
    door = factories.door(case, factories.ward_nurse())

    following = transfer(door=door, to=OTHER, at=NOW, channel=Channel.PHONE, note="リハビリのため")

    case.refresh_from_db()
    assert (case.state, case.in_hospital) == (CaseState.TRANSFERRED, False)
    assert following.previous == case
    assert (following.state, following.care_person) == (CaseState.CM_IDENTIFIED, "鈴木 二葉")
    assert following.patient_class == PatientClass.A
    assert following.readmission_of is None
    with pytest.raises(ValidationError, match="終わっています"):
        transfer(door=door, to=OTHER, at=NOW, channel=Channel.PHONE)


# Who may know ----------------------------------------------------------------------------


def test_only_the_team_knows_of_a_stay(case):
    assert list(cases_visible_to(accounts.viewer_for(accounts.takahashi()))) == [case]
    assert list(cases_visible_to(accounts.viewer_for(factories.ward_nurse()))) == [case]
    for nobody in (accounts.tanaka(), accounts.sato()):
        assert not cases_visible_to(accounts.viewer_for(nobody)).exists()
        with pytest.raises(CoordinationCase.DoesNotExist):
            case_for(accounts.viewer_for(nobody), case.uid)


def test_without_consent_a_stay_counts_but_carries_no_content():
    patient = patients.make_patient(consented=False)
    patients.add_member(patient, accounts.suzuki())
    patients.add_member(patient, accounts.takahashi())
    case = factories.opened(patient, admitted_at=ADMITTED, note="肺炎")

    assert case.facts.earliest("pk").detail == {"class": "a"}
    with pytest.raises(ValidationError, match="同意がない"):
        factories.record(case, FactKind.CONTACT, NOW, side=Side.CARE, detail={"note": "熱がある"})
    factories.record(case, FactKind.CONTACT, NOW, side=Side.CARE, detail={"outcome": "reached"})
    assert not cases_visible_to(accounts.viewer_for(accounts.takahashi())).exists()


def test_a_consent_to_the_basics_alone_opens_the_clock_and_no_words():
    patient = patients.make_patient(consented=False)
    patients.consent(patient, content_classes=[ContentClass.BASIC])
    patients.add_member(patient, accounts.suzuki())
    patients.add_member(patient, accounts.takahashi())
    case = factories.opened(patient, admitted_at=ADMITTED)

    door = factories.door(case, accounts.takahashi())

    assert (door.opens_content, door.may_write, door.side) == (False, True, Side.CARE)


def test_stays_move_with_a_merged_record_and_back(case, patient):
    other = patients.make_patient()

    moved = move_cases(patient, other)
    assert CoordinationCase.objects.get().patient == other
    move_cases_back(patient, other, moved)

    assert CoordinationCase.objects.get().patient == patient


def test_t_d4_stays_are_destroyed_with_the_person_s_story(case, patient):
    second = Patient.objects.get(pk=patients.make_patient().pk)
    patients.add_member(second, accounts.suzuki())
    factories.opened(second, admitted_at=ADMITTED)
    home = factories.record(case, FactKind.DISCHARGED, NOW)
    factories.record(case, FactKind.DISCHARGED, NOW, corrects=home.uid)

    assert destroy_cases(actor=SYSTEM, patient=patient, document_class="sheets") == 0
    # The stay with its four facts, and the list of discharge with its nine lines.
    assert destroy_cases(actor=SYSTEM, patient=patient, document_class="timeline") == 15

    assert CoordinationCase.objects.get().patient == second
    assert CaseFact.objects.filter(case__patient=second).count() == 2
