"""Sending one document to somebody without an account, opening it, answering it, closing it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.urls import reverse

from renkei.care.patients.emergency_codes import new_pin, pin_hash_of, pin_is_right
from renkei.care.patients.models import AccessGrant, ContentClass, GrantKind, Patient
from renkei.care.patients.reading import record_outside_read
from renkei.care.timelines.link_queries import OpenDocument, document_behind
from renkei.care.timelines.link_rules import may_go_on, state_of
from renkei.care.timelines.models import Entry, EntryKind, LinkEnd, LinkKind, OutsideLink
from renkei.care.timelines.queries.doors import Door
from renkei.care.timelines.queries.people import team_of
from renkei.care.timelines.services.posting import post_for_platform
from renkei.care.timelines.sheet_queries import content_of
from renkei.foundation.accounts.queries import membership_of
from renkei.foundation.audit.actors import PUBLIC
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.common.text import require_storable
from renkei.foundation.notifications.services import notify
from renkei.foundation.sheets.models import Answer, AnswerSource, FormVersion
from renkei.foundation.sheets.services.answers import record_answer

READ: Final = "outside_link"
MOST_HOURS: Final = 24 * 14
# Long enough to fill in a sheet; not longer than a working half-day.
STAYS_OPEN: Final = timedelta(hours=4)
SALT: Final = "renkei.care.timelines.outside_link"


@dataclass(frozen=True)
class Sending:
    """What is sent: exactly one of the three; and to whom, in words about their work."""

    organisation: str
    person: str = ""
    hours: int = 0
    entry: Entry | None = None
    answer: Answer | None = None
    version: FormVersion | None = None

    @property
    def kind(self) -> LinkKind:
        if self.entry is not None:
            return LinkKind.ENTRY
        return LinkKind.ANSWER if self.answer is not None else LinkKind.ASK

    @property
    def content(self) -> ContentClass:
        """Which consent it rests on."""
        version = self.version or (self.answer.version if self.answer else None)
        return content_of(version.form.code) if version else ContentClass.TIMELINE


@dataclass(frozen=True)
class MadeLink:
    """A link with what is shown to its sender once and kept nowhere."""

    link: OutsideLink
    token: str
    code: str


def digest_of(token: str) -> str:
    """What is kept of a link's secret: it has 192 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def make_link(*, door: Door, sending: Sending) -> MadeLink:
    """Open one document to somebody without an account; the caller found it through the door.

    Raises:
        ValidationError: the room is read-only, or the link would live too long.
    """
    patient = door.patient
    if patient is None or not door.may_write:
        raise ValidationError("この部屋からは送れません。")
    hours = sending.hours or settings.OUTSIDE_LINK_HOURS
    if not 0 < hours <= MOST_HOURS:
        raise ValidationError({"hours": f"期限は{MOST_HOURS}時間以内で選んでください。"})
    member = membership_of(door.viewer)
    now = clock.now()
    # In the office's name, because a grant has a holder: a grant of this kind opens nothing to it.
    grant = AccessGrant.objects.create(
        patient=patient,
        kind=GrantKind.ONE_TIME_LINK,
        organisation=member.organisation,
        content_classes=[sending.content.value],
        starts_at=now,
        ends_at=now + timedelta(hours=hours),
        reason=require_storable(f"{sending.organisation}　{sending.person}".strip()),
    )
    token, code = secrets.token_urlsafe(24), new_pin()
    link = OutsideLink.objects.create(
        grant=grant,
        room=door.room,
        kind=sending.kind,
        entry=sending.entry,
        answer_uid=sending.answer.uid if sending.answer else None,
        version=sending.version,
        digest=digest_of(token),
        code_hash=pin_hash_of(code),
        made_by=member,
        made_at=now,
    )
    record_event(
        actor=door.viewer.actor,
        action="outside_link.made",
        target=patient,
        detail={"link": str(link.uid), "kind": link.kind, "hours": hours},
    )
    return MadeLink(link, token, code)


@transaction.atomic
def open_link(*, token: str, code: str) -> OpenDocument | None:
    """The document, for whoever has the link and was told the code; None for everybody else.

    Unknown, wrong, expired, revoked and locked do the same work and answer alike. A refusal is
    written down, so nothing is raised that would undo it.
    """
    link = _locked(token)
    right = pin_is_right(code, link.code_hash if link else None)
    if link is None or not right or not state_of(link).is_open:
        # 0 is nobody's: the same statement runs for a link that never was.
        number = link.pk if link else 0
        OutsideLink.objects.filter(pk=number).update(wrong_codes=F("wrong_codes") + int(not right))
        record_event(
            actor=PUBLIC,
            action="outside_link.refused",
            target=link or ("timelines.outsidelink", "unknown"),
        )
        return None
    document = document_behind(link)
    if document is None:
        record_event(actor=PUBLIC, action="outside_link.refused", target=link)
        return None
    link.openings, link.opened_at, link.wrong_codes = link.openings + 1, clock.now(), 0
    link.save(update_fields=["openings", "opened_at", "wrong_codes"])
    notify(
        user_ids=[link.made_by.user_id],
        kind="timelines.link_opened",
        path=reverse("timelines:link_list", args=[document.patient.uid]),
        dedupe_key=f"link:{link.uid}",
    )
    record_outside_read(patient=document.patient, what=f"{READ}.{link.kind}", grant=link.grant)
    return document


def pass_for(link: OutsideLink) -> str:
    """What the opened page carries so that its form can be sent: for this link, for some hours."""
    return signing.dumps(str(link.uid), salt=SALT)


def still_open(*, token: str, carried: str) -> OpenDocument | None:
    """The sheet that was opened before, while its link and what it rests on hold."""
    try:
        uid = signing.loads(carried, salt=SALT, max_age=STAYS_OPEN)
    except signing.BadSignature:
        return None
    link = _links().filter(digest=digest_of(token), uid=UUID(uid), kind=LinkKind.ASK).first()
    if link is None or not may_go_on(link):
        return None
    return document_behind(link)


@transaction.atomic
def answer_link(
    *, document: OpenDocument, content: Mapping[str, Any], given_by: str
) -> Answer | None:
    """Keep the answer as the person's, tell the team, close the link. None: closed by now.

    Raises:
        AnswerRefusedError: the content is not right.
    """
    link = _links().select_for_update(of=("self",)).get(pk=document.link.pk)
    if not may_go_on(link) or link.version is None:
        return None
    patient = document.patient
    answer = record_answer(
        actor=PUBLIC,
        version=link.version,
        subject_uid=patient.uid,
        content=content,
        source=AnswerSource.LINK,
        organisation_id=None,
        client_uid=link.uid,
        given_by=given_by,
    )
    link.given_answer_uid = answer.uid
    link.save(update_fields=["given_answer_uid"])
    _close(link, LinkEnd.ANSWERED)
    post_for_platform(
        room=document.door.room,
        kind=EntryKind.RECORD,
        text=f"リンクで頼んだ様式に回答が届きました：{link.version.form.name}\n"
        f"回答した人：{given_by}（名乗りのまま。本人の確認はしていません）",
        client_uid=answer.uid,
    )
    notify(
        user_ids={reader.user_id for reader in team_of(patient).readers},
        kind="timelines.link_answered",
        path=reverse("timelines:answer_detail", args=[patient.uid, answer.uid]),
    )
    record_event(
        actor=PUBLIC,
        action="outside_link.answered",
        target=patient,
        detail={"link": str(link.uid), "answer": str(answer.uid)},
    )
    return answer


@transaction.atomic
def revoke_link(*, door: Door, link: OutsideLink) -> None:
    """Close a link at once; a second call changes nothing."""
    link = _links().select_for_update(of=("self",)).get(pk=link.pk)
    if link.closed_because:
        return
    _close(link, LinkEnd.REVOKED)
    assert door.patient is not None  # noqa: S101 - a room of a person
    record_event(
        actor=door.viewer.actor,
        action="outside_link.revoked",
        target=door.patient,
        detail={"link": str(link.uid)},
    )


def close_groundless_links(patient: Patient) -> None:
    """Close what lost its ground, in the transaction that took it away: part of that act.

    Opening asks for the ground itself; closing here makes the list say so, and the answer to a
    right code the same as to any other.
    """
    links = _links().filter(
        grant__patient=patient, grant__revoked_at=None, grant__ends_at__gt=clock.now()
    )
    for link in links.filter(closed_because=""):
        if document_behind(link) is None:
            _close(link, LinkEnd.GROUND)


def _close(link: OutsideLink, why: LinkEnd) -> None:
    link.closed_because = why
    link.save(update_fields=["closed_because"])
    AccessGrant.objects.filter(pk=link.grant_id, revoked_at=None).update(revoked_at=clock.now())


def _links() -> Any:
    return OutsideLink.objects.select_related("grant", "room", "version__form", "made_by")


def _locked(token: str) -> OutsideLink | None:
    found: OutsideLink | None = (
        _links().select_for_update(of=("self",)).filter(digest=digest_of(token)).first()
    )
    return found
