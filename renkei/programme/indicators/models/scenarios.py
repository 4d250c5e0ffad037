"""What a projection supposes, by name and in versions: an old figure can always be drawn again."""

from __future__ import annotations

import uuid

from django.db import models

from renkei.foundation.areas.models import Area


class Scenario(models.Model):
    """One set of assumptions of an area, over all its versions."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="圏域")
    name = models.CharField("前提の名前", max_length=60)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                fields=["area", "name"],
                name="scenario_one_per_area_and_name",
                violation_error_message="この名前の前提は、すでにあります。別の名前にしてください。",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def latest(self) -> ScenarioVersion:
        """The version that counts; prefetch ``versions`` where there are many."""
        return max(self.versions.all(), key=lambda version: version.number)


class ScenarioVersion(models.Model):
    """The assumptions as they were saved at one time; never changed."""

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField("前提の版")
    # Key of the assumption → {"value": text of a number or "", "source": where it is from}.
    assumptions = models.JSONField("前提の値")
    note = models.CharField("この版の説明", max_length=300, blank=True)
    saved_by_id = models.BigIntegerField("保存した人")
    saved_at = models.DateTimeField("保存した日時")

    class Meta:
        ordering = ("scenario", "number")
        constraints = (
            models.UniqueConstraint(fields=["scenario", "number"], name="scenario_version_once"),
        )

    def __str__(self) -> str:
        return f"{self.scenario}（第{self.number}版）"
