"""Duty at night in 架空広域: a station with holes in its holidays, a clinic by day, their persons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from django.db import transaction

from renkei.care.patients.models import Patient
from renkei.care.transitions.duty_rosters import DayKind
from renkei.care.transitions.duty_times import parse_times
from renkei.care.transitions.models import FirstContact, Roster
from renkei.care.transitions.queries.rosters import rosters_offered_for
from renkei.care.transitions.services.first_contacts import set_first_contacts
from renkei.care.transitions.services.rosters import NewShift, save_roster, set_day, set_week
from renkei.demo.care import viewer_named
from renkei.foundation.common import clock

Say = Callable[[str], None]
KNOWN: Final = timedelta(days=60)
NURSE: Final = "早川 みのり"
NIGHTS: Final = (
    "早川 みのり",
    "帆足 涼",
    "早川 みのり",
    "帆足 涼",
    "早川 みのり",
    "帆足 涼",
    "帆足 涼",
)


@transaction.atomic
def keep_rosters(patients: Sequence[Patient], say: Say) -> None:
    """Let the station take the nights and the clinic the days; one evening next week is empty."""
    station, clinic = _station(), _clinic()
    viewer = viewer_named("hayakawa")
    for patient in patients[:-1]:
        offered = set(rosters_offered_for(patient))
        chosen = [roster for roster in (station, clinic) if roster in offered]
        set_first_contacts(viewer=viewer, patient=patient, rosters=chosen)
    # Decided long ago: past months are not one hole.
    FirstContact.objects.filter(patient__in=patients).update(set_at=clock.now() - KNOWN)
    say("当番表2つと、電話する順を用意しました")


def _station() -> Roster:
    viewer = viewer_named("hayakawa")
    roster = save_roster(
        viewer=viewer,
        roster=None,
        name="24時間の電話当番",
        phone="0999-00-1201",
        is_regional=False,
    )
    since = clock.today() - timedelta(days=60)
    for kind, person in enumerate(NIGHTS):
        shifts = [
            NewShift(*parse_times("8:30～17:30"), "事務所"),
            NewShift(*parse_times("17:30～翌8:30"), person),
        ]
        set_week(viewer=viewer, roster=roster, day_kind=kind, shifts=shifts, since=since)
    year_end = [NewShift(*parse_times("8:30～32:30"), NURSE, "0999-00-1209")]
    set_week(viewer=viewer, roster=roster, day_kind=DayKind.YEAR_END, shifts=year_end, since=since)
    # Nobody was found for one night: the board says so a week before.
    day = clock.today() + timedelta(days=6)
    shift = NewShift(*parse_times("8:30～17:30"), "事務所")
    set_day(viewer=viewer, roster=roster, day=day, shifts=[shift])
    return roster


def keep_regional_nights(patients: Sequence[Patient], say: Say) -> None:
    """The centre's own night telephone, for those of past years whom no station took on."""
    viewer = viewer_named("minato")
    with transaction.atomic():
        roster = save_roster(
            viewer=viewer,
            roster=None,
            name="夜間・休日の電話",
            phone="0999-00-1900",
            is_regional=True,
        )
        since = clock.today() - timedelta(days=900)
        for kind in range(DayKind.HOLIDAY):
            shift = NewShift(*parse_times("8:30～32:30"), "当番の相談員")
            set_week(viewer=viewer, roster=roster, day_kind=kind, shifts=[shift], since=since)
        for weeks in range(1, 8):
            # One evening in most weeks of autumn nobody was found.
            day = clock.today() - timedelta(days=9 * weeks)
            shift = NewShift(*parse_times("8:30～22:00"), "当番の相談員")
            set_day(viewer=viewer, roster=roster, day=day, shifts=[shift])
        FirstContact.objects.bulk_create(
            FirstContact(
                patient=patient,
                position=1,
                roster=roster,
                set_at=patient.registered_at,
                set_by_id=viewer.membership_id or 0,
            )
            for patient in patients
        )
    say("地域の夜間・休日の電話を用意しました")


def _clinic() -> Roster:
    viewer = viewer_named("shirai")
    roster = save_roster(
        viewer=viewer, roster=None, name="往診の当番", phone="0999-00-2045", is_regional=False
    )
    for kind in range(DayKind.SATURDAY):
        shifts = [NewShift(*parse_times("9:00～18:00"), "白井 透")]
        set_week(
            viewer=viewer,
            roster=roster,
            day_kind=kind,
            shifts=shifts,
            since=clock.today() - timedelta(days=60),
        )
    return roster
