"""Who pages are for: the audiences of the permission matrix."""

from __future__ import annotations

from renkei.foundation.accounts.models import Role

Audience = str | frozenset[Role]

ANYBODY, SIGN_IN, OWN = "anybody", "sign-in", "own"
STAFF = frozenset(set(Role) - {Role.RESIDENT, Role.PERSON_OR_FAMILY})
CITY = frozenset({Role.MUNICIPAL_STAFF})
CITY_OR_OPERATOR = frozenset({Role.MUNICIPAL_STAFF, Role.OPERATOR})
CITY_OR_DESK = frozenset({Role.MUNICIPAL_STAFF, Role.DESK})
PEOPLE = frozenset({Role.MUNICIPAL_STAFF, Role.OPERATOR, Role.ORGANISATION_ADMIN})
# Works in care teams; whose record, the visibility of persons decides.
TEAM = frozenset({Role.PROFESSIONAL, Role.SHARING_HOST, Role.ORGANISATION_ADMIN, Role.DESK})
# The team, and family in their own room.
TAKES_PART = TEAM_OR_FAMILY = TEAM | {Role.PERSON_OR_FAMILY}
# Who stands at the copier of an office.
PAPERS = TEAM | CITY
WATCHERS = frozenset({Role.PRIVACY_OFFICER, Role.OPERATOR})
OFFICER = frozenset({Role.PRIVACY_OFFICER})
RESCUERS = TEAM_OR_FAMILY | {Role.FIRE_DISPATCH, Role.MUNICIPAL_STAFF}
