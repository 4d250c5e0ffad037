"""PDF by typst: tagged (PDF/UA-1), fonts embedded, A4 or A3, data never taken for markup."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import pypdf
import structlog
import typst

import renkei
from renkei.foundation.common import clock, eras
from renkei.foundation.common.documents.fonts import font_paths, load_fonts, printable_characters

log = structlog.get_logger(__name__)

# Templates lie inside the package and name each other from here:
# #import "/foundation/common/documents/templates/renkei.typ": *
ROOT: Final = Path(renkei.__file__).parent
GETA: Final = "〓"
UNTITLED: Final = "無題"
# Drawn by no font and needed by none: line ends, joiners, variation selectors.
_INVISIBLE: Final = re.compile(
    "[\t\n\r\u00ad\u200b-\u200f\u2028\u2029\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]"
)
# JSON writes control characters as escapes: \u0000, \b, \f.
_ESCAPED_CONTROL: Final = re.compile(r"\\(?:u00|[bf])")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class PdfError(RuntimeError):
    """The template is wrong: typst refused it or warned."""


def compile_pdf(
    template: str | Path, data: Mapping[str, Any], *, title: str, lang: str = "ja"
) -> bytes:
    """Set a document.

    ``template`` is a file inside the package, or typst source. It finds ``data`` and ``title`` by
    importing ``renkei.typ``; they travel as JSON, so no value can become markup. A character no
    font has is printed as 〓 (``missing_characters`` tells which before).

    Raises:
        PdfError: the template does not compile, or compiles with a warning.
    """
    paths = tuple(font_paths())
    printable, missing = _printable({"title": title, "lang": lang, "data": data}, paths)
    if not _INVISIBLE.sub("", printable["title"]).strip():
        # PDF/UA wants a title that can be read aloud.
        printable["title"] = UNTITLED
    if missing:
        log.warning("pdf.characters_missing", codes=[f"U+{ord(each):04X}" for each in missing])
    # Bytes are typst source; a text would be taken for a path.
    source: Any = template if isinstance(template, Path) else template.encode()
    compiler = typst.Compiler(
        root=str(ROOT), font_paths=load_fonts(paths), ignore_system_fonts=True
    )
    try:
        pdf, warnings = compiler.compile_with_warnings(
            input=source,
            format="pdf",
            sys_inputs={"document": json.dumps(printable, ensure_ascii=False)},
            pdf_standards=["ua-1"],
            timestamp=int(clock.now().timestamp()),
        )
    except typst.TypstError as error:
        raise PdfError("\n".join([error.message, *error.hints, error.diagnostic])) from error
    if warnings:
        raise PdfError("\n".join(warning.message for warning in warnings))
    if not isinstance(pdf, bytes):
        raise PdfError("the template made no single document")
    return pdf


def head(*, town: str, name: str, issued_on: date, source: str) -> dict[str, str]:
    """What stands at the top and foot of every page, as the template's ``data.head``."""
    return {
        "town": town,
        "name": name,
        "issued": f"{eras.format_long(issued_on)}発行",
        "source": source,
    }


def missing_characters(data: Any) -> list[str]:
    """The characters of the data that no font of ours can draw, each once, in order."""
    return _printable(data, tuple(font_paths()))[1]


def _printable(data: Any, paths: tuple[Path, ...]) -> tuple[Any, list[str]]:
    """The data as JSON can hold it and the fonts can draw it, and what had to be replaced."""
    text = json.dumps(data, ensure_ascii=False, default=_as_text)
    drawable = printable_characters(paths)
    # Few of a text's characters are different ones, so only those are looked up.
    unknown = {each for each in set(text) - drawable if not _INVISIBLE.match(each)}
    if not unknown and not _ESCAPED_CONTROL.search(text):
        return json.loads(text), []
    found: dict[str, None] = {}

    def clean(value: Any) -> Any:
        if isinstance(value, str):
            found.update(dict.fromkeys(each for each in value if each in unknown))
            drawn = "".join(GETA if each in unknown else each for each in value)
            return _CONTROL.sub("", drawn)
        if isinstance(value, list):
            return [clean(each) for each in value]
        if isinstance(value, dict):
            return {clean(key): clean(each) for key, each in value.items()}
        return value

    return clean(json.loads(text)), list(found)


def _as_text(value: object) -> str:
    """Dates, decimals, uuids and lazy translations as their text."""
    return value.isoformat() if isinstance(value, date) else str(value)


def joined(documents: Sequence[bytes]) -> bytes:
    """Several PDFs one behind the other."""
    writer = pypdf.PdfWriter()
    for document in documents:
        writer.append(io.BytesIO(document))
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()
