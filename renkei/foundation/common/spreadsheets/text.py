"""Delimited text: which encoding it is in, and its rows with the spreadsheet's row numbers."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final
from uuid import uuid4

from renkei.foundation.common.spreadsheets.problems import MIB, Limits, UnreadableFile

# The longest cell; Excel itself ends at 32,767 characters. A quote never closed runs into it.
MAX_CELL: Final = 131_072
CHUNK: Final = MIB
SAMPLE: Final = 64 * 1024
DELIMITERS: Final = (",", "\t", ";")

# Private use (外字), control characters, bytes no encoding explains, and the sign U+FFFD that
# another program left where it lost a character.
SUSPECT: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ue000-\uf8ff\ufffd-\uffff\U000f0000-\U0010ffff]"
)
BINARY: Final = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
NON_ASCII: Final = re.compile(rb"[\x80-\xff]")
# This many Japanese characters that are right in UTF-8 do not happen by chance in CP932.
SURE_OF_UTF8: Final = 20
# More undecodable bytes than this share is not a damaged text but another kind of file.
DAMAGED_SHARE: Final = 0.02

BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
NOT_A_TABLE = "表のファイルではありません。Excelで開いて、CSVまたはxlsxで保存し直してください。"


@dataclass(frozen=True, slots=True)
class TextFormat:
    """How a text is to be read. ``suspect`` = some rows need a look at each character."""

    encoding: str
    suspect: bool
    ends_with_newline: bool = True
    delimiter: str = ","


def detect_format(path: Path, *, name: str) -> TextFormat:
    """Find the encoding by BOM, then strict UTF-8, then strict CP932, over the whole file.

    Raises:
        UnreadableFile: the bytes are no text, or a line is so long that it is no table.
    """
    with path.open("rb") as stream:
        sample = stream.read(SAMPLE)
    if not sample.strip():
        raise UnreadableFile(name, "ファイルが空です。中身のあるファイルを選んでください。")
    encoding = _encoding_by_signature(sample)
    if encoding is None:
        _refuse_binary(sample, name=name)
        encoding = _encoding_by_trial(path, name=name)
    suspect, ends_with_newline = _scan(path, encoding, name=name)
    return TextFormat(encoding, suspect, ends_with_newline)


def _encoding_by_signature(sample: bytes) -> str | None:
    for mark, encoding in BOMS:
        if sample.startswith(mark):
            return encoding
    # UTF-16 without its mark: the ASCII digits and commas of a table leave a zero in every pair.
    pairs = len(sample) // 2
    if pairs and sample[1::2].count(0) > pairs * 0.05 and not sample[0::2].count(0):
        return "utf-16-le"
    if pairs and sample[0::2].count(0) > pairs * 0.05 and not sample[1::2].count(0):
        return "utf-16-be"
    return None


def _refuse_binary(sample: bytes, *, name: str) -> None:
    if len(BINARY.findall(sample)) > len(sample) * 0.01 + 2:
        raise UnreadableFile(name, NOT_A_TABLE)


def _encoding_by_trial(path: Path, *, name: str) -> str:
    error_at = _first_error(path, "utf-8")
    if error_at is None:
        return "utf-8"
    with path.open("rb") as stream:
        before = stream.read(min(error_at, SAMPLE))
    # Three bytes make one Japanese character in UTF-8.
    if len(NON_ASCII.findall(before)) >= SURE_OF_UTF8 * 3:
        return "utf-8"
    if _first_error(path, "cp932") is None:
        return "cp932"
    damaged = {encoding: _damaged_share(path, encoding) for encoding in ("cp932", "utf-8")}
    best = min(damaged, key=lambda encoding: damaged[encoding])
    if damaged[best] > DAMAGED_SHARE:
        raise UnreadableFile(
            name,
            "文字コードを判別できません。Excelで開き、"
            "「CSV UTF-8」またはxlsxで保存し直してください。",
        )
    return best


def _first_error(path: Path, encoding: str) -> int | None:
    """Offset of the first byte that is wrong in the encoding, or None."""
    decoder = codecs.getincrementaldecoder(encoding)()
    offset = 0
    with path.open("rb") as stream:
        while True:
            chunk = stream.read(CHUNK)
            pending = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return offset - pending + error.start
            if not chunk:
                return None
            offset += len(chunk)


def _damaged_share(path: Path, encoding: str) -> float:
    """Share of the sample's non-ASCII bytes that the encoding cannot explain."""
    with path.open("rb") as stream:
        sample = stream.read(SAMPLE)
    text = sample.decode(encoding, errors="surrogateescape")
    lost = sum(1 for character in text if "\udc80" <= character <= "\udcff")
    return lost / max(1, len(NON_ASCII.findall(sample)))


def _scan(path: Path, encoding: str, *, name: str) -> tuple[bool, bool]:
    """Look through the decoded text once: is any character suspect, does the last line end."""
    suspect = False
    last = ""
    with path.open(encoding=encoding, errors=_on_error(encoding), newline="") as stream:
        while chunk := stream.read(CHUNK):
            suspect = suspect or SUSPECT.search(chunk) is not None
            # Lines are held whole in memory, so one that never ends must not be started.
            if len(chunk) == CHUNK and "\n" not in chunk and "\r" not in chunk:
                raise UnreadableFile(name, NOT_A_TABLE)
            last = chunk[-1]
    return suspect, last in "\r\n"


def is_suspect(path: Path) -> bool:
    """Whether a file of our own making, in UTF-8, holds a suspect character."""
    with path.open(encoding="utf-8", newline="") as stream:
        return any(SUSPECT.search(chunk) for chunk in iter(lambda: stream.read(CHUNK), ""))


def _on_error(encoding: str) -> str:
    # The UTF-16 codecs know no surrogateescape.
    return "replace" if encoding.startswith("utf-16") else "surrogateescape"


def detect_delimiter(path: Path, encoding: str) -> str:
    """The separator that makes the first lines widest; a comma when nothing separates."""
    with path.open(encoding=encoding, errors=_on_error(encoding), newline="") as stream:
        sample = stream.read(SAMPLE)
    lines = sample.splitlines()[:30]

    def width(delimiter: str) -> int:
        return max((len(row) for row in csv.reader(lines, delimiter=delimiter)), default=0)

    return max(DELIMITERS, key=width)


def read_records(
    path: Path, text_format: TextFormat, *, name: str, limits: Limits
) -> Iterator[list[str]]:
    """Yield every record, the empty ones too: the n-th is the spreadsheet's row n.

    Raises:
        UnreadableFile: a quote is never closed, a cell or a row has no end, too many rows.
    """
    encoding, delimiter = text_format.encoding, text_format.delimiter
    # If the mark comes back as a row of its own, every quote before it was closed.
    mark = uuid4().hex
    end_line = mark + delimiter * (limits.max_columns + 1)
    record: list[str] = []
    number = 0
    with path.open(encoding=encoding, errors=_on_error(encoding), newline="") as stream:
        reader = csv.reader(chain(stream, (end_line,)), delimiter=delimiter)
        try:
            for number, record in enumerate(reader, start=1):
                if len(record) > limits.max_columns:
                    break
                if number > limits.max_rows:
                    raise UnreadableFile(
                        name,
                        f"行が{limits.max_rows:,}行を超えています。"
                        "ファイルを分けて取り込んでください。",
                    )
                yield record
        except csv.Error as error:
            raise _unclosed(name, number + 1) from error
    if not record or record[0] != mark:
        if len(record) > limits.max_columns:
            raise UnreadableFile(
                name,
                f"列が{limits.max_columns:,}列を超えています。"
                "区切りの文字と列の数を確かめてください。",
                row=number,
            )
        raise _unclosed(name, number)


def _unclosed(name: str, row: int) -> UnreadableFile:
    return UnreadableFile(
        name,
        '「"」で始まるセルが閉じていません。この行の「"」を確かめて、保存し直してください。',
        row=row,
    )
