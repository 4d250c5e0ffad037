"""The sheets of a person: which forms, which answers, and what changed since the last time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from renkei.care.patients.models import ContentClass, Patient
from renkei.care.patients.queries import merged_uids
from renkei.care.patients.visibility import contents_open_to
from renkei.care.timelines.attachment_queries import WISH_FORMS, visible_types
from renkei.care.timelines.queries.doors import Door
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.sheets.definition import parse
from renkei.foundation.sheets.differences import Change, changes
from renkei.foundation.sheets.models import Answer, Draft, FormKind, FormVersion
from renkei.foundation.sheets.queries import answers_of, area_of, drafts_of, versions_in_force

CHANGES_SHOWN: Final = 4


@dataclass(frozen=True)
class PersonSheet:
    """One form with the newest answer about the person, the office's draft, and what changed."""

    version: FormVersion
    answer: Answer | None
    answer_count: int
    draft: Draft | None
    changes: Sequence[Change]
    is_first: bool


def content_of(form_code: str) -> ContentClass:
    """Which consent opens the answers on this form."""
    return ContentClass.WISHES if form_code in WISH_FORMS else ContentClass.SHEETS


def open_forms(viewer: Viewer, door: Door) -> list[FormVersion]:
    """The forms of the viewer's area whose content of this person they may read, by name."""
    patient = door.patient
    assert patient is not None  # noqa: S101 - a room of a person
    readable = contents_open_to(viewer, patient)
    visible = visible_types(door)
    return [
        version
        for version in versions_in_force(area=area_of(viewer), kind=FormKind.PERSON)
        if content_of(version.form.code) in readable and version.form.code in visible
    ]


def open_form(viewer: Viewer, door: Door, code: str) -> FormVersion:
    """One of them.

    Raises:
        FormVersion.DoesNotExist: no such form, or its content is not for this viewer.
    """
    for version in open_forms(viewer, door):
        if version.form.code == code:
            return version
    raise FormVersion.DoesNotExist


def person_sheets(viewer: Viewer, door: Door) -> list[PersonSheet]:
    """Every open form with its newest answer; the written ones first. A fixed number of queries."""
    patient = door.patient
    assert patient is not None  # noqa: S101 - a room of a person
    by_form: dict[str, list[Answer]] = {}
    for answer in answers_of(patient.uid, also=merged_uids(patient)):
        by_form.setdefault(answer.version.form.code, []).append(answer)
    drafts = {
        draft.version.form.code: draft
        for draft in drafts_of(patient.uid, organisation_id=viewer.organisation_id)
    }
    sheets = [
        _sheet(version, by_form.get(version.form.code, []), drafts.get(version.form.code))
        for version in open_forms(viewer, door)
    ]
    return sorted(
        sheets,
        key=lambda one: (
            one.answer is None and one.draft is None,
            -one.answer.answered_at.timestamp() if one.answer else 0.0,
        ),
    )


def written_sheets(viewer: Viewer, door: Door) -> list[PersonSheet]:
    """The sheets that were ever filled in, the newest first."""
    assert door.patient is not None  # noqa: S101 - a room of a person
    if not answers_of(door.patient.uid, also=merged_uids(door.patient)).exists():
        return []
    return [sheet for sheet in person_sheets(viewer, door) if sheet.answer is not None]


def answer_through(viewer: Viewer, door: Door, answer_uid: UUID) -> Answer:
    """One answer about the person, on any edition of a form the viewer may read.

    Raises:
        Answer.DoesNotExist: unknown, about somebody else, or not for this viewer.
    """
    patient: Patient | None = door.patient
    assert patient is not None  # noqa: S101 - a room of a person
    answer = answers_of(patient.uid, also=merged_uids(patient)).get(uid=answer_uid)
    if answer.version.form.code not in {one.form.code for one in open_forms(viewer, door)}:
        raise Answer.DoesNotExist
    return answer


def changes_since(answer: Answer, before: Answer | None) -> list[Change]:
    """What an answer says differently from the one before."""
    if before is None:
        return []
    new = parse(answer.version.questionnaire)
    old = None
    if before.version_id != answer.version_id:
        old = parse(before.version.questionnaire)
    return changes(before.content, answer.content, new, old_definition=old)


def _sheet(version: FormVersion, answers: Sequence[Answer], draft: Draft | None) -> PersonSheet:
    newest = answers[0] if answers else None
    before = answers[1] if len(answers) > 1 else None
    return PersonSheet(
        version=version,
        answer=newest,
        answer_count=len(answers),
        draft=draft,
        changes=changes_since(newest, before) if newest else [],
        is_first=before is None,
    )
