"""What the pages of stays, referrals and paths share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, Protocol, TypeVar
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.http import Http404, HttpResponse

from renkei.care.patients.access import care_page
from renkei.care.patients.models import GrantKind, Patient
from renkei.care.patients.reading import record_read
from renkei.care.transitions.queries.cases import CaseDoor, case_for
from renkei.foundation.accounts.access import View
from renkei.foundation.accounts.viewers import Viewer, ViewerRequest

_OK: Final = 200


class AnyDoor(Protocol):
    """One thing about a person, as one viewer may use it."""

    @property
    def patient(self) -> Patient: ...


Door = TypeVar("Door", bound=AnyDoor)
DoorView = Callable[Concatenate[ViewerRequest, Door, ...], HttpResponse]


def door_page(
    what: str,
    *,
    uid: str,
    find: Callable[[Viewer, UUID], Door],
    told: Callable[[Door], bool] = lambda _door: True,
) -> Callable[[DoorView[Door]], View]:
    """A page of one thing that ``find`` opens by the ``uid`` of its address.

    Its read is written down as ``what``, where the page ``told`` of the person. Not allowed and not
    found are the same 404.
    """

    def decorate(view: DoorView[Door]) -> View:
        @care_page()
        @wraps(view)
        def guarded(request: ViewerRequest, *args: object, **kwargs: Any) -> HttpResponse:
            try:
                door = find(request.viewer, kwargs.pop(uid))
            except ObjectDoesNotExist:
                raise Http404 from None
            # The page and its read are one transaction; the event comes last, it holds a lock.
            with transaction.atomic():
                response = view(request, door, *args, **kwargs)
                if request.method != "POST" and response.status_code == _OK and told(door):
                    record_read(
                        viewer=request.viewer, patient=door.patient, what=what, via=GrantKind.TEAM
                    )
            return response

        return guarded

    return decorate


def case_page(what: str) -> Callable[[DoorView[CaseDoor]], View]:
    """A page of one stay."""
    return door_page(what, uid="case_uid", find=case_for)


def writing(door: CaseDoor) -> None:
    """Let only those go on who may write.

    Raises:
        Http404: an observer, or the record is closed.
    """
    if not door.may_write:
        raise Http404
