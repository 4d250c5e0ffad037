"""Reading a local list by its mapping: each row becomes typed official values, or one problem.

Rows that are no records (section titles, totals, notes) are problems too, so that every row of
the sheet is accounted for.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from renkei.foundation.common.kana import fold
from renkei.foundation.common.spreadsheets.columns import fold_heading
from renkei.foundation.common.spreadsheets.problems import FileProblem, UnreadableFile
from renkei.foundation.common.spreadsheets.read import Table, open_tables
from renkei.registry.facilities.catalogue import LOCAL
from renkei.registry.facilities.importers.list_columns import KEY, KIND, SKIP
from renkei.registry.facilities.importers.list_layout import Sheet, headings_of
from renkei.registry.facilities.importers.local import LocalMapping
from renkei.registry.facilities.importers.local_values import CellRepair, RowReader

# One filled cell in a list of several columns is a title, a total or a note.
_NO_RECORD = re.compile(r"^(合計|小計|総計|計$|※|注[)）:：意]|【|■|●|○|◆|◎|＜|<|（注)")
LONGEST_KEY = 40
# More kinds than these are no kinds but names.
MOST_KINDS = 100


@dataclass(frozen=True)
class LocalRow:
    """One record of a list: values by column of ``ListingValues``."""

    row_number: int
    values: dict[str, object]
    repairs: tuple[CellRepair, ...]


def read_local_list(
    path: Path, *, name: str, mapping: LocalMapping
) -> Iterator[LocalRow | FileProblem]:
    """Yield every row under the header as a record or as a problem, in the order of the sheet.

    Raises:
        UnreadableFile: the sheet or a mapped column is missing, or nothing can be read.
    """
    table = _table(path, name, mapping)
    header_rows: list[tuple[int, tuple[str, ...]]] = []
    reader: RowReader | None = None
    problems_seen = 0
    above = ""  # the kind column is often merged over the rows of one kind
    for number, cells in table.rows():
        if number <= mapping.header_last:
            header_rows.append((number, tuple(cell.strip() for cell in cells)))
            continue
        reader = reader or _reader(table, header_rows, mapping)
        yield from table.problems[problems_seen:]
        problems_seen = len(table.problems)
        row, above = _row(number, [cell.strip() for cell in cells], reader, above)
        yield row
    if reader is None:
        raise UnreadableFile(
            table.place, "見出しの下に行がありません。中身のあるシートを選んでください。"
        )
    yield from table.problems[problems_seen:]


def distinct_kinds(path: Path, *, name: str, mapping: LocalMapping) -> list[str]:
    """The words of the kind column, each once, in the order of the sheet; at most 100.

    Raises:
        UnreadableFile: as ``read_local_list``.
    """
    places = mapping.positions(KIND)
    if not places:
        return []
    table = _table(path, name, mapping)
    found: dict[str, None] = {}
    for number, cells in table.rows():
        if number > mapping.header_last and (words := cells[places[0]].strip()):
            if not _NO_RECORD.match(words) and sum(map(bool, cells)) > 1:
                found.setdefault(words)
            if len(found) == MOST_KINDS:
                break
    return list(found)


def _table(path: Path, name: str, mapping: LocalMapping) -> Table:
    tables = list(open_tables(path, name=name, has_header=False))
    for table in tables:
        if table.sheet == mapping.sheet:
            return table
    if len(tables) == 1:
        return tables[0]
    sheets = "」「".join(table.sheet or table.file_name for table in tables)
    raise UnreadableFile(
        name, f"シート「{mapping.sheet}」がありません。「{sheets}」から選び直してください。"
    )


def _reader(
    table: Table, header_rows: list[tuple[int, tuple[str, ...]]], mapping: LocalMapping
) -> RowReader:
    """Find the mapped columns by their headings in this file, wherever they stand now.

    Raises:
        UnreadableFile: a column with a meaning is missing; it is named.
    """
    sheet = Sheet(table.file_name, table.sheet, table.encoding, tuple(header_rows))
    # So that problems of single cells name the column, not its letter.
    table.header = headings_of(sheet, mapping.header)
    places = {fold_heading(heading): index for index, heading in enumerate(table.header)}
    missing = [
        column.heading
        for column in mapping.columns
        if column.target != SKIP and fold_heading(column.heading) not in places
    ]
    if missing:
        raise UnreadableFile(
            table.place,
            f"見出し「{'」「'.join(missing)}」の列がありません。列の名前が変わったときは、"
            "「列の対応」でどの列かを選び直してください。",
            row=mapping.header_last,
        )
    positions = [places.get(fold_heading(column.heading), -1) for column in mapping.columns]
    return RowReader(table.place, mapping, positions)


def _row(
    number: int, cells: Sequence[str], reader: RowReader, above: str
) -> tuple[LocalRow | FileProblem, str]:
    """One row, and the kind that a blank cell in the next row means."""
    filled = [cell for cell in cells if cell]
    if _NO_RECORD.match(filled[0]) or (len(filled) == 1 and len(reader.mapping.columns) > 1):
        problem = FileProblem(
            reader.place,
            number,
            "",
            filled[0][:60],
            "見出しや注の行と見て、読みませんでした。記録であれば、名称の列に入れてください。",
        )
        return problem, above
    row = reader.start(number, cells)
    words = row.cell(KIND)
    if not words and above and reader.mapping.positions(KIND):
        row.repair(KIND, "", above, "kind_from_above")
        words = above
    values = row.values()
    code = reader.mapping.kind_of(words)
    if not code:
        row.problem(
            KIND,
            words,
            f"サービスの種類「{words}」が何にあたるかを「列の対応」で選んでください。"
            if words
            else "サービスの種類が空です。種類を入力してください。",
        )
    if row.first_problem:
        return row.first_problem, words
    values |= {
        "source": LOCAL,
        "dataset": reader.mapping.dataset,
        "service_code": code,
        "source_key": _identity(reader.mapping, row.cell(KEY), values),
    }
    return LocalRow(number, values, tuple(row.repairs)), words


def _identity(mapping: LocalMapping, key: str, values: dict[str, object]) -> str:
    """Who a record is: the list's own number, otherwise name and address."""
    if mapping.positions(KEY) and key:
        plain = re.sub(r"\s+", "", key)
    else:
        text = f"{fold(str(values['name']))}|{fold(str(values.get('address', '')))}"
        plain = hashlib.sha256(text.encode()).hexdigest()[:16]
    if len(plain) > LONGEST_KEY:
        plain = hashlib.sha256(plain.encode()).hexdigest()[:16]
    return f"{mapping.list_key}:{plain}"
