"""What would tell who a person is, found in a text before it is kept. Pure.

Patterns catch what anybody may type; what is known of the person catches the rest.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

SHORTEST: Final = 2
OF_THE_PERSON: Final = "本人や家族の情報"
_PATTERNS: Final = (
    ("電話番号", re.compile(r"0\d{1,4}[-(\s]?\d{1,4}[-)\s]?\d{3,4}")),
    ("日付", re.compile(r"(?:\d{4}|明治|大正|昭和|平成|令和)\D{0,2}\d{0,4}\D?\d{1,2}\D\d{1,2}日?")),
    ("番号", re.compile(r"(?<!\d)[0-9H]\d{6,}(?!\d)")),
    ("メールアドレス", re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")),
    ("番地", re.compile(r"\d+丁目|\d+番地|\d+-\d+-\d+")),
    ("名前", re.compile(r"([一-龠々ァ-ヶー]{1,8})(?:さん|様|氏|殿|くん|ちゃん)")),
)
# Words that are followed by さん or 様 and name nobody.
_NOBODY: Final = frozenset(
    [
        "患者",
        "家族",
        "本人",
        "利用者",
        "入居者",
        "入所者",
        "奥",
        "長男",
        "長女",
        "次男",
        "次女",
        "娘",
        "息子",
        "嫁",
        "夫",
        "妻",
        "母",
        "父",
        "医者",
        "看護師",
        "隊員",
        "救急隊",
        "消防",
        "職員",
        "施設",
        "病院",
        "ケアマネ",
        "ケアマネジャー",
        "ヘルパー",
        "皆",
        "医師",
        "隣人",
        "親族",
        "代理人",
    ]
)


def identifiers_in(text: str, known: Iterable[str] = ()) -> list[tuple[str, str]]:
    """(what kind, as it stands in the text) of everything that points at a person."""
    folded = unicodedata.normalize("NFKC", text)
    found = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(folded):
            if kind == "名前" and match.group(1) in _NOBODY:
                continue
            found.append((kind, match.group(0)))
    bare = re.sub(r"\s+", "", folded)
    for word in known:
        plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", word))
        if len(plain) >= SHORTEST and plain in bare:
            found.append((OF_THE_PERSON, plain))
    return list(dict.fromkeys(found))


def names_of(name: str) -> list[str]:
    """A name as it may be typed: whole, and each part that is long enough to be one."""
    parts = unicodedata.normalize("NFKC", name).split()
    return [name, *(part for part in parts if len(part) >= SHORTEST)] if len(parts) > 1 else [name]
