"""Lines of the programme's money: activity × item × 費目 × 財源, to the yen (T-FUND1)."""

from __future__ import annotations

import uuid

from django.db import models

from renkei.programme.planning.frames import Item
from renkei.programme.planning.funding import CostCategory, Funding
from renkei.programme.planning.models.plans import Activity, Plan


class MoneyLine(models.Model):
    """One cost of one activity from one 財源 in the plan's fiscal year."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="money_lines")
    activity = models.ForeignKey(
        Activity, models.PROTECT, related_name="money_lines", verbose_name="活動"
    )
    item = models.CharField("項目", max_length=1, choices=Item)
    category = models.CharField("費目", max_length=12, choices=CostCategory)
    what = models.CharField("内訳", max_length=100, blank=True)
    funding = models.CharField("財源", max_length=16, choices=Funding)
    budget_yen = models.PositiveBigIntegerField("予算額（円）")
    forecast_yen = models.PositiveBigIntegerField("見込額（円）", null=True, blank=True)
    actual_yen = models.PositiveBigIntegerField("実績額（円）", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["activity", "item", "category", "what", "funding"],
                name="money_line_once",
                violation_error_message="同じ活動・項目・費目・内訳・財源の行がすでにあります。",
            ),
        )
        indexes = (models.Index(fields=["plan", "item"], name="money_line_plan"),)

    def __str__(self) -> str:
        return f"{self.get_category_display()} {self.budget_yen}"
