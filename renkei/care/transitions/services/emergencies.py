"""Agreements with hospitals. The caller has checked that the viewer may."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.care.patients.models import ContentClass, Patient
from renkei.care.patients.people_to_tell import team_user_ids
from renkei.care.patients.queries import may_read
from renkei.care.transitions.acting import membership_of
from renkei.care.transitions.models import AgreementNotice, EmergencyAgreement
from renkei.care.transitions.notices import AGREEMENT_MADE
from renkei.care.transitions.pair_states import Audience
from renkei.care.transitions.services.told import Answer, confirm_told, require_name, tell_family
from renkei.foundation.accounts.models import Organisation
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.common.kana import fold
from renkei.foundation.common.phones import require_phone
from renkei.foundation.common.text import require_storable
from renkei.foundation.notifications.services import notify


@dataclass(frozen=True)
class HospitalChoice:
    """A party here, or a hospital outside by its name."""

    organisation: Organisation | None = None
    name: str = ""
    phone: str = ""

    @property
    def key(self) -> str:
        return f"org:{self.organisation.pk}" if self.organisation else f"name:{fold(self.name)}"

    def values(self) -> dict[str, object]:
        """The columns of ``HospitalFields``.

        Raises:
            ValidationError: no name, or no telephone number in ``phone``.
        """
        name = self.organisation.name if self.organisation else require_storable(self.name.strip())
        if not name:
            raise ValidationError({"hospital_name": "病院の名称を入力してください。"})
        return {
            "hospital": self.organisation,
            "hospital_name": name,
            "hospital_key": self.key,
            "hospital_phone": self._phone(),
        }

    def _phone(self) -> str:
        if self.phone.strip():
            return require_phone(self.phone)
        return self.organisation.phone if self.organisation else ""


@dataclass(frozen=True)
class Terms:
    """On what terms a hospital takes a person in."""

    beds: str = ""
    hours: str = ""
    not_accepted: str = ""
    transport: str = ""
    information: str = ""


@transaction.atomic
def agree(
    *,
    viewer: Viewer,
    patient: Patient,
    hospital: HospitalChoice,
    terms: Terms,
    confirmed_on: date,
    answer: Answer,
) -> EmergencyAgreement:
    """Register the hospital that agreed to take this person in.

    Raises:
        ValidationError: there is one already (T-C2a: named only to whoever may read the person's
            emergency information), nobody is named who agreed, or the day lies ahead.
    """
    Patient.objects.select_for_update().get(pk=patient.pk)
    there = EmergencyAgreement.objects.filter(patient=patient, ended_at=None).first()
    if there is not None:
        raise ValidationError(_there_already(viewer, patient, there))
    require_name(answer)
    _require_past(confirmed_on)
    now = clock.now()
    agreement = EmergencyAgreement(
        patient=patient,
        agreed_at=now,
        agreed_by_id=membership_of(viewer),
        confirmed_on=confirmed_on,
        confirmed_name=answer.person_name.strip(),
        confirmed_channel=answer.channel,
        **hospital.values(),
        **{name: require_storable(text.strip()) for name, text in vars(terms).items()},
    )
    agreement.full_clean()
    agreement.save()
    AgreementNotice.objects.bulk_create(
        AgreementNotice(agreement=agreement, audience=audience, told_at=now)
        for audience in Audience
    )
    notify(
        user_ids=team_user_ids(patient),
        kind=AGREEMENT_MADE,
        path=f"/transitions/patients/{patient.uid}/emergency/agreement/",
        dedupe_key=f"{AGREEMENT_MADE}:{agreement.uid}",
    )
    tell_family(patient, str(agreement.uid))
    record_event(actor=viewer.actor, action="emergency_agreement.made", target=agreement)
    return agreement


@transaction.atomic
def confirm_agreement(
    *, viewer: Viewer, agreement: EmergencyAgreement, confirmed_on: date, answer: Answer
) -> None:
    """Note that the hospital said that the agreement still holds.

    Raises:
        ValidationError: it is over, nobody is named, or the day lies ahead or before the last one.
    """
    locked = EmergencyAgreement.objects.select_for_update().get(pk=agreement.pk)
    if locked.ended_at is not None:
        raise ValidationError("この取り決めは終わっています。画面を開き直してください。")
    require_name(answer)
    _require_past(confirmed_on)
    if confirmed_on < locked.confirmed_on:
        raise ValidationError({"confirmed_on": "前の確認日以降の日付を入力してください。"})
    locked.confirmed_on = confirmed_on
    locked.confirmed_name = require_storable(answer.person_name.strip())
    locked.confirmed_channel = answer.channel
    locked.save(update_fields=["confirmed_on", "confirmed_name", "confirmed_channel"])
    record_event(actor=viewer.actor, action="emergency_agreement.confirmed", target=locked)


@transaction.atomic
def end_agreement(*, viewer: Viewer, agreement: EmergencyAgreement) -> None:
    """The hospital no longer stands ready; another one can be registered."""
    EmergencyAgreement.objects.filter(pk=agreement.pk, ended_at=None).update(ended_at=clock.now())
    record_event(actor=viewer.actor, action="emergency_agreement.ended", target=agreement)


@transaction.atomic
def confirm_agreement_notice(
    *,
    viewer: Viewer,
    agreement: EmergencyAgreement,
    audience: Audience,
    answer: Answer,
    has_nobody: bool = False,
) -> None:
    """Note that somebody who has to know the agreement said that they do.

    Raises:
        ValidationError: nobody is named, it is confirmed already, or the agreement is over.
    """
    notice = AgreementNotice.objects.select_for_update().get(agreement=agreement, audience=audience)
    if EmergencyAgreement.objects.get(pk=agreement.pk).ended_at is not None:
        raise ValidationError("この取り決めは終わっています。画面を開き直してください。")
    confirm_told(notice, viewer, agreement.patient, answer, has_nobody=has_nobody)
    record_event(
        actor=viewer.actor,
        action="emergency_agreement.notice_confirmed",
        target=agreement,
        detail={"audience": audience.value},
    )


def _require_past(day: date) -> None:
    if day > clock.today():
        raise ValidationError({"confirmed_on": "確認日は今日までの日付を入力してください。"})


def _there_already(viewer: Viewer, patient: Patient, there: EmergencyAgreement) -> str:
    if may_read(viewer, patient, ContentClass.EMERGENCY):
        return (
            f"{there.hospital_name}がすでに登録されています。"
            "先にその取り決めを終えてから登録してください。"
        )
    return "別の医療機関がすでに登録されています。主催の事業所に確かめてください。"
