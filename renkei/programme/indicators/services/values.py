"""Writing values: new, changed, unchanged; the only writer of ``Value``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from renkei.foundation.common import clock
from renkei.programme.indicators.models import (
    CheckedTable,
    ImportRun,
    IndicatorVersion,
    Quality,
    Sharing,
    Value,
)
from renkei.programme.indicators.periods import Period
from renkei.programme.indicators.services.disclosure import settle

BATCH: Final = 2000
# What makes a value another one; where it came from may change without it.
_MEANING: Final = (
    "value",
    "absence",
    "printed",
    "unit",
    "numerator",
    "denominator",
    "n",
    "quality",
    "note",
    "sharing",
)
_WRITTEN: Final = (*_MEANING, "source", "source_file", "as_of", "run", "recorded_at")
Key = tuple[int, int, str, str]


@dataclass(frozen=True)
class NewValue:
    """One value to keep."""

    version: IndicatorVersion
    area_id: int
    period: Period
    value: Decimal | None
    unit: str
    source: str
    as_of: date
    absence: str = ""
    printed: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    n: int | None = None
    source_file: str = ""
    quality: str = Quality.OK.value
    note: str = ""
    sharing: str = Sharing.OPEN.value

    @property
    def key(self) -> Key:
        return (self.version.pk, self.area_id, self.period.kind, self.period.key)


@dataclass(frozen=True)
class Change:
    """One value that is another now."""

    before: Value
    after: NewValue


@dataclass
class Outcome:
    """What writing changes, or would change."""

    added: list[NewValue] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: int = 0


def compare(rows: Sequence[NewValue]) -> Outcome:
    """What is new and what differs, in one query; nothing is written."""
    held = _held(rows)
    outcome = Outcome()
    for row in rows:
        before = held.get(row.key)
        if before is None:
            outcome.added.append(row)
        elif _differs(before, row):
            outcome.changed.append(Change(before, row))
        else:
            outcome.unchanged += 1
    return outcome


def put(rows: Sequence[NewValue], *, run: ImportRun | None = None) -> Outcome:
    """Write them inside the caller's transaction; a second time nothing changes.

    Small numbers of persons that their source does not publish are hidden at once, with what would
    give them away.

    Raises:
        ValidationError: numbers to be opened give hidden ones away; names the table.
    """
    outcome = compare(rows)
    now = clock.now()
    new = [_row(row, Value(), run) for row in outcome.added]
    for each in new:
        each.recorded_at = now
    Value.objects.bulk_create(new, batch_size=BATCH)
    # The old numbers are still told by the outcome: other objects carry the new ones.
    kept = [_row(change.after, Value(pk=change.before.pk), run) for change in outcome.changed]
    for each in kept:
        each.recorded_at = now
    Value.objects.bulk_update(kept, _WRITTEN, batch_size=BATCH)
    written = [*new, *kept]
    if written:
        versions = {row.version.pk for row in written}
        # What the rules found is worked out anew where somebody looks next.
        CheckedTable.objects.filter(version__in=versions).delete()
        settle({row.version for row in written}, written)
    return outcome


def _held(rows: Iterable[NewValue]) -> dict[Key, Value]:
    rows = list(rows)
    found = Value.objects.filter(
        version__in={row.version.pk for row in rows}, area__in={row.area_id for row in rows}
    )
    return {(one.version_id, one.area_id, one.period_kind, one.period): one for one in found}


def _differs(before: Value, row: NewValue) -> bool:
    return any(getattr(before, name) != getattr(row, name) for name in _MEANING)


def _row(row: NewValue, target: Value, run: ImportRun | None) -> Value:
    target.indicator_id = row.version.indicator_id
    target.version = row.version
    target.area_id = row.area_id
    target.period_kind, target.period = row.period.kind, row.period.key
    for name in (*_MEANING, "source", "source_file", "as_of"):
        setattr(target, name, getattr(row, name))
    target.run = run
    return target
