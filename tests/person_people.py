"""Those who are not of a person's team, of every kind the walls are there for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.test import Client
from psycopg.types.range import Range

from renkei.care.patients.models import AccessGrant, TeamMember
from renkei.care.patients.tests import factories as care
from renkei.care.transitions.tests import factories as stays
from renkei.foundation.accounts.models import OrganisationKind, Role, User
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.accounts.viewers import ANYBODY, Viewer
from renkei.foundation.common import clock
from tests.person_story import Story


@dataclass(frozen=True)
class Outsider:
    """Somebody, and their browser. ``closely``: numbers of queries are compared everywhere."""

    name: str
    viewer: Viewer
    client: Client
    closely: bool = False


def _somebody(name: str, user: User, number: int, *, closely: bool = False) -> Outsider:
    client = accounts.sign_in(Client(), user)
    # Each from elsewhere, so that none is turned away for what others tried.
    client.defaults["REMOTE_ADDR"] = f"192.0.2.{number}"
    # The first question of a session costs more than the others.
    client.get("/")
    return Outsider(name, accounts.viewer_for(user), client, closely)


def bystanders() -> list[Outsider]:
    """Those who never were on the team; they may be there before the person is."""
    office = care.membership_of(accounts.suzuki()).organisation
    elsewhere = accounts.make_organisation("よその市の架空の課", OrganisationKind.MUNICIPAL_SECTION)
    neighbour = accounts.person(
        "架空 よその家族", "other-family@example.test", office, Role.PERSON_OR_FAMILY
    )
    care.add_family(care.make_patient(), neighbour)
    care.joined(accounts.tanaka())
    people = {
        "another team": accounts.tanaka(),
        "family of another person": neighbour,
        # Where the person lies: being the hospital is not enough.
        "hospital outside the team": stays.ward_nurse(),
        "colleague outside the team": accounts.person(
            "架空 同僚", "colleague@example.test", office, Role.SHARING_HOST, "介護支援専門員"
        ),
        "administrator of the office": accounts.person(
            "架空 所長", "chief@example.test", office, Role.ORGANISATION_ADMIN
        ),
        "staff of another municipality": accounts.person(
            "架空 よその市職員", "other-city@example.test", elsewhere, Role.MUNICIPAL_STAFF
        ),
    }
    others = (
        Role.PRIVACY_OFFICER,
        Role.PREFECTURE,
        Role.COUNCIL_MEMBER,
        Role.FIRE_DISPATCH,
        Role.OPERATOR,
    )
    people |= {role.label: accounts.member(role) for role in others}
    close = {"another team", "family of another person"}
    nobody = Client()
    nobody.get("/")
    return [
        Outsider("nobody", ANYBODY, nobody, closely=True),
        *(
            _somebody(name, user, number, closely=name in close)
            for number, (name, user) in enumerate(people.items(), start=1)
        ),
    ]


def former_members(story: Story) -> list[Outsider]:
    """Those who were on the team until now."""
    gone = {
        "who left the team": _gone(story, "left", leaves_team=True),
        "whose membership ended": _gone(story, "ended", leaves_team=False),
    }
    return [
        _somebody(name, user, number) for number, (name, user) in enumerate(gone.items(), start=100)
    ]


def _gone(story: Story, name: str, *, leaves_team: bool) -> User:
    """Somebody who was on the person's team until now."""
    own = accounts.make_organisation(f"架空の{name}事業所")
    user = accounts.person(f"架空 {name}", f"{name}@example.test", own, Role.DESK, "看護師")
    member = care.add_member(story.patient, user)
    if leaves_team:
        now = clock.now()
        TeamMember.objects.filter(pk=member.pk).update(left_at=now)
        AccessGrant.objects.filter(pk=member.grant_id or 0).update(revoked_at=now)
    else:
        yesterday = clock.today() - timedelta(days=1)
        user.memberships.update(period=Range(yesterday - timedelta(days=99), yesterday))
    return user
