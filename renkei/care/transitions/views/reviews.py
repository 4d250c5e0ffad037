"""事例の検証: between fire department, hospital and facility, without the person (T-DNAR1)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.care.patients.access import care_page, member_who_writes, person_page
from renkei.care.patients.models import ContentClass, Patient
from renkei.care.transitions.forms_reviews import (
    ActionDoneForm,
    ActionForm,
    FindingForm,
    PartnerForm,
    ReviewAnswersForm,
    ReviewOpenForm,
)
from renkei.care.transitions.models import EventReview
from renkei.care.transitions.queries.cases import team_patients
from renkei.care.transitions.queries.reviews import ReviewDoor, review_for, reviews_visible_to
from renkei.care.transitions.review_questions import words_of
from renkei.care.transitions.rules_homes import may_see_reviews
from renkei.care.transitions.services import reviews as services
from renkei.foundation.accounts.access import View
from renkei.foundation.accounts.forms.fields import ServiceForm
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common import clock

ReviewView = Callable[Concatenate[ViewerRequest, ReviewDoor, ...], HttpResponse]


def _review_page(view: ReviewView) -> View:
    """A page of one review: unknown and not for this viewer are the same 404."""

    @care_page(may_see_reviews)
    @wraps(view)
    def guarded(
        request: ViewerRequest, review_uid: UUID, *args: object, **kwargs: object
    ) -> HttpResponse:
        try:
            door = review_for(request.viewer, review_uid)
        except EventReview.DoesNotExist:
            raise Http404 from None
        return view(request, door, *args, **kwargs)

    return guarded


def _writing(door: ReviewDoor) -> None:
    if not door.may_write:
        raise Http404


@care_page(may_see_reviews)
@require_safe
def review_list(request: ViewerRequest) -> HttpResponse:
    """The reviews the viewer's office takes part in."""
    context = {"reviews": reviews_visible_to(request.viewer)[:100]}
    return render(request, "transitions/reviews/review_list.html", context)


@care_page(may_see_reviews)
@require_http_methods(["GET", "POST"])
def review_open(request: ViewerRequest) -> HttpResponse:
    """Begin a review without a record: a fire department knows none."""
    return _open(request, None)


@person_page("事例の検証", content=ContentClass.WISHES)
@require_http_methods(["GET", "POST"])
def review_open_of(request: ViewerRequest, patient: Patient) -> HttpResponse:
    """Begin a review of an event of this person; the review never shows who it was."""
    if not team_patients(request.viewer, ContentClass.WISHES).filter(pk=patient.pk).exists():
        raise Http404
    member_who_writes(request, patient)
    return _open(request, patient)


def _open(request: ViewerRequest, patient: Patient | None) -> HttpResponse:
    form = ReviewOpenForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            review = services.open_review(
                viewer=request.viewer, patient=patient, answers=form.answers(),
                event_month=form.cleaned_data["event_month"],
                own_kind=form.cleaned_data["own_kind"],
            )  # fmt: skip
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "検証を始めました。加わる機関を入れてください。")
            return redirect("transitions:review_detail", review.uid)
    context = {
        "form": form,
        "title": "事例の検証を始める",
        "button": "始める",
        "of_person": patient is not None,
    }
    return _form_page(request, context)


@_review_page
@require_safe
def review_detail(request: ViewerRequest, door: ReviewDoor) -> HttpResponse:
    """One review: what is known, who takes part, what they say, what was decided."""
    review = door.review
    context = {
        "door": door,
        "review": review,
        "answers": words_of(review.answers),
        "partners": review.partners.order_by("pk"),
        "findings": review.findings.filter(taken_back_at=None)
        .select_related("partner")
        .order_by("kind", "pk"),
        "actions": review.actions.select_related("owner").order_by("due_on", "pk"),
        "today": clock.today(),
    }
    return render(request, "transitions/reviews/review_detail.html", context)


@_review_page
@require_http_methods(["GET", "POST"])
def review_partner_add(request: ViewerRequest, door: ReviewDoor) -> HttpResponse:
    _writing(door)
    form = PartnerForm(request.POST if request.method == "POST" else None)
    return _save(
        request, door, form,
        lambda: services.add_partner(viewer=request.viewer, door=door, **form.cleaned_data),
        title="機関を加える", button="加える", said="機関を加えました。",
    )  # fmt: skip


@_review_page
@require_http_methods(["GET", "POST"])
def review_answer(request: ViewerRequest, door: ReviewDoor) -> HttpResponse:
    _writing(door)
    form = ReviewAnswersForm(
        request.POST if request.method == "POST" else None, answers=door.review.answers
    )
    if not form.is_bound:
        form.fields["held_on"].initial = door.review.held_on
    return _save(
        request, door, form,
        lambda: services.answer_review(
            viewer=request.viewer, door=door, answers=form.answers(),
            held_on=form.cleaned_data["held_on"],
        ),
        title="わかっていることを書く", button="書く", said="書きました。",
    )  # fmt: skip


@_review_page
@require_http_methods(["GET", "POST"])
def review_finding_add(request: ViewerRequest, door: ReviewDoor) -> HttpResponse:
    _writing(door)
    form = FindingForm(request.POST if request.method == "POST" else None)
    return _save(
        request, door, form,
        lambda: services.record_finding(viewer=request.viewer, door=door, **form.cleaned_data),
        title="意見を書く", button="書く", said="意見を書きました。",
    )  # fmt: skip


@_review_page
@require_POST
def review_finding_take_back(
    request: ViewerRequest, door: ReviewDoor, finding_uid: UUID
) -> HttpResponse:
    _writing(door)
    finding = get_object_or_404(door.review.findings, uid=finding_uid)
    try:
        services.take_back_finding(viewer=request.viewer, door=door, finding=finding)
    except ValidationError as error:
        messages.error(request, "".join(error.messages))
    else:
        messages.success(request, "意見を取り消しました。")
    return redirect("transitions:review_detail", door.review.uid)


@_review_page
@require_http_methods(["GET", "POST"])
def review_action_add(request: ViewerRequest, door: ReviewDoor) -> HttpResponse:
    _writing(door)
    partners = list(door.review.partners.order_by("pk"))
    form = ActionForm(request.POST if request.method == "POST" else None, partners=partners)
    return _save(
        request, door, form,
        lambda: services.decide_action(viewer=request.viewer, door=door, **form.cleaned_data),
        title="決めたことを書く", button="書く", said="決めたことを書きました。",
    )  # fmt: skip


@_review_page
@require_http_methods(["GET", "POST"])
def review_action_done(request: ViewerRequest, door: ReviewDoor, action_uid: UUID) -> HttpResponse:
    if not door.may_finish_actions:
        raise Http404
    action = get_object_or_404(door.review.actions, uid=action_uid)
    form = ActionDoneForm(
        request.POST if request.method == "POST" else None, initial={"done_on": clock.today()}
    )
    return _save(
        request, door, form,
        lambda: services.finish_action(
            viewer=request.viewer, door=door, action=action, **form.cleaned_data
        ),
        title=f"結果を書く：{action.text}", button="書く", said="結果を書きました。",
    )  # fmt: skip


@_review_page
@require_POST
def review_close(request: ViewerRequest, door: ReviewDoor) -> HttpResponse:
    _writing(door)
    try:
        services.close_review(viewer=request.viewer, door=door)
    except ValidationError as error:
        messages.error(request, "".join(error.messages))
    else:
        messages.success(request, "検証を終えました。市町村が読めるようになりました。")
    return redirect("transitions:review_detail", door.review.uid)


def _save(
    request: ViewerRequest,
    door: ReviewDoor,
    form: ServiceForm,
    act: Callable[[], object],
    **words: str,
) -> HttpResponse:
    if form.is_valid():
        try:
            act()
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, words["said"])
            return redirect("transitions:review_detail", door.review.uid)
    return _form_page(
        request,
        {"form": form, "review": door.review, "title": words["title"], "button": words["button"]},
    )


def _form_page(request: ViewerRequest, context: dict[str, object]) -> HttpResponse:
    status = 422 if getattr(context["form"], "is_bound", False) else 200
    return render(request, "transitions/reviews/review_form.html", context, status=status)
