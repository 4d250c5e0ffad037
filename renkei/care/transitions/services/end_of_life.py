"""Writing an area's conditions, and who confirmed or was told what. A wish stays a record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from psycopg.types.range import Range

from renkei.care.patients.models import ContentClass, Patient
from renkei.care.patients.people_to_tell import team_user_ids
from renkei.care.transitions.acting import membership_of
from renkei.care.transitions.models import (
    VersionState,
    WishConditions,
    WishFact,
    WishFactKind,
    WishPlan,
)
from renkei.care.transitions.notices_homes import WISH_NEWS
from renkei.care.transitions.queries.end_of_life import next_number, person_wish
from renkei.care.transitions.services.authors import author_values
from renkei.care.transitions.wish_conditions import parse
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.common.phones import require_phone
from renkei.foundation.common.text import require_storable
from renkei.foundation.notifications.services import notify


@transaction.atomic
def write_conditions(
    *, viewer: Viewer, edition: WishConditions | None, content: Mapping[str, Any], reason: str
) -> WishConditions:
    """A new draft of the viewer's area, or a draft written anew.

    Raises:
        ValidationError: no area, what was published already, or content that is incomplete.
    """
    area = own_area_of(viewer)
    if area is None:
        raise ValidationError("あなたの組織の圏域が決まっていません。運用者に確かめてください。")
    checked = parse(content).as_json()
    row = edition
    if row is None:
        row = WishConditions(area=area, number=next_number(area))
    elif row.state != VersionState.DRAFT:
        raise ValidationError("公開した版は変えられません。新しい版を作ってください。")
    row.content, row.reason = checked, require_storable(reason)
    row.written_by_id = membership_of(viewer)
    row.save()
    record_event(actor=viewer.actor, action="wish_conditions.written", target=row)
    return row


@transaction.atomic
def publish_conditions(*, viewer: Viewer, edition: WishConditions, first_day: date) -> None:
    """Let an edition hold from a day on; the one before ends the day before.

    Raises:
        ValidationError: no draft, or a day before that of the edition in force.
    """
    row = WishConditions.objects.select_for_update().get(pk=edition.pk)
    if row.state != VersionState.DRAFT:
        raise ValidationError("この版はもう公開しています。")
    open_ended = WishConditions.objects.select_for_update().filter(
        area=row.area, state=VersionState.PUBLISHED, period__endswith=None
    )
    for before in open_ended:
        if first_day <= before.period.lower:
            raise ValidationError({"first_day": "いまの版の始まりより後の日付を入力してください。"})
        before.period = Range(before.period.lower, first_day)
        before.save(update_fields=["period"])
    row.state, row.period = VersionState.PUBLISHED, Range(first_day, None)
    row.published_at = clock.now()
    row.full_clean()
    row.save()
    record_event(
        actor=viewer.actor,
        action="wish_conditions.published",
        target=row,
        detail={"from": first_day.isoformat()},
    )


@transaction.atomic
def record_wish_fact(
    *, viewer: Viewer, patient: Patient, kind: WishFactKind, code: str, values: Mapping[str, Any]
) -> WishFact:
    """One confirmation, one telling, or that the person no longer wishes it.

    Raises:
        ValidationError: no shared wish, no conditions of the area, or a day to come.
    """
    found = person_wish(viewer, patient)
    if found.wish is None:
        raise ValidationError(
            "チームに共有した意思の記録がありません。先に「意思の記録」に書いてください。"
        )
    label = ""
    if kind != WishFactKind.WITHDRAWN:
        item = found.conditions.item(code) if found.conditions else None
        if item is None or item.kind != kind:
            raise ValidationError("この地域の取り決めにない項目です。項目を選び直してください。")
        label = item.label
    happened_on = values["happened_on"]
    if happened_on > clock.today():
        raise ValidationError({"happened_on": "きょうまでの日付を入力してください。"})
    if happened_on < found.wish.talked_on:
        raise ValidationError({"happened_on": "話し合った日より後の日付を入力してください。"})
    fact = WishFact.objects.create(
        plan=_plan_of(patient),
        kind=kind,
        code=code,
        label=label,
        wish_uid=found.wish.uid,
        happened_on=happened_on,
        person_name=require_storable(values.get("person_name", "")),
        phone=require_phone(values["phone"]) if values.get("phone") else "",
        channel=values.get("channel", ""),
        note=require_storable(values.get("note", "")),
        recorded_at=clock.now(),
        **author_values(viewer, patient),
    )
    _recorded(viewer, fact, "wish_fact.recorded", patient)
    return fact


@transaction.atomic
def take_back_wish_fact(*, viewer: Viewer, patient: Patient, fact: WishFact) -> None:
    """It was written down by mistake: a row says so, the mistaken one stays.

    Raises:
        ValidationError: it was taken back already.
    """
    if fact.kind == WishFactKind.TAKEN_BACK or fact.corrections.exists():
        raise ValidationError("この記録はすでに取り消されています。")
    row = WishFact.objects.create(
        plan=fact.plan,
        kind=WishFactKind.TAKEN_BACK,
        code=fact.code,
        label=fact.label,
        wish_uid=fact.wish_uid,
        happened_on=clock.today(),
        corrects=fact,
        recorded_at=clock.now(),
        **author_values(viewer, patient),
    )
    _recorded(viewer, row, "wish_fact.taken_back", patient)


def _recorded(viewer: Viewer, fact: WishFact, action: str, patient: Patient) -> None:
    """Tell those of the team who may read of it that there is something new, and keep the act."""
    people = team_user_ids(patient, ContentClass.WISHES) - {viewer.user_id or 0}
    if people:
        notify(
            user_ids=people,
            kind=WISH_NEWS,
            path=reverse("transitions:person_end_of_life", args=[patient.uid]),
            dedupe_key=f"{WISH_NEWS}:{fact.uid}",
        )
    detail = {"patient": str(patient.uid), "kind": fact.kind, "code": fact.code}
    record_event(actor=viewer.actor, action=action, target=fact, detail=detail)


def _plan_of(patient: Patient) -> WishPlan:
    # Two members of the team may confirm at the same moment.
    locked = Patient.objects.select_for_update().get(pk=patient.pk)
    found = WishPlan.objects.filter(patient=locked).order_by("pk").first()
    return found or WishPlan.objects.create(patient=locked, opened_at=clock.now())
