"""カンファレンス: who is asked, who came, and which facts of the stay it became."""

from __future__ import annotations

import uuid

from django.db import models

from renkei.care.transitions.models.cases import CaseFact, CoordinationCase, Side
from renkei.care.transitions.models.contacts import Channel
from renkei.foundation.accounts.models import Membership
from renkei.foundation.papers.models import Ticket


class ConferenceKind(models.TextChoices):
    """Source: domain/forms.md §2 (section 6)."""

    WARD = "ward", "院内の多職種カンファレンス"
    DISCHARGE = "discharge", "退院前カンファレンス"
    SERVICE = "service", "サービス担当者会議"


class Conference(models.Model):
    """One meeting. Its day is the fact 「日を決めた」, its holding the fact 「した」."""

    class State(models.TextChoices):
        PLANNED = "planned", "予定"
        HELD = "held", "実施"
        CANCELLED = "cancelled", "中止"

    class Means(models.TextChoices):
        ROOM = "room", "集まって"
        ONLINE = "online", "オンライン"
        MIXED = "mixed", "集まって・オンライン"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(CoordinationCase, models.CASCADE, related_name="conferences")
    kind = models.CharField("会議の種類", max_length=9, choices=ConferenceKind)
    state = models.CharField("状態", max_length=9, choices=State, default=State.PLANNED)
    planned_at = models.DateTimeField("予定日時")
    minutes = models.PositiveSmallIntegerField("時間（分）", default=30)
    means = models.CharField("集まり方", max_length=6, choices=Means, default=Means.ROOM)
    place = models.CharField("場所・入り方", max_length=200, blank=True)
    agenda = models.TextField("話し合うこと", blank=True)
    # Counted up with each change, as calendars want it.
    edition = models.PositiveSmallIntegerField("改訂の番号", default=0)
    scheduled_fact = models.OneToOneField(
        CaseFact, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    held_fact = models.OneToOneField(
        CaseFact, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    made_at = models.DateTimeField("作成日時")

    class Meta:
        indexes = (models.Index(fields=["case", "planned_at"], name="conference_of_case"),)

    def __str__(self) -> str:
        return f"カンファレンス {self.pk}"


class ConferenceSeat(models.Model):
    """One person who is asked: somebody of the team, or somebody named by work and profession."""

    class Answer(models.TextChoices):
        WAITING = "waiting", "返事待ち"
        COMES = "comes", "出席"
        ABSENT = "absent", "欠席"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    conference = models.ForeignKey(Conference, models.CASCADE, related_name="seats")
    membership = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    profession = models.CharField("職種", max_length=60)
    name = models.CharField("氏名", max_length=100, blank=True)
    organisation_name = models.CharField("組織名", max_length=200, blank=True)
    fax = models.CharField("FAX番号", max_length=40, blank=True)
    side = models.CharField("動いた側", max_length=8, choices=Side)
    answer = models.CharField("出欠の返事", max_length=7, choices=Answer, default=Answer.WAITING)
    answered_at = models.DateTimeField("返事の日時", null=True, blank=True)
    answered_by = models.CharField("手段", max_length=8, choices=Channel, blank=True)
    # Empty until the meeting was held.
    attended = models.BooleanField("出席した", null=True, blank=True)
    # On the sheet made for this person; and what came back on it.
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, blank=True, related_name="+")
    reply_entry_uid = models.UUIDField("紙の返事", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["conference", "membership"],
                condition=models.Q(membership__isnull=False),
                name="conference_seat_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.profession} {self.pk}"
