"""Answers: given once, kept as they are, disposed of with the whole record of their subject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from renkei.foundation.audit.actors import Actor
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.common.clock import TOKYO
from renkei.foundation.sheets.answers import content_from, values_of
from renkei.foundation.sheets.conditions import without_disabled
from renkei.foundation.sheets.definition import parse
from renkei.foundation.sheets.items import Definition
from renkei.foundation.sheets.models import Answer, Draft, FormVersion, VersionState
from renkei.foundation.sheets.reading import normalised
from renkei.foundation.sheets.validation import Problem, problems


class AnswerRefusedError(ValidationError):
    """The content is no answer of this form; ``problems`` says where and why."""

    def __init__(self, found: Sequence[Problem]) -> None:
        super().__init__([problem.message for problem in found])
        self.problems = tuple(found)


@transaction.atomic
def record_answer(  # noqa: PLR0913 - one keyword per fact the answer keeps
    *,
    actor: Actor,
    version: FormVersion,
    subject_uid: UUID,
    content: Mapping[str, Any],
    source: str,
    organisation_id: int | None,
    client_uid: UUID | None = None,
    replaces: Answer | None = None,
    answered_at: datetime | None = None,
    given_by: str = "",
) -> Answer:
    """Keep an answer for ever; the same ``client_uid`` again is the same answer, not a second.

    ``answered_at`` is for paper: code lists hold as on that day. ``given_by`` is what somebody
    without an account calls themself. The caller has checked that the
    actor may answer for this subject.

    Raises:
        AnswerRefusedError: the content is not right; with every problem and its place.
        ValidationError: the version was never published, or the number belongs to another answer.
    """
    if version.state == VersionState.DRAFT:
        raise ValidationError("この版はまだ公開されていません。公開された版で回答してください。")
    if client_uid is not None:
        known = _answer_known_as(client_uid, version, subject_uid)
        if known:
            return known
    at = answered_at or clock.now()
    answer = Answer(
        version=version,
        subject_uid=subject_uid,
        content=finished_content(parse(version.questionnaire), content, at=at),
        answered_at=at,
        author_id=actor.user_id,
        membership_id=actor.membership_id,
        organisation_id=organisation_id,
        source=source,
        replaces=replaces,
        client_uid=client_uid,
        given_by=given_by,
    )
    try:
        with transaction.atomic():
            answer.save(force_insert=True)
    except IntegrityError:
        # The same device sent it twice at the same moment.
        known = _answer_known_as(client_uid, version, subject_uid) if client_uid else None
        if known is None:
            raise
        return known
    record_event(
        actor=actor,
        action="sheets.answered",
        target=answer,
        detail={"form": version.form.code, "version": version.number, "source": source},
    )
    return answer


def _answer_known_as(client_uid: UUID, version: FormVersion, subject_uid: UUID) -> Answer | None:
    answer = Answer.objects.filter(client_uid=client_uid).first()
    if answer and (answer.version_id, answer.subject_uid) != (version.pk, subject_uid):
        raise ValidationError("この番号は別の回答で使われています。送り直してください。")
    return answer


def finished_content(
    definition: Definition, content: Mapping[str, Any], *, at: datetime
) -> dict[str, Any]:
    """The content as it is kept: typed, with the options' words, without what was not asked.

    Raises:
        AnswerRefusedError: it is not right.
    """
    found = problems(definition, content, on=at.astimezone(TOKYO).date())
    if found:
        raise AnswerRefusedError(found)
    values = values_of(normalised(content, definition), definition)
    kept = content_from(without_disabled(values, definition), definition, status="completed")
    return {**kept, "authored": at.isoformat()}


@transaction.atomic
def destroy_answers(*, actor: Actor, subject_uid: UUID) -> int:
    """Delete every answer and draft of a subject whose record is disposed of.

    Returns: how many answers there were.
    """
    Draft.objects.filter(subject_uid=subject_uid).delete()
    with connection.cursor() as cursor:
        # The trigger lets only this subject's answers go, and only in this transaction.
        cursor.execute(
            "SELECT set_config('renkei.destroyed_subject', %s, true)", [str(subject_uid)]
        )
        cursor.execute("DELETE FROM sheets_answer WHERE subject_uid = %s", [subject_uid])
        count = int(cursor.rowcount)
        cursor.execute("SELECT set_config('renkei.destroyed_subject', '', true)")
    record_event(
        actor=actor,
        action="sheets.answers_destroyed",
        target=("sheets.subject", str(subject_uid)),
        detail={"count": count},
    )
    return count
