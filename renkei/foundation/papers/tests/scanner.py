"""A copier, a scanner and a FAX machine, with everything they do to a sheet of paper.

Seeded: the same sheets come out of it every time.
"""

from __future__ import annotations

import io
import random
from collections.abc import Sequence

import numpy as np
from PIL import Image

from renkei.foundation.papers import pdfs

WHITE = 255
FAX_DPI = (204, 196)
COARSE_FAX_DPI = (204, 98)


def sheets_of(pdf: bytes, *, dpi: int = 200) -> list[Image.Image]:
    """What lies on the glass."""
    return [pdfs.page_picture(pdf, index, dpi=dpi) for index in range(pdfs.page_count(pdf))]


def turned(sheet: Image.Image, degrees: float) -> Image.Image:
    """Laid on the glass turned clockwise; small angles are skew."""
    return sheet.rotate(-degrees, expand=True, fillcolor=WHITE, resample=Image.Resampling.BILINEAR)


def scaled(sheet: Image.Image, factor: float) -> Image.Image:
    size = (round(sheet.width * factor), round(sheet.height * factor))
    return sheet.resize(size, Image.Resampling.BILINEAR)


def noisy(sheet: Image.Image, chance: random.Random, *, strength: float = 18) -> Image.Image:
    """Grain, and a ground that is not quite white."""
    grain = np.random.default_rng(chance.getrandbits(32))
    dots = np.asarray(sheet, dtype=np.float32) * 0.9 + 8
    dots += grain.normal(0, strength, dots.shape).astype(np.float32)
    return Image.fromarray(dots.clip(0, 255).astype(np.uint8))


def specked(sheet: Image.Image, chance: random.Random, *, share: float = 0.004) -> Image.Image:
    """Black and white, with dust and drop-outs."""
    grain = np.random.default_rng(chance.getrandbits(32))
    dots = np.asarray(sheet) > 140
    dots = dots ^ (grain.random(dots.shape) < share)
    return Image.fromarray((dots * 255).astype(np.uint8)).convert("1", dither=Image.Dither.NONE)


def fax(sheet: Image.Image, chance: random.Random, *, coarse: bool) -> Image.Image:
    """Sent over the line: black and white, in half as many lines where the machine is set so."""
    if coarse:
        sheet = sheet.resize((sheet.width, round(sheet.height * 98 / 204)), Image.Resampling.BOX)
    sent = specked(sheet, chance, share=0.002)
    sent.info["dpi"] = COARSE_FAX_DPI if coarse else FAX_DPI
    return sent


def through_jpeg(sheet: Image.Image, quality: int) -> Image.Image:
    buffer = io.BytesIO()
    sheet.convert("L").save(buffer, "JPEG", quality=quality)
    with Image.open(buffer) as picture:
        picture.load()
        return picture.copy()


def as_pdf(pages: Sequence[Image.Image]) -> bytes:
    buffer = io.BytesIO()
    pages[0].save(buffer, "PDF", save_all=True, append_images=pages[1:], resolution=200)
    return buffer.getvalue()


def as_tiff(pages: Sequence[Image.Image]) -> bytes:
    buffer = io.BytesIO()
    for page in pages:
        page.encoderinfo = {
            "compression": "group4" if page.mode == "1" else "tiff_adobe_deflate",
            "dpi": page.info.get("dpi", (200, 200)),
        }
    first = pages[0].encoderinfo
    pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:], **first)
    return buffer.getvalue()


def as_picture(page: Image.Image, form: str) -> bytes:
    buffer = io.BytesIO()
    page.convert("L").save(buffer, form, **({"quality": 45} if form == "JPEG" else {}))
    return buffer.getvalue()
