"""Writing what a home agreed on. The caller has checked that the viewer may write of this home."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.care.transitions.acting import membership_of
from renkei.care.transitions.home_duties import NEED_WORDS
from renkei.care.transitions.models import (
    CareHome,
    Cooperation,
    CooperationContact,
    CooperationNotice,
)
from renkei.care.transitions.queries.homes import HomeDoor, institution_by_code
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.common.text import require_storable

COPIED: Final = (
    "institution_name", "institution_code", "institution_address", "phone", "person_name",
    "is_hospital", "consults", "examines", "admits", "details", "infection_agreement", "since_on",
)  # fmt: skip
SUBSTANCE: Final = frozenset(COPIED) - {"phone", "person_name", "institution_address"}


@transaction.atomic
def save_cooperation(
    *, viewer: Viewer, door: HomeDoor, cooperation: Cooperation | None, values: Mapping[str, Any]
) -> Cooperation:
    """Write down with whom a home agreed on what, or correct it.

    Raises:
        ValidationError: none of the conditions, or 入院受入れ by no hospital.
    """
    now = clock.now()
    row = _locked(cooperation) if cooperation else Cooperation(recorded_at=now, changed_at=now)
    before = {name: getattr(row, name) for name in SUBSTANCE}
    for name in COPIED:
        setattr(row, name, _storable(name, values[name]))
    if cooperation is None:
        row.home = _home_of(door)
        row.recorded_by_id = membership_of(viewer)
    _require_sense(row)
    known = institution_by_code(row.institution_code)
    row.institution = known.facility if known else None
    if known is not None:
        row.institution_address = row.institution_address or known.address
        row.phone = row.phone or known.phone
    # A new telephone number asks for no new notification; a new agreement does.
    if cooperation and before != {name: getattr(row, name) for name in SUBSTANCE}:
        row.changed_at = now
    row.full_clean(exclude=["institution"])
    row.save()
    record_event(actor=viewer.actor, action="cooperation.saved", target=row)
    return row


@transaction.atomic
def end_cooperation(
    *, viewer: Viewer, cooperation: Cooperation, last_day: date, reason: str
) -> None:
    """Write down the last day of an agreement.

    Raises:
        ValidationError: it ends before it began, or is over already.
    """
    row = _locked(cooperation)
    if row.ended_on is not None:
        raise ValidationError("この取り決めはすでに終わっています。")
    row.ended_on, row.ended_reason = last_day, require_storable(reason)
    row.changed_at = clock.now()
    row.full_clean(exclude=["institution"])
    row.save()
    record_event(actor=viewer.actor, action="cooperation.ended", target=row)


@transaction.atomic
def record_contact(
    *, viewer: Viewer, cooperation: Cooperation, values: Mapping[str, Any]
) -> CooperationContact:
    """A confirmation or a conference that was held.

    Raises:
        ValidationError: a day to come, or outside the time of the agreement.
    """
    row = _locked(cooperation)
    contact = CooperationContact(
        cooperation=row,
        recorded_by_id=membership_of(viewer),
        recorded_at=clock.now(),
        **{name: _storable(name, value) for name, value in values.items()},
    )
    if contact.held_on > clock.today():
        raise ValidationError({"held_on": "行った日には、きょうまでの日付を入力してください。"})
    if row.ended_on is not None and contact.held_on > row.ended_on:
        raise ValidationError({"held_on": "取り決めの終わりの日までの日付を入力してください。"})
    contact.full_clean()
    contact.save()
    detail = {"kind": contact.kind, "cooperation": str(row.uid)}
    record_event(
        actor=viewer.actor, action="cooperation.contact_recorded", target=contact, detail=detail
    )
    return contact


@transaction.atomic
def take_back_contact(*, viewer: Viewer, contact: CooperationContact) -> None:
    """It was written down by mistake; the row stays, marked."""
    row = CooperationContact.objects.select_for_update().get(pk=contact.pk)
    if row.taken_back_at is not None:
        return
    row.taken_back_at = clock.now()
    row.save(update_fields=["taken_back_at"])
    record_event(actor=viewer.actor, action="cooperation.contact_taken_back", target=row)


@transaction.atomic
def make_notice(*, viewer: Viewer, door: HomeDoor, addressee: str, plan: str) -> CooperationNotice:
    """The sheet of notification as things stand now. Homes without an institution notify too.

    Raises:
        ValidationError: a condition is not met and there is no plan to meet it.
    """
    plan = require_storable(plan.strip(), multiline=True)
    if door.standing.missing and not plan:
        words = "、".join(NEED_WORDS[need] for need in door.standing.missing)
        raise ValidationError(
            {"plan": f"満たしていない条件（{words}）について、今後の計画を入力してください。"}
        )
    notice = CooperationNotice.objects.create(
        home=_home_of(door),
        addressee=require_storable(addressee.strip()),
        content=_content(door, plan),
        made_at=clock.now(),
        made_by_id=membership_of(viewer),
    )
    record_event(actor=viewer.actor, action="cooperation.notice_made", target=notice)
    return notice


@transaction.atomic
def submit_notice(*, viewer: Viewer, notice: CooperationNotice, on: date) -> None:
    """Write down on which day the sheet went to the authority.

    Raises:
        ValidationError: a day to come, or before the sheet was made.
    """
    row = CooperationNotice.objects.select_for_update().get(pk=notice.pk)
    made_on = row.made_at.astimezone(clock.TOKYO).date()
    if not made_on <= on <= clock.today():
        raise ValidationError(
            {"submitted_on": "届出書を作った日からきょうまでの日付を入力してください。"}
        )
    row.submitted_on = on
    row.save(update_fields=["submitted_on"])
    record_event(actor=viewer.actor, action="cooperation.notice_submitted", target=row)


def _content(door: HomeDoor, plan: str) -> dict[str, Any]:
    service, found = door.service, door.standing
    return {
        "home": {
            "name": service.name,
            "number": service.office_number,
            "address": service.address,
            "phone": service.phone,
            "service_code": service.service_code,
            "corporate_name": service.corporate_name,
        },
        "needs": [
            {"code": str(need), "words": NEED_WORDS[need], "met_by": list(names)}
            for need, names in found.met.items()
        ],
        "institutions": [
            {
                "name": one.cooperation.institution_name,
                "code": one.cooperation.institution_code,
                "address": one.cooperation.institution_address,
                "phone": one.cooperation.phone,
                "person": one.cooperation.person_name,
                "since": one.cooperation.since_on.isoformat(),
                "needs": [str(need) for need in found.met if getattr(one.cooperation, need)],
                "infection": one.cooperation.infection_agreement,
                "confirmed": one.confirmation.held_on.isoformat() if one.confirmation else "",
                "confirmed_with": one.confirmation.counterpart if one.confirmation else "",
            }
            for one in found.held
        ],
        "plan": plan,
    }


def _home_of(door: HomeDoor) -> CareHome:
    service = door.service
    home, made = CareHome.objects.get_or_create(
        source=service.source,
        source_key=service.source_key,
        service_code=service.service_code,
        defaults={"name": service.name},
    )
    if not made and home.name != service.name:
        home.name = service.name
        home.save(update_fields=["name"])
    return home


def _locked(cooperation: Cooperation) -> Cooperation:
    # Two people of a home may write at the same moment.
    return Cooperation.objects.select_for_update().get(pk=cooperation.pk)


def _require_sense(row: Cooperation) -> None:
    if not (row.consults or row.examines or row.admits):
        raise ValidationError({"consults": "取り決めた体制を1つ以上選んでください。"})
    if row.admits and not row.is_hospital:
        raise ValidationError(
            {"admits": "入院の受入れは病院だけです。病院なら「病院」も選んでください。"}
        )
    if row.since_on > clock.today():
        raise ValidationError({"since_on": "協力の始まりはきょうまでの日付を入力してください。"})


def _storable(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return require_storable(value, multiline=name in {"details", "minutes"})
