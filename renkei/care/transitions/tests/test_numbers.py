"""The numbers, against thirty stays counted by hand."""

from __future__ import annotations

from datetime import date

import pytest

from renkei.care.transitions.models import CaseCount, FactKind
from renkei.care.transitions.numbers import METRIC, METRICS, Tally
from renkei.care.transitions.numbers_tables import ALL, shown, whole
from renkei.care.transitions.queries.numbers import CLASS, HOSPITAL, LEVEL, Scope, books
from renkei.care.transitions.services.numbers import count_missing
from renkei.care.transitions.tests import factories, numbers_fixture
from renkei.foundation.areas.counters import counters
from renkei.foundation.areas.tests import factories as areas
from renkei.foundation.common.eras import FiscalYear

pytestmark = pytest.mark.django_db
NOW = factories.at(date(2026, 11, 20), 9)
YEAR = whole(FiscalYear(2026))

# Counted by hand from the table of ``numbers_fixture``: (so many, of so many).
# Example 1: discharges home of people with a care manager; no facility, transfer or death.
BY_HAND_1 = {
    "coordination_rate": Tally(13, 20),
    "leak_rate": Tally(7, 20),
    "admission_info_rate": Tally(19, 24),
    "admission_info_same_day_rate": Tally(10, 24),
    "admission_info_day_3_rate": Tally(17, 24),
    "lead_days": Tally(13, 13),
    "conference_rate": Tally(8, 13),
    "follow_up_rate": Tally(8, 20),
    "readmission_rate": Tally(3, 20),
    "unknown_manager_rate": Tally(4, 30),
}
# Example 2: facilities count (11, 12, 22), stays of up to three days do not (6, 7, 18, 19).
BY_HAND_2 = {
    "coordination_rate": Tally(14, 19),
    "leak_rate": Tally(5, 19),
    "admission_info_rate": Tally(17, 20),
    "admission_info_same_day_rate": Tally(9, 20),
    "admission_info_day_3_rate": Tally(15, 20),
    "lead_days": Tally(14, 14),
    "conference_rate": Tally(9, 14),
    "follow_up_rate": Tally(8, 19),
    "readmission_rate": Tally(3, 19),
    "unknown_manager_rate": Tally(4, 26),
}


@pytest.fixture(autouse=True)
def on_friday(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def area():
    return areas.make_area()


def planted(area, code="example-calendar"):
    version = factories.shipped(code).versions.get()
    return numbers_fixture.plant(version, area)


def counted(area):
    (book,) = books(Scope(area_ids=frozenset({area.pk})), YEAR)
    return book


@pytest.mark.parametrize(
    ("code", "by_hand", "days"),
    [("example-calendar", BY_HAND_1, 7), ("example-business", BY_HAND_2, 7.5)],
)
def test_t_c3c_the_numbers_equal_the_hand_count_of_thirty_stays(area, code, by_hand, days):
    planted(area, code)

    book = counted(area)

    assert {metric.code: book.total(metric.code, YEAR) for metric in METRICS} == by_hand
    assert book.median(YEAR) == days


def test_t_c3c_two_rules_differ_and_each_says_what_it_counts(area):
    planted(area, "example-calendar")
    first = counted(area)
    CaseCount.objects.all().delete()
    planted(area, "example-business")
    second = counted(area)

    rates = [
        round(shown(book, METRIC["leak_rate"], YEAR).value or 0, 1) for book in (first, second)
    ]

    assert rates == [35.0, 26.3]
    assert first.definitions.words("leak_rate") == (
        "ケアマネのいる、自宅や住まいへ退院した方（死亡と転院を除く）のうち、退院前に連絡がなかった割合。"
        "（施設への退院は除く、転院は除く、死亡は除く、要支援は含む）"
    )
    assert second.definitions.words("leak_rate") == (
        "ケアマネのいる、退院した方（死亡と転院、3日以内の入院を除く）のうち、退院前に連絡がなかった割合。"
        "（施設への退院は含む、転院は除く、死亡は除く、要支援は含む、3日以内の入院は除く）"
    )


def test_stays_of_two_definitions_are_never_added_up(area):
    planted(area, "example-calendar")
    planted(area, "example-business")

    found = books(Scope(area_ids=frozenset({area.pk})), YEAR)

    assert sorted(book.total("leak_rate", YEAR).denominator for book in found) == [19, 20]


def test_the_split_adds_up_to_the_hand_count(area):
    planted(area)
    scope = Scope(area_ids=frozenset({area.pk}))

    found = {
        split: {
            row: book.total("coordination_rate", YEAR, row)
            for book in books(scope, YEAR, split=split)
            for row in book.rows()
        }
        for split in (LEVEL, CLASS, HOSPITAL)
    }

    assert found == {
        LEVEL: {"care": Tally(9, 12), "support": Tally(4, 8), "other": Tally()},
        CLASS: {"a": Tally(10, 17), "b": Tally(3, 3), "unknown": Tally()},
        HOSPITAL: {"架空市立中央病院": Tally(7, 11), "架空外科病院": Tally(6, 9)},
    }


def test_a_fact_recorded_later_and_one_taken_back_change_the_count_at_once(area):
    patient = factories.patient_with_both_sides(municipality=area)
    case = factories.opened(patient, admitted_at=factories.at(date(2026, 11, 2)))
    told = factories.record(
        case,
        FactKind.DISCHARGE_NOTIFIED,
        factories.at(date(2026, 11, 4)),
        detail={"planned_on": "2026-11-10"},
    )
    factories.record(case, FactKind.DISCHARGED, factories.at(date(2026, 11, 10)))
    before = counted(area).total("coordination_rate", YEAR)

    factories.record(
        case, FactKind.RETRACTED, NOW, corrects=told.uid, detail={"reason": "別の人の記録"}
    )

    assert (before, counted(area).total("coordination_rate", YEAR)) == (Tally(1, 1), Tally(0, 1))


def test_a_stay_soon_after_counts_for_the_one_before(area):
    patient = factories.patient_with_both_sides(municipality=area)
    case = factories.opened(patient, admitted_at=factories.at(date(2026, 10, 1)))
    factories.record(case, FactKind.DISCHARGED, factories.at(date(2026, 10, 10)))

    again = factories.opened(patient, admitted_at=factories.at(date(2026, 11, 5)))
    came_back = counted(area).total("readmission_rate", YEAR)
    factories.record(again, FactKind.CANCELLED, NOW, detail={"reason": "まちがい"})

    assert came_back == Tally(1, 1)
    assert counted(area).total("readmission_rate", YEAR) == Tally(0, 1)


def test_a_care_level_written_down_after_the_stay_is_counted_at_night(area):
    cases = planted(area)
    lost = cases[0]
    lost.counted.delete()
    lost.patient.certifications.all().delete()

    counted_again = count_missing()

    assert counted_again == 27  # everybody whose certification was written down today, and one
    assert CaseCount.objects.get(case=lost.pk).level == "other"


def test_nothing_is_counted_of_a_stay_that_is_only_planned(area):
    patient = factories.patient_with_both_sides(municipality=area)

    case = factories.opened(patient)

    assert (case.counted.by_admission, case.counted.by_discharge) == ([], [])
    assert str(case.counted) == f"入退院の数 {case.pk}"


def test_a_period_of_nobody_shows_neither_a_rate_nor_a_hidden_cell(area):
    planted(area)
    next_year = whole(FiscalYear(2027))

    one = shown(counted(area), METRIC["leak_rate"], next_year, row=ALL)

    assert (one.is_empty, one.value, one.is_hidden) == (True, None, False)


def test_the_counters_give_an_area_and_a_period_their_numbers(area):
    planted(area)
    by_code = {counter.code: counter for counter in counters()}

    (rate,) = by_code["transitions.leak_rate"].count(area, YEAR.first, YEAR.last)
    (lead,) = by_code["transitions.lead_days"].count(area, YEAR.first, YEAR.last)

    assert (rate.numerator, rate.denominator, rate.n, rate.value) == (7, 20, 20, 35.0)
    assert (lead.value, lead.unit, lead.n) == (7, "日", 13)
    assert rate.definition.startswith("ケアマネのいる、自宅や住まいへ退院した方")
