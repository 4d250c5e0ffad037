"""Notifications, policies, joining, devices, moves and lost phones: every page at two widths."""

from __future__ import annotations

import io
import re
from datetime import time, timedelta

import openpyxl
import pytest
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Page, expect

from renkei.foundation.accounts.models import MoveAction, NonUseReason, OrganisationKind, Role
from renkei.foundation.accounts.services import joining, policies
from renkei.foundation.accounts.services import transfers as transfer_services
from renkei.foundation.accounts.tests import factories
from renkei.foundation.accounts.transfer_rows import HEADINGS, PlannedMove
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.common import clock
from renkei.foundation.notifications import kinds
from renkei.foundation.notifications.models import MailPreference
from renkei.foundation.notifications.services import notify
from tests.browser.conftest import OpenPage
from tests.browser.helpers import expect_no_axe_violations, expect_no_sideways_scroll, screenshot

WIDTHS = [360, 1280]


@pytest.fixture(autouse=True)
def no_memory_of_other_tests():
    cache.clear()
    kinds.register(kinds.NotificationKind("tests.question", "返事を待つ相談があります。"))
    kinds.register(kinds.NotificationKind("tests.urgent", "急ぎの連絡があります。", urgent=True))


def look(page: Page, name: str, width: int) -> None:
    expect_no_axe_violations(page)
    expect_no_sideways_scroll(page)
    screenshot(page, f"accounts-{name}-{width}")


def published_policy():
    policy = policies.write_policy(
        actor=SYSTEM,
        organisation=factories.make_organisation(
            "架空広域連合 事務局", OrganisationKind.WIDE_AREA_UNION
        ),
        title="架空広域 情報共有の運用ポリシー",
    )
    text = "知ったことを、ほかに漏らしません。\n\n端末には鍵をかけ、人に貸しません。"
    draft = policies.write_policy_version(
        actor=SYSTEM, policy=policy, text=text, valid_from=clock.today()
    )
    return policies.publish_policy_version(actor=SYSTEM, version=draft)


@pytest.mark.parametrize("width", WIDTHS)
def test_nurse_reads_what_waits_and_says_how_mail_should_come(open_page: OpenPage, width):
    nurse = factories.takahashi()
    page = open_page(width=width, client=factories.sign_in(Client(), nurse))
    page.goto("/notifications/")
    look(page, "notifications-empty", width)
    for kind in ("tests.question", "tests.urgent"):
        notify(user_ids=[nurse.pk], kind=kind, path="/notifications/mail-help/")
    MailPreference.objects.create(
        user=nurse, bounced_at=clock.now(), bounced_address=nurse.email or "", bounced_reply=550
    )

    page.goto("/notifications/")
    expect(page.locator(".t-head__count")).to_contain_text("2")
    look(page, "notifications", width)
    page.get_by_role("button", name=re.compile("^開く")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("メールが届かないとき")
    look(page, "mail-help", width)
    page.goto("/notifications/settings/")
    page.get_by_label("朝7時30分と夕方5時にまとめて受け取る").check()
    page.get_by_label("静かな時間の始まり").fill("22:00")
    page.get_by_role("button", name="この受け取り方にする").click()
    expect(page.get_by_text("両方を入力してください。").first).to_be_visible()
    look(page, "mail-settings-wrong", width)
    page.get_by_label("静かな時間の終わり").fill("07:00")
    page.get_by_role("button", name="この受け取り方にする").click()

    expect(page.get_by_text("メールの受け取り方を変えました。")).to_be_visible()
    assert MailPreference.objects.get().quiet_hours == (time(22), time(7))
    look(page, "mail-settings", width)


@pytest.mark.parametrize("width", WIDTHS)
def test_policy_is_written_by_the_city_and_signed_by_the_nurse(open_page: OpenPage, width):
    version = published_policy()
    city = open_page(width=width, client=factories.sign_in(Client(), factories.sato()))
    nurse = open_page(width=width, client=factories.sign_in(Client(), factories.takahashi()))
    for name, address in {
        "policies": "/accounts/policies/",
        "policy-add": "/accounts/policies/add/",
        "policy": f"/accounts/policies/{version.policy.uid}/",
        "policy-edit": f"/accounts/policies/{version.policy.uid}/edit/",
        "policies-in-force": "/accounts/policies/in-force/",
        "policy-unsigned": f"/accounts/policy-versions/{version.uid}/unsigned/",
    }.items():
        city.goto(address)
        look(city, name, width)

    nurse.goto("/accounts/policies/accept/?next=/register/")
    look(nurse, "policy-accept", width)
    nurse.get_by_label("氏名").fill("高橋三奈")
    nurse.get_by_role("button", name="誓約する").click()
    expect(nurse).to_have_url(re.compile("/register/$"))
    nurse.goto("/accounts/policies/accept/")
    look(nurse, "policy-signed", width)
    nurse.goto("/accounts/")
    look(nurse, "home", width)


@pytest.mark.parametrize("width", WIDTHS)
def test_facility_joins_without_script_and_the_office_decides(open_page: OpenPage, width):
    facility = open_page(width=width, javascript=False)
    facility.goto("/accounts/joining/apply/")
    facility.get_by_role("button", name="申し込む").click()
    expect(facility.get_by_text("入力を確かめてください")).to_be_visible()
    for label, value in {
        "施設・事業所の名前": "架空みなと診療所",
        "所在地": "架空市みなと町1-1",
        "電話番号": "0999-00-0150",
        "連絡を受ける人の氏名": "架空 院長",
        "メールアドレス": "incho@clinic.example.test",
        "医師（人）": "1",
    }.items():
        facility.get_by_label(label).first.fill(value)
    facility.get_by_role("button", name="申し込む").click()
    expect(facility.get_by_role("heading", level=1)).to_contain_text("受付番号")
    expect_no_sideways_scroll(facility)
    screenshot(facility, f"accounts-joining-receipt-{width}")

    public = open_page(width=width)
    for name, address in {"apply": "apply/", "status": "status/"}.items():
        public.goto(f"/accounts/joining/{address}")
        look(public, f"joining-{name}", width)
    office = open_page(width=width, client=factories.sign_in(Client(), factories.sato()))
    office.goto("/accounts/joining/")
    look(office, "joining-list", width)
    office.get_by_role("link", name="架空みなと診療所").click()
    look(office, "joining-detail", width)
    office.get_by_label("承認する", exact=False).check()
    office.get_by_role("button", name="決める").click()
    expect(office.get_by_role("heading", level=1)).to_have_text("利用登録のご案内")
    office.goto("/accounts/joining/participants/")
    look(office, "participants", width)


@pytest.mark.parametrize("width", WIDTHS)
def test_devices_and_the_board_of_who_has_not_joined(open_page: OpenPage, width):
    nurse = factories.takahashi()
    station = nurse.memberships.get().organisation
    admin = factories.person("架空 管理", "kanri@example.test", station, Role.ORGANISATION_ADMIN)
    page = open_page(width=width, client=factories.sign_in(Client(), admin))
    page.goto(f"/accounts/organisations/{station.uid}/devices/")
    page.get_by_label("端末の名前").fill("訪問用スマートフォン")
    page.get_by_role("button", name="コードを作る").click()
    look(page, "devices", width)
    code = page.locator("code.code").inner_text()
    page.goto("/accounts/device/")
    page.get_by_label("端末のコード").fill(code)
    page.get_by_role("button", name="登録する").click()
    expect(page.get_by_text("この端末は登録されています")).to_be_visible()
    look(page, "device", width)

    for name, reasons in (("架空やま薬局", [NonUseReason.COST]), ("架空かわ歯科", [])):
        joining.save_outside_office(
            actor=SYSTEM, office=None, name=name, reasons=reasons, tool="電話とFAXだけ"
        )
    office = open_page(width=width, client=factories.sign_in(Client(), factories.sato()))
    office.goto("/accounts/joining/outside/")
    look(office, "outside", width)
    office.get_by_role("link", name="架空かわ歯科").click()
    office.get_by_label("ITが苦手・機器がない").check()
    look(office, "outside-edit", width)
    office.get_by_role("button", name="記録する").click()
    expect(office.get_by_role("link", name="ITが苦手・機器がない")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_city_moves_people_and_replaces_a_lost_phone(open_page: OpenPage, width):
    nurse = factories.takahashi()
    old = nurse.memberships.get()
    office = factories.make_organisation("架空西ステーション")
    page = open_page(width=width, client=factories.sign_in(Client(), factories.sato()))
    page.goto("/accounts/transfers/")
    look(page, "transfers-empty", width)
    page.get_by_role("link", name="異動の表を読み込む").click()
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for cells in (HEADINGS, ["転勤", "", nurse.email]):
        sheet.append(list(cells))
    stream = io.BytesIO()
    book.save(stream)
    page.get_by_label("異動日").fill((clock.today() + timedelta(days=20)).isoformat())
    page.get_by_label("異動の表（Excel）").set_input_files(
        {"name": "異動.xlsx", "mimeType": "application/octet-stream", "buffer": stream.getvalue()}
    )
    page.get_by_role("button", name="読み込む").click()
    expect(page.get_by_text("2行目")).to_be_visible()
    look(page, "transfer-wrong", width)
    transfer = transfer_services.draft_transfer(
        actor=SYSTEM,
        organisation=factories.sato().memberships.get().organisation,
        effective_on=clock.today() + timedelta(days=20),
        moves=[
            PlannedMove(
                2, MoveAction.MOVE, nurse.name, "", old, office, Role.PROFESSIONAL, "看護師"
            ),
            PlannedMove(
                3, MoveAction.JOIN, "架空 新子", new_organisation=office, role=Role.PROFESSIONAL
            ),
        ],
    )
    page.goto(f"/accounts/transfers/{transfer.uid}/")
    look(page, "transfer", width)
    page.get_by_role("button", name="この異動を予約する").click()
    look(page, "transfer-planned", width)
    for name in ("transfers", "orphans", "dormant"):
        page.goto(f"/accounts/{name}/")
        look(page, name, width)
    page.goto("/notifications/undelivered/")
    look(page, "undelivered", width)
    page.goto(f"/accounts/organisations/{old.organisation.uid}/")
    look(page, "organisation", width)
    page.get_by_role("link", name="端末をなくした").click()
    look(page, "lost", width)
    page.get_by_role("button", name="すべて止めて、コードを作る").click()
    expect(page.locator("code.code")).to_have_text(re.compile(r"^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$"))
    look(page, "lost-sheet", width)
