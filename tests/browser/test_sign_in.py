"""From the invitation to a full session: password, authenticator app, recovery codes, passkey."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.cache import cache
from playwright.sync_api import Page, expect

from renkei.foundation.accounts import services
from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.tests import factories
from renkei.foundation.audit.actors import SYSTEM
from tests.browser.conftest import OpenPage
from tests.browser.helpers import expect_no_axe_violations, expect_no_sideways_scroll, screenshot

PASSWORD = "umi-to-yama-no-machi-99"
EMAIL = "goro@example.test"


@pytest.fixture(autouse=True)
def no_memory_of_other_tests():
    cache.clear()


def look(page: Page, name: str) -> None:
    expect_no_axe_violations(page)
    expect_no_sideways_scroll(page)
    screenshot(page, f"sign-in-{name}")


def totp(secret: str, step: int = 0) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step)))


def give_password(page: Page) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("メールアドレスまたは利用者番号").fill(EMAIL)
    page.get_by_label("パスワード", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="サインインする", exact=True).click()


def register(page: Page) -> None:
    """Take up an invitation as far as choosing the second factor."""
    office = factories.make_organisation("架空訪問看護ステーション")
    issued = services.invite_member(
        actor=SYSTEM, organisation=office, name="架空 五郎", email=EMAIL, role=Role.PROFESSIONAL
    )
    page.goto(f"/accounts/invitation/{issued.code}/")
    page.get_by_label("パスワード", exact=False).first.fill(PASSWORD)
    page.get_by_label("パスワード（もう一度）").fill(PASSWORD)
    page.get_by_role("button", name="登録する").click()
    expect(page.get_by_role("heading", name="二段階の確認を登録する")).to_be_visible()


def test_invitation_to_sign_in_with_an_authenticator_app(open_page: OpenPage):
    page = open_page(width=360, height=740)
    office = factories.make_organisation("架空訪問看護ステーション")
    issued = services.invite_member(
        actor=SYSTEM, organisation=office, name="架空 五郎", email=EMAIL, role=Role.PROFESSIONAL
    )
    page.goto("/accounts/invitation/")
    look(page, "code")
    page.get_by_label("案内のコード").fill(issued.code.lower())
    page.get_by_role("button", name="つぎへ").click()
    look(page, "invitation")
    page.get_by_label("パスワード", exact=False).first.fill("short")
    page.get_by_label("パスワード（もう一度）").fill("short")
    page.get_by_role("button", name="登録する").click()
    look(page, "invitation-refused")
    expect(page).to_have_title(re.compile("^エラー："))
    page.get_by_label("パスワード", exact=False).first.fill(PASSWORD)
    page.get_by_label("パスワード（もう一度）").fill(PASSWORD)
    page.get_by_role("button", name="登録する").click()

    look(page, "second-factor")
    page.get_by_role("link", name="認証アプリを登録する").click()
    look(page, "totp")
    secret = page.locator("main code").inner_text()
    page.get_by_label("認証アプリに表示された6桁の数字").fill(totp(secret))
    page.get_by_role("button", name="登録する").click()
    expect(page.get_by_role("heading", name="復旧コード", exact=True)).to_be_visible()
    expect(page.locator(".codes li")).to_have_count(10)
    look(page, "recovery-codes")
    page.get_by_role("link", name="保管したので、つぎへ進む").click()
    expect(page.get_by_role("heading", name="今日やること")).to_be_visible()
    look(page, "home")
    for name in ("mfa", "sessions", "password"):
        page.goto(
            {
                "mfa": "/accounts/2fa/",
                "sessions": "/accounts/sessions/",
                "password": "/accounts/password/change/",
            }[name]
        )
        look(page, name)

    page.goto("/accounts/logout/")
    look(page, "logout")
    page.get_by_role("main").get_by_role("button", name="終了する").click()
    page.goto("/accounts/login/")
    look(page, "login")
    give_password(page)
    look(page, "code-asked")
    # A code works once; the next one is taken early within the tolerance.
    page.get_by_label("確認コード").fill(totp(secret, 1))
    page.get_by_role("button", name="サインインする", exact=True).click()
    expect(page.get_by_role("heading", name="今日やること")).to_be_visible()
    assert "五郎" not in "".join(str(message.body) for message in mail.outbox)


def test_passkey_is_set_up_and_opens_the_door_alone(open_page: OpenPage):
    page = open_page()
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    register(page)

    page.get_by_role("link", name="パスキーを登録する").click()
    look(page, "passkey-add")
    page.get_by_role("button", name="この機器で登録する").click()
    expect(page.get_by_role("heading", name="復旧コード", exact=True)).to_be_visible()
    page.goto("/accounts/2fa/webauthn/")
    look(page, "passkeys")
    page.goto("/accounts/")
    page.get_by_role("button", name="終了する").click()

    page.goto("/accounts/login/")
    page.get_by_role("button", name="パスキーでサインインする").click()
    expect(page.get_by_role("heading", name="今日やること")).to_be_visible()


def test_refused_passkey_is_said_in_words(open_page: OpenPage):
    page = open_page()
    page.goto("/accounts/login/")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error()); }")
    page.get_by_role("button", name="パスキーでサインインする").click()

    expect(page.get_by_role("alert")).to_contain_text("パスキーを使えませんでした。")


def test_city_looks_after_people(open_page: OpenPage, sato_client):
    office = factories.make_organisation("架空訪問看護ステーション")
    factories.make_membership(organisation=office, profession="看護師")
    page = open_page(client=sato_client)

    page.goto("/accounts/organisations/")
    look(page, "organisations")
    page.get_by_role("link", name="架空訪問看護ステーション").click()
    look(page, "organisation")
    page.get_by_role("link", name="人を招く").click()
    look(page, "invite")
    page.get_by_label("氏名").fill("架空 五郎")
    page.get_by_label("職種").fill("看護師")
    page.get_by_role("button", name="案内を作る").click()
    look(page, "sheet")
    page.get_by_role("link", name="架空訪問看護ステーションに戻る").click()
    page.get_by_role("link", name=re.compile("所属を終える")).click()  # click one
    look(page, "end")
    page.get_by_role("button", name="所属を終える").click()  # click two
    expect(page.get_by_role("status")).to_contain_text("所属の終わりを記録しました。")
    page.get_by_role("link", name=re.compile("役割を変える")).click()
    look(page, "role")


def test_officer_reads_the_trail(open_page: OpenPage):
    from django.test import Client

    client = factories.sign_in(Client(), factories.member(Role.PRIVACY_OFFICER))
    page = open_page(client=client)
    page.goto("/audit/")
    page.get_by_role("button", name="調べる").click()
    page.get_by_role("button", name="調べる").click()

    expect(page.get_by_role("cell", name="監査記録を調べた").first).to_be_visible()
    look(page, "trail")
