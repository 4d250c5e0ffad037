"""What every page shows about the installation."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from renkei.care.timelines.queries.today import waiting_for
from renkei.care.timelines.rules import may_work_in_teams
from renkei.foundation.accounts.rules import may_edit_register
from renkei.foundation.accounts.viewers import ANYBODY, ViewerRequest
from renkei.foundation.common import clock
from renkei.foundation.notifications.queries import unread_count
from renkei.gateways.portal.desk import SiteInfo, site_info
from renkei.gateways.portal.navigation import Entry, menu_for
from renkei.gateways.portal.queries import current_site
from renkei.registry.facilities.queries_staff import waiting


def site(request: HttpRequest) -> dict[str, object]:
    """Template context: ``site`` (region, desk, office), the staff menu and what waits unread.

    All are lazy: a page that does not show one does not pay for it.
    """

    def load() -> SiteInfo:
        return site_info(current_site(), at=clock.now())

    # An error page may be drawn before the middleware ran.
    viewer = getattr(cast("ViewerRequest", request), "viewer", ANYBODY)

    def menu() -> list[Entry]:
        count = waiting().total if may_edit_register(viewer) else 0
        today = getattr(request, "waiting_today", None)
        if today is None:
            today = waiting_for(viewer) if may_work_in_teams(viewer) else 0
        return menu_for(viewer, request.path, waiting=count, today=today)

    def unread() -> int:
        # Between password and second factor a session learns nothing, not even a number.
        return 0 if viewer.second_factor_missing else unread_count(viewer.user_id)

    return {
        "site": SimpleLazyObject(load),
        "navigation": SimpleLazyObject(menu),
        "unread_notifications": SimpleLazyObject(unread),
    }
