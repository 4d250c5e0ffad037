"""The rules to be read: criteria, steps, deadlines, metric definitions, with their sources."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from renkei.care.patients.access import care_page
from renkei.care.transitions.models import RuleVersion
from renkei.care.transitions.presenters_rules import rule_page_of, rules_for
from renkei.care.transitions.queries.rules import published_versions, rule_version_of
from renkei.care.transitions.rules_keeping import may_read_rules
from renkei.foundation.accounts.viewers import ViewerRequest


@care_page(may_read_rules)
@require_safe
def rule_list(request: ViewerRequest) -> HttpResponse:
    context = {"lines": rules_for(request.viewer, published_versions())}
    return render(request, "transitions/rule_list.html", context)


@care_page(may_read_rules)
@require_safe
def rule_detail(request: ViewerRequest, version_uid: UUID) -> HttpResponse:
    try:
        version = rule_version_of(version_uid)
    except RuleVersion.DoesNotExist:
        raise Http404 from None
    return render(request, "transitions/rule_detail.html", {"shown": rule_page_of(version)})
