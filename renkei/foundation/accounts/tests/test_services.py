from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.core.checks import run_checks
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from psycopg.types.range import Range

from renkei.foundation.accounts import services
from renkei.foundation.accounts.codes import ALPHABET, code_hash_of, new_code
from renkei.foundation.accounts.models import Membership, OrganisationKind, Role, User
from renkei.foundation.accounts.queries import (
    active_memberships,
    demo_accounts_exist,
    invitation_with_code,
    members_of,
    open_invitations,
    viewer_behind,
)
from renkei.foundation.accounts.tests import factories
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
PASSWORD = "umi-to-yama-no-machi-99"
TODAY = date(2026, 4, 1)


@pytest.fixture(autouse=True)
def first_of_april():
    with time_machine.travel("2026-04-01T10:00:00+09:00", tick=False):
        yield


@pytest.fixture
def office():
    return factories.make_organisation("架空訪問看護ステーション")


def actions():
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


def invite(office, **changes):
    values = {
        "actor": SYSTEM,
        "organisation": office,
        "name": "架空 五郎",
        "email": "Goro@Example.test",
        "role": Role.PROFESSIONAL,
        "profession": "看護師",
    }
    return services.invite_member(**{**values, **changes})


def test_create_member_opens_an_account_that_can_sign_in(office):
    membership = services.create_member(
        actor=SYSTEM,
        email="Goro@Example.test",
        name="架空 五郎",
        organisation=office,
        role=Role.PROFESSIONAL,
        profession="看護師",
        password=PASSWORD,
        is_demo=True,
    )

    assert membership.user.email == "goro@example.test"
    assert membership.user.check_password(PASSWORD)
    assert (membership.period.lower, membership.period.upper) == (TODAY, None)
    assert EmailAddress.objects.get().verified
    assert actions() == ["membership.started"]


def test_create_member_takes_the_account_that_exists(office):
    user = factories.suzuki()

    membership = services.create_member(
        actor=SYSTEM,
        email="SUZUKI@care.example.test",
        name="別の名前",
        organisation=office,
        role=Role.PROFESSIONAL,
    )

    assert membership.user == user
    assert User.objects.count() == 1


def test_create_member_refuses_a_weak_password(office):
    with pytest.raises(ValidationError):
        services.create_member(
            actor=SYSTEM,
            email="goro@example.test",
            name="架空 五郎",
            organisation=office,
            role=Role.PROFESSIONAL,
            password="short",
        )
    assert not User.objects.exists()


def test_end_membership_lasts_through_its_last_day(office):
    membership = factories.make_membership(organisation=office)

    services.end_membership(actor=SYSTEM, membership=membership, last_day=date(2026, 4, 30))

    with time_machine.travel("2026-04-30T23:59:59+09:00"):
        assert active_memberships(membership.user_id).exists()
    with time_machine.travel("2026-05-01T00:00:00+09:00"):
        assert not active_memberships(membership.user_id).exists()
    assert AuditEvent.objects.get().detail["last_day"] == "2026-04-30"


def test_end_membership_refuses_a_past_day(office):
    membership = factories.make_membership(organisation=office)

    with pytest.raises(ValidationError, match="今日以降の日付"):
        services.end_membership(actor=SYSTEM, membership=membership, last_day=date(2026, 3, 31))


def test_viewer_behind_a_membership_has_the_rights_of_today(office):
    membership = factories.make_membership(organisation=office)

    assert viewer_behind(membership.pk) == factories.viewer_for(membership.user)
    assert viewer_behind(membership.pk, user_id=membership.user_id) is not None
    assert viewer_behind(membership.pk, user_id=membership.user_id + 1) is None
    assert viewer_behind(None) is None
    User.objects.update(is_active=False)
    assert viewer_behind(membership.pk) is None


@pytest.mark.parametrize(
    "change",
    [
        {"period": Range(date(2026, 3, 1), date(2026, 4, 1))},
        {"period": Range(date(2026, 4, 2), None)},
        {"revoked_at": datetime(2026, 3, 31, tzinfo=UTC)},
    ],
    ids=["ended", "to come", "revoked"],
)
def test_nobody_acts_behind_a_membership_that_does_not_hold_today(office, change):
    membership = factories.make_membership(organisation=office)
    Membership.objects.update(**change)

    assert viewer_behind(membership.pk) is None


def test_revoke_membership_ends_it_at_once_and_once(office):
    membership = factories.make_membership(organisation=office)

    services.revoke_membership(actor=SYSTEM, membership=membership)
    services.revoke_membership(actor=SYSTEM, membership=membership)

    assert not active_memberships(membership.user_id).exists()
    assert not members_of(office).exists()
    assert actions() == ["membership.revoked"]


def test_change_role_keeps_the_old_membership_readable(office):
    old = factories.make_membership(organisation=office, profession="看護師")

    new = services.change_role(
        actor=SYSTEM, membership=old, role=Role.ORGANISATION_ADMIN, profession="看護師"
    )

    assert list(active_memberships(old.user_id)) == [new]
    assert Membership.objects.get(pk=old.pk).revoked_at is not None
    assert AuditEvent.objects.get().detail["role_before"] == "professional"


def test_change_role_changes_the_profession_alone(office):
    old = factories.make_membership(organisation=office, profession="看護師")

    new = services.change_role(
        actor=SYSTEM, membership=old, role=old.role, profession="介護支援専門員"
    )

    assert list(members_of(office)) == [new]


def test_change_role_refuses_to_change_nothing(office):
    membership = factories.make_membership(organisation=office)

    with pytest.raises(ValidationError, match="いまと違う"):
        services.change_role(
            actor=SYSTEM, membership=membership, role=membership.role, profession=""
        )


def test_codes_are_long_and_easy_to_type():
    code = new_code()

    assert len(code) == 19
    assert set(code.replace("-", "")) <= set(ALPHABET)
    assert code_hash_of(code) == code_hash_of(" " + code.lower().replace("-", "　"))
    assert code_hash_of("ＡＢＣＤ－２３４５") == code_hash_of("abcd2345")


def test_invitation_is_used_once(office):
    issued = invite(office)

    user = services.accept_invitation(
        invitation=issued.invitation, name="架空 五郎", password=PASSWORD
    )

    assert user.email == "goro@example.test"
    assert [one.organisation for one in active_memberships(user.pk)] == [office]
    assert invitation_with_code(issued.code) is None
    with pytest.raises(ValidationError, match="もう使えません"):
        services.accept_invitation(invitation=issued.invitation, name="別人", password=PASSWORD)
    assert actions() == ["invitation.made", "membership.started", "invitation.accepted"]


def test_invitation_is_known_by_its_hash_alone(office):
    issued = invite(office)

    assert issued.code not in str(issued.invitation.__dict__)
    assert invitation_with_code(issued.code) == issued.invitation
    assert invitation_with_code("2222-2222-2222-2222") is None


def test_invitation_dies_after_two_weeks(office):
    issued = invite(office)

    with time_machine.travel(issued.invitation.expires_at + timedelta(seconds=1)):
        assert invitation_with_code(issued.code) is None
        assert not open_invitations().exists()
        with pytest.raises(ValidationError, match="もう使えません"):
            services.accept_invitation(
                invitation=issued.invitation, name="架空 五郎", password=PASSWORD
            )


def test_invitation_can_be_revoked(office):
    issued = invite(office)

    services.revoke_invitation(actor=SYSTEM, invitation=issued.invitation)

    assert invitation_with_code(issued.code) is None
    assert actions()[-1] == "invitation.revoked"


def test_invitation_without_mail_gives_a_login_name(office):
    issued = invite(office, email="")

    user = services.accept_invitation(
        invitation=issued.invitation, name="架空 五郎", password=PASSWORD
    )

    assert user.email is None
    assert user.login_name is not None
    assert not EmailAddress.objects.exists()


def test_invite_member_refuses_who_is_there_already(office):
    user = factories.make_user(email="goro@example.test")
    factories.make_membership(user=user, organisation=office)

    with pytest.raises(ValidationError, match="同じ役割をすでに持っています"):
        invite(office)


def test_join_by_invitation_adds_a_membership(office):
    user = factories.suzuki()
    issued = invite(office, email=user.email)

    services.join_by_invitation(actor=SYSTEM, invitation=issued.invitation, user=user)

    assert active_memberships(user.pk).count() == 2


def test_renewal_replaces_password_and_second_factor(office):
    user = factories.make_user(email="goro@example.test")
    membership = factories.make_membership(user=user, organisation=office)
    services.enrol_totp(user, "JBSWY3DPEHPK3PXP")
    first = services.renew_sign_in(actor=SYSTEM, membership=membership)
    second = services.renew_sign_in(actor=SYSTEM, membership=membership)
    assert invitation_with_code(first.code) is None
    assert Authenticator.objects.filter(user=user).exists()

    services.accept_invitation(invitation=second.invitation, name="", password=PASSWORD)

    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert not Authenticator.objects.filter(user=user).exists()
    assert Membership.objects.count() == 1


def test_mail_names_nobody(office):
    issued = invite(office)

    sent = services.mail_invitation(issued, url="https://renkei.example.test/x/")

    assert sent
    (message,) = mail.outbox
    assert message.to == ["goro@example.test"]
    assert "https://renkei.example.test/x/" in message.body
    assert "五郎" not in f"{message.subject}{message.body}"


def test_mail_that_cannot_leave_is_told(office, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    assert not services.mail_invitation(invite(office), url="https://renkei.example.test/x/")


def test_enrolled_totp_is_encrypted_and_its_codes_are_valid():
    user = factories.suzuki()

    codes = services.enrol_totp(user, "JBSWY3DPEHPK3PXP")

    stored = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    counter = next(iter(yield_hotp_counters_from_time()))
    assert "JBSWY3DPEHPK3PXP" not in str(stored.data)
    assert TOTP(stored).validate_code(format_hotp_value(hotp_value("JBSWY3DPEHPK3PXP", counter)))
    assert len(codes) == 10


def test_organisations_are_registered_and_corrected():
    organisation = services.register_organisation(
        actor=SYSTEM, name="架空消防本部", kind=OrganisationKind.FIRE_DEPARTMENT
    )

    services.change_organisation(
        actor=SYSTEM, organisation=organisation, name="架空消防本部", phone="0999-00-0119", hours=""
    )

    organisation.refresh_from_db()
    assert organisation.phone == "0999-00-0119"
    assert AuditEvent.objects.order_by("-pk")[0].detail == {"fields": ["phone"]}


def test_choose_membership_is_recorded(office):
    membership = factories.make_membership(organisation=office)

    services.choose_membership(actor=SYSTEM, membership=membership)

    assert actions() == ["membership.chosen"]


@pytest.mark.parametrize(("demo", "expected"), [(False, ["accounts.E001"]), (True, [])])
def test_accounts_e001_production_refuses_demo_accounts(settings, demo, expected):
    settings.DEMO = demo
    factories.make_user(is_demo=True)

    found = [message.id for message in run_checks(tags=["database"], databases=["default"])]

    assert found == expected
    assert demo_accounts_exist()


@pytest.mark.django_db(transaction=True)
def test_setup_of_production_stops_at_demo_accounts(settings):
    settings.DEMO = False
    factories.make_user(is_demo=True)

    with pytest.raises(SystemCheckError, match="デモ用の利用者が残っています。"):
        call_command("setup_database")
