"""Guarding pages about a person: a staff page, for people who work in teams."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, cast
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from renkei.care.patients import rules
from renkei.care.patients.models import ContentClass, Patient
from renkei.care.patients.queries import acts_as_host, merged_into, patient_for, writes_about
from renkei.care.patients.reading import record_read
from renkei.care.patients.ways_in import way_in
from renkei.foundation.accounts.access import View, staff_page
from renkei.foundation.accounts.queries import policy_to_accept
from renkei.foundation.accounts.viewers import Viewer, ViewerRequest

PersonView = Callable[Concatenate[ViewerRequest, Patient, ...], HttpResponse]
_OK = 200


def care_page(rule: Callable[[Viewer], bool] = rules.may_work_in_teams) -> Callable[[View], View]:
    """Let only people reach a view who can be on a team; which person they see, the query says.

    Whoever has the region's policy still to sign is led there first (T-MCS9).
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def asked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if policy_to_accept(cast("ViewerRequest", request).viewer) is not None:
                query = urlencode({"next": request.get_full_path()})
                return redirect(f"{reverse('accounts:policy_accept')}?{query}")
            return view(request, *args, **kwargs)

        return staff_page(rule)(asked)

    return decorate


def person_page(
    what: str,
    *,
    content: ContentClass = ContentClass.BASIC,
    rule: Callable[[Viewer], bool] = rules.may_work_in_teams,
) -> Callable[[PersonView], View]:
    """A page of one person: found through the gate, its read written down as ``what``.

    The view gets the person instead of the uid in its address. Not allowed and not found are the
    same 404; the address of a record that was merged leads to the one it became.
    """

    def decorate(view: PersonView) -> View:
        @care_page(rule)
        def guarded(
            request: ViewerRequest, patient_uid: UUID, *args: object, **kwargs: object
        ) -> HttpResponseBase:
            viewer = request.viewer
            try:
                patient = patient_for(viewer, patient_uid, content)
            except Patient.DoesNotExist:
                return _moved(request, patient_uid)
            # The page and its read are one transaction; the event comes last, for it holds a lock.
            with transaction.atomic():
                response = view(request, patient, *args, **kwargs)
                if request.method != "POST" and response.status_code == _OK:
                    via = way_in(viewer, patient, content)
                    record_read(viewer=viewer, patient=patient, what=what, via=via)
            return response

        return guarded

    return decorate


def _moved(request: ViewerRequest, uid: UUID) -> HttpResponse:
    target = merged_into(request.viewer, uid)
    if target is None:
        raise Http404
    return redirect(request.get_full_path().replace(str(uid), str(target)))


def member_who_writes(request: ViewerRequest, patient: Patient) -> None:
    """Let only a member of the team go on who does more than look, while care goes on.

    Raises:
        Http404: an observer, or the record is closed.
    """
    if not writes_about(request.viewer, patient):
        raise Http404


def host_only(request: ViewerRequest, patient: Patient) -> None:
    """Let only those go on who do the host's work for this person.

    Raises:
        Http404: somebody else, an observer, or a colleague who is not on the team.
    """
    if not acts_as_host(request.viewer, patient):
        raise Http404
