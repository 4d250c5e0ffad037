"""What the pages of a stay share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse

from renkei.care.patients.access import care_page
from renkei.care.patients.models import GrantKind
from renkei.care.patients.reading import record_read
from renkei.care.transitions.models import CoordinationCase
from renkei.care.transitions.queries.cases import CaseDoor, case_for
from renkei.foundation.accounts.access import View
from renkei.foundation.accounts.viewers import ViewerRequest

CaseView = Callable[Concatenate[ViewerRequest, CaseDoor, ...], HttpResponse]
_OK = 200


def case_page(what: str) -> Callable[[CaseView], View]:
    """A page of one stay: found through the gate, its read written down as ``what``.

    Not allowed and not found are the same 404.
    """

    def decorate(view: CaseView) -> View:
        @care_page()
        @wraps(view)
        def guarded(
            request: ViewerRequest, case_uid: UUID, *args: object, **kwargs: object
        ) -> HttpResponse:
            try:
                door = case_for(request.viewer, case_uid)
            except CoordinationCase.DoesNotExist:
                raise Http404 from None
            # The page and its read are one transaction; the event comes last, it holds a lock.
            with transaction.atomic():
                response = view(request, door, *args, **kwargs)
                if request.method != "POST" and response.status_code == _OK:
                    record_read(
                        viewer=request.viewer, patient=door.patient, what=what, via=GrantKind.TEAM
                    )
            return response

        return guarded

    return decorate


def writing(door: CaseDoor) -> None:
    """Let only those go on who may write.

    Raises:
        Http404: an observer, or the record is closed.
    """
    if not door.may_write:
        raise Http404
