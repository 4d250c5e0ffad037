"""A person's own limits, and the one question that a stay outside them raises (T-D8)."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from renkei.care.patients.models import TeamMember
from renkei.care.timelines.models import Entry, EntryKind, Excursion, Limit, Observation
from renkei.care.timelines.observation_queries import is_newest, limits_of
from renkei.care.timelines.observations import BY_CODE, amount
from renkei.care.timelines.queries.doors import Door
from renkei.care.timelines.services.authors import author_through
from renkei.care.timelines.services.posting import post_for_platform
from renkei.care.timelines.values import To
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.common.clock import TOKYO
from renkei.foundation.common.kept_queries import kept_with_plan

# Who says what is usual for a person (acceptance T-D8: set by a doctor or nurse).
SETTERS: Final = frozenset({"医師", "看護師", "准看護師", "保健師"})


def may_set_limits(door: Door) -> bool:
    """Doctors and nurses of the team who may write."""
    return door.may_write and author_through(door).profession in SETTERS


@transaction.atomic
def set_limit(
    *, door: Door, code: str, low: Decimal | None, high: Decimal | None, note: str, asks: str
) -> Limit:
    """What is usual for this person from now on; the earlier limits stay readable.

    ``asks``: the profession that is asked when a value leaves them; empty: the setter's own.

    Raises:
        ValidationError: not a doctor or nurse of the team, or the limits do not fit.
    """
    if not may_set_limits(door):
        raise ValidationError("範囲を決められるのは、このチームの医師と看護師です。")
    patient = door.patient
    assert patient is not None  # noqa: S101 - a room of a person
    author = author_through(door)
    now = clock.now()
    _end_present(door, code)
    limit = Limit(
        patient=patient,
        code=code,
        low=low,
        high=high,
        note=note,
        set_by_id=author.membership_id or 0,
        set_by_name=author.name,
        set_by_profession=author.profession,
        set_at=now,
        ask_profession=asks,
    )
    _check_plausible(limit)
    limit.full_clean()
    limit.save()
    record_event(actor=door.viewer.actor, action="limit.set", target=limit, detail={"code": code})
    return limit


@transaction.atomic
def end_limit(*, door: Door, code: str) -> None:
    """From now on nothing is asked about this measurement.

    Raises:
        ValidationError: not a doctor or nurse of the team.
    """
    if not may_set_limits(door):
        raise ValidationError("範囲を決められるのは、このチームの医師と看護師です。")
    assert door.patient is not None  # noqa: S101 - a room of a person
    ended = _end_present(door, code)
    if ended is not None:
        record_event(
            actor=door.viewer.actor, action="limit.ended", target=ended, detail={"code": code}
        )


def watch_limits(entry: Entry) -> None:
    """After posting: open, keep or end an excursion for each value that has a limit.

    Opening raises one 相談; every further value outside raises none (T-D8).
    """
    observations = _observed(entry.pk)
    if not observations or entry.room.patient is None:
        return
    limits = limits_of(entry.room.patient)
    for observation in observations:
        limit = limits.get(observation.code)
        if limit is not None and observation.value is not None and is_newest(observation):
            _judge(entry, observation, limit, observation.value)


@kept_with_plan
def _observed(entry_id: int) -> QuerySet[Observation]:
    observations = Observation.objects.filter(entry_id=entry_id)
    return observations.select_related("patient").order_by("pk")


def _judge(entry: Entry, observation: Observation, limit: Limit, value: Decimal) -> None:
    low = limit.low is not None and value < limit.low
    high = limit.high is not None and value > limit.high
    present = Excursion.objects.filter(
        patient=observation.patient_id, code=observation.code, ended_at=None
    ).first()
    if not low and not high:
        if present is not None:
            present.ended_at = observation.measured_at
            present.save(update_fields=["ended_at"])
        return
    if present is not None:
        return
    excursion = Excursion.objects.create(
        patient=observation.patient,
        code=observation.code,
        limit=limit,
        first_observation=observation,
        is_high=high,
        started_at=observation.measured_at,
    )
    excursion.question = _ask(entry, observation, limit, excursion)
    excursion.save(update_fields=["question"])


def _ask(entry: Entry, observation: Observation, limit: Limit, excursion: Excursion) -> Entry:
    measure = BY_CODE[observation.code]
    bound = limit.high if excursion.is_high else limit.low
    at = observation.measured_at.astimezone(TOKYO)
    side = "上限" if excursion.is_high else "下限"
    crossed = "超えました" if excursion.is_high else "下回りました"
    text = (
        f"{measure.label} {amount(observation.value, observation.unit)}が、この人の範囲の{side}"
        f" {amount(bound, measure.unit)}を{crossed}"
        f"（{at.month}月{at.day}日 {at.hour}:{at.minute:02}測定、記録：{entry.author_name}）。\n"
        f"範囲は{limit.set_by_name}（{limit.set_by_profession}）が"
        f"{limit.set_at.astimezone(TOKYO):%-m月%-d日}に決めました。範囲に戻るまで、同じ相談は出しません。"
    )
    return post_for_platform(
        room=entry.room,
        kind=EntryKind.QUESTION,
        text=text,
        client_uid=excursion.uid,
        addressees=[_whom(limit)],
    )


def _whom(limit: Limit) -> To:
    """Whoever the limit names while they are on the team; otherwise the host."""
    wanted = limit.ask_profession or limit.set_by_profession
    team = TeamMember.objects.filter(
        patient=limit.patient_id, left_at=None, joined_at__isnull=False
    )
    if wanted and team.filter(profession=wanted).exists():
        return To(profession=wanted)
    host = team.filter(is_host=True).first() or team.first()
    return To(member_uid=host.uid) if host else To(profession=wanted)


def _end_present(door: Door, code: str) -> Limit | None:
    limit = (
        Limit.objects.select_for_update(of=("self",))
        .filter(patient=door.patient, code=code, ended_at=None)
        .first()
    )
    if limit is None:
        return None
    now = clock.now()
    limit.ended_at = now
    limit.save(update_fields=["ended_at"])
    # Measured against limits that hold no longer: the next value is judged anew.
    Excursion.objects.filter(patient=door.patient, code=code, ended_at=None).update(ended_at=now)
    return limit


def _check_plausible(limit: Limit) -> None:
    measure = BY_CODE.get(limit.code)
    if measure is None or not measure.is_number:
        raise ValidationError("この測定には範囲を決められません。")
    problems = {}
    for name in ("low", "high"):
        value = getattr(limit, name)
        if value is not None and not (measure.low or 0) <= value <= (measure.high or 0):
            problems[name] = (
                f"{measure.low}から{measure.high}{measure.unit}の間で入力してください。"
            )
    if problems:
        raise ValidationError(problems)
