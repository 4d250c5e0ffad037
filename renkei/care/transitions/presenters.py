"""Stays in words: the list, the page of one stay, its clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.urls import reverse

from renkei.care.patients.models import Patient
from renkei.care.transitions import details
from renkei.care.transitions.axis import Axis, axis_of
from renkei.care.transitions.clock_rules import WORDS, Timer, TimerState, next_timer
from renkei.care.transitions.fees import FEE_WORDS, outlook
from renkei.care.transitions.models import (
    CaseFact,
    CaseState,
    Channel,
    ContactPoint,
    CoordinationCase,
    FactKind,
    Side,
)
from renkei.care.transitions.queries.cases import CaseDoor, facts_of
from renkei.care.transitions.queries.contacts import contact_of
from renkei.care.transitions.queries.forms import case_forms
from renkei.care.transitions.queries.people import care_manager_of
from renkei.care.transitions.rule_content import RuleContent, counting_text
from renkei.care.transitions.services.refreshing import (
    calendars_of,
    content_of,
    derived_of,
    timers_now,
)
from renkei.care.transitions.states import LEFT, Derived, turn_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock
from renkei.foundation.common.calendars import holiday_name
from renkei.foundation.common.clock import TOKYO

K = FactKind
WEEKDAYS: Final = "月火水木金土日"
CHANNEL_ICONS: Final = {
    Channel.PHONE: "phone",
    Channel.FAX: "print",
    Channel.SYSTEM: "pencil",
    Channel.PAPER: "document",
    Channel.MEETING: "people",
}
MARKS: Final = {
    TimerState.FUTURE: "future",
    TimerState.IN_TIME: "in",
    TimerState.SOON: "soon",
    TimerState.OVER: "over",
    TimerState.DONE: "done",
    TimerState.NOT_NEEDED: "plain",
}
# What comes next where no rule says so.
USUALLY_NEXT: Final = {
    CaseState.DRAFT: K.ADMISSION_REGISTERED,
    CaseState.ADMITTED: K.CM_IDENTIFIED,
    CaseState.CM_IDENTIFIED: K.ADMISSION_INFO_SENT,
    CaseState.INFO_SENT: K.SCREENING_DONE,
    CaseState.SUPPORT_STARTED: K.DISCHARGE_NOTIFIED,
    CaseState.DISCHARGE_NOTIFIED: K.CONFERENCE_HELD,
    CaseState.CONFERENCE_SET: K.PLAN_AGREED,
    CaseState.PLAN_READY: K.DISCHARGED,
    CaseState.DISCHARGED: K.FOLLOW_UP_REPORTED,
    CaseState.FOLLOWED_UP: K.CLOSED,
}
QUICK: Final = {
    Side.HOSPITAL: (K.DISCHARGE_NOTIFIED, K.DISCHARGED, K.CONTACT),
    Side.CARE: (K.ADMISSION_INFO_SENT, K.DISCHARGED_WITHOUT_NOTICE, K.CONTACT),
}
# Recorded through pages of their own, or by the platform.
ELSEWHERE: Final = frozenset({K.RETRACTED, K.TRANSFER_NOTIFIED})


def moment_text(instant: datetime) -> str:
    """11月16日（月）16:20; the year where it is not this one."""
    local = instant.astimezone(TOKYO)
    return f"{day_text(local)} {local:%H:%M}"


def day_text(instant: datetime) -> str:
    """11月23日（月・祝）."""
    local = instant.astimezone(TOKYO)
    year = "" if local.year == clock.today().year else f"{local.year}年"
    holiday = "・祝" if holiday_name(local.date()) else ""
    return f"{year}{local.month}月{local.day}日（{WEEKDAYS[local.weekday()]}{holiday}）"


# The list --------------------------------------------------------------------------------


@dataclass(frozen=True)
class CaseLine:
    """One stay in a list."""

    case: CoordinationCase
    url: str
    state: str
    is_leak: bool
    since: str
    mark: str
    word: str
    due: str
    turn: str
    mine: bool


def case_lines(viewer: Viewer, cases: Iterable[CoordinationCase]) -> list[CaseLine]:
    """The lines of a list, from the copies the stays keep: no query per stay."""
    now = clock.now()
    return [_line(viewer, case, now) for case in cases]


def _line(viewer: Viewer, case: CoordinationCase, now: datetime) -> CaseLine:
    mark, word = _mark(case, now)
    own = Side.HOSPITAL if case.hospital_id == viewer.organisation_id else Side.CARE
    due = f"{case.next_code}　{moment_text(case.next_due_at)}まで" if case.next_due_at else ""
    return CaseLine(
        case=case,
        url=reverse("transitions:case_detail", args=[case.uid]),
        state=state_text(case),
        is_leak=case.is_leak,
        since=day_text(case.admitted_at) if case.admitted_at else "",
        mark=mark,
        word=word,
        due=due,
        turn=Side(case.next_side).label if case.next_side else "",
        mine=case.next_side == own,
    )


def _mark(case: CoordinationCase, now: datetime) -> tuple[str, str]:
    if case.next_due_at is None:
        return ("plain", "期限なし") if case.is_open else ("done", "終わり")
    if now > case.next_due_at:
        return "over", "超過"
    soon = case.next_due_at - now <= timedelta(days=1)
    return ("soon", "間近") if soon else ("in", "期限内")


def state_text(case: CoordinationCase) -> str:
    """入院中 5日目, or where else the stay is."""
    words = str(CaseState(case.state).label)
    if case.in_hospital and case.admitted_at is not None:
        days = (clock.today() - case.admitted_at.astimezone(TOKYO).date()).days + 1
        return f"{words}・入院{max(days, 1)}日目"
    return words


# One stay --------------------------------------------------------------------------------


@dataclass(frozen=True)
class TimerLine:
    """One deadline in words."""

    code: str
    label: str
    mark: str
    word: str
    who: str
    done: str
    due: str
    counting: str
    practical: str


@dataclass(frozen=True)
class FactLine:
    """One fact in words, with what became of it."""

    fact: CaseFact
    label: str
    at: str
    words: Sequence[tuple[str, str]]
    who: str
    heard: str
    channel: str
    icon: str
    replaced: str
    correct_url: str
    retract_url: str


@dataclass(frozen=True)
class NextStep:
    """The one thing to do now."""

    title: str
    words: str
    url: str
    button: str
    phone: str
    phone_words: str
    mine: bool
    late: bool


@dataclass(frozen=True)
class Contact:
    """How to reach one side."""

    title: str
    name: str
    person: str
    phone: str
    extension: str
    fax: str
    hours: str
    note: str
    has_account: bool


@dataclass(frozen=True)
class Act:
    """A link to record something."""

    url: str
    label: str


@dataclass(frozen=True)
class FeeLine:
    """One fee as it stands, with its evidence."""

    name: str
    mark: str
    word: str
    evidence: str
    until: str
    unconfirmed: str


@dataclass(frozen=True)
class FormLine:
    """A form the rule uses, with the newest answer about the person."""

    name: str
    fill_url: str
    answer_url: str
    answered: str
    fax_url: str
    record_url: str
    record_words: str
    is_recorded: bool


@dataclass(frozen=True)
class CasePage:
    """Everything the page of one stay shows."""

    case: CoordinationCase
    state: str
    state_mark: str
    rule: str
    rule_url: str
    counting: str
    next: NextStep | None
    timers: Sequence[TimerLine]
    axis: Axis | None
    facts: Sequence[FactLine]
    contacts: Sequence[Contact]
    quick: Sequence[Act]
    others: Sequence[Act]
    transfer_url: str
    arrange_url: str
    previous_url: str
    following: Sequence[str]
    readmission_url: str
    opens_content: bool
    fees: Sequence[FeeLine]
    forms: Sequence[FormLine]


def case_page_of(door: CaseDoor) -> CasePage:
    """Everything the page of one stay shows to this viewer; a fixed number of queries."""
    case = door.case
    derived = derived_of(case)
    rule = content_of(case)
    timers = timers_now(case, derived)
    contacts = contacts_of(case)
    writes = door.may_write
    quick = [act for act in QUICK[door.side] if writes and not _pointless(act, derived)]
    return CasePage(
        case=case,
        state=state_text(case),
        state_mark="over" if case.is_leak else "in" if case.is_open else "done",
        rule=str(case.rule_version) if case.rule_version else "",
        rule_url=_rule_url(case),
        counting=rule.counting if rule else "",
        next=_next_step(door, derived, timers, contacts) if writes and derived.is_open else None,
        timers=[_timer_line(timer) for timer in timers],
        axis=axis_of(timers, derived, calendars_of(case)[Side.HOSPITAL], clock.now()),
        facts=_fact_lines(door),
        contacts=contacts,
        quick=[_act(case, kind) for kind in quick],
        others=_others(door, derived, quick) if writes else (),
        transfer_url=_url("case_transfer", case) if writes and derived.in_hospital else "",
        arrange_url=_url("case_arrange", case) if writes else "",
        previous_url=_url("case_detail", case.previous) if case.previous else "",
        following=[_url("case_detail", one) for one in case.next_cases.order_by("pk")],
        readmission_url=_url("case_detail", case.readmission_of) if case.readmission_of else "",
        opens_content=door.opens_content,
        fees=_fees(door, derived),
        forms=_forms(door, derived, rule),
    )


def _fees(door: CaseDoor, derived: Derived) -> list[FeeLine]:
    """For the care manager's side, which claims; nothing is ever claimed from here."""
    if door.side != Side.CARE:
        return []
    office = calendars_of(door.case)[Side.CARE]
    return [
        FeeLine(
            name=f"{one.rule.name}（{one.rule.units}単位）",
            mark=FEE_WORDS[one.state][0],
            word=FEE_WORDS[one.state][1],
            evidence=one.evidence,
            until=_due_text(one.until) if one.until else "",
            unconfirmed=one.rule.unconfirmed,
        )
        for one in outlook(derived, office, clock.now())
    ]


def _forms(door: CaseDoor, derived: Derived, rule: RuleContent | None) -> list[FormLine]:
    """The rule's forms, for those who read the person's sheets."""
    patient, case = door.patient, door.case
    lines = []
    for form in case_forms(door, rule):
        answer = form.answer
        kind = FactKind(form.fact)
        fact = derived.last(kind)
        sent = bool(answer and fact and fact.detail.get("answer_uid") == str(answer.uid))
        act = _act(case, kind)
        arguments = [patient.uid, answer.uid] if answer else []
        lines.append(
            FormLine(
                name=form.name,
                fill_url=reverse("timelines:sheet_fill", args=[patient.uid, form.code]),
                answer_url=reverse("timelines:answer_detail", args=arguments) if answer else "",
                answered=moment_text(answer.answered_at) if answer else "",
                fax_url=reverse("timelines:answer_fax", args=arguments) if answer else "",
                record_url=f"{act.url}?answer={answer.uid}" if answer and door.may_write else "",
                record_words=act.label,
                is_recorded=sent,
            )
        )
    return lines


def _url(name: str, case: CoordinationCase) -> str:
    return reverse(f"transitions:{name}", args=[case.uid])


def _rule_url(case: CoordinationCase) -> str:
    version = case.rule_version
    return reverse("transitions:rule_detail", args=[version.uid]) if version else ""


def _act(case: CoordinationCase, kind: FactKind) -> Act:
    url = reverse("transitions:fact_add", args=[case.uid, kind.replace("_", "-")])
    label = "電話・連絡を記録" if kind == K.CONTACT else str(kind.label)
    return Act(url, label)


def recordable(door: CaseDoor) -> frozenset[str]:
    """The kinds of facts this side can record."""
    closed = {kind for kind, side in details.ONLY_SIDE.items() if side != door.side}
    return frozenset(set(FactKind.values) - {kind.value for kind in ELSEWHERE} - closed)


def _pointless(kind: FactKind, derived: Derived) -> bool:
    """Already told, or no longer possible; it can still be recorded under 「ほか」."""
    left = derived.state in LEFT
    once = {K.ADMISSION_INFO_SENT, K.DISCHARGE_NOTIFIED, K.DISCHARGED, K.DISCHARGED_WITHOUT_NOTICE}
    return (kind in once and derived.first(kind) is not None) or (left and kind != K.CONTACT)


def _others(door: CaseDoor, derived: Derived, quick: Sequence[FactKind]) -> list[Act]:
    shown = recordable(door)
    again = {K.ADMISSION_REGISTERED} if derived.admitted_at else set()
    return [
        _act(door.case, kind)
        for kind in FactKind
        if kind in shown and kind not in quick and kind not in again
    ]


def _next_step(
    door: CaseDoor, derived: Derived, timers: tuple[Timer, ...], contacts: Sequence[Contact]
) -> NextStep:
    timer = next_timer(timers)
    kind = FactKind(timer.deadline.done_by[0]) if timer else USUALLY_NEXT[derived.state]
    side = timer.side if timer else _side_of(kind, derived)
    mine = side == door.side
    other = contacts[0] if side == Side.HOSPITAL else contacts[1]
    act = _act(door.case, kind if mine else K.CONTACT)
    words = _timer_words(timer) if timer else "期限は決まっていません。"
    return NextStep(
        title=timer.deadline.label if timer else str(kind.label),
        words=words if mine else f"動くのは{side.label}です。{words}",
        url=act.url,
        button=f"「{kind.label}」を記録" if mine else act.label,
        phone="" if mine else other.phone,
        phone_words=other.name,
        mine=mine,
        late=timer is not None and timer.state == TimerState.OVER,
    )


def _side_of(kind: FactKind, derived: Derived) -> Side:
    usual = details.USUAL_SIDE.get(kind)
    return Side(usual) if usual else turn_of(derived)


def _timer_words(timer: Timer) -> str:
    assert timer.due_at is not None  # noqa: S101 - it runs
    text = f"期限は{moment_text(timer.due_at)}です。"
    if timer.state == TimerState.OVER:
        return f"{text}{timer.days_over}日過ぎています。いまからでも記録してください。"
    return text + _practical(timer)


def _practical(timer: Timer) -> str:
    """The real limit, where the acting office closes well before the deadline."""
    due, real = timer.due_at, timer.practical_at
    if due is None or real is None or due - real < timedelta(hours=12):
        return ""
    return f"動く側の休みを考えると、実質{moment_text(real)}までです。"


def _timer_line(timer: Timer) -> TimerLine:
    word = WORDS[timer.state]
    if timer.state == TimerState.OVER:
        word = f"{word} {timer.days_over}日"
    done = ""
    if timer.done_at:
        late = f"（期限から{timer.days_over}日おくれ）" if timer.was_late else ""
        done = f"{moment_text(timer.done_at)}{late}"
    due = _due_text(timer.due_at) if timer.due_at else ""
    open_states = {TimerState.IN_TIME, TimerState.SOON}
    return TimerLine(
        code=timer.code,
        label=timer.deadline.label,
        mark=MARKS[timer.state],
        word=word,
        who=timer.side.label,
        done=done,
        due=due if timer.state != TimerState.NOT_NEEDED else "",
        counting=counting_text(timer.deadline),
        practical=_practical(timer) if timer.state in open_states else "",
    )


def _due_text(due: datetime) -> str:
    """The end of a day needs no clock."""
    local = due.astimezone(TOKYO)
    return f"{day_text(due)}まで" if f"{local:%H:%M}" == "23:59" else f"{moment_text(due)}まで"


# What happened ---------------------------------------------------------------------------


def fact_words(fact: CaseFact, *, content: bool) -> list[tuple[str, str]]:
    """What is written about a fact."""
    return details.words(fact.kind, fact.detail, content=content)


def _fact_lines(door: CaseDoor) -> list[FactLine]:
    rows = list(facts_of(door.case))
    by = {row.corrects_id: row for row in rows if row.corrects_id}
    shown = sorted(rows, key=lambda row: (row.at, row.pk), reverse=True)
    return [_fact_line(door, row, by.get(row.pk)) for row in shown]


def _fact_line(door: CaseDoor, row: CaseFact, replaced_by: CaseFact | None) -> FactLine:
    retraction = row.kind == K.RETRACTED
    label = str(FactKind(row.kind).label)
    if retraction and row.corrects:
        label = f"「{FactKind(row.corrects.kind).label}」を取り消した"
    elif row.corrects_id:
        label = f"{label}（直した記録）"
    open_ = replaced_by is None and not retraction and door.may_write
    arguments = [door.case.uid, row.uid]
    replaced = ""
    if replaced_by is not None:
        replaced = "取り消されました" if replaced_by.kind == K.RETRACTED else "直されました"
    return FactLine(
        fact=row,
        label=label,
        at=moment_text(row.at),
        words=fact_words(row, content=door.opens_content),
        who=f"{row.author_name}（{row.organisation_name}）",
        heard=_heard(row),
        channel=str(Channel(row.channel).label),
        icon=CHANNEL_ICONS[Channel(row.channel)],
        replaced=replaced,
        correct_url=reverse("transitions:fact_correct", args=arguments) if open_ else "",
        retract_url=reverse("transitions:fact_retract", args=arguments) if open_ else "",
    )


def _heard(row: CaseFact) -> str:
    """Whose act it was, where somebody of the other side recorded it; and who was reached."""
    side = Side(row.side).label
    return f"{side}　{row.counterpart}" if row.counterpart else str(side)


# Both sides ------------------------------------------------------------------------------


def contacts_of(case: CoordinationCase) -> tuple[Contact, Contact]:
    """How to reach the hospital and the care manager."""
    hospital = contact_of(case.hospital_id, case.ward)
    care = contact_of(case.care_office_id)
    office_phone = case.care_office.phone if case.care_office else ""
    office_hours = case.care_office.hours if case.care_office else ""
    return (
        Contact(
            title="病院側",
            name=f"{case.hospital_name}　{case.ward}".strip(),
            person=case.hospital_person,
            phone=case.hospital_phone or (hospital.phone if hospital else ""),
            extension=hospital.extension if hospital else "",
            fax=case.hospital_fax or (hospital.fax if hospital else ""),
            hours=hours_text(hospital) or (case.hospital.hours if case.hospital else ""),
            note=hospital.meeting_note if hospital else "",
            has_account=case.hospital_id is not None,
        ),
        Contact(
            title="在宅側（ケアマネ）",
            name=case.care_office_name,
            person=case.care_person,
            phone=case.care_phone or (care.phone if care else "") or office_phone,
            extension=care.extension if care else "",
            fax=case.care_fax or (care.fax if care else ""),
            hours=hours_text(care) or office_hours,
            note=care.meeting_note if care else "",
            has_account=case.care_office_id is not None,
        ),
    )


def manager_contact(patient: Patient) -> Contact | None:
    """The person's care manager, as a hospital's social worker needs to reach them (T-TOB3)."""
    manager = care_manager_of(patient)
    if not manager.is_known:
        return None
    office = manager.office or (manager.member.organisation if manager.member else None)
    point = contact_of(office.pk if office else None)
    person = manager.person or (manager.member.user.name if manager.member else "")
    return Contact(
        title="ケアマネ",
        name=manager.office_name or (office.name if office else ""),
        person=person,
        phone=manager.phone or (point.phone if point else "") or (office.phone if office else ""),
        extension=point.extension if point else "",
        fax=manager.fax or (point.fax if point else ""),
        hours=hours_text(point) or (office.hours if office else "") or manager.hours,
        note=point.meeting_note if point else "",
        has_account=office is not None,
    )


def hours_text(point: ContactPoint | None) -> str:
    """月～金 8:30～17:15, equal days together."""
    if point is None or not point.weekly_hours:
        return ""
    groups: list[tuple[str, list[int]]] = []
    for day in range(7):
        spans = point.weekly_hours.get(str(day)) or []
        words = "・".join(f"{start.lstrip('0')}～{end}" for start, end in spans)
        if not words:
            continue
        if groups and groups[-1][0] == words and groups[-1][1][-1] == day - 1:
            groups[-1][1].append(day)
        else:
            groups.append((words, [day]))
    text = "、".join(f"{_days(days)} {words}" for words, days in groups)
    return f"{text}（祝日休み）" if point.closes_on_holidays else text


def _days(days: list[int]) -> str:
    first, last = WEEKDAYS[days[0]], WEEKDAYS[days[-1]]
    return first if len(days) == 1 else f"{first}～{last}"
