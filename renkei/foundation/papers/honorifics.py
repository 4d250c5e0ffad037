"""「様」 for a person, 「御中」 for an office: what stands behind a name on a cover.

Source: the usual forms of business letters; one of the two, never both.
"""

from __future__ import annotations

import re
from typing import Final

# Whoever typed the word already knew better.
_TYPED: Final = re.compile(r"(様|さま|御中|殿|先生|各位|行|宛|あて)$")
_OFFICE: Final = re.compile(
    r"(課|係|班|署|窓口|受付|病棟|外来|医局|薬局|事務局|センター|チーム|ステーション|グループ"
    r"|病院|医院|診療所|事業所|委員会|御一同|^(内|外|眼|歯|産|小児)科|..室|..部|..科)$"
)
# Family names that look like a department.
_FAMILY_NAMES: Final = frozenset({"長谷部", "日下部", "曽我部", "曾我部", "長曽我部", "長宗我部"})


def addressed(*, name: str, organisation: str) -> tuple[str, str]:
    """The organisation and the name as they are written on a cover."""
    if not name:
        return f"{organisation}　御中" if _is_bare(organisation) else organisation, ""
    if not _is_bare(name):
        return organisation, name
    return organisation, f"{name}　{'御中' if _is_office(name) else '様'}"


def _is_bare(text: str) -> bool:
    return bool(text) and not _TYPED.search(text)


def _is_office(name: str) -> bool:
    """「地域連携室」 but not 「地域連携室 服部」."""
    last = name.rsplit(maxsplit=1)[-1]
    return last not in _FAMILY_NAMES and _OFFICE.search(last) is not None
