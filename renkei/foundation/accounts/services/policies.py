"""Writing the region's policies, and signing them."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from renkei.foundation.accounts.models import (
    Membership,
    Organisation,
    Policy,
    PolicyAcceptance,
    PolicyVersion,
    User,
)
from renkei.foundation.areas.models import Area
from renkei.foundation.audit.actors import Actor
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.common.kana import fold

ALREADY_PUBLISHED = "公開した版は変えられません。新しい版を書いてください。"


@transaction.atomic
def write_policy(
    *, actor: Actor, organisation: Organisation, title: str, area: Area | None = None
) -> Policy:
    """Begin a policy; it asks nobody for anything until a version of it is published.

    Raises:
        ValidationError: a value is missing or too long.
    """
    policy = Policy(organisation=organisation, title=title, area=area)
    policy.full_clean()
    policy.save()
    record_event(actor=actor, action="policy.written", target=policy)
    return policy


@transaction.atomic
def write_policy_version(
    *, actor: Actor, policy: Policy, text: str, valid_from: date
) -> PolicyVersion:
    """Write the draft of the next version, or change the one that is there.

    Raises:
        ValidationError: a value is missing.
    """
    Policy.objects.select_for_update(of=("self",)).get(pk=policy.pk)
    versions = PolicyVersion.objects.filter(policy=policy)
    draft = versions.filter(published_at=None).first()
    if draft is None:
        last = versions.aggregate(last=Max("number"))["last"] or 0
        draft = PolicyVersion(policy=policy, number=last + 1)
    draft.text, draft.valid_from = text, valid_from
    draft.full_clean()
    draft.save()
    record_event(
        actor=actor, action="policy.version_written", target=draft, detail={"number": draft.number}
    )
    return draft


@transaction.atomic
def publish_policy_version(*, actor: Actor, version: PolicyVersion) -> PolicyVersion:
    """Fix the words; from their day on everybody concerned is asked to sign them.

    Raises:
        ValidationError: it is published already, or its day has passed.
    """
    version = PolicyVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    if version.published_at is not None:
        raise ValidationError(ALREADY_PUBLISHED)
    if version.valid_from < clock.today():
        raise ValidationError(
            {"valid_from": "効力の始まる日は今日以降の日付にしてから公開してください。"}
        )
    version.published_at = clock.now()
    version.save(update_fields=["published_at"])
    record_event(
        actor=actor,
        action="policy.published",
        target=version,
        detail={"number": version.number, "valid_from": version.valid_from.isoformat()},
    )
    return version


@transaction.atomic
def withdraw_policy(*, actor: Actor, policy: Policy) -> Policy:
    """Ask nobody any more; what was signed stays."""
    if policy.withdrawn_at is None:
        policy.withdrawn_at = clock.now()
        policy.save(update_fields=["withdrawn_at"])
        record_event(actor=actor, action="policy.withdrawn", target=policy)
    return policy


@transaction.atomic
def accept_policy(
    *,
    actor: Actor,
    user: User,
    membership: Membership,
    version: PolicyVersion,
    signed_name: str,
) -> PolicyAcceptance:
    """Sign one version with one's own name; twice is once.

    Raises:
        ValidationError: the name typed is not the person's own.
    """
    if _as_written(signed_name) != _as_written(user.name):
        raise ValidationError({"signed_name": "登録されている氏名と同じ氏名を入力してください。"})
    acceptance, is_new = PolicyAcceptance.objects.get_or_create(
        version=version,
        user=user,
        defaults={
            "membership": membership,
            "signed_name": signed_name,
            "accepted_at": clock.now(),
        },
    )
    if is_new:
        record_event(actor=actor, action="policy.accepted", target=acceptance)
    return acceptance


def _as_written(name: str) -> str:
    """Width and spaces do not matter: 「佐藤　一郎」 and 「佐藤一郎」 are one name."""
    return "".join(fold(name).split())
