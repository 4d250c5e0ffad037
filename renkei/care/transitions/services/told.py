"""Who answered or was told, by what means: shared by pairs, agreements and calls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.exceptions import ValidationError

from renkei.care.patients.models import ContentClass, Patient
from renkei.care.patients.queries import member_of, patients_visible_to, team_of
from renkei.care.patients.visibility import family_grants_on
from renkei.care.transitions.acting import membership_of
from renkei.care.transitions.models import AgreementNotice, Channel, PairNotice
from renkei.care.transitions.notices import FAMILY_TO_CONFIRM
from renkei.care.transitions.pair_states import Audience
from renkei.care.transitions.queries.people import CARE_MANAGERS
from renkei.foundation.accounts.models import Membership, Role
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock
from renkei.foundation.common.text import require_storable
from renkei.foundation.notifications.services import notify

NURSES: Final = ("看護師", "訪問看護師", "准看護師", "保健師")
# Who of the team stands for an audience; the person and family speak for themselves.
PROFESSIONS: Final = {
    Audience.CARE_MANAGER: CARE_MANAGERS,
    Audience.STATION: NURSES,
    Audience.FAMILY: (),
}


@dataclass(frozen=True)
class Answer:
    """Who said something, by what means, when. A telephone call is recorded as one."""

    channel: Channel
    person_name: str = ""
    at: datetime | None = None


def require_name(answer: Answer) -> str:
    """The name of who answered.

    Raises:
        ValidationError: there is none.
    """
    name = require_storable(answer.person_name.strip())
    if not name:
        raise ValidationError({"person_name": "答えた人の名前を入力してください。"})
    return name


def stands_for(viewer: Viewer, patient: Patient, audience: Audience) -> bool:
    """Whether the viewer is of this audience: they say so themselves, under their own name."""
    if audience == Audience.FAMILY:
        family = patients_visible_to(viewer, ContentClass.TIMELINE).filter(pk=patient.pk)
        return viewer.role == Role.PERSON_OR_FAMILY and family.exists()
    member = member_of(viewer, patient)
    membership = Membership.objects.filter(pk=viewer.membership_id or 0).first()
    words = {one.profession for one in (member, membership) if one is not None}
    return member is not None and bool(words & set(PROFESSIONS[audience]))


def has_somebody(patient: Patient, audience: Audience) -> bool:
    """Whether the team has somebody of this audience; a family always exists: the person."""
    if audience == Audience.FAMILY:
        return True
    return any(member.profession in PROFESSIONS[audience] for member in team_of(patient))


def tell_family(patient: Patient, key: str) -> None:
    """Ask those of the family who have an account to read whom to call, and to say that they did.

    Part of a service. ``key``: what it is about; nobody is asked twice about the same.
    """
    grants = family_grants_on(patient, ContentClass.TIMELINE)
    notify(
        user_ids=[user_id for user_id in grants.values_list("user_id", flat=True) if user_id],
        kind=FAMILY_TO_CONFIRM,
        path=f"/transitions/family/{patient.uid}/contacts/",
        dedupe_key=f"{FAMILY_TO_CONFIRM}:{key}",
    )


def confirm_told(
    notice: PairNotice | AgreementNotice,
    viewer: Viewer,
    patient: Patient,
    answer: Answer,
    *,
    has_nobody: bool,
) -> None:
    """Write down that somebody who has to know knows: part of a service, which locked the row.

    Raises:
        ValidationError: it is confirmed already, nobody is named, somebody else answers in the
            place of the audience, or the team does have somebody.
    """
    if notice.confirmed_at is not None:
        raise ValidationError("すでに確かめられています。")
    audience = Audience(notice.audience)
    if has_nobody:
        if has_somebody(patient, audience):
            raise ValidationError(
                {"has_nobody": f"チームに{audience.label}がいます。伝えてから記録してください。"}
            )
        name = ""
    elif answer.channel == Channel.SYSTEM:
        if not stands_for(viewer, patient, audience):
            raise ValidationError(
                {"channel": "電話などで伝えたときは、手段と確かめた人を入力してください。"}
            )
        name = viewer.name
    else:
        name = require_name(answer)
    notice.confirmed_at = clock.now()
    notice.confirmed_name = name
    notice.channel = answer.channel
    notice.has_nobody = has_nobody
    notice.recorded_by_id = membership_of(viewer)
    notice.save()
