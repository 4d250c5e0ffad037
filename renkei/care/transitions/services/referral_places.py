"""Whose place on the team a referral gives and takes: parts of the act that accepts or returns."""

from __future__ import annotations

from django.db.models import Q

from renkei.care.patients.models import HistoryFrom, Patient, TeamMember
from renkei.care.patients.services.team import admit, change_host, end_membership
from renkei.care.timelines.queries.people import present_memberships
from renkei.care.transitions.models import Referral, ReferralKind
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock

HANDED_OVER = "引き継ぎ"
RETURNED = "紹介を戻した"
UNNAMED = "専門職"


def take_place(*, viewer: Viewer, referral: Referral, whole_office: bool) -> None:
    """Put whoever accepted on the team with what the referral opens; a transfer moves the host."""
    patient = referral.patient
    membership = present_memberships().get(pk=viewer.membership_id or 0)
    there = _place_of(patient, membership.organisation_id, membership.pk)
    if there is None:
        since = clock.now() if patient.history_from == HistoryFrom.JOINING else None
        referral.receiver_place = admit(
            actor=viewer.actor,
            member=TeamMember(
                patient=patient,
                organisation=membership.organisation,
                membership=None if whole_office else membership,
                profession=membership.profession or UNNAMED,
            ),
            content=referral.content_classes,
            since=since,
        )
    if referral.kind == ReferralKind.TRANSFER:
        _hand_over(viewer, referral)


def _hand_over(viewer: Viewer, referral: Referral) -> None:
    """The sender goes only now that somebody else is there."""
    patient, receiver = referral.patient, referral.receiver
    if receiver is not None and patient.host_id == referral.sender_id:
        change_host(viewer=viewer, patient=patient, organisation=receiver)
        patient.refresh_from_db()
    place = referral.sender_place
    if place is not None and place.left_at is None:
        end_membership(viewer=viewer, member=place, reason=HANDED_OVER)


def give_back(*, viewer: Viewer, referral: Referral) -> None:
    """Let the person come home: the sender is on the team again before the receiver leaves."""
    patient = referral.patient
    if referral.is_outside:
        return
    if referral.kind == ReferralKind.TRANSFER:
        _bring_home(viewer, referral)
        patient.refresh_from_db()
    place = referral.receiver_place
    if place is not None and place.left_at is None:
        end_membership(viewer=viewer, member=place, reason=RETURNED)


def _bring_home(viewer: Viewer, referral: Referral) -> None:
    patient, before = referral.patient, referral.sender_place
    if _place_of(patient, referral.sender_id, referral.sender_member_id) is None:
        # Somebody who left the office meanwhile is answered for by the office.
        own = present_memberships().filter(pk=referral.sender_member_id).first()
        alone = own is not None and (before is None or before.membership_id is not None)
        grant = before.grant if before else None
        referral.sender_place = admit(
            actor=viewer.actor,
            member=TeamMember(
                patient=patient,
                organisation=referral.sender,
                membership=own if alone else None,
                profession=before.profession if before else UNNAMED,
            ),
            content=grant.content_classes if grant else referral.content_classes,
            since=grant.history_since if grant else None,
        )
    if referral.sender_was_host and patient.host_id == referral.receiver_id:
        change_host(viewer=viewer, patient=patient, organisation=referral.sender)


def _place_of(patient: Patient, organisation_id: int, membership_id: int) -> TeamMember | None:
    return TeamMember.objects.filter(
        Q(membership=membership_id) | Q(membership=None, organisation=organisation_id),
        patient=patient,
        left_at=None,
        joined_at__isnull=False,
    ).first()
