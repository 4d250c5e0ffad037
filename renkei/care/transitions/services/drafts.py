"""Writing a rule: drafts, publishing, withdrawing. The caller has checked whose rule it is."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from psycopg.types.range import Range

from renkei.care.transitions.acting import membership_of
from renkei.care.transitions.models import DraftChange, Rule, RuleVersion, VersionState
from renkei.care.transitions.rule_checks import problems_of
from renkei.care.transitions.rule_content import parse
from renkei.care.transitions.rule_editing import (
    fingerprint,
    part_of,
    started_from,
    with_part,
)
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.common.text import require_storable

WRITTEN_MEANWHILE: Final = (
    "開いている間に、ほかの人がここを直しました。いまの内容を確かめて、もう一度入力してください。"
)


@transaction.atomic
def start_rule(*, viewer: Viewer, source: RuleVersion, name: str, area: Area) -> RuleVersion:
    """A new rule of an area, its first draft with the words of another one.

    Raises:
        ValidationError: the name is too long or cannot be stored.
    """
    rule = Rule(
        code=f"rule-{uuid.uuid4().hex[:12]}",
        name=require_storable(name.strip()),
        owner_area=area,
    )
    rule.full_clean()
    rule.save()
    content = started_from(parse(source.content), rule.name)
    return _start(viewer, rule, source, content.as_json())


@transaction.atomic
def start_revision(*, viewer: Viewer, rule: Rule, source: RuleVersion) -> RuleVersion:
    """A draft of the next edition.

    Raises:
        ValidationError: one is being written already.
    """
    Rule.objects.select_for_update().get(pk=rule.pk)
    if RuleVersion.objects.filter(rule=rule, state=VersionState.DRAFT).exists():
        raise ValidationError("書きかけの版がもうあります。それを直すか、捨ててください。")
    return _start(viewer, rule, source, source.content)


def _start(viewer: Viewer, rule: Rule, source: RuleVersion, content: Any) -> RuleVersion:
    highest = RuleVersion.objects.filter(rule=rule).aggregate(Max("number"))["number__max"] or 0
    draft = RuleVersion.objects.create(
        rule=rule, number=highest + 1, content=content, based_on=source
    )
    record_event(
        actor=viewer.actor,
        action="transition_rule.drafted",
        target=draft,
        detail={"rule": rule.code, "number": draft.number},
    )
    return draft


@transaction.atomic
def write_part(*, viewer: Viewer, draft: RuleVersion, part: str, value: Any, seen: str) -> None:
    """Write one part of a draft anew; what it was is kept for taking the step back.

    ``seen``: the fingerprint the form was opened with.

    Raises:
        ValidationError: the part cannot be so, or somebody wrote it meanwhile.
    """
    locked = _locked(draft)
    content = parse(locked.content)
    if seen != fingerprint(content, part):
        raise ValidationError(WRITTEN_MEANWHILE)
    changed = with_part(content, part, value)
    before, after = part_of(content, part), part_of(changed, part)
    if before == after:
        return
    locked.content = changed.as_json()
    locked.save(update_fields=["content"])
    DraftChange.objects.create(
        version=locked,
        part=part,
        before=before,
        after=after,
        changed_at=clock.now(),
        changed_by_id=membership_of(viewer),
    )
    record_event(
        actor=viewer.actor,
        action="transition_rule.draft_written",
        target=locked,
        detail={"part": part},
    )


@transaction.atomic
def undo_last(*, viewer: Viewer, draft: RuleVersion) -> str:
    """Take the last step of a draft back. Returns the part; "" where there is none."""
    locked = _locked(draft)
    change = (
        DraftChange.objects.filter(version=locked, undone_at=None)
        .order_by("-changed_at", "-pk")
        .first()
    )
    if change is None:
        return ""
    locked.content = with_part(parse(locked.content), change.part, change.before).as_json()
    locked.save(update_fields=["content"])
    change.undone_at = clock.now()
    change.save(update_fields=["undone_at"])
    record_event(
        actor=viewer.actor,
        action="transition_rule.draft_undone",
        target=locked,
        detail={"part": change.part},
    )
    return change.part


@transaction.atomic
def discard_draft(*, viewer: Viewer, draft: RuleVersion) -> None:
    """Throw a draft away; a rule that never had an edition goes with it."""
    locked = _locked(draft)
    rule, target = locked.rule, ("transitions.RuleVersion", str(locked.uid))
    locked.delete()
    if not rule.versions.exists():
        rule.delete()
    record_event(actor=viewer.actor, action="transition_rule.draft_discarded", target=target)


@transaction.atomic
def publish_draft(
    *, viewer: Viewer, draft: RuleVersion, first_day: date, reason: str, decision: str = ""
) -> RuleVersion:
    """Let a draft hold from a day on; the edition before it holds until the day before.

    Stays that are under way keep the edition they began with.

    Raises:
        ValidationError: something is still to be put right, the day is past, or a later edition
            is published already.
    """
    locked = _locked(draft)
    problems = problems_of(parse(locked.content))
    if problems:
        raise ValidationError([problem.sentence for problem in problems])
    if first_day < clock.today():
        raise ValidationError({"first_day": "適用の始まりは、きょう以降の日付にしてください。"})
    last = (
        RuleVersion.objects.filter(rule=locked.rule, state=VersionState.PUBLISHED)
        .order_by("-number")
        .first()
    )
    if last is not None:
        _end_before(last, first_day)
    locked.state = VersionState.PUBLISHED
    locked.period = Range(first_day, None)
    locked.reason, locked.decision = require_storable(reason), require_storable(decision)
    locked.published_at, locked.published_by_id = clock.now(), membership_of(viewer)
    locked.full_clean()
    locked.save()
    record_event(
        actor=viewer.actor,
        action="transition_rule.published",
        target=locked,
        detail={"number": locked.number, "from": first_day.isoformat()},
    )
    return locked


def _end_before(last: RuleVersion, first_day: date) -> None:
    assert last.period is not None  # noqa: S101 - published
    if last.period.lower >= first_day:
        raise ValidationError(
            {"first_day": f"第{last.number}版の適用の始まりより後の日付にしてください。"}
        )
    last.period = Range(last.period.lower, first_day)
    last.save(update_fields=["period"])


@transaction.atomic
def withdraw_version(*, viewer: Viewer, version: RuleVersion, reason: str) -> RuleVersion:
    """Take an edition back. One that had not begun leaves the one before in force.

    One that holds already ends with today's start: nothing takes its place until the next edition.

    Raises:
        ValidationError: it is not the newest one.
    """
    rule = Rule.objects.select_for_update().get(pk=version.rule_id)
    locked = RuleVersion.objects.select_for_update().get(pk=version.pk)
    published = RuleVersion.objects.filter(rule=rule, state=VersionState.PUBLISHED)
    if (
        locked.state != VersionState.PUBLISHED
        or published.filter(number__gt=locked.number).exists()
    ):
        raise ValidationError("取り下げられるのは、いちばん新しい公開中の版だけです。")
    assert locked.period is not None  # noqa: S101 - published
    first = locked.period.lower
    locked.state = VersionState.WITHDRAWN
    locked.period = Range(first, max(clock.today(), first + timedelta(days=1)))
    locked.withdrawn_at, locked.withdrawn_by_id = clock.now(), membership_of(viewer)
    locked.withdrawn_reason = require_storable(reason)
    locked.save()
    before = published.order_by("-number").first()
    if first > clock.today() and before is not None and before.period.upper == first:
        before.period = Range(before.period.lower, None)
        before.save(update_fields=["period"])
    record_event(
        actor=viewer.actor,
        action="transition_rule.withdrawn",
        target=locked,
        detail={"number": locked.number},
    )
    return locked


def _locked(draft: RuleVersion) -> RuleVersion:
    # Two of the working group may press at once.
    return (
        RuleVersion.objects.select_for_update(of=("self",))
        .select_related("rule")
        .get(pk=draft.pk, state=VersionState.DRAFT)
    )
