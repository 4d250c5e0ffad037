"""看取りと意思の確認: a person's record behind the gate, and an area's conditions."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.care.patients.access import member_who_writes, person_page
from renkei.care.patients.models import ContentClass, Patient
from renkei.care.patients.presenters import person_head
from renkei.care.patients.queries import writes_about
from renkei.care.transitions import presenters_end_of_life as shown
from renkei.care.transitions.documents.end_of_life import wish_sheet_pdf
from renkei.care.transitions.forms_end_of_life import ConditionsForm, PublishForm, WishFactForm
from renkei.care.transitions.models import VersionState, WishConditions, WishFactKind
from renkei.care.transitions.queries.cases import team_patients
from renkei.care.transitions.queries.end_of_life import (
    edition_for,
    editions_of,
    facts_of,
    person_wish,
)
from renkei.care.transitions.rules_homes import may_read_conditions, may_write_conditions
from renkei.care.transitions.services import end_of_life as services
from renkei.care.transitions.wish_conditions import EXAMPLE, Conditions, parse
from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.accounts.views.downloads import pdf_response
from renkei.foundation.common import clock
from renkei.foundation.notifications.services import mark_read

TAB = "end_of_life"
WISHES = ContentClass.WISHES


def _by_team(request: ViewerRequest, patient: Patient) -> None:
    """Only the team: emergency ways in lead to the emergency screen and nowhere else."""
    if not team_patients(request.viewer, WISHES).filter(pk=patient.pk).exists():
        raise Http404


@never_cache
@person_page("意思の確認", content=WISHES)
@require_safe
def person_end_of_life(request: ViewerRequest, patient: Patient) -> HttpResponse:
    """One person: the shared wish, what the area asks for, what was confirmed."""
    _by_team(request, patient)
    found = person_wish(request.viewer, patient)
    mark, word = shown.state_word(found)
    taken_back = {fact.corrects_id for fact in found.facts if fact.corrects_id}
    context = {
        "head": person_head(request.viewer, patient, current=TAB),
        "found": found,
        "mark": mark,
        "word": word,
        "items": shown.shown_items(found),
        "phones": shown.doctor_phones(found),
        "history": [
            (fact, fact.pk in taken_back, fact.kind == WishFactKind.TAKEN_BACK)
            for fact in found.facts
        ],
        "may_write": writes_about(request.viewer, patient),
    }
    response = render(request, "transitions/end_of_life/person.html", context)
    mark_read(user_id=request.viewer.user_id or 0, path_prefix=request.path)
    return response


@never_cache
@person_page("意思の確認", content=WISHES)
@require_http_methods(["GET", "POST"])
def wish_fact_add(request: ViewerRequest, patient: Patient, code: str) -> HttpResponse:
    """Record one confirmation, one telling, a paper; ``withdrawn``: the person no longer wishes."""
    _by_team(request, patient)
    member_who_writes(request, patient)
    found = person_wish(request.viewer, patient)
    item = found.conditions.item(code) if found.conditions else None
    if item is None and code != WishFactKind.WITHDRAWN:
        raise Http404
    kind = item.kind if item else WishFactKind.WITHDRAWN
    form = WishFactForm(request.POST if request.method == "POST" else None, kind=kind)
    if form.is_valid():
        try:
            services.record_wish_fact(
                viewer=request.viewer, patient=patient, kind=kind, code=item.code if item else "",
                values=form.cleaned_data,
            )  # fmt: skip
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "記録しました。救急の画面にもすぐに出ます。")
            return redirect("transitions:person_end_of_life", patient.uid)
    context = {
        "head": person_head(request.viewer, patient, current=TAB),
        "form": form,
        "title": item.label if item else "本人が取りやめた",
        "withdrawing": item is None,
    }
    status = 422 if form.is_bound else 200
    return render(request, "transitions/end_of_life/fact_form.html", context, status=status)


@person_page("意思の確認", content=WISHES)
@require_POST
def wish_fact_take_back(request: ViewerRequest, patient: Patient, fact_uid: UUID) -> HttpResponse:
    """It was written down by mistake."""
    _by_team(request, patient)
    member_who_writes(request, patient)
    fact = get_object_or_404(facts_of(patient), uid=fact_uid)
    try:
        services.take_back_wish_fact(viewer=request.viewer, patient=patient, fact=fact)
    except ValidationError as error:
        messages.error(request, "".join(error.messages))
    else:
        messages.success(request, "記録の誤りを取り消しました。取り消したことは残ります。")
    return redirect("transitions:person_end_of_life", patient.uid)


@never_cache
@person_page("意思の記録の紙", content=WISHES)
@require_safe
def wish_sheet(request: ViewerRequest, patient: Patient) -> HttpResponse:
    """The record on paper."""
    _by_team(request, patient)
    address = request.build_absolute_uri(reverse("patients:emergency_screen", args=[patient.uid]))
    content = wish_sheet_pdf(patient, person_wish(request.viewer, patient), address=address)
    return pdf_response(content, "wish-record.pdf")


# -- an area's conditions


def _edition(request: ViewerRequest, uid: UUID) -> WishConditions:
    try:
        return edition_for(request.viewer, uid)
    except WishConditions.DoesNotExist as error:
        raise Http404 from error


@staff_page(may_read_conditions)
@require_safe
def conditions_list(request: ViewerRequest) -> HttpResponse:
    """The editions of the viewer's area."""
    context = {
        "editions": [(one, parse(one.content)) for one in editions_of(request.viewer)],
        "today": clock.today(),
        "may_write": may_write_conditions(request.viewer),
        "example": EXAMPLE,
    }
    return render(request, "transitions/end_of_life/conditions_list.html", context)


@staff_page(may_write_conditions)
@require_http_methods(["GET", "POST"])
def conditions_add(request: ViewerRequest) -> HttpResponse:
    """A new draft: from the newest edition, else from the example."""
    newest = editions_of(request.viewer).first()
    return _write(request, None, parse(newest.content) if newest else EXAMPLE)


@staff_page(may_write_conditions)
@require_http_methods(["GET", "POST"])
def conditions_edit(request: ViewerRequest, edition_uid: UUID) -> HttpResponse:
    """A draft, written anew."""
    edition = _edition(request, edition_uid)
    if edition.state != VersionState.DRAFT:
        raise Http404
    return _write(request, edition, parse(edition.content))


def _write(
    request: ViewerRequest, edition: WishConditions | None, conditions: Conditions
) -> HttpResponse:
    form = ConditionsForm(
        request.POST if request.method == "POST" else None,
        conditions=conditions,
    )
    if form.is_valid():
        try:
            services.write_conditions(
                viewer=request.viewer,
                edition=edition,
                content=form.content(),
                reason=form.cleaned_data["reason"],
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "下書きを書きました。公開するまで、どこにも出ません。")
            return redirect("transitions:conditions_list")
    status = 422 if form.is_bound else 200
    context = {"form": form, "title": "取り決めを書く", "button": "下書きを保存する"}
    return render(request, "transitions/end_of_life/conditions_form.html", context, status=status)


@staff_page(may_write_conditions)
@require_http_methods(["GET", "POST"])
def conditions_publish(request: ViewerRequest, edition_uid: UUID) -> HttpResponse:
    """Let an edition hold from a day on."""
    edition = _edition(request, edition_uid)
    form = PublishForm(
        request.POST if request.method == "POST" else None, initial={"first_day": clock.today()}
    )
    if form.is_valid():
        try:
            services.publish_conditions(
                viewer=request.viewer, edition=edition, first_day=form.cleaned_data["first_day"]
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "取り決めを公開しました。公開した版は変えられません。")
            return redirect("transitions:conditions_list")
    status = 422 if form.is_bound else 200
    context = {"form": form, "title": f"第{edition.number}版を公開する", "button": "公開する"}
    return render(request, "transitions/end_of_life/conditions_form.html", context, status=status)
