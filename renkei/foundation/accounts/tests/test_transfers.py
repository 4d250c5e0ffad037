"""T-P5: 200 moves in one file, effective at 00:00 in Japan, with nobody's duty lost."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from psycopg.types.range import Range

from renkei.foundation.accounts import services as people
from renkei.foundation.accounts import transfers
from renkei.foundation.accounts.models import (
    Invitation,
    Membership,
    Move,
    OrganisationKind,
    Role,
    Transfer,
    User,
)
from renkei.foundation.accounts.queries import active_memberships
from renkei.foundation.accounts.services import transfers as services
from renkei.foundation.accounts.tasks import carry_out_transfers_task
from renkei.foundation.accounts.tests import factories
from renkei.foundation.accounts.transfer_rows import HEADINGS, day_before, read_transfer
from renkei.foundation.accounts.transfers import Orphan, orphans_of
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock

pytestmark = pytest.mark.django_db
NOW = "2027-03-15 10:00:00+09:00"
DAY = date(2027, 4, 1)
EVE = "2027-03-31 23:59:30+09:00"
MIDNIGHT = "2027-04-01 00:00:30+09:00"
BASE = "/accounts/transfers/"


class Duties:
    """A room that gives people duties: membership → how many."""

    def __init__(self):
        self.held: dict[int, int] = {}

    def hand_over(self, *, actor, from_membership_id, to_membership_id, on):  # noqa: ARG002
        assert on == DAY
        count = self.held.pop(from_membership_id, 0)
        if count:
            self.held[to_membership_id] = self.held.get(to_membership_id, 0) + count
        return count

    def orphans(self, membership_ids, on):  # noqa: ARG002 - as the protocol has it
        return [
            Orphan(pk, "ある療養者のチーム", "/patients/")
            for pk in membership_ids
            for _ in range(self.held.get(pk, 0))
        ]


@pytest.fixture
def duties(monkeypatch):
    room = Duties()
    monkeypatch.setattr(transfers, "_HANDOVERS", [])
    monkeypatch.setattr(transfers, "_ORPHANS", [])
    for _ in range(2):
        transfers.register_handover(room.hand_over)
        transfers.register_orphans(room.orphans)
    return room


@pytest.fixture
def at_noon():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def station(name):
    return factories.make_organisation(name, OrganisationKind.FACILITY)


def nurse(number, office, **fields):
    user = factories.make_user(email=f"nurse{number}@example.test", name=f"架空 看護{number}")
    return factories.make_membership(user=user, organisation=office, profession="看護師", **fields)


def row(action, key="", **cells):
    names = {
        "name": "氏名",
        "old": "いまの組織",
        "old_role": "いまの役割",
        "new": "新しい組織",
        "role": "新しい役割",
        "profession": "新しい職種",
        "successor": "引き継ぐ人のメールアドレスか利用者番号",
    }
    filled = {names[name]: value for name, value in cells.items()}
    filled |= {"区分": action, "メールアドレスか利用者番号": key}
    return [filled.get(heading, "") for heading in HEADINGS]


def workbook(rows, headings=HEADINGS):
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for cells in [list(headings), *rows]:
        sheet.append(cells)
    stream = io.BytesIO()
    book.save(stream)
    return SimpleUploadedFile("異動.xlsx", stream.getvalue())


def read(tmp_path, rows, viewer=None, on=DAY):
    path = tmp_path / "moves.xlsx"
    path.write_bytes(workbook(rows).read())
    viewer = viewer or factories.viewer_for(factories.sato())
    return read_transfer(path, "異動.xlsx", viewer=viewer, on=on)


def draft(tmp_path, rows, on=DAY):
    reading = read(tmp_path, rows, on=on)
    assert reading.problems == []
    return services.draft_transfer(
        actor=SYSTEM,
        organisation=factories.sato().memberships.get().organisation,
        effective_on=on,
        moves=reading.moves,
    )


def text_of(response):
    return response.content.decode()


def test_t_p5_two_hundred_moves_leave_no_orphan_and_the_old_place_dies_at_midnight(
    at_noon, duties, tmp_path
):
    old, new = station("架空東ステーション"), station("架空西ステーション")
    heir = nurse("heir", old)
    leaving = [nurse(number, old) for number in range(200)]
    for one in leaving:
        duties.held[one.pk] = 2
    rows = [
        row("異動", one.user.email, new=new.name, successor="nurse-heir@example.test")
        for one in leaving[:150]
    ]
    rows += [
        row("退職", one.user.email, successor="nurse-heir@example.test") for one in leaving[150:]
    ]
    heir.user.email = "nurse-heir@example.test"
    heir.user.save()
    client = factories.sign_in(Client(), leaving[0].user)

    sato = factories.sign_in(Client(), factories.sato())
    preview = sato.post(
        f"{BASE}add/", {"effective_on": "2027年4月1日", "file": workbook(rows)}, follow=True
    )
    assert "200人" in text_of(preview)
    transfer = Transfer.objects.get()
    sato.post(f"{BASE}{transfer.uid}/plan/")
    services.carry_out_due_transfers()
    assert "架空東ステーション" in text_of(client.get("/accounts/"))
    assert len(orphans_of([one.pk for one in leaving], DAY)) == 400

    at_noon.move_to(EVE)
    eve = factories.sign_in(Client(), leaving[0].user)
    gone = factories.sign_in(Client(), leaving[199].user)
    assert "架空東ステーション" in text_of(eve.get("/accounts/"))
    assert gone.get("/register/").status_code == 200

    at_noon.move_to(MIDNIGHT)
    page = text_of(eve.get("/accounts/"))
    assert ("架空東ステーション" in page, "架空西ステーション" in page) == (False, True)
    assert gone.get("/register/").status_code == 404
    assert list(active_memberships(leaving[199].user.pk)) == []
    carry_out_transfers_task(0)
    carry_out_transfers_task(0)

    assert orphans_of([one.pk for one in leaving], DAY) == []
    assert duties.held == {heir.pk: 400}
    assert sum(Move.objects.values_list("handed_over_count", flat=True)) == 400
    event = AuditEvent.objects.get(action="transfer.carried_out")
    assert event.detail == {"handed_over": 400}


def test_reading_costs_the_same_for_few_and_many_rows(
    at_noon, tmp_path, django_assert_max_num_queries
):
    office, new = station("東"), station("西")
    viewer = factories.viewer_for(factories.sato())
    rows = [row("異動", nurse(number, office).user.email, new=new.name) for number in range(30)]

    with django_assert_max_num_queries(4):
        assert len(read(tmp_path, rows, viewer=viewer).moves) == 30


def test_new_people_get_invitations_that_begin_on_the_day(at_noon, tmp_path, client, mailoutbox):
    office = station("架空ステーション")
    rows = [
        row(
            "採用",
            "new@example.test",
            name="架空 新子",
            new=office.name,
            role="専門職",
            profession="看護師",
        ),
        row("採用", name="架空 紙子", new=office.name, role="専門職"),
    ]
    transfer = draft(tmp_path, rows)
    sato = factories.sign_in(Client(), factories.sato())

    page = sato.post(f"{BASE}{transfer.uid}/plan/")

    assert "1人にはメールで送りました。" in text_of(page)
    issued = page.context["issued"]
    assert [one.code in text_of(page) for one in issued] == [True, True]
    assert issued[0].invitation.expires_at > clock.now() + timedelta(days=30)
    [link] = [word for word in mailoutbox[0].body.split() if word.startswith("http")]
    password = "umi-to-yama-no-machi-99"
    client.post(link, {"name": "架空 新子", "password": password, "again": password})
    user = User.objects.get(email="new@example.test")
    assert list(active_memberships(user.pk)) == []
    at_noon.move_to(MIDNIGHT)
    assert [one.organisation for one in active_memberships(user.pk)] == [office]


def test_mail_server_that_is_down_is_asked_once(at_noon, tmp_path, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    office = station("架空ステーション")
    rows = [
        row("採用", f"new{n}@example.test", name=f"架空 {n}", new=office.name, role="専門職")
        for n in range(2)
    ]
    transfer = draft(tmp_path, rows)

    page = factories.sign_in(Client(), factories.sato()).post(f"{BASE}{transfer.uid}/plan/")

    assert "0人にはメールで送りました。" in text_of(page)


def test_withdrawn_before_the_day_everything_is_as_it_was(at_noon, duties, tmp_path):
    old, new = station("東"), station("西")
    mover = nurse(1, old)
    ending = nurse(2, old, period=Range(date(2020, 4, 1), date(2027, 10, 1)))
    rows = [
        row("異動", "nurse1@example.test", new=new.name),
        row("退職", "nurse2@example.test"),
        row("採用", "new@example.test", name="架空 新子", new=old.name, role="専門職"),
    ]
    transfer = draft(tmp_path, rows)
    services.plan_transfer(actor=SYSTEM, transfer=transfer)
    assert Membership.objects.get(pk=mover.pk).period.upper == DAY

    sato = factories.sign_in(Client(), factories.sato())
    page = sato.post(f"{BASE}{transfer.uid}/withdraw/", follow=True)

    assert "異動を取りやめました。" in text_of(page)
    assert Membership.objects.get(pk=mover.pk).period.upper is None
    assert Membership.objects.get(pk=ending.pk).period.upper == date(2027, 10, 1)
    assert Invitation.objects.get().revoked_at is not None
    at_noon.move_to(MIDNIGHT)
    assert [one.organisation for one in active_memberships(mover.user.pk)] == [old]
    assert services.carry_out_due_transfers() == 0
    sato = factories.sign_in(Client(), factories.sato())
    again = sato.post(f"{BASE}{transfer.uid}/withdraw/", follow=True)
    assert "「取りやめ」なので、変えられません。" in text_of(again)


def test_on_the_day_it_is_too_late(at_noon, tmp_path):
    nurse(1, station("東"))
    planned = draft(tmp_path, [row("退職", "nurse1@example.test")])
    forgotten = draft(tmp_path, [row("退職", "nurse1@example.test")])
    services.plan_transfer(actor=SYSTEM, transfer=planned)
    at_noon.move_to(MIDNIGHT)

    with pytest.raises(ValidationError, match="異動日になったので"):
        services.withdraw_transfer(actor=SYSTEM, transfer=planned)
    with pytest.raises(ValidationError, match="明日以降"):
        services.plan_transfer(actor=SYSTEM, transfer=forgotten)
    with pytest.raises(ValidationError, match="明日以降"):
        services.draft_transfer(
            actor=SYSTEM, organisation=station("東"), effective_on=DAY, moves=[]
        )


def test_what_changed_since_the_preview_stops_the_whole(at_noon, tmp_path):
    old, new = station("東"), station("西")
    first, second = nurse(1, old), nurse(2, old)
    transfer = draft(
        tmp_path,
        [
            row("異動", "nurse1@example.test", new=new.name),
            row("異動", "nurse2@example.test", new=new.name),
        ],
    )
    people.revoke_membership(actor=SYSTEM, membership=second)
    sato = factories.sign_in(Client(), factories.sato())

    page = sato.post(f"{BASE}{transfer.uid}/plan/", follow=True)

    assert "3行目：この人の所属は、異動日の前に終わることになりました。" in text_of(page)
    first.refresh_from_db()
    assert first.period.upper is None
    third = nurse(3, old)
    clash = draft(tmp_path, [row("異動", "nurse3@example.test", new=new.name)])
    factories.make_membership(user=third.user, organisation=new, role=Role.PROFESSIONAL)
    with pytest.raises(ValidationError, match="2行目：この人はこの組織で同じ役割"):
        services.plan_transfer(actor=SYSTEM, transfer=clash)


def test_planned_twice_by_two_windows_is_planned_once(at_noon, tmp_path):
    nurse(1, station("東"))
    transfer = draft(tmp_path, [row("退職", "nurse1@example.test")])
    services.plan_transfer(actor=SYSTEM, transfer=transfer)

    with pytest.raises(ValidationError, match="予約済み"):
        services.plan_transfer(actor=SYSTEM, transfer=transfer)


def test_change_inside_one_organisation_takes_its_duties_along(at_noon, duties, tmp_path):
    office = station("東")
    one = nurse(1, office)
    duties.held[one.pk] = 3
    transfer = draft(tmp_path, [row("異動", "nurse1@example.test", role="連携ホスト")])
    services.plan_transfer(actor=SYSTEM, transfer=transfer)
    at_noon.move_to(MIDNIGHT)
    services.carry_out_due_transfers()

    new = active_memberships(one.user.pk).get()
    assert (new.role, new.profession) == (Role.SHARING_HOST, "看護師")
    assert duties.held == {new.pk: 3}


def test_duties_without_a_successor_are_seen_before_and_listed_after(at_noon, duties, tmp_path):
    one = nurse(1, station("東"))
    duties.held[one.pk] = 2
    sato = factories.sign_in(Client(), factories.sato())
    transfer = draft(tmp_path, [row("退職", "nurse1@example.test")])
    assert "引き継ぐ人のいない仕事があります" in text_of(sato.get(f"{BASE}{transfer.uid}/"))
    paper = sato.get(f"{BASE}{transfer.uid}/?format=xlsx").content
    duty_sheet = openpyxl.load_workbook(io.BytesIO(paper))["仕事"]
    assert [cell.value for cell in duty_sheet["C"]] == ["仕事", *["ある療養者のチーム"] * 2]
    services.plan_transfer(actor=SYSTEM, transfer=transfer)
    assert "担当のいない仕事はありません" in text_of(sato.get("/accounts/orphans/"))
    at_noon.move_to(MIDNIGHT)
    services.carry_out_due_transfers()
    sato = factories.sign_in(Client(), factories.sato())

    page = text_of(sato.get("/accounts/orphans/"))

    assert "2件" in page
    assert "架空 看護1" in page


@pytest.mark.parametrize(
    ("cells", "column", "message"),
    [
        (row("転勤", "nurse1@example.test"), "区分", "どれかを入力してください。"),
        (
            row("異動", "nobody@example.test", new="西"),
            "メールアドレスか利用者番号",
            "見つかりません。",
        ),
        (row("異動", "nurse1@example.test", new="南"), "新しい組織", "1つに決まりません。"),
        (row("異動", "nurse1@example.test", new="東"), "新しい組織", "いまと同じです。"),
        (row("異動", "nurse1@example.test", old="西"), "いまの組織", "この組織にいません。"),
        (row("異動", "nurse1@example.test", new="西", role="市長"), "新しい役割", "選べる役割"),
        (row("異動", "nurse1@example.test", new="西", name="別の人"), "氏名", "違います。"),
        (row("退職", "double@example.test"), "いまの組織", "どの所属か決まりません。"),
        (
            row("退職", "double@example.test", old="東", old_role="運用者"),
            "いまの役割",
            "どの所属か",
        ),
        (row("退職", "sato@city.example.test"), "メールアドレスか利用者番号", "変えられません。"),
        (row("退職", "nurse1@example.test", successor="nurse1@example.test"), None, "別の人を"),
        (row("退職", "nurse1@example.test", successor="x@example.test"), None, "先に利用者として"),
        (
            row("退職", "nurse1@example.test", successor="west@example.test"),
            None,
            "この組織にいません。",
        ),
        (
            row("異動", "double@example.test", old="東", new="西"),
            "新しい役割",
            "すでに持っています。",
        ),
        (
            row("採用", "new@example.test", new="東", role="専門職"),
            "氏名",
            "氏名を入力してください。",
        ),
        (row("採用", "new", name="新子", new="東", role="専門職"), None, "紙で案内するとき"),
        (row("採用", "", name="新子", new="東"), "新しい役割", "選べる役割"),
        (row("", "nurse1@example.test"), "区分", "区分の入った行がありません。"),
    ],
)
def test_every_error_has_its_row_and_column(at_noon, tmp_path, cells, column, message):
    east, west = station("東"), station("西")
    nurse(1, east)
    double = factories.make_user(email="double@example.test")
    for office in (east, west):
        factories.make_membership(user=double, organisation=office)
    factories.make_membership(
        user=factories.make_user(email="west@example.test"), organisation=west
    )

    [problem] = read(tmp_path, [cells]).problems

    assert problem.row == (0 if not cells[0] else 2)
    assert problem.column == (column or problem.column)
    assert message in problem.message


def test_same_person_twice_is_told_with_both_rows(at_noon, tmp_path):
    nurse(1, station("東"))

    [problem] = read(tmp_path, [row("退職", "nurse1@example.test")] * 2).problems

    assert (problem.row, "2行目と同じ人" in problem.message) == (3, True)


def test_successor_may_arrive_with_the_same_file_and_may_not_leave_with_it(at_noon, tmp_path):
    east, west = station("東"), station("西")
    nurse(1, east)
    nurse(2, west)
    nurse(3, east)
    arriving = [
        row("退職", "nurse1@example.test", successor="nurse2@example.test"),
        row("異動", "nurse2@example.test", new="東"),
    ]
    leaving = [
        row("退職", "nurse1@example.test", successor="nurse3@example.test"),
        row("退職", "nurse3@example.test"),
    ]

    assert read(tmp_path, arriving).problems == []
    assert [problem.row for problem in read(tmp_path, leaving).problems] == [2]


def test_wrong_file_and_wrong_day_are_told(sato_client):
    factories.sato()
    day = (clock.today() + timedelta(days=10)).isoformat()
    page = f"{BASE}add/"
    bad = SimpleUploadedFile("異動.xlsx", b"no workbook")
    short = workbook([["異動"]], headings=[one for one in HEADINGS if one != "氏名"])

    assert sato_client.post(page, {"effective_on": day, "file": bad}).status_code == 422
    lacking = text_of(sato_client.post(page, {"effective_on": day, "file": short}))
    assert "見出し「氏名」の列がありません。" in lacking
    past = sato_client.post(page, {"effective_on": "2020-04-01", "file": workbook([])})
    assert "異動日は明日以降の日付を入力してください。" in text_of(past)
    big = SimpleUploadedFile("異動.xlsx", b"x" * (5 * 1024 * 1024 + 1))
    assert "5MBより大きい" in text_of(sato_client.post(page, {"effective_on": day, "file": big}))
    long = SimpleUploadedFile("a." + "x" * 250, b"no workbook")
    assert sato_client.post(page, {"effective_on": day, "file": long}).status_code == 422
    odd = workbook([row("転勤", "nobody@example.test")])
    wrong = sato_client.post(page, {"effective_on": day, "file": odd})
    assert "2行目" in text_of(wrong)
    assert not Transfer.objects.exists()


def test_template_can_be_filled_in_and_read_again(at_noon, tmp_path, duties):
    nurse(1, station("東"))
    station("西")
    sato = factories.sign_in(Client(), factories.sato())
    book = openpyxl.load_workbook(io.BytesIO(sato.get(f"{BASE}template/").content))
    sheet = book["異動"]
    at = next(cell.row for cell in sheet["C"] if cell.value == "nurse1@example.test")
    sheet.cell(at, 1).value = "異動"
    sheet.cell(at, 6).value = "西"
    path = tmp_path / "filled.xlsx"
    book.save(path)

    reading = read_transfer(
        path, "異動.xlsx", viewer=factories.viewer_for(factories.sato()), on=DAY
    )

    assert [(move.row, move.name) for move in reading.moves] == [(at, "架空 看護1")]
    assert reading.problems == []


def test_administrator_moves_only_people_of_the_own_organisation(at_noon, tmp_path):
    east = station("東")
    nurse(1, east)
    nurse(2, station("西"))
    admin = factories.person("架空 管理", "kanri@example.test", east, Role.ORGANISATION_ADMIN)
    viewer = factories.viewer_for(admin)

    reading = read(
        tmp_path,
        [
            row("退職", "nurse1@example.test"),
            row("退職", "nurse2@example.test"),
            row("異動", "nurse1@example.test", new="西"),
        ],
        viewer=viewer,
    )

    assert [problem.row for problem in reading.problems] == [3, 4]


def test_transfers_are_seen_by_their_own_organisation_and_the_operator(at_noon, tmp_path):
    nurse(1, station("東"))
    transfer = draft(tmp_path, [row("退職", "nurse1@example.test")])
    operator = factories.sign_in(Client(), factories.member(Role.OPERATOR))
    other = factories.sign_in(Client(), factories.member(Role.ORGANISATION_ADMIN))

    assert "2027年4月1日" in text_of(operator.get(BASE))
    assert "人事異動はまだありません" in text_of(other.get(BASE))
    assert other.get(f"{BASE}{transfer.uid}/").status_code == 404
    for act in ("plan", "withdraw"):
        assert other.post(f"{BASE}{transfer.uid}/{act}/").status_code == 404


def test_dormant_accounts_are_listed_longest_first(at_noon):
    office = station("東")
    used, unused, never = (nurse(number, office) for number in range(3))
    for one, last in ((used, timedelta(days=3)), (unused, timedelta(days=120))):
        one.user.last_login = clock.now() - last
        one.user.save()
    User.objects.filter(pk=never.user.pk).update(date_joined=clock.now() - timedelta(days=200))
    admin = factories.person("架空 管理", "kanri@example.test", office, Role.ORGANISATION_ADMIN)

    page = text_of(factories.sign_in(Client(), admin).get("/accounts/dormant/"))

    found = [one.user.name in page for one in (used, unused, never)]
    assert found == [False, True, True]
    assert "一度もありません" in page
    assert day_before(DAY) == date(2027, 3, 31)


def test_nobody_without_ended_people_has_orphans(duties):
    assert orphans_of([], DAY) == []
