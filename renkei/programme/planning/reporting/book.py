"""The pages of a report while it is written: no number gets in without its footnote."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from renkei.foundation.areas.models import Area
from renkei.programme.indicators.evidence import frozen
from renkei.programme.indicators.models import Indicator
from renkei.programme.indicators.periods import Period
from renkei.programme.indicators.queries.values import reading
from renkei.programme.planning.reporting.counters import COUNTERS, NONE
from renkei.programme.planning.reporting.numerals import has_loose_numbers, mark, marks_in
from renkei.programme.planning.reporting.records import SOURCES, text_of
from renkei.programme.planning.reporting.scope import Scope

Note = dict[str, Any]
Content = dict[str, Any]
WRITTEN: Final = "この報告のために書いた文"


@dataclass
class Book:
    """Blocks and footnotes in order; the same evidence keeps its number."""

    scope: Scope
    blocks: list[dict[str, Any]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    _known: dict[str, int] = field(default_factory=dict)

    # Figures ------------------------------------------------------------------------------------

    def count(self, code: str, key: str = "", label: str = "") -> str:
        """A number of the room's own records, counted now; 記録なし stays a word."""
        counter = COUNTERS[code]
        text = counter.count(self.scope, key)
        if text == NONE:
            return text
        note = {
            "kind": "count",
            "label": f"{counter.label}（{label}）" if label else counter.label,
            "text": text,
            "definition": counter.definition,
            "source": counter.source,
            "period": self.scope.label,
            "as_of": self.scope.day.isoformat(),
            "counter": {"code": code, "key": key, "value": text},
        }
        return text + self._mark(f"count:{code}:{key}", note)

    def reading(self, indicator: Indicator, area: Area, period: Period) -> str:
        """An indicator's value as the maker reads it, suppressed where it is small."""
        return self.kept(frozen(reading(self.scope.viewer, indicator, area, period)))

    def kept(self, kept: dict[str, Any] | None) -> str:
        """A reading frozen earlier: a goal's baseline or result."""
        if kept is None:
            return NONE
        if kept["value"] is None:
            return str(kept["text"])
        note = {
            "kind": "indicator",
            "label": f"{kept['name']}（{kept['code']}）　{kept['area_name']}",
            "text": kept["text"],
            "definition": f"{kept['definition_text']}（定義 第{kept['definition_number']}版）",
            "source": kept["source"],
            "period": kept["period_label"],
            "as_of": kept["as_of"] or "",
            "frozen": kept,
        }
        place = f"{kept['code']}:{kept['area_key']}:{kept['period_kind']}:{kept['period']}"
        return str(kept["text"]) + self._mark(f"{place}:{kept['value']}:{kept['frozen_on']}", note)

    def quote(self, model: str, record: Any, name: str, unit: str = "") -> str:
        """What somebody wrote; with a footnote where it holds a number."""
        text = text_of(record, name)
        if not text or not has_loose_numbers(text):
            return text
        label = record._meta.get_field(name).verbose_name  # noqa: SLF001 - Django's own way
        note = {
            "kind": "record",
            "label": str(label),
            "text": text + unit,
            "definition": "記録に書かれたとおりに載せました。",
            "source": SOURCES[model],
            "period": self.scope.label,
            "as_of": self.scope.day.isoformat(),
            "record": {"model": model, "uid": str(record.uid), "field": name, "value": text},
        }
        return text + unit + self._mark(f"{model}:{record.uid}:{name}", note)

    def named(self, text: str, figure: str) -> str:
        """The name of a number; where it holds digits itself, the number's footnote tells of it."""
        marks = marks_in(figure)
        return text + mark(marks[-1]) if marks and has_loose_numbers(text) else self.written(text)

    def written(self, text: str) -> str:
        """Words of no record: a place, a name. Numbers in them say where they come from."""
        if not has_loose_numbers(text):
            return text
        note = {
            "kind": "text",
            "label": WRITTEN,
            "text": text,
            "definition": "",
            "source": "連携の記録",
            "period": self.scope.label,
            "as_of": self.scope.day.isoformat(),
        }
        return text + self._mark(f"text:{text}", note)

    def _mark(self, place: str, note: Note) -> str:
        number = self._known.get(place)
        if number is None:
            number = self._known[place] = len(self.notes) + 1
            self.notes.append({"number": number, **note})
        return mark(number)

    # Blocks -------------------------------------------------------------------------------------

    def heading(self, text: str) -> None:
        self.blocks.append({"kind": "heading", "text": self.written(text)})

    def line(self, text: str) -> None:
        self.blocks.append({"kind": "line", "text": self.written(text)})

    def facts(self, rows: Sequence[tuple[str, str]]) -> None:
        self.blocks.append(
            {"kind": "facts", "rows": [[label, self.written(text)] for label, text in rows]}
        )

    def table(
        self, columns: Sequence[tuple[str, float | None]], rows: Sequence[Sequence[str]]
    ) -> None:
        """``columns``: names with their widths in millimetres; None shares what is left."""
        self.blocks.append(
            {
                "kind": "table",
                "columns": [list(one) for one in columns],
                "rows": [[self.written(cell) for cell in row] for row in rows],
            }
        )

    def content(self, *, title: str, town: str, source: str, compact: bool = False) -> Content:
        """Everything, as it is kept."""
        return {
            "title": title,
            "town": town,
            "source": source,
            "made_on": self.scope.day.isoformat(),
            "compact": compact,
            "blocks": self.blocks,
            "notes": self.notes,
        }


def digest_of(content: Content) -> str:
    """SHA-256 of the content in one fixed spelling."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
