"""運用ポリシーと誓約書: what everybody promises before they meet a person's record."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from renkei.foundation.accounts.models.people import Membership, Organisation, User
from renkei.foundation.areas.models import Area


class Policy(models.Model):
    """One rule book of the region, in its versions."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField("ポリシーの名前", max_length=100)
    # Who keeps it: the section or the 事務局.
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="policies", verbose_name="定める組織"
    )
    # Null: everybody here. Otherwise the people of organisations in this area.
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="圏域"
    )
    withdrawn_at = models.DateTimeField("取り下げた日時", null=True, blank=True)

    def __str__(self) -> str:
        return self.title


class PolicyVersion(models.Model):
    """One wording. Once published it never changes: people signed these words."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("版の番号")
    text = models.TextField("本文")
    valid_from = models.DateField("効力の始まる日")
    published_at = models.DateTimeField("公開した日時", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["policy", "number"], name="policy_version_number"),
            models.UniqueConstraint(
                fields=["policy"],
                condition=Q(published_at__isnull=True),
                name="policy_version_one_draft",
                violation_error_message="下書きの版がすでにあります。それを直してください。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.policy} 第{self.number}版"


class PolicyAcceptance(models.Model):
    """One person's signature under one wording."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="acceptances")
    user = models.ForeignKey(User, models.PROTECT, related_name="policy_acceptances")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    signed_name = models.CharField("署名", max_length=100)
    accepted_at = models.DateTimeField("誓約した日時")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["version", "user"], name="policy_acceptance_once"),
        )

    def __str__(self) -> str:
        return str(self.version)
