"""What is measured, and what was measured where and when; counts only, never a person."""

from renkei.programme.indicators.models.checks import CheckedTable
from renkei.programme.indicators.models.definitions import (
    Aggregation,
    Direction,
    Indicator,
    IndicatorVersion,
    Kind,
    Scene,
)
from renkei.programme.indicators.models.imports import (
    ImportMapping,
    ImportRun,
    RunState,
)
from renkei.programme.indicators.models.reviews import FindingReview
from renkei.programme.indicators.models.scenarios import Scenario, ScenarioVersion
from renkei.programme.indicators.models.values import (
    Absence,
    PeriodKind,
    Quality,
    Sharing,
    Value,
)

__all__ = [
    "Absence",
    "Aggregation",
    "CheckedTable",
    "Direction",
    "FindingReview",
    "ImportMapping",
    "ImportRun",
    "Indicator",
    "IndicatorVersion",
    "Kind",
    "PeriodKind",
    "Quality",
    "RunState",
    "Scenario",
    "ScenarioVersion",
    "Scene",
    "Sharing",
    "Value",
]
