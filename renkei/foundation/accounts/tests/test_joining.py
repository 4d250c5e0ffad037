"""T-ISM1 and idea 22: application, approval, devices, ledger; and who has not joined."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
import time_machine
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client

from renkei.foundation.accounts.models import (
    ApplicationState,
    Device,
    Invitation,
    JoiningApplication,
    NonUseReason,
    Organisation,
    OutsideOffice,
    Role,
    User,
)
from renkei.foundation.accounts.queries_joining import (
    DEVICE_COOKIE,
    application_with_receipt,
    applications_visible_to,
    outside_offices,
    participants,
    reason_counts,
)
from renkei.foundation.accounts.receipts import new_receipt_number, parse_receipt_number
from renkei.foundation.accounts.services import joining as services
from renkei.foundation.accounts.services import policies
from renkei.foundation.accounts.tests import factories
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock

pytestmark = pytest.mark.django_db
APPLY = "/accounts/joining/apply/"
STATUS = "/accounts/joining/status/"
OWN = "/accounts/joining/application/"
LIST = "/accounts/joining/"
BOARD = "/accounts/joining/outside/"
PASSWORD = "umi-to-yama-no-machi-99"
# 架空県 (99), a valid check digit.
CODE = "9911111111"


@pytest.fixture(autouse=True)
def no_memory_of_other_tests():
    cache.clear()


def wish(**changes):
    return {
        "name": "架空みなと診療所",
        "office_code": "",
        "address": "架空市みなと町1-1",
        "phone": "0999-00-0150",
        "fax": "",
        "contact_name": "架空 院長",
        "contact_email": "incho@clinic.example.test",
        "people_0": "1",
        "people_3": "２",
        "device_count": "3",
        "remarks": "",
        **changes,
    }


def apply(**changes):
    facts = {
        "name": "架空みなと診療所",
        "address": "架空市みなと町1-1",
        "phone": "0999-00-0150",
        "contact_name": "架空 院長",
        "contact_email": "incho@clinic.example.test",
    }
    return services.apply_to_join(wished_users={"医師": 1}, device_count=1, **(facts | changes))


def text_of(response):
    return response.content.decode()


def decide(client, application, act, text=""):
    return client.post(f"{LIST}{application.uid}/", {"act": act, "text": text}, follow=True)


def rows_of(response):
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]


def test_t_ism1_facility_applies_is_asked_approved_and_takes_part(client, sato_client, mailoutbox):
    page = client.post(APPLY, wish(), follow=True)
    policy = policies.write_policy(
        actor=SYSTEM,
        organisation=factories.sato().memberships.get().organisation,
        title="運用ポリシー",
    )
    draft = policies.write_policy_version(
        actor=SYSTEM, policy=policy, text="文", valid_from=clock.today()
    )
    policies.publish_policy_version(actor=SYSTEM, version=draft)
    application = JoiningApplication.objects.get()
    assert application.wished_users == {"医師": 1, "看護師": 2}
    assert application.receipt_number in text_of(page)

    decide(sato_client, application, "ask", "電子証明書は要りますか。")
    assert application.receipt_number in mailoutbox[0].body
    later = Client()
    proved = {"receipt_number": application.receipt_number, "email": "INCHO@clinic.example.test"}
    assert "電子証明書は要りますか。" in text_of(later.post(STATUS, proved, follow=True))
    assert "返事を送りました。" in text_of(later.post(OWN, {"text": "要りません。"}, follow=True))

    assert "要りません。" in text_of(sato_client.get(f"{LIST}{application.uid}/"))
    sheet = decide(sato_client, application, "approve")

    organisation = Organisation.objects.get(name="架空みなと診療所")
    assert organisation.joined_on == clock.today()
    assert "利用登録のご案内" in text_of(sheet)
    assert mailoutbox[1].to == ["incho@clinic.example.test"]
    invitation = Invitation.objects.get()
    assert (invitation.organisation, invitation.role) == (organisation, Role.ORGANISATION_ADMIN)
    assert "承認しました。" in text_of(later.get(OWN))
    link = next(word for word in mailoutbox[1].body.split() if word.startswith("http"))
    fresh = Client()
    fresh.post(link, {"name": "架空 院長", "password": PASSWORD, "again": PASSWORD})
    admin = factories.sign_in(Client(), User.objects.get(email="incho@clinic.example.test"))

    devices = f"/accounts/organisations/{organisation.uid}/devices/"
    code = admin.post(devices, {"label": "診察室のパソコン"}).context["issued"].code
    done = admin.post("/accounts/device/", {"code": code}, follow=True)
    assert "「診察室のパソコン」として登録しました。" in text_of(done)
    ledger = rows_of(sato_client.get(f"{LIST}participants/?format=xlsx"))
    row = next(one for one in ledger if one[0] == "架空みなと診療所")
    assert row[6:10] == [1, 1, 1, 0]
    acts = AuditEvent.objects.filter(action__startswith="joining.").order_by("pk")
    assert [event.action for event in acts] == [
        "joining.applied",
        "joining.asked",
        "joining.answered",
        "joining.approved",
    ]


def test_refusal_needs_a_reason_and_the_facility_reads_it(client, sato_client):
    client.post(APPLY, wish())
    application = JoiningApplication.objects.get()

    assert decide(sato_client, application, "refuse").status_code == 422
    decide(sato_client, application, "refuse", "対象の地域の外です。")

    assert "対象の地域の外です。" in text_of(client.get(OWN))
    assert "この申込みはもう決まっています。" in text_of(
        decide(sato_client, application, "approve")
    )
    assert not Organisation.objects.filter(name="架空みなと診療所").exists()


def test_question_without_mail_says_to_call(sato_client, settings):
    application = apply()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    page = decide(sato_client, application, "ask", "番号を確かめてください。")

    assert "0999-00-0150に電話で知らせてください。" in text_of(page)


def test_answer_is_taken_only_when_asked(client):
    application = apply()
    with pytest.raises(ValidationError, match="待っている確認はありません"):
        services.answer_question(application=application, text="はい")

    client.post(
        STATUS, {"receipt_number": application.receipt_number, "email": "incho@clinic.example.test"}
    )
    assert client.post(OWN, {"text": "はい"}).status_code == 200
    services.ask_back(actor=SYSTEM, application=application, text="番号は？")
    assert client.post(OWN, {"text": ""}).status_code == 422


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "を入力してください。"),
        ({"office_code": "9911111112"}, "9911111111"),
        ({"office_code": "12"}, "10桁"),
        ({"phone": "あいう"}, "電話番号"),
        ({"people_0": "", "people_3": ""}, "使いたい人数を、1つ以上入力してください。"),
        ({"people_0": "たくさん"}, "数字で入力してください。"),
        ({"contact_email": "incho"}, "メールアドレス"),
    ],
)
def test_wrong_application_is_refused_with_words(client, changes, sentence):
    refused = client.post(APPLY, wish(**changes))

    assert refused.status_code == 422
    assert sentence in text_of(refused)
    assert not JoiningApplication.objects.exists()


def test_applications_are_rate_limited_by_address(client):
    answers = [client.post(APPLY, wish()) for _ in range(11)]

    assert [one.status_code for one in answers] == [302] * 10 + [422]
    assert "続けて送りすぎました。" in text_of(answers[-1])


def test_receipt_alone_opens_nothing(client):
    application = apply()
    for number, email in (
        (application.receipt_number, "other@clinic.example.test"),
        (new_receipt_number(), "incho@clinic.example.test"),
        ("123", "incho@clinic.example.test"),
    ):
        refused = client.post(STATUS, {"receipt_number": number, "email": email})
        assert "見つかりません。" in text_of(refused)
    assert client.get(OWN)["Location"] == STATUS
    tries = [
        client.post(STATUS, {"receipt_number": "1", "email": "a@b.example"}) for _ in range(30)
    ]
    assert "続けて送りすぎました。" in text_of(tries[-1])


def test_receipt_number_notices_a_misheard_digit():
    number = new_receipt_number()
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)

    assert parse_receipt_number(number.replace("-", "　")) == number
    assert parse_receipt_number(wrong) is None
    assert application_with_receipt(wrong, "x@example.test") is None


def test_only_the_office_sees_applications(django_assert_num_queries):
    apply()
    suzuki = factories.viewer_for(factories.suzuki())

    with django_assert_num_queries(0):
        assert list(applications_visible_to(suzuki)) == []
        assert participants(suzuki) == []
        assert list(outside_offices(suzuki)) == []


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_for_few_and_many(sato_client, django_assert_num_queries, count):
    for number in range(count):
        apply(name=f"架空診療所{number}")
        factories.make_organisation(f"架空組織{number}")
    sato_client.get(LIST)

    with django_assert_num_queries(9):
        sato_client.get(LIST)
    with django_assert_num_queries(9):
        sato_client.get(f"{LIST}participants/")


# Devices ------------------------------------------------------------------------------------


@pytest.fixture
def station():
    return factories.takahashi().memberships.get().organisation


@pytest.fixture
def admin_client(station):
    user = factories.person("架空 管理", "kanri@example.test", station, Role.ORGANISATION_ADMIN)
    return factories.sign_in(Client(), user)


def register(client, station, label="訪問用スマートフォン", **data):
    issued = services.add_device(actor=SYSTEM, organisation=station, label=label)
    client.post("/accounts/device/", {"code": issued.code, **data})
    return Device.objects.get(pk=issued.device.pk)


def test_device_is_known_until_it_is_revoked_or_ends(takahashi_client, admin_client, station):
    device = register(takahashi_client, station, own="on")
    page = "/accounts/device/"
    assert device.holder == factories.takahashi()
    assert "この端末は登録されています" in text_of(takahashi_client.get(page))
    assert "この端末は登録されています" not in text_of(admin_client.get(page))

    with time_machine.travel(clock.now() + timedelta(days=366), tick=False):
        assert "登録されています" not in text_of(
            factories.sign_in(takahashi_client, factories.takahashi()).get(page)
        )
    admin_client.post(f"/accounts/devices/{device.uid}/revoke/")
    admin_client.post(f"/accounts/devices/{device.uid}/revoke/", follow=True)

    assert "登録されています" not in text_of(takahashi_client.get(page))
    assert AuditEvent.objects.filter(action="device.revoked").count() == 1


def test_forged_cookie_is_no_device(takahashi_client):
    takahashi_client.cookies[DEVICE_COOKIE] = "forged:value"

    assert "登録されています" not in text_of(takahashi_client.get("/accounts/device/"))


def test_device_code_works_once_in_its_organisation_within_a_week(
    takahashi_client, tanaka_client, station
):
    issued = services.add_device(actor=SYSTEM, organisation=station, label="端末")
    send = {"code": issued.code}

    assert "このコードは使えません。" in text_of(tanaka_client.post("/accounts/device/", send))
    with time_machine.travel(clock.now() + timedelta(days=8), tick=False):
        client = factories.sign_in(Client(), factories.takahashi())
        assert client.post("/accounts/device/", send).status_code == 422
    assert takahashi_client.post("/accounts/device/", send).status_code == 302
    assert takahashi_client.post("/accounts/device/", send).status_code == 422
    with pytest.raises(ValidationError, match="もう使われました"):
        services.register_device(actor=SYSTEM, device=issued.device)


def test_device_codes_are_not_guessed_for_ever(takahashi_client):
    answers = [takahashi_client.post("/accounts/device/", {"code": "x"}) for _ in range(21)]

    assert "続けて試しすぎました。" in text_of(answers[-1])


def test_device_with_an_end_in_the_past_or_without_a_name_is_refused(station, admin_client):
    with pytest.raises(ValidationError, match="今日以降"):
        services.add_device(
            actor=SYSTEM, organisation=station, label="古い", expires_on=date(2020, 1, 1)
        )
    page = f"/accounts/organisations/{station.uid}/devices/"

    assert "登録した端末はありません" in text_of(admin_client.get(page))
    assert admin_client.post(page, {"label": ""}).status_code == 422


def test_sign_in_on_a_device_is_remembered(client, station):
    user = factories.takahashi()
    issued = services.add_device(actor=SYSTEM, organisation=station, label="端末")
    client.cookies[DEVICE_COOKIE] = services.register_device(actor=SYSTEM, device=issued.device)
    before = clock.now() + timedelta(days=1)

    with time_machine.travel(before, tick=False):
        client.post("/accounts/login/", {"login": user.email, "password": factories.PASSWORD})

    assert Device.objects.get().last_seen_at == before


def test_t_ism1_expiry_report_lists_the_devices_that_end_first_on_top(
    admin_client, takahashi_client, station
):
    today = clock.today()
    register(takahashi_client, station, "登録ずみ")
    for label, days in (("もうすぐ", 30), ("来年", 300)):
        services.add_device(
            actor=SYSTEM, organisation=station, label=label, expires_on=today + timedelta(days=days)
        )
    soon = Device.objects.get(label="もうすぐ")
    soon.registered_at = clock.now()
    soon.save()
    services.revoke_device(actor=SYSTEM, device=Device.objects.get(label="来年"))
    other = factories.make_organisation("よその組織")
    services.add_device(actor=SYSTEM, organisation=other, label="よその端末")

    rows = rows_of(admin_client.get("/accounts/devices/report/"))

    assert [(row[1], row[3]) for row in rows[1:]] == [
        ("もうすぐ", "期限が近い"),
        ("登録ずみ", "使えます"),
        ("来年", "止めました"),
    ]
    page = text_of(admin_client.get(f"/accounts/organisations/{station.uid}/devices/"))
    assert "期限が近い" in page
    with time_machine.travel(clock.now() + timedelta(days=40), tick=False):
        admin = factories.sign_in(Client(), User.objects.get(email="kanri@example.test"))
        assert "期限切れ" in [row[3] for row in rows_of(admin.get("/accounts/devices/report/"))]


# Who has not joined (idea 22) ---------------------------------------------------------------


def line(**changes):
    return {
        "name": "架空やま薬局",
        "office_code": "",
        "profession": "薬剤師",
        "area": "",
        "phone": "",
        "reasons": ["cost", "few_professions"],
        "tool": "電話とFAXだけ",
        "last_contact_on": "2026年4月1日",
        "remarks": "",
        **changes,
    }


def test_idea_22_board_counts_reasons_from_records(sato_client):
    sato_client.post(f"{BOARD}add/", line())
    sato_client.post(f"{BOARD}add/", line(name="架空かわ歯科", reasons=["few_professions"]))
    sato_client.post(f"{BOARD}add/", line(name="架空まだ医院", reasons=[], last_contact_on=""))
    apply(name="申込み中の施設")
    sato = factories.viewer_for(factories.sato())

    counts = {reason: count for reason, count in reason_counts(sato) if count}
    page = text_of(sato_client.get(BOARD))
    costly = text_of(sato_client.get(f"{BOARD}?reason=cost"))

    assert counts == {NonUseReason.FEW_PROFESSIONS: 2, NonUseReason.COST: 1}
    assert "まだ聞いていません" in page
    assert "申込み中の施設" in page
    assert ("架空やま薬局" in costly, "架空かわ歯科" in costly) == (True, False)
    assert sato_client.get(f"{BOARD}?reason=nonsense").status_code == 200


def test_idea_22_line_is_corrected_and_leaves_the_board(sato_client):
    sato_client.post(f"{BOARD}add/", line())
    office = OutsideOffice.objects.get()
    address = f"{BOARD}{office.uid}/"
    assert "電話とFAXだけ" in text_of(sato_client.get(address))

    sato_client.post(address, line(tool="MCS"))
    assert OutsideOffice.objects.get().tool == "MCS"
    assert sato_client.post(address, line(name="")).status_code == 422
    sato_client.post(f"{address}remove/", {"joined": "0"})

    assert "事業所がありません" in text_of(sato_client.get(BOARD))
    assert sato_client.get(address).status_code == 404


def test_office_that_joins_leaves_the_board_by_itself(sato_client):
    sato_client.post(f"{BOARD}add/", line(office_code=CODE))
    sato_client.post(f"{BOARD}add/", line(name="もう1つ"))
    services.approve_application(actor=SYSTEM, application=apply(office_code=CODE))

    assert [one.name for one in outside_offices(factories.viewer_for(factories.sato()))] == [
        "もう1つ"
    ]
    other = OutsideOffice.objects.get(name="もう1つ")
    sato_client.post(f"{BOARD}{other.uid}/remove/", {"joined": "1"})
    other.refresh_from_db()
    assert other.joined_at is not None
    assert JoiningApplication.objects.get().state == ApplicationState.APPROVED
