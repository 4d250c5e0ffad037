"""PDF files: opened, counted, made into pictures, and rid of what runs by itself.

PDFium is not safe for threads, and a web process has several: every use holds one lock.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pypdf
import pypdfium2
import structlog
from PIL import Image
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, StreamObject

from renkei.foundation.papers.kinds import FileRefused
from renkei.foundation.papers.pictures import THUMBNAIL, jpeg_without_traces

log = structlog.get_logger(__name__)

MAX_PAGES: Final = 300
POINTS_PER_INCH: Final = 72
# A4 at 200 dpi is 1654 × 2339; a poster is drawn smaller instead of filling the memory.
MAX_SIDE: Final = 4000
_LOCK: Final = threading.Lock()
# A link leads somewhere when a person presses it; everything else acts by itself or sends data.
_HARMLESS: Final = frozenset({"/GoTo", "/URI", "/Named"})
_LOUD: Final = frozenset({"/RichMedia", "/Screen", "/Movie", "/Sound", "/3D", "/FileAttachment"})
BROKEN: Final = "PDFを開けません。開ける所で印刷の画面から「PDFに保存」し直してください。"
_BROKEN_PDF: Final = (
    PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError,
    OSError, AssertionError, NotImplementedError,
)  # fmt: skip


@contextmanager
def opened(content: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """The document, under the lock.

    Raises:
        FileRefused: broken, or opened only with a password.
    """
    with _LOCK:
        try:
            document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError as error:
            # PDFium may still tell the error of the file before; the trailer is never packed.
            if "password" in str(error).lower() and b"/Encrypt" in content:
                raise FileRefused(
                    "パスワード付きのPDFは使えません。パスワードを外して保存し直してください。"
                ) from error
            raise FileRefused(BROKEN) from error
        try:
            yield document
        except pypdfium2.PdfiumError as error:
            raise FileRefused(BROKEN) from error
        finally:
            document.close()


def page_count(content: bytes) -> int:
    """How many pages it has.

    Raises:
        FileRefused: broken, protected, empty, or of too many pages.
    """
    with opened(content) as document:
        count = len(document)
    if not count:
        raise FileRefused(BROKEN)
    if count > MAX_PAGES:
        raise FileRefused(f"ページが多すぎます（上限 {MAX_PAGES}ページ）。分けて保存してください。")
    return count


def page_picture(content: bytes, index: int, *, dpi: int, grayscale: bool = True) -> Image.Image:
    """One page, form fields drawn.

    Raises:
        FileRefused: broken.
    """
    with opened(content) as document:
        return _drawn(document, index, dpi / POINTS_PER_INCH, grayscale=grayscale)


def thumbnail_picture(content: bytes) -> Image.Image:
    """The first page, small.

    Raises:
        FileRefused: broken.
    """
    with opened(content) as document:
        width, height = document[0].get_size()
        scale = 2 * max(THUMBNAIL) / max(width, height, 1.0)
        return _drawn(document, 0, min(scale, 2.0), grayscale=False)


def _drawn(
    document: pypdfium2.PdfDocument, index: int, scale: float, *, grayscale: bool
) -> Image.Image:
    document.init_forms()
    page = document[index]
    width, height = page.get_size()
    fitting = MAX_SIDE / max(width, height, 1.0)
    bitmap = page.render(scale=min(scale, fitting), grayscale=grayscale)
    # A copy: the bitmap's memory goes with the document.
    picture: Image.Image = bitmap.to_pil().copy()
    return picture


def cleaned(content: bytes) -> bytes:
    """The document; made anew only where something in it runs, is attached, or tells a place.

    Raises:
        FileRefused: broken, or so made that it cannot be cleaned.
    """
    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            # No password is needed to open it, as PDFium has proved.
            reader.decrypt("")
        if not (_has_traces(content) or _acts(reader)):
            return content
        return _rewritten(reader)
    except _BROKEN_PDF as error:
        log.info("pdf.not_cleaned", error=type(error).__name__)
        raise FileRefused(BROKEN) from error


def _has_traces(content: bytes) -> bool:
    # A photograph lies in a PDF as it came from the camera; XMP is not packed as a rule.
    return b"Exif\x00\x00" in content or b"GPSL" in content


def _acts(reader: pypdf.PdfReader) -> bool:
    root = reader.trailer["/Root"].get_object()
    return bool(_loud_keys(root)) or any(
        "/AA" in page or any(_annotation_acts(each) for _, each in _annotations(page))
        for page in reader.pages
    )


def _loud_keys(root: Any) -> list[tuple[Any, str]]:
    """(dictionary, key) of what acts on opening, by script, or carries other files."""
    names = _inner(root, "/Names")
    form = _inner(root, "/AcroForm")
    found = [
        (root, "/AA"),
        (root, "/Collection"),
        (names, "/JavaScript"),
        (names, "/EmbeddedFiles"),
        (form, "/XFA"),
    ]
    found = [(holder, key) for holder, key in found if key in holder]
    opening = _inner(root, "/OpenAction")
    if opening and not _is_harmless(opening):
        found.append((root, "/OpenAction"))
    return found


def _inner(holder: Any, key: str) -> Any:
    """The dictionary under a key; an array (a place to jump to) counts as none."""
    value = holder.get(key)
    value = value.get_object() if value is not None else None
    return value if isinstance(value, DictionaryObject) else DictionaryObject()


def _annotations(page: Any) -> list[tuple[Any, Any]]:
    """(as it stands in the page's list, the annotation itself)."""
    found = page.get("/Annots")
    found = found.get_object() if found is not None else None
    if not isinstance(found, ArrayObject):
        return []
    each = [(entry, entry.get_object()) for entry in found]
    return [pair for pair in each if isinstance(pair[1], DictionaryObject)]


def _annotation_acts(annotation: Any) -> bool:
    action = _inner(annotation, "/A")
    return (
        "/AA" in annotation
        or annotation.get("/Subtype") in _LOUD
        or bool(action and not _is_harmless(action))
    )


def _is_harmless(action: Any) -> bool:
    return action.get("/S") in _HARMLESS and "/Next" not in action


def _rewritten(reader: pypdf.PdfReader) -> bytes:
    writer = pypdf.PdfWriter(clone_from=reader)
    root = writer.root_object
    for holder, key in _loud_keys(root):
        del holder[key]
    for page in writer.pages:
        page.pop("/AA", None)
        kept = ArrayObject()
        for entry, annotation in _annotations(page):
            annotation.pop("/AA", None)
            if _annotation_acts(annotation):
                annotation.pop("/A", None)
            if annotation.get("/Subtype") not in _LOUD:
                kept.append(entry)
        if "/Annots" in page:
            page[pypdf.generic.NameObject("/Annots")] = kept
    _take_places_out(writer)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _take_places_out(writer: pypdf.PdfWriter) -> None:
    for number in range(1, len(writer._objects) + 1):  # noqa: SLF001 - the only way to all objects
        found = writer.get_object(number)
        if isinstance(found, DictionaryObject):
            found.pop("/Metadata", None)
        if not isinstance(found, StreamObject) or found.get("/Subtype") != "/Image":
            continue
        if found.get("/Filter") in ("/DCTDecode", ["/DCTDecode"]):
            found._data = jpeg_without_traces(found._data)  # noqa: SLF001 - the bytes as they lie
