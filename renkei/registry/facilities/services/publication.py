"""Releasing a field to residents, or taking it back (T-A11).

Source: 在宅医療・介護連携推進事業の手引き（把握した資源のうち公開する情報の精査）, our T-A11.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.foundation.audit.actors import Actor
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.common.audience import Audience
from renkei.registry.facilities.fields import FIELDS, is_attribute
from renkei.registry.facilities.models import Facility, FieldPolicy
from renkei.registry.facilities.queries_publication import audiences_of_facility, field_audiences
from renkei.registry.facilities.search.indexing import index_facilities, rebuild_index_soon


@transaction.atomic
def set_field_audience(
    *,
    actor: Actor,
    field: str,
    audience: Audience,
    facility: Facility | None = None,
    checked: bool = False,
    note: str = "",
) -> FieldPolicy:
    """Decide for whom a field is, in the whole register or for one place, from now on.

    Showing a field to more people needs ``checked``: somebody made sure that it does not hinder
    cooperation, and says in ``note`` what was looked at. Showing it to fewer needs nothing.

    Raises:
        ValidationError: unknown field, no change, or a release without the check or its note.
    """
    if field not in FIELDS and not is_attribute(field):
        raise ValidationError({"field": "この項目は台帳にありません。一覧から選んでください。"})
    held = (audiences_of_facility(facility.pk) if facility else field_audiences())[field]
    if held == audience:
        raise ValidationError(
            {"audience": f"すでに「{audience.label}」です。ほかの相手を選んでください。"}
        )
    note = note.strip()
    if held.includes(audience):
        _require_check(checked=checked, note=note, audience=audience)
    policy = FieldPolicy(
        field=field,
        facility=facility,
        audience=audience,
        checked_by_id=_person(actor),
        checked_at=clock.now(),
        note=note,
    )
    policy.full_clean(exclude=["note"])
    policy.save(force_insert=True)
    record_event(
        actor=actor,
        action="field.audience_set",
        target=policy,
        detail={"field": field, "from": held.value, "to": audience.value},
    )
    _index_anew(facility)
    return policy


def _index_anew(facility: Facility | None) -> None:
    """What may not be seen may not be found either; the whole register takes the worker a while."""
    if facility is None:
        rebuild_index_soon()
    else:
        index_facilities([facility.pk])


def _require_check(*, checked: bool, note: str, audience: Audience) -> None:
    errors: dict[str, str] = {}
    if not checked:
        errors["checked"] = (
            f"{audience.label}に見せても連携を妨げないことを確かめ、チェックを付けてください。"
        )
    if not note:
        errors["note"] = (
            "だれに聞いて何を確かめたかを書いてください（例：医師会と話し、公開してよいと確認）。"
        )
    if errors:
        raise ValidationError(errors)


def _person(actor: Actor) -> int:
    if actor.user_id is None:
        raise ValidationError("公開の範囲は、職員が自分の名前で決めてください。")
    return actor.user_id
