"""When the desk answers the telephone, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from renkei.foundation.common.calendars import is_business_day
from renkei.gateways.portal.models import Site


@dataclass(frozen=True)
class SiteInfo:
    """What the templates show of the installation, written out."""

    region_name: str
    title: str
    desk_name: str
    desk_phone: str
    desk_fax: str
    desk_place: str
    desk_hours: str
    desk_time_plain: str
    desk_state: str
    office_name: str
    office_address: str
    office_phone: str
    today: date


def site_info(site: Site, *, at: datetime) -> SiteInfo:
    """The installation as seen at one instant (Asia/Tokyo)."""
    return SiteInfo(
        region_name=site.region_name,
        title=site.title,
        desk_name=site.desk_name,
        desk_phone=site.desk_phone,
        desk_fax=site.desk_fax,
        desk_place=site.desk_place,
        desk_hours=f"平日 {clock_time(site.desk_opens_at)}～{clock_time(site.desk_closes_at)}",
        desk_time_plain=f"{site.desk_opens_at:%-H:%M}～{site.desk_closes_at:%-H:%M}",
        desk_state=desk_state(site, at=at),
        office_name=site.office_name,
        office_address=site.office_address,
        office_phone=site.office_phone,
        today=at.date(),
    )


def desk_state(site: Site, *, at: datetime) -> str:
    """Whether somebody answers now, and if not, when."""
    if not is_business_day(at.date()):
        return "きょうは休み"
    if at.time() < site.desk_opens_at:
        return f"きょうは{clock_time(site.desk_opens_at)}から"
    if at.time() >= site.desk_closes_at:
        return "きょうの受付は終わりました"
    return "きょうは受付中"


def clock_time(value: time) -> str:
    """8時30分; 17時."""
    return f"{value.hour}時{value.minute}分" if value.minute else f"{value.hour}時"
