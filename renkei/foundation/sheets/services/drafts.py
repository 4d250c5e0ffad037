"""Answers being written: saved while typing, joined when several people write."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.foundation.audit.actors import Actor
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.sheets.answers import content_from, empty_content, values_of
from renkei.foundation.sheets.definition import parse
from renkei.foundation.sheets.differences import Conflict, merge_drafts, values_from_json
from renkei.foundation.sheets.models import Answer, AnswerSource, Draft, FormVersion, VersionState
from renkei.foundation.sheets.queries import latest_answer
from renkei.foundation.sheets.reading import normalised
from renkei.foundation.sheets.rows import place_values
from renkei.foundation.sheets.services.answers import record_answer


class ConflictsError(ValidationError):
    """Two people wrote different things into the same field; one of them must be chosen."""

    def __init__(self, draft: Draft) -> None:
        labels = "、".join(conflict["label"] for conflict in draft.conflicts)
        super().__init__(
            f"ほかの人の記入と食い違う項目があります（{labels}）。どちらかを選んでください。"
        )
        self.draft = draft


@transaction.atomic
def save_draft(
    *,
    actor: Actor,
    version: FormVersion,
    subject_uid: UUID,
    content: Mapping[str, Any],
    organisation_id: int | None,
    base: Mapping[str, Any] | None = None,
    base_answer: Answer | None = None,
) -> Draft:
    """Save what somebody has typed so far, right or not, into their office's draft.

    ``base`` is what their page showed when they began: what a colleague saved since then is
    joined, and a field both changed differently becomes a conflict of the draft. Only the first
    saving of each author is an event of the audit trail: one every few seconds would bury it.

    Raises:
        ValidationError: the version was never published.
    """
    if version.state == VersionState.DRAFT:
        raise ValidationError("この版はまだ公開されていません。公開された版で回答してください。")
    definition = parse(version.questionnaire)
    cleaned = normalised(content, definition)
    blank = {"content": cleaned, "base_answer": base_answer, "saved_at": clock.now()}
    draft, created = Draft.objects.select_for_update().get_or_create(
        version=version, subject_uid=subject_uid, organisation_id=organisation_id, defaults=blank
    )
    is_new_author = created or draft.author_id != actor.user_id
    if not created and base is not None:
        merged = merge_drafts(base, cleaned, draft.content, definition)
        draft.content = merged.content
        _add_conflicts(draft, merged.conflicts, mine_by=actor.user_id, theirs_by=draft.author_id)
    elif not created:
        draft.content = cleaned
    draft.author_id, draft.membership_id = actor.user_id, actor.membership_id
    draft.saved_at = clock.now()
    draft.revision += 1
    draft.save()
    if is_new_author:
        record_event(
            actor=actor,
            action="sheets.draft_started",
            target=draft,
            detail={"form": version.form.code, "version": version.number},
        )
    return draft


def _add_conflicts(
    draft: Draft, conflicts: Sequence[Conflict], *, mine_by: int | None, theirs_by: int | None
) -> None:
    """A field already in conflict takes the newest of mine and keeps whose the other value is."""
    open_ones = {conflict["path"]: conflict for conflict in draft.conflicts}
    for conflict in conflicts:
        known = open_ones.get(conflict.path, {})
        open_ones[conflict.path] = {
            **asdict(conflict),
            "mine_by": mine_by,
            "theirs_by": known.get("theirs_by", theirs_by),
            "at": clock.now().isoformat(),
        }
    draft.conflicts = list(open_ones.values())


@transaction.atomic
def resolve_conflicts(*, actor: Actor, draft: Draft, choices: Mapping[str, str]) -> Draft:
    """Take one of two values for each path named in ``choices`` ("mine" or "theirs")."""
    draft = Draft.objects.select_for_update().get(pk=draft.pk)
    definition = parse(draft.version.questionnaire)
    values = values_of(draft.content, definition)
    left, count = [], 0
    for conflict in draft.conflicts:
        choice = choices.get(conflict["path"])
        item = definition.find(conflict["link_id"])
        if choice not in {"mine", "theirs"} or item is None:
            left.append(conflict)
            continue
        count += 1
        place_values(values, conflict["path"], values_from_json(item, conflict[choice]))
    if not count:
        return draft
    draft.content = content_from(values, definition)
    draft.conflicts = left
    draft.revision += 1
    draft.saved_at = clock.now()
    draft.save()
    record_event(
        actor=actor, action="sheets.conflicts_resolved", target=draft, detail={"count": count}
    )
    return draft


@transaction.atomic
def discard_draft(*, actor: Actor, draft: Draft) -> None:
    """Throw a draft away; the answer it was based on stays."""
    record_event(
        actor=actor,
        action="sheets.draft_discarded",
        target=draft,
        detail={"form": draft.version.form.code},
    )
    draft.delete()


def send_draft(
    *,
    actor: Actor,
    draft: Draft,
    source: str = AnswerSource.WEB,
    when_sent: Callable[[Answer], object] | None = None,
) -> Answer:
    """Make the draft an answer that replaces the latest one, joined with what came in between.

    ``when_sent`` is what a higher room does with the answer, in the same transaction: both or none.

    Raises:
        ConflictsError: somebody else answered the same field differently; the draft keeps both.
        AnswerRefusedError: something is missing or wrong.
    """
    # Its own transaction: the conflicts found must stay when sending is refused.
    draft = _joined_with_latest(draft, actor)
    if draft.conflicts:
        raise ConflictsError(draft)
    with transaction.atomic():
        locked = Draft.objects.select_for_update().get(pk=draft.pk)
        answer = record_answer(
            actor=actor,
            version=locked.version,
            subject_uid=locked.subject_uid,
            content=locked.content,
            source=source,
            organisation_id=locked.organisation_id,
            replaces=locked.base_answer,
        )
        locked.delete()
        if when_sent is not None:
            when_sent(answer)
    return answer


@transaction.atomic
def _joined_with_latest(draft: Draft, actor: Actor) -> Draft:
    draft = (
        Draft.objects.select_for_update(of=("self",))
        .select_related("version__form")
        .get(pk=draft.pk)
    )
    latest = latest_answer(draft.version.form, draft.subject_uid)
    if latest is None or latest.pk == draft.base_answer_id:
        return draft
    definition = parse(draft.version.questionnaire)
    base = draft.base_answer.content if draft.base_answer else empty_content(definition)
    merged = merge_drafts(base, draft.content, latest.content, definition)
    draft.content = merged.content
    draft.base_answer = latest
    _add_conflicts(draft, merged.conflicts, mine_by=actor.user_id, theirs_by=latest.author_id)
    draft.save()
    return draft
