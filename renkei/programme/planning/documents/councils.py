"""What a meeting puts out: 開催通知, 次第, 名簿, 議事録, 公開用要旨, 報償費支給調書.

All are set from the rows of the meeting. ``public`` documents are made from the public queries
alone: what is closed is not hidden in them, it was never there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from renkei.foundation.common import clock
from renkei.foundation.common.documents.letters import (
    Block,
    Boxes,
    Cut,
    Facts,
    FillIn,
    Heading,
    Line,
    Mark,
    PageBreak,
    Space,
    Table,
    letter_docx,
    letter_pdf,
)
from renkei.foundation.common.documents.pdf import head
from renkei.foundation.common.documents.word import WordColumn
from renkei.foundation.common.eras import FiscalYear, format_long
from renkei.programme.planning.fees import Fee, total_of
from renkei.programme.planning.models import (
    CAME,
    AgendaItem,
    Answer,
    Attendance,
    Audience,
    Council,
    Meeting,
    MeetingMode,
    MinutesLine,
    Outcome,
    Position,
    Seat,
)
from renkei.programme.planning.queries.meetings import (
    items_of,
    lines_of,
    materials_of,
    seats_of,
)
from renkei.programme.planning.services.meetings import day_of

WEEKDAYS: Final = "月火水木金土日"
# How a letter of an office greets at any time of the year.
GREETING: Final = "時下ますますご清栄のこととお喜び申し上げます。"
THANKS: Final = (
    "日頃から本市町村の在宅医療・介護連携の推進にご理解とご協力をいただき、厚くお礼申し上げます。"
)
NONE_YET: Final = "記録なし"
PAPER_ANSWERS: Final = ("出席", "Webで出席", "代理が出席", "欠席")


def name_of(meeting: Meeting) -> str:
    """令和8年度第2回 架空市在宅医療・介護連携推進協議会"""
    return f"{FiscalYear(meeting.fiscal_year).label}第{meeting.number}回 {meeting.council.name}"


def day_text(day: date) -> str:
    """令和8年11月20日（金）, as letters write it."""
    return f"{format_long(day)}（{WEEKDAYS[day.weekday()]}）"


def time_text(moment: datetime) -> str:
    """午後2時, 午後1時30分"""
    local = moment.astimezone(clock.TOKYO)
    half = "午前" if local.hour < 12 else "午後"  # noqa: PLR2004 - noon
    hour = local.hour if local.hour <= 12 else local.hour - 12  # noqa: PLR2004 - noon
    return f"{half}{hour}時{f'{local.minute}分' if local.minute else ''}"


def when_text(meeting: Meeting) -> str:
    """Day and time from … to."""
    return (
        f"{day_text(day_of(meeting))}"
        f"{time_text(meeting.begins_at)}から{time_text(meeting.ends_at)}まで"
    )


def where_text(meeting: Meeting) -> str:
    """The place with the way of meeting."""
    if meeting.mode == MeetingMode.WRITTEN:
        return "書面開催（集まりません）"
    if meeting.mode == MeetingMode.ROOM:
        return meeting.place
    return f"{meeting.place}（{meeting.get_mode_display()}）".removeprefix("（").strip()


def sender_of(council: Council) -> str:
    """Who the letter is from."""
    return council.sender_name or council.owner.name


# 開催通知 -------------------------------------------------------------------------------------


def call_blocks(meeting: Meeting, seats: Sequence[Seat] | None = None) -> list[Block]:
    """One letter for each seat with its reply slip; without seats one to 委員各位."""
    if not seats:
        return [*_letter(meeting, "委員　各位"), *_slip(meeting, None)]
    blocks: list[Block] = []
    for number, seat in enumerate(seats):
        if number:
            blocks.append(PageBreak())
        who = "　".join(filter(None, (seat.organisation_name, seat.title, f"{seat.name}　様")))
        blocks += [*_letter(meeting, who), *_slip(meeting, seat)]
    return blocks


def _letter(meeting: Meeting, addressee: str) -> list[Block]:
    council = meeting.council
    name = name_of(meeting)
    items = items_of(meeting)
    written = meeting.mode == MeetingMode.WRITTEN
    ask = (
        "書面により開催しますので、資料をご確認ください。"
        if written
        else (
            "下記のとおり開催しますので、ご多用のところ恐縮ですが、ご出席くださいますようお願いいたします。"
        )
    )
    return [
        *([Line(meeting.document_number, align="right")] if meeting.document_number else []),
        Line(format_long(meeting.call_on or clock.today()), align="right"),
        Line(addressee),
        Line(sender_of(council), align="right"),
        Space(2),
        Heading(f"{name}の開催について（通知）", 1, align="center", size=13),
        Line(f"{GREETING}{THANKS}", indent=True),
        Line(f"さて、{name}を{ask}", indent=True),
        *([Line(meeting.call_note)] if meeting.call_note else []),
        Line("記", align="center"),
        Facts(
            (
                ("1　日時", when_text(meeting)),
                ("2　場所", where_text(meeting)),
                (
                    "3　議題",
                    "\n".join(f"({place}) {one.title}" for place, one in enumerate(items, 1))
                    or "後日お知らせします。",
                ),
                ("4　問い合わせ", _contact(council)),
            )
        ),
        Line("以上", align="right"),
    ]


def _contact(council: Council) -> str:
    lines = [
        "　".join(
            filter(
                None,
                (council.office.name, council.contact_person and f"担当 {council.contact_person}"),
            )
        ),
        "　".join(
            f"{label} {value}"
            for label, value in (
                ("電話", council.phone or council.office.phone),
                ("FAX", council.fax),
                ("メール", council.email),
            )
            if value
        ),
    ]
    return "\n".join(filter(None, lines))


def _slip(meeting: Meeting, seat: Seat | None) -> list[Block]:
    council = meeting.council
    until = f"{day_text(meeting.reply_by)}までに" if meeting.reply_by else ""
    ways = f"FAX {council.fax}" if council.fax else council.office.name
    who = f"{seat.organisation_name}　{seat.name}" if seat else ""
    web = meeting.mode in (MeetingMode.WEB, MeetingMode.BOTH)
    words = PAPER_ANSWERS if web else tuple(one for one in PAPER_ANSWERS if "Web" not in one)
    return [
        Cut("切り取らずに、このまま送り返してください"),
        Line(f"出欠の返事　{until}{ways}へ", bold=True, size=12),
        Line(f"{name_of(meeting)}　{day_text(day_of(meeting))}"),
        *([Line(who, bold=True)] if who else []),
        Boxes(words),
        FillIn(("代理の方の氏名", "連絡事項") if who else ("所属・氏名", "代理の方の氏名"), 9),
        *(
            [Mark(seat.ticket.qr_text(1), seat.ticket.number)]
            if seat is not None and seat.ticket is not None
            else []
        ),
    ]


# 次第 -----------------------------------------------------------------------------------------


def agenda_blocks(meeting: Meeting, *, public: bool = False) -> list[Block]:
    """次第, with the papers of each item and the list of 配布資料."""
    materials = materials_of(meeting, public=public)
    blocks: list[Block] = [
        Line(name_of(meeting), align="center", bold=True, size=14),
        Space(2),
        Heading("次　第", 1, align="center", size=16),
        Facts((("日時", when_text(meeting)), ("場所", where_text(meeting)))),
        Heading("1　開会"),
        Heading("2　議事"),
    ]
    items = items_of(meeting, public=public)
    blocks += [_item_line(place, one, public=public) for place, one in enumerate(items, 1)]
    if not items:
        blocks.append(Line("公開する議題はありません。" if public else "議題はまだありません。"))
    blocks.append(Heading("3　閉会"))
    if materials:
        blocks += [
            Heading("配布資料"),
            Table(
                (WordColumn("番号", 28), WordColumn("資料"), WordColumn("", 28)),
                tuple(
                    (one.number, one.title, "当日配布" if one.handed_out_on_the_day else "")
                    for one in materials
                ),
            ),
        ]
    return blocks


def _item_line(place: int, item: AgendaItem, *, public: bool) -> Line:
    papers = "、".join(one.number for one in item.materials.all())
    parts = [
        f"({place}) {item.title}（{item.get_kind_display()}）",
        f"［{papers}］" if papers else "",
        f"　説明：{item.presenter}" if item.presenter else "",
        f"　{item.planned_minutes}分" if item.planned_minutes else "",
    ]
    if not public and item.audience == Audience.CLOSED:
        parts.append("　【非公開】")
    text = "".join(parts)
    return Line(f"{text}\n{_under(item.text)}" if item.text else text, size=11.5)


def _under(text: str) -> str:
    return "\n".join(f"　　{line}" for line in text.splitlines())


# 名簿と出席 ------------------------------------------------------------------------------------


def roster_blocks(meeting: Meeting) -> list[Block]:
    """委員名簿 as of the meeting."""
    rows = tuple(
        (str(number), one.get_position_display(), one.name, _office(one), one.profession)
        for number, one in enumerate(seats_of(meeting), 1)
    )
    return [
        Heading(f"{meeting.council.name}　委員名簿", 1, align="center", size=14),
        Line(f"{format_long(day_of(meeting))}現在（敬称略）", align="right"),
        Table(
            (
                WordColumn("番号", 14),
                WordColumn("区分", 26),
                WordColumn("氏名", 36),
                WordColumn("所属・職名"),
                WordColumn("職種", 38),
            ),
            rows,
        ),
    ]


def _office(seat: Seat) -> str:
    return "　".join(filter(None, (seat.organisation_name, seat.title)))


def attendance_blocks(meeting: Meeting) -> list[Block]:
    """出欠一覧 for the office's own table."""
    held = any(one.attendance != Attendance.UNKNOWN for one in seats_of(meeting))
    rows = tuple(
        (
            one.get_position_display(),
            one.name,
            _office(one),
            one.get_attendance_display() if held else one.get_answer_display(),
            "　".join(filter(None, (one.proxy_name and f"代理 {one.proxy_name}", one.remark))),
        )
        for one in seats_of(meeting)
    )
    return [
        Heading(f"{name_of(meeting)}　出欠一覧", 1, align="center", size=14),
        Line(when_text(meeting), align="center"),
        Line(_counts(meeting, held=held)),
        Table(
            (
                WordColumn("区分", 26),
                WordColumn("氏名", 34),
                WordColumn("所属・職名"),
                WordColumn("出欠", 26),
                WordColumn("備考", 40),
            ),
            rows,
        ),
    ]


def _counts(meeting: Meeting, *, held: bool) -> str:
    seats = seats_of(meeting)
    if held:
        came = sum(1 for one in seats if one.attendance in CAME)
        return f"委員{len(seats)}名のうち{came}名が出席"
    yes = sum(1 for one in seats if one.answer in (Answer.COMES, Answer.COMES_BY_WEB, Answer.PROXY))
    waits = sum(1 for one in seats if one.answer == Answer.WAITING)
    return f"委員{len(seats)}名のうち出席{yes}名、返事待ち{waits}名"


# 議事録と要旨 ----------------------------------------------------------------------------------


def minutes_blocks(meeting: Meeting, *, public: bool = False) -> list[Block]:
    """議事録 with every word; ``public``: 会議の要旨, from the public rows alone."""
    seats = seats_of(meeting)
    came = [one for one in seats if one.attendance in CAME]
    absent = [one for one in seats if one.attendance == Attendance.ABSENT]
    facts = [
        ("日時", when_text(meeting)),
        ("場所", where_text(meeting)),
        ("出席者", _people(came, public=public) or NONE_YET),
    ]
    if absent and not public:
        facts.append(("欠席者", _people(absent, public=public)))
    facts.append(("事務局", meeting.council.office.name))
    if meeting.guest_count is not None:
        facts.append(("傍聴者", f"{meeting.guest_count}名"))
    blocks: list[Block] = [
        Heading(
            f"{name_of(meeting)}　{'会議の要旨' if public else '議事録'}",
            1, align="center", size=14,
        ),
        Facts(tuple(facts)),
    ]  # fmt: skip
    if not public:
        blocks.append(Line(_quorum(meeting, came)))
    lines = lines_of(meeting, public=public)
    for place, item in enumerate(items_of(meeting, public=public), 1):
        mark = "　【非公開】" if not public and item.audience == Audience.CLOSED else ""
        blocks.append(Heading(f"議題{place}　{item.title}{mark}"))
        if not public and item.text:
            blocks.append(Line(item.text))
        blocks += _said([one for one in lines if one.item_id == item.pk], public=public)
    others = [one for one in lines if one.item_id is None]
    if others:
        blocks += [Heading("そのほか"), *_said(others, public=public)]
    decided = [one for one in lines if one.outcome == Outcome.DECIDED]
    if decided:
        blocks += [Heading("決まったこと"), _decisions(decided)]
    return blocks


def _people(seats: Sequence[Seat], *, public: bool) -> str:
    if public:
        # By profession: who said what is not the public's business, who took part is.
        counts: dict[str, int] = {}
        for one in seats:
            counts[one.profession] = counts.get(one.profession, 0) + 1
        listed = "、".join(f"{word}{count}名" for word, count in counts.items())
        return f"委員{len(seats)}名（{listed}）" if seats else ""
    return "\n".join(
        f"{one.get_position_display()}　{one.name}（{_office(one)}）"
        f"{f'　代理 {one.proxy_name}' if one.attendance == Attendance.PROXY else ''}"
        for one in seats
    )


def _quorum(meeting: Meeting, came: Sequence[Seat]) -> str:
    voting = Seat.objects.filter(meeting=meeting).exclude(position=Position.OBSERVER).count()
    there = sum(1 for one in came if one.position != Position.OBSERVER)
    needed = -(-voting * meeting.council.quorum_percent // 100)
    word = "成立" if there >= needed else "定足数に達していません"
    return f"委員{voting}名のうち{there}名が出席（定足数{needed}名）：{word}"


def _said(lines: Sequence[MinutesLine], *, public: bool) -> list[Block]:
    found: list[Block] = []
    for one in lines:
        if one.outcome:
            found.append(Line(f"【{one.get_outcome_display()}】{one.text}", bold=True))
        elif public or not one.speaker:
            found.append(Line(f"・{one.text}"))
        else:
            found.append(Line(f"{one.speaker}：{one.text}"))
    return found or [Line(NONE_YET)]


def _decisions(lines: Sequence[MinutesLine]) -> Table:
    return Table(
        (WordColumn("決まったこと"), WordColumn("担当", 44), WordColumn("期限", 38)),
        tuple(
            (one.text, one.owner, format_long(one.due_on) if one.due_on else "") for one in lines
        ),
    )


# 報償費 ---------------------------------------------------------------------------------------


def fee_of(seat: Seat) -> Fee:
    """What was decided for one seat."""
    return Fee(seat.fee_yen or 0, seat.tax_yen or 0, seat.travel_yen)


def fee_blocks(meeting: Meeting) -> list[Block]:
    """報償費支給調書, to the yen, with the rate it was reckoned by."""
    seats = [one for one in seats_of(meeting) if one.attendance in CAME and one.member.is_paid]
    fees = [fee_of(one) for one in seats]
    total = total_of(fees)
    rows = [
        (
            str(number), one.name, _office(one), _yen(fee.gross),
            f"{one.tax_percent.normalize():f}%" if one.tax_percent is not None else "",
            _yen(fee.tax), _yen(fee.travel), _yen(fee.paid), "",
        )
        for number, (one, fee) in enumerate(zip(seats, fees, strict=True), 1)
    ]  # fmt: skip
    rows.append(
        ("", "合計", f"{len(seats)}名", _yen(total.gross), "", _yen(total.tax),
         _yen(total.travel), _yen(total.paid), "")
    )  # fmt: skip
    return [
        Heading("報償費支給調書", 1, align="center", size=14),
        Facts((("会議", name_of(meeting)), ("日時", when_text(meeting)))),
        Table(
            (
                WordColumn("番号", 13), WordColumn("氏名", 34), WordColumn("所属・職名"),
                WordColumn("報償費", 22), WordColumn("税率", 18), WordColumn("源泉徴収額", 24),
                WordColumn("費用弁償", 22), WordColumn("差引支給額", 26), WordColumn("受領印", 20),
            ),
            tuple(rows),
            ("left", "left", "left", "right", "right", "right", "right", "right", "left"),
        ),
        Line("単位：円。源泉徴収額は、1円未満を切り捨てています。"),
    ]  # fmt: skip


def _yen(amount: int) -> str:
    return f"{amount:,}"


# Which papers there are -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Paper:
    """One kind of paper. ``public``: holds nothing but what is public."""

    code: str
    label: str
    blocks: Callable[[Meeting], list[Block]]
    public: bool = False
    landscape: bool = False
    is_letter: bool = False


PAPERS: Final = (
    Paper("call", "開催通知", call_blocks, is_letter=True),
    Paper("agenda", "次第", agenda_blocks),
    Paper("roster", "委員名簿", roster_blocks),
    Paper("attendance", "出欠一覧", attendance_blocks),
    Paper("minutes", "議事録", minutes_blocks),
    Paper("fees", "報償費支給調書", fee_blocks, landscape=True),
    Paper(
        "public-agenda", "次第（公開用）", lambda one: agenda_blocks(one, public=True), public=True
    ),
    Paper(
        "summary", "会議の要旨（公開用）", lambda one: minutes_blocks(one, public=True), public=True
    ),
)


def paper_called(code: str) -> Paper | None:
    """The paper with this code."""
    return next((one for one in PAPERS if one.code == code), None)


def paper_file(meeting: Meeting, paper: Paper, form: str) -> bytes:
    """The paper as ``pdf`` or ``docx``; its title in the file's properties is its own name."""
    blocks = paper.blocks(meeting)
    if paper.code == "call" and form == "pdf":
        blocks = call_blocks(meeting, seats_of(meeting))
    title = f"{paper.label}　{name_of(meeting)}"
    heading = None
    if not paper.is_letter:
        heading = head(
            town=str(meeting.council.agreement or meeting.council.area),
            name=paper.label,
            issued_on=clock.today(),
            source=meeting.council.office.name,
        )
    make = letter_pdf if form == "pdf" else letter_docx
    return make(blocks, title=title, head=heading, landscape=paper.landscape)
