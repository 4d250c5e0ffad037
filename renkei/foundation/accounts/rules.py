"""Who may, as sentences. A rule that is not here means no."""

from __future__ import annotations

from renkei.foundation.accounts.models import Membership, Organisation, OrganisationKind, Role
from renkei.foundation.accounts.viewers import Viewer

# Which roles exist in which kind of organisation, beside those of ROLES_ANYWHERE.
ROLES_ANYWHERE = frozenset({Role.PROFESSIONAL, Role.ORGANISATION_ADMIN, Role.SHARING_HOST})
ROLES_BY_KIND: dict[str, frozenset[Role]] = {
    OrganisationKind.MUNICIPAL_SECTION: frozenset(
        {Role.MUNICIPAL_STAFF, Role.PRIVACY_OFFICER, Role.DESK, Role.OPERATOR}
    ),
    OrganisationKind.WIDE_AREA_UNION: frozenset(
        {Role.MUNICIPAL_STAFF, Role.PRIVACY_OFFICER, Role.DESK, Role.OPERATOR}
    ),
    OrganisationKind.PREFECTURE: frozenset({Role.PREFECTURE}),
    OrganisationKind.HEALTH_CENTRE: frozenset({Role.PREFECTURE}),
    OrganisationKind.MEDICAL_ASSOCIATION: frozenset({Role.COUNCIL_MEMBER, Role.DESK}),
    OrganisationKind.COORDINATION_CENTRE: frozenset({Role.DESK}),
    OrganisationKind.GENERAL_SUPPORT_CENTRE: frozenset({Role.DESK}),
    OrganisationKind.FIRE_DEPARTMENT: frozenset({Role.FIRE_DISPATCH}),
    OrganisationKind.COUNCIL: frozenset({Role.COUNCIL_MEMBER}),
    OrganisationKind.OTHER: frozenset({Role.COUNCIL_MEMBER, Role.OPERATOR}),
}
# An organisation's own administrator gives nobody more reach than the organisation itself has.
ROLES_AN_ADMINISTRATOR_GRANTS = ROLES_ANYWHERE | {Role.DESK, Role.FIRE_DISPATCH}
# Whoever watches the others is named by the operator alone.
ROLES_ONLY_THE_OPERATOR_GRANTS = frozenset({Role.OPERATOR, Role.PRIVACY_OFFICER})
GOVERNMENT_KINDS = frozenset(
    {
        OrganisationKind.MUNICIPAL_SECTION,
        OrganisationKind.PREFECTURE,
        OrganisationKind.HEALTH_CENTRE,
        OrganisationKind.WIDE_AREA_UNION,
    }
)


def may_edit_register(viewer: Viewer) -> bool:
    """Imports, corrections and publication of the resource register."""
    return viewer.role == Role.MUNICIPAL_STAFF


def may_read_staff_pages(viewer: Viewer) -> bool:
    """Any page that is not for residents."""
    return viewer.user_id is not None and viewer.role not in {Role.RESIDENT, Role.PERSON_OR_FAMILY}


def is_signed_in(viewer: Viewer) -> bool:
    """Pages of one's own account."""
    return viewer.user_id is not None


def may_read_audit(viewer: Viewer) -> bool:
    """Search the audit trail: log access is itself restricted (design §3.12)."""
    return viewer.role in {Role.PRIVACY_OFFICER, Role.OPERATOR}


def may_manage_organisations(viewer: Viewer) -> bool:
    """Register organisations and see their list."""
    return viewer.role in {Role.MUNICIPAL_STAFF, Role.OPERATOR}


def may_write_policies(viewer: Viewer) -> bool:
    """Write and publish the region's policies: the city, or the union's 事務局."""
    return viewer.role == Role.MUNICIPAL_STAFF


def may_manage_people(viewer: Viewer) -> bool:
    """See the people of at least one organisation."""
    return may_manage_organisations(viewer) or viewer.role == Role.ORGANISATION_ADMIN


def may_manage_members_of(viewer: Viewer, organisation: Organisation) -> bool:
    """Invite people to this organisation, change their roles, end their memberships.

    The city looks after everybody's organisations, but not after another authority's own people.
    """
    if viewer.role == Role.OPERATOR:
        return True
    if viewer.organisation_id == organisation.pk:
        return may_manage_people(viewer)
    return viewer.role == Role.MUNICIPAL_STAFF and organisation.kind not in GOVERNMENT_KINDS


def roles_grantable_by(viewer: Viewer, organisation: Organisation) -> list[Role]:
    """The roles this viewer may give in this organisation, in the order of the roles."""
    if not may_manage_members_of(viewer, organisation):
        return []
    possible = ROLES_ANYWHERE | ROLES_BY_KIND.get(organisation.kind, frozenset())
    if viewer.role == Role.ORGANISATION_ADMIN:
        possible &= ROLES_AN_ADMINISTRATOR_GRANTS
    elif viewer.role != Role.OPERATOR:
        possible -= ROLES_ONLY_THE_OPERATOR_GRANTS
    return [role for role in Role if role in possible]


def may_change_membership(viewer: Viewer, membership: Membership) -> bool:
    """Change or end this membership: only what one could have given; never one's own."""
    return membership.user_id != viewer.user_id and membership.role in roles_grantable_by(
        viewer, membership.organisation
    )


def may_renew_sign_in(viewer: Viewer, memberships: list[Membership]) -> bool:
    """Let somebody set up password and second factor anew, given all their present memberships.

    Whoever renews a sign-in could use it, so every membership it opens must be in their hands.
    """
    return bool(memberships) and all(may_change_membership(viewer, one) for one in memberships)
