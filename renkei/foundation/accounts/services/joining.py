"""From an application to an organisation with people and devices."""

from __future__ import annotations

import smtplib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string

from renkei.foundation.accounts.codes import code_hash_of, new_code
from renkei.foundation.accounts.models import (
    ApplicationNote,
    ApplicationState,
    Device,
    JoiningApplication,
    NoteKind,
    Organisation,
    OrganisationKind,
    OutsideOffice,
    Role,
    User,
)
from renkei.foundation.accounts.queries_joining import DEVICE_SALT, OPEN_STATES
from renkei.foundation.accounts.receipts import new_receipt_number
from renkei.foundation.accounts.services.invitations import IssuedInvitation, invite_member
from renkei.foundation.areas.models import Area
from renkei.foundation.audit.actors import PUBLIC, Actor
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock

DEVICE_VALID_FOR = timedelta(days=365)
USED_CODE = "このコードはもう使われました。新しいコードを頼んでください。"
DECIDED = "この申込みはもう決まっています。"


@transaction.atomic
def apply_to_join(
    *, wished_users: Mapping[str, int], device_count: int, **facts: str
) -> JoiningApplication:
    """Receive an application from the public page; the facility gets its receipt number.

    ``facts``: name, office_code, address, phone, fax, contact_name, contact_email, remarks.

    Raises:
        ValidationError: a value is missing, wrong or too long.
    """
    application = JoiningApplication(
        receipt_number=_free_receipt_number(),
        wished_users=dict(wished_users),
        device_count=device_count,
        received_at=clock.now(),
        **facts,
    )
    application.full_clean()
    application.save()
    record_event(actor=PUBLIC, action="joining.applied", target=application)
    return application


def _free_receipt_number() -> str:
    while True:
        number = new_receipt_number()
        if not JoiningApplication.objects.filter(receipt_number=number).exists():
            return number


@transaction.atomic
def ask_back(*, actor: Actor, application: JoiningApplication, text: str) -> JoiningApplication:
    """Ask the facility something; it answers on the page of its receipt number.

    Raises:
        ValidationError: the application is decided, or nothing is asked.
    """
    application = _undecided(application)
    _say(application, NoteKind.QUESTION, text)
    application.state = ApplicationState.ASKED
    application.save(update_fields=["state"])
    record_event(actor=actor, action="joining.asked", target=application)
    return application


@transaction.atomic
def answer_question(*, application: JoiningApplication, text: str) -> JoiningApplication:
    """The facility's answer, from the public page.

    Raises:
        ValidationError: nothing was asked, or nothing is said.
    """
    application = _undecided(application)
    if application.state != ApplicationState.ASKED:
        raise ValidationError("いま返事を待っている確認はありません。")
    _say(application, NoteKind.ANSWER, text)
    application.state = ApplicationState.RECEIVED
    application.save(update_fields=["state"])
    record_event(actor=PUBLIC, action="joining.answered", target=application)
    return application


@transaction.atomic
def approve_application(
    *, actor: Actor, application: JoiningApplication, area: Area | None = None
) -> IssuedInvitation:
    """Make the organisation and invite its administrator, all or nothing.

    Returns:
        The administrator's invitation, to be mailed or printed by the caller.

    Raises:
        ValidationError: it was decided already.
    """
    application = _undecided(application)
    organisation = Organisation(
        name=application.name,
        kind=OrganisationKind.FACILITY,
        area=area,
        phone=application.phone,
        office_code=application.office_code,
        joined_on=clock.today(),
    )
    organisation.full_clean()
    organisation.save()
    issued = invite_member(
        actor=actor,
        organisation=organisation,
        name=application.contact_name,
        email=application.contact_email,
        role=Role.ORGANISATION_ADMIN,
    )
    if application.office_code:
        OutsideOffice.objects.filter(office_code=application.office_code, joined_at=None).update(
            joined_at=clock.now()
        )
    _decide(application, ApplicationState.APPROVED, "承認しました。", organisation)
    record_event(
        actor=actor,
        action="joining.approved",
        target=application,
        detail={"organisation": organisation.pk},
    )
    return issued


@transaction.atomic
def refuse_application(
    *, actor: Actor, application: JoiningApplication, reason: str
) -> JoiningApplication:
    """Say no, with the reason the facility reads on its page.

    Raises:
        ValidationError: it was decided already, or no reason is given.
    """
    application = _undecided(application)
    _decide(application, ApplicationState.REFUSED, reason, None)
    record_event(actor=actor, action="joining.refused", target=application)
    return application


def mail_applicant(application: JoiningApplication, *, url: str) -> bool:
    """Tell the facility that its page has news; the mail itself says nothing of them.

    Returns:
        Whether the mail left; if not, the telephone is the way.
    """
    context = {"application": application, "url": url}
    text = render_to_string("accounts/mail/joining.txt", context)
    subject = "【連携】参加の申込みについて"
    try:
        send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [application.contact_email])
    except (OSError, smtplib.SMTPException):
        return False
    return True


def _undecided(application: JoiningApplication) -> JoiningApplication:
    # Two people of the 事務局 may decide at once.
    locked = JoiningApplication.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if locked.state not in OPEN_STATES:
        raise ValidationError(DECIDED)
    return locked


def _say(application: JoiningApplication, kind: NoteKind, text: str) -> None:
    note = ApplicationNote(application=application, kind=kind, text=text, said_at=clock.now())
    note.full_clean()
    note.save()


def _decide(
    application: JoiningApplication,
    state: ApplicationState,
    text: str,
    organisation: Organisation | None,
) -> None:
    _say(application, NoteKind.DECISION, text)
    application.state, application.organisation = state, organisation
    application.decided_at = clock.now()
    application.save(update_fields=["state", "organisation", "decided_at"])


@dataclass(frozen=True)
class IssuedDevice:
    """A device with the code that is typed on it once, known only now."""

    device: Device
    code: str


@transaction.atomic
def add_device(
    *, actor: Actor, organisation: Organisation, label: str, expires_on: date | None = None
) -> IssuedDevice:
    """Make room for one device; it is registered when its code is typed on it within a week.

    Raises:
        ValidationError: the label is missing or the day has passed.
    """
    code, now = new_code(), clock.now()
    device = Device(
        organisation=organisation,
        label=label,
        code_hash=code_hash_of(code),
        made_at=now,
        expires_on=expires_on or (now + DEVICE_VALID_FOR).date(),
    )
    device.full_clean()
    if device.expires_on < clock.today():
        raise ValidationError({"expires_on": "期限は今日以降の日付を入力してください。"})
    device.save()
    record_event(actor=actor, action="device.added", target=device)
    return IssuedDevice(device, code)


@transaction.atomic
def register_device(*, actor: Actor, device: Device, holder: User | None = None) -> str:
    """Bind the device at hand to its row.

    Returns:
        The signed value of its cookie.

    Raises:
        ValidationError: another device used the code meanwhile.
    """
    device = Device.objects.select_for_update(of=("self",)).get(pk=device.pk)
    if device.registered_at is not None or device.revoked_at is not None:
        raise ValidationError(
            {"code": "このコードはもう使われました。新しいコードを頼んでください。"}
        )
    device.registered_at = device.last_seen_at = clock.now()
    device.holder = holder
    device.save(update_fields=["registered_at", "last_seen_at", "holder"])
    record_event(actor=actor, action="device.registered", target=device)
    return signing.dumps(str(device.uid), salt=DEVICE_SALT)


@transaction.atomic
def revoke_device(*, actor: Actor, device: Device) -> Device:
    """Make a device unknown from now on (lost, sold, replaced)."""
    device = Device.objects.select_for_update(of=("self",)).get(pk=device.pk)
    if device.revoked_at is None:
        device.revoked_at = clock.now()
        device.save(update_fields=["revoked_at"])
        record_event(actor=actor, action="device.revoked", target=device)
    return device


def note_device_seen(device: Device) -> None:
    """Remember the last sign-in on a device; no act of a person, so no audit event."""
    Device.objects.filter(pk=device.pk).update(last_seen_at=clock.now())


@transaction.atomic
def save_outside_office(
    *, actor: Actor, office: OutsideOffice | None, **facts: object
) -> OutsideOffice:
    """Put an office on the board of who has not joined, or correct its line.

    Raises:
        ValidationError: a value is missing or too long.
    """
    office = office or OutsideOffice()
    for name, value in facts.items():
        setattr(office, name, value)
    office.full_clean()
    office.save()
    record_event(actor=actor, action="outside_office.saved", target=office)
    return office


@transaction.atomic
def remove_outside_office(*, actor: Actor, office: OutsideOffice, joined: bool) -> OutsideOffice:
    """Take an office off the board: it joined, or it is no longer there."""
    if joined:
        office.joined_at = clock.now()
    else:
        office.removed_at = clock.now()
    office.save(update_fields=["joined_at", "removed_at"])
    record_event(
        actor=actor, action="outside_office.removed", target=office, detail={"joined": joined}
    )
    return office
