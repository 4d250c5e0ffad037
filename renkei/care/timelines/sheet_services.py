"""A sent sheet is told in the staff room, once per answer."""

from __future__ import annotations

from django.db import transaction

from renkei.care.timelines.attachment_queries import WISH_FORMS
from renkei.care.timelines.models import Entry, EntryKind
from renkei.care.timelines.queries.doors import Door
from renkei.care.timelines.services.posting import post_entry
from renkei.care.timelines.sheet_queries import changes_since
from renkei.foundation.sheets.models import Answer
from renkei.foundation.sheets.queries import previous_answer

LABELS_SHOWN = 5


@transaction.atomic
def tell_of_answer(*, door: Door, answer: Answer) -> Entry:
    """An entry 「様式を更新」: what changed by the names of the fields, the values in the sheet.

    Its client id is the answer's: told again it stays one. Of a wish the entry says only that
    there is one; who may read it is decided where it stands.
    """
    form = answer.version.form
    before = previous_answer(answer)
    changed = changes_since(answer, before)
    if form.code in WISH_FORMS:
        text = f"様式を更新しました：{form.name}"
    elif before is None:
        text = f"様式を新しく書きました：{form.name}（第{answer.version.number}版）"
    else:
        labels = [change.label for change in changed[:LABELS_SHOWN]]
        more = f" ほか{len(changed) - LABELS_SHOWN}件" if len(changed) > LABELS_SHOWN else ""
        what = (
            f"\n変わった所：{'、'.join(labels)}{more}" if labels else "\n変わった所はありません。"
        )
        text = f"様式を更新しました：{form.name}{what}"
    return post_entry(
        viewer=door.viewer,
        room=door.room,
        kind=EntryKind.RECORD,
        text=text,
        client_uid=answer.uid,
        written_at=answer.answered_at,
    )
