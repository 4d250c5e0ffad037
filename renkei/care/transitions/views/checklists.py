"""Keeping the list of discharge."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from renkei.care.transitions.models import ChecklistLine
from renkei.care.transitions.queries.cases import CaseDoor
from renkei.care.transitions.services.checklists import decide_line
from renkei.care.transitions.views._shared import case_page, writing
from renkei.foundation.accounts.viewers import ViewerRequest


@require_POST
@case_page("退院時のチェックリスト")
def checklist_line(request: ViewerRequest, door: CaseDoor, line_uid: UUID) -> HttpResponse:
    """One line decided; the page of the stay again, at the list."""
    writing(door)
    try:
        decide_line(door=door, line_uid=line_uid, state=request.POST.get("state", ""))
    except ChecklistLine.DoesNotExist:
        raise Http404 from None
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    response = redirect("transitions:case_detail", door.case.uid)
    response["Location"] += "#checklist"
    return response
