"""Sending a referral, and everything that becomes of it: each one an event, none rewritten."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.care.patients.fax_covers import refuse_names
from renkei.care.patients.models import Consent, ConsentMethod, ContentClass, Patient
from renkei.care.patients.queries import member_of
from renkei.care.patients.visibility import scope_on_team
from renkei.care.transitions.acting import membership_of, organisation_of
from renkei.care.transitions.models import (
    Channel,
    Referral,
    ReferralAct,
    ReferralDocument,
    ReferralEvent,
    ReferralState,
)
from renkei.care.transitions.queries.referrals import (
    ReferralDoor,
    consent_reaching,
    sendable_answers,
)
from renkei.care.transitions.referral_states import (
    NEEDS_REASON,
    REASONS,
    Party,
    derive,
    following,
)
from renkei.care.transitions.referral_values import NewAct, NewReferral
from renkei.care.transitions.services.authors import author_values
from renkei.care.transitions.services.referral_places import give_back, take_place
from renkei.care.transitions.services.referral_telling import tell_of_act, tell_of_new
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock

LONGEST: Final = timedelta(days=60)
NO_CONSENT: Final = (
    "本人の同意がこの相手に届いていないため、送れません。同意のページで、有効期間と共有する相手を"
    "確かめて、同意を取り直してください。"
)
ALREADY: Final = "この相手への同じ紹介が、返事待ちです。その紹介を開いてください。"
TOO_LATE: Final = "この紹介は、もう答えられているか、止まっています。画面を開き直してください。"


@transaction.atomic
def send_referral(*, viewer: Viewer, patient: Patient, new: NewReferral) -> Referral:
    """Ask another service, as far as the person's consent goes.

    The caller has checked that the viewer writes on the team. Nothing of the person reaches the
    receiver before it accepts but what ``words`` and the preview say, which name nobody.

    Raises:
        ValidationError: no consent reaches the receiver, or a value is wrong.
    """
    known = Referral.objects.filter(client_uid=new.client_uid, patient=patient).first()
    if new.client_uid is not None and known is not None:
        return known
    # A withdrawal of consent waits for this, or this for it.
    patient = Patient.objects.select_for_update().get(pk=patient.pk)
    consent = _consent_for(viewer, patient, new)
    referral = _saved(viewer, patient, new, consent)
    _add_event(referral, NewAct(ReferralAct.SENT), viewer=viewer, consent=consent)
    tell_of_new(referral)
    record_event(
        actor=viewer.actor,
        action="referral.sent",
        target=referral,
        detail={
            "patient": str(patient.uid),
            "kind": referral.kind,
            "documents": len(new.answers),
            "with_account": not referral.is_outside,
        },
    )
    return referral


def _consent_for(viewer: Viewer, patient: Patient, new: NewReferral) -> Consent:
    consent = consent_reaching(patient, new.receiver.organisation)
    if consent is None or patient.is_closed:
        raise ValidationError(NO_CONSENT)
    _refuse(set(new.content_classes) - set(consent.content_classes), "本人の同意にない範囲です")
    own = scope_on_team(viewer, patient)
    _refuse(set(new.content_classes) - own, "あなたが任されていない範囲です")
    return consent


def _refuse(beyond: set[str], why: str) -> None:
    if beyond:
        words = "・".join(str(ContentClass(each).label) for each in sorted(beyond))
        raise ValidationError({"content_classes": f"{why}：{words}。外してください。"})


def _saved(viewer: Viewer, patient: Patient, new: NewReferral, consent: Consent) -> Referral:
    receiver = new.receiver
    place = member_of(viewer, patient)
    referral = Referral(
        client_uid=new.client_uid,
        patient=patient,
        kind=new.kind,
        service=new.service,
        sender_id=organisation_of(viewer),
        sender_member_id=membership_of(viewer),
        sender_place=place,
        sender_was_host=patient.host_id == viewer.organisation_id,
        receiver=receiver.organisation,
        receiver_name=receiver.organisation.name if receiver.organisation else receiver.name,
        receiver_person=receiver.person,
        receiver_phone=receiver.phone,
        receiver_fax=receiver.fax,
        words=new.words,
        wanted_on=new.wanted_on,
        content_classes=sorted({*new.content_classes, ContentClass.BASIC.value}),
        asked_on=new.asked_on,
        asked_by_way=new.asked_by_way,
        expires_at=new.expires_at,
        sent_at=clock.now(),
    )
    _check(viewer, referral, new, consent)
    referral.full_clean()
    referral.save(force_insert=True)
    ReferralDocument.objects.bulk_create(
        ReferralDocument(referral=referral, answer_uid=uid) for uid in new.answers
    )
    return referral


def _check(viewer: Viewer, referral: Referral, new: NewReferral, consent: Consent) -> None:
    try:
        refuse_names(
            referral.patient,
            (referral.words, referral.receiver_person, referral.receiver_name),
        )
    except ValidationError:
        raise ValidationError(
            {"words": "療養者や家族の氏名を書かないでください。相手が引き受けたあとに見えます。"}
        ) from None
    now = clock.now()
    if not now < new.expires_at <= now + LONGEST:
        raise ValidationError({"expires": "返事の期限は、これから60日以内で選んでください。"})
    if new.asked_on > clock.today():
        raise ValidationError({"asked_on": "きょうまでの日を入力してください。"})
    if new.asked_by_way not in ConsentMethod.values:
        raise ValidationError({"asked_by_way": "方法を選んでください。"})
    waiting = Referral.objects.filter(
        patient=referral.patient,
        sender=referral.sender,
        receiver=referral.receiver,
        receiver_name=referral.receiver_name,
        service=referral.service,
        state=ReferralState.WAITING,
    )
    if waiting.exists():
        raise ValidationError(ALREADY)
    content = set(new.content_classes) & set(consent.content_classes)
    allowed = {one.uid for one in sendable_answers(viewer, referral.patient, content)}
    if set(new.answers) - allowed:
        raise ValidationError(
            {"answers": "渡す範囲に入っていない書類があります。範囲を広げるか、外してください。"}
        )


@transaction.atomic
def act_on(*, door: ReferralDoor, new: NewAct, whole_office: bool = False) -> ReferralEvent:
    """Write down what the viewer did, or was told by somebody without an account.

    Acceptance puts the receiver on the team; of a transfer, the sender leaves then and not before.

    Raises:
        ValidationError: it cannot follow, is not the viewer's act, or lacks its reason.
    """
    referral = locked(door.referral)
    _check_act(door, referral, new)
    consent = consent_reaching(referral.patient, referral.receiver)
    if new.act == ReferralAct.ACCEPTED:
        _check_acceptance(referral, consent)
        if not referral.is_outside:
            referral.accepted_by_id = membership_of(door.viewer)
            take_place(viewer=door.viewer, referral=referral, whole_office=whole_office)
    elif new.act == ReferralAct.RETURNED:
        give_back(viewer=door.viewer, referral=referral)
    elif new.act == ReferralAct.EXTENDED:
        referral.expires_at = _extended(new)
    event = _add_event(referral, new, viewer=door.viewer, consent=consent)
    tell_of_act(referral, new.act, by=door.party, viewer=door.viewer)
    record_event(
        actor=door.viewer.actor,
        action="referral.acted",
        target=referral,
        detail={"act": new.act.value, "event": str(event.uid), "channel": new.channel},
    )
    _follow(door.referral, referral)
    return event


def locked(referral: Referral) -> Referral:
    """The row, held until the transaction ends: answers of two colleagues come one by one."""
    # The person first, in the order of every act that changes a team or a consent.
    Patient.objects.select_for_update().get(pk=referral.patient_id)
    return (
        Referral.objects.select_for_update(of=("self",))
        .select_related("patient__host", "receiver", "sender", "sender_place", "receiver_place")
        .get(pk=referral.pk)
    )


def add_platform_event(referral: Referral, act: ReferralAct) -> ReferralEvent:
    """What nobody did: the clock ran out, or the consent ended. Part of the caller's act."""
    consent = consent_reaching(referral.patient, referral.receiver)
    return _add_event(referral, NewAct(act), viewer=None, consent=consent)


def add_paper(*, referral: Referral, viewer: Viewer, file_uid: str, pages: str) -> ReferralEvent:
    """A paper came back; what is ticked on it somebody reads and records. Part of the filing."""
    new = NewAct(
        ReferralAct.PAPER_CAME, channel=Channel.FAX, detail={"file": file_uid, "pages": pages}
    )
    consent = consent_reaching(referral.patient, referral.receiver)
    return _add_event(referral, new, viewer=viewer, consent=consent)


def _check_act(door: ReferralDoor, referral: Referral, new: NewAct) -> None:
    possible = following(referral.state, outside=referral.is_outside)
    if new.act not in possible:
        raise ValidationError(TOO_LATE)
    if not door.may_act or possible[new.act] != door.party or door.party == Party.PLATFORM:
        raise ValidationError("この記録は、相手の側がします。")
    if new.act in NEEDS_REASON and not new.reason and not new.reason_code:
        raise ValidationError({"reason": "理由を入力してください。"})
    if new.reason_code and new.reason_code not in REASONS:
        raise ValidationError({"reason_code": "理由を選んでください。"})
    told = referral.is_outside and possible[new.act] == Party.SENDER
    told = told and new.act not in {ReferralAct.WITHDRAWN, ReferralAct.EXTENDED}
    if told and new.channel == Channel.SYSTEM:
        raise ValidationError({"channel": "電話など、どうやって聞いたかを選んでください。"})
    if new.reason:
        try:
            refuse_names(referral.patient, (new.reason, new.counterpart))
        except ValidationError:
            raise ValidationError({"reason": "療養者や家族の氏名を書かないでください。"}) from None


def _check_acceptance(referral: Referral, consent: Consent | None) -> None:
    if clock.now() >= referral.expires_at:
        raise ValidationError(
            "返事の期限が切れています。引き受けられるときは、送った相手に電話してください。"
        )
    if consent is None or referral.patient.is_closed:
        raise ValidationError("この紹介は止まっています。送った相手に電話してください。")
    # What the person took back in the meantime is not opened.
    referral.content_classes = sorted(set(referral.content_classes) & set(consent.content_classes))


def _extended(new: NewAct) -> datetime:
    until = datetime.fromisoformat(str(new.detail["until"]))
    if not clock.now() < until <= clock.now() + LONGEST:
        raise ValidationError({"expires": "返事の期限は、これから60日以内で選んでください。"})
    return until


def _add_event(
    referral: Referral, new: NewAct, *, viewer: Viewer | None, consent: Consent | None
) -> ReferralEvent:
    values: dict[str, Any] = {}
    if viewer is not None:
        values = author_values(viewer, referral.patient)
        values.pop("organisation")
    event = ReferralEvent(
        referral=referral,
        act=new.act,
        at=clock.now(),
        channel=new.channel,
        counterpart=new.counterpart,
        reason_code=new.reason_code,
        reason=new.reason,
        detail=dict(new.detail),
        consent_uid=consent.uid if consent else None,
        **values,
    )
    event.full_clean(exclude=["detail"])
    event.save(force_insert=True)
    acts = referral.events.order_by("at", "pk").values_list("act", flat=True)
    derived = derive(referral.kind, acts, outside=referral.is_outside)
    referral.state = derived.state
    referral.save()
    return event


def _follow(stale: Referral, fresh: Referral) -> None:
    for field in fresh._meta.concrete_fields:  # noqa: SLF001 - public Meta API
        setattr(stale, field.attname, getattr(fresh, field.attname))


def first_day(detail: dict[str, Any]) -> date | None:
    """The day of the first visit, where an event names one."""
    text = detail.get("on")
    return date.fromisoformat(text) if text else None
