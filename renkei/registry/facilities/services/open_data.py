"""Publishing the register: a file is frozen, numbered by its time, and never changed (T-X4)."""

from __future__ import annotations

import hashlib

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction

from renkei.foundation.areas.models import Area
from renkei.foundation.audit.actors import Actor
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.registry.facilities.models import OpenDataRelease
from renkei.registry.facilities.open_data.files import csv_of, xlsx_of
from renkei.registry.facilities.open_data.layouts import TITLES, Dataset
from renkei.registry.facilities.queries_open_data import Draft, draft_of


@transaction.atomic
def publish(*, actor: Actor, dataset: Dataset, area: Area, seen: str) -> OpenDataRelease:
    """Publish the table of an area as it is now.

    ``seen`` is the fingerprint of what the person looked at: nobody publishes what nobody saw.

    Raises:
        ValidationError: something to put right, nothing to publish, nothing new, or changed since.
    """
    if actor.user_id is None:
        raise ValidationError("公開は、職員が自分の名前でしてください。")
    # Two people may press the button at the same moment.
    Area.objects.select_for_update().get(pk=area.pk)
    draft = draft_of(dataset, area)
    _check(draft, seen)
    content, _ = csv_of(dataset, draft.rows)
    workbook = xlsx_of(dataset, draft.rows, attributions=draft.attributions)
    release = OpenDataRelease(
        dataset=dataset,
        area=area,
        as_of=draft.as_of,
        row_count=len(draft.rows),
        changes=draft.difference.counts,
        attributions=list(draft.attributions),
        sha256=hashlib.sha256(content).hexdigest(),
        csv_size=len(content),
        xlsx_size=len(workbook),
        released_by_id=actor.user_id,
        released_at=clock.now(),
    )
    release.csv.save(f"{dataset}.csv", ContentFile(content), save=False)
    release.xlsx.save(f"{dataset}.xlsx", ContentFile(workbook), save=False)
    release.save(force_insert=True)
    record_event(
        actor=actor,
        action="open_data.released",
        target=release,
        detail={"dataset": str(dataset), "area": area.pk, "rows": len(draft.rows)}
        | draft.difference.counts,
    )
    return release


def fingerprint(draft: Draft) -> str:
    """What was looked at, as one word."""
    return hashlib.sha256(csv_of(draft.dataset, draft.rows)[0]).hexdigest()


def _check(draft: Draft, seen: str) -> None:
    title = TITLES[draft.dataset]
    if not draft.rows:
        raise ValidationError(f"{title}に載せる所がありません。先にデータを取り込んでください。")
    if draft.blocking:
        raise ValidationError(
            f"直してからでないと公開できない行が{len(draft.blocking)}あります。"
            "「直してください」の行を台帳で直してください。"
        )
    if draft.last and not draft.difference:
        raise ValidationError("前回の公開から変わった行がありません。")
    if fingerprint(draft) != seen:
        raise ValidationError(
            "見ている間に台帳が変わりました。いまの内容を確かめて、もう一度公開してください。"
        )
