"""From the words of a file to areas and indicators; loaded once per file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from renkei.foundation.areas.models import Area, AreaLevel
from renkei.foundation.areas.queries import areas_on, municipality_index
from renkei.foundation.areas.resolver import MunicipalityIndex
from renkei.foundation.common import clock
from renkei.foundation.common.spreadsheets.columns import fold_heading
from renkei.programme.indicators.models import Indicator, IndicatorVersion

_SPACE: Final = re.compile(r"[\s　]+")
_NATION: Final = ("全国", "日本", "国", "全国平均", "全国計", "全国値")
_LEVELS: Final = (
    AreaLevel.NATION,
    AreaLevel.PREFECTURE,
    AreaLevel.MUNICIPALITY,
    AreaLevel.WARD,
    AreaLevel.TERTIARY_MEDICAL,
    AreaLevel.SECONDARY_MEDICAL,
    AreaLevel.HOME_CARE,
    AreaLevel.WIDE_AREA_UNION,
    AreaLevel.DAILY_LIVING,
)
# Words around the name of an indicator that change nothing: 「（人口10万対）」.
_BRACKETS: Final = re.compile(r"[（(［\[].*?[）)］\]]")
_CODE: Final = re.compile(r"\d{4,6}")
_PREFECTURE_DIGITS: Final = 2


def plain(text: str) -> str:
    """A name without width and spaces."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text))


@dataclass
class AreaBook:
    """Areas of today by code and name; ``home`` decides between two of one name."""

    home: str = ""
    _by_code: dict[str, Area] = field(default_factory=dict)
    _by_name: dict[str, list[Area]] = field(default_factory=dict)
    _by_pk: dict[int, Area] = field(default_factory=dict)
    _index: MunicipalityIndex = field(default_factory=lambda: MunicipalityIndex([]))

    @classmethod
    def load(cls, home: Area | None) -> AreaBook:
        """Every area of today, in two queries beside the former municipalities."""
        today = clock.today()
        book = cls(home.prefecture_code if home else "")
        areas = list(areas_on(today).filter(level__in=_LEVELS).order_by("code", "key"))
        for area in areas:
            if area.code:
                book._by_code[area.code] = area
            book._by_name.setdefault(plain(area.name), []).append(area)
            if area.level == AreaLevel.NATION:
                for name in _NATION:
                    book._by_name.setdefault(name, []).append(area)
        book._index = municipality_index(today)
        book._by_pk = {area.pk: area for area in areas}
        return book

    def by_code(self, text: str) -> Area | None:
        """Six digits, five, or with the leading zero lost; two digits are a prefecture."""
        digits = plain(text).removesuffix(".0")
        if digits.isdecimal() and len(digits) <= _PREFECTURE_DIGITS and int(digits):
            return next(
                (
                    area
                    for area in self._by_code.values()
                    if area.level == AreaLevel.PREFECTURE
                    and area.prefecture_code == digits.zfill(2)
                ),
                None,
            )
        if not _CODE.fullmatch(digits):
            return None
        if digits in {"00000", "000000"}:
            return next(iter(self._by_name.get("全国", [])), None)
        if digits in self._by_code:
            return self._by_code[digits]
        if digits.endswith("000"):
            return self.by_code(digits.zfill(5)[:2])
        row = self._index.by_code(digits.zfill(5) if len(digits) < 6 else digits)  # noqa: PLR2004
        return self._by_pk.get(row.id) if row else None

    def by_name(self, text: str, *, prefecture: str = "") -> Area | None:
        """The area of that name: in the named prefecture, else in one's own, else if only one."""
        name = plain(text)
        found = self._by_name.get(name, [])
        if not found:
            return self._behind_a_prefecture(name)
        if prefecture and (above := self.by_name(prefecture)):
            found = [area for area in found if area.prefecture_code == above.prefecture_code]
        elif len(found) > 1:
            near = [area for area in found if area.prefecture_code == self.home]
            found = near or found
        towns = [area for area in found if area.level == AreaLevel.MUNICIPALITY]
        if len(found) > 1 and len(towns) == 1:
            return towns[0]
        return found[0] if len(found) == 1 else None

    def _behind_a_prefecture(self, name: str) -> Area | None:
        """「埼玉県行田市」."""
        for end in (3, 4):
            above = self._by_name.get(name[:end], [])
            if above and above[0].level == AreaLevel.PREFECTURE and name[end:]:
                rest = self._by_name.get(name[end:].lstrip("_・/"), [])
                inside = [a for a in rest if a.prefecture_code == above[0].prefecture_code]
                if len(inside) == 1:
                    return inside[0]
        return None


@dataclass
class IndicatorBook:
    """Newest definitions by code, name and the names files use."""

    versions: dict[str, IndicatorVersion] = field(default_factory=dict)
    _by_word: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, indicators: Iterable[Indicator]) -> IndicatorBook:
        book = cls()
        for indicator in indicators:
            version = indicator.latest
            version.indicator = indicator
            book.versions[indicator.code] = version
            for word in (indicator.code, version.name, *version.aliases):
                book._by_word.setdefault(fold_heading(word), indicator.code)
                book._by_word.setdefault(fold_heading(_BRACKETS.sub("", word)), indicator.code)
        book._by_word.pop("", None)
        return book

    def find(self, text: str) -> IndicatorVersion | None:
        """The indicator a heading or cell names; brackets around it may differ."""
        for word in (text, _BRACKETS.sub("", text)):
            code = self._by_word.get(fold_heading(word))
            if code:
                return self.versions[code]
        return None

    def split_label(self, text: str) -> tuple[IndicatorVersion | None, str]:
        """「退院・退所加算 行田市」: the indicator at its beginning or end, and what is left."""
        folded = fold_heading(text)
        words = sorted(self._by_word, key=len, reverse=True)
        for word in words:
            if folded.startswith(word) or folded.endswith(word):
                rest = _without(text, word)
                return self.versions[self._by_word[word]], rest
        return None, text


def _without(text: str, word: str) -> str:
    """The text before or after the folded word."""
    normal = unicodedata.normalize("NFKC", text).strip()
    for cut in range(len(normal) + 1):
        if fold_heading(normal[:cut]) == word:
            return normal[cut:].strip(" :・/-()")
        if fold_heading(normal[cut:]) == word:
            return normal[:cut].strip(" :・/-()")
    return ""
