"""What the rules found in numbers that everybody may read, kept until one of them changes."""

from __future__ import annotations

from django.db import models

from renkei.programme.indicators.models.definitions import IndicatorVersion


class CheckedTable(models.Model):
    """One definition over one prefecture; worked out from published values alone."""

    version = models.ForeignKey(IndicatorVersion, models.CASCADE, related_name="+")
    prefecture_code = models.CharField("都道府県コード", max_length=2)
    count = models.PositiveIntegerField("件数")
    # As queries.quality writes and reads them.
    findings = models.JSONField("点検の結果", default=list)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["prefecture_code", "version"], name="checked_table_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.version} {self.prefecture_code}"
