"""Two years of a council and its 部会: six meetings with their minutes, and one to come."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from renkei.demo.care import viewer_named
from renkei.foundation.accounts.models import User
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock
from renkei.programme.planning.models import (
    Action,
    ActionState,
    Answer,
    AnswerWay,
    Attendance,
    Council,
    Meeting,
    MeetingState,
)
from renkei.programme.planning.queries.councils import council_door
from renkei.programme.planning.queries.meetings import MeetingDoor, meeting_door, seats_of
from renkei.programme.planning.services import councils, fees, meetings, minutes
from renkei.programme.planning.services.fees import Pay

Say = Callable[[str], None]
CITY: Final = "kawase"
# (name, kana, profession, 所属, 職名, role, account, paid)
MEMBERS: Final = (
    ("並木 研二", "ナミキ ケンジ", "医師", "架空市医師会", "会長", "chair", "namiki", True),
    ("白井 透", "シライ トオル", "医師", "しおかぜ医院", "院長", "deputy", "shirai", True),
    ("潮田 まこと", "シオタ マコト", "歯科医師", "架空市歯科医師会", "理事", "member", "", True),
    ("宮下 航", "ミヤシタ ワタル", "薬剤師", "はまべ薬局", "", "member", "miyashita", True),
    (
        "早川 みのり",
        "ハヤカワ ミノリ",
        "看護師",
        "訪問看護ステーション みなも",
        "管理者",
        "member",
        "hayakawa",
        True,
    ),
    (
        "大森 千景",
        "オオモリ チカゲ",
        "介護支援専門員",
        "居宅介護支援事業所 つむぎ",
        "",
        "member",
        "omori",
        True,
    ),
    (
        "千鳥 恵",
        "チドリ メグミ",
        "医療ソーシャルワーカー",
        "架空市立中央病院",
        "地域連携室",
        "member",
        "chidori",
        True,
    ),
    ("渚 あかり", "ナギサ アカリ", "住民", "架空市老人クラブ連合会", "", "member", "", True),
    (
        "浜口 守",
        "ハマグチ マモル",
        "救急隊員",
        "架空広域消防本部",
        "警防課",
        "member",
        "shirei",
        False,
    ),
    ("岬 亮", "ミサキ リョウ", "保健師", "架空県 東部保健所", "", "observer", "misaki", False),
)
# Left the council when the last term ended.
FORMER: Final = ("磯部 定", "イソベ サダム", "薬剤師", "架空市薬剤師会", "", "member", "", True)
GROUPS: Final[tuple[tuple[str, str, str, list[str], list[str]], ...]] = (
    (
        "入退院調整部会",
        "「架空市 入退院調整ルール」の作成と改訂",
        "第3版に改訂し、医療機関と介護事業所に知らせた",
        ["d"],
        ["hospital", "acute"],
    ),
    (
        "情報共有・ICT部会",
        "情報共有の道具の利用を広げ、使い方を決める",
        "使う事業所が増え、使い方の手引きを直している",
        ["d"],
        ["daily", "acute", "end"],
    ),
    (
        "研修部会",
        "多職種研修の企画と実施",
        "年2回開く。今年度の主題は看取り",
        ["f"],
        ["daily", "end"],
    ),
    (
        "普及啓発部会",
        "広報誌と出前講座",
        "広報誌を年3回出している",
        ["d", "g"],
        ["daily", "hospital", "acute", "end"],
    ),
    ("病院有床部会", "", "", [], []),
)


@dataclass(frozen=True, slots=True)
class Talk:
    """One item and what came of it. ``due``: days after the meeting."""

    title: str
    kind: str
    said: Sequence[tuple[str, str]]
    outcome: str
    result: str
    owner: str = ""
    due: int = 0
    closed: str = ""
    done: str = ""


MEETINGS: Final[tuple[tuple[int, tuple[Talk, ...]], ...]] = (
    (
        520,
        (
            Talk(
                "在宅医療・介護連携推進事業の計画について",
                "discussion",
                (
                    ("事務局", "4つの場面ごとに、めざす姿と取り組みを説明した。"),
                    ("並木 研二", "急変時の取り組みが少ない。病院と消防に加わってもらいたい。"),
                ),
                "decided",
                "急変時の対応を話し合うため、消防本部に委員を頼む。",
                "高齢者支援課",
                60,
                done="消防本部から委員の推薦を受けた。",
            ),
            Talk(
                "資源の把握の調べ方について",
                "report",
                (("事務局", "公表された情報を先に使い、足りない項目だけを調べる。"),),
                "reported",
                "施設の調査は年1回、紙とウェブで行う。",
            ),
        ),
    ),
    (
        400,
        (
            Talk(
                "入退院調整ルール（案）について",
                "vote",
                (
                    ("千鳥 恵", "入院から3日のうちに情報が届くと、退院の準備が早く始められる。"),
                    ("大森 千景", "土日の入院では、ケアマネジャーに連絡が遅れることがある。"),
                ),
                "decided",
                "入退院調整ルールを4月から使い、説明会を開く。",
                "入退院調整部会",
                120,
                done="説明会を2回開き、38事業所が参加した。",
            ),
            Talk(
                "特定の医療機関の診療体制について",
                "discussion",
                (("白井 透", "夜間の往診の分担を、医療機関ごとに確かめた。"),),
                "continued",
                "夜間の分担は、医師会でもう一度話し合う。",
                closed="法人の経営に関する情報を含むため",
            ),
        ),
    ),
    (
        280,
        (
            Talk(
                "年度の振り返りと次の年度の計画について",
                "discussion",
                (
                    ("事務局", "目標に届いた指標と届かなかった指標を説明した。"),
                    ("早川 みのり", "看取りの研修は、施設の職員にも広げてほしい。"),
                ),
                "decided",
                "施設の職員に向けた看取りの研修を、次の年度の計画に入れる。",
                "研修部会",
                200,
                done="計画に入れ、9月に1回目を開いた。",
            ),
        ),
    ),
    (
        160,
        (
            Talk(
                "情報共有の道具の使い方について",
                "discussion",
                (
                    ("宮下 航", "薬の変更は、その日のうちに書いてもらえると助かる。"),
                    ("早川 みのり", "FAXの事業所にも、同じ内容が届くようにしたい。"),
                ),
                "decided",
                "情報共有の手引きを作り、全事業所に配る。",
                "情報共有・ICT部会",
                120,
            ),
            Talk(
                "住民への普及啓発について",
                "discussion",
                (("渚 あかり", "集まりに来られない人に、どう届けるかを考えてほしい。"),),
                "continued",
                "集まりに来られない人への届け方を、次の会議でも話し合う。",
            ),
        ),
    ),
    (
        45,
        (
            Talk(
                "夜間・休日の連絡先の一覧について",
                "discussion",
                (
                    ("浜口 守", "連絡先が古いと、搬送の途中で確かめられない。"),
                    ("並木 研二", "医師会で、年2回確かめることにしたい。"),
                ),
                "decided",
                "夜間・休日の連絡先を、年2回確かめて配り直す。",
                "架空市医師会",
                30,
            ),
            Talk(
                "看取りの研修の計画について",
                "report",
                (("事務局", "施設の職員に向けた研修を、冬にもう1回開く。"),),
                "reported",
                "1月に2回目を開く。",
            ),
        ),
    ),
)
NEXT_IN: Final = 18


def hold_councils(say: Say) -> Council:
    """The council of 架空市, its 部会 and their meetings."""
    viewer = viewer_named(CITY)
    with clock.told_at(_instant(560, "10:00")):
        council = _found(viewer)
        _appoint(viewer, council)
    for days_ago, talks in MEETINGS:
        _hold(viewer, council, days_ago, talks)
    _finish_actions(viewer, council)
    _plan_next(viewer, council)
    _work_in_a_group(viewer, council)
    say("協議会と部会の2年間の会議を用意しました")
    return council


def _found(viewer: Viewer) -> Council:
    fields: dict[str, Any] = {
        "kind": "plenary",
        "legal_basis": "架空市在宅医療・介護連携推進協議会設置要綱",
        "purpose": "在宅医療と介護の連携の課題を取り出し、対応策を話し合う。",
        "items": ["b"],
        "scenes": ["daily", "hospital", "acute", "end"],
        "sender_name": "架空市長",
        "contact_person": "川瀬",
        "phone": "0999-00-0100",
        "fax": "0999-00-0101",
        "fee_yen": 8000,
        "withholding_code": "fee",
    }
    council = councils.make_council(
        viewer=viewer, fields=fields | {"name": "架空市在宅医療・介護連携推進協議会"}
    )
    for name, work, state, items, scenes in GROUPS:
        below = {"kind": "group", "parent": council, "work": work, "state_text": state}
        councils.make_council(
            viewer=viewer,
            fields=fields
            | below
            | {"name": name, "items": items, "scenes": scenes, "purpose": "", "fee_yen": 0},
        )
    return council


def _appoint(viewer: Viewer, council: Council) -> None:
    first = clock.today()
    for row in MEMBERS:
        _member(viewer, council, row, first, date(first.year + 3, 3, 31))
    _member(viewer, council, FORMER, first, date(first.year + 1, 3, 31))


def _member(viewer: Viewer, council: Council, row: Sequence[Any], first: date, last: date) -> None:
    name, kana, profession, office, title, position, local, paid = row
    user = User.objects.filter(email__startswith=f"{local}@").first() if local else None
    councils.add_member(
        door=council_door(viewer, council.uid),
        fields={
            "name": name,
            "kana": kana,
            "profession": profession,
            "organisation_name": office,
            "title": title,
            "position": position,
            "user": user,
            "is_paid": paid,
        },
        first_day=first,
        last_day=last,
    )


def _planned(viewer: Viewer, council: Council, begins_at: datetime) -> MeetingDoor:
    meeting = meetings.plan_meeting(
        door=council_door(viewer, council.uid),
        fields={
            "begins_at": begins_at,
            "minutes": 90,
            "mode": "both",
            "place": "架空市役所 2階 大会議室",
        },
    )
    return meeting_door(viewer, meeting.uid)


def _hold(viewer: Viewer, council: Council, days_ago: int, talks: Sequence[Talk]) -> None:
    begins_at = _instant(days_ago, "14:00")
    with clock.told_at(_instant(days_ago + 30, "09:30")):
        door = _planned(viewer, council, begins_at)
        for number, talk in enumerate(talks, 1):
            _propose(door, number, talk)
        _call(door, begins_at)
    with clock.told_at(_instant(days_ago - 1, "10:00")):
        seats = seats_of(door.meeting)
        came = dict.fromkeys((one.pk for one in seats), Attendance.CAME)
        came[seats[3].pk], came[seats[7].pk] = Attendance.ABSENT, Attendance.CAME_BY_WEB
        meetings.record_attendance(door=door, came=came, proxies={}, guest_count=2)
        for talk, item in zip(talks, door.meeting.items.all(), strict=True):
            _write(door, talk, item)
        pays = {one.pk: Pay(8000) for one in seats if one.member.is_paid}
        fees.decide_fees(door=door, pays=pays)
        for state in (
            MeetingState.MINUTES_DRAFT,
            MeetingState.MINUTES_CONFIRMED,
            MeetingState.PUBLISHED,
            MeetingState.CLOSED,
        ):
            meetings.move_on(door=door, to=state)


def _propose(door: MeetingDoor, number: int, talk: Talk) -> None:
    item = minutes.write_item(
        door=door,
        fields={
            "kind": talk.kind,
            "title": talk.title,
            "presenter": "事務局",
            "planned_minutes": 30,
            "audience": "closed" if talk.closed else "public",
            "closed_reason": talk.closed,
        },
    )
    minutes.add_material(
        door=door,
        fields={
            "number": f"資料{number}",
            "title": f"{talk.title.removesuffix('について')}",
            "item": item,
            "audience": item.audience,
        },
        content=None,
        name="",
    )


def _call(door: MeetingDoor, begins_at: datetime) -> None:
    today = clock.today()
    meetings.call_meeting(
        door=door,
        fields={
            "document_number": f"架高第{100 + door.meeting.number}号",
            "call_on": today,
            "reply_by": begins_at.date() - timedelta(days=7),
            "call_note": "会場の駐車場をお使いになれます。Webで出席される方には、別に入り方をお知らせします。",
        },
    )


def _write(door: MeetingDoor, talk: Talk, item: Any) -> None:
    for speaker, text in talk.said:
        fields: Mapping[str, Any] = {"item": item, "speaker": speaker, "text": text}
        minutes.write_line(door=door, fields={**fields, "in_summary": True})
    due = None
    if talk.outcome == "decided":
        due = meetings.day_of(door.meeting) + timedelta(days=talk.due)
    minutes.write_line(
        door=door,
        fields={
            "item": item,
            "text": talk.result,
            "outcome": talk.outcome,
            "owner": talk.owner,
            "due_on": due,
        },
    )


def _finish_actions(viewer: Viewer, council: Council) -> None:
    door = council_door(viewer, council.uid)
    results = {talk.result: talk.done for _, talks in MEETINGS for talk in talks if talk.done}
    for action in Action.objects.filter(council=council, text__in=results):
        with clock.told_at(datetime.combine(action.due_on, time(16), tzinfo=clock.TOKYO)):
            minutes.change_action(
                door=door,
                action=action,
                fields={"state": ActionState.DONE, "result": results[action.text]},
            )


def _plan_next(viewer: Viewer, council: Council) -> None:
    begins_at = _instant(-NEXT_IN, "14:00")
    with clock.told_at(_instant(6, "09:30")):
        door = _planned(viewer, council, begins_at)
        open_line = door.meeting.council.meetings.filter(
            lines__outcome="continued", lines__audience="public", lines__item__audience="public"
        ).values_list("lines", flat=True)
        minutes.write_item(
            door=door,
            fields={
                "kind": "discussion",
                "title": "集まりに来られない人への届け方について",
                "presenter": "普及啓発部会",
                "planned_minutes": 40,
                "continues_id": open_line.last(),
            },
        )
        minutes.write_item(
            door=door,
            fields={
                "kind": "report",
                "title": "年度の途中の実績について",
                "presenter": "事務局",
                "planned_minutes": 20,
            },
        )
        _call(door, begins_at)
    with clock.told_at(_instant(3, "11:00")):
        answers = (
            (0, Answer.COMES, AnswerWay.ACCOUNT),
            (2, Answer.COMES, AnswerWay.PAPER),
            (4, Answer.COMES_BY_WEB, AnswerWay.ACCOUNT),
            (7, Answer.ABSENT, AnswerWay.PHONE),
        )
        seats = seats_of(door.meeting)
        for place, answer, way in answers:
            meetings.answer_seat(door=door, seat=seats[place], answer=answer, way=way)


def _work_in_a_group(viewer: Viewer, council: Council) -> Meeting:
    group = council.groups.get(name="入退院調整部会")
    begins_at = _instant(80, "15:00")
    with clock.told_at(_instant(100, "10:00")):
        for row in (MEMBERS[5], MEMBERS[6], MEMBERS[4]):
            _member(viewer, group, row, clock.today(), date(clock.today().year + 2, 3, 31))
    with clock.told_at(_instant(90, "09:30")):
        door = _planned(viewer, group, begins_at)
        minutes.write_item(door=door, fields={"kind": "discussion", "title": "第3版の案について"})
        meetings.call_meeting(door=door, fields={"call_on": clock.today()})
    with clock.told_at(_instant(79, "10:00")):
        came = dict.fromkeys((one.pk for one in seats_of(door.meeting)), Attendance.CAME)
        meetings.record_attendance(door=door, came=came, proxies={}, guest_count=None)
    return door.meeting


def _instant(days_ago: int, at: str) -> datetime:
    day = clock.today() - timedelta(days=days_ago)
    return datetime.combine(day, time.fromisoformat(at), tzinfo=clock.TOKYO)
