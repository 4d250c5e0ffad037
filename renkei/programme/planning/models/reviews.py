"""Which action came from which review of an event (T-DNAR1)."""

from __future__ import annotations

from django.db import models

from renkei.programme.planning.models.meetings import Action


class ReviewedAction(models.Model):
    """The tie between a council's action and what a review decided; nothing of a person."""

    action = models.OneToOneField(Action, models.CASCADE, related_name="reviewed")
    # transitions.ReviewAction.uid: once each.
    review_action_uid = models.UUIDField("決めたことの符号", unique=True)
    taken_up_at = models.DateTimeField("引き継いだ日時")

    def __str__(self) -> str:
        return str(self.action)
