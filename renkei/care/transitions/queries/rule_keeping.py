"""The working group's view: which rules, drafts, areas and agreements somebody keeps."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from renkei.care.transitions.models import (
    DraftChange,
    Rule,
    RuleAdoption,
    RuleVersion,
    VersionState,
)
from renkei.care.transitions.queries.contact_list import areas_of_list
from renkei.care.transitions.rules_keeping import may_keep_rules
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.agreements import agreements_in_force
from renkei.foundation.areas.models import Agreement, Area
from renkei.foundation.common import clock


def areas_kept_by(viewer: Viewer) -> list[Area]:
    """The municipality one works for, and the areas it is part of; not the prefecture."""
    return areas_of_list(viewer) if may_keep_rules(viewer) else []


def agreements_kept_by(viewer: Viewer) -> QuerySet[Agreement]:
    """The agreements one's municipality takes part in today."""
    area = own_area_of(viewer) if may_keep_rules(viewer) else None
    return agreements_in_force(area, clock.today())


def rules_kept_by(viewer: Viewer) -> QuerySet[Rule]:
    """The rules one may write: those of one's areas, and those one's agreements go by."""
    agreed = RuleAdoption.objects.filter(
        agreement__in=agreements_kept_by(viewer), period__contains=clock.today()
    )
    areas = [area.pk for area in areas_kept_by(viewer)]
    return (
        Rule.objects.filter(
            Q(owner_area__in=areas) | Q(pk__in=agreed.values("rule"), owner_area__isnull=False)
        )
        .exclude(is_example=True)
        .select_related("owner_area")
        .prefetch_related(Prefetch("versions", queryset=_versions()))
        .order_by("name", "pk")
    )


def rule_kept_by(viewer: Viewer, uid: UUID) -> Rule:
    """One of them.

    Raises:
        Rule.DoesNotExist: unknown, or not theirs.
    """
    return rules_kept_by(viewer).get(uid=uid)


def draft_for(viewer: Viewer, uid: UUID) -> RuleVersion:
    """A draft one may write.

    Raises:
        RuleVersion.DoesNotExist: unknown, published, or not theirs.
    """
    return _versions().get(uid=uid, state=VersionState.DRAFT, rule__in=_kept_ids(viewer))


def version_kept_by(viewer: Viewer, uid: UUID) -> RuleVersion:
    """A published edition one keeps.

    Raises:
        RuleVersion.DoesNotExist: unknown, a draft, or not theirs.
    """
    return _versions().get(uid=uid, state=VersionState.PUBLISHED, rule__in=_kept_ids(viewer))


def _kept_ids(viewer: Viewer) -> list[int]:
    return [rule.pk for rule in rules_kept_by(viewer)]


def _versions() -> QuerySet[RuleVersion]:
    return RuleVersion.objects.select_related(
        "rule__owner_area", "based_on__rule", "published_by__organisation"
    ).order_by("-number")


def versions_of(rule: Rule) -> QuerySet[RuleVersion]:
    """The editions that were published, those withdrawn too; the newest first."""
    return _versions().filter(rule=rule).exclude(state=VersionState.DRAFT)


def version_before(version: RuleVersion) -> RuleVersion | None:
    """The edition that held before this one: the newest with a lower number, not withdrawn."""
    return (
        _versions()
        .filter(rule=version.rule_id, state=VersionState.PUBLISHED, number__lt=version.number)
        .first()
    )


def sources_for(viewer: Viewer) -> QuerySet[RuleVersion]:
    """What a new rule can begin as: the newest editions of examples and of published rules."""
    newest = RuleVersion.objects.filter(state=VersionState.PUBLISHED).order_by("rule", "-number")
    ids = newest.distinct("rule").values("pk")
    return (
        RuleVersion.objects.filter(pk__in=ids)
        .select_related("rule")
        .order_by("rule__is_example", "rule__name")
        if may_keep_rules(viewer)
        else RuleVersion.objects.none()
    )


def last_change_of(version: RuleVersion) -> DraftChange | None:
    """The last thing written in a draft that was not taken back."""
    return changes_of_draft(version).filter(undone_at=None).first()


def changes_of_draft(version: RuleVersion) -> QuerySet[DraftChange]:
    """What the working group did, the newest first."""
    return (
        DraftChange.objects.filter(version=version)
        .select_related("changed_by__user", "changed_by__organisation")
        .order_by("-changed_at", "-pk")
    )


def adoptions_seen_by(viewer: Viewer) -> QuerySet[RuleAdoption]:
    """Who goes by which rule, in the areas and agreements one keeps; the newest first."""
    return (
        RuleAdoption.objects.filter(
            Q(area__in=[area.pk for area in areas_kept_by(viewer)])
            | Q(agreement__in=agreements_kept_by(viewer))
        )
        .select_related("rule", "area", "agreement")
        .order_by("-period", "pk")
    )


def adoption_kept_by(viewer: Viewer, uid: UUID) -> RuleAdoption:
    """One of them.

    Raises:
        RuleAdoption.DoesNotExist: unknown, or not theirs.
    """
    return adoptions_seen_by(viewer).get(uid=uid)


def rules_to_adopt(viewer: Viewer) -> QuerySet[Rule]:
    """Rules with a published edition; an example may be tried, too."""
    published = RuleVersion.objects.filter(state=VersionState.PUBLISHED)
    found = Rule.objects.filter(pk__in=published.values("rule"))
    return found.order_by("is_example", "name", "pk") if may_keep_rules(viewer) else found.none()
