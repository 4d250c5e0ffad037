"""What the installation says about itself on every page."""

from __future__ import annotations

from datetime import time

from django.db import models


class Site(models.Model):
    """The region and its consultation desk: one row per installation."""

    region_name = models.CharField("地域の名前", max_length=60)
    title = models.CharField("サイトの名前", max_length=60, default="在宅医療・介護の連携")
    desk_name = models.CharField("相談窓口の名前", max_length=60, default="相談窓口")
    desk_phone = models.CharField("相談窓口の電話番号", max_length=20, blank=True)
    desk_fax = models.CharField("相談窓口のFAX番号", max_length=20, blank=True)
    desk_opens_at = models.TimeField("受付の始まり", default=time(8, 30))
    desk_closes_at = models.TimeField("受付の終わり", default=time(17, 15))
    desk_place = models.CharField("相談窓口の場所", max_length=200, blank=True)
    office_name = models.CharField("担当の部署", max_length=120, blank=True)
    office_address = models.CharField("担当の部署の住所", max_length=200, blank=True)
    office_phone = models.CharField("担当の部署の電話番号", max_length=20, blank=True)
    security_contact = models.EmailField("情報セキュリティの連絡先", blank=True)
    # Off by default: residents' browsers would fetch pictures from that host.
    basemap_url = models.CharField(
        "背景地図のアドレス",
        max_length=300,
        blank=True,
        help_text="空のままなら背景地図を使いません。入れると、見る人の端末がその提供元に接続します。",
    )
    basemap_attribution = models.CharField("背景地図の出典", max_length=200, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(pk=1), name="portal_site_one_row"),
            models.CheckConstraint(
                condition=models.Q(desk_closes_at__gt=models.F("desk_opens_at")),
                name="portal_site_desk_closes_after_it_opens",
                violation_error_message="受付の終わりは始まりより後の時刻を入力してください。",
            ),
        )

    def __str__(self) -> str:
        return self.region_name
