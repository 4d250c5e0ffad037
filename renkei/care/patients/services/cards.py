"""Emergency cards: issue, revoke, and what card and PIN open (T-TOB1, T-CARD2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import F

from renkei.care.patients.emergency_codes import (
    code_hash_of,
    new_code,
    new_pin,
    pin_hash_of,
    pin_is_right,
)
from renkei.care.patients.models import (
    AccessGrant,
    ContentClass,
    EmergencyCard,
    FailedOpening,
    FailedWay,
    GrantKind,
    Patient,
)
from renkei.care.patients.notices import EMERGENCY_OPENED, path_of
from renkei.care.patients.people_to_tell import host_user_ids, team_user_ids
from renkei.care.patients.queries_cards import (
    consented_content,
    has_binding_refusal,
    is_desk_locked,
)
from renkei.care.patients.services.emergency import require_open
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.notifications.services import notify

# Five wrong PINs lock a card, each further five for twice as long, at most a day.
PINS_BEFORE_LOCK: Final = 5
FIRST_LOCK: Final = timedelta(minutes=15)
LONGEST_LOCK: Final = timedelta(days=1)
# What a card can open at most; the consent may leave less.
CARD_CONTENT: Final = (ContentClass.EMERGENCY, ContentClass.WISHES)


class Answer(Enum):
    """What became of a card and a PIN. ``REFUSED`` never says which of them was wrong."""

    OPENED = "opened"
    OLD = "old"
    REFUSED = "refused"
    TOO_MANY = "too_many"


@dataclass(frozen=True)
class IssuedCard:
    """A card with its code and PIN, which are known only now."""

    card: EmergencyCard
    code: str
    pin: str


@dataclass(frozen=True)
class Opening:
    """``card`` and ``grant`` only where something was opened."""

    answer: Answer
    card: EmergencyCard | None = None
    grant: AccessGrant | None = None


@transaction.atomic
def issue_card(*, viewer: Viewer, patient: Patient) -> IssuedCard:
    """A new card; earlier ones stop working, and their prints say that they are old.

    Raises:
        ValidationError: the record is closed.
    """
    locked = Patient.objects.select_for_update().get(pk=patient.pk)
    require_open(locked)
    now = clock.now()
    EmergencyCard.objects.filter(patient=locked, revoked_at=None).update(revoked_at=now)
    code, pin = new_code(), new_pin()
    card = EmergencyCard.objects.create(
        patient=locked,
        code_hash=code_hash_of(code),
        pin_hash=pin_hash_of(pin),
        issued_at=now,
        issued_by_id=viewer.membership_id,
    )
    record_event(
        actor=viewer.actor,
        action="emergency_card.issued",
        target=card,
        detail={"patient": str(locked.uid)},
    )
    return IssuedCard(card, code, pin)


@transaction.atomic
def revoke_card(*, viewer: Viewer, card: EmergencyCard) -> None:
    """A lost card: from now on it opens nothing, nor does what was opened with it."""
    now = clock.now()
    EmergencyCard.objects.filter(pk=card.pk, revoked_at=None).update(revoked_at=now)
    AccessGrant.objects.filter(
        patient=card.patient_id, kind=GrantKind.EMERGENCY_CARD, revoked_at=None
    ).update(revoked_at=now)
    record_event(
        actor=viewer.actor,
        action="emergency_card.revoked",
        target=card,
        detail={"patient": str(card.patient.uid)},
    )


@transaction.atomic
def open_with_card(*, viewer: Viewer, code: str, pin: str) -> Opening:
    """A fire department's desk opens the emergency screen for some hours; the team is told.

    A refusal is written down as well, so nothing is raised that would undo it.
    """
    if is_desk_locked(viewer, FailedWay.CARD):
        return Opening(Answer.TOO_MANY)
    opening = try_card(viewer=viewer, code=code, pin=pin)
    if opening.card is None:
        return opening
    patient = opening.card.patient
    now = clock.now()
    grant = AccessGrant.objects.create(
        patient=patient,
        kind=GrantKind.EMERGENCY_CARD,
        membership_id=viewer.membership_id,
        organisation_id=viewer.organisation_id,
        content_classes=consented_content(patient, CARD_CONTENT),
        starts_at=now,
        ends_at=now + timedelta(hours=settings.EMERGENCY_CARD_HOURS),
    )
    notify(
        user_ids=team_user_ids(patient) | host_user_ids(patient),
        kind=EMERGENCY_OPENED,
        path=path_of("patients:read_log", patient.uid),
    )
    record_event(
        actor=viewer.actor,
        action="emergency_card.opened",
        target=opening.card,
        detail={"patient": str(patient.uid), "hours": settings.EMERGENCY_CARD_HOURS},
    )
    return Opening(Answer.OPENED, opening.card, grant)


@transaction.atomic
def try_card(*, viewer: Viewer, code: str, pin: str) -> Opening:
    """Whether card and PIN belong together. Unknown, locked, wrong and refused answer alike."""
    card = (
        EmergencyCard.objects.select_for_update(of=("self",))
        .select_related("patient__host")
        .filter(code_hash=code_hash_of(code))
        .first()
    )
    right = pin_is_right(pin, card.pin_hash if card else None)
    if card is None or _is_locked(card) or not right:
        _note_failure(viewer, card, wrong_pin=not right)
        return Opening(Answer.REFUSED)
    if card.revoked_at is not None:
        return Opening(Answer.OLD)
    patient = card.patient
    if patient.is_closed or patient.disposed_at or patient.merged_into_id:
        return Opening(Answer.OLD)
    if ContentClass.EMERGENCY.value not in consented_content(
        patient, CARD_CONTENT
    ) or has_binding_refusal(patient):
        # Withdrawn since the card was printed: it must not even tell that it once worked.
        _note_failure(viewer, card, wrong_pin=False)
        return Opening(Answer.REFUSED)
    EmergencyCard.objects.filter(pk=card.pk).update(wrong_pins=0, locked_until=None)
    return Opening(Answer.OPENED, card)


def _is_locked(card: EmergencyCard) -> bool:
    return card.locked_until is not None and card.locked_until > clock.now()


def _note_failure(viewer: Viewer, card: EmergencyCard | None, *, wrong_pin: bool) -> None:
    if viewer.membership_id is not None and viewer.organisation_id is not None:
        FailedOpening.objects.create(
            way=FailedWay.CARD,
            membership_id=viewer.membership_id,
            organisation_id=viewer.organisation_id,
            at=clock.now(),
        )
    if card is not None and wrong_pin and not _is_locked(card):
        wrong = card.wrong_pins + 1
        lock = None
        if wrong % PINS_BEFORE_LOCK == 0:
            doubled = FIRST_LOCK * 2 ** min(wrong // PINS_BEFORE_LOCK - 1, 10)
            lock = clock.now() + min(doubled, LONGEST_LOCK)
        EmergencyCard.objects.filter(pk=card.pk).update(
            wrong_pins=F("wrong_pins") + 1, locked_until=lock
        )
    record_event(
        actor=viewer.actor,
        action="emergency_card.refused",
        target=card or ("patients.emergencycard", "unknown"),
    )
