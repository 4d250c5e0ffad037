"""What a read event's ``what`` is called in 「誰が見たか」; each room names its pages."""

from __future__ import annotations

from collections.abc import Mapping

_LABELS: dict[str, str] = {}


def name_reads(labels: Mapping[str, str]) -> None:
    """Say what a room's ``record_read(what=…)`` means; from ``AppConfig.ready``."""
    _LABELS.update(labels)


def read_label(what: str) -> str:
    """The words for it; its code where a room gave none."""
    return _LABELS.get(what, what)
