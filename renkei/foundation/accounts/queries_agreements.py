"""Reading agreements (協定): those of the viewer's own municipality, and whom they concern."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Prefetch, Q, QuerySet

from renkei.foundation.accounts.models import Membership, Organisation, OrganisationKind, Role
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Agreement, AgreementMember, Area
from renkei.foundation.common import clock

# Whose staff answers for a municipality.
ANSWERING_KINDS = (OrganisationKind.MUNICIPAL_SECTION, OrganisationKind.WIDE_AREA_UNION)


def own_area_of(viewer: Viewer) -> Area | None:
    """The municipality the viewer works for; None where the office names none."""
    return Area.objects.filter(organisations=viewer.organisation_id or 0).first()


def agreements_visible_to(area: Area | None) -> QuerySet[Agreement]:
    """Agreements an area belongs to or was asked to join, with their members; the newest first."""
    members = AgreementMember.objects.select_related("area", "answered_by").order_by(
        "area__code", "area__name", "pk"
    )
    mine = AgreementMember.objects.filter(area=area) if area else AgreementMember.objects.none()
    return (
        Agreement.objects.filter(pk__in=mine.values("agreement"))
        .select_related("proposer")
        .prefetch_related(Prefetch("members", queryset=members))
        .order_by("-pk")
    )


def areas_to_agree_with(area: Area) -> QuerySet[Area]:
    """The other areas whose own office works here, and so can answer."""
    offices = Organisation.objects.filter(kind__in=ANSWERING_KINDS, area__isnull=False)
    return (
        Area.objects.filter(pk__in=offices.values("area"), period__contains=clock.today())
        .exclude(pk=area.pk)
        .order_by("code", "name", "pk")
    )


def areas_to_invite(agreement: Agreement, area: Area) -> QuerySet[Area]:
    """Those of them that neither take part nor were asked; who said no may be asked again."""
    today = clock.today()
    bound = agreement.members.filter(
        Q(period__endswith=None) | Q(period__endswith__gt=today)
    ).exclude(refused_at__isnull=False, period__startswith__lt=today)
    return areas_to_agree_with(area).exclude(pk__in=bound.values("area"))


def staff_of(area_ids: Collection[int]) -> list[int]:
    """The accounts of the staff who keep the agreements of these areas today."""
    return list(
        Membership.objects.filter(
            organisation__area__in=area_ids,
            role=Role.MUNICIPAL_STAFF,
            period__contains=clock.today(),
            revoked_at=None,
            user__is_active=True,
        ).values_list("user_id", flat=True)
    )
