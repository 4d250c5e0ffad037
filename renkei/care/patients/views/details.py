"""Correcting the parts of a record: 認定, 自立度, family, providers, other networks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from renkei.care.patients.access import host_only, member_who_writes, person_page
from renkei.care.patients.forms.people import (
    CertificationForm,
    IndependenceForm,
    NetworkForm,
    ProviderForm,
    RelativeForm,
)
from renkei.care.patients.models import OtherNetwork, Patient, Provider, Relative
from renkei.care.patients.presenters import person_head
from renkei.care.patients.presenters_person import relative_line
from renkei.care.patients.queries import (
    is_hosted_by,
    network_of,
    provider_of,
    relative_of,
    relatives_of,
)
from renkei.care.patients.services import details
from renkei.care.patients.services.people import add_certification, record_independence
from renkei.care.patients.views.people import saved_sentence
from renkei.foundation.accounts.forms.fields import ServiceForm
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common import clock
from renkei.foundation.common.text import text_problem
from renkei.registry.facilities.queries import facility_for, find_facilities
from renkei.registry.facilities.search.terms import SearchTerms

FOUND_SHOWN = 8
Row = TypeVar("Row")


def _fill(
    request: ViewerRequest,
    patient: Patient,
    form: ServiceForm,
    *,
    save: Callable[[], str],
    title: str,
    template: str = "patients/part_form.html",
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Save a valid form and go back to the person; otherwise show the form with what is wrong."""
    if form.is_valid():
        try:
            sentence = save()
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, sentence)
            return redirect("patients:patient_detail", patient.uid)
    context = {
        "form": form,
        "title": title,
        "head": person_head(request.viewer, patient, current="basic"),
        **(more or {}),
    }
    return render(request, template, context, status=422 if form.is_bound else 200)


def _part(find: Callable[[Patient, UUID], Row], patient: Patient, uid: UUID) -> Row:
    try:
        return find(patient, uid)
    except ObjectDoesNotExist:
        raise Http404 from None


@require_http_methods(["GET", "POST"])
@person_page("要介護認定を加える")
def certification_add(request: ViewerRequest, patient: Patient) -> HttpResponse:
    member_who_writes(request, patient)
    form = CertificationForm(request.POST if request.method == "POST" else None)

    def save() -> str:
        values = form.certification() or {}
        add_certification(viewer=request.viewer, patient=patient, values=values)
        return "要介護認定を記録しました。前の認定も残っています。"

    return _fill(request, patient, form, save=save, title="要介護認定を加える")


@require_http_methods(["GET", "POST"])
@person_page("自立度を加える")
def independence_add(request: ViewerRequest, patient: Patient) -> HttpResponse:
    member_who_writes(request, patient)
    initial = {"judged": clock.today()}
    form = IndependenceForm(request.POST if request.method == "POST" else None, initial=initial)

    def save() -> str:
        record_independence(viewer=request.viewer, patient=patient, values=form.values())
        return "自立度を記録しました。前の判断も残っています。"

    return _fill(request, patient, form, save=save, title="自立度を加える")


# Family ----------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@person_page("家族を加える")
def relative_add(request: ViewerRequest, patient: Patient) -> HttpResponse:
    host_only(request, patient)
    member_who_writes(request, patient)
    form = RelativeForm(request.POST if request.method == "POST" else None)

    def save() -> str:
        details.add_relative(viewer=request.viewer, patient=patient, values=form.values())
        return "家族を記録しました。この方の同意を記録すると、チームにも見えるようになります。"

    return _fill(request, patient, form, save=save, title="家族・キーパーソンを加える")


@require_http_methods(["GET", "POST"])
@person_page("家族を直す")
def relative_edit(request: ViewerRequest, patient: Patient, relative_uid: UUID) -> HttpResponse:
    member_who_writes(request, patient)
    relative = _readable_relative(request, patient, relative_uid)
    together = {True: "yes", False: "no", None: ""}[relative.lives_together]
    initial = {**vars(relative), "lives_together": together}
    form = RelativeForm(request.POST if request.method == "POST" else None, initial=initial)

    def save() -> str:
        changed = details.correct_relative(
            viewer=request.viewer, relative=relative, values=form.values()
        )
        return saved_sentence(len(changed))

    more = {"relative": relative}
    return _fill(request, patient, form, save=save, title="家族・キーパーソンを直す", more=more)


def _readable_relative(request: ViewerRequest, patient: Patient, uid: UUID) -> Relative:
    """A relative whose details this viewer reads: the host, or under the relative's consent."""
    hosted = is_hosted_by(request.viewer, patient)
    for relative in relatives_of(patient):
        if relative.uid == uid and relative_line(relative, hosted=hosted, on=clock.today()).open:
            return relative
    raise Http404


@require_POST
@person_page("家族を外す")
def relative_remove(request: ViewerRequest, patient: Patient, relative_uid: UUID) -> HttpResponse:
    host_only(request, patient)
    relative = _part(relative_of, patient, relative_uid)
    try:
        details.remove_relative(viewer=request.viewer, relative=relative)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "家族の欄から外しました。下の「外した家族」から戻せます。")
    return redirect("patients:patient_detail", patient.uid)


@require_POST
@person_page("家族を戻す")
def relative_restore(request: ViewerRequest, patient: Patient, relative_uid: UUID) -> HttpResponse:
    host_only(request, patient)
    relative = _part(relative_of, patient, relative_uid)
    details.restore_relative(viewer=request.viewer, relative=relative)
    messages.success(request, "家族の欄に戻しました。")
    return redirect("patients:patient_detail", patient.uid)


# Providers -------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@person_page("医療機関・事業所を加える")
def provider_add(request: ViewerRequest, patient: Patient) -> HttpResponse:
    """Chosen from the register, or typed: who is not listed can be written down all the same."""
    member_who_writes(request, patient)
    places = found_places(request)
    chosen = places["chosen"]
    initial = (
        {"name": chosen.name, "phone": chosen.phone, "fax": chosen.first("fax")} if chosen else {}
    )
    form = ProviderForm(request.POST if request.method == "POST" else None, initial=initial)

    def save() -> str:
        details.add_provider(
            viewer=request.viewer,
            patient=patient,
            values=form.values(),
            facility_id=chosen.pk if chosen else None,
        )
        return "医療機関・事業所を記録しました。"

    template = "patients/provider_add.html"
    title = "医療機関・事業所を加える"
    return _fill(request, patient, form, save=save, title=title, template=template, more=places)


def found_places(request: ViewerRequest) -> dict[str, Any]:
    """What a search in the register (``?q=``) found, and the place chosen there."""
    words = request.GET.get("q", "").strip()
    searched = bool(words) and not text_problem(words)
    terms = SearchTerms(q=words)
    found = find_facilities(terms, viewer=request.viewer).places[:FOUND_SHOWN] if searched else ()
    chosen = _chosen_facility(request)
    return {"chosen": chosen, "words": words if searched else "", "found": found}


def _chosen_facility(request: ViewerRequest) -> Any:
    text = request.GET.get("facility", "")
    if not text.isascii() or not text.isdecimal() or len(text) > len("999999999999"):
        return None
    return facility_for(int(text), viewer=request.viewer)


@require_http_methods(["GET", "POST"])
@person_page("医療機関・事業所を直す")
def provider_edit(request: ViewerRequest, patient: Patient, provider_uid: UUID) -> HttpResponse:
    member_who_writes(request, patient)
    provider: Provider = _part(provider_of, patient, provider_uid)
    initial = {**vars(provider), "since": provider.period.lower}
    form = ProviderForm(request.POST if request.method == "POST" else None, initial=initial)

    def save() -> str:
        changed = details.correct_provider(
            viewer=request.viewer, provider=provider, values=form.values()
        )
        return saved_sentence(len(changed))

    return _fill(request, patient, form, save=save, title="医療機関・事業所を直す")


@require_POST
@person_page("医療機関・事業所を終える")
def provider_end(request: ViewerRequest, patient: Patient, provider_uid: UUID) -> HttpResponse:
    member_who_writes(request, patient)
    details.end_provider(viewer=request.viewer, provider=_part(provider_of, patient, provider_uid))
    messages.success(request, "今日で終わりにしました。「終わった医療機関・事業所」から戻せます。")
    return redirect("patients:patient_detail", patient.uid)


@require_POST
@person_page("医療機関・事業所を戻す")
def provider_resume(request: ViewerRequest, patient: Patient, provider_uid: UUID) -> HttpResponse:
    member_who_writes(request, patient)
    details.resume_provider(
        viewer=request.viewer, provider=_part(provider_of, patient, provider_uid)
    )
    messages.success(request, "終わりを取り消しました。")
    return redirect("patients:patient_detail", patient.uid)


# Other networks --------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@person_page("連携システムを加える")
def network_add(request: ViewerRequest, patient: Patient) -> HttpResponse:
    member_who_writes(request, patient)
    form = NetworkForm(request.POST if request.method == "POST" else None)

    def save() -> str:
        details.add_network(viewer=request.viewer, patient=patient, values=form.values())
        return "連携システムを記録しました。"

    return _fill(request, patient, form, save=save, title="ほかの連携システムを加える")


@require_http_methods(["GET", "POST"])
@person_page("連携システムを直す")
def network_edit(request: ViewerRequest, patient: Patient, network_uid: UUID) -> HttpResponse:
    member_who_writes(request, patient)
    network: OtherNetwork = _part(network_of, patient, network_uid)
    initial = {
        **vars(network),
        "since": network.since_on,
        "until": network.consent_until,
        "ended": network.ended_on,
    }
    form = NetworkForm(request.POST if request.method == "POST" else None, initial=initial)

    def save() -> str:
        changed = details.correct_network(
            viewer=request.viewer, network=network, values=form.values()
        )
        return saved_sentence(len(changed))

    return _fill(request, patient, form, save=save, title="ほかの連携システムを直す")
