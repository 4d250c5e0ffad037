"""What ``renkei setup-database`` does after the migrations: higher rooms register their part."""

from __future__ import annotations

from collections.abc import Callable

# Names of idempotent commands, in the order in which the rooms register them.
_COMMANDS: list[str] = []


def load_at_setup(command: str) -> None:
    """Run this command at every start, after the migrations; from ``AppConfig.ready``."""
    if command not in _COMMANDS:
        _COMMANDS.append(command)


def run_all(run: Callable[[str], object]) -> None:
    """Run what was registered."""
    for command in _COMMANDS:
        run(command)
