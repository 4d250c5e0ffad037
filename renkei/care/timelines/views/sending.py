"""What a device's outbox hears of a form it sends: one word, and why not."""

from __future__ import annotations

from datetime import datetime

from django.forms import Form
from django.http import JsonResponse
from django.template.loader import render_to_string
from django.utils.dateparse import parse_datetime

from renkei.care.timelines.presenters_rooms import Composer
from renkei.care.timelines.queries.doors import Door
from renkei.care.timelines.visit_forms import OLDEST
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common import clock


def from_outbox(request: ViewerRequest) -> bool:
    """Sent by the page's script, which shows the answer itself; a plain form gets pages."""
    return request.headers.get("Accept") == "application/json"


def written_in(request: ViewerRequest) -> datetime | None:
    """When it was written, for an entry that waited on its device; None for one sent at once."""
    try:
        written_at = parse_datetime(request.POST.get("written_at", ""))
    except ValueError:
        return None
    if written_at is None or written_at.tzinfo is None or written_at < clock.now() - OLDEST:
        return None  # a clock that is wrong says nothing
    return written_at


def accepted(said: str) -> JsonResponse:
    """It is kept, now or since an earlier time."""
    return JsonResponse({"result": "accepted", "said": said})


def refused(request: ViewerRequest, door: Door, composer: Composer) -> JsonResponse:
    """Why not, and the composer with each sentence at its field for a page that is still open."""
    forms: list[Form] = [composer.form, *(shown.form for shown in composer.parts)]
    sentences = [str(one) for form in forms for found in form.errors.values() for one in found]
    context = {"composer": composer, "door": door}
    return JsonResponse(
        {
            "result": "refused",
            "reason": " ".join(dict.fromkeys(sentences)),
            "remedy": "本文を写して、経過の画面で書き直してください。",
            "composer": render_to_string("timelines/_composer.html", context, request),
        },
        status=422,
    )
