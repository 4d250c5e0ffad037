"""Referrals in words: in the lists of both sides, and one with what may be done now."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.urls import reverse

from renkei.care.patients.models import CareLevel, ContentClass
from renkei.care.patients.queries import certified_now
from renkei.care.transitions.models import (
    Channel,
    Referral,
    ReferralAct,
    ReferralEvent,
    ReferralKind,
    ReferralState,
)
from renkei.care.transitions.presenters_sides import hours_text
from renkei.care.transitions.queries.contacts import contact_of
from renkei.care.transitions.queries.referrals import (
    ReferralDoor,
    documents_of,
    events_of,
)
from renkei.care.transitions.referral_states import REASONS, RUNNING, Party, following
from renkei.care.transitions.services.referrals import first_day
from renkei.care.transitions.words import due_text, left_text, moment_text
from renkei.foundation.accounts.models import Organisation
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock, eras
from renkei.foundation.common.clock import TOKYO

S, A = ReferralState, ReferralAct
MARKS = {
    S.WAITING: "in",
    S.ACCEPTED: "done",
    S.STARTED: "done",
    S.REJECTED: "over",
    S.RETURNED: "over",
    S.EXPIRED: "over",
}
HIDDEN = "氏名は、引き受けると見えます"
CLOSED = "氏名は、いまは開けません"
BUTTONS = {
    A.STARTED: "初回をした",
    A.ENDED: "終わった",
    A.RETURNED: "戻す",
    A.REJECTED: "引き受けられない",
    A.WITHDRAWN: "取り下げる",
    A.EXTENDED: "期限を延ばす",
    A.ACCEPTED: "引き受けたと聞いた",
}
ORDER = (A.STARTED, A.ACCEPTED, A.REJECTED, A.EXTENDED, A.WITHDRAWN, A.RETURNED, A.ENDED)


@dataclass(frozen=True)
class ReferralLine:
    """One referral in a list."""

    url: str
    who: str
    what: str
    other: str
    mark: str
    word: str
    due: str
    sent: str


def referral_lines(
    viewer: Viewer, referrals: Sequence[Referral], opened: Collection[int]
) -> list[ReferralLine]:
    """The lines of a list. ``opened``: the persons whose name the viewer reads."""
    return [_line(viewer, one, opens=one.patient_id in opened) for one in referrals]


def _line(viewer: Viewer, referral: Referral, *, opens: bool) -> ReferralLine:
    sent = referral.sender_id == viewer.organisation_id
    mark, word = state_words(referral)
    waiting = referral.state == S.WAITING
    due = ""
    if waiting and clock.now() < referral.expires_at:
        due = f"{due_text(referral.expires_at)}（{left_text(referral.expires_at)}）"
    return ReferralLine(
        url=reverse("transitions:referral_detail", args=[referral.uid]),
        who=_who(referral, opens=opens, sent=sent),
        what=what_words(referral),
        other=referral.receiver_name if sent else referral.sender.name,
        mark=mark,
        word=word,
        due=due,
        sent=moment_text(referral.sent_at),
    )


def _who(referral: Referral, *, opens: bool, sent: bool) -> str:
    if opens:
        return referral.patient.name
    return HIDDEN if not sent and referral.state == S.WAITING else CLOSED


def what_words(referral: Referral) -> str:
    """訪問看護の紹介, 訪問看護の引き継ぎ."""
    transfer = referral.kind == ReferralKind.TRANSFER
    return f"{referral.get_service_display()}の{'引き継ぎ' if transfer else '紹介'}"


def state_words(referral: Referral) -> tuple[str, str]:
    """The mark and the word; a deadline that passed is told before the platform's clock did."""
    state = S(referral.state)
    if state == S.WAITING and clock.now() >= referral.expires_at:
        state = S.EXPIRED
    return MARKS.get(state, "plain"), str(state.label)


@dataclass(frozen=True)
class EventLine:
    """One event as it is read."""

    at: str
    label: str
    who: str
    reason: str
    consent: str
    paper_url: str


@dataclass(frozen=True)
class Button:
    """Something that may be recorded now."""

    url: str
    label: str


@dataclass(frozen=True)
class DocumentLine:
    """One document that goes along."""

    title: str
    url: str
    link_url: str


@dataclass(frozen=True)
class ReferralPage:
    """Everything the page of one referral shows."""

    referral: Referral
    mark: str
    word: str
    what: str
    due: str
    is_sender: bool
    person_name: str
    person_url: str
    preview: str
    words: str
    wanted: str
    asked: str
    scope: str
    stopped: bool
    accept_url: str
    buttons: Sequence[Button]
    fax_url: str
    documents: Sequence[DocumentLine]
    events: Sequence[EventLine]
    contact_name: str
    contact_person: str
    contact_phone: str
    contact_fax: str
    contact_hours: str


def referral_page(door: ReferralDoor) -> ReferralPage:
    """One referral for one viewer; before acceptance without anything that names the person."""
    referral = door.referral
    mark, word = state_words(referral)
    sender = door.party == Party.SENDER
    may_know = door.opens_person or (not sender and door.flows and referral.state == S.WAITING)
    possible = following(referral.state, outside=referral.is_outside) if door.may_act else {}
    own = {act for act, party in possible.items() if party == door.party}
    running = referral.state == S.WAITING and clock.now() < referral.expires_at
    if not running and referral.state == S.WAITING:
        own &= {A.EXTENDED, A.WITHDRAWN}
    accepts = A.ACCEPTED in own and not referral.is_outside and door.flows
    return ReferralPage(
        referral=referral,
        mark=mark,
        word=word,
        what=what_words(referral),
        due=due_text(referral.expires_at) if running else "",
        is_sender=sender,
        person_name=door.patient.name if door.opens_person else "",
        person_url=reverse("patients:patient_detail", args=[door.patient.uid])
        if door.opens_person
        else "",
        preview=_preview(referral) if may_know else "",
        words=referral.words if may_know else "",
        wanted=eras.format_screen(referral.wanted_on) if may_know and referral.wanted_on else "",
        asked=_asked(referral) if may_know else "",
        scope=_scope(referral) if may_know else "",
        stopped=not door.flows and referral.state in {S.WAITING, S.STOPPED},
        accept_url=_url("referral_accept", referral) if accepts else "",
        buttons=_buttons(referral, own - ({A.ACCEPTED} if not referral.is_outside else set())),
        fax_url=_url("referral_fax", referral) if _may_fax(door) else "",
        documents=_documents(door),
        events=[_event_line(door, one) for one in events_of(referral)],
        **_contact(door),
    )


def _may_fax(door: ReferralDoor) -> bool:
    sender = door.party == Party.SENDER and door.may_act and door.flows
    return sender and door.referral.state in {S.WAITING, *RUNNING}


def _buttons(referral: Referral, own: set[ReferralAct]) -> list[Button]:
    return [
        Button(
            reverse("transitions:referral_act", args=[referral.uid, act.value]),
            f"{BUTTONS[act]}と聞いた"
            if referral.is_outside and act in {A.REJECTED, A.STARTED}
            else BUTTONS[act],
        )
        for act in ORDER
        if act in own
    ]


def _preview(referral: Referral) -> str:
    """As much as an office needs to say yes or no: where, how old, how much help; no name."""
    patient = referral.patient
    level = certified_now(patient)
    place = patient.municipality.name if patient.municipality else ""
    parts = [place, _decade(referral), str(CareLevel(level.level).label) if level else ""]
    return "・".join(filter(None, parts))


def _decade(referral: Referral) -> str:
    born = referral.patient.birth_on
    if born is None:
        return ""
    age = eras.age_on(born, clock.today())
    return f"{age // 10 * 10}代" if age >= 10 else "10歳未満"  # noqa: PLR2004 - ten years a decade


def _asked(referral: Referral) -> str:
    return f"{eras.format_screen(referral.asked_on)}（{referral.get_asked_by_way_display()}）"


def _scope(referral: Referral) -> str:
    return "・".join(
        str(each.label) for each in ContentClass if each.value in referral.content_classes
    )


def _documents(door: ReferralDoor) -> list[DocumentLine]:
    lines = []
    sends = door.party == Party.SENDER and door.referral.is_outside and door.may_act and door.flows
    for answer in documents_of(door):
        day = answer.answered_at.astimezone(TOKYO).date()
        link = f"{reverse('timelines:link_new', args=[door.patient.uid])}?answer={answer.uid}"
        lines.append(
            DocumentLine(
                title=f"{answer.version.form.name}（{eras.format_screen(day)}）",
                url=reverse("transitions:referral_document", args=[door.referral.uid, answer.uid]),
                link_url=link if sends else "",
            )
        )
    return lines


def _event_line(door: ReferralDoor, event: ReferralEvent) -> EventLine:
    reason = "　".join(filter(None, (REASONS.get(event.reason_code, ""), event.reason)))
    day = first_day(event.detail)
    if day is not None:
        reason = f"初回 {eras.format_screen(day)}　{reason}".strip()
    told = event.channel != Channel.SYSTEM
    heard = f"{event.counterpart}から{event.get_channel_display()}で" if event.counterpart else ""
    if told and not heard:
        heard = f"{event.get_channel_display()}で"
    who = f"{event.author_name}（{event.organisation_name}）" if event.author_id else "連携"
    paper = event.detail.get("file", "")
    shows = paper and door.opens_person
    arguments = [door.referral.uid, paper]
    return EventLine(
        at=moment_text(event.at),
        label=str(event.get_act_display()),
        who=f"{heard}　記録：{who}" if heard else who,
        reason=reason,
        consent="" if event.consent_uid else "同意なし",
        paper_url=reverse("transitions:referral_paper", args=arguments) if shows else "",
    )


def _contact(door: ReferralDoor) -> dict[str, str]:
    """How to reach the other side."""
    referral = door.referral
    if door.party == Party.RECEIVER:
        office: Organisation | None = referral.sender
        name, person, phone, fax = referral.sender.name, referral.sender_member.user.name, "", ""
    else:
        office, name = referral.receiver, referral.receiver_name
        person, phone = referral.receiver_person, referral.receiver_phone
        fax = referral.receiver_fax
        if referral.accepted_by is not None:
            person = referral.accepted_by.user.name
    point = contact_of(office.pk if office else None)
    return {
        "contact_name": name,
        "contact_person": person,
        "contact_phone": phone
        or (point.phone if point else "")
        or (office.phone if office else ""),
        "contact_fax": fax or (point.fax if point else ""),
        "contact_hours": hours_text(point) or (office.hours if office else ""),
    }


def _url(name: str, referral: Referral) -> str:
    return reverse(f"transitions:{name}", args=[referral.uid])
