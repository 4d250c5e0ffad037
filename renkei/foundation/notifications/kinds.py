"""The kinds of notifications. Each room names its own when it starts; the words are fixed."""

from __future__ import annotations

from dataclasses import dataclass

_KINDS: dict[str, NotificationKind] = {}


@dataclass(frozen=True)
class NotificationKind:
    """One kind: what the list says about it. Never a name, never a content.

    ``urgent`` mail goes at once, through quiet hours and digests; without ``by_mail`` there is
    none. ``group`` is the room that sends it, for those who look at figures.
    """

    code: str
    text: str
    urgent: bool = False
    group: str = ""
    by_mail: bool = True


# For rows of a kind that a later version no longer knows.
FORGOTTEN = NotificationKind(code="", text="お知らせがあります。")


def register(kind: NotificationKind) -> None:
    """Add a kind, from ``AppConfig.ready``.

    Raises:
        ValueError: another kind has this code.
    """
    if _KINDS.setdefault(kind.code, kind) != kind:
        message = f"{kind.code} is registered already"
        raise ValueError(message)


def kind_of(code: str) -> NotificationKind:
    """The kind with this code; ``FORGOTTEN`` where none has it."""
    return _KINDS.get(code, FORGOTTEN)


def is_known(code: str) -> bool:
    """Whether a room registered this code."""
    return code in _KINDS


def codes_beyond_wishes() -> list[str]:
    """The codes of kinds whose mail follows no wish: those always mailed, and those never."""
    return [kind.code for kind in _KINDS.values() if kind.urgent or not kind.by_mail]
