"""Addresses of 情報共有."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.care.timelines import link_views, urls_visit
from renkei.care.timelines.views import entries, family, finding, groups, rooms, today, usage

app_name = "timelines"
urlpatterns: list[URLPattern] = [
    *urls_visit.urlpatterns,
    path("patients/<uuid:patient_uid>/timeline/", rooms.timeline, name="timeline"),
    path(
        "patients/<uuid:patient_uid>/timeline/family/",
        rooms.timeline_family,
        name="timeline_family",
    ),
    path(
        "patients/<uuid:patient_uid>/timeline/search/",
        finding.timeline_search,
        name="timeline_search",
    ),
    path(
        "patients/<uuid:patient_uid>/timeline/copy/",
        finding.timeline_export,
        name="timeline_export",
    ),
    path("rooms/<uuid:room_uid>/entries/", rooms.entry_fragment, name="entry_fragment"),
    path("rooms/<uuid:room_uid>/seen/", rooms.room_seen, name="room_seen"),
    path("rooms/<uuid:room_uid>/live-token/", rooms.live_token, name="live_token"),
    path(
        "rooms/<uuid:room_uid>/entries/<uuid:entry_uid>/",
        entries.entry_detail,
        name="entry_detail",
    ),
    path(
        "rooms/<uuid:room_uid>/entries/<uuid:entry_uid>/acknowledge/",
        entries.entry_acknowledge,
        name="entry_acknowledge",
    ),
    path(
        "rooms/<uuid:room_uid>/entries/<uuid:entry_uid>/react/",
        entries.entry_react,
        name="entry_react",
    ),
    path(
        "rooms/<uuid:room_uid>/entries/<uuid:entry_uid>/settle/",
        entries.entry_settle,
        name="entry_settle",
    ),
    path(
        "rooms/<uuid:room_uid>/entries/<uuid:entry_uid>/hide/",
        entries.entry_hide,
        name="entry_hide",
    ),
    path(
        "rooms/<uuid:room_uid>/entries/<uuid:entry_uid>/correct/",
        entries.entry_correct,
        name="entry_correct",
    ),
    path(
        "rooms/<uuid:room_uid>/entries/<uuid:entry_uid>/call-list/",
        entries.call_list,
        name="call_list",
    ),
    path("patients/<uuid:patient_uid>/timeline/direct/", groups.direct_start, name="direct_start"),
    path("patients/<uuid:patient_uid>/links/", link_views.link_list, name="link_list"),
    path("patients/<uuid:patient_uid>/links/new/", link_views.link_new, name="link_new"),
    path(
        "patients/<uuid:patient_uid>/links/<uuid:link_uid>/revoke/",
        link_views.link_revoke,
        name="link_revoke",
    ),
    path("l/<str:token>/", link_views.outside_link, name="outside_link"),
    path("groups/", groups.group_list, name="group_list"),
    path("groups/<uuid:room_uid>/", groups.group_detail, name="group_detail"),
    path("groups/<uuid:room_uid>/members/", groups.group_members, name="group_members"),
    path("direct/", groups.direct_list, name="direct_list"),
    path("direct/<uuid:room_uid>/", groups.direct_detail, name="direct_detail"),
    path("direct/<uuid:room_uid>/move/", groups.direct_move, name="direct_move"),
    path("today/", today.today, name="today"),
    path("my/", family.own_page, name="own_page"),
    path("timelines/usage/", usage.usage, name="usage"),
    path("timelines/usage.xlsx", usage.usage_xlsx, name="usage_xlsx"),
    path("timelines/times/", usage.times, name="times"),
    path("timelines/hidden/<uuid:entry_uid>/", entries.hidden_entry, name="hidden_entry"),
]
