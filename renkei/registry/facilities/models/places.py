"""Which records are one place: a stored decision."""

from __future__ import annotations

from django.db import models

from renkei.registry.facilities.models.register import Service


class PlacePair(models.Model):
    """Two services that may be one place; a person decides once."""

    first = models.ForeignKey(Service, models.CASCADE, related_name="+")
    second = models.ForeignKey(Service, models.CASCADE, related_name="+")
    reason = models.CharField("似ている所", max_length=120)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["first", "second"], name="place_pair_once"),)


class PlaceDecision(models.Model):
    """Same place or not, remembered by identity so that it survives re-imports and undo."""

    # "source:key:service" of both, the smaller first.
    first_identity = models.CharField(max_length=110)
    second_identity = models.CharField(max_length=110)
    same = models.BooleanField("同じ場所")
    decided_by_id = models.BigIntegerField("決めた人")
    decided_at = models.DateTimeField("決めた日時")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["first_identity", "second_identity"], name="place_decision_once"
            ),
        )
