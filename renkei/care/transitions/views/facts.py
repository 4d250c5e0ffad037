"""Recording what happened: two taps, with everything proposed that is known."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from renkei.care.patients.presenters import person_head
from renkei.care.transitions import details
from renkei.care.transitions.forms import FactForm, RetractForm, detail_initial
from renkei.care.transitions.models import CaseFact, FactKind, Side
from renkei.care.transitions.presenters_facts import fact_words, recordable
from renkei.care.transitions.queries.cases import CaseDoor, correctable, fact_of
from renkei.care.transitions.services.facts import record_fact, retract_fact
from renkei.care.transitions.services.refreshing import content_of
from renkei.care.transitions.views._shared import case_page, writing
from renkei.care.transitions.views.cases import TAB
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common.clock import TOKYO


@require_http_methods(["GET", "POST"])
@case_page("入退院であったことを記録する")
def fact_add(request: ViewerRequest, door: CaseDoor, kind: str) -> HttpResponse:
    writing(door)
    chosen = _kind(door, kind)
    initial = {"d_answer_uid": request.GET.get("answer", "")}
    form = _form(request, door, chosen, initial=initial)
    if _saved(request, door, form):
        messages.success(request, f"「{chosen.label}」を記録しました。")
        return redirect("transitions:case_detail", door.case.uid)
    return _page(request, door, form, title=str(chosen.label), kind=chosen)


@require_http_methods(["GET", "POST"])
@case_page("入退院の記録を直す")
def fact_correct(request: ViewerRequest, door: CaseDoor, fact_uid: UUID) -> HttpResponse:
    writing(door)
    fact = _fact(door, fact_uid)
    local = fact.at.astimezone(TOKYO)
    initial = {
        "day": local.date(),
        "time": local.time().replace(second=0, microsecond=0),
        "channel": fact.channel,
        "counterpart": fact.counterpart,
        **detail_initial(fact.detail),
    }
    kind = FactKind(fact.kind)
    form = _form(request, door, kind, initial=initial)
    if _saved(request, door, form, corrects=fact.uid):
        messages.success(request, "記録を直しました。前の記録も残っています。")
        return redirect("transitions:case_detail", door.case.uid)
    return _page(request, door, form, title=f"「{kind.label}」を直す", kind=kind)


@require_http_methods(["GET", "POST"])
@case_page("入退院の記録を取り消す")
def fact_retract(request: ViewerRequest, door: CaseDoor, fact_uid: UUID) -> HttpResponse:
    writing(door)
    fact = _fact(door, fact_uid)
    form = RetractForm(
        request.POST if request.method == "POST" else None, content=door.opens_content
    )
    if form.is_valid():
        try:
            retract_fact(door=door, fact=fact, reason=form.cleaned_data.get("reason", ""))
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "記録を取り消しました。取り消したことも残っています。")
            return redirect("transitions:case_detail", door.case.uid)
    title = f"「{FactKind(fact.kind).label}」を取り消す"
    return _page(request, door, form, title=title, kind=FactKind(fact.kind), fact=fact)


def _kind(door: CaseDoor, slug: str) -> FactKind:
    code = slug.replace("-", "_")
    if code not in recordable(door):
        raise Http404
    return FactKind(code)


def _fact(door: CaseDoor, uid: UUID) -> CaseFact:
    try:
        fact = fact_of(door, uid)
    except CaseFact.DoesNotExist:
        raise Http404 from None
    if fact.pk not in correctable(door):
        raise Http404
    return fact


def _form(request: ViewerRequest, door: CaseDoor, kind: FactKind, **kwargs: object) -> FactForm:
    return FactForm(
        request.POST if request.method == "POST" else None,
        kind=kind,
        side=door.side,
        content=door.opens_content,
        rule=content_of(door.case),
        **kwargs,
    )


def _saved(
    request: ViewerRequest, door: CaseDoor, form: FactForm, corrects: UUID | None = None
) -> bool:
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        record_fact(door=door, fact=form.fact(corrects))
    except ValidationError as error:
        form.add_service_error(error)
        return False
    return True


def _page(
    request: ViewerRequest,
    door: CaseDoor,
    form: FactForm | RetractForm,
    *,
    title: str,
    kind: FactKind,
    fact: CaseFact | None = None,
) -> HttpResponse:
    usual = Side(details.USUAL_SIDE.get(kind, door.side))
    context = {
        "form": form,
        "case": door.case,
        "head": person_head(request.viewer, door.patient, current=TAB),
        "title": title,
        "told": usual != door.side,
        "is_leak": kind == FactKind.DISCHARGED_WITHOUT_NOTICE,
        "without_content": not door.opens_content,
        "words": fact_words(fact, content=door.opens_content) if fact else (),
        "is_retraction": fact is not None,
    }
    status = 422 if form.is_bound else 200
    return render(request, "transitions/fact_form.html", context, status=status)
