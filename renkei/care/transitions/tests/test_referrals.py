"""T-C4: referrals and transfers, their states, what flows when, and who has the person."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from renkei.care.patients.models import (
    ConsentRecipient,
    ContentClass,
    TeamMember,
)
from renkei.care.patients.services.consent import withdraw_consent
from renkei.care.patients.tests import factories as patients
from renkei.care.transitions.models import (
    Channel,
    Referral,
    ReferralAct,
    ReferralEvent,
    ReferralKind,
    ReferralService,
    ReferralState,
)
from renkei.care.transitions.queries.referrals import (
    documents_of,
    referral_for,
    referrals_visible_to,
)
from renkei.care.transitions.referral_states import Party, derive, following
from renkei.care.transitions.referral_values import NewAct, NewReferral, Receiver
from renkei.care.transitions.services.referral_lifecycle import (
    destroy_referrals,
    move_referrals,
    move_referrals_back,
)
from renkei.care.transitions.services.referral_watch import look_after, referrals_to_look_at
from renkei.care.transitions.services.referrals import act_on, send_referral
from renkei.care.transitions.tests import factories
from renkei.foundation.accounts.models import Organisation, Role, User
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.notifications.models import Notification
from renkei.foundation.sheets.tests.factories import item, make_answer, make_version

NOW = factories.at(date(2026, 11, 20), 9)
NAME = "架空 澄江"
A, S = ReferralAct, ReferralState


@pytest.fixture
def on_friday(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def patient(db, on_friday):
    patient = patients.make_patient(name=NAME, kana="カクウ スミエ")
    patients.add_member(patient, accounts.suzuki())
    return patient


def station() -> Organisation:
    return accounts.make_organisation("架空訪問看護ステーション潮")


def nurse() -> User:
    return accounts.person(
        "潮田 渚", "ushioda@station.example.test", station(), Role.PROFESSIONAL, "看護師"
    )


def colleague() -> User:
    return accounts.person(
        "浜名 岬", "hamana@station.example.test", station(), Role.PROFESSIONAL, "看護師"
    )


def new(**fields) -> NewReferral:
    values = {
        "receiver": Receiver(organisation=station()),
        "service": ReferralService.NURSING,
        "expires_at": NOW + timedelta(days=7),
        "asked_on": NOW.date(),
        "asked_by_way": "oral",
        "words": "点滴の管理をお願いしたい。",
        "content_classes": ("basic", "timeline", "sheets"),
        **fields,
    }
    return NewReferral(**values)


def sent(patient, **fields) -> Referral:
    nurse()
    viewer = accounts.viewer_for(accounts.suzuki())
    return send_referral(viewer=viewer, patient=patient, new=new(**fields))


def door(referral: Referral, user: User):
    return referral_for(accounts.viewer_for(user), referral.uid)


def act(referral: Referral, what: ReferralAct, by: User, *, whole_office=False, **fields):
    event = act_on(door=door(referral, by), new=NewAct(what, **fields), whole_office=whole_office)
    referral.refresh_from_db()
    return event


def opened_by(referral: Referral) -> list[str]:
    """The content that acceptance opened."""
    place = referral.receiver_place
    assert place is not None
    assert place.grant is not None
    return place.grant.content_classes


def url(name: str, *arguments: object) -> str:
    return reverse(f"transitions:{name}", args=arguments)


def browser(user: User) -> Client:
    return accounts.sign_in(Client(), user)


def answered(patient, code="sharing_sheet"):
    version = make_version(item("move", "string", "移動"), code=code, name=f"様式 {code}")
    return make_answer(version, patient.uid, move="つたい歩き")


# The states ---------------------------------------------------------------------------------


@given(
    kind=st.sampled_from(ReferralKind.values),
    outside=st.booleans(),
    choices=st.lists(st.integers(0, 20), max_size=8),
)
def test_t_c4_no_path_loses_the_owner(kind, outside, choices):
    acts = [A.SENT]
    for number in choices:
        state = derive(kind, acts, outside=outside).state
        possible = sorted(following(state, outside=outside))
        if not possible:
            break
        acts.append(possible[number % len(possible)])

    derived = derive(kind, acts, outside=outside)

    moved = kind == ReferralKind.TRANSFER and not outside
    with_receiver = moved and derived.state in {S.ACCEPTED, S.STARTED, S.ENDED}
    assert derived.owner == (Party.RECEIVER if with_receiver else Party.SENDER)
    assert bool(following(derived.state, outside=outside)) == (
        derived.state in {S.WAITING, S.ACCEPTED, S.STARTED}
    )


def test_what_cannot_follow_is_refused():
    with pytest.raises(ValueError, match="cannot follow"):
        derive(ReferralKind.REFERRAL, [A.SENT, A.REJECTED, A.ACCEPTED], outside=False)


# Sending and what flows before acceptance ---------------------------------------------------


def test_t_c4_before_acceptance_the_office_sees_a_request_without_a_name(patient):
    referral = sent(patient)
    client = browser(nurse())

    listed = patients.text_of(client.get(url("referral_list")))
    page = patients.text_of(client.get(url("referral_detail", referral.uid)))

    assert "訪問看護の紹介" in listed
    assert "点滴の管理" in page
    assert "90代" in page
    for text in (listed, page):
        assert NAME not in text
        assert str(patient.uid) not in text
    assert client.get(reverse("patients:patient_detail", args=[patient.uid])).status_code == 404
    assert (
        AuditEvent.objects.filter(action="patient.read", detail__what="紹介・引き継ぎ").count() == 1
    )


def test_the_whole_office_is_told_in_fixed_words(patient):
    referral = sent(patient)

    rows = Notification.objects.filter(kind="transitions.referral_new")

    assert [row.user_id for row in rows] == [nurse().pk]
    assert rows[0].path == url("referral_detail", referral.uid)


def test_a_request_names_nobody(patient):
    with pytest.raises(ValidationError, match="氏名を書かない"):
        sent(patient, words="架空澄江さんの点滴")
    assert not Referral.objects.exists()


@pytest.mark.parametrize("case", ["none", "refused", "other office"])
def test_t_c4_without_a_consent_that_reaches_nothing_is_sent(db, on_friday, case):
    patient = patients.make_patient(name=NAME, consented=False)
    patients.add_member(patient, accounts.suzuki())
    if case == "refused":
        patients.consent(patient, decision="refused")
    if case == "other office":
        consent = patients.consent(patient, whole_team=False)
        ConsentRecipient.objects.create(
            consent=consent, organisation=accounts.make_organisation("架空の別の事業所")
        )

    with pytest.raises(ValidationError, match="同意がこの相手に届いていない"):
        sent(patient)


def test_a_consent_that_names_the_office_reaches_it_but_nobody_outside(db, on_friday):
    patient = patients.make_patient(name=NAME, consented=False)
    patients.add_member(patient, accounts.suzuki())
    consent = patients.consent(patient, whole_team=False)
    ConsentRecipient.objects.create(consent=consent, organisation=station())

    assert sent(patient).state == S.WAITING
    with pytest.raises(ValidationError, match="届いていない"):
        sent(patient, receiver=Receiver(name="架空医院", fax="0999-00-1111"))


def test_no_more_is_offered_than_was_consented_to(db, on_friday):
    patient = patients.make_patient(name=NAME, consented=False)
    patients.add_member(patient, accounts.suzuki())
    patients.consent(patient, content_classes=["basic", "timeline"])

    with pytest.raises(ValidationError, match="同意にない範囲です：様式"):
        sent(patient)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"expires_at": NOW}, "返事の期限"),
        ({"expires_at": NOW + timedelta(days=90)}, "返事の期限"),
        ({"asked_on": NOW.date() + timedelta(days=1)}, "きょうまで"),
        ({"asked_by_way": "guessed"}, "方法を選んで"),
        ({"answers": (uuid4(),)}, "渡す範囲に入っていない"),
    ],
)
def test_a_wrong_value_is_refused_with_its_remedy(patient, fields, words):
    with pytest.raises(ValidationError, match=words):
        sent(patient, **fields)


def test_a_form_sent_twice_is_kept_once_and_the_same_request_is_not_repeated(patient):
    uid = uuid4()
    assert sent(patient, client_uid=uid) == sent(patient, client_uid=uid)
    with pytest.raises(ValidationError, match="返事待ち"):
        sent(patient)


# Answers ------------------------------------------------------------------------------------


def test_t_c4_acceptance_opens_what_was_chosen_and_nothing_more(patient):
    sheet, wish = answered(patient), answered(patient, "acp_note")
    referral = sent(patient, answers=(sheet.uid,))

    act(referral, A.ACCEPTED, nurse())

    opened = door(referral, nurse())
    assert (referral.state, opened.opens_person) == (S.ACCEPTED, True)
    assert documents_of(opened) == [sheet]
    assert opened_by(referral) == ["basic", "sheets", "timeline"]
    client = browser(nurse())
    page = patients.text_of(client.get(url("referral_detail", referral.uid)))
    assert NAME in page
    assert client.get(url("referral_document", referral.uid, sheet.uid)).status_code == 200
    assert client.get(url("referral_document", referral.uid, wish.uid)).status_code == 404
    # The sender learns that it was taken, and by whom.
    assert Notification.objects.filter(
        kind="transitions.referral_answered", user=accounts.suzuki()
    ).exists()
    assert "潮田 渚" in patients.text_of(
        browser(accounts.suzuki()).get(url("referral_detail", referral.uid))
    )


def test_after_one_accepted_for_themself_a_colleague_knows_nothing_of_it(patient):
    referral = sent(patient)
    colleague()
    assert door(referral, colleague()).may_act

    act(referral, A.ACCEPTED, nurse())

    with pytest.raises(Referral.DoesNotExist):
        door(referral, colleague())


def test_the_whole_office_can_take_it(patient):
    referral = sent(patient)
    colleague()

    act(referral, A.ACCEPTED, nurse(), whole_office=True)

    assert door(referral, colleague()).opens_person


def test_t_c4_rejection_says_why_and_the_sender_keeps_the_person(patient):
    referral = sent(patient, kind=ReferralKind.TRANSFER)
    with pytest.raises(ValidationError, match="理由"):
        act(referral, A.REJECTED, nurse())

    event = act(referral, A.REJECTED, nurse(), reason_code="full", reason="12月から空く")

    assert (referral.state, event.author_name, event.consent_uid is not None) == (
        S.REJECTED,
        "潮田 渚",
        True,
    )
    patient.refresh_from_db()
    assert patient.host_id == referral.sender_id
    assert TeamMember.objects.filter(patient=patient, left_at=None).count() == 1
    with pytest.raises(ValidationError, match="もう答えられている"):
        act(referral, A.ACCEPTED, nurse())
    page = patients.text_of(browser(accounts.suzuki()).get(url("referral_detail", referral.uid)))
    assert "空きがない" in page


def test_t_c4_a_transfer_moves_the_person_and_a_return_brings_them_home(patient):
    referral = sent(patient, kind=ReferralKind.TRANSFER, service=ReferralService.CARE_MANAGEMENT)

    act(referral, A.ACCEPTED, nurse())

    patient.refresh_from_db()
    assert patient.host == station()
    team = TeamMember.objects.filter(patient=patient, left_at=None)
    assert [one.organisation for one in team] == [station()]
    # Whoever sent it still learns how it goes, without reading the person.
    seen = door(referral, accounts.suzuki())
    assert (seen.opens_person, seen.may_act) == (False, False)
    assert NAME not in patients.text_of(
        browser(accounts.suzuki()).get(url("referral_detail", referral.uid))
    )
    act(referral, A.STARTED, nurse(), detail={"on": "2026-11-20"})

    act(referral, A.RETURNED, nurse(), reason="担当者が退職するため")

    patient.refresh_from_db()
    assert patient.host_id == referral.sender_id
    assert [one.organisation_id for one in team.all()] == [referral.sender_id]
    assert door(referral, accounts.suzuki()).opens_person
    assert referral.state == S.RETURNED


def test_a_return_reaches_the_office_where_the_sender_has_left(patient):
    referral = sent(patient, kind=ReferralKind.TRANSFER)
    other = accounts.person(
        "架空 後任",
        "kounin@care.example.test",
        referral.sender,
        Role.PROFESSIONAL,
        "介護支援専門員",
    )
    act(referral, A.ACCEPTED, nurse())
    membership = referral.sender_member
    membership.revoked_at = NOW
    membership.save()

    act(referral, A.RETURNED, nurse(), reason="遠くて通えない")

    assert door(referral, other).opens_person


def test_somebody_on_the_team_already_keeps_their_place(patient):
    patients.add_member(patient, nurse())
    referral = sent(patient, kind=ReferralKind.TRANSFER)

    act(referral, A.ACCEPTED, nurse())
    assert referral.receiver_place is None
    act(referral, A.RETURNED, nurse(), reason="戻す")

    team = TeamMember.objects.filter(patient=patient, left_at=None).order_by("organisation__name")
    assert {one.organisation_id for one in team} == {station().pk, referral.sender_id}


def test_the_other_side_cannot_answer_for_one(patient):
    referral = sent(patient)
    with pytest.raises(ValidationError, match="相手の側"):
        act(referral, A.ACCEPTED, accounts.suzuki())
    with pytest.raises(ValidationError, match="相手の側"):
        act(referral, A.WITHDRAWN, nurse(), reason="x")
    act(referral, A.WITHDRAWN, accounts.suzuki(), reason="別の所に決まった")
    assert referral.state == S.WITHDRAWN


def test_a_reason_names_nobody_and_codes_are_known(patient):
    referral = sent(patient)
    with pytest.raises(ValidationError, match="氏名を書かない"):
        act(referral, A.REJECTED, nurse(), reason=f"{NAME}さんは遠い")
    with pytest.raises(ValidationError, match="理由を選んで"):
        act(referral, A.REJECTED, nurse(), reason_code="nonsense")


# Time and consent ---------------------------------------------------------------------------


def test_t_c4_both_sides_are_reminded_once_before_it_expires(patient, time_machine):
    referral = sent(patient)
    assert look_after(referral.pk) == ""
    time_machine.move_to(NOW + timedelta(days=6, hours=1), tick=False)

    assert [look_after(referral.pk), look_after(referral.pk)] == ["reminded", ""]
    told = Notification.objects.filter(kind="transitions.referral_soon")
    assert {row.user_id for row in told} == {nurse().pk, accounts.suzuki().pk}

    # Put off, it is reminded of anew.
    until = NOW + timedelta(days=20)
    act(referral, A.EXTENDED, accounts.suzuki(), detail={"until": until.isoformat()})
    time_machine.move_to(until - timedelta(hours=3), tick=False)
    assert look_after(referral.pk) == "reminded"


def test_t_c4_an_answer_after_its_time_is_refused_and_the_sender_is_told(patient, time_machine):
    referral = sent(patient)
    time_machine.move_to(NOW + timedelta(days=7), tick=False)
    with pytest.raises(ValidationError, match="期限が切れて"):
        act(referral, A.ACCEPTED, nurse())
    page = patients.text_of(browser(nurse()).get(url("referral_detail", referral.uid)))
    assert "期限切れ" in page
    assert "引き受ける（" not in page

    assert [look_after(pk) for pk in referrals_to_look_at()] == ["expired"]

    referral.refresh_from_db()
    assert (referral.state, referrals_to_look_at()) == (S.EXPIRED, [])
    assert look_after(referral.pk) == ""


def test_t_c4_withdrawal_of_consent_stops_it_at_once(patient):
    referral = sent(patient)
    client = browser(nurse())

    withdraw_consent(
        viewer=accounts.viewer_for(accounts.suzuki()),
        consent=patient.consents.get(),
        reason="気が変わった",
    )

    referral.refresh_from_db()
    assert referral.state == S.STOPPED
    event = referral.events.latest("pk")
    assert (event.act, event.consent_uid) == (A.STOPPED, None)
    page = patients.text_of(client.get(url("referral_detail", referral.uid)))
    for word in ("点滴", "90代", NAME):
        assert word not in page
    assert client.post(url("referral_accept", referral.uid)).status_code == 302
    assert not TeamMember.objects.filter(patient=patient, organisation=station()).exists()


def test_a_consent_that_runs_out_by_itself_stops_it_as_well(patient, time_machine):
    referral = sent(patient, expires_at=NOW + timedelta(days=60))
    consent = patient.consents.get()
    time_machine.move_to(NOW + timedelta(days=30), tick=False)
    consent.period = type(consent.period)(consent.period.lower, NOW.date())
    consent.save()
    page = patients.text_of(browser(nurse()).get(url("referral_detail", referral.uid)))
    assert "点滴" not in page
    with pytest.raises(ValidationError, match="止まっています"):
        act(referral, A.ACCEPTED, nurse())

    assert look_after(referral.pk) == "stopped"


def test_withdrawal_after_acceptance_closes_the_documents(patient):
    sheet = answered(patient)
    referral = sent(patient, answers=(sheet.uid,))
    act(referral, A.ACCEPTED, nurse())

    withdraw_consent(
        viewer=accounts.viewer_for(accounts.suzuki()), consent=patient.consents.get(), reason="x"
    )

    opened = door(referral, nurse())
    assert (opened.opens_person, documents_of(opened)) == (False, [])
    page = patients.text_of(browser(nurse()).get(url("referral_detail", referral.uid)))
    assert NAME not in page
    assert "点滴" not in page


def test_what_was_taken_back_before_acceptance_is_not_opened(patient):
    referral = sent(patient)
    patient.consents.update(content_classes=["basic"])

    act(referral, A.ACCEPTED, nurse())

    assert opened_by(referral) == [ContentClass.BASIC.value]


# Without an account -------------------------------------------------------------------------


def test_t_c4_a_receiver_without_an_account_answers_by_telephone(patient):
    referral = sent(
        patient,
        kind=ReferralKind.TRANSFER,
        receiver=Receiver(name="架空往診医院", phone="0999-00-5555", fax="0999-00-5556"),
    )
    assert referral.is_outside
    with pytest.raises(ValidationError, match="どうやって聞いたか"):
        act(referral, A.ACCEPTED, accounts.suzuki())

    event = act(
        referral, A.ACCEPTED, accounts.suzuki(), channel=Channel.PHONE, counterpart="受付の方"
    )

    # Outside nobody is there to own anything: the sender stays.
    assert (referral.state, event.channel) == (S.ACCEPTED, Channel.PHONE)
    assert TeamMember.objects.filter(patient=patient, left_at=None).count() == 1
    act(referral, A.RETURNED, accounts.suzuki(), channel=Channel.PHONE, reason="通えない")
    assert referral.state == S.RETURNED


# The record ---------------------------------------------------------------------------------


def test_every_path_writes_who_when_why_and_under_which_consent(patient):
    referral = sent(patient)
    act(referral, A.ACCEPTED, nurse())
    act(referral, A.STARTED, nurse(), detail={"on": "2026-11-20"})
    act(referral, A.ENDED, nurse())

    rows = list(referral.events.order_by("pk"))

    assert [row.act for row in rows] == [A.SENT, A.ACCEPTED, A.STARTED, A.ENDED]
    assert all(row.consent_uid and row.author_name and row.organisation_name for row in rows)
    acts = AuditEvent.objects.filter(action__startswith="referral.").order_by("pk")
    assert [one.action for one in acts] == ["referral.sent", *["referral.acted"] * 3]
    assert NAME not in str([one.detail for one in acts])


def test_events_are_never_changed(patient):
    event = sent(patient).events.get()
    with pytest.raises(DatabaseError, match="追加だけ"), transaction.atomic():
        ReferralEvent.objects.filter(pk=event.pk).update(reason="x")
    with pytest.raises(DatabaseError, match="追加だけ"), transaction.atomic():
        event.delete()


def test_t_c4_referrals_follow_a_merge_and_go_with_the_record(patient):
    referral = sent(patient)
    into = patients.make_patient()

    moved = move_referrals(patient, into)
    referral.refresh_from_db()
    assert referral.patient == into
    move_referrals_back(patient, into, moved)
    assert destroy_referrals(actor=SYSTEM, patient=patient, document_class="sheets") == 0

    with transaction.atomic():
        assert destroy_referrals(actor=SYSTEM, patient=patient, document_class="timeline") == 2

    assert not Referral.objects.exists()


def test_strangers_and_the_town_hall_find_nothing(patient):
    referral = sent(patient)
    for user in (accounts.tanaka(), accounts.sato()):
        assert not referrals_visible_to(accounts.viewer_for(user)).exists()
        answer = browser(user).get(url("referral_detail", referral.uid))
        unknown = browser(user).get(url("referral_detail", uuid4()))
        assert (answer.status_code, answer.content) == (unknown.status_code, unknown.content)
        assert answer.status_code in {403, 404}


@pytest.mark.parametrize("count", [1, 3])
def test_both_lists_take_the_same_queries_for_many(patient, count, django_assert_num_queries):
    for number in range(count):
        other = patients.joined(accounts.suzuki(), name=f"架空 人{number}")
        act(sent(other), A.ACCEPTED, nurse())
    client = browser(nurse())
    client.get(url("referral_list"))
    with django_assert_num_queries(LIST_QUERIES):
        client.get(url("referral_list"))


LIST_QUERIES = 17
