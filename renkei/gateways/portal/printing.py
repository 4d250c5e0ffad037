"""What printed pages say about the installation."""

from __future__ import annotations

from renkei.foundation.common import clock
from renkei.gateways.portal.desk import site_info
from renkei.gateways.portal.queries import current_site
from renkei.registry.facilities.booklet.plan import Desk
from renkei.registry.facilities.desk import Region


def region_for_print() -> Region:
    """The region's name and its desk, as on every page of the site."""
    info = site_info(current_site(), at=clock.now())
    return Region(info.region_name, Desk(info.desk_name, info.desk_phone, info.desk_hours))
