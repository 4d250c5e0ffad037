"""The kinds of evidence this room and those below it can give: numbers, minutes, resource gaps."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Final
from uuid import UUID

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area
from renkei.foundation.areas.queries import descendants_on
from renkei.foundation.common import clock
from renkei.programme.indicators.evidence import drift as indicator_drift
from renkei.programme.indicators.evidence import frozen as indicator_frozen
from renkei.programme.indicators.models import Indicator, Value
from renkei.programme.indicators.periods import Period
from renkei.programme.indicators.queries.catalogue import indicator_for
from renkei.programme.indicators.queries.values import reading, values_for
from renkei.programme.planning.evidence import EvidenceKind, Frozen, Offer, register
from renkei.programme.planning.models import MinutesLine
from renkei.programme.planning.queries.councils import councils_worked_in
from renkei.registry.facilities.catalogue import SERVICES
from renkei.registry.facilities.models import Facility, ListingStatus

# More lines than anybody reads in one form.
MOST_LINES: Final = 40
RESOURCE_SOURCE: Final = "資源の台帳"


def register_all() -> None:
    """Called once the models are there."""
    register(
        EvidenceKind("indicator", "指標の値", _indicators, _freeze_indicator, _drift_indicator)
    )
    register(EvidenceKind("minutes", "会議の議事", _lines, _freeze_line, _drift_line))
    register(EvidenceKind("resource", "資源の数", _resources, _freeze_resource, _drift_resource))


# Indicators ---------------------------------------------------------------------------------------


def _indicators(viewer: Viewer, area: Area) -> list[Offer]:
    """The newest value of each indicator of the area."""
    newest: dict[str, Value] = {}
    rows = values_for(viewer).filter(area=area).select_related("indicator", "version")
    for one in rows.order_by("indicator__code", "period", "version__number"):
        newest[one.indicator.code] = one
    return [
        Offer(
            f"{code}|{one.period_kind}|{one.period}",
            f"{one.version.name}（{Period(one.period_kind, one.period).label}）",
        )
        for code, one in newest.items()
    ]


def _freeze_indicator(viewer: Viewer, area: Area, key: str) -> Frozen | None:
    code, _, rest = key.partition("|")
    kind, _, period = rest.partition("|")
    try:
        indicator = indicator_for(viewer, code)
    except Indicator.DoesNotExist:
        return None
    read = reading(viewer, indicator, area, Period(kind, period))
    kept = indicator_frozen(read)
    # What is shown: the name and the day with the figure.
    return {**kept, "shown": f"{read.name}　{read.area_name}　{read.period_label}　{read.text}"}


def _drift_indicator(kept: Frozen, viewer: Viewer, area: Area) -> str | None:  # noqa: ARG001 - the shape of a kind
    problem = indicator_drift(kept, viewer)
    return f"値が改訂されました。{problem}" if problem else None


# Minutes ------------------------------------------------------------------------------------------


def _lines(viewer: Viewer, area: Area) -> list[Offer]:  # noqa: ARG001 - as above
    """What came of items in the councils one works in, newest first."""
    found = (
        MinutesLine.objects.filter(meeting__council__in=councils_worked_in(viewer))
        .exclude(outcome="")
        .select_related("meeting__council")
        .order_by("-meeting__begins_at", "pk")
    )
    return [Offer(str(one.uid), f"{one.meeting}：{one.text[:60]}") for one in found[:MOST_LINES]]


def _freeze_line(viewer: Viewer, area: Area, key: str) -> Frozen | None:  # noqa: ARG001 - as above
    line = _line(viewer, key)
    if line is None:
        return None
    day = line.meeting.begins_at.astimezone(clock.TOKYO).date()
    return {
        "uid": str(line.uid),
        "text": line.text,
        "source": str(line.meeting),
        "as_of": day.isoformat(),
        "shown": f"【{line.get_outcome_display() or '議事'}】{line.text}",
    }


def _drift_line(kept: Frozen, viewer: Viewer, area: Area) -> str | None:  # noqa: ARG001 - as above
    line = _line(viewer, kept["uid"])
    if line is None:
        return "この議事の行は、いまは見られません。"
    return (
        None if line.text == kept["text"] else f"議事録が直されました。いまは「{line.text}」です。"
    )


def _line(viewer: Viewer, key: str) -> MinutesLine | None:
    try:
        uid = UUID(key)
    except ValueError:
        return None
    return (
        MinutesLine.objects.filter(meeting__council__in=councils_worked_in(viewer), uid=uid)
        .select_related("meeting__council")
        .first()
    )


# Resources ----------------------------------------------------------------------------------------


def _resources(viewer: Viewer, area: Area) -> list[Offer]:  # noqa: ARG001 - as above
    """How many places of each kind there are; facilities are no persons and are not suppressed."""
    counted = _counts(area)
    return [Offer(code, f"{info.label}　{counted[code]}か所") for code, info in SERVICES.items()]


def _freeze_resource(viewer: Viewer, area: Area, key: str) -> Frozen | None:  # noqa: ARG001 - as above
    info = SERVICES.get(key)
    if info is None:
        return None
    count = _counts(area)[key]
    return {
        "code": key,
        "count": count,
        "text": f"{info.label}　{count}か所",
        "source": RESOURCE_SOURCE,
        "as_of": clock.today().isoformat(),
        "shown": f"{area}の{info.label}　{count}か所",
    }


def _drift_resource(kept: Frozen, viewer: Viewer, area: Area) -> str | None:  # noqa: ARG001 - as above
    now = _counts(area)[kept["code"]]
    return None if now == kept["count"] else f"台帳の数が変わりました。いまは{now}か所です。"


def _counts(area: Area, day: date | None = None) -> Counter[str]:
    counted: Counter[str] = Counter()
    places = Facility.objects.filter(
        municipality__in=descendants_on(area, day or clock.today()), status=ListingStatus.LISTED
    )
    for codes in places.values_list("service_codes", flat=True):
        counted.update(set(codes))
    return counted
