"""What the pages for residents read."""

from __future__ import annotations

from django.conf import settings

from renkei.gateways.portal.models import Site


def current_site() -> Site:
    """The installation's own words; before anybody wrote them, neutral ones or the demo's."""
    site = Site.objects.filter(pk=1).first()
    if site is not None:
        return site
    return demo_site() if settings.DEMO else Site(pk=1, region_name="この地域")


def demo_site() -> Site:
    """架空広域: invented, with numbers that cannot be dialled."""
    return Site(
        pk=1,
        region_name="架空広域",
        desk_name="在宅医療・介護の相談窓口",
        desk_phone="0999-00-0110",
        desk_fax="0999-00-0119",
        desk_place="架空市役所 1階 高齢者支援課",
        office_name="架空市 健康福祉部 高齢者支援課",
        office_address="〒999-0001 架空県架空市本町1-1",
        office_phone="0999-00-0100",
        security_contact="security@city.kakuu.example",
    )
