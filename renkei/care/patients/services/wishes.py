"""Writing down what a person wishes: a record of a talk, never an order (design §3.14)."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.care.patients.models import DoctorConfirmation, Patient, Wish
from renkei.care.patients.services.emergency import require_open
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock


@transaction.atomic
def record_wish(*, viewer: Viewer, patient: Patient, facts: Mapping[str, object]) -> Wish:
    """One talk as a new row; earlier ones stay as they were. Private unless shared here (T-G1b).

    Raises:
        ValidationError: the record is closed, or a doctor's confirmation without doctor or day.
    """
    locked = Patient.objects.select_for_update().get(pk=patient.pk)
    require_open(locked)
    wish = Wish(
        patient=locked,
        recorded_by_id=viewer.membership_id,
        recorded_at=clock.now(),
        **facts,
    )
    if wish.is_shared:
        wish.shared_at = wish.recorded_at
    _require_whole_confirmation(wish)
    if wish.talked_on > clock.today():
        raise ValidationError({"talked_on": "話した日には、きょうまでの日付を入力してください。"})
    wish.full_clean(exclude=["patient", "recorded_by"])
    wish.save()
    record_event(
        actor=viewer.actor,
        action="wish.recorded",
        target=wish,
        detail={"patient": str(locked.uid), "shared": wish.is_shared},
    )
    return wish


@transaction.atomic
def share_wish(*, viewer: Viewer, wish: Wish) -> None:
    """Open this one talk to the team: the person's own act, or somebody's on their word."""
    locked = _locked(wish)
    if locked.is_shared:
        return
    locked.is_shared, locked.shared_at = True, clock.now()
    locked.save(update_fields=["is_shared", "shared_at"])
    _recorded(viewer, locked, "wish.shared")


@transaction.atomic
def stop_sharing_wish(*, viewer: Viewer, wish: Wish) -> None:
    """Keep this one talk private again. What others read before cannot be recalled."""
    locked = _locked(wish)
    locked.is_shared = False
    locked.save(update_fields=["is_shared"])
    _recorded(viewer, locked, "wish.sharing_ended")


@transaction.atomic
def withdraw_wish(*, viewer: Viewer, wish: Wish) -> None:
    """The person no longer wishes this; the row stays, marked, and leaves the emergency screen."""
    locked = _locked(wish)
    if locked.withdrawn_at is None:
        locked.withdrawn_at = clock.now()
        locked.save(update_fields=["withdrawn_at"])
        _recorded(viewer, locked, "wish.withdrawn")


@transaction.atomic
def confirm_wish(*, viewer: Viewer, wish: Wish, facts: Mapping[str, object]) -> None:
    """Note which doctor went through this wish with the person, and when.

    Raises:
        ValidationError: the doctor's name or the day is missing, or it was withdrawn.
    """
    locked = _locked(wish)
    if locked.withdrawn_at is not None:
        raise ValidationError("取り下げた記録は確認できません。新しい記録を書いてください。")
    locked.doctor_confirmation = DoctorConfirmation.DONE
    for name, value in facts.items():
        setattr(locked, name, value)
    _require_whole_confirmation(locked)
    locked.save()
    _recorded(viewer, locked, "wish.confirmed")


def _locked(wish: Wish) -> Wish:
    locked = Wish.objects.select_for_update(of=("self",)).select_related("patient").get(pk=wish.pk)
    require_open(locked.patient)
    return locked


def _recorded(viewer: Viewer, wish: Wish, action: str) -> None:
    record_event(
        actor=viewer.actor, action=action, target=wish, detail={"patient": str(wish.patient.uid)}
    )


def _require_whole_confirmation(wish: Wish) -> None:
    if wish.doctor_confirmation != DoctorConfirmation.DONE:
        wish.doctor_name, wish.doctor_confirmed_on = "", None
        return
    problems = {}
    if not wish.doctor_name:
        problems["doctor_name"] = "確認した医師の氏名を入力してください。"
    if wish.doctor_confirmed_on is None:
        problems["doctor_confirmed_on"] = "医師の確認日を入力してください。"
    elif wish.doctor_confirmed_on > clock.today():
        problems["doctor_confirmed_on"] = "医師の確認日には、きょうまでの日付を入力してください。"
    if problems:
        raise ValidationError(problems)
