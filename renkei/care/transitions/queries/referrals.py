"""Referrals, for both sides. What of the person flows, the consent of this moment says."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When

from renkei.care.patients.models import (
    Consent,
    ConsentDecision,
    ConsentRecipient,
    ConsentSubject,
    ContentClass,
    Patient,
)
from renkei.care.patients.queries import merged_uids, writes_about
from renkei.care.patients.queries_disclosure import visible_document_types
from renkei.care.patients.queries_team import partners_of
from renkei.care.patients.visibility import TEAM_ROLES, contents_open_to
from renkei.care.timelines.queries.people import present_memberships
from renkei.care.timelines.sheet_queries import content_of
from renkei.care.transitions.models import Referral, ReferralEvent, ReferralState
from renkei.care.transitions.queries.cases import team_patients
from renkei.care.transitions.referral_states import Party
from renkei.foundation.accounts.models import Organisation
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock, kana
from renkei.foundation.papers.models import StoredFile
from renkei.foundation.sheets.models import Answer
from renkei.foundation.sheets.queries import answers_of

FOUND_OFFICES = 20


@dataclass(frozen=True)
class ReferralDoor:
    """One referral as one viewer may use it.

    ``opens_person``: the viewer reads the person through the gate. ``flows``: the request may be
    shown to a receiver who has not accepted yet.
    """

    referral: Referral
    viewer: Viewer
    party: Party
    opens_person: bool
    flows: bool
    may_act: bool

    @property
    def patient(self) -> Patient:
        return self.referral.patient


def consent_reaching(patient: Patient, receiver: Organisation | None) -> Consent | None:
    """The person's consent in force today, if it reaches this receiver.

    A consent to the team reaches whoever joins it; one to named offices only those. An office
    without an account is never among the named ones.
    """
    named = ConsentRecipient.objects.filter(consent=OuterRef("pk"), organisation=receiver)
    reaches = Q(whole_team=True)
    if receiver is not None:
        reaches |= Q(Exists(named))
    return Consent.objects.filter(reaches, _in_force(), patient=patient).first()


def _in_force() -> Q:
    return Q(
        subject=ConsentSubject.PATIENT,
        decision=ConsentDecision.AGREED,
        period__contains=clock.today(),
        withdrawn_at=None,
        superseded_at=None,
        content_classes__contains=[ContentClass.BASIC],
    )


def offices_reached(
    patient: Patient, offices: Sequence[Organisation]
) -> tuple[Consent | None, list[Organisation]]:
    """The consent in force, and those of these offices it reaches."""
    ids = [one.pk for one in offices]
    consent = Consent.objects.filter(_in_force(), patient=patient).first()
    if consent is None or consent.whole_team:
        return consent, list(offices)
    named = set(
        ConsentRecipient.objects.filter(consent=consent, organisation__in=ids).values_list(
            "organisation_id", flat=True
        )
    )
    return consent, [one for one in offices if one.pk in named]


def flows(referral: Referral) -> bool:
    """Whether anything of the person may go to the receiver at this moment."""
    patient = referral.patient
    if patient.is_closed or patient.disposed_at is not None:
        return False
    return consent_reaching(patient, referral.receiver) is not None


def referrals_visible_to(viewer: Viewer) -> QuerySet[Referral]:
    """What the viewer's office sent or was asked: what waits for an answer, then the newest.

    Sent: to those who read the person, and to whoever sent it, who learns how it went. Received: to
    the whole office until somebody accepts, then to whoever did and to those on the team.
    """
    if viewer.role not in TEAM_ROLES or viewer.organisation_id is None:
        return Referral.objects.none()
    team = Q(patient__in=team_patients(viewer))
    own = Q(sender_member=viewer.membership_id) | Q(accepted_by=viewer.membership_id)
    sent = Q(sender=viewer.organisation_id) & (team | own)
    received = Q(receiver=viewer.organisation_id) & (Q(accepted_by=None) | team | own)
    return (
        Referral.objects.filter(sent | received)
        .select_related("patient__municipality", "sender", "receiver", "sender_member__user")
        .order_by(Case(When(state=ReferralState.WAITING, then=0), default=1), "-sent_at", "-pk")
    )


def referral_for(viewer: Viewer, uid: UUID) -> ReferralDoor:
    """One referral.

    Raises:
        Referral.DoesNotExist: unknown, or not for this viewer: the same in every respect.
    """
    rows = referrals_visible_to(viewer).select_related("patient__host", "accepted_by__user")
    return referral_door(viewer, rows.get(uid=uid))


def referral_door(viewer: Viewer, referral: Referral) -> ReferralDoor:
    """How the viewer, who may know of this referral, may use it."""
    sent = referral.sender_id == viewer.organisation_id
    party = Party.SENDER if sent else Party.RECEIVER
    opens = team_patients(viewer).filter(pk=referral.patient_id).exists()
    waiting = referral.state == ReferralState.WAITING
    if party == Party.RECEIVER and waiting:
        # Nobody of the office is on the team yet; what they may do is answer.
        may_act = True
    else:
        may_act = opens and writes_about(viewer, referral.patient)
    return ReferralDoor(referral, viewer, party, opens, flows(referral), may_act)


def persons_open_to(viewer: Viewer, referrals: Iterable[Referral]) -> set[int]:
    """Of the persons these referrals are about, those the viewer reads as the team."""
    patients = {one.patient_id for one in referrals}
    return set(team_patients(viewer).filter(pk__in=patients).values_list("pk", flat=True))


def referrals_of(viewer: Viewer, patient: Patient) -> QuerySet[Referral]:
    """The referrals about one person that this viewer may know of."""
    return referrals_visible_to(viewer).filter(patient=patient)


def events_of(referral: Referral) -> QuerySet[ReferralEvent]:
    """Everything that happened, in its order."""
    return referral.events.order_by("at", "pk")


# Documents that go along --------------------------------------------------------------------


def sendable_answers(viewer: Viewer, patient: Patient, content: Collection[str]) -> list[Answer]:
    """The newest answer on each form that the viewer reads and that ``content`` covers."""
    newest: dict[int, Answer] = {}
    answers = answers_of(patient.uid, also=merged_uids(patient))
    for answer in _readable(viewer, patient, answers):
        if content_of(answer.version.form.code).value in content:
            newest.setdefault(answer.version.form_id, answer)
    return list(newest.values())


def documents_of(door: ReferralDoor) -> list[Answer]:
    """The chosen answers that this viewer may read now; none before the person is open to them."""
    if not door.opens_person:
        return []
    chosen = set(door.referral.documents.values_list("answer_uid", flat=True))
    answers = answers_of(door.patient.uid, also=merged_uids(door.patient)).filter(uid__in=chosen)
    return _readable(door.viewer, door.patient, answers)


def document_of(door: ReferralDoor, answer_uid: UUID) -> Answer:
    """One of them.

    Raises:
        Answer.DoesNotExist: not chosen, or not for this viewer at this moment.
    """
    for answer in documents_of(door):
        if answer.uid == answer_uid:
            return answer
    raise Answer.DoesNotExist


def _readable(viewer: Viewer, patient: Patient, answers: Iterable[Answer]) -> list[Answer]:
    """As on the person's own pages: by their consent, and by the council's table (T-ISM2)."""
    opened = contents_open_to(viewer, patient)
    visible = visible_document_types(viewer, patient)
    codes = ((one, one.version.form.code) for one in answers)
    return [one for one, code in codes if content_of(code) in opened and code in visible]


def paper_of(door: ReferralDoor, file_uid: UUID) -> StoredFile | None:
    """A paper that came back to this referral, for those who read the person."""
    known = events_of(door.referral).filter(detail__file=str(file_uid))
    if not door.opens_person or not known.exists():
        return None
    if "file" not in visible_document_types(door.viewer, door.patient):
        return None
    return StoredFile.objects.filter(uid=file_uid, destroyed_at=None).first()


# To whom ------------------------------------------------------------------------------------


def offices_to_ask(viewer: Viewer, words: str = "") -> list[Organisation]:
    """Offices with people who work in teams: with ``words`` by name, else those known from work."""
    working = present_memberships().exclude(organisation=viewer.organisation_id)
    offices = Organisation.objects.filter(pk__in=working.values("organisation"))
    if words.strip():
        keys = [kana.fold(word) for word in words.split()]
        # Names are folded in Python (half-width kana, old characters), so few columns are read.
        rows = offices.order_by("name", "pk").values_list("pk", "name")
        found = [pk for pk, name in rows if all(key in kana.fold(name) for key in keys)]
        return list(offices.filter(pk__in=found[:FOUND_OFFICES]).order_by("name", "pk"))
    known = partners_of(viewer).exclude(organisation=viewer.organisation_id)
    return list(offices.filter(pk__in=known.values("organisation")).order_by("name", "pk"))
