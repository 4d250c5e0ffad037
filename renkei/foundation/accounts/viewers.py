"""Who looks at a page: the account with its active membership, or nobody in particular."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from renkei.foundation.accounts.models import Role, User
from renkei.foundation.audit.actors import Actor, ActorKind
from renkei.foundation.common.audience import Audience

GOVERNMENT_ROLES = frozenset({Role.MUNICIPAL_STAFF, Role.PRIVACY_OFFICER, Role.PREFECTURE})
PARTNER_ROLES = frozenset(
    {
        Role.PROFESSIONAL,
        Role.SHARING_HOST,
        Role.ORGANISATION_ADMIN,
        Role.DESK,
        Role.COUNCIL_MEMBER,
        Role.FIRE_DISPATCH,
    }
)


@dataclass(frozen=True)
class Viewer:
    """One viewer of one request. Everything a query may need to decide; nothing else."""

    user_id: int | None = None
    membership_id: int | None = None
    organisation_id: int | None = None
    role: Role = Role.RESIDENT
    name: str = ""
    organisation_name: str = ""
    # How many memberships the account holds today; with more than one the switch page is offered.
    membership_count: int = 0
    # The role needs a second factor and the session has none: until then it acts as 住民.
    second_factor_missing: bool = False
    has_authenticator: bool = False

    @property
    def audience(self) -> Audience:
        """Which values of the register this viewer may see."""
        if self.role in GOVERNMENT_ROLES:
            return Audience.GOVERNMENT
        if self.role in PARTNER_ROLES:
            return Audience.PARTNER
        return Audience.PUBLIC

    @property
    def actor(self) -> Actor:
        """The viewer in the audit trail."""
        if self.user_id is None:
            return Actor(ActorKind.PUBLIC)
        return Actor(ActorKind.USER, self.user_id, self.membership_id)

    @property
    def mark(self) -> str:
        """By which a page knows another page of the same person in the same membership."""
        whose = f"{self.user_id}:{self.membership_id}"
        return salted_hmac("renkei.viewer", whose, algorithm="sha256").hexdigest()[:16]


ANYBODY = Viewer()


class ViewerRequest(HttpRequest):
    """A request after ``ViewerMiddleware``."""

    user: User
    viewer: Viewer
    # How much waits on the page of the day, where it was counted already.
    waiting_today: int
