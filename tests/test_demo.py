"""The invented region: always the same, nowhere real, and taken in by the real importers."""

from __future__ import annotations

import csv
import zipfile
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from renkei.care.patients.models import Patient
from renkei.care.timelines.models import Entry, PlannedVisit, RoomKind
from renkei.care.transitions.models import CoordinationCase
from renkei.demo import area_files, geography, register, register_files
from renkei.foundation.accounts.models import ApplicationState, JoiningApplication
from renkei.foundation.accounts.queries_policies import unsigned_people
from renkei.foundation.common import clock
from renkei.foundation.common.codes import check_corporate_number, check_municipality_code
from renkei.foundation.sheets.models import Answer, FormAdoption
from renkei.programme.planning.models import Meeting, MeetingState, Plan, ReportPack, Verdict
from renkei.programme.planning.queries.public import public_councils
from renkei.programme.planning.tests.factories import ship_rates
from renkei.registry.facilities.models import (
    CorrectionRequest,
    Facility,
    ImportRun,
    ImportState,
    Override,
)


def test_municipalities_share_borders_and_leave_no_gap():
    polygons = [one.polygon for one in geography.MUNICIPALITIES]
    whole = geography.polygon_of("ABCDEFGHI")

    assert all(polygon.is_valid for polygon in polygons)
    assert sum(polygon.area for polygon in polygons) == pytest.approx(whole.area)


def test_districts_make_up_their_town():
    town = geography.MUNICIPALITIES[0].polygon

    assert sum(
        geography.polygon_of(corners).area for corners in geography.DISTRICTS.values()
    ) == pytest.approx(town.area)


def test_the_region_lies_in_the_sea_and_its_codes_are_sound():
    for one in geography.MUNICIPALITIES:
        west, south, east, north = one.polygon.bounds
        assert (west, east) > (140.95, 141.0)
        assert 35.4 < south < north < 36.0
        assert check_municipality_code(one.code, allow_fictional=True).valid


def test_records_are_always_the_same_and_unlike_each_other():
    records = register.all_records()

    assert records == register.all_records()
    assert len({(one.service, one.key) for one in records}) == len(records)
    numbers = {one.corporate_number for one in records if one.corporate_number}
    assert all(check_corporate_number(number).valid for number in numbers)


def test_two_snapshots_differ_a_little():
    records = register.all_records()
    first = register_files.as_of(records, date(2025, 12, 31))
    second = register_files.as_of(records, date(2026, 6, 30))

    first_keys = {(one.service, one.key) for one in first}
    second_keys = {(one.service, one.key) for one in second}
    assert 0 < len(first_keys ^ second_keys) < len(records) / 10


def test_files_have_the_official_layouts(tmp_path):
    area_files.write_area_files(tmp_path / "areas")
    register_files.write_register_files(
        tmp_path / "register", register.all_records(), date(2026, 6, 30)
    )

    with (tmp_path / "register" / "jigyosho_130_all_20260630000000.csv").open(
        encoding="utf-8-sig", newline=""
    ) as stream:
        rows = list(csv.reader(stream))
    assert {len(row) for row in rows} == {24}
    archive = tmp_path / "register" / "02-1_clinic_facility_info_20260630.csv.zip"
    with zipfile.ZipFile(archive) as opened:
        assert opened.namelist() == ["02-1_clinic_facility_info_20260630.csv"]
    assert len(list((tmp_path / "areas").iterdir())) == 10


def test_what_stopped_half_way_is_not_filled_further(settings, tmp_path):
    settings.DEMO, settings.VAR = True, tmp_path
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "begun").touch()

    with pytest.raises(CommandError, match="途中で止まっています"):
        call_command("demo")


@pytest.mark.django_db
def test_other_installations_refuse_demo_accounts(settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="架空"):
        call_command("demo")


@pytest.mark.django_db(transaction=True)
def test_the_command_fills_an_empty_installation_once(settings, tmp_path, capsys):
    settings.DEMO = True
    settings.VAR = tmp_path
    call_command("load_sheets")
    ship_rates()

    call_command("demo")
    printed = capsys.readouterr().out
    places = Facility.objects.count()
    call_command("demo", once=True)
    quiet = capsys.readouterr().out
    call_command("demo")
    again = capsys.readouterr().out

    assert places > 300
    assert Facility.objects.filter(confirmed_with="電話").count() > 100
    assert Override.objects.count() == 3
    assert CorrectionRequest.objects.count() == 1
    assert Facility.objects.count() == places
    assert set(ImportRun.objects.values_list("state", flat=True)) == {ImportState.APPLIED}
    assert "kawase@kakuu.example" in printed
    assert quiet == ""
    assert "kawase@kakuu.example" in again
    assert Patient.objects.filter(closed_on=None).count() == 10
    assert Entry.objects.filter(room__kind=RoomKind.STAFF).count() > 100
    assert Entry.objects.filter(room__kind=RoomKind.FAMILY).count() == 2
    assert not Entry.objects.filter(posted_at__gt=clock.now()).exists()
    assert list(Entry.objects.order_by("room", "number")) == list(
        Entry.objects.order_by("room", "posted_at", "number")
    )
    assert Answer.objects.count() == 5
    assert PlannedVisit.objects.filter(on=clock.today()).count() == 5
    assert PlannedVisit.objects.count() == 9
    assert sorted(JoiningApplication.objects.values_list("state", flat=True)) == [
        ApplicationState.APPROVED,
        ApplicationState.RECEIVED,
    ]
    assert list(unsigned_people().values()) == [1]
    assert FormAdoption.objects.get().area.name == "汐見市"
    reviewed, present_plan = Plan.objects.filter(area__name="架空市").order_by("fiscal_year")
    assert reviewed.reviewed_at is not None
    assert present_plan.previous == reviewed
    assert set(reviewed.goals.values_list("verdict", flat=True)) == set(Verdict.values)
    held = Meeting.objects.exclude(state__in=(MeetingState.PLANNED, MeetingState.CALLED))
    assert held.count() >= 6
    assert set(ReportPack.objects.values_list("kind", flat=True)) == {"annual", "council"}
    assert [one.council.name for one in public_councils() if one.members and one.digests] == [
        "架空市在宅医療・介護連携推進協議会"
    ]
    present = CoordinationCase.objects.filter(patient__closed_on=None)
    stays = present.order_by("state", "pk")
    assert [stay.state for stay in stays] == ["conference_set", "discharged", "discharged"]
    assert [stay.is_leak for stay in stays] == [False, False, True]
    assert all(stay.rule_version is not None for stay in stays)
    assert (tmp_path / "demo" / "demo-accounts.json").stat().st_mode & 0o077 == 0
