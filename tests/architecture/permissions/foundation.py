"""Areas, audit, notifications, papers, common pages."""

from __future__ import annotations

from tests.architecture.permissions.audiences import (
    ANYBODY,
    OWN,
    PAPERS,
    PEOPLE,
    WATCHERS,
    Audience,
)

PAGES: dict[str, Audience] = {
    "healthz": ANYBODY,
    # audit
    "audit:event_list": WATCHERS,
    # notifications
    "notifications:notification_list": OWN,
    "notifications:notification_open": OWN,
    "notifications:notification_read": OWN,
    "notifications:notification_read_all": OWN,
    "notifications:mail_preference": OWN,
    "notifications:mail_test": OWN,
    "notifications:mail_confirm": OWN,
    "notifications:mail_help": OWN,
    "notifications:undelivered_list": PEOPLE,
    # areas
    "areas:area_list": ANYBODY,
    "areas:area_detail": ANYBODY,
    "areas:area_boundaries": ANYBODY,
    # papers: scans in, FAX out
    "papers:inbox": PAPERS,
    "papers:scan_detail": PAPERS,
    "papers:scan_progress": PAPERS,
    "papers:page_detail": PAPERS,
    "papers:page_picture": PAPERS,
    "papers:page_discard": PAPERS,
    "papers:page_restore": PAPERS,
    "papers:sent_list": PAPERS,
    "papers:fax_confirm": PAPERS,
    # common
    "common:styleguide": ANYBODY,
}
