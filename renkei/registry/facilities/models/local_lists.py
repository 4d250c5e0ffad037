"""Lists of the town or the 医師会: how each is read, and kinds no ministry file has (T-A10)."""

from __future__ import annotations

import uuid

from django.db import models


class LocalKind(models.Model):
    """A kind of service this region added itself; it stands beside ``catalogue.SERVICES``."""

    # The key in ``Service.service_code``: "own-" and a number.
    code = models.CharField("記号", max_length=20, unique=True)
    label = models.CharField("名称", max_length=60, unique=True)
    group = models.CharField("分類", max_length=20)  # a key of catalogue.GROUPS
    added_by_id = models.BigIntegerField("加えた人")
    added_at = models.DateTimeField("加えた日時")

    def __str__(self) -> str:
        return self.label


class LocalList(models.Model):
    """One list and how its columns were understood the last time."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Part of every record's identity: never changes, even when the list is renamed.
    key = models.CharField("記号", max_length=16, unique=True)
    name = models.CharField("一覧の名前", max_length=100, unique=True)
    # As importers.local.LocalMapping writes it.
    mapping = models.JSONField("列の対応", default=dict)
    file_name = models.CharField("前回のファイル", max_length=300, blank=True)
    changed_by_id = models.BigIntegerField("決めた人")
    changed_at = models.DateTimeField("決めた日時")

    def __str__(self) -> str:
        return self.name


class ListDraft(models.Model):
    """A list somebody is bringing in: the file waits here until its columns are decided."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    path = models.CharField("置き場所", max_length=500)
    file_name = models.CharField("ファイル名", max_length=300)
    # The list it was recognised as; empty for a new one.
    local_list = models.ForeignKey(LocalList, models.CASCADE, null=True, related_name="+")
    # As importers.local.LocalMapping writes it, as far as decided.
    mapping = models.JSONField("列の対応", default=dict)
    started_by_id = models.BigIntegerField("始めた人")
    started_at = models.DateTimeField("始めた日時")
