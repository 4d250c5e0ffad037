"""Wishes as somebody may read them: private until shared, one by one (T-G1b)."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from renkei.care.patients.models import ContentClass, FamilyMember, GrantKind, Patient, Wish
from renkei.care.patients.visibility import grants_for_content, patients_visible_to
from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.viewers import Viewer


def wishes_visible_to(viewer: Viewer, patient: Patient) -> QuerySet[Wish]:
    """The talks of one person this viewer may read, newest first.

    The person reads all of theirs; everybody else what was shared, and what they wrote down.
    """
    own = FamilyMember.objects.filter(
        patient=OuterRef("patient_id"), user=viewer.user_id, relative=None, left_at=None
    )
    mine = Q(is_shared=True) | Q(recorded_by__isnull=False, recorded_by=viewer.membership_id)
    if viewer.role == Role.PERSON_OR_FAMILY:
        mine |= Q(Exists(own))
    return (
        Wish.objects.filter(
            mine, patient=patient, patient__in=patients_visible_to(viewer, ContentClass.WISHES)
        )
        .select_related("recorded_by__user", "recorded_by__organisation")
        .order_by("-talked_on", "-pk")
    )


def shown_paper(viewer: Viewer, patient: Patient) -> Wish | None:
    """The paper the person keeps (人生ファイル): its edition and place, from the newest talk."""
    return (
        wishes_visible_to(viewer, patient)
        .filter(withdrawn_at=None)
        .exclude(paper_name="", paper_place="")
        .first()
    )


def patients_whose_wishes_are_written_by(viewer: Viewer) -> QuerySet[Patient]:
    """Persons for whom this viewer may write a talk down: the team, and the person themself."""
    own = FamilyMember.objects.filter(
        patient=OuterRef("pk"), user=viewer.user_id, relative=None, left_at=None
    )
    team = (
        grants_for_content(viewer, ContentClass.WISHES)
        .filter(kind=GrantKind.TEAM, patient=OuterRef("pk"))
        .exclude(member__is_observer=True)
    )
    writer = Q(Exists(team))
    if viewer.role == Role.PERSON_OR_FAMILY:
        writer = Q(Exists(own))
    return patients_visible_to(viewer, ContentClass.WISHES).filter(writer, closed_on=None)


def wishes_shared_by(viewer: Viewer, patient: Patient) -> QuerySet[Wish]:
    """Talks this viewer may open to the team: the person's own, or what they wrote down.

    Somebody else of the team cannot share what the person told one of them alone.
    """
    wishes = wishes_visible_to(viewer, patient)
    if viewer.role == Role.PERSON_OR_FAMILY:
        return wishes
    return wishes.filter(recorded_by__isnull=False, recorded_by=viewer.membership_id)
