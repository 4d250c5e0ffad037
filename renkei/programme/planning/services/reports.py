"""Making a report: everything is read once and kept (T-Q1)."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.programme.planning.acting import organisation_of
from renkei.programme.planning.models import (
    GrantAnswer,
    GrantReply,
    Meeting,
    ReportKind,
    ReportPack,
)
from renkei.programme.planning.queries.reports import areas_for, meetings_to_come
from renkei.programme.planning.reporting.book import digest_of
from renkei.programme.planning.reporting.kinds import compose
from renkei.programme.planning.reporting.scope import Scope

FOREIGN = "この圏域の報告は作れません。選び直してください。"


@transaction.atomic
def make_pack(
    *,
    viewer: Viewer,
    area: Area,
    fiscal_year: int,
    kind: ReportKind,
    meeting: Meeting | None = None,
) -> ReportPack:
    """Write a report of an area and year and keep it as it is today.

    Raises:
        ValidationError: the area or the meeting is not the viewer's.
    """
    office = organisation_of(viewer)
    if office is None or area not in areas_for(viewer):
        raise ValidationError({"area": FOREIGN})
    if meeting is not None and meeting not in meetings_to_come(viewer, area):
        raise ValidationError({"meeting": "この会議の資料は作れません。選び直してください。"})
    scope = Scope(viewer, area, fiscal_year, clock.today())
    content = compose(scope, kind, source=office.name, meeting=meeting)
    pack = ReportPack(
        kind=kind,
        fiscal_year=fiscal_year,
        area=area,
        organisation=office,
        meeting=meeting,
        title=content["title"],
        content=content,
        digest=digest_of(content),
        made_at=clock.now(),
    )
    pack.full_clean()
    pack.save()
    record_event(
        actor=viewer.actor,
        action="report.made",
        target=pack,
        detail={"kind": kind.value, "fiscal_year": fiscal_year},
    )
    return pack


@transaction.atomic
def answer_grant(
    *, viewer: Viewer, area: Area, fiscal_year: int, question: str, answer: GrantReply, note: str
) -> GrantAnswer:
    """What the municipality answers to one question of the grant's evaluation.

    Raises:
        ValidationError: the area is not the viewer's.
    """
    if area not in areas_for(viewer):
        raise ValidationError(FOREIGN)
    row = GrantAnswer.objects.filter(
        area=area, fiscal_year=fiscal_year, question=question
    ).first() or GrantAnswer(area=area, fiscal_year=fiscal_year, question=question)
    row.answer, row.note = answer, note
    row.full_clean()
    row.save()
    record_event(
        actor=viewer.actor,
        action="grant.answered",
        target=row,
        detail={"question": question, "answer": answer.value, "fiscal_year": fiscal_year},
    )
    return row
