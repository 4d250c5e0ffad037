"""What kind of file it is, by its first bytes, and the unpacking of zip archives within limits."""

from __future__ import annotations

import enum
import lzma
import mmap
import shutil
import tempfile
import weakref
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Final

from renkei.foundation.common.spreadsheets.problems import MIB, Limits, UnreadableFile

INSIDE: Final = " › "
TABLE_SUFFIXES: Final = frozenset(
    {".csv", ".tsv", ".tab", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".zip"}
)
TEXT_SUFFIXES: Final = frozenset({".txt"})
# Below this size a high ratio is harmless: a small file of one repeated letter compresses well.
RATIO_MATTERS_FROM: Final = 16 * MIB
# "EncryptedPackage" in the directory of an OLE file, as Excel writes it for a password.
ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

OTHER_KINDS: Final = (
    (b"%PDF", "PDF"),
    (b"\xff\xd8\xff", "画像（JPEG）"),
    (b"\x89PNG", "画像（PNG）"),
    (b"GIF8", "画像（GIF）"),
    (b"II*\x00", "画像（TIFF）"),
    (b"MM\x00*", "画像（TIFF）"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!", "RAR"),
    (b"MZ", "プログラム"),
    (b"{\\rtf", "ワープロの文書（RTF）"),
)
REMEDY: Final = "CSV、xlsx、xls、ods、またはこれらのzipを選んでください。"
DAMAGED_ARCHIVE: Final = (
    "ファイルが途中で切れているか、壊れています。もう一度ダウンロードするか、"
    "作った人から受け取り直してください。"
)


TOO_LARGE_UNPACKED: Final = (
    "展開すると大きくなりすぎるファイルです。"
    "元の表をExcelで開き、必要なシートだけを保存し直してください。"
)


class Kind(enum.Enum):
    TEXT = "text"
    WORKBOOK = "workbook"
    ARCHIVE = "archive"


class Scratch:
    """A private folder for unpacked files; it goes when the last table that reads it goes.

    All that one upload unpacks, archives within archives too, shares one allowance of bytes.
    """

    def __init__(self, allowance: int) -> None:
        self.left = allowance
        self._path: Path | None = None
        self._count = 0

    def new_path(self) -> Path:
        if self._path is None:
            self._path = Path(tempfile.mkdtemp(prefix="renkei-tables-"))
            weakref.finalize(self, shutil.rmtree, self._path, ignore_errors=True)
        self._count += 1
        return self._path / str(self._count)

    def spend(self, size: int, *, name: str) -> None:
        """Take the bytes from the allowance.

        Raises:
            UnreadableFile: nothing is left.
        """
        self.left -= size
        if self.left < 0:
            raise UnreadableFile(name, TOO_LARGE_UNPACKED)


def kind_of(path: Path, *, name: str, limits: Limits) -> Kind:
    """The kind by content; the name of the file is not asked.

    Raises:
        UnreadableFile: empty, too large, or of a kind that holds no table.
    """
    size = path.stat().st_size
    if size == 0:
        raise UnreadableFile(name, "ファイルが空です。中身のあるファイルを選んでください。")
    if size > limits.max_bytes:
        raise UnreadableFile(
            name,
            f"ファイルが大きすぎます（上限 {limits.max_bytes // MIB:,}MB）。"
            "ファイルを分けて取り込んでください。",
        )
    with path.open("rb") as stream:
        head = stream.read(1024)
    for signature, kind in OTHER_KINDS:
        if head.startswith(signature):
            raise UnreadableFile(name, f"{kind}のファイルです。{REMEDY}")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:15].lower().startswith((b"<!doctype html", b"<html")):
        raise UnreadableFile(
            name,
            "Webページ（HTML）です。ダウンロードが失敗していないか確かめ、"
            "Excelで開いてxlsxで保存し直してください。",
        )
    if head.startswith(OLE):
        return _kind_of_ole(path, name=name)
    if head.startswith(b"PK"):
        return _kind_of_zip(path, name=name)
    return Kind.TEXT


def _kind_of_ole(path: Path, *, name: str) -> Kind:
    # The directory may lie anywhere in the file.
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        encrypted = whole.find(ENCRYPTED) >= 0
    if encrypted:
        raise UnreadableFile(
            name,
            "パスワードで保護されています。Excelで開き、パスワードを外して保存し直してください。",
        )
    return Kind.WORKBOOK


def _kind_of_zip(path: Path, *, name: str) -> Kind:
    with open_archive(path, name=name) as archive:
        names = set(archive.namelist())
    if "word/document.xml" in names:
        raise UnreadableFile(name, f"Wordの文書です。{REMEDY}")
    if "ppt/presentation.xml" in names:
        raise UnreadableFile(name, f"PowerPointの文書です。{REMEDY}")
    if "[Content_Types].xml" in names or {"mimetype", "content.xml"} <= names:
        return Kind.WORKBOOK
    return Kind.ARCHIVE


def open_archive(path: Path, *, name: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise UnreadableFile(name, DAMAGED_ARCHIVE) from error


def check_archive(archive: zipfile.ZipFile, *, name: str, limits: Limits) -> None:
    """Refuse what would unpack beyond the limits, before anything is unpacked.

    The sizes are what the archive says of itself; ``unpack`` and the workbook process hold it to
    them.
    """
    entries = archive.infolist()
    total = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    too_dense = total > RATIO_MATTERS_FROM and total > packed * limits.max_ratio
    if total > limits.max_uncompressed_bytes or too_dense:
        raise UnreadableFile(name, TOO_LARGE_UNPACKED)
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise UnreadableFile(
            name, "パスワード付きのzipです。パスワードを外して作り直してください。"
        )


def unpack_tables(
    path: Path, *, name: str, scratch: Scratch, limits: Limits
) -> Iterator[tuple[str, Path]]:
    """Unpack the tables of an archive one by one: (name as shown to the user, unpacked file)."""
    with open_archive(path, name=name) as archive:
        check_archive(archive, name=name, limits=limits)
        if len(archive.infolist()) > limits.max_entries:
            raise UnreadableFile(
                name,
                f"zipの中のファイルが{limits.max_entries:,}個を超えています。"
                "分けて取り込んでください。",
            )
        entries = _table_entries(archive)
        if not entries:
            raise UnreadableFile(name, f"zipの中に表のファイルがありません。{REMEDY}")
        for entry in entries:
            shown = f"{name}{INSIDE}{_entry_name(entry)}"
            target = scratch.new_path()
            scratch.spend(entry.file_size, name=shown)
            _unpack(archive, entry, target, shown=shown)
            yield shown, target


def _table_entries(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The entries that can be tables; a readme.txt counts only where nothing else is there."""
    entries = [entry for entry in archive.infolist() if not _is_hidden(entry)]
    for suffixes in (TABLE_SUFFIXES, TEXT_SUFFIXES):
        found = [e for e in entries if PurePosixPath(e.filename).suffix.lower() in suffixes]
        if found:
            return found
    return []


def _is_hidden(entry: zipfile.ZipInfo) -> bool:
    """Folders, and what macOS and Office leave beside the real files."""
    parts = PurePosixPath(entry.filename).parts
    return entry.is_dir() or not parts or "__MACOSX" in parts or parts[-1].startswith((".", "~$"))


def _entry_name(entry: zipfile.ZipInfo) -> str:
    """The name as its author saw it: without the UTF-8 flag Windows means CP932, macOS UTF-8."""
    if entry.flag_bits & 0x800:
        return entry.filename
    raw = entry.filename.encode("cp437", errors="replace")
    for encoding in ("utf-8", "cp932"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, *, shown: str) -> None:
    """Write one entry to disk. ``zipfile`` stops at the size it declares and checks its CRC."""
    try:
        with archive.open(entry) as source, target.open("wb") as sink:
            _copy(source, sink)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError) as error:
        raise UnreadableFile(shown, DAMAGED_ARCHIVE) from error
    except (NotImplementedError, RuntimeError) as error:
        raise UnreadableFile(
            shown, "このzipの圧縮の形式は読めません。標準のzipで作り直してください。"
        ) from error


def _copy(source: IO[bytes], sink: IO[bytes]) -> None:
    shutil.copyfileobj(source, sink, length=MIB)
