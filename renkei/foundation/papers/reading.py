"""Scanned pages: which sheet of which ticket, which way up, or blank. Nothing here decides.

Rotation is no trouble for the reader, noise and coarse FAX lines are: after the page as it is
come smoother, larger and harder versions of it, until one is read.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import zxingcpp
from PIL import Image, ImageFilter, ImageOps

from renkei.foundation.common.media_types import PDF
from renkei.foundation.papers import pdfs, pictures
from renkei.foundation.papers.kinds import FileRefused
from renkei.foundation.papers.numbers import TicketPage, read_qr

DPI: Final = 200
LONG_SIDE: Final = 3600
# A small picture of a page, from a phone or a thumbnail, is made larger before it is read.
SHORT_SIDE: Final = 1400
QUARTER: Final = 90
# Noise survives here as light gray; a line of writing makes dozens of dark spots.
_BLOCK: Final = 8
_QR: Final = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_SPOT: Final = 190
_SPOTS_OF_A_BLANK: Final = 4


@dataclass(frozen=True)
class ReadPage:
    """One page: the sheets its QR codes name, and how far to turn it clockwise."""

    index: int
    digest: str
    sheets: tuple[TicketPage, ...]
    turn: int
    blank: bool


def page_total(content: bytes, media_type: str) -> int:
    """How many pages a scan has.

    Raises:
        FileRefused: it cannot be opened.
    """
    if media_type == PDF:
        return pdfs.page_count(content)
    with pictures.opened(content, media_type) as picture:
        return int(getattr(picture, "n_frames", 1))


def page_picture(content: bytes, media_type: str, index: int, *, dpi: int = DPI) -> Image.Image:
    """One page in shades of gray, with square dots.

    Raises:
        FileRefused: it cannot be opened.
    """
    if media_type == PDF:
        return pdfs.page_picture(content, index, dpi=dpi)
    with pictures.opened(content, media_type) as picture:
        picture.seek(index)
        return squared(ImageOps.exif_transpose(picture)).convert("L")


def squared(picture: Image.Image) -> Image.Image:
    """With as many dots a millimetre down as across; a coarse FAX has half of them.

    Source: ITU-T T.4 (standard resolution: 3.85 lines a millimetre).
    """
    across, down = picture.info.get("dpi") or (1, 1)
    if across and down and float(across) > 1.2 * float(down):
        ratio = float(across) / float(down)
        return picture.convert("L").resize((picture.width, round(picture.height * ratio)))
    return picture


def read_page(content: bytes, media_type: str, index: int) -> ReadPage:
    """Read one page.

    Raises:
        FileRefused: it cannot be opened.
    """
    try:
        picture = page_picture(content, media_type, index)
    except (IndexError, EOFError) as error:
        raise FileRefused(pictures.BROKEN) from error
    size = f"{picture.width}x{picture.height}".encode()
    sheets, turn = read_codes(picture)
    return ReadPage(
        index=index,
        digest=hashlib.sha256(size + picture.tobytes()).hexdigest(),
        sheets=sheets,
        turn=turn,
        blank=not sheets and is_blank(picture),
    )


def read_codes(picture: Image.Image) -> tuple[tuple[TicketPage, ...], int]:
    """The different sheets a page names, and how far to turn it clockwise to stand upright."""
    for version in _versions(picture):
        found = {}
        for code in zxingcpp.read_barcodes(version, formats=_QR, try_invert=False):
            sheet = read_qr(code.text)
            if sheet is not None:
                found[sheet] = _turn(code.orientation)
        if found:
            return tuple(sorted(found)), next(iter(found.values()))
    return (), 0


def _turn(orientation: int) -> int:
    """Back from the way the code lies, in quarters."""
    return round(-orientation / QUARTER) * QUARTER % 360


def _versions(picture: Image.Image) -> Iterator[Image.Image]:
    """The page as it is, then made easier to read in other ways; each is only made if needed."""
    page = _in_reach(picture.convert("L"))
    yield page
    # Specks of dust and of a bad line.
    quiet = page.filter(ImageFilter.MedianFilter(3))
    yield quiet
    # Rags of black and white, of a machine that knows no gray.
    soft = page.filter(ImageFilter.GaussianBlur(1.5))
    yield soft
    larger = page.resize((page.width * 3 // 2, page.height * 3 // 2), Image.Resampling.BICUBIC)
    yield larger.filter(ImageFilter.GaussianBlur(2))
    # Thin or fat print.
    for level in (96, 176):
        yield soft.point([0 if shade < level else 255 for shade in range(256)])
    yield ImageOps.autocontrast(quiet.filter(ImageFilter.GaussianBlur(2.5)), cutoff=2)


def _in_reach(page: Image.Image) -> Image.Image:
    """Neither too large to be quick nor too small to have dots enough for a module."""
    if max(page.size) > LONG_SIDE:
        return ImageOps.contain(page, (LONG_SIDE, LONG_SIDE))
    if min(page.size) < SHORT_SIDE:
        factor = min(3.0, SHORT_SIDE / min(page.size))
        size = (round(page.width * factor), round(page.height * factor))
        return page.resize(size, Image.Resampling.BICUBIC)
    return page


def is_blank(picture: Image.Image) -> bool:
    """Nothing on it but dust: the back of a sheet that went through a two-sided scanner."""
    spots = sum(picture.reduce(_BLOCK).histogram()[:_SPOT])
    return spots <= _SPOTS_OF_A_BLANK


def picture_bytes(picture: Image.Image, turn: int) -> bytes:
    """A page for the screen, turned clockwise."""
    buffer = io.BytesIO()
    turned = picture.rotate(-turn, expand=True) if turn % 360 else picture
    turned.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()
