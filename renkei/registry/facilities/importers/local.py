"""How the columns of one local list become fields: decided by a person, remembered.

Reading by such a mapping is in ``local_rows``; proposals for a new list are in ``list_guess``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from renkei.registry.facilities.importers.list_columns import (
    KIND,
    OWN,
    SKIP,
    target_labels,
)
from renkei.registry.facilities.importers.list_layout import HeaderRows

# Several columns may fill these together: 都道府県＋市区町村＋番地, 市外局番＋番号, 月＋火＋….
JOINABLE = frozenset(
    {"address", "building", "phone", "fax", "days", "days_note", "departments", "remarks"}
)
MANY = JOINABLE | {OWN, SKIP}


@dataclass(frozen=True)
class Column:
    """One column of the list and what becomes of it."""

    heading: str
    target: str = OWN
    # For "そのほかの項目": the label readers see; who sees it is a decision of publication.
    label: str = ""


@dataclass(frozen=True)
class LocalMapping:
    """Everything needed to read the next edition of a list without asking again."""

    # Stable name of the list, part of each record's identity; ASCII, at most 16 characters.
    list_key: str
    list_name: str
    sheet: str = ""
    header_first: int = 1
    header_last: int = 1
    columns: tuple[Column, ...] = ()
    # One kind for the whole list, or by the words of the column mapped to KIND.
    service_code: str = ""
    kinds: Mapping[str, str] = field(default_factory=dict)
    # Whose list it is: the municipality of a row whose address names none.
    municipality_code: str = ""
    # Names of municipalities nearby that an address may begin with: {"架空市": "992011"}.
    municipalities: Mapping[str, str] = field(default_factory=dict)

    @property
    def header(self) -> HeaderRows:
        return HeaderRows(self.header_first, self.header_last)

    def positions(self, target: str) -> list[int]:
        """The columns mapped to a target, left to right."""
        return [i for i, column in enumerate(self.columns) if column.target == target]

    @property
    def own_columns(self) -> dict[int, str]:
        return {
            i: column.label or column.heading
            for i, column in enumerate(self.columns)
            if column.target == OWN
        }

    @property
    def dataset(self) -> str:
        """The list as a dataset of the source ``local``."""
        return f"list-{self.list_key}"

    def kind_of(self, words: str) -> str:
        """The service code for a cell of the KIND column; "" when nobody said."""
        return self.kinds.get(fold_kind(words), "") or self.service_code

    def to_json(self) -> dict[str, object]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, object]) -> LocalMapping:
        """What ``to_json`` wrote."""
        values: dict[str, Any] = dict(stored)
        columns = tuple(Column(**column) for column in values.pop("columns", ()))
        return cls(columns=columns, **values)


def fold_kind(words: str) -> str:
    return "".join(unicodedata.normalize("NFKC", words).split()).casefold()


def mapping_problems(mapping: LocalMapping, *, services: Mapping[str, str]) -> list[str]:
    """What keeps the mapping from being used, as sentences. ``services``: code → label."""
    return [*_column_problems(mapping), *_kind_problems(mapping, services)]


def _column_problems(mapping: LocalMapping) -> Iterator[str]:
    labels = target_labels()
    if not mapping.positions("name"):
        yield "「事業所の名称」にする列を1つ選んでください。"
    for column in mapping.columns:
        same = [other.heading for other in mapping.columns if other.target == column.target]
        if column.target not in labels:
            yield f"列「{column.heading}」の行き先を選び直してください。"
        elif column.target not in MANY and len(same) > 1 and column.heading == same[0]:
            yield (
                f"「{labels[column.target]}」に2つ以上の列（{'・'.join(same)}）が選ばれています。"
                "1つにしてください。"
            )
    own = list(mapping.own_columns.values())
    for label in sorted({label for label in own if own.count(label) > 1}):
        yield f"「そのほかの項目」の名前「{label}」が2つあります。別の名前にしてください。"


def _kind_problems(mapping: LocalMapping, services: Mapping[str, str]) -> Iterator[str]:
    if not mapping.service_code and not mapping.positions(KIND):
        yield "この一覧のサービスの種類を選ぶか、種類が書かれた列を選んでください。"
    codes = {mapping.service_code, *mapping.kinds.values()} - {""}
    if codes - set(services):
        yield "サービスの種類を一覧から選び直してください。"
