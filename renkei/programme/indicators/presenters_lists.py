"""The first screen and the list of indicators, as plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from renkei.foundation.areas.models import Area
from renkei.programme.indicators.models import Indicator, IndicatorVersion, Kind, Scene, Value
from renkei.programme.indicators.periods import Period
from renkei.programme.indicators.presenters import Link, indicator_url
from renkei.programme.indicators.quality import RULES, Finding
from renkei.programme.indicators.queries.progress import Progress
from renkei.programme.indicators.queries.values import reading_of
from renkei.programme.indicators.shipped.programme import FLAGS, ITEMS


@dataclass(frozen=True)
class IndicatorLine:
    """One indicator in the list with its newest number."""

    code: str
    name: str
    url: str
    unit: str
    text: str
    period: str
    flag: str
    is_unconfirmed: bool
    is_own: bool


@dataclass(frozen=True)
class IndicatorGroup:
    """The indicators of one kind."""

    label: str
    lines: Sequence[IndicatorLine]


def scene_tabs(current: Scene, counts: Mapping[str, int]) -> list[Link]:
    """One tab per scene, with how many of its indicators have a value here."""
    url = reverse("indicators:indicator_list")
    return [
        Link(f"{url}?scene={scene.value}", str(scene.label), scene == current, counts[scene.value])
        for scene in Scene
    ]


def groups_of(
    indicators: Sequence[Indicator], scene: Scene, newest: Mapping[int, Value], area: Area | None
) -> list[IndicatorGroup]:
    """The indicators of a scene by kind: means, process, outcome."""
    found: dict[str, list[IndicatorLine]] = {}
    for indicator in indicators:
        version = indicator.latest
        if scene.value in version.scenes:
            line = _line(indicator, version, newest.get(indicator.pk), area)
            found.setdefault(version.kind, []).append(line)
    return [IndicatorGroup(str(kind.label), found[kind]) for kind in Kind if kind in found]


def _line(
    indicator: Indicator, version: IndicatorVersion, value: Value | None, area: Area | None
) -> IndicatorLine:
    read = reading_of(value, value.version, value.area) if value and area else None
    return IndicatorLine(
        code=indicator.code,
        name=version.name,
        url=indicator_url(indicator.code),
        unit=read.unit if read else version.unit,
        text=read.figure if read else "記録なし",
        period=Period(value.period_kind, value.period).label if value else "",
        flag=read.flag if read else "",
        is_unconfirmed=not version.confirmed,
        is_own=indicator.owner_id is not None,
    )


def counts_of(indicators: Sequence[Indicator], newest: Mapping[int, Value]) -> dict[str, int]:
    """How many indicators of each scene have a number."""
    counts = dict.fromkeys(Scene.values, 0)
    for indicator in indicators:
        if indicator.pk in newest:
            for scene in indicator.latest.scenes:
                counts[scene] += 1
    return counts


_STATES = {2: ("done", "実施"), 1: ("soon", "予定"), 0: ("plain", "なし")}


@dataclass(frozen=True)
class AnswerRow:
    """One municipality: a state per item as (status, word), its flags in words."""

    name: str
    states: Sequence[tuple[str, str]]
    done_count: int
    flags: str


def answer_rows(progress: Progress, prefecture_code: str) -> list[AnswerRow]:
    """The municipalities of a prefecture, or the first hundred, in the order of their codes."""
    found = [
        one
        for one in progress.municipalities
        if not prefecture_code or one.area.prefecture_code == prefecture_code
    ]
    return [
        AnswerRow(
            one.area.name,
            [
                _STATES[one.states[letter]] if letter in one.states else ("ask", "無回答")
                for letter in ITEMS
            ],
            one.done_count,
            "、".join(
                {"contract": "委託", "joint": "共同", "support": "県の支援"}[short]
                for code, (_name, short) in FLAGS.items()
                if one.flags.get(code)
            ),
        )
        for one in found[:100]
    ]


def day_words(day: str) -> str:
    """2015年8月1日."""
    return Period("day", day).label if day else ""


@dataclass(frozen=True)
class FindingLine:
    """One odd number as the page of the check tells it."""

    pk: int
    rule: str
    rule_words: str
    url: str
    name: str
    area: str
    period: str
    words: str


def finding_lines(findings: Sequence[Finding]) -> list[FindingLine]:
    """Findings with the page of their indicator."""
    return [
        FindingLine(
            one.point.pk,
            one.rule,
            RULES[one.rule],
            indicator_url(one.point.code.partition("#")[0], [one.point.area_id]),
            one.point.name,
            one.point.area_name,
            one.point.period.label,
            one.words,
        )
        for one in findings
    ]
