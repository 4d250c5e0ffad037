"""Who has seen what, by position, and who confirmed it by an act of their own."""

from __future__ import annotations

from django.db import models

from renkei.care.timelines.models.entries import Entry
from renkei.care.timelines.models.rooms import Room
from renkei.foundation.accounts.models import Membership, User


class ReadPosition(models.Model):
    """How far one person has read one room; reading entry C has seen A and B (T-D2a)."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="positions")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField("ここまで読んだ")
    at = models.DateTimeField("読んだ日時")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["room", "user"], name="read_position_once"),)
        indexes = (models.Index(fields=["user"], name="read_position_of_user"),)


class ReadAdvance(models.Model):
    """One step forward of a position. An entry was first seen with the first step past it."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="advances")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    name = models.CharField("氏名", max_length=100)
    profession = models.CharField("職種", max_length=60, blank=True)
    organisation = models.CharField("所属", max_length=200, blank=True)
    # Family's steps are kept for their own unread mark and never shown.
    is_family = models.BooleanField("家族", default=False)
    after_number = models.PositiveIntegerField("どこから")
    up_to_number = models.PositiveIntegerField("どこまで")
    at = models.DateTimeField("読んだ日時")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["room", "user", "up_to_number"], name="read_advance_once"
            ),
        )


class Acknowledgement(models.Model):
    """確認しました: one's own act on a 指示 or 緊急, with the profession it was done in."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="acknowledgements")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    name = models.CharField("氏名", max_length=100)
    profession = models.CharField("職種", max_length=60, blank=True)
    organisation = models.CharField("所属", max_length=200, blank=True)
    at = models.DateTimeField("確認した日時")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["entry", "membership"], name="acknowledgement_once"),
        )
