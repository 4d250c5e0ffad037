"""The care team: asked, joined, left, handed over (T-MCS1, T-MCS2, T-P5)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from renkei.care.patients.events import team_changed
from renkei.care.patients.models import (
    AccessGrant,
    ContentClass,
    GrantKind,
    HistoryFrom,
    Patient,
    TeamMember,
)
from renkei.care.patients.notices import TEAM_INVITED, path_of
from renkei.care.patients.services.people import locked
from renkei.care.patients.streams import close_streams_of
from renkei.care.patients.visibility import TEAM_ROLES
from renkei.foundation.accounts.models import Membership, Organisation
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.actors import Actor
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.notifications.services import notify, settle

EVERYTHING = tuple(each.value for each in ContentClass)
DECLINED, WITHDRAWN, HANDED_OVER = "辞退", "招待の取り消し", "引き継ぎ"


@transaction.atomic
def invite_member(
    *,
    viewer: Viewer,
    patient: Patient,
    membership: Membership | None = None,
    organisation: Organisation | None = None,
    profession: str = "",
    is_observer: bool = False,
) -> TeamMember:
    """Ask somebody, or a whole office, into the team. They learn who asks, not about whom.

    Raises:
        ValidationError: care has ended, they are on the team or asked already, or no profession is
            known.
    """
    patient = locked(patient)
    office = membership.organisation if membership else organisation
    profession = (membership.profession if membership else "") or profession
    if patient.is_closed:
        raise ValidationError("ケアが終わった人のチームには招けません。")
    if office is None or (membership and membership.role not in TEAM_ROLES):
        raise ValidationError("ケアチームに入れる立場の人を選んでください。")
    if not profession:
        raise ValidationError({"profession": "職種を入力してください。"})
    member = TeamMember(
        patient=patient,
        organisation=office,
        membership=membership,
        profession=profession,
        is_observer=is_observer,
        invited_at=clock.now(),
    )
    member.full_clean(exclude=["grant"])
    member.save()
    notify(
        user_ids=_asked(member),
        kind=TEAM_INVITED,
        path=path_of("patients:invitation_answer", member.uid),
        dedupe_key=f"team-invited:{member.uid}",
    )
    _record(viewer.actor, member, "team.invited")
    return member


def _asked(member: TeamMember) -> list[int]:
    active = Membership.objects.filter(
        Q(pk=member.membership_id) if member.membership_id else Q(organisation=member.organisation),
        period__contains=clock.today(),
        revoked_at=None,
        role__in=TEAM_ROLES,
    )
    return list(active.values_list("user_id", flat=True))


@transaction.atomic
def join_team(*, viewer: Viewer, member: TeamMember) -> TeamMember:
    """Take an invitation. What was written before is readable as the team chose (T-MCS2).

    Raises:
        ValidationError: the invitation was taken back or answered meanwhile.
    """
    member = _locked_open(member)
    now = clock.now()
    since = now if member.patient.history_from == HistoryFrom.JOINING else None
    _grant(member, now=now, since=since)
    team_changed(member.patient)
    settle(path=path_of("patients:invitation_answer", member.uid))
    _record(viewer.actor, member, "team.joined")
    return member


def admit(
    *, actor: Actor, member: TeamMember, content: Iterable[str], since: datetime | None = None
) -> TeamMember:
    """Put somebody on the team who agreed elsewhere, by a referral, to this content and no more.

    ``member`` is not saved yet. Part of the caller's transaction.

    Raises:
        ValidationError: they are on the team, or care has ended.
    """
    if member.patient.is_closed:
        raise ValidationError("ケアが終わった人のチームには入れません。")
    member.invited_at = clock.now()
    member.full_clean(exclude=["grant"])
    _grant(member, now=clock.now(), since=since, content=content)
    team_changed(member.patient)
    _record(actor, member, "team.joined", referral=True)
    return member


def _grant(
    member: TeamMember,
    *,
    now: datetime,
    since: datetime | None,
    content: Iterable[str] = EVERYTHING,
) -> None:
    member.grant = AccessGrant.objects.create(
        patient=member.patient,
        kind=GrantKind.TEAM,
        membership=member.membership,
        organisation=member.organisation,
        content_classes=list(content),
        history_since=since,
        starts_at=now,
    )
    member.joined_at = now
    member.is_host = member.organisation_id == member.patient.host_id
    member.save()


@transaction.atomic
def decline_invitation(*, viewer: Viewer, member: TeamMember, taken_back: bool = False) -> None:
    """Say no to an invitation, or take it back as the host.

    Raises:
        ValidationError: it was answered meanwhile.
    """
    member = _locked_open(member)
    member.left_at = clock.now()
    member.leaving_reason = WITHDRAWN if taken_back else DECLINED
    member.save(update_fields=["left_at", "leaving_reason"])
    settle(path=path_of("patients:invitation_answer", member.uid))
    _record(viewer.actor, member, "team.invitation_withdrawn" if taken_back else "team.declined")


@transaction.atomic
def end_membership(*, viewer: Viewer, member: TeamMember, reason: str = "") -> None:
    """Let a member leave the team, of their own will or as the host decided: access ends now.

    Raises:
        ValidationError: already gone, or the last of the host: somebody has to ask for consent.
    """
    member = _locked_joined(member)
    if _is_last_of_the_host(member):
        raise ValidationError(
            "連携ホストの最後の人です。先に、引き継ぐ人を決めるか、連携ホストを変えてください。"
        )
    _end(member, reason)
    team_changed(member.patient)
    _record(viewer.actor, member, "team.left")


def _is_last_of_the_host(member: TeamMember) -> bool:
    """Whether nobody else could do the host's work; who only looks on cannot."""
    others = TeamMember.objects.filter(
        patient=member.patient,
        organisation=member.patient.host_id,
        left_at=None,
        joined_at__isnull=False,
        is_observer=False,
    ).exclude(pk=member.pk)
    return member.organisation_id == member.patient.host_id and not others.exists()


def _end(member: TeamMember, reason: str) -> None:
    now = clock.now()
    member.left_at = now
    member.leaving_reason = reason
    member.save()
    if member.grant is not None:
        member.grant.revoked_at = now
        member.grant.reason = reason
        member.grant.save(update_fields=["revoked_at", "reason"])
        close_streams_of([member.grant])


@transaction.atomic
def hand_over(*, viewer: Viewer, member: TeamMember, successor: Membership) -> TeamMember:
    """A colleague of the same organisation takes over place, reading range and duties at once.

    Raises:
        ValidationError: somebody of another organisation, or already on the team.
    """
    return take_over(actor=viewer.actor, member=member, successor=successor)


def take_over(*, actor: Actor, member: TeamMember, successor: Membership) -> TeamMember:
    """The part of ``hand_over`` that needs no viewer; part of the caller's transaction."""
    member = _locked_joined(member)
    if successor.organisation_id != member.organisation_id or successor.role not in TEAM_ROLES:
        raise ValidationError("同じ組織の、ケアチームに入れる立場の人を選んでください。")
    # No more than they read themselves: a referral may have opened only a part.
    since = member.grant.history_since if member.grant else None
    content = member.grant.content_classes if member.grant else ()
    _end(member, HANDED_OVER)
    new = TeamMember(
        patient=member.patient,
        organisation=member.organisation,
        membership=successor,
        profession=successor.profession or member.profession,
        is_observer=member.is_observer,
        deputy=member.deputy,
        invited_at=clock.now(),
    )
    new.full_clean(exclude=["grant"])
    _grant(new, now=clock.now(), since=since, content=content)
    TeamMember.objects.filter(deputy=member, left_at=None).update(deputy=new)
    member.successor = new
    member.save(update_fields=["successor"])
    team_changed(member.patient)
    _record(actor, member, "team.handed_over", successor=str(new.uid))
    return new


@transaction.atomic
def change_host(*, viewer: Viewer, patient: Patient, organisation: Organisation) -> None:
    """Another organisation of the team opens, asks and closes from now on.

    Raises:
        ValidationError: it has nobody on the team who writes.
    """
    patient = locked(patient)
    team = TeamMember.objects.filter(patient=patient, left_at=None, joined_at__isnull=False)
    if not team.filter(organisation=organisation, is_observer=False).exists():
        raise ValidationError(
            {"organisation": "「見るだけ」でない人がチームにいる組織から選んでください。"}
        )
    before = patient.host_id
    patient.host = organisation
    patient.save(update_fields=["host"])
    team.update(is_host=False)
    team.filter(organisation=organisation).update(is_host=True)
    team_changed(patient)
    record_event(
        actor=viewer.actor,
        action="team.host_changed",
        target=patient,
        detail={"before": before, "after": organisation.pk},
    )


@transaction.atomic
def arrange_member(
    *, viewer: Viewer, member: TeamMember, is_observer: bool, deputy: TeamMember | None
) -> None:
    """Whether a member only looks on, and who gets what they leave unanswered.

    Raises:
        ValidationError: the deputy is the member, or not of this team; or nobody of the host would
            be left who writes.
    """
    member = _locked_joined(member)
    if is_observer and _is_last_of_the_host(member):
        raise ValidationError(
            {"is_observer": "連携ホストの最後の人です。先に、引き継ぐ人を決めてください。"}
        )
    if deputy is not None and (deputy.pk == member.pk or deputy.patient_id != member.patient_id):
        raise ValidationError({"deputy": "同じチームの、ほかの人を選んでください。"})
    member.is_observer = is_observer
    member.deputy = deputy
    member.save(update_fields=["is_observer", "deputy"])
    if member.grant is not None:
        close_streams_of([member.grant])
    team_changed(member.patient)
    _record(viewer.actor, member, "team.arranged", observer=is_observer)


@transaction.atomic
def choose_history(*, viewer: Viewer, patient: Patient, history_from: str) -> None:
    """From when people who join from now on read; those on the team keep what they have."""
    patient = locked(patient)
    patient.history_from = HistoryFrom(history_from)
    patient.save(update_fields=["history_from"])
    record_event(
        actor=viewer.actor,
        action="team.history_chosen",
        target=patient,
        detail={"from": history_from},
    )


def _locked_open(member: TeamMember) -> TeamMember:
    # Two of an office may answer at the same moment.
    rows = TeamMember.objects.select_for_update(of=("self",)).select_related("patient")
    found = rows.filter(pk=member.pk, joined_at=None, left_at=None).first()
    if found is None or found.patient.is_closed:
        raise ValidationError("この招待はもう答えられているか、取り消されています。")
    return found


def _locked_joined(member: TeamMember) -> TeamMember:
    rows = TeamMember.objects.select_for_update(of=("self",)).select_related("patient", "grant")
    found = rows.filter(pk=member.pk, joined_at__isnull=False, left_at=None).first()
    if found is None:
        raise ValidationError("この人はもうチームにいません。")
    return found


def _record(actor: Actor, member: TeamMember, action: str, **more: object) -> None:
    record_event(
        actor=actor,
        action=action,
        target=member.patient,
        detail={"member": str(member.uid), "organisation": member.organisation_id, **more},
    )
