"""What kind of file it is, by its content; the name is only asked to tell csv from plain text."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePath
from typing import Final

from django.core.exceptions import ValidationError

from renkei.foundation.common.media_types import CSV, DOCX, JPEG, PDF, PNG, TEXT, TIFF, XLSX

MIB: Final = 1024 * 1024
STANDARD_TYPES: Final = frozenset({PDF, JPEG, PNG, TIFF, XLSX, DOCX, CSV, TEXT})
# What a copier or a phone makes of paper.
SCAN_TYPES: Final = frozenset({PDF, JPEG, PNG, TIFF})
PICTURES: Final = frozenset({JPEG, PNG, TIFF})
OFFICE: Final = frozenset({XLSX, DOCX})
LABELS: Final = {
    PDF: "PDF",
    JPEG: "写真（JPEG）",
    PNG: "画像（PNG）",
    TIFF: "画像（TIFF）",
    XLSX: "Excel（xlsx）",
    DOCX: "Word（docx）",
    CSV: "CSV",
    TEXT: "テキスト",
}
ENDINGS: Final = {
    PDF: "pdf",
    JPEG: "jpg",
    PNG: "png",
    TIFF: "tif",
    XLSX: "xlsx",
    DOCX: "docx",
    CSV: "csv",
    TEXT: "txt",
}

_HEIF_BRANDS: Final = frozenset(
    {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"}
)
# First bytes, what it is, what to do.
_REFUSED: Final = (
    (b"GIF8", "GIFの画像", "JPEGかPNGで保存し直してください。"),
    (b"BM", "BMPの画像", "JPEGかPNGで保存し直してください。"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "古い形式のWord・Excelか、パスワード付きのファイル",
     "パスワードを外し、docxかxlsxで保存し直してください。"),
    (b"MZ", "プログラム", "書類や写真を選んでください。"),
    (b"\x7fELF", "プログラム", "書類や写真を選んでください。"),
    (b"#!", "プログラム", "書類や写真を選んでください。"),
    (b"{\\rtf", "リッチテキスト（RTF）の文書", "docxかPDFで保存し直してください。"),
    (b"\x1f\x8b", "圧縮されたファイル", "展開してから選んでください。"),
    (b"7z\xbc\xaf", "圧縮されたファイル", "展開してから選んでください。"),
    (b"Rar!", "圧縮されたファイル", "展開してから選んでください。"),
)  # fmt: skip
_MACROS: Final = ("vbaproject.bin", "vbadata.xml", "macrosheets/", "activex/")
_LOOKED_AT: Final = 1024


class FileRefused(ValidationError):  # noqa: N818 - what happened to it
    """A file that is not taken: one sentence says why and what to do."""


def sniff(content: bytes, *, name: str = "") -> str:
    """The media type of the content.

    Raises:
        FileRefused: empty, or of a kind that is not taken.
    """
    if not content.strip(b"\x00 \t\r\n"):
        raise FileRefused("ファイルが空です。中身のあるファイルを選んでください。")
    head = content[:_LOOKED_AT]
    _refuse_known(head)
    if b"%PDF-" in head:
        return PDF
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith((b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")):
        return TIFF
    if head.startswith(b"PK"):
        return _office_kind(content)
    return _text_kind(content, name)


def refuse_kind(what: str, allow: frozenset[str]) -> FileRefused:
    """The sentence for a kind that this place does not take."""
    taken = "・".join(LABELS[each] for each in LABELS if each in allow)
    return FileRefused(f"{what}は、ここでは使えません。{taken}のどれかを選んでください。")


def _refuse_known(head: bytes) -> None:
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        raise FileRefused(
            "HEIC形式の写真は使えません。iPhoneの「設定」→「カメラ」→「フォーマット」で"
            "「互換性優先」を選んで撮り直すか、JPEGで保存し直してください。"
        )
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        raise FileRefused("WebPの画像は使えません。JPEGかPNGで保存し直してください。")
    for signature, what, remedy in _REFUSED:
        if head.startswith(signature):
            raise FileRefused(f"{what}は使えません。{remedy}")


def _office_kind(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [entry.filename.lower() for entry in archive.infolist()]
    except (zipfile.BadZipFile, ValueError, OSError, RuntimeError, NotImplementedError) as error:
        raise FileRefused(
            "ファイルが途中で切れているか、壊れています。元のファイルを開いて保存し直してください。"
        ) from error
    if any(macro in name for name in names for macro in _MACROS):
        raise FileRefused(
            "マクロの入ったファイルは使えません。マクロのない形式（xlsx、docx）で保存し直してください。"
        )
    if "xl/workbook.xml" in names:
        return XLSX
    if "word/document.xml" in names:
        return DOCX
    raise FileRefused(
        "zipなどのまとめたファイルは使えません。展開して、中のファイルを選んでください。"
    )


def _text_kind(content: bytes, name: str) -> str:
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start == b"<":
        raise FileRefused(
            "Webページや設定のファイル（HTML、XML、SVG）は使えません。"
            "PDFで保存し直すか、文章だけをテキストで保存してください。"
        )
    if _is_text(content):
        return CSV if PurePath(name).suffix.lower() in {".csv", ".tsv"} else TEXT
    raise FileRefused(
        "この種類のファイルは使えません。PDF・JPEG・PNG・TIFF・xlsx・docx・CSV・テキストの"
        "どれかで保存し直してください。"
    )


def _is_text(content: bytes) -> bool:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not any(ord(each) < ord(" ") and each not in "\t\r\n\f" for each in text)
    return False
