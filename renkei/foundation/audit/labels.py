"""What the acts of the trail are called; each room names its own when it starts."""

from __future__ import annotations

from collections.abc import Mapping

_LABELS: dict[str, str] = {}


def name_acts(labels: Mapping[str, str]) -> None:
    """Say what a room calls its acts (``action`` of ``record_event``); from ``AppConfig.ready``."""
    _LABELS.update(labels)


def label_of(action: str) -> str:
    """The words for an act; its code where a room gave none."""
    return _LABELS.get(action, action)
