"""今夜の担当: whom to call for each of one's persons, now and through the night."""

from __future__ import annotations

import re
from datetime import date, timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from renkei.care.patients.access import care_page, member_who_writes, person_page
from renkei.care.patients.models import Patient
from renkei.care.patients.presenters import person_head
from renkei.care.patients.queries import writes_about
from renkei.care.patients.reading import record_reads
from renkei.care.patients.rules import may_work_in_teams
from renkei.care.transitions.duty_times import instant_of
from renkei.care.transitions.forms_duties import FirstContactsForm
from renkei.care.transitions.presenters_duties import WEEK, away_lines, week_of_person
from renkei.care.transitions.presenters_tonight import Board, MonthHoles, board_row
from renkei.care.transitions.queries.away import away_of
from renkei.care.transitions.queries.board import BoardAsked, board_of
from renkei.care.transitions.queries.duties import (
    Watched,
    first_contacts_of,
    night_ends,
    window_of,
)
from renkei.care.transitions.queries.month_holes import month_holes
from renkei.care.transitions.queries.rosters import rosters_kept_by
from renkei.care.transitions.services.first_contacts import set_first_contacts
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common import clock

TAB = "tonight"
LONGEST_MONTH = 31


@never_cache
@care_page(may_work_in_teams)
@require_safe
def tonight(request: ViewerRequest) -> HttpResponse:
    """Now and the coming night over all persons of the viewer; holes first.

    With many persons the offices that answer are counted; who they answer for is a page further.
    """
    now = clock.now()
    until = night_ends(now)
    asked = BoardAsked(**{name: request.GET.get(name, "") for name in ("who", "office", "page")})
    with transaction.atomic():
        found = board_of(request.viewer, since=now, until=until, asked=asked)
        board = Board.of(found, now, asked)
        context = {
            "board": board,
            "page": board.page,
            "now": now,
            "until": until,
            "month": f"{now.astimezone(clock.TOKYO):%Y-%m}",
            "rosters": rosters_kept_by(request.viewer),
        }
        response = render(request, "transitions/tonight.html", context)
        record_reads(viewer=request.viewer, patients=board.patients, what="今夜の担当")
    return response


@never_cache
@care_page(may_work_in_teams)
@require_safe
def tonight_month(request: ViewerRequest, month: str) -> HttpResponse:
    """The holes of a whole month over all persons of the viewer, to be filled in time."""
    first = _month(month)
    later = (first + timedelta(days=LONGEST_MONTH)).replace(day=1)
    hole = request.GET.get("hole", "")
    with transaction.atomic():
        found = month_holes(
            request.viewer,
            since=instant_of(first, 0),
            until=instant_of(later, 0),
            key=hole,
            page=request.GET.get("page", ""),
        )
        if hole and not found.holes:
            raise Http404
        holes = MonthHoles.of(found)
        context = {
            "first": first,
            "earlier": f"{first - timedelta(days=1):%Y-%m}",
            "later": f"{later:%Y-%m}",
            "month": month,
            "holes": holes,
            "page": holes.page,
        }
        response = render(request, "transitions/tonight_month.html", context)
        if holes.patients:
            record_reads(viewer=request.viewer, patients=holes.patients, what="担当の穴")
    return response


def _month(text: str) -> date:
    match = re.fullmatch(r"(20[0-9]{2})-(0[1-9]|1[0-2])", text, re.ASCII)
    if match is None:
        raise Http404
    return date(int(match[1]), int(match[2]), 1)


@never_cache
@person_page("電話する先")
@require_safe
def person_tonight(request: ViewerRequest, patient: Patient) -> HttpResponse:
    """One person's week: whom to call, when, and the order behind it."""
    now = clock.now()
    today = clock.today()
    first, last = instant_of(today, 0), instant_of(today + timedelta(days=WEEK), 0)
    whole = window_of(patient, since=first, until=last)
    night = window_of(patient, since=now, until=night_ends(now))
    away = away_of(whole.rosters, since=now, until=last)
    context = {
        "head": person_head(request.viewer, patient, current=TAB),
        "days": week_of_person(whole.spans, today),
        "row": board_row(Watched(patient, night.spans, in_hospital=False), now),
        "in_hospital": whole.in_hospital,
        "away": away_lines(away, now),
        "contacts": first_contacts_of(patient),
        "may_write": writes_about(request.viewer, patient),
    }
    return render(request, "transitions/person_tonight.html", context)


@never_cache
@person_page("電話する先")
@require_http_methods(["GET", "POST"])
def person_tonight_edit(request: ViewerRequest, patient: Patient) -> HttpResponse:
    """Decide in which order the offices are called."""
    member_who_writes(request, patient)
    form = FirstContactsForm(request.POST if request.method == "POST" else None, patient=patient)
    if form.is_valid():
        try:
            set_first_contacts(viewer=request.viewer, patient=patient, rosters=form.chosen())
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "電話する順を決めました。")
            return redirect("transitions:person_tonight", patient.uid)
    context = {"head": person_head(request.viewer, patient, current=TAB), "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "transitions/person_tonight_edit.html", context, status=status)
