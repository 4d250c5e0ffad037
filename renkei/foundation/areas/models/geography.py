"""Where areas lie: boundaries, neighbours and the towns inside them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from renkei.foundation.areas.models.places import Area


class Boundary(models.Model):
    """The shape of an area as one source drew it, simplified for display; not a survey."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="boundaries")
    # Empty where the file does not say which day it shows.
    as_of = models.DateField("基準日", null=True, blank=True)
    geometry = models.JSONField("形（GeoJSON）")
    west = models.FloatField("西端の経度")
    south = models.FloatField("南端の緯度")
    east = models.FloatField("東端の経度")
    north = models.FloatField("北端の緯度")
    source = models.CharField("出典", max_length=200)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["area", "as_of"], nulls_distinct=False, name="boundary_one_per_area_and_day"
            ),
        )

    def __str__(self) -> str:
        return f"{self.area} ({self.as_of})"


class AreaNeighbour(models.Model):
    """Two areas of one level whose boundaries touch; derived, kept in both directions."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="neighbour_links")
    neighbour = models.ForeignKey(Area, models.CASCADE, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["area", "neighbour"], name="area_neighbour_once"),
            models.CheckConstraint(
                condition=~Q(area=F("neighbour")), name="area_neighbour_not_itself"
            ),
        )

    def __str__(self) -> str:
        return f"{self.area} - {self.neighbour}"


class Town(models.Model):
    """町丁目・字 with one point: the geocoder of an installation without a network."""

    prefecture = models.CharField("都道府県名", max_length=4)
    municipality = models.CharField("市区町村名", max_length=60)
    name = models.CharField("大字町丁目名", max_length=120)
    hamlet = models.CharField("小字・通称名", max_length=120, blank=True)
    latitude = models.FloatField("緯度")
    longitude = models.FloatField("経度")

    class Meta:
        indexes = (models.Index(fields=["prefecture", "municipality"], name="town_municipality"),)

    def __str__(self) -> str:
        return f"{self.prefecture}{self.municipality}{self.name}{self.hamlet}"
