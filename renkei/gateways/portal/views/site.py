"""Keeping what every page shows about the installation."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.gateways.portal.forms import SiteForm
from renkei.gateways.portal.queries import current_site
from renkei.gateways.portal.rules import may_edit_site
from renkei.gateways.portal.services import save_site


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(may_edit_site)
def site_edit(request: HttpRequest) -> HttpResponse:
    """The region's name, desk and office."""
    site = current_site()
    form = SiteForm(request.POST if request.method == "POST" else None, instance=site)
    if form.is_valid():
        try:
            save_site(actor=cast("ViewerRequest", request).viewer.actor, site=form.instance)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "サイトの設定を保存しました。")
            return redirect("portal:site_edit")
    status = 422 if form.is_bound else 200
    return render(request, "portal/site_edit.html", {"form": form}, status=status)
