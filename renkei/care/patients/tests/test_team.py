"""The care team: asked, joined, left, handed over."""

from __future__ import annotations

from datetime import date

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client

from renkei.care.patients.models import (
    AccessGrant,
    FamilyMember,
    Patient,
    Relative,
    TeamMember,
)
from renkei.care.patients.presenters_team import team_list
from renkei.care.patients.services import team
from renkei.care.patients.services.family import invite_family
from renkei.care.patients.tests.factories import (
    add_family,
    add_member,
    joined,
    membership_of,
    text_of,
    url,
)
from renkei.care.patients.visibility import patients_visible_to, room_access
from renkei.foundation.accounts import transfers
from renkei.foundation.accounts.models import Role, User
from renkei.foundation.accounts.services import (
    accept_invitation,
    join_by_invitation,
    revoke_membership,
)
from renkei.foundation.accounts.tests.factories import (
    PASSWORD,
    make_membership,
    make_organisation,
    make_user,
    member,
    sign_in,
    suzuki,
    takahashi,
    tanaka,
    viewer_for,
)
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock
from renkei.foundation.notifications.models import Notification

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient():
    """Hosted by 鈴木, who is the only member."""
    return joined(suzuki(), name="架空 ハル江")


@pytest.fixture
def streams(monkeypatch):
    told = []
    monkeypatch.setattr(
        "renkei.foundation.accounts.services.streams.publish",
        lambda topic, _detail=None: told.append(topic) if topic.startswith("user:") else None,
    )
    return told


def invite(patient, user, **fields):
    return team.invite_member(
        viewer=viewer_for(suzuki()), patient=patient, membership=membership_of(user), **fields
    )


def join(patient, user, **fields):
    return team.join_team(viewer=viewer_for(user), member=invite(patient, user, **fields))


def reads(user):
    return patients_visible_to(viewer_for(user)).exists()


# Asking and joining ------------------------------------------------------------------------


def test_t_mcs1_the_invited_learn_who_asks_and_neither_name_nor_counts(
    suzuki_client, takahashi_client, patient
):
    suzuki_client.post(url("member_invite", patient.uid), {"email": "takahashi@nurse.example.test"})
    asked = TeamMember.objects.get(joined_at=None)

    pages = [
        text_of(takahashi_client.get(url("patient_list"))),
        text_of(takahashi_client.get(url("invitation_answer", asked.uid))),
    ]
    notification = Notification.objects.get()

    for page in pages:
        assert patient.host.name in page
        assert patient.name not in page
        assert str(patient.uid) not in page
    assert "0人" not in pages[0]
    assert takahashi_client.get(url("patient_detail", patient.uid)).status_code == 404
    assert (notification.user, notification.path) == (
        takahashi(),
        url("invitation_answer", asked.uid),
    )


def test_joining_opens_the_record_and_declining_does_not(takahashi_client, tanaka_client, patient):
    first, second = invite(patient, takahashi()), invite(patient, tanaka())

    takahashi_client.post(url("invitation_answer", first.uid), {"answer": "join"})
    tanaka_client.post(url("invitation_answer", second.uid), {"answer": "decline"})

    assert (reads(takahashi()), reads(tanaka())) == (True, False)
    # What is answered waits for nobody in the list of notices.
    assert not Notification.objects.filter(kind="patients.team_invited", read_at=None).exists()
    assert takahashi_client.get(url("invitation_answer", first.uid)).status_code == 404
    assert "新しい人" in text_of(takahashi_client.get(url("team_detail", patient.uid)))


def test_somebody_elses_invitation_is_not_found(tanaka_client, patient):
    asked = invite(patient, takahashi())

    assert tanaka_client.post(url("invitation_answer", asked.uid)).status_code == 404


@pytest.mark.parametrize(("chosen", "from_the_start"), [("start", True), ("joining", False)])
def test_t_mcs2_who_joins_reads_from_where_the_team_chose(
    suzuki_client, patient, chosen, from_the_start
):
    suzuki_client.post(url("team_settings", patient.uid), {"history_from": chosen})

    member = join(Patient.objects.get(), takahashi())

    since = room_access(viewer_for(takahashi()), patient).since
    assert since == (None if from_the_start else member.joined_at)


def test_a_whole_office_joins_by_one_of_its_people(suzuki_client, patient):
    suzuki_client.post(
        url("member_invite", patient.uid),
        {
            "email": "takahashi@nurse.example.test",
            "whole_office": "on",
            "profession": "看護師",
        }
        if takahashi()
        else {},
    )
    asked = TeamMember.objects.get(joined_at=None)
    colleague = make_membership(organisation=membership_of(takahashi()).organisation).user

    client = sign_in(Client(), colleague)
    client.post(url("invitation_answer", asked.uid), {"answer": "join"})

    assert reads(takahashi())
    assert reads(colleague)
    assert "事業所全体" in text_of(client.get(url("team_detail", patient.uid)))


def test_partners_of_other_teams_can_be_chosen_without_their_address(suzuki_client, patient):
    known = joined(suzuki(), name="架空 前からの人")
    add_member(known, takahashi())
    tanaka()

    page = text_of(suzuki_client.get(url("member_invite", patient.uid)))
    suzuki_client.post(
        url("member_invite", patient.uid), {"partner": membership_of(takahashi()).pk}
    )

    assert "高橋 三奈" in page
    assert "田中 四郎" not in page
    assert TeamMember.objects.get(joined_at=None).membership == membership_of(takahashi())


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "どちらかにしてください"),
        ({"email": "nobody@example.test"}, "利用者は見つかりません"),
        ({"email": "sato@city.example.test"}, "利用者は見つかりません"),
        ({"email": "shoku@example.test"}, "職種を入力してください"),
        ({"email": "suzuki@care.example.test"}, "すでにチームにいます"),
    ],
    ids=["nobody", "unknown", "town hall", "no profession", "again"],
)
def test_an_invitation_needs_a_profession_in_an_office(suzuki_client, patient, data, sentence):
    make_membership(user=make_user(email="shoku@example.test"))
    member(Role.MUNICIPAL_STAFF)

    response = suzuki_client.post(url("member_invite", patient.uid), data)

    assert response.status_code == 422
    assert sentence in text_of(response)


def test_an_invitation_is_taken_back(suzuki_client, takahashi_client, patient):
    asked = invite(patient, takahashi())

    suzuki_client.post(url("invitation_withdraw", patient.uid, asked.uid))

    assert takahashi_client.get(url("invitation_answer", asked.uid)).status_code == 404
    assert suzuki_client.post(url("invitation_withdraw", patient.uid, asked.uid)).status_code == 404


def test_two_of_an_office_answer_once(patient):
    asked = invite(patient, takahashi())
    team.join_team(viewer=viewer_for(takahashi()), member=asked)

    with pytest.raises(ValidationError, match="もう答えられている"):
        team.join_team(viewer=viewer_for(takahashi()), member=asked)


def test_nobody_is_asked_into_a_team_whose_care_has_ended(patient):
    Patient.objects.update(closed_on=date(2026, 4, 1), closed_because="moved")

    with pytest.raises(ValidationError, match="ケアが終わった"):
        invite(patient, takahashi())


def test_only_the_host_arranges_the_team(takahashi_client, patient):
    join(patient, takahashi())
    own = TeamMember.objects.get(is_host=True)
    addresses = [
        url("member_invite", patient.uid),
        url("team_settings", patient.uid),
        url("host_change", patient.uid),
        url("member_end", patient.uid, own.uid),
        url("member_arrange", patient.uid, own.uid),
        url("member_hand_over", patient.uid, own.uid),
        url("family_invite", patient.uid),
    ]

    assert {takahashi_client.get(each).status_code for each in addresses} == {404}


# Leaving -----------------------------------------------------------------------------------


def test_leaving_ends_access_that_second_and_stays_in_the_history(
    suzuki_client, takahashi_client, patient, streams
):
    mine = join(patient, takahashi())

    response = takahashi_client.post(
        url("member_end", patient.uid, mine.uid), {"reason": "担当の変更"}
    )

    assert response.url == url("patient_list")
    assert not reads(takahashi())
    assert streams == [f"user:{takahashi().uid}"]
    page = text_of(suzuki_client.get(url("team_detail", patient.uid)))
    assert "担当の変更" in page
    assert AuditEvent.objects.filter(action="team.left").count() == 1


def test_the_host_removes_a_member(suzuki_client, takahashi_client, patient):
    theirs = join(patient, takahashi())

    suzuki_client.post(url("member_end", patient.uid, theirs.uid), {})

    assert takahashi_client.get(url("patient_detail", patient.uid)).status_code == 404
    assert suzuki_client.post(url("member_end", patient.uid, theirs.uid), {}).status_code == 404


def test_the_last_of_the_host_stays(suzuki_client, patient):
    own = TeamMember.objects.get(is_host=True)

    response = suzuki_client.post(url("member_end", patient.uid, own.uid), {})

    assert response.status_code == 422
    assert "連携ホストの最後の人です" in text_of(response)


def test_an_ended_membership_ends_its_access_that_second(takahashi_client, patient, streams):
    join(patient, takahashi())
    page = url("patient_detail", patient.uid)
    before = takahashi_client.get(page).status_code
    administrator = viewer_for(member(Role.OPERATOR)).actor

    revoke_membership(actor=administrator, membership=membership_of(takahashi()))

    assert before == 200
    assert takahashi_client.get(page).status_code == 404
    assert takahashi_client.get(url("patient_list")).status_code == 404
    assert streams == [f"user:{takahashi().uid}"]


# Handing over ------------------------------------------------------------------------------


def test_t_p5_a_colleague_takes_over_place_range_and_deputyship(
    takahashi_client, suzuki_client, patient
):
    mine = join(patient, takahashi())
    host = TeamMember.objects.get(is_host=True)
    suzuki_client.post(url("member_arrange", patient.uid, host.uid), {"deputy": mine.pk})
    colleague = make_membership(
        organisation=membership_of(takahashi()).organisation, profession="看護師"
    )

    takahashi_client.post(
        url("member_hand_over", patient.uid, mine.uid), {"successor": colleague.pk}
    )

    new = TeamMember.objects.get(membership=colleague)
    host.refresh_from_db()
    mine.refresh_from_db()
    assert (reads(takahashi()), reads(colleague.user)) == (False, True)
    ranges = AccessGrant.objects.filter(member__in=[mine, new]).values_list("history_since")
    assert len(set(ranges)) == 1
    assert (host.deputy, mine.successor) == (new, new)
    page = text_of(suzuki_client.get(url("team_detail", patient.uid)))
    assert "引き継ぎ" in page
    assert "代わりに答える人" in page


def test_a_place_is_not_handed_to_another_organisation(patient):
    mine = join(patient, takahashi())

    with pytest.raises(ValidationError, match="同じ組織の"):
        team.hand_over(
            viewer=viewer_for(takahashi()), member=mine, successor=membership_of(tanaka())
        )


def test_the_host_changes_to_an_organisation_of_the_team(suzuki_client, patient):
    join(patient, takahashi())
    office = membership_of(takahashi()).organisation
    outside = make_organisation("よその架空組織")

    refused = suzuki_client.post(url("host_change", patient.uid), {"organisation": outside.pk})
    suzuki_client.post(url("host_change", patient.uid), {"organisation": office.pk})

    patient.refresh_from_db()
    assert refused.status_code == 422
    assert patient.host == office
    assert TeamMember.objects.get(is_host=True).organisation == office
    with pytest.raises(ValidationError, match="チームにいる組織"):
        team.change_host(viewer=viewer_for(suzuki()), patient=patient, organisation=outside)


def test_an_observer_and_a_deputy_are_named_by_the_host(suzuki_client, patient):
    theirs = join(patient, takahashi())
    own = TeamMember.objects.get(is_host=True)

    suzuki_client.post(
        url("member_arrange", patient.uid, theirs.uid), {"is_observer": "on", "deputy": own.pk}
    )

    theirs.refresh_from_db()
    assert (theirs.is_observer, theirs.deputy) == (True, own)
    assert room_access(viewer_for(takahashi()), patient).read_only is True
    with pytest.raises(ValidationError, match="ほかの人を選んで"):
        team.arrange_member(
            viewer=viewer_for(suzuki()), member=theirs, is_observer=False, deputy=theirs
        )


# Family ------------------------------------------------------------------------------------


def test_a_relative_is_invited_by_mail_joins_and_is_removed(suzuki_client, patient, streams):
    daughter = Relative.objects.create(patient=patient, name="架空 さと子", relation="長女")
    response = suzuki_client.post(
        url("family_invite", patient.uid),
        {"who": str(daughter.uid), "email": "satoko@family.example.test"},
        follow=True,
    )
    code = response.context["code"]
    assert len(mail.outbox) == 1
    assert daughter.name not in mail.outbox[0].body
    assert patient.name not in mail.outbox[0].body

    client = Client()
    from renkei.foundation.accounts.queries import invitation_with_code

    found = invitation_with_code(code)
    assert found is not None
    user = accept_invitation(invitation=found, name="架空 さと子", password=PASSWORD)
    access = room_access(viewer_for(user), patient)
    page = sign_in(client, user).get(url("patient_list"))
    shown = text_of(suzuki_client.get(url("team_detail", patient.uid)))
    suzuki_client.post(url("family_remove", patient.uid, FamilyMember.objects.get().uid))

    assert (access.staff, access.family) == (False, True)
    assert page.status_code == 404
    assert "架空 さと子" in shown
    assert room_access(viewer_for(user), patient).family is False
    assert streams == [f"user:{user.uid}"]
    daughter.refresh_from_db()
    assert daughter.user == user


def test_an_account_of_family_serves_a_second_person_of_the_same_host(patient):
    father = joined(suzuki(), name="架空 父")
    family = add_family(father)

    issued = invite_family(
        viewer=viewer_for(suzuki()), patient=patient, relative=None, email=family.user.email or ""
    )

    assert issued is None
    assert room_access(viewer_for(family.user), patient).family is True
    with pytest.raises(ValidationError, match="もう部屋に参加"):
        invite_family(viewer=viewer_for(suzuki()), patient=patient, relative=None, email="")


def test_a_signed_in_account_can_use_the_familys_invitation(patient):
    daughter = Relative.objects.create(patient=patient, name="架空 さと子")
    issued = invite_family(
        viewer=viewer_for(suzuki()), patient=patient, relative=daughter, email=""
    )
    user = make_user(name="架空 さと子")
    assert issued is not None

    join_by_invitation(actor=viewer_for(user).actor, invitation=issued.invitation, user=user)

    assert FamilyMember.objects.get().user == user


def test_family_is_not_invited_where_care_has_ended(suzuki_client, patient):
    Patient.objects.update(closed_on=date(2026, 4, 1), closed_because="moved")

    response = suzuki_client.post(url("family_invite", patient.uid), {"who": "person"})

    assert "ケアが終わった人" in text_of(response)
    assert User.objects.count() == 1


def test_the_team_reads_names_of_family_under_their_consent_only(takahashi_client, patient):
    join(patient, takahashi())
    family = add_family(patient)

    page = text_of(takahashi_client.get(url("team_detail", patient.uid)))

    assert family.user.name not in page
    assert "家族（同意待ち）" in page


@pytest.mark.parametrize("members", [1, 3])
def test_the_team_list_costs_the_same_for_one_and_three(
    patient, members, django_assert_num_queries
):
    for _ in range(members):
        add_member(patient, make_membership(profession="看護師").user)
    add_family(patient)
    viewer = viewer_for(suzuki())

    with django_assert_num_queries(4):
        assert team_list(viewer, patient).count == members + 2


def test_t_p5_a_transfer_moves_places_and_lists_what_has_no_successor(patient):
    mine = join(patient, takahashi())
    colleague = make_membership(
        organisation=membership_of(takahashi()).organisation, profession="看護師"
    )
    old = membership_of(takahashi())
    elsewhere = membership_of(tanaka())
    actor = viewer_for(member(Role.OPERATOR)).actor
    today = clock.today()

    left = transfers.orphans_of([old.pk], today)
    not_moved = transfers.hand_over_duties(
        actor=actor, from_membership_id=old.pk, to_membership_id=elsewhere.pk, on=today
    )
    moved = transfers.hand_over_duties(
        actor=actor, from_membership_id=old.pk, to_membership_id=colleague.pk, on=today
    )

    place = transfers.Orphan(old.pk, "ケアチームの担当", url("team_detail", patient.uid))
    assert place in left
    assert (not_moved, moved >= 1) == (0, True)
    assert place not in transfers.orphans_of([old.pk], today)
    mine.refresh_from_db()
    assert mine.successor.membership == colleague
