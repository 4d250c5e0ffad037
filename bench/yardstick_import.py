"""The bare cost of an import, for comparison: parse, bigrams, COPY, GIN build; nothing else.

One process, no repairs, no diff, no provenance, no search but by text: what a script would do
that only wants the same rows searchable.
"""

from __future__ import annotations

import csv
import io
import time
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import psycopg

CARE_TEXT = ("事業所名", "事業所名カナ", "サービスの種類", "住所", "電話番号", "法人の名称")
MEDICAL_TEXT = ("正式名称", "正式名称（フリガナ）", "名称", "フリガナ", "所在地")
CREATE = "CREATE TABLE yardstick (id bigserial, key text, name text, rest text, doc tsvector)"
LAST_POSITION = 16_383


def rows_of(folder: Path) -> Iterator[tuple[list[str], list[str]]]:
    """Header and cells of every facility row of care/ and medical/."""
    for path in sorted((folder / "care").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            yield from _records(stream)
    for path in sorted((folder / "medical").glob("*.zip")):
        with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as raw:
            records = _records(io.TextIOWrapper(raw, "utf-8-sig", newline=""))
            # Hours are parsed as well, because the import attaches them; they are no facilities.
            yield from (() if "_speciality_hours_" in path.name else records)
            for _ in records:
                pass


def _records(stream: Iterable[str]) -> Iterator[tuple[list[str], list[str]]]:
    reader = csv.reader(stream)
    header = next(reader)
    for cells in reader:
        yield header, cells


def document(texts: list[str]) -> str:
    """A tsvector literal of hex bigrams with positions."""
    places: dict[str, list[str]] = {}
    position = 0
    for text in texts:
        folded = unicodedata.normalize("NFKC", text).lower()
        for index in range(len(folded) - 1):
            position += 1
            lexeme = f"x{ord(folded[index]):04x}{ord(folded[index + 1]):04x}"
            places.setdefault(lexeme, []).append(str(min(position, LAST_POSITION)))
        position += 1
    return " ".join(f"{lexeme}:{','.join(at)}" for lexeme, at in places.items())


def run(url: str, folder: Path) -> dict[str, float]:
    """Do it; the rows, and seconds by step and in total."""
    start = time.perf_counter()
    count = 0
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(CREATE)
        known: list[str] = []
        wanted: list[int] = []
        with cursor.copy("COPY yardstick (key, name, rest, doc) FROM STDIN") as copy:
            for header, cells in rows_of(folder):
                if header is not known:
                    names = CARE_TEXT if "事業所番号" in header else MEDICAL_TEXT
                    known, wanted = header, [header.index(n) for n in names if n in header]
                texts = [cells[place] for place in wanted]
                copy.write_row((cells[0], texts[0], "\t".join(cells), document(texts)))
                count += 1
        loaded = time.perf_counter()
        cursor.execute("SET maintenance_work_mem = '256MB'")
        cursor.execute("CREATE INDEX ON yardstick USING gin (doc)")
        cursor.execute("SELECT 1")
        built = time.perf_counter()
        cursor.execute("DROP TABLE yardstick")
    return {
        "rows": count,
        "load_s": loaded - start,
        "index_s": built - loaded,
        "total_s": built - start,
    }
