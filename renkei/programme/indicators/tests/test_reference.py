"""The printed numbers of the documents, read as pages read them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from renkei.foundation.accounts.models import Role
from renkei.foundation.areas.models import Area, AreaLevel
from renkei.foundation.audit.actors import SYSTEM
from renkei.programme.indicators import evidence
from renkei.programme.indicators.models import Indicator, IndicatorVersion, Value
from renkei.programme.indicators.numerals import rounded
from renkei.programme.indicators.periods import calendar_year, fiscal, on_day
from renkei.programme.indicators.queries.catalogue import indicator_for
from renkei.programme.indicators.queries.values import reading, readings
from renkei.programme.indicators.services.catalogue import load_catalogue
from renkei.programme.indicators.services.reference import load_reference_values
from renkei.programme.indicators.shipped import CATALOGUE
from renkei.programme.indicators.tests import factories

pytestmark = pytest.mark.django_db
DOCS = Path(__file__).resolve().parents[4] / "docs"
YEARS = [fiscal(year) for year in range(2017, 2022)]


@pytest.fixture
def loaded():
    load_reference_values(actor=SYSTEM)


@pytest.fixture
def officer():
    return factories.viewer(Role.MUNICIPAL_STAFF)


def area(name: str) -> Area:
    return Area.objects.get(name=name)


def value(found, area: Area, year) -> Decimal:
    number: Decimal | None = found[area.pk, year].value
    assert number is not None
    return number


def printed(viewer, code: str, name: str) -> list[str]:
    version = indicator_for(viewer, code).latest
    found = readings(viewer, version, [area(name)])
    return [found[area(name).pk, year].figure for year in YEARS]


def test_the_catalogue_is_loaded_once_and_says_what_is_unconfirmed():
    added = load_catalogue(actor=SYSTEM)

    assert added == len(CATALOGUE)
    assert load_catalogue(actor=SYSTEM) == 0
    assert len({definition.code for definition in CATALOGUE}) == len(CATALOGUE)
    unconfirmed = IndicatorVersion.objects.filter(confirmed=False)
    assert unconfirmed.filter(indicator__code="D-P1").exists()
    assert not unconfirmed.filter(indicator__code="A-P1").exists()


def test_every_shipped_indicator_stands_in_the_documents():
    written = (DOCS / "indicators.md").read_text()

    assert [one.code for one in CATALOGUE if f"| {one.code} | {one.name} |" not in written] == []


def test_t_i1a_the_rows_of_gyoda_stand_digit_by_digit(loaded, officer):
    rows = {
        (code, place): printed(officer, code, place)
        for code in ("A-P1", "A-P2")
        for place in ("行田市", "埼玉県")
    }

    assert rows == {
        ("A-P1", "行田市"): ["427.8", "573.5", "542.4", "516.0", "537"],
        ("A-P1", "埼玉県"): ["105.3", "194.5", "198.3", "96.9", "204.6"],
        ("A-P2", "行田市"): ["158.4", "111.8", "168", "107.2", "161.4"],
        ("A-P2", "埼玉県"): ["74.8", "51.8", "58.5", "31.3", "63.1"],
    }
    assert [year.label for year in YEARS] == [
        "平成29年度",
        "平成30年度",
        "令和元年度",
        "令和2年度",
        "令和3年度",
    ]


def test_t_i1a_the_ratios_of_city_and_prefecture_are_the_ones_of_the_source(loaded, officer):
    def ratios(code: str) -> list[str]:
        version = indicator_for(officer, code).latest
        city, prefecture = area("行田市"), area("埼玉県")
        found = readings(officer, version, [city, prefecture])
        return [
            str(rounded(value(found, city, year) / value(found, prefecture, year), 2))
            for year in YEARS
        ]

    assert ratios("A-P1") == ["4.06", "2.95", "2.74", "5.33", "2.62"]
    assert ratios("A-P2") == ["2.12", "2.16", "2.87", "3.42", "2.56"]


def test_t_i1a_the_wrongly_labelled_row_keeps_its_label_and_says_so(loaded, officer):
    indicator = indicator_for(officer, "K-O1")
    found = reading(officer, indicator, area("行田市"), calendar_year(2018))

    assert (found.figure, found.unit) == ("92", "人（人口10万対）と表記")
    assert found.flag == "単位に疑い"
    assert "割り直さないでください" in found.note
    assert reading(officer, indicator, area("行田市"), calendar_year(2019)).figure == "115"
    assert reading(officer, indicator, area("行田市"), calendar_year(2017)).text == "記録なし"


def test_loading_the_printed_values_again_changes_nothing(loaded):
    count = Value.objects.count()

    assert load_reference_values(actor=SYSTEM) == 0
    assert Value.objects.count() == count
    assert Area.objects.filter(level=AreaLevel.NATION).count() == 1


def test_the_survey_of_2015_is_there_for_the_nation(loaded, officer):
    indicator = indicator_for(officer, "J-A-R")
    found = reading(officer, indicator, area("日本"), on_day(date(2015, 8, 1)))

    assert (found.text, found.flag) == ("38.3 %", "速報")
    assert (found.numerator, found.denominator) == (Decimal(667), Decimal(1741))


def test_evidence_is_frozen_and_a_later_revision_is_told(loaded, officer):
    indicator = indicator_for(officer, "A-P1")
    kept = evidence.frozen(reading(officer, indicator, area("行田市"), fiscal(2021)))

    assert (kept["text"], kept["period_label"]) == ("537 回/人口10万対", "令和3年度")
    assert evidence.drift(kept, officer) is None

    row = Value.objects.filter(indicator=indicator, area=area("行田市"), period="2021")
    row.update(value=Decimal("540.2"), printed="540.2")
    assert evidence.drift(kept, officer) == (
        "付けた時は537 回/人口10万対、いまは540.2 回/人口10万対です。"
    )
    assert evidence.drift(kept, factories.viewer(Role.PROFESSIONAL)) is not None


def test_nobody_else_finds_an_indicator(loaded):
    with pytest.raises(Indicator.DoesNotExist):
        indicator_for(factories.viewer(Role.PROFESSIONAL), "A-P1")
