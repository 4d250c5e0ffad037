"""Addresses that hold a secret stay out of the log.

The framework writes the address of every refused request. The code of an emergency card, the token
of a link for outsiders, of an invitation or of a mail address is half a key: a log keeps none.
"""

from __future__ import annotations

import logging
import re
from typing import Final

# The part of the address before the secret; a test compares these with the URLs.
PLACES: Final = ("e", "l", "invitation", "mail-confirm")
_HALF_KEY = re.compile(rf"(/(?:{'|'.join(PLACES)})/)[^/\s]+")


def without_half_keys(text: str) -> str:
    """The text with every such secret replaced: ``/l/Zx81…/`` becomes ``/l/***/``."""
    return _HALF_KEY.sub(r"\1***", text)


class HideHalfKeys(logging.Filter):
    """For the loggers through which the framework tells of requests."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the line, never hold it back."""
        if isinstance(record.args, tuple):
            record.args = tuple(
                without_half_keys(value) if isinstance(value, str) else value
                for value in record.args
            )
        return True
