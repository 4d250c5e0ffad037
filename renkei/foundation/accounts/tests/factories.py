"""The fixed cast that tries every page, and whole sessions for it.

佐藤 (city office), 鈴木 (care manager), 高橋 (nurse), 田中 (another facility), and nobody.
All people and places are invented.
"""

from __future__ import annotations

import itertools
import time
from datetime import date
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.flows.login import _AUTHENTICATION_METHODS_USER_SESSION_KEY
from django.conf import settings
from django.test import Client
from psycopg.types.range import Range

from renkei.foundation.accounts.models import (
    Membership,
    Organisation,
    OrganisationKind,
    Role,
    User,
)
from renkei.foundation.accounts.viewers import Viewer

PASSWORD = "kakuu-no-aikotoba-2026"
Period = Range[date]
ALWAYS: Period = Range(date(2020, 4, 1), None)
_numbers = itertools.count(1)


def make_user(*, email: str | None = None, name: str | None = None, **fields: Any) -> User:
    number = next(_numbers)
    return User.objects.create_user(
        email or f"person{number}@example.test",
        fields.pop("password", PASSWORD),
        name=name or f"架空 花子{number}",
        **fields,
    )


def make_organisation(
    name: str | None = None, kind: OrganisationKind = OrganisationKind.FACILITY
) -> Organisation:
    name = name or f"架空訪問看護ステーション{next(_numbers)}"
    return Organisation.objects.get_or_create(name=name, defaults={"kind": kind})[0]


def make_membership(
    *,
    user: User | None = None,
    organisation: Organisation | None = None,
    role: Role = Role.PROFESSIONAL,
    period: Period = ALWAYS,
    profession: str = "",
) -> Membership:
    return Membership.objects.create(
        user=user or make_user(),
        organisation=organisation or make_organisation(),
        role=role,
        profession=profession,
        period=period,
    )


def person(name: str, email: str, office: Organisation, role: Role, profession: str = "") -> User:
    user = User.objects.filter(email=email).first()
    if user is None:
        user = make_user(email=email, name=name)
        make_membership(user=user, organisation=office, role=role, profession=profession)
    return user


def sato() -> User:
    """City office: 市町村担当."""
    office = make_organisation("架空市役所 高齢福祉課", OrganisationKind.MUNICIPAL_SECTION)
    return person("佐藤 一郎", "sato@city.example.test", office, Role.MUNICIPAL_STAFF)


def suzuki() -> User:
    """Care manager."""
    office = make_organisation("架空居宅介護支援事業所")
    return person(
        "鈴木 二葉", "suzuki@care.example.test", office, Role.PROFESSIONAL, "介護支援専門員"
    )


def takahashi() -> User:
    """Visiting nurse."""
    office = make_organisation("架空訪問看護ステーション")
    return person("高橋 三奈", "takahashi@nurse.example.test", office, Role.PROFESSIONAL, "看護師")


def tanaka() -> User:
    """Somebody of another facility."""
    office = make_organisation("よその架空診療所")
    return person("田中 四郎", "tanaka@other.example.test", office, Role.PROFESSIONAL, "医師")


def member(role: Role) -> User:
    """Somebody in the given role, for the permission matrix."""
    kind = (
        OrganisationKind.MUNICIPAL_SECTION
        if role in {Role.MUNICIPAL_STAFF, Role.PRIVACY_OFFICER, Role.OPERATOR}
        else OrganisationKind.OTHER
    )
    return person(
        f"架空 {role.label}",
        f"{role.value}@example.test".replace("_", "-"),
        make_organisation(f"架空組織 {role.label}", kind),
        role,
    )


def sign_in(client: Client, user: User, *, second_factor: bool = True) -> Client:
    """A session as it is after sign-in; without ``second_factor`` only the password was given."""
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    records: list[dict[str, Any]] = [{"method": "password", "at": time.time(), "email": user.email}]
    if second_factor:
        records.append({"method": "mfa", "at": time.time(), "type": "totp"})
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = records
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
    session.save()
    return client


def viewer_for(user: User) -> Viewer:
    """The viewer this user is after a full sign-in, for tests of queries and rules."""
    membership = user.memberships.select_related("organisation").order_by("pk").first()
    if membership is None:
        return Viewer(user_id=user.pk, name=user.name)
    return Viewer(
        user_id=user.pk,
        membership_id=membership.pk,
        organisation_id=membership.organisation_id,
        role=Role(membership.role),
        name=user.name,
        organisation_name=membership.organisation.name,
        membership_count=1,
    )
