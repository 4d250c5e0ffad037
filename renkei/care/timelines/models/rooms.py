"""Where people write: the two rooms of a person, free groups, and conversations of two."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from renkei.care.patients.models import Patient
from renkei.foundation.accounts.models import Membership


class RoomKind(models.TextChoices):
    STAFF = "staff", "職員の部屋"
    FAMILY = "family", "本人・家族の部屋"
    GROUP = "group", "自由グループ"
    DIRECT = "direct", "一対一"


# The rooms a person has; their readers come from the person's team, not from room members.
ROOMS_OF_A_PERSON = (RoomKind.STAFF, RoomKind.FAMILY)


class Room(models.Model):
    """One room. Its entries are numbered in the order they became visible."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("部屋の種類", max_length=8, choices=RoomKind)
    # Of a conversation of two: the person it is about, if it is about one.
    patient = models.ForeignKey(
        Patient, models.PROTECT, null=True, blank=True, related_name="rooms"
    )
    title = models.CharField("グループの名前", max_length=80, blank=True)
    purpose = models.CharField("グループの目的", max_length=200, blank=True)
    made_by = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField("作った日時")
    closed_at = models.DateTimeField("閉じた日時", null=True, blank=True)
    # The number of the newest entry; raised under this row's lock, so numbers are never out of
    # the order in which readers can see them.
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["patient", "kind"],
                condition=Q(kind__in=("staff", "family")),
                name="room_one_of_each_kind_per_person",
            ),
            models.CheckConstraint(
                condition=(Q(kind__in=("staff", "family")) & Q(patient__isnull=False))
                | (Q(kind="group") & Q(patient__isnull=True) & ~Q(title=""))
                | Q(kind="direct"),
                name="room_kind_fits",
                violation_error_message="グループの名前を入力してください。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"  # never a person's name

    @property
    def belongs_to_a_person(self) -> bool:
        """Whether its readers are the person's team (and family)."""
        return self.kind in ROOMS_OF_A_PERSON


class RoomMember(models.Model):
    """Somebody in a free group or in a conversation of two."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="members")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    invited_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    joined_at = models.DateTimeField("参加日時")
    left_at = models.DateTimeField("抜けた日時", null=True, blank=True)
    # Reads from this number on.
    from_number = models.PositiveIntegerField(default=0)
    is_admin = models.BooleanField("グループの世話役", default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["room", "membership"],
                condition=Q(left_at__isnull=True),
                name="room_member_once",
                violation_error_message="この人はすでに入っています。",
            ),
        )
        indexes = (
            models.Index(
                fields=["membership"],
                condition=Q(left_at__isnull=True),
                name="room_member_of",
            ),
        )


class MoveRequest(models.Model):
    """One wants to move a conversation about a person into the team; the other has to agree."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    room = models.ForeignKey(Room, models.CASCADE, related_name="move_requests")
    asked_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("申し出た日時")
    # What was written by then moves; what is added while waiting does not.
    until_number = models.PositiveIntegerField()
    answered_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField("答えた日時", null=True, blank=True)
    agreed = models.BooleanField("移すことに同意", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["room"],
                condition=Q(answered_at__isnull=True),
                name="move_request_one_open",
                violation_error_message="移す申し出をすでにしています。相手の返事を待ってください。",
            ),
        )
