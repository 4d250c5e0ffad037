"""Pages of rules: read, written, adopted, announced."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.care.transitions.views import announcements, drafts, rules

_DRAFT = "rules/drafts/<uuid:draft_uid>/"
_TOLD = "rules/announcements/<uuid:announcement_uid>/"

urlpatterns: list[URLPattern] = [
    path("rules/", rules.rule_list, name="rule_list"),
    path("rules/start/", drafts.rule_start, name="rule_start"),
    path("rules/adoptions/", rules.adoption_list, name="adoption_list"),
    path("rules/adoptions/<uuid:adoption_uid>/end/", rules.adoption_end, name="adoption_end"),
    path("rules/adoptions/<uuid:adoption_uid>/undo/", rules.adoption_undo, name="adoption_undo"),
    path("rules/<uuid:rule_uid>/revise/", drafts.revision_start, name="revision_start"),
    path(_DRAFT, drafts.draft_detail, name="draft_detail"),
    path(f"{_DRAFT}undo/", drafts.draft_undo, name="draft_undo"),
    path(f"{_DRAFT}discard/", drafts.draft_discard, name="draft_discard"),
    path(f"{_DRAFT}preview/", drafts.draft_preview, name="draft_preview"),
    path(f"{_DRAFT}publish/", drafts.draft_publish, name="draft_publish"),
    path(f"{_DRAFT}parts/<slug:part>/", drafts.draft_part, name="draft_part"),
    path(f"{_DRAFT}parts/<slug:part>/<int:place>/", drafts.draft_row, name="draft_row"),
    path(f"{_DRAFT}parts/<slug:part>/<int:place>/act/", drafts.draft_row_act, name="draft_row_act"),
    path(_TOLD, announcements.announcement_detail, name="announcement_detail"),
    path(f"{_TOLD}letter.pdf", announcements.announcement_letter, name="announcement_letter"),
    path(f"{_TOLD}fax/", announcements.announcement_fax, name="announcement_fax"),
    path(f"{_TOLD}post/", announcements.announcement_post, name="announcement_post"),
    path(f"{_TOLD}remind/", announcements.announcement_remind, name="announcement_remind"),
    path(
        f"{_TOLD}offices/<uuid:office_uid>/read/",
        announcements.announcement_note,
        name="announcement_note",
    ),
    path(
        f"{_TOLD}offices/<uuid:office_uid>/reply/",
        announcements.announcement_reply,
        name="announcement_reply",
    ),
    path("rules/<uuid:version_uid>/", rules.rule_detail, name="rule_detail"),
    path("rules/<uuid:version_uid>/difference/", rules.rule_difference, name="rule_difference"),
    path("rules/<uuid:version_uid>/book.pdf", rules.rule_book, name="rule_book"),
    path("rules/<uuid:version_uid>/withdraw/", rules.version_withdraw, name="version_withdraw"),
    path(
        "rules/<uuid:version_uid>/announce/",
        announcements.announcement_add,
        name="announcement_add",
    ),
]
