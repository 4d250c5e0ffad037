"""The town knows better: corrections that survive imports, and confirmations."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.foundation.audit.actors import Actor
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.common.text import require_storable
from renkei.registry.facilities.fields import FIELDS, FieldKind, field_label, is_attribute
from renkei.registry.facilities.models import Facility, ListingStatus, Override, Service
from renkei.registry.facilities.services.effective import set_value, value_of
from renkei.registry.facilities.services.refresh import refresh_facilities

_NULLABLE = frozenset({FieldKind.NUMBER, FieldKind.DEGREES})
_LISTS = frozenset({FieldKind.WORDS, FieldKind.CAPABILITIES})


@transaction.atomic
def correct_field(
    *, actor: Actor, service: Service, field: str, value: object, reason: str
) -> Override:
    """Set one field's local value; the official one is kept beside it (``official_value``).

    Raises:
        ValidationError: the field cannot be corrected, or the value does not fit it.
    """
    if actor.user_id is None:
        raise ValidationError("訂正は、職員が自分の名前で行ってください。")
    service = Service.objects.select_for_update().get(pk=service.pk)
    value = _checked(field, value)
    override = Override.objects.filter(service=service, field=field).first()
    if override is None:
        official = value_of(service, field)
        override = Override(service=service, field=field, official_value=official)
    override.value = value
    override.reason = require_storable(reason.strip())[:300]
    override.made_by_id = actor.user_id
    override.made_at = clock.now()
    override.save()
    _write(service, field, value)
    detail = {"field": field}
    record_event(actor=actor, action="service.corrected", target=service, detail=detail)
    return override


@transaction.atomic
def withdraw_correction(*, actor: Actor, override: Override) -> None:
    """Give the field back its official value."""
    service = Service.objects.select_for_update().get(pk=override.service_id)
    field, official = override.field, override.official_value
    override.delete()
    _write(service, field, official)
    detail = {"field": field}
    record_event(actor=actor, action="service.correction_withdrawn", target=service, detail=detail)


@transaction.atomic
def confirm_facility(*, actor: Actor, facility: Facility, method: str) -> None:
    """Record that the town has checked a place today, and how.

    Raises:
        ValidationError: no method is said.
    """
    method = require_storable(method.strip())
    if not method:
        raise ValidationError({"method": "どのように確かめたかを入力してください。"})
    Facility.objects.filter(pk=facility.pk).update(
        confirmed_on=clock.today(), confirmed_with=method[:60]
    )
    refresh_facilities([facility.pk])
    facility.refresh_from_db()
    record_event(actor=actor, action="facility.confirmed", target=facility)


def _checked(field: str, value: object) -> object:
    """The value as the column stores it."""
    if is_attribute(field):
        return require_storable(str(value or "").strip(), multiline=True)
    known = FIELDS.get(field)
    if known is None or not known.editable:
        raise ValidationError(f"「{field_label(field)}」は訂正できません。")
    if known.kind in _NULLABLE:
        return _number(known.kind, known.label, value)
    if known.kind in _LISTS:
        if not isinstance(value, list | tuple):
            raise ValidationError(f"「{known.label}」の値を選び直してください。")
        return [require_storable(str(item)) for item in value]
    if known.kind is FieldKind.HOURS:
        if not isinstance(value, dict):
            raise ValidationError(f"「{known.label}」の時間を入力し直してください。")
        return value
    if known.kind is FieldKind.STATUS and value not in ListingStatus.values:
        raise ValidationError(f"「{known.label}」を一覧から選んでください。")
    text = require_storable(str(value or "").strip(), multiline=known.kind is FieldKind.TEXT)
    return _fitting(field, known.label, text)


def _number(kind: FieldKind, label: str, value: object) -> float | int | None:
    if value in {None, ""}:
        return None
    try:
        number = float(str(value))
    except ValueError as error:
        raise ValidationError(f"「{label}」は数字で入力してください。") from error
    return number if kind is FieldKind.DEGREES else int(number)


def _fitting(field: str, label: str, text: str) -> str:
    column = Service._meta.get_field(field)  # noqa: SLF001 - Django's public Meta API
    length = getattr(column, "max_length", None)
    if length is not None and len(text) > length:
        raise ValidationError(f"「{label}」は{length}字以内で入力してください。")
    return text


def _write(service: Service, field: str, value: object) -> None:
    service.save(update_fields=set_value(service, field, value))
    refresh_facilities([service.facility_id])
