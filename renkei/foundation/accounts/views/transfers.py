"""人事異動: the table out, the table in, its preview; duties without a person; unused accounts."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.foundation.accounts import exports, rules
from renkei.foundation.accounts.access import fresh_proof, staff_page
from renkei.foundation.accounts.forms.transfers import TransferForm
from renkei.foundation.accounts.models import Transfer, TransferState
from renkei.foundation.accounts.presenters import MoveRow, move_rows, orphan_rows
from renkei.foundation.accounts.queries import organisation_of, organisations_managed_by
from renkei.foundation.accounts.queries_transfers import (
    dormant_memberships,
    ended_memberships,
    moves_of,
    present_memberships,
    transfers_visible_to,
)
from renkei.foundation.accounts.services import IssuedInvitation, mail_invitation
from renkei.foundation.accounts.services import transfers as services
from renkei.foundation.accounts.transfer_rows import TransferReading, read_transfer
from renkei.foundation.accounts.transfers import orphans_of
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.accounts.views.downloads import workbook_response
from renkei.foundation.common import clock
from renkei.foundation.common.spreadsheets.problems import UnreadableFile

PER_PAGE = 50


@require_safe
@staff_page(rules.may_manage_people)
def transfer_list(request: ViewerRequest) -> HttpResponse:
    page = Paginator(transfers_visible_to(request.viewer), PER_PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "accounts/transfer_list.html", {"page": page})


@require_safe
@staff_page(rules.may_manage_people)
def transfer_template(request: ViewerRequest) -> HttpResponse:
    """Everybody the viewer looks after, ready to be filled in."""
    stream = io.BytesIO()
    exports.transfer_template_xlsx(
        stream,
        present_memberships(request.viewer),
        organisations_managed_by(request.viewer),
    )
    return workbook_response(stream, "jinji-ido.xlsx")


@require_http_methods(["GET", "POST"])
@staff_page(rules.may_manage_people)
def transfer_add(request: ViewerRequest) -> HttpResponse:
    form = TransferForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
    )
    reading = TransferReading()
    if form.is_valid():
        try:
            reading = _read(request, form)
        except UnreadableFile as error:
            form.add_error("file", str(error))
        else:
            if not reading.problems:
                transfer = services.draft_transfer(
                    actor=request.viewer.actor,
                    organisation=organisation_of(request.viewer),
                    effective_on=form.cleaned_data["effective_on"],
                    moves=reading.moves,
                )
                return redirect("accounts:transfer_detail", transfer.uid)
            form.add_error(
                "file", f"{len(reading.problems)}か所を直してから、もう一度読み込んでください。"
            )
    status = 422 if form.is_bound else 200
    context = {"form": form, "problems": reading.problems}
    return render(request, "accounts/transfer_add.html", context, status=status)


def _read(request: ViewerRequest, form: TransferForm) -> TransferReading:
    file = form.cleaned_data["file"]
    # The name of the file is not asked: one of 255 letters would be no name here.
    with tempfile.NamedTemporaryFile() as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        on = form.cleaned_data["effective_on"]
        return read_transfer(Path(copy.name), file.name, viewer=request.viewer, on=on)


@never_cache
@require_safe
@staff_page(rules.may_manage_people)
def transfer_detail(request: ViewerRequest, transfer_uid: UUID) -> HttpResponse:
    transfer = get_object_or_404(transfers_visible_to(request.viewer), uid=transfer_uid)
    rows = _rows(transfer)
    if request.GET.get("format") == "xlsx":
        stream = io.BytesIO()
        exports.handover_xlsx(stream, transfer, rows)
        return workbook_response(stream, "hikitsugi.xlsx")
    context = {
        "transfer": transfer,
        "rows": rows,
        "unhandled": sum(row.unhandled for row in rows),
        "may_plan": transfer.state == TransferState.PREVIEW
        and transfer.effective_on > clock.today(),
        "may_withdraw": transfer.state == TransferState.PREVIEW
        or (transfer.state == TransferState.PLANNED and transfer.effective_on > clock.today()),
    }
    return render(request, "accounts/transfer_detail.html", context)


def _rows(transfer: Transfer) -> list[MoveRow]:
    moves = list(moves_of(transfer))
    leaving = [move.old_membership_id for move in moves if move.old_membership_id]
    return move_rows(moves, orphans_of(leaving, transfer.effective_on))


@never_cache
@require_POST
@staff_page(rules.may_manage_people)
@fresh_proof
def transfer_plan(request: ViewerRequest, transfer_uid: UUID) -> HttpResponse:
    """Plan it, mail those with an address, and show every code once, to print."""
    transfer = get_object_or_404(transfers_visible_to(request.viewer), uid=transfer_uid)
    try:
        issued = services.plan_transfer(actor=request.viewer.actor, transfer=transfer)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("accounts:transfer_detail", transfer.uid)
    context = {
        "transfer": transfer,
        "issued": issued,
        "mailed": _mail_all(request, issued),
        "address": request.build_absolute_uri(reverse("accounts:invitation_enter")),
    }
    return render(request, "accounts/transfer_planned.html", context)


def _mail_all(request: ViewerRequest, issued: list[IssuedInvitation]) -> int:
    """Mail the invitations until the server fails once: nobody waits for it sixty times."""
    mailed = 0
    for one in issued:
        if not one.invitation.email:
            continue
        path = reverse("accounts:invitation_accept", args=[one.code])
        if not mail_invitation(one, url=request.build_absolute_uri(path)):
            break
        mailed += 1
    return mailed


@require_POST
@staff_page(rules.may_manage_people)
def transfer_withdraw(request: ViewerRequest, transfer_uid: UUID) -> HttpResponse:
    transfer = get_object_or_404(transfers_visible_to(request.viewer), uid=transfer_uid)
    try:
        services.withdraw_transfer(actor=request.viewer.actor, transfer=transfer)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "異動を取りやめました。所属はもとのままです。")
    return redirect("accounts:transfer_detail", transfer.uid)


@require_safe
@staff_page(rules.may_manage_people)
def orphan_list(request: ViewerRequest) -> HttpResponse:
    """Duties that are still in the hands of people who left."""
    ended = {one.pk: one for one in ended_memberships(request.viewer)}
    rows = orphan_rows(orphans_of(list(ended), clock.today()), ended)
    return render(request, "accounts/orphan_list.html", {"rows": rows})


@require_safe
@staff_page(rules.may_manage_people)
def dormant_list(request: ViewerRequest) -> HttpResponse:
    """Accounts nobody has used for three months."""
    page = Paginator(dormant_memberships(request.viewer), PER_PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "accounts/dormant_list.html", {"page": page})
