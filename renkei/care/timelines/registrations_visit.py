"""What measurements, sheets and files add to the pages of a person; called from AppConfig.ready."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from renkei.care.patients import tabs
from renkei.care.patients.rules import may_work_in_teams
from renkei.care.timelines import paper_tickets
from renkei.care.timelines.attachment_forms import attached, make_files
from renkei.care.timelines.composing import (
    ComposerPart,
    SideBox,
    TodayPart,
    register_box,
    register_part,
    register_today,
)
from renkei.care.timelines.hooks import after_posting
from renkei.care.timelines.models import RoomKind
from renkei.care.timelines.observation_charts import SPARK_DAYS, series_of
from renkei.care.timelines.observation_forms import make_measurements, measured
from renkei.care.timelines.observation_queries import limits_of, observations_through
from renkei.care.timelines.observation_services import watch_limits
from renkei.care.timelines.plan_queries import visits_to
from renkei.care.timelines.presenters_plan import rows_of
from renkei.care.timelines.presenters_visits import visit_rows
from renkei.care.timelines.queries.doors import Door
from renkei.care.timelines.sheet_queries import written_sheets
from renkei.care.timelines.visit_queries import planned_today, records_of_today
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common.clock import TOKYO

SHEETS_SHOWN = 4
VISITS_SHOWN = 3


def register_all() -> None:
    """Once, when the application starts."""
    register_part(
        ComposerPart(
            "measurements",
            "timelines/_composer_measurements.html",
            make_measurements,
            measured,
            alike=True,
        )
    )
    register_part(ComposerPart("files", "timelines/_composer_files.html", make_files, attached))
    register_box(SideBox("measurements", "timelines/_measurements.html", measurements_box))
    register_box(SideBox("visits", "timelines/_visits_coming.html", visits_box))
    register_box(SideBox("sheets", "timelines/_sheets.html", sheets_box))
    register_today(TodayPart("visits", "timelines/_visits_today.html", visits_today, aside=True))
    after_posting(watch_limits)
    paper_tickets.register()
    tabs.register(tabs.PersonTab("visits", "訪問", "timelines:visit_list", 205))
    tabs.register(tabs.PersonTab("measurements", "測定", "timelines:measurement_list", 210))
    tabs.register(tabs.PersonTab("sheets", "様式", "timelines:sheet_list", 200))


def measurements_box(door: Door) -> Mapping[str, Any] | None:
    """The last two weeks beside the staff room."""
    if door.room.kind != RoomKind.STAFF or door.patient is None:
        return None
    limits = limits_of(door.patient)
    newest = max(limits.values(), key=lambda limit: limit.set_at, default=None)
    note = ""
    if newest is not None:
        day = newest.set_at.astimezone(TOKYO)
        who = f"{newest.set_by_name}（{newest.set_by_profession}）"
        note = f"灰色の帯は、この人の範囲（最後に決めた人：{who}、{day.month}月{day.day}日）"
    return {
        "series": series_of(observations_through(door, days=SPARK_DAYS), limits),
        "caption": "この2週間の測定",
        "url": reverse("timelines:measurement_list", args=[door.patient.uid]),
        "note": note,
    }


def visits_box(door: Door) -> Mapping[str, Any] | None:
    """Who comes next, beside the staff room."""
    if door.room.kind != RoomKind.STAFF or door.patient is None:
        return None
    visits = visits_to(door.patient)[:VISITS_SHOWN]
    return {
        "visits": rows_of(door.viewer, visits, may_change=False),
        "url": reverse("timelines:visit_list", args=[door.patient.uid]),
    }


def sheets_box(door: Door) -> Mapping[str, Any] | None:
    """The written sheets beside the staff room, the newest first."""
    if door.room.kind != RoomKind.STAFF or door.patient is None:
        return None
    return {
        "sheets": written_sheets(door.viewer, door)[:SHEETS_SHOWN],
        "patient": door.patient,
        "url": reverse("timelines:sheet_list", args=[door.patient.uid]),
    }


def visits_today(viewer: Viewer) -> Mapping[str, Any] | None:
    """The member's visits of the day; nothing for those who are in no team."""
    if not may_work_in_teams(viewer):
        return None
    visits = planned_today(viewer)
    patients = {visit.patient_id: visit.patient for visit in visits}
    records = records_of_today(viewer, list(patients.values())) if visits else []
    return {
        "visits": visit_rows(visits, records),
        "person_count": len(patients),
        "patients": list(patients.values()),
    }
