"""Who may, role by role; the escalations that must not work stand here by name."""

import pytest

from renkei.foundation.accounts import rules
from renkei.foundation.accounts.models import Membership, Organisation, OrganisationKind, Role, User
from renkei.foundation.accounts.queries import names_of, organisations_managed_by
from renkei.foundation.accounts.tests import factories
from renkei.foundation.accounts.viewers import ANYBODY, Viewer
from renkei.foundation.audit.actors import ActorKind

OWN = Organisation(pk=1, name="架空訪問看護ステーション", kind=OrganisationKind.FACILITY)
OTHER = Organisation(pk=2, name="よその架空診療所", kind=OrganisationKind.FACILITY)
CITY = Organisation(pk=3, name="架空市役所", kind=OrganisationKind.MUNICIPAL_SECTION)
NEXT_CITY = Organisation(pk=4, name="となり市役所", kind=OrganisationKind.MUNICIPAL_SECTION)


def viewer(role, organisation=OWN):
    return Viewer(user_id=1, organisation_id=organisation.pk, role=role)


@pytest.mark.parametrize(
    ("role", "organisation", "granted"),
    [
        (Role.ORGANISATION_ADMIN, OWN, {"professional", "sharing_host", "organisation_admin"}),
        (Role.ORGANISATION_ADMIN, OTHER, set()),
        (Role.PROFESSIONAL, OWN, set()),
        (Role.PRIVACY_OFFICER, CITY, set()),
        (Role.PREFECTURE, OWN, set()),
        (Role.MUNICIPAL_STAFF, OTHER, {"professional", "sharing_host", "organisation_admin"}),
        (Role.MUNICIPAL_STAFF, NEXT_CITY, set()),
    ],
)
def test_roles_grantable_stay_within_ones_power(role, organisation, granted):
    assert set(rules.roles_grantable_by(viewer(role), organisation)) == granted


def test_city_grants_its_own_roles_but_not_those_who_watch_it():
    city = viewer(Role.MUNICIPAL_STAFF, CITY)
    operator = viewer(Role.OPERATOR, CITY)

    own = set(rules.roles_grantable_by(city, CITY))

    assert Role.MUNICIPAL_STAFF in own
    assert own.isdisjoint({Role.PRIVACY_OFFICER, Role.OPERATOR})
    assert {Role.PRIVACY_OFFICER, Role.OPERATOR} <= set(rules.roles_grantable_by(operator, CITY))


def test_administrator_inside_the_city_cannot_make_city_staff():
    admin = viewer(Role.ORGANISATION_ADMIN, CITY)

    assert Role.MUNICIPAL_STAFF not in rules.roles_grantable_by(admin, CITY)
    staff = Membership(user=User(pk=9), organisation=CITY, role=Role.MUNICIPAL_STAFF)
    assert not rules.may_change_membership(admin, staff)
    assert not rules.may_renew_sign_in(admin, [staff])


def test_renewal_of_who_has_no_membership_is_refused():
    assert not rules.may_renew_sign_in(viewer(Role.OPERATOR), [])


def test_resident_is_never_granted():
    everything = {
        role
        for kind in OrganisationKind
        for role in rules.roles_grantable_by(viewer(Role.OPERATOR), Organisation(pk=9, kind=kind))
    }

    assert everything == set(Role) - {Role.RESIDENT, Role.PERSON_OR_FAMILY}


@pytest.mark.django_db
def test_organisations_are_seen_by_who_looks_after_them():
    office = factories.make_organisation("架空訪問看護ステーション")
    city = factories.make_organisation("架空市役所", OrganisationKind.MUNICIPAL_SECTION)

    def seen(role, organisation):
        return set(organisations_managed_by(viewer(role, organisation)))

    assert seen(Role.OPERATOR, city) == {office, city}
    assert seen(Role.MUNICIPAL_STAFF, city) == {office, city}
    assert seen(Role.MUNICIPAL_STAFF, office) == {office}
    assert seen(Role.ORGANISATION_ADMIN, office) == {office}
    assert seen(Role.PROFESSIONAL, office) == set()
    assert set(organisations_managed_by(ANYBODY)) == set()


def test_nobody_in_particular_acts_as_the_public():
    assert ANYBODY.actor.kind == ActorKind.PUBLIC


@pytest.mark.django_db
def test_names_are_fetched_at_once(django_assert_num_queries):
    user = factories.suzuki()

    with django_assert_num_queries(1):
        assert names_of([user.pk]) == {user.pk: "鈴木 二葉"}
    with django_assert_num_queries(0):
        assert names_of([]) == {}
