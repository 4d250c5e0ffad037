"""Hearing everything that is logged or printed meanwhile: no person may be in it."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout


class Heard(logging.Handler):
    """Every log line, standard output and standard error of this process and those it starts."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.setFormatter(logging.Formatter("%(name)s %(message)s %(args)s"))

    def emit(self, record: logging.LogRecord) -> None:
        # Statements are only written down where a test counts them.
        if not record.name.startswith("django.db.backends"):
            self.lines.append(self.format(record))

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@contextmanager
def listening(heard: Heard) -> Iterator[None]:
    """Within one phase of a test: between phases pytest takes the descriptors back."""
    root = logging.getLogger()
    level, kept = root.level, [os.dup(number) for number in (1, 2)]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as printed:
        root.addHandler(heard)
        root.setLevel(logging.DEBUG)
        sys.stdout.flush()
        for number in (1, 2):
            os.dup2(printed.fileno(), number)
        try:
            with redirect_stdout(printed), redirect_stderr(printed):
                yield
        finally:
            printed.flush()
            for number, old in zip((1, 2), kept, strict=True):
                os.dup2(old, number)
                os.close(old)
            root.setLevel(level)
            root.removeHandler(heard)
            printed.seek(0)
            heard.lines.append(printed.read())
