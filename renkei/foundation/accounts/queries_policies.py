"""Reading policies: what somebody has still to sign, and who has not signed yet."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from renkei.foundation.accounts.models import (
    Membership,
    Organisation,
    Policy,
    PolicyAcceptance,
    PolicyVersion,
    Role,
)
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area
from renkei.foundation.areas.queries import ancestors_on, descendants_on
from renkei.foundation.common import clock
from renkei.foundation.common.kept_queries import kept_with_plan

# Families meet one person's family room and sign the consent; residents sign nothing.
NOT_ASKED = (Role.RESIDENT, Role.PERSON_OR_FAMILY)


def versions_in_force(day: date) -> QuerySet[PolicyVersion]:
    """The newest published version of each living policy on a day, by title."""
    published = PolicyVersion.objects.filter(published_at__isnull=False, valid_from__lte=day)
    newer = published.filter(policy=OuterRef("policy"), number__gt=OuterRef("number"))
    return (
        published.filter(~Exists(newer), policy__withdrawn_at=None)
        .select_related("policy__organisation", "policy__area")
        .order_by("policy__title", "pk")
    )


def policy_to_accept(viewer: Viewer) -> PolicyVersion | None:
    """The first version this viewer has still to sign; one query when there is nothing to sign."""
    if viewer.user_id is None or viewer.organisation_id is None or viewer.role in NOT_ASKED:
        return None
    unsigned = _unsigned_by(viewer.user_id)
    if not unsigned:
        return None
    regional = any(one.policy.area_id for one in unsigned)
    around = _areas_around(viewer.organisation_id) if regional else set()
    return next(
        (one for one in unsigned if one.policy.area_id is None or one.policy.area_id in around),
        None,
    )


@kept_with_plan
def _unsigned_by(user_id: int) -> QuerySet[PolicyVersion]:
    signed = PolicyAcceptance.objects.filter(version=OuterRef("pk"), user_id=user_id)
    return versions_in_force(clock.today()).filter(~Exists(signed))


def _areas_around(organisation_id: int) -> set[int]:
    area = Area.objects.filter(organisations=organisation_id).first()
    if area is None:
        return set()
    return {area.pk, *(one.area.pk for one in ancestors_on(area, clock.today()))}


def policies() -> QuerySet[Policy]:
    """All policies, the living ones first."""
    return (
        Policy.objects.select_related("organisation", "area")
        .annotate(version_count=Count("versions"))
        .order_by("withdrawn_at", "title", "pk")
    )


def versions_of(policy: Policy) -> QuerySet[PolicyVersion]:
    """Every version of one policy, newest first, with how many signed it."""
    return (
        PolicyVersion.objects.filter(policy=policy)
        .select_related("policy")
        .annotate(signed_count=Count("acceptances"))
        .order_by("-number")
    )


def draft_of(policy: Policy) -> PolicyVersion | None:
    """The version that is being written."""
    return PolicyVersion.objects.filter(policy=policy, published_at=None).first()


def draft_versions() -> QuerySet[PolicyVersion]:
    """All versions that are being written."""
    return PolicyVersion.objects.filter(published_at=None).select_related("policy")


def acceptances_of(viewer: Viewer) -> QuerySet[PolicyAcceptance]:
    """What this viewer signed, newest first."""
    return (
        PolicyAcceptance.objects.filter(user_id=viewer.user_id or 0)
        .select_related("version__policy__organisation", "user", "membership__organisation")
        .order_by("-accepted_at")
    )


def unsigned_memberships(
    version: PolicyVersion, organisations: QuerySet[Organisation] | Collection[Organisation]
) -> QuerySet[Membership]:
    """Present memberships in these organisations whose people have not signed this version."""
    signed = PolicyAcceptance.objects.filter(version=version, user=OuterRef("user"))
    concerned = Q()
    if version.policy.area is not None:
        within = descendants_on(version.policy.area, clock.today())
        concerned = Q(organisation__area__in=within.values("pk"))
    return (
        Membership.objects.filter(
            concerned,
            ~Exists(signed),
            organisation__in=organisations,
            period__contains=clock.today(),
            revoked_at=None,
            user__is_active=True,
        )
        .exclude(role__in=NOT_ASKED)
        .select_related("user", "organisation")
        .order_by("organisation__name", "user__kana", "user__name", "pk")
    )


def unsigned_people() -> dict[int, int]:
    """How many people of each organisation have a version in force still to sign."""
    people: dict[int, set[int]] = {}
    for version in versions_in_force(clock.today()):
        rows = unsigned_memberships(version, Organisation.objects.all())
        for organisation_id, user_id in rows.values_list("organisation_id", "user_id"):
            people.setdefault(organisation_id, set()).add(user_id)
    return {organisation_id: len(users) for organisation_id, users in people.items()}


def areas_with_organisations() -> QuerySet[Area]:
    """The areas organisations stand in: what a policy or an office may be bound to."""
    return Area.objects.filter(organisations__isnull=False).distinct().order_by("name", "pk")
