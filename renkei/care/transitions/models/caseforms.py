"""様式の提供: how a form of a stay reached the other side. When and by whom is its fact's."""

from __future__ import annotations

import uuid

from django.db import models

from renkei.care.transitions.models.cases import CaseFact
from renkei.foundation.papers.models import Ticket


class FormSending(models.Model):
    """One handing over of one answer, so that the very same sheets can be made again.

    The paper carries ``ticket``: scanned, it comes back to this stay.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    fact = models.OneToOneField(CaseFact, models.CASCADE, related_name="sending")
    answer_uid = models.UUIDField("送った様式")
    # The answer it is compared with: what changed since is marked on paper.
    before_uid = models.UUIDField("比べた様式", null=True, blank=True)
    form_name = models.CharField("様式名", max_length=200)
    organisation = models.CharField("送り先の名称", max_length=200)
    recipient = models.CharField("送り先の人・部署", max_length=100, blank=True)
    fax = models.CharField("送り先のFAX番号", max_length=40, blank=True)
    own_fax = models.CharField("自分のFAX番号", max_length=40, blank=True)
    notes = models.CharField("送付状に書くこと", max_length=300, blank=True)
    # Empty where nothing of paper went out.
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField("作成日時")

    def __str__(self) -> str:
        return f"様式の提供 {self.pk}"
