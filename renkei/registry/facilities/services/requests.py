"""「この情報の修正を依頼する」: taking a reader's words in, and answering them."""

from __future__ import annotations

import unicodedata

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.foundation.audit.actors import Actor
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.registry.facilities.models import CorrectionRequest, Facility

TEXT_LIMIT = 1000


def _plain(text: str) -> str:
    """The text without control characters (PostgreSQL refuses NUL) but with its line breaks."""
    return "".join(
        c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"}
    ).strip()


@transaction.atomic
def receive_request(
    *, actor: Actor, facility: Facility, text: str, contact: str = ""
) -> CorrectionRequest:
    """Keep what a reader reports about one place.

    Raises:
        ValidationError: nothing said, or too long.
    """
    request = CorrectionRequest(
        facility=facility,
        text=_plain(text),
        contact=_plain(contact),
        received_at=clock.now(),
    )
    if not request.text:
        raise ValidationError({"text": "直してほしい所を入力してください。"})
    # A text column has no length of its own.
    if len(request.text) > TEXT_LIMIT:
        raise ValidationError({"text": f"{TEXT_LIMIT:,}字以内で入力してください。"})
    request.full_clean()
    request.save(force_insert=True)
    record_event(
        actor=actor,
        action="correction_request.received",
        target=request,
        detail={"facility": facility.pk},
    )
    return request


@transaction.atomic
def close_request(*, actor: Actor, request_id: int, answer: str) -> CorrectionRequest:
    """Close a request with what was done about it.

    Raises:
        ValidationError: already closed, or no answer given.
    """
    # Two officers may close the same request at the same moment.
    request = CorrectionRequest.objects.select_for_update().get(pk=request_id)
    if request.closed_at is not None:
        raise ValidationError("この依頼は、すでにほかの人が対応しています。")
    request.answer = _plain(answer)
    if not request.answer:
        raise ValidationError({"answer": "対応の内容を入力してください。"})
    request.closed_at = clock.now()
    request.closed_by_id = actor.user_id
    request.full_clean()
    request.save(update_fields=["answer", "closed_at", "closed_by_id"])
    record_event(actor=actor, action="correction_request.closed", target=request)
    return request
