"""Whether a text for a free group names a person or holds one's number (T-MCS4)."""

from __future__ import annotations

import re
import unicodedata

from renkei.care.patients.visibility import patients_visible_to
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import kana

# 被保険者番号 (10 digits, H and nine digits), 個人番号 (12 digits).
# Source: domain/forms.md §1 (被保険者番号), 番号法 2条5項.
_NUMBER = re.compile(r"(?<![0-9A-Za-z])(?:[0-9]{10}|H[0-9]{9}|[0-9]{12})(?![0-9A-Za-z])")
# A reading of three letters is inside too many words.
SHORTEST_NAME, SHORTEST_KANA = 3, 5


def names_a_person(viewer: Viewer, text: str) -> str:
    """What in the text looks like a person, as a sentence; "" for nothing. Never the name itself.

    Compared with the persons this viewer may see: of others they are not to learn anything here.
    """
    if _NUMBER.search(unicodedata.normalize("NFKC", text)):
        return "番号（被保険者番号など）に見える数字があります。"
    folded = kana.fold(text)
    rows = patients_visible_to(viewer).values_list("name_key", "kana_key", "insured_number")
    for name, reading, number in rows.iterator():
        named = len(name) >= SHORTEST_NAME and name in folded
        read = len(reading) >= SHORTEST_KANA and reading in folded
        if named or read or (number and number in folded):
            return "療養者の名前に見える文があります。"
    return ""
