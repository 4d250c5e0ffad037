"""xlsx and docx: held to their limits, and the pictures inside without their places."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Final

from renkei.foundation.papers.kinds import MIB, FileRefused
from renkei.foundation.papers.pictures import jpeg_without_traces, png_without_traces

MAX_UNPACKED: Final = 300 * MIB
MAX_ENTRIES: Final = 5000
# Text packs well; beyond this, and large, it is made to burst.
MAX_RATIO: Final = 200
RATIO_MATTERS_FROM: Final = 16 * MIB
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError)
_TRACES: Final = (b"Exif\x00\x00", b"http://ns.adobe.com/xap/", b"Photoshop 3.0", b"MPF\x00")


def cleaned(content: bytes) -> bytes:
    """The document; made anew only where a picture inside tells where it was taken.

    Raises:
        FileRefused: it would burst when unpacked, is protected, or broken.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check(archive, len(content))
            changed = _pictures_with_traces(archive)
            return _rewritten(archive, changed) if changed else content
    except _BROKEN as error:
        raise FileRefused(
            "ファイルが途中で切れているか、壊れています。元のファイルを開いて保存し直してください。"
        ) from error


def _check(archive: zipfile.ZipFile, size: int) -> None:
    entries = archive.infolist()
    total = sum(entry.file_size for entry in entries)
    dense = total > RATIO_MATTERS_FROM and total > size * MAX_RATIO
    if total > MAX_UNPACKED or dense or len(entries) > MAX_ENTRIES:
        raise FileRefused(
            "展開すると大きくなりすぎるファイルです。必要なページやシートだけにして、"
            "保存し直してください。"
        )
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise FileRefused("パスワード付きのファイルは使えません。外して保存し直してください。")


def _pictures_with_traces(archive: zipfile.ZipFile) -> dict[str, bytes]:
    found = {}
    for entry in archive.infolist():
        if "/media/" not in entry.filename.lower():
            continue
        picture = archive.read(entry)
        if picture.startswith(b"\xff\xd8") and any(trace in picture for trace in _TRACES):
            found[entry.filename] = jpeg_without_traces(picture)
        elif picture.startswith(b"\x89PNG"):
            bare = png_without_traces(picture)
            if bare != picture:
                found[entry.filename] = bare
    return found


def _rewritten(archive: zipfile.ZipFile, changed: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in archive.infolist():
            body = changed.get(entry.filename)
            target.writestr(entry.filename, archive.read(entry) if body is None else body)
    return buffer.getvalue()
