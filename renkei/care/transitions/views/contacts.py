"""窓口一覧: the list of an area, and each office's own rows."""

from __future__ import annotations

import io
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.care.patients.access import care_page
from renkei.care.transitions import rules_keeping as rules
from renkei.care.transitions.documents.contact_list import contact_list_pdf
from renkei.care.transitions.exports_contacts import contacts_xlsx
from renkei.care.transitions.forms_contacts import ContactForm, ListForm
from renkei.care.transitions.models import ContactChange, ContactPoint
from renkei.care.transitions.presenters_contacts import by_kind, history_of, office_line
from renkei.care.transitions.queries.contact_list import (
    OfficeContacts,
    areas_of_list,
    change_of,
    changes_of,
    chosen,
    office_of,
    offices_of,
    own_point,
)
from renkei.care.transitions.services import contacts as services
from renkei.foundation.accounts.queries import organisation_of
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.accounts.views.downloads import pdf_response, workbook_response
from renkei.foundation.areas.models import Area

HISTORY = 30
PDF_FILE, XLSX_FILE = "madoguchi.pdf", "madoguchi.xlsx"


def _area(request: ViewerRequest, areas: list[Area]) -> Area | None:
    """The area asked for among those offered, otherwise the widest."""
    wanted = request.GET.get("area", "")
    return next((one for one in areas if str(one.pk) == wanted), areas[0] if areas else None)


def _listed(request: HttpRequest, offices: list[OfficeContacts]) -> list[OfficeContacts]:
    return chosen(offices, **ListForm(request.GET).found())


@care_page(rules.may_read_rules)
@require_safe
def contact_list(request: ViewerRequest) -> HttpResponse:
    """Every office of an area, by kind and name."""
    areas = areas_of_list(request.viewer)
    area = _area(request, areas)
    offices = offices_of(area)
    shown = _listed(request, offices)
    asked = [one for one in offices if one.is_stale or not one.points]
    context = {
        "form": ListForm(request.GET),
        "areas": areas,
        "area": area,
        "groups": by_kind(shown),
        "count": len(shown),
        "office_count": len(offices),
        "stale_count": sum(one.is_stale for one in offices),
        "missing_count": sum(not one.points for one in offices),
        "asked_count": len(asked),
        "may_remind": rules.may_keep_rules(request.viewer),
        "may_keep": rules.may_keep_contacts(request.viewer),
        "query": request.GET.urlencode(),
    }
    return render(request, "transitions/contacts/list.html", context)


@care_page(rules.may_read_rules)
@require_safe
def contact_list_file(request: ViewerRequest, suffix: str) -> HttpResponse:
    """What the page shows, to print or to filter."""
    area = _area(request, areas_of_list(request.viewer))
    if area is None or suffix not in {"pdf", "xlsx"}:
        raise Http404
    shown = _listed(request, offices_of(area))
    if suffix == "pdf":
        return pdf_response(contact_list_pdf(area, shown), PDF_FILE)
    stream = io.BytesIO()
    contacts_xlsx(stream, area, shown)
    return workbook_response(stream, XLSX_FILE)


@care_page(rules.may_keep_rules)
@require_POST
def contact_remind(request: ViewerRequest) -> HttpResponse:
    """Ask every office whose rows are old or missing to look at them."""
    areas = areas_of_list(request.viewer)
    area = next((one for one in areas if str(one.pk) == request.POST.get("area")), None)
    if area is None:
        # Nothing is told of areas that are not one's own.
        messages.error(request, "圏域を選び直してください。")
        return redirect("transitions:contact_list")
    asked = [one.organisation for one in offices_of(area) if one.is_stale or not one.points]
    if not asked:
        messages.info(request, "確認が古い窓口はありません。")
        return redirect(f"{reverse('transitions:contact_list')}?area={area.pk}")
    people = services.remind_offices(
        viewer=request.viewer, offices=asked, path=reverse("transitions:contact_own")
    )
    messages.success(request, f"{len(asked)}か所（{people}人）に、窓口を確かめるよう知らせました。")
    return redirect(f"{reverse('transitions:contact_list')}?area={area.pk}")


@care_page(rules.may_keep_contacts)
@require_safe
def contact_own(request: ViewerRequest) -> HttpResponse:
    """The contact points of one's own office, what was done to them, and one tap to confirm."""
    office = office_of(organisation_of(request.viewer))
    now = {point.ward: services.values_of(point) for point in office.points}
    changes = changes_of(office.organisation.pk)[:HISTORY]
    context = {
        "office": office,
        "line": office_line(office),
        "history": history_of(changes, dict(now)),
    }
    return render(request, "transitions/contacts/own.html", context)


@care_page(rules.may_keep_contacts)
@require_http_methods(["GET", "POST"])
def contact_add(request: ViewerRequest) -> HttpResponse:
    """A new contact point of one's own office."""
    office = organisation_of(request.viewer)
    initial = {"phone": office.phone}
    form = ContactForm(request.POST if request.method == "POST" else None, initial=initial)
    taken = {point.ward for point in office_of(office).points}
    if form.is_valid() and form.chosen_ward in taken:
        form.add_error("ward", "この病棟・部署の窓口はもうあります。それを直してください。")
    return _written(request, form) or _form_page(request, form)


@care_page(rules.may_keep_contacts)
@require_http_methods(["GET", "POST"])
def contact_edit(request: ViewerRequest, point_uid: UUID) -> HttpResponse:
    """One contact point of one's own office."""
    point = _own(request, point_uid)
    form = ContactForm(request.POST if request.method == "POST" else None, point=point)
    form.is_valid()
    return _written(request, form) or _form_page(request, form)


def _own(request: ViewerRequest, uid: UUID) -> ContactPoint:
    try:
        return own_point(request.viewer, uid)
    except ContactPoint.DoesNotExist:
        raise Http404 from None


def _written(request: ViewerRequest, form: ContactForm) -> HttpResponse | None:
    if not form.is_bound or form.errors:
        return None
    try:
        services.write_contact(viewer=request.viewer, ward=form.chosen_ward, values=form.values())
    except ValidationError as error:
        form.add_service_error(error)
        return None
    messages.success(request, "窓口を書きました。下の「これまでの変更」から元に戻せます。")
    return redirect("transitions:contact_own")


def _form_page(request: ViewerRequest, form: ContactForm) -> HttpResponse:
    context = {"form": form, "point": form.point}
    status = 422 if form.is_bound else 200
    return render(request, "transitions/contacts/edit.html", context, status=status)


@care_page(rules.may_keep_contacts)
@require_POST
def contact_confirm(request: ViewerRequest) -> HttpResponse:
    """Nothing changed."""
    if services.confirm_contacts(viewer=request.viewer):
        messages.success(request, "きょう確かめたことを記録しました。")
    else:
        messages.error(request, "窓口がまだありません。窓口を書いてください。")
    return redirect("transitions:contact_own")


@care_page(rules.may_keep_contacts)
@require_POST
def contact_remove(request: ViewerRequest, point_uid: UUID) -> HttpResponse:
    """Take a contact point out of the list."""
    services.remove_contact(viewer=request.viewer, point=_own(request, point_uid))
    messages.success(request, "窓口を一覧から消しました。「これまでの変更」から元に戻せます。")
    return redirect("transitions:contact_own")


@care_page(rules.may_keep_contacts)
@require_POST
def contact_undo(request: ViewerRequest, change_uid: UUID) -> HttpResponse:
    """Bring back what stood there before."""
    try:
        services.undo_change(viewer=request.viewer, change=change_of(request.viewer, change_uid))
    except ContactChange.DoesNotExist:
        raise Http404 from None
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "元に戻しました。")
    return redirect("transitions:contact_own")
