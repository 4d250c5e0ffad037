"""Keeping paths, putting a person on one, and writing down what happens on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.care.patients.models import ContentClass, Patient
from renkei.care.patients.visibility import team_grants_on
from renkei.care.timelines.queries.people import present_memberships
from renkei.care.transitions import notices
from renkei.care.transitions.models import (
    PathAct,
    PathDefinition,
    PathEvent,
    PathVersion,
    PatientPath,
    VersionState,
)
from renkei.care.transitions.path_content import PathContent, parse
from renkei.care.transitions.path_states import derive, effective
from renkei.care.transitions.services.authors import author_values
from renkei.care.transitions.shipped.paths import CODE, EXAMPLE, NAME
from renkei.foundation.accounts.models import Organisation
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.actors import Actor
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.notifications.services import notify

OLDEST: Final = timedelta(days=10 * 366)
A = PathAct


@dataclass(frozen=True)
class Place:
    """Where the person is or goes: an office here, or its name."""

    organisation: Organisation | None = None
    name: str = ""

    @property
    def words(self) -> str:
        return self.organisation.name if self.organisation else self.name


@dataclass(frozen=True)
class NewPathEvent:
    """Something to write down."""

    act: PathAct
    on: date
    phase_code: str = ""
    goal_code: str = ""
    variance_code: str = ""
    reason: str = ""
    place: Place = Place()
    corrects: UUID | None = None
    client_uid: UUID | None = None


# Definitions --------------------------------------------------------------------------------


@transaction.atomic
def publish_path(
    *, actor: Actor, definition: PathDefinition, content: Mapping[str, Any], reason: str = ""
) -> PathVersion:
    """A new edition; who is on an older one stays on that.

    Raises:
        ValidationError: the content is not a path.
    """
    parse(content)
    newest = definition.versions.order_by("-number").first()
    version = PathVersion.objects.create(
        definition=definition,
        number=newest.number + 1 if newest else 1,
        state=VersionState.PUBLISHED,
        content=dict(content),
        reason=reason,
        published_at=clock.now(),
        published_by_id=actor.membership_id,
    )
    record_event(actor=actor, action="path_version.published", target=version)
    return version


def load_shipped_paths(*, actor: Actor) -> list[PathVersion]:
    """Bring the example; what is there already is left as it is, a changed one is a new edition."""
    definition, _ = PathDefinition.objects.get_or_create(
        code=CODE, defaults={"name": NAME, "is_example": True}
    )
    newest = definition.versions.order_by("-number").first()
    if newest is not None and newest.content == EXAMPLE:
        return []
    return [publish_path(actor=actor, definition=definition, content=EXAMPLE)]


# One person ---------------------------------------------------------------------------------


@transaction.atomic
def start_path(
    *,
    viewer: Viewer,
    patient: Patient,
    version: PathVersion,
    began_on: date,
    place: Place,
    phase_code: str = "",
    client_uid: UUID | None = None,
) -> PatientPath:
    """Put a person on a path, in its first phase or a later one.

    The caller has checked that the viewer writes on the team.

    Raises:
        ValidationError: the edition is not in use, the person is on it, or a day is impossible.
    """
    known = PatientPath.objects.filter(client_uid=client_uid, patient=patient).first()
    if client_uid is not None and known is not None:
        return known
    # Two wards may begin at the same moment.
    Patient.objects.select_for_update().get(pk=patient.pk)
    if version.state != VersionState.PUBLISHED:
        raise ValidationError("このパスは使えません。公開されている版を選んでください。")
    _check_day(began_on)
    path = PatientPath(
        client_uid=client_uid,
        patient=patient,
        version=version,
        began_on=began_on,
        started_at=clock.now(),
    )
    path.full_clean()
    path.save(force_insert=True)
    first = phase_code or parse(version.content).phases[0].code
    entered = NewPathEvent(A.ENTERED, on=began_on, phase_code=first, place=place)
    _add(viewer, path, entered)
    record_event(
        actor=viewer.actor,
        action="path.started",
        target=path,
        detail={"patient": str(patient.uid), "version": str(version.uid)},
    )
    return path


@transaction.atomic
def record_on_path(*, viewer: Viewer, path: PatientPath, new: NewPathEvent) -> PathEvent:
    """Write one thing down, in whatever order things come to be known; sent twice, kept once.

    Raises:
        ValidationError: a code is none of this path, a day is impossible, or it is over.
    """
    if new.client_uid is not None:
        known = PathEvent.objects.filter(client_uid=new.client_uid, path=path).first()
        if known is not None:
            return known
    locked = PatientPath.objects.select_for_update(of=("self",)).select_related(
        "patient", "version"
    )
    path = locked.get(pk=path.pk)
    if not path.is_open and new.act != A.RETRACTED:
        raise ValidationError("このパスは終わっています。")
    event = _add(viewer, path, new)
    if new.act in {A.HANDED_ON, A.ENTERED, A.VARIANCE}:
        _tell(viewer, path)
    record_event(
        actor=viewer.actor,
        action="path.recorded",
        target=path,
        detail={"act": new.act.value, "event": str(event.uid)},
    )
    return event


def _add(viewer: Viewer, path: PatientPath, new: NewPathEvent) -> PathEvent:
    content = parse(path.version.content)
    _check_day(new.on)
    _check_codes(content, path, new)
    values = author_values(viewer, path.patient)
    values.pop("organisation")
    event = PathEvent(
        client_uid=new.client_uid,
        path=path,
        act=new.act,
        on=new.on,
        phase_code=new.phase_code or _phase_of(content, new),
        goal_code=new.goal_code,
        variance_code=new.variance_code,
        reason=new.reason,
        institution=new.place.organisation,
        institution_name=new.place.words,
        corrects=_corrected(path, new),
        recorded_at=clock.now(),
        **values,
    )
    event.full_clean()
    event.save(force_insert=True)
    overview = derive(content, path.events.all(), clock.today())
    path.is_open, path.phase_code = overview.is_open, overview.current
    path.save(update_fields=["is_open", "phase_code"])
    return event


def _phase_of(content: PathContent, new: NewPathEvent) -> str:
    codes = {goal.code: one.code for one in content.phases for goal in one.goals}
    return codes.get(new.goal_code, "")


def _check_day(day: date) -> None:
    today = clock.today()
    if not today - OLDEST <= day <= today:
        raise ValidationError({"on": "きょうまでの日を入力してください。"})


def _check_codes(content: PathContent, path: PatientPath, new: NewPathEvent) -> None:
    if new.on < path.began_on and new.act != A.RETRACTED:
        raise ValidationError({"on": "起点の日より後の日を入力してください。"})
    if new.phase_code and content.phase(new.phase_code) is None:
        raise ValidationError({"phase_code": "このパスの段階から選んでください。"})
    if new.goal_code and content.goal(new.goal_code) is None:
        raise ValidationError({"goal_code": "このパスの達成目標から選んでください。"})
    rows = effective(path.events.all()) if path.pk else ()
    reached = {row.goal_code for row in rows if row.act == A.REACHED}
    if new.act == A.REACHED and (not new.goal_code or new.goal_code in reached):
        raise ValidationError({"goal_code": "まだ達していない達成目標を選んでください。"})
    if new.act == A.VARIANCE:
        known = {one.code for one in content.variances}
        if new.variance_code not in known:
            raise ValidationError({"variance_code": "バリアンスを選んでください。"})
        if not new.reason:
            raise ValidationError({"reason": "バリアンスの理由を入力してください。"})
    if new.act in {A.ENTERED, A.HANDED_ON}:
        if not new.phase_code:
            raise ValidationError({"phase_code": "段階を選んでください。"})
        if not new.place.words:
            raise ValidationError({"place": "機関を選ぶか、名称を入力してください。"})


def _corrected(path: PatientPath, new: NewPathEvent) -> PathEvent | None:
    if new.act != A.RETRACTED:
        return None
    row = path.events.filter(uid=new.corrects).first() if new.corrects else None
    if row is None or row.act == A.RETRACTED or row.corrections.exists():
        raise ValidationError("この記録はすでに取り消されています。画面を開き直してください。")
    entered = [one for one in effective(path.events.all()) if one.act == A.ENTERED]
    if row.act == A.ENTERED and len(entered) == 1:
        raise ValidationError("最初の段階の記録は取り消せません。パスを終えてください。")
    return row


def _tell(viewer: Viewer, path: PatientPath) -> None:
    """The team's people who read the story: fixed words, no name, no phase."""
    grants = list(
        team_grants_on(path.patient, ContentClass.TIMELINE).filter(
            member__isnull=False, member__left_at=None
        )
    )
    people = present_memberships()
    named = {one.membership_id for one in grants if one.membership_id}
    offices = {one.organisation_id for one in grants if not one.membership_id}
    users = set(people.filter(pk__in=named).values_list("user_id", flat=True))
    users |= set(people.filter(organisation_id__in=offices).values_list("user_id", flat=True))
    users.discard(viewer.user_id or 0)
    if users:
        notify(
            user_ids=users,
            kind=notices.PATH_NEWS,
            path=f"/transitions/paths/{path.uid}/",
            dedupe_key=f"{notices.PATH_NEWS}:{path.uid}",
        )
