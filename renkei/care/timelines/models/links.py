"""One document opened to somebody without an account, for a while, by a link and a spoken code."""

from __future__ import annotations

import uuid

from django.db import models

from renkei.care.patients.models import AccessGrant
from renkei.care.timelines.models.entries import Entry
from renkei.care.timelines.models.rooms import Room
from renkei.foundation.accounts.models import Membership
from renkei.foundation.sheets.models import FormVersion


class LinkKind(models.TextChoices):
    ENTRY = "entry", "書き込みを見せる"
    ANSWER = "answer", "様式を見せる"
    ASK = "ask", "様式の記入を頼む"


class LinkEnd(models.TextChoices):
    """Why a link was closed before its time; what ran out by itself is derived."""

    REVOKED = "revoked", "取り消した"
    ANSWERED = "answered", "回答が届いた"
    GROUND = "ground", "同意や担当が終わった"


class OutsideLink(models.Model):
    """A grant on one document, not a session (design §3b).

    Neither the link nor its code is kept, only what proves them. The grant is in the name of the
    office that sent it, which answers for it; it opens nothing to anybody who works there.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    grant = models.OneToOneField(AccessGrant, models.PROTECT, related_name="outside_link")
    room = models.ForeignKey(Room, models.CASCADE, related_name="outside_links")
    kind = models.CharField("リンクの種類", max_length=8, choices=LinkKind)
    entry = models.ForeignKey(Entry, models.CASCADE, null=True, blank=True, related_name="+")
    # Answers are destroyed by their own rule, so they are named, not held.
    answer_uid = models.UUIDField(null=True, blank=True)
    version = models.ForeignKey(
        FormVersion, models.PROTECT, null=True, blank=True, related_name="+"
    )
    digest = models.CharField("リンクの照合値", max_length=64, unique=True)
    code_hash = models.CharField("番号の照合値", max_length=128)
    made_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    made_at = models.DateTimeField("リンクを作った日時")
    wrong_codes = models.PositiveSmallIntegerField("番号の誤り", default=0)
    openings = models.PositiveSmallIntegerField("開かれた回数", default=0)
    opened_at = models.DateTimeField("最後に開かれた日時", null=True, blank=True)
    # The answer it brought.
    given_answer_uid = models.UUIDField(null=True, blank=True)
    closed_because = models.CharField(
        "リンクを閉じた理由", max_length=8, choices=LinkEnd, blank=True
    )

    class Meta:
        indexes = (models.Index(fields=["room", "-made_at"], name="outside_link_room"),)

    def __str__(self) -> str:
        return f"リンク {self.pk}"  # never to whom
