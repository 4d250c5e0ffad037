"""The page of one stay: its clock, what to do next, what happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from django.urls import reverse

from renkei.care.transitions import details
from renkei.care.transitions.axis import Axis, axis_of
from renkei.care.transitions.clock_rules import WORDS, Timer, TimerState, next_timer
from renkei.care.transitions.fees import FEE_WORDS, outlook
from renkei.care.transitions.models import CaseState, CoordinationCase, FactKind, Side
from renkei.care.transitions.office_calendar import OfficeCalendar
from renkei.care.transitions.presenters import state_text
from renkei.care.transitions.presenters_caseforms import handed_over
from renkei.care.transitions.presenters_checklists import (
    Checklist,
    checklist_of,
    readmission_acts,
)
from renkei.care.transitions.presenters_conferences import MeetingLine, meeting_lines
from renkei.care.transitions.presenters_facts import (
    Act,
    FactLine,
    act_for,
    fact_lines,
    recordable,
)
from renkei.care.transitions.presenters_sides import Contact, contacts_of
from renkei.care.transitions.queries.cases import CaseDoor
from renkei.care.transitions.queries.forms import case_forms
from renkei.care.transitions.rule_content import RuleContent, counting_text
from renkei.care.transitions.services.caseforms import HANDED_OVER
from renkei.care.transitions.services.refreshing import (
    calendars_of,
    content_of,
    derived_of,
    timers_now,
)
from renkei.care.transitions.states import LEFT, Derived, turn_of
from renkei.care.transitions.words import due_text, left_text, moment_text
from renkei.foundation.common import clock

K = FactKind
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
    left: str


@dataclass(frozen=True)
class NextStep:
    """The one thing to do now."""

    title: str
    words: str
    url: str
    button: str
    # Whom one calls is not there now, and when they are.
    closed: str
    phone: str
    phone_words: str
    mine: bool
    late: bool
    kind: FactKind
    # The form that is handed over by it: written, or handed over where it is written.
    form: Act | None = None


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
    fact: str
    # Written for this stay, not for one before.
    is_current: bool
    fill_url: str
    answer_url: str
    answered: str
    hand_url: str
    handed: Sequence[Act]
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
    readmissions: Sequence[Act]
    opens_content: bool
    fees: Sequence[FeeLine]
    forms: Sequence[FormLine]
    checklist: Checklist | None
    conferences: Sequence[MeetingLine]
    conference_url: str


def case_page_of(door: CaseDoor) -> CasePage:
    """Everything the page of one stay shows to this viewer; a fixed number of queries."""
    case = door.case
    derived = derived_of(case)
    rule = content_of(case)
    timers = timers_now(case, derived)
    contacts = contacts_of(case)
    calendars = calendars_of(case)
    writes = door.may_write
    quick = [act for act in QUICK[door.side] if writes and not _pointless(act, derived)]
    step = None
    if writes and derived.is_open:
        step = _next_step(door, derived, timers, contacts, calendars)
    forms = _forms(door, derived, rule)
    if step is not None:
        # The step itself offers to record it, or the call.
        quick = [act for act in quick if act != (step.kind if step.mine else K.CONTACT)]
        step = replace(step, form=_form_of(step, forms))
    shown = [step.kind] if step is not None and step.mine else []
    return CasePage(
        case=case,
        state=state_text(case),
        state_mark="over" if case.is_leak else "in" if case.is_open else "done",
        rule=str(case.rule_version) if case.rule_version else "",
        rule_url=_rule_url(case),
        counting=rule.counting if rule else "",
        next=step,
        timers=[_timer_line(timer) for timer in timers],
        axis=axis_of(timers, derived, calendars[Side.HOSPITAL], clock.now()),
        facts=fact_lines(door),
        contacts=contacts,
        quick=[act_for(case, kind) for kind in quick],
        others=_others(door, derived, [*quick, *shown]) if writes else (),
        transfer_url=_url("case_transfer", case) if writes and derived.in_hospital else "",
        arrange_url=_url("case_arrange", case) if writes else "",
        previous_url=_url("case_detail", case.previous) if case.previous else "",
        following=[_url("case_detail", one) for one in case.next_cases.order_by("pk")],
        readmissions=readmission_acts(case),
        opens_content=door.opens_content,
        fees=_fees(door, derived, calendars[Side.CARE]),
        forms=forms,
        checklist=checklist_of(door, derived),
        conferences=meeting_lines(door),
        conference_url=_url("conference_plan", case) if writes and derived.in_hospital else "",
    )


def _fees(door: CaseDoor, derived: Derived, office: OfficeCalendar) -> list[FeeLine]:
    """For the care manager's side, which claims; nothing is ever claimed from here."""
    if door.side != Side.CARE:
        return []
    return [
        FeeLine(
            name=f"{one.rule.name}（{one.rule.units}単位）",
            mark=FEE_WORDS[one.state][0],
            word=FEE_WORDS[one.state][1],
            evidence=one.evidence,
            until=due_text(one.until) if one.until else "",
            unconfirmed=one.rule.unconfirmed,
        )
        for one in outlook(derived, office, clock.now())
    ]


def _forms(door: CaseDoor, derived: Derived, rule: RuleContent | None) -> list[FormLine]:
    """The rule's forms, for those who read the person's sheets."""
    patient, case = door.patient, door.case
    lines = []
    sendings = handed_over(door)
    since = (derived.admitted_at or case.opened_at) - timedelta(days=1)
    for form in case_forms(door, rule):
        answer = form.answer
        kind = FactKind(form.fact)
        fact = derived.last(kind)
        sent = bool(answer and fact and fact.detail.get("answer_uid") == str(answer.uid))
        act = act_for(case, kind)
        # What is handed over is recorded by handing it over.
        told = kind not in HANDED_OVER and answer and door.may_write
        writes = door.may_write
        arguments = [patient.uid, answer.uid] if answer else []
        lines.append(
            FormLine(
                name=form.name,
                fact=form.fact,
                is_current=bool(answer and answer.answered_at >= since),
                fill_url=reverse("transitions:case_form_write", args=[case.uid, form.code])
                if writes
                else "",
                answer_url=reverse("timelines:answer_detail", args=arguments) if answer else "",
                answered=moment_text(answer.answered_at) if answer else "",
                hand_url=reverse("transitions:case_form_hand", args=[case.uid, answer.uid])
                if writes and answer
                else "",
                handed=sendings.get(form.name, ()),
                record_url=f"{act.url}?answer={answer.uid}" if answer and told else "",
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


def _pointless(kind: FactKind, derived: Derived) -> bool:
    """Already told, or no longer possible; it can still be recorded under 「ほか」."""
    left = derived.state in LEFT
    once = {K.ADMISSION_INFO_SENT, K.DISCHARGE_NOTIFIED, K.DISCHARGED, K.DISCHARGED_WITHOUT_NOTICE}
    return (kind in once and derived.first(kind) is not None) or (left and kind != K.CONTACT)


def _others(door: CaseDoor, derived: Derived, quick: Sequence[FactKind]) -> list[Act]:
    shown = recordable(door)
    again = {K.ADMISSION_REGISTERED} if derived.admitted_at else set()
    return [
        act_for(door.case, kind)
        for kind in FactKind
        if kind in shown and kind not in quick and kind not in again
    ]


def _next_step(
    door: CaseDoor,
    derived: Derived,
    timers: tuple[Timer, ...],
    contacts: Sequence[Contact],
    calendars: Mapping[Side, OfficeCalendar],
) -> NextStep:
    timer = next_timer(timers)
    kind = FactKind(timer.deadline.done_by[0]) if timer else USUALLY_NEXT[derived.state]
    side = timer.side if timer else _side_of(kind, derived)
    mine = side == door.side
    other = contacts[0] if side == Side.HOSPITAL else contacts[1]
    act = act_for(door.case, kind if mine else K.CONTACT)
    words = _timer_words(timer) if timer else "期限は決まっていません。"
    return NextStep(
        title=timer.deadline.label if timer else str(kind.label),
        words=words if mine else f"動くのは{side.label}です。{words}",
        url=act.url,
        button=f"「{kind.label}」を記録" if mine else act.label,
        closed="" if mine else _closed(calendars[side]),
        phone="" if mine else other.phone,
        phone_words=other.name,
        mine=mine,
        late=timer is not None and timer.state == TimerState.OVER,
        kind=kind,
    )


def _form_of(step: NextStep, forms: Sequence[FormLine]) -> Act | None:
    if not step.mine or step.kind not in HANDED_OVER:
        return None
    line = next((one for one in forms if one.fact == step.kind), None)
    if line is None or not line.fill_url:
        return None
    if line.hand_url and line.is_current:
        return Act(line.hand_url, f"{line.name}を渡す")
    return Act(line.fill_url, f"{line.name}を書く")


def _closed(office: OfficeCalendar) -> str:
    """That nobody answers the telephone now; silent where the office told no hours."""
    now = clock.now()
    if office.is_assumed or office.is_open_at(now):
        return ""
    return f"いまは受付時間の外です。次は{moment_text(office.opens_after(now))}からです。"


def _side_of(kind: FactKind, derived: Derived) -> Side:
    usual = details.USUAL_SIDE.get(kind)
    return Side(usual) if usual else turn_of(derived)


def _timer_words(timer: Timer) -> str:
    assert timer.due_at is not None  # noqa: S101 - it runs
    text = f"期限は{due_text(timer.due_at)}です。"
    if timer.state == TimerState.OVER:
        return f"{text}{timer.days_over}日過ぎています。いまからでも記録してください。"
    return text + _practical(timer)


def _practical(timer: Timer) -> str:
    """The real limit, where the acting office closes well before the deadline."""
    due, real = timer.due_at, timer.practical_at
    if due is None or real is None or due - real < timedelta(hours=12):
        return ""
    if real <= clock.now():
        return f"動く側の休みを考えた実質の期限（{moment_text(real)}）は過ぎています。"
    return f"動く側の休みを考えると、実質{moment_text(real)}までです。"


def _timer_line(timer: Timer) -> TimerLine:
    word = WORDS[timer.state]
    if timer.state == TimerState.OVER:
        word = f"{word} {timer.days_over}日"
    done = ""
    if timer.done_at:
        late = f"（期限から{timer.days_over}日おくれ）" if timer.was_late else ""
        done = f"{moment_text(timer.done_at)}{late}"
    due = due_text(timer.due_at) if timer.due_at else ""
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
        left=left_text(timer.due_at) if timer.state in open_states and timer.due_at else "",
    )
