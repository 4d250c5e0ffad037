"""Mergers, renamings and reorganised wards: they give areas their periods and successors.

Source: e-Stat 統計LOD 標準地域コード (municipal_changes.json): one entry per old and new code of
five digits. Entries whose code and name stay the same are left out there: a 新設合併 that names one
old municipality only had a second one, which kept its code and name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from renkei.foundation.areas.edges import (
    designated_city_code,
    is_designated_city,
    rebuild_administrative_edges,
)
from renkei.foundation.areas.importers.files import (
    Content,
    FileReport,
    ImportOptions,
    RefusedFile,
)
from renkei.foundation.areas.models import Area, AreaChange, AreaLevel, ChangeKind
from renkei.foundation.areas.periods import DateRange
from renkei.foundation.common.codes import check_municipality_code
from renkei.foundation.common.prefectures import is_prefecture_code

LABEL = "市区町村の変更の記録"
ORDER = 20
SOURCE = "e-Stat 統計LOD 標準地域コード"
KINDS = {
    "absorption": ChangeKind.ABSORPTION,
    "establishmentOfNewMunicipalityByMerging": ChangeKind.NEW_BY_MERGER,
    "reorganizationOfWards": ChangeKind.WARDS_REORGANISED,
    "establishmentOfWard": ChangeKind.WARDS_REORGANISED,
    "changesOfNames": ChangeKind.RENAMED,
    "changesToCity": ChangeKind.TO_CITY,
    "changesToTown": ChangeKind.TO_TOWN,
    "shiftToDesignatedCity": ChangeKind.TO_DESIGNATED_CITY,
    "divisionIntoSeveralMunicipalities": ChangeKind.DIVISION,
    "separation": ChangeKind.SEPARATION,
    "changesOfBoundariesOfDistrict": ChangeKind.DISTRICT,
}

# A municipality is known by code (five digits) and name: both are reused over time.
Unit = tuple[str, str]


@dataclass(frozen=True)
class Change:
    """One entry of the file."""

    day: date
    kind: ChangeKind
    old: Unit
    new: Unit


@dataclass(frozen=True)
class Span:
    """A unit from a day (None = before the records) up to another (None = still)."""

    unit: Unit
    start: date | None
    end: date | None

    def holds_before(self, day: date) -> bool:
        return (self.start is None or self.start < day) and (self.end is None or self.end >= day)

    def holds_on(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or self.end > day)


def recognises(content: Content) -> bool:
    return isinstance(content.data, dict) and {"changes", "reasons"} <= content.data.keys()


def parse_change(entry: Any) -> Change | None:
    """A typed change; None for the end of a 郡, which is no municipality.

    Raises:
        ValueError, KeyError, TypeError: an entry of another shape.
    """
    old, new = ((str(entry[k]["code"]), str(entry[k]["name"])) for k in ("old", "new"))
    if old[1].endswith("郡") or new[1].endswith("郡"):
        return None
    kind = KINDS.get(entry["reason"], ChangeKind.OTHER)
    return Change(date.fromisoformat(entry["date"]), kind, old, new)


def spans_of(changes: Sequence[Change]) -> list[Span]:
    """The periods of every unit the changes name."""
    starts: dict[Unit, set[date]] = defaultdict(set)
    ends: dict[Unit, set[date]] = defaultdict(set)
    lone = _mergers_with_one_old(changes)
    for change in changes:
        if change.kind != ChangeKind.SEPARATION:
            ends[change.old].add(change.day)
        if change.kind != ChangeKind.ABSORPTION:
            starts[change.new].add(change.day)
        if (change.new, change.day) in lone:
            # The one that kept code and name ends, too, and begins anew.
            ends[change.new].add(change.day)
    units = dict.fromkeys(unit for change in changes for unit in (change.old, change.new))
    return [span for unit in units for span in _spans(unit, starts[unit], ends[unit])]


def _mergers_with_one_old(changes: Iterable[Change]) -> set[tuple[Unit, date]]:
    olds: dict[tuple[Unit, date], int] = defaultdict(int)
    for change in changes:
        if change.kind == ChangeKind.NEW_BY_MERGER:
            olds[change.new, change.day] += 1
    return {merger for merger, count in olds.items() if count == 1}


def _spans(unit: Unit, starts: set[date], ends: set[date]) -> list[Span]:
    # On one day the old period ends before the new one starts.
    events = sorted([(day, 0) for day in ends] + [(day, 1) for day in starts])
    spans: list[Span] = []
    begun: date | None = None
    is_open = not events or events[0][1] == 0
    for day, is_start in events:
        if is_open and (begun is None or begun < day):
            spans.append(Span(unit, begun, day))
        is_open = bool(is_start)
        begun = day
    if is_open:
        spans.append(Span(unit, begun, None))
    return spans


def run(content: Content, _options: ImportOptions, report: FileReport) -> None:
    """Add the units of the past, set the periods, link old and new."""
    changes = _read(content, report)
    existing = list(
        Area.objects.filter(level__in=(AreaLevel.MUNICIPALITY, AreaLevel.WARD)).order_by("pk")
    )
    if not existing:
        raise RefusedFile(f"{content.name}：先に市区町村の一覧を取り込んでください。")
    cities = {area.code[:5]: area.name for area in existing if is_designated_city(area)}
    areas = _store_spans(spans_of(changes), existing, cities, report)
    _store_changes(changes, areas, report)
    rebuild_administrative_edges()


def _read(content: Content, report: FileReport) -> list[Change]:
    changes, districts = [], 0
    entries = content.data["changes"]
    for number, entry in enumerate(entries if isinstance(entries, list) else [], start=1):
        try:
            change = parse_change(entry)
        except (KeyError, TypeError, ValueError):
            report.problem(f"{number}件目の変更の記録を読めません。除きました。")
            continue
        if change is None:
            districts += 1
        elif not _is_code(change.old[0]) or not _is_code(change.new[0]):
            report.problem(f"{number}件目のコードは5桁の数字ではありません。除きました。")
        else:
            changes.append(change)
    if not changes:
        raise RefusedFile(f"{content.name}：変更の記録がありません。ファイルを確かめてください。")
    if districts:
        report.notes.append(f"郡の廃止など {districts:,}件は市区町村の変更ではないので除きました。")
    return sorted(changes, key=lambda change: (change.day, change.old, change.new))


def _is_code(text: str) -> bool:
    return (
        len(text) == len("40203")
        and text.isascii()
        and text.isdecimal()
        and is_prefecture_code(text[:2], allow_fictional=True)
    )


def _store_spans(
    spans: Sequence[Span],
    existing: Sequence[Area],
    cities: Mapping[str, str],
    report: FileReport,
) -> dict[Span, Area]:
    """The area of every span: an existing one of that code and name, latest first, or a new one."""
    known: dict[Unit, list[Area]] = defaultdict(list)
    for area in sorted(existing, key=lambda area: area.period.lower or date.min):
        known[area.code[:5], area.name].append(area)
    areas: dict[Span, Area] = {}
    new: list[Area] = []
    changed: list[Area] = []
    for span in sorted(spans, key=lambda span: span.start or date.min, reverse=True):
        name = full_name(span.unit, cities)
        candidates = known[span.unit[0], name]
        if not candidates and span.end is None:
            candidates = _renamed_since(span, known, report)
        if candidates:
            area = candidates.pop()
            if (area.period.lower, area.period.upper) != (span.start, span.end):
                area.period = DateRange(span.start, span.end)
                changed.append(area)
        else:
            area = _new_area(span, name)
            new.append(area)
        areas[span] = area
    # Narrowed periods first, so that no two rows of a key coincide on the way.
    Area.objects.bulk_update(changed, ["period"], batch_size=500)
    Area.objects.bulk_create(new, batch_size=1000)
    report.counts.added += len(new)
    report.counts.changed += len(changed)
    report.counts.unchanged += len(areas) - len(new) - len(changed)
    report.problems += [
        f"「{area.name}」（{area.code}）は一覧にないので、役所の位置とカナがありません。"
        for area in new
        if area.period.upper is None
    ]
    return areas


def _renamed_since(span: Span, known: Mapping[Unit, list[Area]], report: FileReport) -> list[Area]:
    """The area that has the code today under another name: the source leaves out such changes."""
    for (code, name), areas in known.items():
        if code == span.unit[0] and areas and areas[-1].period.upper is None:
            report.notes.append(
                f"「{span.unit[1]}」は一覧では「{name}」です。同じ市区町村としました。"
            )
            return areas
    return []


def full_name(unit: Unit, cities: Mapping[str, str]) -> str:
    """Name as areas carry it: wards with their city, 中区 of 22131 → 浜松市中区.

    Source: 総務省「全国地方公共団体コード」: 東京都の特別区 (131xx) are municipalities.
    """
    code, name = unit
    if not name.endswith("区") or code.startswith("13") or "市" in name:
        return name
    return cities.get(designated_city_code(code, cities), "") + name


def _new_area(span: Span, name: str) -> Area:
    code = check_municipality_code(span.unit[0], allow_fictional=True).value
    return Area(
        level=AreaLevel.MUNICIPALITY if name == span.unit[1] else AreaLevel.WARD,
        code=code,
        key=code,
        name=name,
        prefecture_code=code[:2],
        period=DateRange(span.start, span.end),
        source=SOURCE,
    )


def _store_changes(
    changes: Sequence[Change], areas: Mapping[Span, Area], report: FileReport
) -> None:
    by_unit: dict[Unit, list[Span]] = defaultdict(list)
    for span in areas:
        by_unit[span.unit].append(span)
    # A town that was renamed and merged on one day has two entries: the merger says more.
    kinds: dict[tuple[date, Span, Span], ChangeKind] = {}
    for day, kind, old, new in _links(changes, by_unit):
        known_kind = kinds.get((day, old, new), kind)
        kinds[day, old, new] = min(kind, known_kind, key=list(ChangeKind).index)
    known = set(AreaChange.objects.values_list("changed_on", "old_id", "new_id"))
    added = [
        AreaChange(changed_on=day, kind=kind, old=areas[old], new=areas[new], source=SOURCE)
        for (day, old, new), kind in kinds.items()
        if (day, areas[old].pk, areas[new].pk) not in known
    ]
    AreaChange.objects.bulk_create(added, batch_size=1000)
    report.counts.added += len(added)
    report.counts.unchanged += len(kinds) - len(added)


def _links(
    changes: Sequence[Change], by_unit: Mapping[Unit, list[Span]]
) -> Iterable[tuple[date, ChangeKind, Span, Span]]:
    for change in changes:
        old = next((s for s in by_unit[change.old] if s.holds_before(change.day)), None)
        new = next((s for s in by_unit[change.new] if s.holds_on(change.day)), None)
        if old and new and old != new:
            yield (change.day, change.kind, old, new)
        before = next((s for s in by_unit[change.new] if s.end == change.day), None)
        if before and new and before != new and change.kind == ChangeKind.NEW_BY_MERGER:
            yield (change.day, change.kind, before, new)
