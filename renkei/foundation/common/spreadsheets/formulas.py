"""Values a spreadsheet would run as a formula (CSV injection)."""

from __future__ import annotations

import re
from typing import Final

# What a spreadsheet takes for a formula. Source: OWASP, CSV Injection.
_TRIGGERS: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
# A number or a phone number, which begin with a sign but call nothing.
_HARMLESS: Final = re.compile(r"[-+－＋][\d０-９\s,.．‐－ー()（）-]*[%％]?")
# After a sign only letters, another formula or a call can do harm; 「-休診」 and 「－」 cannot.
_ACTIVE: Final = re.compile(r"[A-Za-zＡ-Ｚａ-ｚ=@|!＝＠]")


def neutralise(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would run as a formula; leave the rest alone."""
    if not text.startswith(_TRIGGERS):
        return text
    if text[0] in "-+－＋" and (_HARMLESS.fullmatch(text) or not _ACTIVE.search(text)):
        return text
    return "'" + text
