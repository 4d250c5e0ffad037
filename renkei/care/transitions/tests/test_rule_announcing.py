"""A rule is published, adopted and announced; everybody reads it (T-RULE1)."""

from __future__ import annotations

import io
from datetime import date, timedelta
from uuid import uuid4

import pypdf
import pytest
from django.core.exceptions import ValidationError

from renkei.care.patients.tests.factories import text_of
from renkei.care.transitions import announcements_tickets
from renkei.care.transitions.models import (
    Announcement,
    ReadWay,
    RuleAdoption,
    RuleVersion,
    VersionState,
)
from renkei.care.transitions.queries.announcements import offices_of, rates_of
from renkei.care.transitions.queries.rules import rule_in_force
from renkei.care.transitions.services import announcements, drafts
from renkei.care.transitions.services.rules import adopt_rule, end_adoption
from renkei.care.transitions.tests import factories
from renkei.care.transitions.tests.rulework import (
    APRIL,
    NOW,
    blank_pdf,
    browser,
    pdf_text,
    url,
    write,
)
from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.areas.agreements import make_agreement
from renkei.foundation.areas.tests import factories as areas
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.notifications.models import Notification
from renkei.foundation.papers.files import store_file
from renkei.foundation.papers.models import SentFax, Ticket
from renkei.registry.facilities.tests import factories as register

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_friday(time_machine):
    time_machine.move_to(NOW, tick=False)


# Publishing ------------------------------------------------------------------------------------


def test_publishing_ends_the_edition_before(first, second):
    first.refresh_from_db()
    area = first.rule.owner_area

    assert first.period.upper == APRIL
    assert rule_in_force(area, APRIL - timedelta(days=1)) == first
    assert rule_in_force(area, APRIL) == second


def test_a_draft_with_something_to_put_right_is_not_published(sato, first):
    draft = drafts.start_revision(viewer=sato, rule=first.rule, source=first)
    write(sato, draft, "criteria", [])
    client = browser(accounts.sato())

    answer = client.post(
        url("draft_publish", draft.uid), {"first_day": "2027年4月1日", "reason": "理由"}
    )

    assert answer.status_code == 422
    assert "基準を1つ以上書いてください" in text_of(answer)
    assert RuleVersion.objects.get(pk=draft.pk).state == VersionState.DRAFT


@pytest.mark.parametrize(
    ("day", "sentence"), [("2026年11月1日", "きょう以降"), ("2026年11月20日", "より後の日付")]
)
def test_an_edition_begins_after_the_one_before(sato, first, day, sentence):
    draft = drafts.start_revision(viewer=sato, rule=first.rule, source=first)

    answer = browser(accounts.sato()).post(
        url("draft_publish", draft.uid), {"first_day": day, "reason": "理由"}
    )

    assert sentence in text_of(answer)


def test_publishing_leads_to_the_announcement(sato, first):
    draft = drafts.start_revision(viewer=sato, rule=first.rule, source=first)
    client = browser(accounts.sato())
    assert "公開する" in text_of(client.get(url("draft_publish", draft.uid)))

    answer = client.post(
        url("draft_publish", draft.uid), {"first_day": "2027年4月1日", "reason": "理由"}
    )

    assert answer["Location"] == url("announcement_add", draft.uid)


def test_an_edition_that_had_not_begun_is_withdrawn_and_the_one_before_goes_on(first, second):
    client = browser(accounts.sato())
    assert "そのまま続きます" in text_of(client.get(url("version_withdraw", second.uid)))

    client.post(url("version_withdraw", second.uid), {"reason": "数の誤り"})

    first.refresh_from_db()
    assert first.period.upper is None
    assert rule_in_force(first.rule.owner_area, APRIL) == first
    assert client.get(url("rule_detail", second.uid)).status_code == 404
    assert "数の誤り" in text_of(client.get(url("rule_detail", first.uid)))


def test_only_the_newest_edition_is_withdrawn(sato, first, second):
    with pytest.raises(ValidationError, match="いちばん新しい"):
        drafts.withdraw_version(viewer=sato, version=first, reason="理由")

    answer = browser(accounts.sato()).post(url("version_withdraw", first.uid), {"reason": "理由"})
    assert "いちばん新しい" in text_of(answer)


def test_withdrawing_the_edition_in_force_leaves_none(sato, first):
    drafts.withdraw_version(viewer=sato, version=first, reason="誤り")

    assert rule_in_force(first.rule.owner_area, NOW.date()) is None


# Adopting --------------------------------------------------------------------------------------


def test_an_area_and_an_agreement_go_by_a_rule_from_a_day_on(first, area):
    other = areas.make_area(name="となりの市", code="990035")
    agreement = make_agreement(
        actor=SYSTEM, name="架空の協定", purpose="", areas=[area, other], first_day=NOW.date()
    )
    client = browser(accounts.sato())

    client.post(
        url("adoption_list"),
        {
            "rule": first.rule_id,
            "target": f"agreement-{agreement.pk}",
            "first_day": "2027年1月1日",
        },
    )

    adoption = RuleAdoption.objects.get(agreement=agreement)
    assert rule_in_force(other, date(2027, 1, 1)) == first
    assert rule_in_force(other, date(2026, 12, 31)) is None
    page = text_of(client.get(url("adoption_list")))
    assert "協定：架空の協定" in page
    client.post(url("adoption_end", adoption.uid), {"last_day": "2027年3月31日"})
    assert rule_in_force(other, APRIL) is None
    client.post(url("adoption_undo", adoption.uid))
    assert rule_in_force(other, APRIL) == first


def test_two_rules_at_once_are_refused_with_a_sentence(first, area):
    client = browser(accounts.sato())

    answer = client.post(
        url("adoption_list"),
        {
            "rule": factories.shipped().pk,
            "target": f"area-{area.pk}",
            "first_day": "2027年1月1日",
        },
    )

    assert answer.status_code == 422
    assert "別のルールを使っています" in text_of(answer)


def test_an_adoption_does_not_end_before_it_began_nor_elsewhere(first, area):
    adoption = RuleAdoption.objects.get()
    answer = browser(accounts.sato()).post(
        url("adoption_end", adoption.uid), {"last_day": "2026年1月1日"}
    )
    assert "始まりの日以降" in text_of(answer)
    RuleAdoption.objects.update(area=areas.make_area(name="よその市", code="990043"))

    client = browser(accounts.sato())
    assert client.get(url("adoption_end", adoption.uid)).status_code == 404
    assert client.post(url("adoption_undo", adoption.uid)).status_code == 404


def test_an_adoption_is_not_reopened_over_the_next_one(first, area):
    adoption = RuleAdoption.objects.get()
    end_adoption(actor=SYSTEM, adoption=adoption, last_day=date(2026, 12, 31))
    adopt_rule(actor=SYSTEM, rule=factories.shipped(), area=area, first_day=date(2027, 1, 1))

    answer = browser(accounts.sato()).post(url("adoption_undo", adoption.uid), follow=True)

    assert "別のルールを使っています" in text_of(answer)


# Announcing ------------------------------------------------------------------------------------


def test_t_rule1_a_revision_is_told_to_every_office_and_read_by_some(second, area, sato):
    """Revision → diff → notice, mail and FAX to every office → read rate → reminder."""
    hospital = register.FacilityFactory(
        name="架空の病院", municipality=area, service_codes=["hospital"], phone="0999-00-8000"
    )
    register.ServiceFactory(facility=hospital, service_code="hospital", fax="0999-00-8009")
    client = browser(accounts.sato())
    assert "4" in text_of(client.get(url("announcement_add", second.uid)))

    client.post(
        url("announcement_add", second.uid),
        {"message": "説明会は2月です。", "reply_fax": "0999-00-0109"},
    )
    told = Announcement.objects.get()
    notices = Notification.objects.filter(kind="transitions.rule_announced")
    assert sorted(one.user.name for one in notices) == [
        "佐藤 一郎", "田中 四郎", "鈴木 二葉", "高橋 三奈",
    ]  # fmt: skip

    # A care manager reads it: what changes, sentence by sentence.
    page = text_of(browser(accounts.suzuki()).get(url("announcement_detail", told.uid)))
    assert '<del class="was">病院側が、退院予定日の7日前まで。</del>' in page
    assert '<ins class="now">病院側が、退院予定日の10日前まで。</ins>' in page
    assert "読んだ事業所" not in page
    assert not notices.filter(user=accounts.suzuki(), read_at=None).exists()

    # The hospital outside gets the FAX, and answers it.
    fax = client.post(url("announcement_fax", told.uid))
    text = pdf_text(fax)
    assert "架空の病院" in text
    assert "退院予定日の10日前まで" in text
    assert "返信欄" in text
    assert SentFax.objects.get().recipients[0]["fax"] == "0999-00-8009"
    row = told.offices.get(name="架空の病院")
    client.post(url("announcement_note", told.uid, row.uid), {"way": "fax"})

    # The read rate, by office and kind; those who have not read are reminded once.
    rates = {rate.label: (rate.told_count, rate.read_count) for rate in rates_of(offices_of(told))}
    assert rates["病院"] == (1, 1)
    assert rates["合計"] == (5, 2)
    shown = text_of(client.get(url("announcement_detail", told.uid)))
    assert "5か所のうち3か所が読みました（60％）" in shown
    client.post(url("announcement_remind", told.uid))
    client.post(url("announcement_remind", told.uid))
    reminded = Notification.objects.filter(kind="transitions.rule_to_read")
    assert sorted(one.user.name for one in reminded) == ["田中 四郎", "高橋 三奈"]
    assert told.offices.filter(reminder_count=2).count() == 2


def _slip_of(office):
    ticket = Ticket.objects.get(subject_uid=office.uid)
    return ticket, {
        "actor": accounts.viewer_for(accounts.sato()).actor,
        "ticket": ticket,
        "file": store_file(
            actor=SYSTEM, content=blank_pdf(), name="scan.pdf", owner=("papers.ticket", uuid4())
        ),
        "pages": [2],
    }


def test_t_rule1_a_slip_that_comes_back_says_who_read_it(second, sato):
    office = accounts.suzuki().memberships.get().organisation
    factories.point(office, NOW, fax="0999-00-3129")
    told = announcements.announce(viewer=sato, version=second, reply_fax="0999-00-0109")
    row = told.offices.get(organisation=office)
    client = browser(accounts.sato())

    fax = client.post(url("announcement_fax", told.uid), {"office": str(row.uid)})
    client.post(url("announcement_fax", told.uid), {"office": str(row.uid)})
    ticket, slip = _slip_of(row)

    # Its cover and one page: the slip stands on the letter itself.
    assert len(pypdf.PdfReader(io.BytesIO(fax.content)).pages) == ticket.expected_pages == 2
    assert SentFax.objects.earliest("pk").ticket == ticket
    assert announcements_tickets.may_file(sato, ticket)
    assert row.name in (announcements_tickets.describe(sato, ticket) or "")
    announcements_tickets.receive(**slip)
    row.refresh_from_db()
    assert (row.read_way, row.reply_file) == ("fax", slip["file"])
    page = text_of(client.get(url("announcement_detail", told.uid), {"show": "read"}))
    assert url("announcement_reply", told.uid, row.uid) in page
    got = client.get(url("announcement_reply", told.uid, row.uid))
    assert got["Content-Type"] == "application/pdf"
    other = told.offices.exclude(pk=row.pk).earliest("pk")
    assert client.get(url("announcement_reply", told.uid, other.uid)).status_code == 404
    assert client.get(url("announcement_reply", told.uid, told.uid)).status_code == 404


def test_whoever_does_not_keep_the_rule_files_no_slip(second, sato):
    office = accounts.suzuki().memberships.get().organisation
    factories.point(office, NOW, fax="0999-00-3129")
    told = announcements.announce(viewer=sato, version=second)
    row = told.offices.get(organisation=office)
    browser(accounts.sato()).post(url("announcement_fax", told.uid), {"office": str(row.uid)})
    ticket, slip = _slip_of(row)
    nurse = accounts.viewer_for(accounts.takahashi())

    assert not announcements_tickets.may_file(nurse, ticket)
    assert announcements_tickets.describe(nurse, ticket) is None
    with pytest.raises(ValidationError, match="市町村の担当"):
        announcements_tickets.receive(**{**slip, "actor": nurse.actor})
    second.rule.owner_area = areas.make_area(name="よその市", code="990043")
    second.rule.save()
    assert not announcements_tickets.may_file(sato, ticket)


def test_who_has_neither_account_nor_fax_gets_a_letter_with_a_code(second, sato, area):
    register.FacilityFactory(
        name="架空の病院", municipality=area, service_codes=["hospital"], phone="0999-00-8000"
    )
    told = announcements.announce(viewer=sato, version=second)
    row = told.offices.get(name="架空の病院")
    client = browser(accounts.sato())
    assert "郵送するPDFを受け取る（1か所）" in text_of(
        client.get(url("announcement_detail", told.uid))
    )

    letter = client.post(url("announcement_post", told.uid))

    ticket = Ticket.objects.get(subject_uid=row.uid)
    text = pdf_text(letter)
    assert "架空の病院" in text
    assert ticket.number in text
    row.refresh_from_db()
    assert row.posted_at == NOW
    announcements.note_reading(viewer=sato, office=row, way=ReadWay.PHONE)
    page = client.post(url("announcement_post", told.uid), follow=True)
    assert "郵送で知らせる事業所がありません" in text_of(page)


def test_an_office_without_an_area_is_where_its_place_is(second, sato, area):
    placed, lost = (
        accounts.make_organisation("架空の薬局"),
        accounts.make_organisation("迷い事業所"),
    )
    register.FacilityFactory(name="架空の薬局", municipality=area, organisation=placed)

    page = text_of(browser(accounts.sato()).get(url("announcement_add", second.uid)))
    told = announcements.announce(viewer=sato, version=second)

    assert told.offices.filter(organisation=placed).exists()
    assert not told.offices.filter(organisation=lost).exists()
    assert "迷い事業所" in page
    assert "架空の薬局" not in page


def test_an_edition_is_told_once(second, sato):
    client = browser(accounts.sato())
    client.post(url("announcement_add", second.uid), {})
    told = Announcement.objects.get()

    assert client.get(url("announcement_add", second.uid))["Location"] == url(
        "announcement_detail", told.uid
    )
    with pytest.raises(ValidationError, match="もう知らせました"):
        announcements.announce(viewer=sato, version=second)


def test_nobody_to_tell_is_said(second):
    from renkei.foundation.accounts.models import Organisation  # all offices leave the area

    lone = areas.make_area(name="無人の市", code="990051")
    office = accounts.sato().memberships.get().organisation
    RuleAdoption.objects.update(area=lone)
    Organisation.objects.exclude(pk=office.pk).update(area=None)

    answer = browser(accounts.sato()).post(url("announcement_add", second.uid), {})

    assert answer.status_code == 422
    assert "知らせる事業所がありません" in text_of(answer)


def test_everything_read_needs_no_reminder_and_no_fax(second, sato):
    told = announcements.announce(viewer=sato, version=second)
    for user in (accounts.sato(), accounts.suzuki(), accounts.takahashi(), accounts.tanaka()):
        browser(user).get(url("announcement_detail", told.uid))
    client = browser(accounts.sato())

    assert "すべて読んでいます" in text_of(
        client.post(url("announcement_remind", told.uid), follow=True)
    )
    assert "FAX番号のある事業所がありません" in text_of(
        client.post(url("announcement_fax", told.uid), follow=True)
    )
    row = told.offices.get(name="よその架空診療所")
    client.post(url("announcement_note", told.uid, row.uid), {"way": "phone"})
    row.refresh_from_db()
    assert row.read_way == "screen"


def test_one_offices_fax_and_a_wrong_way_of_knowing(second, sato):
    office = accounts.suzuki().memberships.get().organisation
    factories.point(office, NOW, fax="0999-00-3129")
    told = announcements.announce(viewer=sato, version=second)
    row = told.offices.get(organisation=office)
    client = browser(accounts.sato())

    assert "0999-00-3129" in pdf_text(
        client.post(url("announcement_fax", told.uid), {"office": str(row.uid)})
    )
    page = text_of(client.post(url("announcement_note", told.uid, row.uid), follow=True))
    assert "確かめ方を選んでください" in page
    other = url("announcement_note", told.uid, told.uid)
    assert client.post(other, {"way": "fax"}).status_code == 404


def test_an_announcement_is_for_those_it_was_told_to(second, sato):
    told = announcements.announce(viewer=sato, version=second)
    stranger = accounts.person(
        "架空 よその人",
        "yoso@example.test",
        accounts.make_organisation("よその病院"),
        Role.PROFESSIONAL,
    )
    client = browser(stranger)

    assert client.get(url("announcement_detail", told.uid)).status_code == 404
    assert client.get(url("announcement_letter", told.uid)).status_code == 404
    assert browser(accounts.suzuki()).post(url("announcement_remind", told.uid)).status_code == 404


def test_whoever_works_by_the_rule_reads_letter_book_and_difference(second, sato):
    told = announcements.announce(viewer=sato, version=second, message="説明会は2月です。")
    factories.point(accounts.suzuki().memberships.get().organisation, NOW)
    client = browser(accounts.suzuki())

    letter = pdf_text(client.get(url("announcement_letter", told.uid)))
    book = pdf_text(client.get(url("rule_book", second.uid)))
    difference = text_of(client.get(url("rule_difference", second.uid)))

    assert "説明会は2月です。" in letter
    assert "返信欄" not in letter
    assert "架空居宅介護支援事業所" in book
    assert "準備が間に合わないため" in book
    assert "退院予定日の10日前まで" in book
    assert "第1版と第2版の違い" in difference
    first = second.based_on
    assert "くらべる版がありません" in text_of(client.get(url("rule_difference", first.uid))) or (
        "違い" in text_of(client.get(url("rule_difference", first.uid)))
    )
    assert "架空市のルール 第2版" in text_of(client.get(url("rule_list")))
