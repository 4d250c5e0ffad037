"""Files kept encrypted; what a row says is useless without the installation's file key."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class ScanState(models.TextChoices):
    """What the virus check said. An infected file is refused, so no row says so."""

    UNCHECKED = "unchecked", "検査なし"
    CLEAN = "clean", "検査済み（異常なし）"


class StoredFile(models.Model):
    """One immutable file. Its bytes and its name are sealed with a data key of its own.

    Who may see it is decided by the room that owns it (``owner_kind``, ``owner_uid``).
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # What it belongs to, as the owning room calls it: ("timelines.entry", the entry's uid).
    owner_kind = models.CharField(max_length=40)
    owner_uid = models.UUIDField()
    media_type = models.CharField("種類", max_length=100)
    # The name people see may be a person's; it is sealed like the content.
    name_sealed = models.BinaryField(blank=True)
    size = models.PositiveBigIntegerField("大きさ（バイト）")
    # SHA-256 of what is kept (after location data went out), hexadecimal.
    digest = models.CharField("ファイルの値", max_length=64)
    storage_name = models.CharField(max_length=100, unique=True)
    thumbnail_name = models.CharField(max_length=100, blank=True)
    # The data key under the key ``key_id``; emptied on destruction, then nobody reads the bytes.
    sealed_key = models.BinaryField(blank=True)
    key_id = models.CharField(max_length=16)
    # Sheets of paper: 1 for a picture, 0 where a file has no pages.
    pages = models.PositiveIntegerField("枚数", default=0)
    scan_state = models.CharField(
        "ウイルス検査", max_length=10, choices=ScanState, default=ScanState.UNCHECKED
    )
    made_at = models.DateTimeField("保存した日時")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    destroyed_at = models.DateTimeField("廃棄した日時", null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(destroyed_at=None) | Q(sealed_key=b"", name_sealed=b""),
                name="stored_file_destroyed_means_no_key",
            ),
        )
        indexes = (
            models.Index(fields=["owner_kind", "owner_uid"], name="stored_file_owner"),
            models.Index(fields=["key_id"], name="stored_file_key"),
        )

    def __str__(self) -> str:
        return str(self.uid)
