"""Consent: every decision is a row of its own; withdrawal stops what flows at once (T-P2)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.care.patients.events import team_changed
from renkei.care.patients.models import (
    Consent,
    ConsentDecision,
    ConsentPaper,
    ConsentRecipient,
    ConsentSubject,
    Patient,
    Relative,
)
from renkei.care.patients.services.people import locked
from renkei.care.patients.streams import close_streams_about
from renkei.foundation.accounts.models import Organisation
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock


@transaction.atomic
def record_consent(
    *,
    viewer: Viewer,
    patient: Patient,
    values: Mapping[str, Any],
    relative: Relative | None = None,
    organisations: Collection[Organisation] = (),
    excluded: Collection[Relative] = (),
    paper: ConsentPaper | None = None,
) -> Consent:
    """Write down what the person, or a relative for their own data, decided.

    A later decision takes the place of the one before, which stays as it was. Open pages are
    closed and ask anew what they may show.

    Raises:
        ValidationError: a value is missing, or the decision names nobody it reaches.
    """
    locked(patient)
    now = clock.now()
    consent = Consent(
        patient=patient,
        relative=relative,
        subject=ConsentSubject.RELATIVE if relative else ConsentSubject.PATIENT,
        recorded_by_id=viewer.membership_id,
        recorded_at=now,
        paper_uid=paper.file_uid if paper else None,
        **values,
    )
    _check(consent, organisations)
    Consent.objects.filter(patient=patient, relative=relative, superseded_at=None).update(
        superseded_at=now
    )
    consent.full_clean(validate_constraints=False)
    consent.save()
    named = [] if consent.whole_team else list(organisations)
    ConsentRecipient.objects.bulk_create(
        [
            *(ConsentRecipient(consent=consent, organisation=one) for one in named),
            *(ConsentRecipient(consent=consent, excluded_relative=one) for one in excluded),
        ]
    )
    _settle(paper)
    close_streams_about(patient)
    team_changed(patient)
    _record(viewer, consent, "consent.recorded", decision=consent.decision)
    return consent


def _check(consent: Consent, organisations: Collection[Organisation]) -> None:
    if consent.period.upper and consent.period.upper <= consent.period.lower:
        raise ValidationError({"valid_until": "期限は、始まり以降の日付を入力してください。"})
    if consent.decision == ConsentDecision.REFUSED:
        return
    if consent.relative is None and not consent.content_classes:
        raise ValidationError({"content_classes": "共有する内容を1つ以上選んでください。"})
    if consent.relative is None and not consent.whole_team and not organisations:
        raise ValidationError({"organisations": "共有する相手を1つ以上選んでください。"})
    if consent.proxy is not None and not consent.proxy_reason:
        raise ValidationError({"proxy_reason": "代理の理由を入力してください。"})


@transaction.atomic
def withdraw_consent(
    *, viewer: Viewer, consent: Consent, reason: str = "", paper: ConsentPaper | None = None
) -> Consent:
    """Stop at once what this consent let flow; the proof that it was given stays.

    Copies that were delivered cannot be called back: the form says so before it is signed.

    Raises:
        ValidationError: it was withdrawn already, or is not the present decision.
    """
    consent = (
        Consent.objects.select_for_update(of=("self",)).select_related("patient").get(pk=consent.pk)
    )
    agreed = consent.decision == ConsentDecision.AGREED
    if consent.withdrawn_at or consent.superseded_at or not agreed:
        raise ValidationError("この同意はすでに効力がありません。いまの状態を確かめてください。")
    consent.withdrawn_at = clock.now()
    consent.withdrawal_reason = reason
    consent.withdrawal_paper_uid = paper.file_uid if paper else None
    consent.save(update_fields=["withdrawn_at", "withdrawal_reason", "withdrawal_paper_uid"])
    _settle(paper)
    close_streams_about(consent.patient)
    team_changed(consent.patient)
    _record(viewer, consent, "consent.withdrawn")
    return consent


@transaction.atomic
def set_paper_aside(*, viewer: Viewer, paper: ConsentPaper) -> None:
    """The paper says nothing that is to be recorded; it stays where it is."""
    _settle(paper)
    record_event(
        actor=viewer.actor,
        action="consent.paper_set_aside",
        target=paper.patient,
        detail={"paper": str(paper.uid)},
    )


def _settle(paper: ConsentPaper | None) -> None:
    if paper is not None:
        paper.settled_at = clock.now()
        paper.save(update_fields=["settled_at"])


def _record(viewer: Viewer, consent: Consent, action: str, **more: object) -> None:
    record_event(
        actor=viewer.actor,
        action=action,
        target=consent.patient,
        detail={"consent": str(consent.uid), "subject": consent.subject, **more},
    )
