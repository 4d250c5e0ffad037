"""What waits for somebody, and how mail about it should come."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.foundation.accounts import rules
from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.forms.notifications import MailPreferenceForm
from renkei.foundation.accounts.presenters import notification_rows, undelivered_rows
from renkei.foundation.accounts.queries import account_of, organisation_names_of, undelivered_of
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.notifications.delivery import (
    Outcome,
    confirm_address,
    is_confirmation_of,
    mail_is_set_up,
    save_mail_preference,
    send_test_mail,
)
from renkei.foundation.notifications.queries import mail_preference_of, notifications_of
from renkei.foundation.notifications.services import mark_read

PER_PAGE = 50
SENT = "確かめのメールを送りました。届いたら、メールの中のページを開いてください。"
NOT_SENT = {
    Outcome.REFUSED: (
        "このアドレスはメールサーバーに断られました。アドレスを確かめ、組織の管理者に相談してください。"
    ),
    Outcome.OFF: "メールを送れません。メールアドレスがあるか、運用者に確かめてください。",
}
AWAY = "メールサーバーが応えません。しばらく待ってから、もう一度押してください。"


def _own_id(request: ViewerRequest) -> int:
    return account_of(request.viewer).pk


@never_cache
@require_safe
@staff_page(rules.is_signed_in)
def notification_list(request: ViewerRequest) -> HttpResponse:
    own = _own_id(request)
    page = Paginator(notifications_of(own), PER_PAGE).get_page(request.GET.get("page"))
    rows = notification_rows(page)
    context = {
        "page": page,
        "rows": rows,
        "any_unread": any(row.unread for row in rows),
        "preference": mail_preference_of(own),
    }
    return render(request, "notifications/notification_list.html", context)


@require_POST
@staff_page(rules.is_signed_in)
def notification_open(request: ViewerRequest, notification_uid: UUID) -> HttpResponse:
    """A button, not a link: a browser that fetches links ahead must not mark them as read."""
    own = _own_id(request)
    notification = get_object_or_404(notifications_of(own), uid=notification_uid)
    mark_read(user_id=own, uids=[notification.uid])
    return redirect(notification.path)


@require_POST
@staff_page(rules.is_signed_in)
def notification_read(request: ViewerRequest, notification_uid: UUID) -> HttpResponse:
    own = _own_id(request)
    notification = get_object_or_404(notifications_of(own), uid=notification_uid)
    mark_read(user_id=own, uids=[notification.uid])
    return redirect("notifications:notification_list")


@require_POST
@staff_page(rules.is_signed_in)
def notification_read_all(request: ViewerRequest) -> HttpResponse:
    count = mark_read(user_id=_own_id(request))
    messages.success(request, f"{count}件を読んだことにしました。")
    return redirect("notifications:notification_list")


@require_http_methods(["GET", "POST"])
@staff_page(rules.is_signed_in)
def mail_preference(request: ViewerRequest) -> HttpResponse:
    user = account_of(request.viewer)
    preference = mail_preference_of(user.pk)
    form = MailPreferenceForm(
        request.POST if request.method == "POST" else None,
        initial={
            "mode": preference.mode,
            "quiet_from": preference.quiet_from,
            "quiet_until": preference.quiet_until,
        },
    )
    if form.is_valid():
        try:
            save_mail_preference(actor=request.viewer.actor, user_id=user.pk, **form.cleaned_data)
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "メールの受け取り方を変えました。")
            return redirect("notifications:mail_preference")
    context = {
        "form": form,
        "user": user,
        "preference": preference,
        "mail_is_set_up": mail_is_set_up(),
    }
    status = 422 if form.is_bound else 200
    return render(request, "notifications/mail_preference.html", context, status=status)


@require_POST
@staff_page(rules.is_signed_in)
def mail_test(request: ViewerRequest) -> HttpResponse:
    outcome = send_test_mail(_own_id(request))
    if outcome is Outcome.TAKEN:
        messages.success(request, SENT)
    else:
        messages.warning(request, NOT_SENT.get(outcome, AWAY))
    return redirect("notifications:mail_preference")


@never_cache
@require_http_methods(["GET", "POST"])
@staff_page(rules.is_signed_in)
def mail_confirm(request: ViewerRequest, token: str) -> HttpResponse:
    user = account_of(request.viewer)
    if request.method == "POST" and confirm_address(
        actor=request.viewer.actor, user_id=user.pk, token=token
    ):
        messages.success(request, "メールが届くことを記録しました。")
        return redirect("notifications:mail_preference")
    alive = is_confirmation_of(user.pk, user.email or "", token)
    status = 200 if alive else 404
    context = {"alive": alive}
    return render(request, "notifications/mail_confirm.html", context, status=status)


@require_safe
@staff_page(rules.is_signed_in)
def mail_help(request: ViewerRequest) -> HttpResponse:
    address = settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">")
    context = {"address": address, "domain": address.rpartition("@")[2]}
    return render(request, "notifications/mail_help.html", context)


@require_safe
@staff_page(rules.may_manage_people)
def undelivered_list(request: ViewerRequest) -> HttpResponse:
    page = Paginator(undelivered_of(request.viewer), PER_PAGE).get_page(request.GET.get("page"))
    names = organisation_names_of(request.viewer, [one.user_id for one in page])
    context = {"page": page, "rows": undelivered_rows(page, names)}
    return render(request, "notifications/undelivered_list.html", context)
