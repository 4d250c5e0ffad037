"""What was printed and what was published, as it was."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from renkei.foundation.areas.models import Area
from renkei.foundation.common.audience import Audience


class BookletFormat(models.TextChoices):
    PDF = "pdf", "A4の冊子（PDF）"
    POSTER = "poster", "A3の地図と一覧（PDF）"
    WORD = "docx", "Word"
    EXCEL = "xlsx", "Excel"


class BookletState(models.TextChoices):
    WAITING = "waiting", "順番を待っています"
    WORKING = "working", "作っています"
    READY = "ready", "できました"
    FAILED = "failed", "作れませんでした"
    EXPIRED = "expired", "保存の期限が過ぎました"


# A booklet is for residents or for professionals; nobody prints what is for 行政 alone.
EDITIONS = [(Audience.PUBLIC.value, "住民"), (Audience.PARTNER.value, "関係者")]


def booklet_path(order: BookletOrder, name: str) -> str:
    """Where its file lies below the private storage; never a name from outside."""
    return f"booklets/{order.uid}/{name}"


class BookletOrder(models.Model):
    """One booklet somebody asked for, and its file while it is kept."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="地域")
    title = models.CharField("題名", max_length=60)
    # Keys of catalogue.GROUPS; empty means all.
    groups = ArrayField(
        models.CharField(max_length=20), verbose_name="種類", default=list, blank=True
    )
    edition = models.CharField("版", max_length=12, choices=EDITIONS)
    confirmed_only = models.BooleanField("確認済みのみ", default=False)
    format = models.CharField("形式", max_length=8, choices=BookletFormat)
    # Begins the address of the QR code: a worker does not know under which name people come.
    site_url = models.CharField("サイトのアドレス", max_length=200, blank=True)
    state = models.CharField(
        "状態", max_length=8, choices=BookletState, default=BookletState.WAITING
    )
    progress = models.PositiveSmallIntegerField("進み具合（%）", default=0)
    progress_text = models.CharField("いましていること", max_length=200, blank=True)
    # One sentence for the user when the state is FAILED.
    error = models.TextField("作れなかった理由", blank=True)
    place_count = models.PositiveIntegerField("載せた件数", default=0)
    file = models.FileField("ファイル", upload_to=booklet_path, max_length=200, blank=True)
    size = models.PositiveBigIntegerField("大きさ（バイト）", default=0)
    asked_by_id = models.BigIntegerField("頼んだ人")
    asked_at = models.DateTimeField("頼んだ日時")
    ready_at = models.DateTimeField("できた日時", null=True, blank=True)
    keep_until = models.DateField("保存の期限")
    # Set: residents find it at /booklets/. Only the residents' edition may be released.
    released_by_id = models.BigIntegerField("公開した人", null=True, blank=True)
    released_at = models.DateTimeField("公開した日時", null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(released_at=None) | models.Q(edition=Audience.PUBLIC),
                name="booklet_released_is_for_residents",
            ),
        )
        indexes = (models.Index(fields=["-asked_at"], name="booklet_by_time"),)

    def __str__(self) -> str:
        return self.title


def release_path(release: OpenDataRelease, name: str) -> str:
    return f"open-data/{release.uid}/{name}"


class OpenDataRelease(models.Model):
    """One published file: frozen, so that everybody who took it has the same (T-X4)."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    dataset = models.CharField("データの種類", max_length=10)  # open_data.layouts.Dataset
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="地域")
    as_of = models.DateField("基準日")
    row_count = models.PositiveIntegerField("行数")
    # Against the release before: {"added": n, "removed": n, "changed": n}.
    changes = models.JSONField("前回との違い", default=dict)
    # Where the values come from, in the publishers' words.
    attributions = models.JSONField("出典", default=list)
    sha256 = models.CharField("ファイルの値", max_length=64)
    csv = models.FileField("CSV", upload_to=release_path, max_length=200)
    csv_size = models.PositiveBigIntegerField("CSVの大きさ（バイト）")
    xlsx = models.FileField("Excel", upload_to=release_path, max_length=200)
    xlsx_size = models.PositiveBigIntegerField("Excelの大きさ（バイト）")
    released_by_id = models.BigIntegerField("公開した人")
    released_at = models.DateTimeField("公開した日時")

    class Meta:
        indexes = (
            models.Index(fields=["dataset", "area", "-released_at"], name="release_by_time"),
        )

    def __str__(self) -> str:
        return f"{self.dataset} {self.area}"
