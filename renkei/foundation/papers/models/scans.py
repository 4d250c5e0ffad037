"""Scans: paper that came back, page by page, and what became of each."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from renkei.foundation.accounts.models import Organisation
from renkei.foundation.common import clock
from renkei.foundation.papers.models.files import StoredFile
from renkei.foundation.papers.models.tickets import Ticket


class ScanProgress(models.TextChoices):
    WAITING = "waiting", "順番を待っています"
    READING = "reading", "読んでいます"
    DONE = "done", "読み終わりました"
    FAILED = "failed", "読めませんでした"


class Scan(models.Model):
    """One upload: the files somebody brought from the copier at once."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="組織"
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name="取り込んだ人",
    )
    # Under which membership, so that the worker decides as the uploader would.
    membership_id = models.BigIntegerField()
    uploaded_at = models.DateTimeField("取り込んだ日時")
    state = models.CharField(
        "状態", max_length=8, choices=ScanProgress, default=ScanProgress.WAITING
    )
    progress = models.PositiveSmallIntegerField("進み具合（%）", default=0)
    progress_text = models.CharField("いましていること", max_length=200, blank=True)
    # A worker that died leaves this behind; after a while another takes the scan up.
    touched_at = models.DateTimeField("最後に進んだ日時", default=clock.now)

    class Meta:
        indexes = (models.Index(fields=["organisation", "-uploaded_at"], name="scan_by_time"),)

    def __str__(self) -> str:
        return str(self.uid)


class ScanFile(models.Model):
    """One file of an upload; ``error`` is a sentence for the user when it could not be read."""

    scan = models.ForeignKey(Scan, models.CASCADE, related_name="files")
    number = models.PositiveSmallIntegerField("番号")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    error = models.TextField("読めなかった理由", blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["scan", "number"], name="scan_file_number_once"),
        )

    def __str__(self) -> str:
        return f"{self.number}つ目のファイル"


class PageState(models.TextChoices):
    FILED = "filed", "届けました"
    QUEUED = "queued", "確認待ち"
    REJECTED = "rejected", "捨てました"
    DUPLICATE = "duplicate", "取り込み済み"


class PageReason(models.TextChoices):
    """Why a page waits for a person. A ticket of others looks like one that never was."""

    NONE = "", "なし"
    NO_CODE = "no_code", "QRコードが読み取れません"
    BLANK = "blank", "白紙のようです"
    SEVERAL_CODES = "several_codes", "1枚に2つ以上の受付番号があります"
    UNKNOWN = "unknown", "この組織で受け付けられる番号ではありません"
    EXPIRED = "expired", "受付の期限が過ぎています"
    CLOSED = "closed", "受付が終わっています"
    SAME_PAGE = "same_page", "同じ枚目の別の紙がすでに届いています"
    REFUSED = "refused", "届け先で受け付けられませんでした"


class ScanPage(models.Model):
    """One page of a scan, upright, and what became of it."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    scan = models.ForeignKey(Scan, models.CASCADE, related_name="pages")
    scan_file = models.ForeignKey(ScanFile, models.CASCADE, related_name="pages")
    number = models.PositiveSmallIntegerField("ページ")
    # How far it is turned clockwise to stand upright: 0, 90, 180, 270. Its picture is drawn anew
    # from the file each time it is looked at.
    turn = models.PositiveSmallIntegerField("回した角度", default=0)
    # SHA-256 of the page's dots: the same scan brought twice is recognised.
    digest = models.CharField("画像の値", max_length=64)
    state = models.CharField("状態", max_length=10, choices=PageState)
    reason = models.CharField(
        "理由", max_length=14, choices=PageReason, blank=True, default=PageReason.NONE
    )
    # A sentence of the handler that refused, or of the person who discarded the page.
    note = models.CharField("説明", max_length=200, blank=True)
    # Only of pages that were filed, or already had been: a queued page never names a ticket.
    ticket = models.ForeignKey(
        Ticket, models.PROTECT, null=True, blank=True, related_name="scanned_pages"
    )
    ticket_page = models.PositiveSmallIntegerField("受付番号の何枚目", null=True, blank=True)
    filed_as = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("決めた日時", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["scan_file", "number"], name="scan_page_number_once"),
            models.CheckConstraint(
                condition=~Q(state=PageState.FILED) | Q(ticket__isnull=False),
                name="scan_page_filed_by_a_ticket",
            ),
            models.CheckConstraint(
                condition=~Q(state=PageState.QUEUED) | Q(ticket__isnull=True),
                name="scan_page_queued_names_no_ticket",
            ),
            # The same sheet is filed once, whoever presses the button how often.
            models.UniqueConstraint(
                fields=["ticket", "ticket_page", "digest"],
                condition=Q(state=PageState.FILED),
                name="scan_page_filed_once",
            ),
        )
        indexes = (
            models.Index(fields=["state"], name="scan_page_state"),
            models.Index(fields=["ticket", "ticket_page"], name="scan_page_ticket"),
        )

    def __str__(self) -> str:
        return f"{self.number}ページ"
