"""Who a value of the register is meant for: the three audiences of design decision 4."""

from __future__ import annotations

from django.db import models


class Audience(models.TextChoices):
    """Ordered from everybody to few; each audience sees what the ones before it see."""

    PUBLIC = "public", "住民"
    PARTNER = "partner", "関係者"
    GOVERNMENT = "government", "行政"

    def includes(self, other: Audience) -> bool:
        """Whether somebody of this audience may see a value meant for ``other``."""
        order = list(Audience)
        return order.index(other) <= order.index(self)
