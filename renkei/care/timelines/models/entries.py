"""What is written: immutable entries, whom they address, what hangs on them."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from renkei.care.patients.models import TeamMember
from renkei.care.timelines.models.rooms import Room
from renkei.foundation.accounts.models import Membership, User
from renkei.foundation.papers.models import StoredFile


class EntryKind(models.TextChoices):
    """Source: issue (エ), acceptance T-D1."""

    NOTICE = "notice", "連絡"
    QUESTION = "question", "相談"
    ORDER = "order", "指示"
    RECORD = "record", "記録"
    URGENT = "urgent", "緊急"


class Scene(models.TextChoices):
    """The four scenes of care (4場面) of 在宅医療・介護連携推進事業の手引き."""

    TRANSITION = "transition", "入退院支援"
    DAILY = "daily", "日常の療養支援"
    ACUTE = "acute", "急変時の対応"
    END_OF_LIFE = "end_of_life", "看取り"


class Entry(models.Model):
    """One entry. Its words never change: a correction is a new entry, hiding keeps the original.

    Name, profession and organisation of the author are frozen as they were that day.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Made by the client: the same entry sent twice, however late, is one.
    client_uid = models.UUIDField(default=uuid.uuid4, unique=True)
    room = models.ForeignKey(Room, models.PROTECT, related_name="entries")
    # Its place in the room, in the order of becoming visible.
    number = models.PositiveIntegerField()
    kind = models.CharField("種類", max_length=8, choices=EntryKind)
    text = models.TextField("本文", blank=True)
    # Folded (common.kana.fold): what is searched, never shown.
    text_key = models.TextField(blank=True)
    scene = models.CharField("場面", max_length=12, choices=Scene, blank=True)
    # When it was written, by the clock of the device; it may have been offline.
    written_at = models.DateTimeField("書いた日時")
    posted_at = models.DateTimeField("届いた日時")
    # Null: the platform itself (a value out of its limits).
    author = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="書いた人"
    )
    author_user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    author_name = models.CharField("書いた人の氏名", max_length=100)
    author_profession = models.CharField("書いた人の職種", max_length=60, blank=True)
    author_organisation = models.CharField("書いた人の所属", max_length=200, blank=True)
    reply_to = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replies"
    )
    reply_by = models.DateTimeField("返事の期限", null=True, blank=True)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    # The entry of a conversation of two that this one is the copy of.
    moved_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="moved_to"
    )
    hidden_at = models.DateTimeField("隠した日時", null=True, blank=True)
    hidden_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    hidden_reason = models.CharField("隠した理由", max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["room", "number"], name="entry_number_in_room"),
            models.CheckConstraint(
                condition=Q(hidden_at__isnull=True) | ~Q(hidden_reason=""),
                name="entry_hidden_with_a_reason",
                violation_error_message="隠す理由を入力してください。",
            ),
        )
        indexes = (
            models.Index(F("room"), F("posted_at").desc(), name="entry_room_posted"),
            models.Index(fields=["author", "posted_at"], name="entry_author_posted"),
        )

    def __str__(self) -> str:
        return f"書き込み {self.pk}"  # never the words


class Addressee(models.Model):
    """Whom an entry asks to act: a profession of the team, or one member; and whether they did."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="addressees")
    profession = models.CharField("宛先の職種", max_length=60, blank=True)
    membership = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The office whose people were meant, where the whole office is the member.
    member = models.ForeignKey(TeamMember, models.PROTECT, null=True, blank=True, related_name="+")
    # Answered (相談) or confirmed (指示・緊急).
    done_at = models.DateTimeField("済んだ日時", null=True, blank=True)
    done_by = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    # Set on the deputy's row: whose silence brought it here (T-D1).
    stands_in_for = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="deputies"
    )
    added_at = models.DateTimeField("宛先にした日時")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(profession="") | Q(membership__isnull=False) | Q(member__isnull=False),
                name="addressee_is_somebody",
            ),
            models.UniqueConstraint(
                fields=["entry", "profession", "membership", "member"],
                nulls_distinct=False,
                name="addressee_once",
            ),
        )
        indexes = (
            models.Index(
                fields=["membership"], condition=Q(done_at__isnull=True), name="addressee_open_one"
            ),
            models.Index(
                fields=["profession"], condition=Q(done_at__isnull=True), name="addressee_open_role"
            ),
        )


class EntryFile(models.Model):
    """A photo or document hung on an entry; its bytes are with ``papers``."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="files")
    stored_file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    caption = models.CharField("説明", max_length=120, blank=True)
    position = models.PositiveSmallIntegerField("並び順", default=0)
    # The form a scanned paper was written on: who may read that form may read the scan.
    form_code = models.CharField("様式の符号", max_length=50, blank=True)


class ReactionKind(models.TextChoices):
    """A limited set: no public likes."""

    UNDERSTOOD = "understood", "了解"
    THANKS = "thanks", "ありがとう"
    CHECKING = "checking", "確認中"


class Reaction(models.Model):
    """A small sign of one member under an entry; no answer, no confirmation."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="reactions")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    name = models.CharField("氏名", max_length=100)
    kind = models.CharField("反応", max_length=12, choices=ReactionKind)
    at = models.DateTimeField("反応した日時")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["entry", "membership", "kind"], name="reaction_once"),
        )
