"""Forms and their editions: written, published, taken back; a published one never changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.foundation.areas.models import Area
from renkei.foundation.areas.periods import DateRange
from renkei.foundation.audit.actors import Actor
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.common.eras import format_western
from renkei.foundation.sheets.definition import BrokenDefinitionError, parse
from renkei.foundation.sheets.fhir_checks import questionnaire_mistakes
from renkei.foundation.sheets.models import Form, FormKind, FormVersion, VersionState

FORM_URL = "https://renkei.example/fhir/Questionnaire/"


@dataclass(frozen=True)
class FormFacts:
    """What a form is called and whose it is."""

    code: str
    name: str
    kind: str = FormKind.PERSON
    area: Area | None = None


@transaction.atomic
def create_form(
    *, actor: Actor, facts: FormFacts, questionnaire: Mapping[str, Any] | None = None
) -> FormVersion:
    """Begin a form with a first edition, empty or from a Questionnaire (a copy, an upload).

    Raises:
        ValidationError: the code is taken or a value is missing.
        BrokenDefinitionError: the Questionnaire is no form.
    """
    form = Form(code=facts.code, name=facts.name, kind=facts.kind, owner_area=facts.area)
    form.full_clean()
    form.save()
    version = _add_version(form, questionnaire or {"item": []})
    record_event(actor=actor, action="sheets.form_made", target=version)
    return version


@transaction.atomic
def start_version(*, actor: Actor, form: Form) -> FormVersion:
    """Begin the next edition as a copy of the newest one.

    Raises:
        ValidationError: one is being written already.
    """
    Form.objects.select_for_update().get(pk=form.pk)
    newest = form.versions.order_by("-number").first()
    if newest and newest.state == VersionState.DRAFT:
        raise ValidationError(
            "この様式には、作成中の版がすでにあります。その版を編集してください。"
        )
    version = _add_version(form, newest.questionnaire if newest else {"item": []}, copied=newest)
    record_event(actor=actor, action="sheets.version_started", target=version)
    return version


def _add_version(
    form: Form, questionnaire: Mapping[str, Any], *, copied: FormVersion | None = None
) -> FormVersion:
    number = copied.number + 1 if copied else 1
    version = FormVersion(
        form=form,
        number=number,
        questionnaire=_own_questionnaire(form, number, questionnaire),
        issuer=copied.issuer if copied else "",
        source=copied.source if copied else "",
        unconfirmed=copied.unconfirmed if copied else [],
    )
    parse(version.questionnaire)
    version.save()
    return version


def _own_questionnaire(
    form: Form, number: int, questionnaire: Mapping[str, Any], *, status: str = "draft"
) -> dict[str, Any]:
    """The Questionnaire under the form's own address, number and name."""
    owner = f"{form.owner_area.code or form.owner_area_id}." if form.owner_area else ""
    return {
        **questionnaire,
        "resourceType": "Questionnaire",
        "url": f"{FORM_URL}{owner}{form.code}",
        "version": str(number),
        "title": form.name,
        "status": status,
    }


@transaction.atomic
def save_definition(
    *,
    actor: Actor,
    version: FormVersion,
    questionnaire: Mapping[str, Any],
    revision: int,
    what: str = "",
) -> FormVersion:
    """Write a draft edition anew; ``revision`` is the one the editor saw.

    Raises:
        ValidationError: somebody else edited it meanwhile, or it is published.
        BrokenDefinitionError: the Questionnaire is no form.
    """
    locked = (
        FormVersion.objects.select_for_update(of=("self",))
        .select_related("form__owner_area")
        .get(pk=version.pk)
    )
    if locked.state != VersionState.DRAFT:
        raise ValidationError("公開した版は変えられません。新しい版を作ってください。")
    if locked.revision != revision:
        raise ValidationError(
            "ほかの人がこの版を先に直しました。いまの内容を見て、もう一度直してください。"
        )
    locked.questionnaire = _own_questionnaire(locked.form, locked.number, questionnaire)
    parse(locked.questionnaire)
    locked.revision += 1
    locked.save(update_fields=["questionnaire", "revision"])
    record_event(
        actor=actor, action="sheets.version_edited", target=locked, detail={"what": what[:60]}
    )
    return locked


@transaction.atomic
def discard_version(*, actor: Actor, version: FormVersion) -> None:
    """Throw away an edition being written; a form that never had another goes with it.

    Raises:
        ValidationError: it is published.
    """
    locked = (
        FormVersion.objects.select_for_update(of=("self",))
        .select_related("form")
        .get(pk=version.pk)
    )
    if locked.state != VersionState.DRAFT:
        raise ValidationError("公開した版は消せません。使うのをやめるには、取り下げてください。")
    record_event(actor=actor, action="sheets.version_discarded", target=locked)
    form = locked.form
    locked.delete()
    if not form.versions.exists():
        form.delete()


@transaction.atomic
def publish_version(
    *,
    actor: Actor,
    version: FormVersion,
    valid_from: date,
    issuer: str = "",
    source: str = "",
    unconfirmed: Sequence[str] = (),
) -> FormVersion:
    """Publish an edition from a day on; the one before it ends there.

    Raises:
        BrokenDefinitionError: it is no form, asks nothing or is no FHIR R4.
        ValidationError: it is published already, or a later edition is.
    """
    locked = (
        FormVersion.objects.select_for_update(of=("self",))
        .select_related("form__owner_area")
        .get(pk=version.pk)
    )
    if locked.state != VersionState.DRAFT:
        raise ValidationError("この版はすでに公開されています。")
    questionnaire = _own_questionnaire(
        locked.form, locked.number, locked.questionnaire, status="active"
    )
    if not parse(questionnaire).questions:
        raise BrokenDefinitionError(["様式に質問がありません。項目を1つ以上加えてください。"])
    mistakes = questionnaire_mistakes(questionnaire)
    if mistakes:
        raise BrokenDefinitionError(mistakes)
    _end_before(locked.form, valid_from)
    locked.questionnaire = questionnaire
    locked.state = VersionState.PUBLISHED
    locked.period = DateRange(valid_from, None)
    locked.issuer, locked.source, locked.unconfirmed = issuer, source, list(unconfirmed)
    locked.published_at = clock.now()
    locked.published_by_id = actor.user_id
    locked.save()
    record_event(
        actor=actor,
        action="sheets.version_published",
        target=locked,
        detail={"form": locked.form.code, "version": locked.number},
    )
    return locked


def _end_before(form: Form, valid_from: date) -> None:
    """End the published editions of a form where the next one begins."""
    for other in form.versions.filter(state=VersionState.PUBLISHED):
        begun = other.valid_from
        if begun is not None and begun >= valid_from:
            raise ValidationError(
                f"第{other.number}版を{format_western(begun)}から使っています。"
                "それより後の日を使い始める日にしてください。"
            )
        if other.period.upper is None or other.period.upper > valid_from:
            other.period = DateRange(begun, valid_from)
            other.save(update_fields=["period"])


@transaction.atomic
def withdraw_version(*, actor: Actor, version: FormVersion) -> FormVersion | None:
    """Stop offering an edition at once; the one before it is used again.

    Answers given on it stay and are shown with it.

    Returns: the edition that is used instead, if there is one.

    Raises:
        ValidationError: it is not published.
    """
    locked = (
        FormVersion.objects.select_for_update(of=("self",))
        .select_related("form")
        .get(pk=version.pk)
    )
    if locked.state != VersionState.PUBLISHED:
        raise ValidationError("公開中の版ではありません。公開中の版を選んでください。")
    locked.state = VersionState.WITHDRAWN
    locked.withdrawn_at = clock.now()
    locked.save(update_fields=["state", "withdrawn_at"])
    before = (
        locked.form.versions.filter(state=VersionState.PUBLISHED, number__lt=locked.number)
        .order_by("-number")
        .first()
    )
    if before:
        before.period = DateRange(before.valid_from, locked.period.upper)
        before.save(update_fields=["period"])
    record_event(
        actor=actor,
        action="sheets.version_withdrawn",
        target=locked,
        detail={"form": locked.form.code, "version": locked.number},
    )
    return before


@transaction.atomic
def load_edition(
    *,
    actor: Actor,
    facts: FormFacts,
    number: int,
    questionnaire: Mapping[str, Any],
    valid_from: date,
    issuer: str,
    source: str,
    unconfirmed: Sequence[str],
) -> bool:
    """Take in an edition that comes with the product; one known already stays as it is.

    Returns: whether it was new.
    """
    form, _ = Form.objects.get_or_create(
        code=facts.code,
        owner_area=None,
        defaults={"name": facts.name, "kind": facts.kind},
    )
    Form.objects.select_for_update().get(pk=form.pk)
    if form.versions.filter(number=number).exists():
        return False
    parse(questionnaire)
    _end_before(form, valid_from)
    version = FormVersion.objects.create(
        form=form,
        number=number,
        state=VersionState.PUBLISHED,
        period=DateRange(valid_from, None),
        questionnaire=dict(questionnaire),
        issuer=issuer,
        source=source,
        unconfirmed=list(unconfirmed),
        published_at=clock.now(),
    )
    record_event(
        actor=actor,
        action="sheets.shipped_loaded",
        target=version,
        detail={"form": form.code, "version": number},
    )
    return True
