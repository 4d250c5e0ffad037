"""A council with its roster: invented people and places for the tests of this room."""

from __future__ import annotations

from datetime import date, datetime, time
from importlib import import_module
from typing import Any

from django.apps import apps
from psycopg.types.range import Range

from renkei.foundation.accounts.models import Organisation, OrganisationKind, Role, User
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area, AreaLevel
from renkei.foundation.areas.tests.factories import make_area, make_edge, make_hierarchy
from renkei.foundation.common.clock import TOKYO
from renkei.programme.planning.models import (
    Attendance,
    Council,
    CouncilKind,
    CouncilMember,
    Meeting,
    MeetingMode,
    Seat,
)
from renkei.programme.planning.queries.councils import CouncilDoor, council_door
from renkei.programme.planning.queries.meetings import MeetingDoor, meeting_door
from renkei.programme.planning.services import councils, meetings, minutes

NAMES = (
    ("架空 一子", "医師", "架空市医師会", "chair"),
    ("架空 二郎", "歯科医師", "架空市歯科医師会", "deputy"),
    ("架空 三代", "介護支援専門員", "架空居宅介護支援事業所", "member"),
)
APRIL = date(2026, 4, 1)
MARCH = date(2028, 3, 31)


def ship_rates() -> None:
    """The rates that come with the tables; a test that empties every table takes them along."""
    shipped = import_module("renkei.programme.planning.migrations.0002_withholding_rates")
    shipped.add(apps, None)


def town(name: str = "架空市", code: str = "992011") -> Area:
    return Area.objects.get_or_create(
        key=code,
        defaults={
            "level": AreaLevel.MUNICIPALITY,
            "code": code,
            "name": name,
            "prefecture_code": "99",
            "period": Range(date(2000, 1, 1), None),
        },
    )[0]


def sato() -> User:
    """佐藤 of the city office, which has its area."""
    user = accounts.sato()
    office = user.memberships.get().organisation
    office.area = town()
    office.save()
    return user


def desk() -> User:
    """湊 of the centre that does the clerical work."""
    office = accounts.make_organisation("架空連携センター", OrganisationKind.COORDINATION_CENTRE)
    office.area = town()
    office.save()
    return accounts.person("湊 五月", "minato@centre.example.test", office, Role.DESK, "看護師")


def other_town() -> User:
    """岬 of another municipality."""
    office = accounts.make_organisation("汐見町役場", OrganisationKind.MUNICIPAL_SECTION)
    office.area = town("汐見町", "992020")
    office.save()
    return accounts.person("岬 六", "misaki@other.example.test", office, Role.MUNICIPAL_STAFF)


def viewer(user: User) -> Viewer:
    return accounts.viewer_for(user)


def council(*, by: User | None = None, **fields: Any) -> Council:
    user = by or sato()
    values: dict[str, Any] = {
        "name": "架空市在宅医療・介護連携推進協議会",
        "kind": CouncilKind.PLENARY,
        "fee_yen": 8000,
        "withholding_code": "fee",
        "phone": "0999-00-0100",
        "fax": "0999-00-0101",
    }
    return councils.make_council(viewer=viewer(user), fields=values | fields)


def door(one: Council, user: User | None = None) -> CouncilDoor:
    return council_door(viewer(user or sato()), one.uid)


def member(one: Council, number: int = 0, **fields: Any) -> CouncilMember:
    name, profession, office, position = NAMES[number]
    first, last = fields.pop("first_day", APRIL), fields.pop("last_day", MARCH)
    values = {
        "name": name,
        "profession": profession,
        "organisation_name": office,
        "position": position,
    }
    return councils.add_member(
        door=door(one), fields=values | fields, first_day=first, last_day=last
    )


def full_council(**fields: Any) -> Council:
    """With three members in office from April 2026 to March 2028."""
    made = council(**fields)
    for number in range(len(NAMES)):
        member(made, number)
    return made


def meeting(one: Council, day: date, **fields: Any) -> Meeting:
    values: dict[str, Any] = {
        "begins_at": datetime.combine(day, time(14), tzinfo=TOKYO),
        "minutes": 90,
        "mode": MeetingMode.ROOM,
        "place": "架空市役所 大会議室",
    }
    return meetings.plan_meeting(door=door(one), fields=values | fields)


def at(one: Meeting, user: User | None = None) -> MeetingDoor:
    return meeting_door(viewer(user or sato()), one.uid)


def item(one: Meeting, title: str, **fields: Any) -> Any:
    values = {"kind": "discussion", "title": title, "audience": "public"}
    return minutes.write_item(door=at(one), fields=values | fields)


def line(one: Meeting, text: str, **fields: Any) -> Any:
    values = {"text": text, "audience": "public", "in_summary": True}
    return minutes.write_line(door=at(one), fields=values | fields)


def call(one: Meeting, **fields: Any) -> int:
    return meetings.call_meeting(door=at(one), fields=fields)


def held(one: Meeting) -> Meeting:
    """Everybody came."""
    seats = Seat.objects.filter(meeting=one)
    came = {seat.pk: Attendance.CAME for seat in seats}
    return meetings.record_attendance(door=at(one), came=came, proxies={}, guest_count=2)


def office(name: str) -> Organisation:
    return accounts.make_organisation(name)


def prefecture() -> User:
    """岬 of the 保健所, over 架空市, 汐見町 and 浜町."""
    above = Area.objects.filter(key="99-pref").first()
    if above is None:
        above = make_area(level=AreaLevel.PREFECTURE, key="99-pref", code="990001", name="架空県")
        for name, code in (("架空市", "992011"), ("汐見町", "992020"), ("浜町", "993018")):
            make_edge(
                hierarchy=make_hierarchy("administrative", "行政"),
                child=town(name, code),
                parent=above,
            )
    office = accounts.make_organisation("架空県保健所", OrganisationKind.HEALTH_CENTRE)
    office.area = above
    office.save()
    return accounts.person("岬 七", "misaki@pref.example.test", office, Role.PREFECTURE, "保健師")
