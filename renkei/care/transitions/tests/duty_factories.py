"""Rosters of invented offices for the tests of duty."""

from __future__ import annotations

from datetime import date, datetime

from renkei.care.transitions.queries.arrangements import arrangements
from renkei.care.transitions.queries.duties import Watched, persons_watched_by
from renkei.care.transitions.services.rosters import NewShift, save_roster, set_week
from renkei.foundation.accounts.tests.factories import takahashi, viewer_for
from renkei.foundation.accounts.viewers import Viewer

NIGHT = (17 * 60, 33 * 60)


def make_roster(user=None, name="夜間の電話当番", phone="0999-00-1201", **fields):
    viewer = viewer_for(user or takahashi())
    return save_roster(
        viewer=viewer, roster=None, name=name, phone=phone, is_regional=False, **fields
    )


def nights(roster, user=None, who="架空 みのり", since=date(2026, 1, 1)):
    for kind in range(7):
        set_week(
            viewer=viewer_for(user or takahashi()),
            roster=roster,
            day_kind=kind,
            shifts=[NewShift(*NIGHT, who)],
            since=since,
        )
    return roster


def watch(viewer: Viewer, *, since: datetime, until: datetime) -> list[Watched]:
    """All the viewer's persons with every stretch of a window."""
    persons = persons_watched_by(viewer)
    found = arrangements(persons, since=since, until=until)
    by_key = {patient.pk: patient for patient in persons}
    return [
        Watched(by_key[one.patient_id], found.spans(one), one.in_hospital) for one in found.persons
    ]
