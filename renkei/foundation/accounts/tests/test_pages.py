"""Invitations, organisations, memberships and the audit trail, by the fixed cast."""

from datetime import date

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from renkei.foundation.accounts import services
from renkei.foundation.accounts.models import (
    Invitation,
    Membership,
    Organisation,
    OrganisationKind,
    Role,
    User,
)
from renkei.foundation.accounts.queries import active_memberships, members_of
from renkei.foundation.accounts.tests import factories
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
PASSWORD = "umi-to-yama-no-machi-99"


@pytest.fixture(autouse=True)
def no_memory_of_other_tests():
    cache.clear()


@pytest.fixture
def office():
    return factories.make_organisation("架空訪問看護ステーション")


@pytest.fixture
def admin_client(office):
    user = factories.person("架空 管理", "kanri@example.test", office, Role.ORGANISATION_ADMIN)
    return factories.sign_in(Client(), user)


def url(name, *args):
    return reverse(f"accounts:{name}", args=args)


def invite(client, office, **changes):
    data = {
        "name": "架空 五郎",
        "email": "goro@example.test",
        "role": "professional",
        "profession": "看護師",
    }
    return client.post(url("invitation_add", office.uid), {**data, **changes}, follow=True)


def text_of(response):
    return response.content.decode()


def test_invitation_by_mail_becomes_an_account(admin_client, office, client, mailoutbox):
    sheet = invite(admin_client, office)
    link = next(word for word in mailoutbox[0].body.split() if word.startswith("http"))

    page = client.get(link)
    done = client.post(link, {"name": "架空 五郎", "password": PASSWORD, "again": PASSWORD})

    assert "案内をメールで送りました。" in text_of(sheet)
    assert "架空訪問看護ステーション" in text_of(page)
    assert done["Location"] == "/accounts/start/"
    assert client.get("/accounts/")["Location"].startswith("/accounts/second-factor/")
    assert [one.user.email for one in members_of(office)] == [
        "goro@example.test",
        "kanri@example.test",
    ]


def test_printed_invitation_shows_its_code_once_and_works_without_mail(
    admin_client, office, client
):
    sheet = invite(admin_client, office, email="")
    code = sheet.context["code"]
    again = admin_client.get(sheet.redirect_chain[-1][0])

    entered = client.post(url("invitation_enter"), {"code": code.lower().replace("-", " ")})
    done = client.post(
        entered["Location"],
        {"name": "架空 五郎", "password": PASSWORD, "again": PASSWORD},
        follow=True,
    )

    assert "コードはもう見られません" in text_of(again)
    user = User.objects.get(name="架空 五郎")
    assert user.login_name in text_of(done)


def test_mail_that_fails_still_gives_the_sheet(admin_client, office, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    assert "メールを送れませんでした。" in text_of(invite(admin_client, office))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"password": "short", "again": "short"}, "12 文字以上"),
        ({"again": "chigau-kotoba-desu"}, "同じパスワードを入力してください。"),
        ({"name": ""}, "氏名を入力してください。"),
        ({"name": "外字\ue000"}, "外字（U+E000）があります"),
        ({"name": "a\x00b"}, "エラー："),
    ],
)
def test_invitation_refuses_in_one_sentence(client, office, changes, sentence):
    issued = services.invite_member(
        actor=SYSTEM, organisation=office, name="架空 五郎", email="", role=Role.PROFESSIONAL
    )
    data = {"name": "架空 五郎", "password": PASSWORD, "again": PASSWORD}

    response = client.post(url("invitation_accept", issued.code), {**data, **changes})

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert not User.objects.exists()


def test_dead_and_guessed_codes_get_one_answer(client):
    page = client.get(url("invitation_accept", "2222-2222-2222-2222"))
    form = client.post(url("invitation_enter"), {"code": "2222-2222-2222-2222"})

    assert page.status_code == 404
    assert "この案内は使えません" in text_of(page)
    assert form.status_code == 422
    assert "この案内は使えません" in text_of(form)


def test_guessing_codes_is_slowed_down(client):
    for _ in range(60):
        client.post(url("invitation_enter"), {"code": "2222-2222-2222-2222"})

    response = client.post(url("invitation_enter"), {"code": "2222-2222-2222-2222"})

    assert "続けて試しすぎました" in text_of(response)


def test_invitation_used_meanwhile_is_told(client, office, monkeypatch):
    issued = services.invite_member(
        actor=SYSTEM, organisation=office, name="架空 五郎", email="", role=Role.PROFESSIONAL
    )
    monkeypatch.setattr(
        "renkei.foundation.accounts.views.invitations.invitation_with_code",
        lambda _: issued.invitation,
    )
    services.revoke_invitation(actor=SYSTEM, invitation=issued.invitation)

    response = client.post(
        url("invitation_accept", issued.code),
        {"name": "架空 五郎", "password": PASSWORD, "again": PASSWORD},
    )

    assert response.status_code == 422
    assert "もう使えません" in text_of(response)


def test_who_has_an_account_takes_the_membership_after_signing_in(
    office, client, suzuki_client, tanaka_client
):
    user = factories.suzuki()
    issued = services.invite_member(
        actor=SYSTEM,
        organisation=office,
        name=user.name,
        email=str(user.email),
        role=Role.PROFESSIONAL,
    )
    page = url("invitation_accept", issued.code)
    for stranger in (client, tanaka_client):
        assert "サインインして、所属を受け取ってください。" in text_of(stranger.get(page))
        stranger.post(page)
    assert active_memberships(user.pk).count() == 1

    response = suzuki_client.post(page, follow=True)

    assert "所属を受け取りました。" in text_of(response)
    assert active_memberships(user.pk).count() == 2


def test_taking_a_membership_twice_is_told(office, suzuki_client):
    user = factories.suzuki()
    issued = services.invite_member(
        actor=SYSTEM,
        organisation=office,
        name=user.name,
        email=str(user.email),
        role=Role.PROFESSIONAL,
    )
    factories.make_membership(user=user, organisation=office)

    response = suzuki_client.post(url("invitation_accept", issued.code))

    assert response.status_code == 422
    assert "同じ役割をすでに持っています" in text_of(response)


def test_membership_is_switched_and_always_visible(suzuki_client):
    user = factories.suzuki()
    council = factories.make_organisation("架空協議会", OrganisationKind.COUNCIL)
    second = factories.make_membership(user=user, organisation=council, role=Role.COUNCIL_MEMBER)

    response = suzuki_client.post(url("membership_choose", second.uid), follow=True)

    assert "架空協議会 協議会委員として操作します。" in text_of(response)
    assert response.context["request"].viewer.role == Role.COUNCIL_MEMBER
    assert AuditEvent.objects.get().action == "membership.chosen"


def test_membership_of_somebody_else_cannot_be_chosen(suzuki_client):
    other = factories.sato().memberships.get()

    assert suzuki_client.post(url("membership_choose", other.uid)).status_code == 404


def test_account_without_membership_sees_its_home(client):
    user = factories.make_user()

    text = text_of(factories.sign_in(client, user, second_factor=False).get("/accounts/"))

    assert "いまの所属がありません" in text


def test_second_factor_page_is_left_when_there_is_nothing_to_do(suzuki_client, client):
    assert suzuki_client.get(url("second_factor_setup"))["Location"] == "/accounts/start/"
    assert client.get(url("second_factor_setup"))["Location"].startswith("/accounts/login/")


def test_n4_membership_ends_with_two_clicks(admin_client, office):
    membership = factories.make_membership(organisation=office)
    detail = admin_client.get(url("organisation_detail", office.uid))
    assert url("membership_end", membership.uid) in text_of(detail)

    first = admin_client.get(url("membership_end", membership.uid))  # click one
    form = first.context["form"]
    data = {name: form[name].value() for name in form.fields}
    response = admin_client.post(url("membership_end", membership.uid), data)  # click two

    assert response.status_code == 302
    membership.refresh_from_db()
    assert membership.last_day is not None


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"how": "midnight", "last_day": ""}, "最後の日を入力してください。"),
        ({"how": "midnight", "last_day": "2020年1月1日"}, "今日以降の日付"),
        ({"how": "midnight", "last_day": "きのう"}, "日付は「2026年11月22日」"),
        ({"how": "", "last_day": ""}, "終わり方"),
    ],
)
def test_membership_end_refuses_in_one_sentence(admin_client, office, data, sentence):
    membership = factories.make_membership(organisation=office)

    response = admin_client.post(url("membership_end", membership.uid), data)

    assert response.status_code == 422
    assert sentence in text_of(response)


def test_membership_ends_at_once(admin_client, office):
    membership = factories.make_membership(organisation=office)

    admin_client.post(url("membership_end", membership.uid), {"how": "now", "last_day": ""})

    assert not active_memberships(membership.user_id).exists()


def test_role_is_changed_within_ones_power(admin_client, office):
    membership = factories.make_membership(organisation=office, profession="看護師")
    page = url("membership_role", membership.uid)

    refused = admin_client.post(page, {"role": "operator", "profession": ""})
    same = admin_client.post(page, {"role": "professional", "profession": "看護師"})
    done = admin_client.post(page, {"role": "organisation_admin", "profession": "看護師"})

    assert (refused.status_code, same.status_code, done.status_code) == (422, 422, 302)
    assert active_memberships(membership.user_id).get().role == Role.ORGANISATION_ADMIN


def test_nobody_changes_their_own_membership(admin_client, office):
    own = Membership.objects.get(organisation=office)

    assert admin_client.get(url("membership_end", own.uid)).status_code == 404


def test_other_organisations_are_not_found(admin_client):
    other = factories.make_membership()

    for page in (
        url("organisation_detail", other.organisation.uid),
        url("invitation_add", other.organisation.uid),
        url("membership_end", other.uid),
        url("membership_role", other.uid),
        url("membership_renew", other.uid),
    ):
        assert admin_client.get(page).status_code == 404, page


def test_renewal_gives_a_sheet(admin_client, office, mailoutbox):
    membership = factories.make_membership(organisation=office)
    page = url("membership_renew", membership.uid)
    assert admin_client.get(page).status_code == 200

    response = admin_client.post(page, follow=True)

    assert response.context["code"]
    assert "サインインをやり直すため" in mailoutbox[0].body


def test_renewal_needs_power_over_all_memberships(admin_client, office):
    """A clinic's administrator must not take over a city officer's account."""
    user = factories.sato()
    membership = factories.make_membership(user=user, organisation=office)

    assert admin_client.post(url("membership_renew", membership.uid)).status_code == 404
    assert not Invitation.objects.exists()


def test_renewed_account_keeps_its_name(client, office):
    membership = factories.make_membership(organisation=office)
    issued = services.renew_sign_in(actor=SYSTEM, membership=membership)
    page = url("invitation_accept", issued.code)
    assert "氏名" not in text_of(client.get(page))

    client.post(page, {"password": PASSWORD, "again": PASSWORD})

    membership.user.refresh_from_db()
    assert membership.user.check_password(PASSWORD)


def test_invitation_is_revoked_from_the_list(admin_client, office, client):
    code = invite(admin_client, office, email="").context["code"]
    invitation = Invitation.objects.get()

    response = admin_client.post(url("invitation_revoke", invitation.uid), follow=True)

    assert "案内を取り消しました。" in text_of(response)
    assert client.get(url("invitation_accept", code)).status_code == 404


def test_invitation_form_keeps_what_was_typed_when_refused(admin_client, office):
    response = invite(admin_client, office, email="kanri@example.test", role="organisation_admin")

    assert response.status_code == 422
    assert "同じ役割をすでに持っています。" in text_of(response)
    assert "架空 五郎" in text_of(response)


def test_city_registers_and_corrects_organisations(sato_client):
    data = {"name": "架空消防本部", "kind": "fire_department", "phone": "0999-00-0119", "hours": ""}

    refused = sato_client.post(url("organisation_add"), {**data, "name": ""})
    sato_client.post(url("organisation_add"), data)
    organisation = Organisation.objects.get(name="架空消防本部")
    page = url("organisation_edit", organisation.uid)
    assert "0999-00-0119" in text_of(sato_client.get(page))
    sato_client.post(page, {"name": "架空広域消防本部", "phone": "", "hours": ""})

    assert refused.status_code == 422
    organisation.refresh_from_db()
    assert (organisation.name, organisation.phone) == ("架空広域消防本部", "")
    assert sato_client.post(page, {"name": ""}).status_code == 422


def test_city_does_not_look_into_another_authority(sato_client):
    other = factories.make_organisation("となり市役所", OrganisationKind.MUNICIPAL_SECTION)
    clinic = factories.make_organisation("架空診療所")

    text = text_of(sato_client.get(url("organisation_list")))

    assert clinic.name in text
    assert other.name not in text
    assert sato_client.get(url("organisation_detail", other.uid)).status_code == 404


def test_organisations_are_found_by_words(sato_client):
    factories.make_organisation("架空診療所")
    factories.make_organisation("みなも訪問看護")

    page = sato_client.get(url("organisation_list"), {"q": "みなも 看護\x00"}).context["page"]

    assert [one.name for one in page] == ["みなも訪問看護"]


@pytest.mark.parametrize("rows", [1, 3])
def test_organisation_page_needs_the_same_number_of_queries(
    sato_client, office, rows, django_assert_max_num_queries
):
    for _ in range(rows):
        factories.make_membership(organisation=office)
        services.invite_member(
            actor=SYSTEM, organisation=office, name="架空", email="", role=Role.PROFESSIONAL
        )

    with django_assert_max_num_queries(12):
        sato_client.get(url("organisation_detail", office.uid))


def test_audit_trail_is_searched_and_the_search_is_recorded(office):
    officer = factories.member(Role.PRIVACY_OFFICER)
    client = factories.sign_in(Client(), officer)
    with time_machine.travel("2026-04-01T10:00:00+09:00"):
        services.choose_membership(actor=SYSTEM, membership=officer.memberships.get())
    assert client.get("/audit/").context["page"] is None

    response = client.get(
        "/audit/", {"since": "令和8年4月1日", "until": "2026-04-01", "action": "membership.chosen"}
    )

    assert [event.action for event in response.context["page"]] == ["membership.chosen"]
    read = AuditEvent.objects.order_by("-pk")[0]
    assert (read.action, read.actor_user_id) == ("audit.read", officer.pk)
    assert read.detail == {
        "since": "2026-04-01",
        "until": "2026-04-01",
        "action": "membership.chosen",
    }


@pytest.mark.parametrize(
    "search",
    [
        {"since": "2026-04-02", "until": "2026-04-01"},
        {"user_id": "99999999999999999999"},
        {"action": "nothing"},
        {"target": "a\x00"},
    ],
)
def test_audit_search_refuses_nonsense_without_reading(search):
    client = factories.sign_in(Client(), factories.member(Role.OPERATOR))

    response = client.get("/audit/", search)

    assert response.status_code == 422
    assert not AuditEvent.objects.exists()


def test_audit_trail_is_not_found_by_the_city(sato_client, suzuki_client):
    assert sato_client.get("/audit/").status_code == 404
    assert suzuki_client.get("/audit/").status_code == 404


def test_membership_knows_its_last_day():
    membership = factories.make_membership()
    assert membership.last_day is None
    services.end_membership(actor=SYSTEM, membership=membership, last_day=date(2099, 3, 31))

    membership.refresh_from_db()

    assert membership.last_day == date(2099, 3, 31)
    assert str(membership).endswith("専門職")
