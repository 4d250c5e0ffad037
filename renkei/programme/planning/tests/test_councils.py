"""Councils and one meeting from its plan to its end (T-B1a, T-B1b, T-B1c)."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pypdf
import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.common import clock
from renkei.foundation.common.clock import TOKYO
from renkei.programme.planning.documents.councils import PAPERS, paper_called, paper_file
from renkei.programme.planning.exports_councils import fees_xlsx, public_xlsx
from renkei.programme.planning.fees import Fee, tax_of, total_of
from renkei.programme.planning.models import (
    Action,
    ActionState,
    Answer,
    AnswerWay,
    Attendance,
    Council,
    Meeting,
    MeetingState,
    MinutesLine,
    Seat,
    WithholdingRate,
)
from renkei.programme.planning.presenters_councils import group_rows
from renkei.programme.planning.queries.councils import (
    council_door,
    councils_seen_by,
    groups_of,
    members_to_renew,
)
from renkei.programme.planning.queries.meetings import meeting_door
from renkei.programme.planning.services import councils, fees, meetings, minutes
from renkei.programme.planning.services.fees import Pay
from renkei.programme.planning.tests import factories

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 10)
BEFORE = datetime(2026, 10, 1, 9, tzinfo=TOKYO)
AFTER = datetime(2026, 11, 11, 9, tzinfo=TOKYO)
SECRET = "架空秘密事項"


def test_t_b1c_a_member_whose_term_ended_on_3_31_is_not_invited_in_april():
    council = factories.council()
    factories.member(council, 0, last_day=date(2026, 3, 31), first_day=date(2024, 4, 1))
    factories.member(council, 1)
    with clock.told_at(datetime(2026, 3, 20, 9, tzinfo=TOKYO)):
        march = factories.meeting(council, date(2026, 3, 31))
        april = factories.meeting(council, date(2026, 4, 1))

        asked = [factories.call(march), factories.call(april)]

    assert asked == [1, 1]
    assert [seat.name for seat in april.seats.all()] == ["架空 二郎"]
    assert [seat.name for seat in march.seats.all()] == ["架空 一子"]


def test_a_term_that_ends_soon_is_named_until_a_successor_is_on_the_roster():
    council = factories.council()
    ending = factories.member(council, 0, last_day=date(2026, 12, 31))
    day = date(2026, 11, 22)

    before = members_to_renew(council, day)
    factories.member(council, 0, first_day=date(2027, 1, 1), last_day=date(2028, 3, 31))
    after = members_to_renew(council, day)

    assert (before, after) == ([ending], [])


def whole_meeting() -> Meeting:
    """A meeting with a public and a closed item, held, with minutes and fees."""
    council = factories.full_council()
    with clock.told_at(BEFORE):
        meeting = factories.meeting(council, DAY)
        factories.item(meeting, "入退院調整ルールの改訂", text="第3版の案について")
        factories.item(
            meeting, f"{SECRET}の取り扱い", audience="closed", closed_reason="法人の情報を含むため"
        )
        opened, closed = meeting.items.all()
        door = factories.at(meeting)
        for number, title, item, audience in (
            ("資料1", "ルール第3版（案）", opened, "public"),
            ("資料2", f"{SECRET}の一覧", closed, "public"),
            ("資料3", f"{SECRET}の参考", None, "closed"),
        ):
            minutes.add_material(
                door=door,
                fields={"number": number, "title": title, "item": item, "audience": audience},
                content=None,
                name="",
            )
        factories.call(
            meeting,
            call_on=BEFORE.date(),
            reply_by=date(2026, 10, 30),
            document_number="架高第12号",
        )
    with clock.told_at(AFTER):
        factories.held(meeting)
        factories.line(meeting, "第3版の案を説明した。", item=opened, speaker="架空 一子")
        factories.line(
            meeting, "第3版を4月から使う。", item=opened, outcome="decided",
            owner="入退院調整部会", due_on=date(2027, 3, 31),
        )  # fmt: skip
        factories.line(meeting, f"{SECRET}について話した。", item=closed)
        factories.line(meeting, f"{SECRET}の委員名", item=opened, audience="closed")
        seats = list(meeting.seats.all())
        fees.decide_fees(door=factories.at(meeting), pays={one.pk: Pay(8000, 500) for one in seats})
    meeting.refresh_from_db()
    return meeting


def text_of(content: bytes, form: str) -> str:
    """Everything a file holds: its text, its properties, its parts."""
    if form == "pdf":
        reader = pypdf.PdfReader(io.BytesIO(content))
        words = "".join(page.extract_text() for page in reader.pages)
        return (
            words + str(reader.metadata) + str(reader.xmp_metadata and reader.xmp_metadata.dc_title)
        )
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def plain(text: str) -> str:
    return "".join(text.split())


def test_t_b1a_one_meeting_yields_every_paper_without_retyping():
    meeting = whole_meeting()

    made = {
        (paper.code, form): plain(text_of(paper_file(meeting, paper, form), form))
        for paper in PAPERS
        for form in ("pdf", "docx")
    }

    for form in ("pdf", "docx"):
        for code in ("call", "agenda", "minutes", "summary", "public-agenda"):
            assert "入退院調整ルールの改訂" in made[code, form], (code, form)
        for code in ("agenda", "call", "minutes", "summary"):
            assert "令和8年11月10日（火）午後2時から午後3時30分まで" in made[code, form]
        for code in ("roster", "attendance", "minutes", "fees"):
            assert "架空三代" in made[code, form], (code, form)
        assert "架高第12号" in made["call", form]
        assert "第3版を4月から使う。" in made["minutes", form]
        assert "第3版を4月から使う。" in made["summary", form]
        assert "入退院調整部会" in made["summary", form]
        assert "架空一子" not in made["summary", form]
        assert "21,549" not in made["fees", form]
    assert "受付番号" in made["call", "pdf"]


def test_t_b1b_what_is_closed_stands_in_no_public_file_nor_its_properties():
    meeting = whole_meeting()
    inside = paper_called("minutes")
    assert inside is not None
    assert SECRET in plain(text_of(paper_file(meeting, inside, "docx"), "docx"))

    public = [
        text_of(paper_file(meeting, paper, form), form)
        for paper in PAPERS
        if paper.public
        for form in ("pdf", "docx")
    ]
    public.append(text_of(public_xlsx(meeting.council, [meeting]), "xlsx"))

    assert len(public) == 5
    for text in public:
        assert SECRET not in plain(text)
        assert "入退院調整ルールの改訂" in plain(text)


def test_t_b1b_a_meeting_closed_as_a_whole_has_no_public_content():
    meeting = whole_meeting()
    meeting.audience, meeting.closed_reason = "closed", "個人の情報を扱うため"
    meeting.save()

    summary = paper_called("summary")
    assert summary is not None
    text = plain(text_of(paper_file(meeting, summary, "docx"), "docx"))

    assert "入退院調整ルールの改訂" not in text
    assert "第3版" not in text


def test_fees_are_reckoned_to_the_yen_and_the_total_is_the_sum_of_rounded_amounts():
    # 10.21 % of 7,999 is 816.6979; of 8,000 is 816.8.
    assert [tax_of(7999, Decimal("10.21")), tax_of(8000, Decimal("10.21"))] == [816, 816]
    assert tax_of(10000, Decimal("3.063")) == 306
    assert total_of([Fee(8000, 816, 500)] * 3) == Fee(24000, 2448, 1500)
    assert Fee(24000, 2448, 1500).paid == 23052


def test_fees_follow_the_rate_in_force_on_the_day_of_the_meeting():
    meeting = whole_meeting()
    seats = list(meeting.seats.all())
    assert [(one.fee_yen, one.tax_yen, one.travel_yen) for one in seats] == [(8000, 816, 500)] * 3
    assert fees_xlsx(meeting)[:2] == b"PK"

    area = meeting.council.area
    rate = WithholdingRate.objects.get(area=None, code="fee")
    assert area is not None
    councils.set_rate(
        viewer=factories.viewer(factories.sato()),
        area=area,
        rate=rate,
        percent=Decimal("3.063"),
        from_day=DAY,
    )
    with clock.told_at(AFTER):
        fees.decide_fees(door=factories.at(meeting), pays={seats[0].pk: Pay(8000)})
    seats[0].refresh_from_db()

    assert (seats[0].tax_percent, seats[0].tax_yen) == (Decimal("3.063"), 245)
    with pytest.raises(ValidationError, match="この日以降の率"):
        councils.set_rate(
            viewer=factories.viewer(factories.sato()),
            area=area,
            rate=rate,
            percent=Decimal(1),
            from_day=date(2026, 4, 1),
        )


def test_a_decision_without_owner_or_date_cannot_be_made():
    meeting = whole_meeting()
    item = meeting.items.first()

    with clock.told_at(AFTER), pytest.raises(ValidationError) as refused:
        factories.line(meeting, "決めた。", item=item, outcome="decided")

    assert set(refused.value.message_dict) == {"owner", "due_on"}
    # Whoever goes past the service meets the database.
    line = MinutesLine(meeting=meeting, place_number=99, text="決めた。", outcome="decided")
    with pytest.raises(ValidationError, match="担当と期限"):
        line.validate_constraints()


def test_a_decision_becomes_an_action_and_follows_its_line_until_somebody_begins():
    meeting = whole_meeting()
    action = Action.objects.get(line__meeting=meeting)
    assert (action.owner, action.due_on, action.council) == (
        "入退院調整部会",
        date(2027, 3, 31),
        meeting.council,
    )
    line = action.line
    assert line is not None
    door = factories.at(meeting)

    with clock.told_at(AFTER):
        minutes.write_line(door=door, fields={"owner": "高齢者支援課"}, line=line)
    action.refresh_from_db()
    assert action.owner == "高齢者支援課"

    council_at = factories.door(meeting.council)
    minutes.change_action(door=council_at, action=action, fields={"state": ActionState.DOING})
    with clock.told_at(AFTER), pytest.raises(ValidationError, match="もう始まっています"):
        minutes.write_line(door=door, fields={"outcome": "continued"}, line=line)
    with pytest.raises(ValidationError, match="結果"):
        minutes.change_action(door=council_at, action=action, fields={"state": ActionState.DONE})


def test_the_minutes_can_be_taken_back_only_with_an_action_nobody_began():
    meeting = whole_meeting()
    line = MinutesLine.objects.get(outcome="decided")

    with clock.told_at(AFTER):
        minutes.remove_line(door=factories.at(meeting), line=line)

    assert not Action.objects.exists()


def test_a_meeting_goes_step_by_step_and_says_what_is_missing():
    council = factories.full_council()
    with clock.told_at(BEFORE):
        meeting = factories.meeting(council, DAY)
        door = factories.at(meeting)
        with pytest.raises(ValidationError, match="開催通知の画面"):
            meetings.move_on(door=door, to=MeetingState.CALLED)
        factories.call(meeting)
        with pytest.raises(ValidationError, match="議題"):
            meetings.move_on(door=door, to=MeetingState.MATERIALS_SENT)
        factories.item(meeting, "報告")
        meetings.move_on(door=door, to=MeetingState.MATERIALS_SENT)
        with pytest.raises(ValidationError, match="始まっていません"):
            factories.held(meeting)
    with clock.told_at(AFTER):
        factories.held(meeting)
        with pytest.raises(ValidationError, match="議事録がまだ"):
            meetings.move_on(door=door, to=MeetingState.MINUTES_DRAFT)
        factories.line(meeting, "報告した。", item=meeting.items.first(), outcome="reported")
        for state in (
            MeetingState.MINUTES_DRAFT,
            MeetingState.MINUTES_CONFIRMED,
            MeetingState.PUBLISHED,
        ):
            meetings.move_on(door=door, to=state)
        with pytest.raises(ValidationError, match="確定"):
            factories.line(meeting, "後から")
        with pytest.raises(ValidationError, match="報償費"):
            meetings.move_on(door=door, to=MeetingState.CLOSED)
        meetings.move_back(door=door)
        meetings.move_back(door=door)

    meeting.refresh_from_db()
    assert (meeting.state, meeting.published_at) == (MeetingState.MINUTES_DRAFT, None)


def test_answers_come_by_account_paper_and_phone():
    council = factories.council()
    member = factories.member(council, 0, user=accounts.takahashi())
    factories.member(council, 1)
    with clock.told_at(BEFORE):
        meeting = factories.meeting(council, DAY)
        factories.call(meeting)
        own = factories.at(meeting, accounts.takahashi())
        seat = Seat.objects.get(member=member)

        meetings.answer_seat(door=own, seat=seat, answer=Answer.COMES, way=AnswerWay.ACCOUNT)
        other = Seat.objects.exclude(member=member).get()
        with pytest.raises(ValidationError, match="代理の人"):
            meetings.answer_seat(
                door=factories.at(meeting), seat=other, answer=Answer.PROXY, way=AnswerWay.PHONE
            )

    assert (seat.answer, seat.answered_way) == (Answer.COMES, AnswerWay.ACCOUNT)


def test_who_sees_a_council():
    council = factories.council(office=factories.desk().memberships.get().organisation)
    factories.member(council, 0, user=accounts.takahashi())
    seen = {
        name: council_door(factories.viewer(user), council.uid)
        for name, user in (
            ("city", factories.sato()),
            ("desk", factories.desk()),
            ("member", accounts.takahashi()),
        )
    }

    assert {name: (one.owns, one.clerks, one.sits) for name, one in seen.items()} == {
        "city": (True, True, False),
        "desk": (False, True, False),
        "member": (False, False, True),
    }
    for stranger in (accounts.suzuki(), factories.other_town()):
        with pytest.raises(Council.DoesNotExist):
            council_door(factories.viewer(stranger), council.uid)


def test_a_member_does_not_see_a_plan_nor_another_council():
    council = factories.council()
    factories.member(council, 0, user=accounts.takahashi())
    other = factories.council(name="よその部会")
    with clock.told_at(BEFORE):
        meeting = factories.meeting(council, DAY)

    with pytest.raises(Meeting.DoesNotExist):
        meeting_door(factories.viewer(accounts.takahashi()), meeting.uid)
    assert other not in councils_seen_by(factories.viewer(accounts.takahashi()))


def test_a_group_serves_whom_its_council_serves_and_cannot_stand_above_it():
    council = factories.council()
    group = factories.council(name="入退院調整部会", kind="group", parent=council)

    with pytest.raises(ValidationError, match="上の会議体に選べません"):
        councils.change_council(door=factories.door(council), fields={"parent": group})
    with pytest.raises(ValidationError, match="地域ケア会議だけ"):
        factories.council(name="だめな協議会", is_substitute=True)

    assert (group.area, group.agreement) == (council.area, None)


def test_t_buk1_the_table_of_groups_comes_from_data():
    # Source: domain/source-features.md §5 (S2): group, what it does, how it stands, item, scenes.
    council = factories.council(name="行田市の協議会の例")
    for name, work, state, items, scenes in (
        (
            "入退院調整部会",
            "「市民と医療・介護連携のための行田市入退院調整手続き」の作成・改訂",
            "改訂した。事業所に郵送し、市のサイトに載せた",
            ["d"],
            ["hospital", "acute"],
        ),
        (
            "患者情報共有・ICT部会",
            "MCSの利用、わたしの人生ファイル",
            "MCSの患者13人、医師3人（2023年5月）。ファイル618部（2023年9月30日）",
            ["d"],
            ["daily", "acute", "end"],
        ),
        ("ふらっと（研修）部会", "研修の企画と運営", "年2回、センターが年4回", ["f"], []),
        (
            "普及啓発部会",
            "広報誌「行田人」",
            "年3回。第16号まで",
            ["d", "g"],
            ["daily", "hospital", "acute", "end"],
        ),
        ("病院有床部会", "", "", [], []),
    ):
        factories.council(
            name=name, kind="group", parent=council, work=work, state_text=state, items=items,
            scenes=scenes,
        )  # fmt: skip

    rows = group_rows(groups_of(council), inside=True)

    assert [(one.council.name, one.items, one.scenes) for one in rows] == [
        ("入退院調整部会", "（エ）", "入退院支援、急変時の対応"),
        ("患者情報共有・ICT部会", "（エ）", "日常の療養支援、急変時の対応、看取り"),
        ("ふらっと（研修）部会", "（カ）", ""),
        (
            "普及啓発部会",
            "（エ）、（キ）",
            "日常の療養支援、入退院支援、急変時の対応、看取り",
        ),
        ("病院有床部会", "", ""),
    ]
    assert (rows[4].work, rows[4].state) == ("報告なし", "報告なし")
    assert "618部" in rows[1].state


def test_the_whole_way_in_the_browser_pages():
    council = factories.full_council()
    client = accounts.sign_in(Client(), factories.sato())
    with clock.told_at(BEFORE):
        meeting = factories.meeting(council, DAY)
        page = f"/planning/councils/meetings/{meeting.uid}/"
        assert client.get("/planning/councils/").status_code == 200
        assert client.get(f"/planning/councils/{council.uid}/").status_code == 200
        assert client.get(page).status_code == 200
        assert client.get(f"{page}agenda/add/").status_code == 200
        client.post(
            f"{page}agenda/add/", {"kind": "report", "title": "年間の計画", "audience": "public"}
        )
        assert [one.title for one in meeting.items.all()] == ["年間の計画"]
        assert client.get(f"{page}call/").status_code == 200
        client.post(f"{page}call/", {"call_on": "2026-10-01", "reply_by": "2026-10-20"})
        seat = Seat.objects.filter(meeting=meeting)[0]
        answer = client.post(
            f"{page}seats/{seat.uid}/",
            {"answer": "proxy", "way": "phone", "proxy_name": "代理 太郎"},
        )
        assert answer.status_code == 302
        assert client.get(f"{page}calendar.ics").content.startswith(b"BEGIN:VCALENDAR")
    with clock.told_at(AFTER):
        assert client.get(f"{page}attendance/").status_code == 200
        posted = {f"seat{one.pk}": Attendance.CAME for one in meeting.seats.all()}
        assert client.post(f"{page}attendance/", posted | {"guest_count": "3"}).status_code == 302
        assert client.get(f"{page}fees/").status_code == 200
        pays = {f"fee{one.pk}": 8000 for one in meeting.seats.all()}
        pays |= {f"travel{one.pk}": 0 for one in meeting.seats.all()}
        assert client.post(f"{page}fees/", pays).status_code == 302
        item = meeting.items.get()
        line = {"item": item.pk, "text": "始める。", "audience": "public", "outcome": "decided"}
        assert client.post(f"{page}minutes/add/", line).status_code == 422
        line |= {"owner": "高齢者支援課", "due_on": "2026-12-01"}
        assert client.post(f"{page}minutes/add/", line).status_code == 302
        shown = client.get(page).content.decode()
        assert "始める。" in shown
        assert "差引支給額" in shown
        assert client.get(f"{page}papers/minutes.pdf").content.startswith(b"%PDF")
        assert client.get(f"{page}papers/none.pdf").status_code == 404
        assert "高齢者支援課" in client.get("/planning/councils/actions/").content.decode()
        assert client.get("/planning/councils/withholding/").status_code == 200
        assert client.get(f"/planning/councils/{council.uid}/groups/").status_code == 200
