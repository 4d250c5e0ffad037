"""The care team: who is on it, asking, joining, leaving, handing over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.care.patients.access import care_page, host_only, person_page
from renkei.care.patients.forms.team import (
    ArrangeForm,
    FamilyForm,
    HandOverForm,
    HostForm,
    InviteForm,
    RemoveForm,
    SettingsForm,
)
from renkei.care.patients.models import Patient, TeamMember
from renkei.care.patients.presenters import person_head
from renkei.care.patients.presenters_team import team_line, team_list
from renkei.care.patients.queries import acts_as_host, member_of
from renkei.care.patients.queries_team import (
    family_member_with,
    former_members,
    invitations_for,
    invited_family,
    invited_to,
    member_with,
)
from renkei.care.patients.services import family as family_room
from renkei.care.patients.services import team
from renkei.foundation.accounts import services as accounts
from renkei.foundation.accounts.services import IssuedInvitation
from renkei.foundation.accounts.viewers import ViewerRequest

CODE_SESSION_KEY = "renkei_family_invitation"


@require_safe
@person_page("チーム")
def team_detail(request: ViewerRequest, patient: Patient) -> HttpResponse:
    hosted = acts_as_host(request.viewer, patient)
    context = {
        "head": person_head(request.viewer, patient, current="team"),
        "team": team_list(request.viewer, patient),
        "own": member_of(request.viewer, patient),
        "invited": [team_line(request.viewer, one) for one in invited_to(patient)],
        "invited_family": list(invited_family(patient)) if hosted else [],
        "former": [team_line(request.viewer, one) for one in former_members(patient)],
        "may_host": hosted,
    }
    return render(request, "patients/team_detail.html", context)


def _fill(  # noqa: PLR0913 - what one page of one form says, by keyword
    request: ViewerRequest,
    patient: Patient,
    form: Any,
    *,
    save: Callable[[], object],
    title: str,
    done: str,
    button: str = "記録する",
    danger: bool = False,
    leaves: bool = False,
) -> HttpResponse:
    if form.is_valid():
        try:
            save()
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, done)
            # Whoever gave up their place may not open the person's pages any more.
            if leaves:
                return redirect("patients:patient_list")
            return redirect("patients:team_detail", patient.uid)
    context = {
        "form": form,
        "title": title,
        "button": button,
        "danger": danger,
        "head": person_head(request.viewer, patient, current="team"),
    }
    status = 422 if form.is_bound else 200
    return render(request, "patients/team_form.html", context, status=status)


def _member(patient: Patient, uid: UUID, *, joined: bool = True) -> TeamMember:
    member = member_with(patient, uid)
    if member is None or (member.joined_at is not None) is not joined:
        raise Http404
    return member


@require_http_methods(["GET", "POST"])
@person_page("チームに招く")
def member_invite(request: ViewerRequest, patient: Patient) -> HttpResponse:
    host_only(request, patient)
    form = InviteForm(request.POST if request.method == "POST" else None, viewer=request.viewer)

    def save() -> object:
        return team.invite_member(
            viewer=request.viewer,
            patient=patient,
            profession=form.cleaned_data["profession"],
            is_observer=form.cleaned_data["is_observer"],
            **form.invitee(),  # type: ignore[arg-type]  # one of each kind, told apart by name
        )

    done = "招待を送りました。参加するまで、相手にはこの人の名前も見えません。"
    return _fill(request, patient, form, save=save, title="チームに招く", done=done, button="招く")


@require_POST
@person_page("招待を取り消す")
def invitation_withdraw(request: ViewerRequest, patient: Patient, member_uid: UUID) -> HttpResponse:
    host_only(request, patient)
    member = _member(patient, member_uid, joined=False)
    try:
        team.decline_invitation(viewer=request.viewer, member=member, taken_back=True)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "招待を取り消しました。")
    return redirect("patients:team_detail", patient.uid)


@require_http_methods(["GET", "POST"])
@care_page()
def invitation_answer(request: ViewerRequest, member_uid: UUID) -> HttpResponse:
    """Who asks, and nothing of the person, until one has joined (T-MCS1)."""
    member = get_object_or_404(invitations_for(request.viewer), uid=member_uid)
    if request.method == "POST":
        joins = request.POST.get("answer") == "join"
        try:
            if joins:
                team.join_team(viewer=request.viewer, member=member)
            else:
                team.decline_invitation(viewer=request.viewer, member=member)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(
                request,
                "チームに参加しました。本人の同意があれば、一覧に出ます。"
                if joins
                else "招待を断りました。",
            )
        return redirect("patients:patient_list")
    return render(request, "patients/invitation_answer.html", {"member": member})


@require_http_methods(["GET", "POST"])
@person_page("チームから外す")
def member_end(request: ViewerRequest, patient: Patient, member_uid: UUID) -> HttpResponse:
    """The host takes somebody off the team, or a member leaves."""
    member = _member(patient, member_uid)
    own = member.membership_id == request.viewer.membership_id
    if not own:
        host_only(request, patient)
    form = RemoveForm(request.POST if request.method == "POST" else None)

    def save() -> object:
        return team.end_membership(
            viewer=request.viewer, member=member, reason=form.cleaned_data["reason"]
        )

    title = "チームを抜ける" if own else "チームから外す"
    done = "チームを抜けました。" if own else "チームから外しました。その人はもう開けません。"
    return _fill(
        request,
        patient,
        form,
        save=save,
        title=title,
        done=done,
        button=title,
        danger=True,
        leaves=own,
    )


@require_http_methods(["GET", "POST"])
@person_page("チームの引き継ぎ")
def member_hand_over(request: ViewerRequest, patient: Patient, member_uid: UUID) -> HttpResponse:
    """One's own place, or for the host anybody's, goes to a colleague of the same organisation."""
    member = _member(patient, member_uid)
    if member.membership_id != request.viewer.membership_id:
        host_only(request, patient)
    form = HandOverForm(request.POST if request.method == "POST" else None, member=member)

    def save() -> object:
        return team.hand_over(
            viewer=request.viewer, member=member, successor=form.cleaned_data["successor"]
        )

    return _fill(
        request,
        patient,
        form,
        save=save,
        title="引き継ぐ",
        done="引き継ぎました。",
        button="引き継ぐ",
        leaves=member.membership_id == request.viewer.membership_id,
    )


@require_http_methods(["GET", "POST"])
@person_page("チームの役割を決める")
def member_arrange(request: ViewerRequest, patient: Patient, member_uid: UUID) -> HttpResponse:
    host_only(request, patient)
    member = _member(patient, member_uid)
    initial = {"is_observer": member.is_observer, "deputy": member.deputy_id}
    data = request.POST if request.method == "POST" else None
    form = ArrangeForm(data, member=member, initial=initial)

    def save() -> object:
        return team.arrange_member(viewer=request.viewer, member=member, **form.cleaned_data)

    title = "役割と代わりの人を決める"
    return _fill(request, patient, form, save=save, title=title, done="役割を決めました。")


@require_http_methods(["GET", "POST"])
@person_page("チームの約束")
def team_settings(request: ViewerRequest, patient: Patient) -> HttpResponse:
    host_only(request, patient)
    initial = {"history_from": patient.history_from}
    form = SettingsForm(request.POST if request.method == "POST" else None, initial=initial)

    def save() -> object:
        return team.choose_history(viewer=request.viewer, patient=patient, **form.cleaned_data)

    done = "これから参加する人の読める範囲を決めました。"
    return _fill(request, patient, form, save=save, title="チームの約束を決める", done=done)


@require_http_methods(["GET", "POST"])
@person_page("連携ホストを変える")
def host_change(request: ViewerRequest, patient: Patient) -> HttpResponse:
    host_only(request, patient)
    form = HostForm(request.POST if request.method == "POST" else None, patient=patient)

    def save() -> object:
        return team.change_host(viewer=request.viewer, patient=patient, **form.cleaned_data)

    title, done = "連携ホストを変える", "連携ホストを変えました。"
    return _fill(request, patient, form, save=save, title=title, done=done, button=title)


# Family ----------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@person_page("家族を部屋に招く")
def family_invite(request: ViewerRequest, patient: Patient) -> HttpResponse:
    host_only(request, patient)
    form = FamilyForm(request.POST if request.method == "POST" else None, patient=patient)
    issued: list[IssuedInvitation | None] = []

    def save() -> object:
        issued.append(
            family_room.invite_family(
                viewer=request.viewer,
                patient=patient,
                relative=form.relative(),
                email=form.cleaned_data["email"],
            )
        )
        return None

    done = "本人・家族の部屋への招待を用意しました。"
    response = _fill(
        request,
        patient,
        form,
        save=save,
        title="本人・家族の部屋に招く",
        done=done,
        button="招く",
    )
    if issued and issued[0] is not None:
        return _hand_out(request, patient, issued[0])
    return response


def _hand_out(request: ViewerRequest, patient: Patient, issued: IssuedInvitation) -> HttpResponse:
    """Mail the invitation where there is an address, and show the sheet to print, once."""
    if issued.invitation.email:
        path = reverse("accounts:invitation_accept", args=[issued.code])
        if accounts.mail_invitation(issued, url=request.build_absolute_uri(path)):
            messages.success(request, "案内をメールで送りました。")
        else:
            messages.warning(
                request, "メールを送れませんでした。下の案内を印刷して渡してください。"
            )
    request.session[CODE_SESSION_KEY] = [str(issued.invitation.uid), issued.code]
    return redirect("patients:family_sheet", patient.uid, issued.invitation.uid)


@never_cache
@require_safe
@person_page("家族への案内")
def family_sheet(request: ViewerRequest, patient: Patient, invitation_uid: UUID) -> HttpResponse:
    host_only(request, patient)
    found = get_object_or_404(invited_family(patient), invitation__uid=invitation_uid)
    uid, code = request.session.pop(CODE_SESSION_KEY, ["", ""])
    context = {
        "invitation": found.invitation,
        "code": code if uid == str(found.invitation.uid) else "",
        "address": request.build_absolute_uri(reverse("accounts:invitation_enter")),
    }
    return render(request, "accounts/invitation_sheet.html", context)


@require_POST
@person_page("家族を部屋から外す")
def family_remove(request: ViewerRequest, patient: Patient, member_uid: UUID) -> HttpResponse:
    host_only(request, patient)
    member = family_member_with(patient, member_uid)
    if member is None:
        raise Http404
    family_room.remove_family(viewer=request.viewer, member=member)
    messages.success(request, "本人・家族の部屋から外しました。その方はもう開けません。")
    return redirect("patients:team_detail", patient.uid)
