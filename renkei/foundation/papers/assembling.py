"""The sheets of one ticket as one PDF, upright, with the dots they were scanned with."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass

import pypdf
from PIL import Image, ImageOps

from renkei.foundation.common.media_types import PDF
from renkei.foundation.papers import pictures
from renkei.foundation.papers.reading import DPI, squared


@dataclass(frozen=True)
class Leaf:
    """One page of a scanned file."""

    content: bytes
    media_type: str
    index: int
    turn: int


def bound(leaves: Iterable[Leaf]) -> bytes:
    """All leaves as one PDF; pages of a PDF stay as they are, turned by a mark."""
    writer = pypdf.PdfWriter()
    for leaf in leaves:
        if leaf.media_type == PDF:
            source = pypdf.PdfReader(io.BytesIO(leaf.content))
            if source.is_encrypted:
                source.decrypt("")
            page = writer.add_page(source.pages[leaf.index])
            if leaf.turn:
                page.rotate(leaf.turn)
        else:
            writer.add_page(pypdf.PdfReader(io.BytesIO(_picture_pdf(leaf))).pages[0])
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _picture_pdf(leaf: Leaf) -> bytes:
    with pictures.opened(leaf.content, leaf.media_type) as picture:
        picture.seek(leaf.index)
        page = squared(ImageOps.exif_transpose(picture))
        across, _ = picture.info.get("dpi") or (DPI, DPI)
        if leaf.turn:
            page = page.rotate(-leaf.turn, expand=True)
        page = pictures.bare(page)
        if page.mode not in {"1", "L", "RGB"}:
            page = page.convert("RGB")
        buffer = io.BytesIO()
        page.save(buffer, "PDF", resolution=_likely(float(across), page))
    return buffer.getvalue()


def _likely(dpi: float, page: Image.Image) -> float:
    """Dots an inch; a picture that does not know, or not truly, is an A4 sheet."""
    a4_inches = 297 / 25.4
    return dpi if dpi > DPI / 4 else max(page.size) / a4_inches
