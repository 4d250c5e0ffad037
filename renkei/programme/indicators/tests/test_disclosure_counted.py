"""What a reader works out of values the rooms count: over areas, over related rates, over days."""

from __future__ import annotations

import random
from datetime import date

import pytest

from renkei.foundation.accounts.models import Role
from renkei.foundation.areas import counters
from renkei.foundation.areas.counters import Counted, Counter
from renkei.foundation.areas.models import AreaLevel
from renkei.foundation.areas.tests import factories as areas
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.common.suppression import THRESHOLD, is_small
from renkei.programme.indicators.models import Value
from renkei.programme.indicators.periods import fiscal
from renkei.programme.indicators.queries.values import readings
from renkei.programme.indicators.services.counting import count_values
from renkei.programme.indicators.tests import factories
from renkei.programme.indicators.tests.attacker import Knowledge

pytestmark = pytest.mark.django_db
YEAR = fiscal(2026)
AUTUMN = date(2026, 9, 30)
RATES = ("t.told", "t.late")


class Office:
    """Discharges by town and quarter; two rates are counted of them."""

    def __init__(self, monkeypatch, time_machine, seed, towns=5):
        monkeypatch.setattr(counters, "_COUNTERS", {})
        self.clock, self.chance = time_machine, random.Random(seed)
        home = areas.make_area(level=AreaLevel.HOME_CARE, key="架空圏", name="架空圏")
        medical = areas.make_area(level=AreaLevel.SECONDARY_MEDICAL, key="医療圏", name="医療圏")
        self.towns = [areas.make_area(name=f"架空{number}町") for number in range(towns)]
        self.parts = {home: self.towns, medical: self.towns[1:]}
        association = areas.make_hierarchy("medical_association", "医師会", exclusive=False)
        for town in self.towns:
            areas.make_edge(child=town, parent=home, hierarchy=association)
            factories.membership(Role.MUNICIPAL_STAFF, town)
        for town in self.towns[1:]:
            areas.make_edge(child=town, parent=medical)
        self.cases: dict[int, list] = {town.pk: [] for town in self.towns}
        self.versions = [
            factories.make_version(
                counter=code, counts_persons=True, unit="%", decimals=1, denominator="対象の退院"
            )
            for code in RATES
        ]
        for place, code in enumerate(RATES):
            counters.register(Counter(code, "架空の割合", self._counter(place)))

    def _counter(self, place):
        def count(area, first, last):
            towns = self.parts.get(area, [area])
            found = [
                case for town in towns for case in self.cases[town.pk] if first <= case[0] <= last
            ]
            top, of = sum(case[1 + place] for case in found), len(found)
            return (Counted(top, of, of, 100 * top / of if of else None, "%", "架空の決め方"),)

        return count

    def work(self, first_month, months=3):
        """Some discharges a month in every town."""
        for town in self.towns:
            busy = self.chance.choice((0, 1, 2, 5))
            for month in range(first_month, first_month + months):
                for _ in range(self.chance.randint(0, busy * 2)):
                    told = self.chance.random() < 0.8
                    case = (date(2026, month, 10), told, self.chance.random() < 0.3)
                    self.cases[town.pk].append(case)

    def publish(self, day):
        self.clock.move_to(day, tick=False)
        count_values(actor=SYSTEM, periods=[YEAR])
        viewer = factories.viewer(Role.PREFECTURE, self.towns[0])
        found = {}
        for version in self.versions:
            for (area, _period), one in readings(
                viewer, version, [*self.towns, *self.parts]
            ).items():
                found[version.pk, area] = one
        return found


def knowledge(office, *vintages):
    """Numerator, rest and denominator of each rate, area and day as they were read."""
    held = Knowledge()
    for place, table in enumerate(vintages):
        for (version, area), one in table.items():
            told = one.numerator is not None
            denominator = ("of", one.as_of, area)
            numbers = {
                ("top", version, one.as_of, area): one.numerator,
                ("rest", version, one.as_of, area): one.denominator - one.numerator if told else 0,
                denominator: one.denominator,
            }
            for cell, number in numbers.items():
                if told:
                    held.seen[cell] = float(number)
                    held.hidden.pop(cell, None)
                elif cell not in held.seen:
                    held.hidden[cell] = 0
        assert place < 3
    cells: set[tuple] = {*held.seen, *held.hidden}  # type: ignore[arg-type]
    for cell in sorted((cell for cell in cells if cell[0] == "top"), key=str):
        _name, version, day, area = cell
        held.add(("of", day, area), [cell, ("rest", version, day, area)])
    for area, towns in office.parts.items():
        for cell in [cell for cell in cells if cell[-1] == area.pk]:
            held.add(cell, [(*cell[:-1], town.pk) for town in towns])
    for cell in cells:
        earlier = (*cell[:-2], AUTUMN, cell[-1])
        if cell[-2] != AUTUMN and earlier in cells:
            # What came in between is nobody or more.
            held.hidden["since", cell] = 0
            held.add(cell, [earlier, ("since", cell)])
    return held


def is_telling(office, area, place, last):
    towns = office.parts.get(area, [area])
    found = [case for town in towns for case in office.cases[town.pk] if case[0] <= last]
    top = sum(case[1 + place] for case in found)
    return any(map(is_small, (top, len(found) - top, len(found))))


@pytest.mark.parametrize("seed", range(5))
def test_t_i4_counted_rates_keep_what_they_hide(monkeypatch, time_machine, seed):
    office = Office(monkeypatch, time_machine, seed)
    office.work(4, months=6)

    table = office.publish(date(2026, 10, 5))

    for place, version in enumerate(office.versions):
        for area in [*office.towns, *office.parts]:
            if is_telling(office, area, place, AUTUMN):
                assert table[version.pk, area.pk].value is None
    assert not knowledge(office, table).narrowed(THRESHOLD)


@pytest.mark.parametrize("seed", range(3))
def test_t_i4_the_running_year_does_not_tell_of_single_persons(monkeypatch, time_machine, seed):
    """A file of October beside one of January: neither gives the other's hidden cells away."""
    office = Office(monkeypatch, time_machine, seed)
    office.work(4, months=6)
    autumn = office.publish(date(2026, 10, 5))
    office.work(10)
    winter = office.publish(date(2027, 1, 5))

    narrowed = knowledge(office, autumn, winter).narrowed(THRESHOLD)
    # Between two numbers both shown nothing is hidden; the last lines look at these.
    assert not {cell for cell in narrowed if cell[0] != "since"}
    for key, before in autumn.items():
        after = winter[key]
        if before.numerator is None:
            # Once hidden, always.
            assert after.value is None
        elif after.numerator is not None:
            top, of = after.numerator - before.numerator, after.denominator - before.denominator
            assert not any(map(is_small, map(int, (top, of, of - top))))


def test_t_i4_a_running_year_is_counted_to_the_end_of_a_quarter(monkeypatch, time_machine):
    office = Office(monkeypatch, time_machine, 1)
    office.work(4, months=7)

    assert not office.publish(date(2026, 6, 20))
    office.publish(date(2026, 11, 20))

    assert set(Value.objects.values_list("as_of", flat=True)) == {AUTUMN}
