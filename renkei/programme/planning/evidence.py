"""What an issue can rest on: kinds of evidence, registered by the rooms that keep them.

A kind offers what can be cited, freezes it as it is today, and says later when it has changed.
Consultations and surveys register theirs from ``AppConfig.ready``; nothing in it tells of a person.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area

Frozen = dict[str, Any]
FILE = "file"
SEPARATOR = ":"


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that can be cited; ``key`` is what the kind knows it by."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class EvidenceKind:
    """``freeze`` returns at least text, source and as_of; None where the viewer may not cite it.

    ``drift`` says how the present differs from the frozen, None where it does not.
    """

    code: str
    label: str
    offers: Callable[[Viewer, Area], list[Offer]]
    freeze: Callable[[Viewer, Area, str], Frozen | None]
    drift: Callable[[Frozen, Viewer, Area], str | None]


_KINDS: dict[str, EvidenceKind] = {}


def register(kind: EvidenceKind) -> None:
    """Make a kind known; from ``AppConfig.ready``."""
    _KINDS[kind.code] = kind


def forget(code: str) -> None:
    """For tests that register a kind of their own."""
    _KINDS.pop(code, None)


def kinds() -> tuple[EvidenceKind, ...]:
    """All of them, in the order they came."""
    return tuple(_KINDS.values())


def kind_called(code: str) -> EvidenceKind | None:
    """The kind, None when its room is no longer installed."""
    return _KINDS.get(code)


def label_of(code: str) -> str:
    """What evidence of this kind is called."""
    if code == FILE:
        return "ほかの課のファイル"
    kind = _KINDS.get(code)
    return kind.label if kind else "根拠"


def offers_for(viewer: Viewer, area: Area) -> list[tuple[str, list[tuple[str, str]]]]:
    """Everything that can be cited, by kind, as choices of a form."""
    found = []
    for kind in kinds():
        listed = [
            (f"{kind.code}{SEPARATOR}{one.key}", one.label) for one in kind.offers(viewer, area)
        ]
        if listed:
            found.append((kind.label, listed))
    return found
