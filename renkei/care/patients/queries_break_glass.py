"""緊急閲覧: who may use it, whom an exact name and birth date mean, and what is to be reviewed."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db.models import Q, QuerySet

from renkei.care.patients.models import BreakGlassUse, Patient
from renkei.care.patients.people_to_tell import patients_watched_by
from renkei.care.patients.rules_emergency import may_ask_to_break_the_glass
from renkei.foundation.accounts.models import Membership, Role
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock, kana


def may_break_glass(viewer: Viewer) -> bool:
    """A fire desk, or a doctor, nurse … of a registered body; the professions are a setting.

    Source: domain/information-sharing.md §7.4.
    """
    if not may_ask_to_break_the_glass(viewer) or viewer.membership_id is None:
        return False
    if viewer.role == Role.FIRE_DISPATCH:
        return True
    profession = (
        Membership.objects.filter(pk=viewer.membership_id)
        .values_list("profession", flat=True)
        .first()
    )
    return profession in settings.BREAK_GLASS_PROFESSIONS


def person_meant_by(name: str, birth_on: date) -> Patient | None:
    """The one present person with exactly this name (or reading) and birth date.

    Two such persons are as unknown as none: nobody may choose between records here.
    """
    key = kana.fold(name)
    if not key:
        return None
    found = list(
        Patient.objects.filter(
            Q(name_key=key) | Q(kana_key=key) | Q(former_names__name_key=key),
            birth_on=birth_on,
            merged_into=None,
            disposed_at=None,
        )
        .select_related("host", "municipality")
        .distinct()[:2]
    )
    return found[0] if len(found) == 1 else None


def uses_watched_by(viewer: Viewer) -> QuerySet[BreakGlassUse]:
    """The uses this officer reviews, newest first."""
    return (
        BreakGlassUse.objects.filter(grant__patient__in=patients_watched_by(viewer))
        .select_related(
            "grant__patient", "used_by__user", "used_by__organisation", "reviewed_by__user"
        )
        .order_by("-used_at", "-pk")
    )


def uses_in_month(viewer: Viewer, month: date) -> QuerySet[BreakGlassUse]:
    """The monthly list (domain/information-sharing.md §7.4)."""
    first = month.replace(day=1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return uses_watched_by(viewer).filter(
        used_at__gte=clock.midnight(first), used_at__lt=clock.midnight(following)
    )


def overdue_uses(day: date) -> QuerySet[BreakGlassUse]:
    """Uses whose review should have been done before this day."""
    return BreakGlassUse.objects.filter(reviewed_at=None, review_due_on__lt=day).select_related(
        "grant__patient__host", "grant__patient__municipality"
    )


def is_overdue(use: BreakGlassUse) -> bool:
    return use.reviewed_at is None and use.review_due_on < clock.today()
