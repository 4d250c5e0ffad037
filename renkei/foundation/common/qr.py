"""QR codes for paper and screens: made here, without a service on the net.

Error correction M or better, a quiet zone of four modules, and modules large enough to be read
from a sheet that went through a fax or a copier.
Source: ISO/IEC 18004 (quiet zone, levels).
"""

from __future__ import annotations

import io
from typing import Final

import segno

QUIET_ZONE: Final = 4
# A module of 0.5 mm is four dots of a 200-dpi scan; three is the least a reader needs.
MODULE_MM: Final = 0.5
# Below 15 mm people hold the camera so close that it cannot focus.
SMALLEST_MM: Final = 15.0
DOTS_PER_MODULE: Final = 8


class QrTextError(ValueError):
    """The text is empty or longer than a QR code can hold."""


def qr_svg(text: str, *, label: str) -> str:
    """The code as an ``svg`` element with its size in mm; ``label`` is read aloud instead of it.

    Raises:
        QrTextError: nothing to encode, or too much.
    """
    code = _make(text)
    buffer = io.BytesIO()
    code.save(
        buffer,
        kind="svg",
        border=QUIET_ZONE,
        scale=size_mm(text) / (code.symbol_size(border=QUIET_ZONE)[0]),
        unit="mm",
        xmldecl=False,
        nl=False,
        title=label,
        light="#fff",
        svgclass="qr",
        lineclass=None,
    )
    return buffer.getvalue().decode().replace("<svg ", '<svg role="img" ', 1)


def qr_png(text: str) -> bytes:
    """The code as a black and white PNG, 8 dots a module; print it ``size_mm`` wide.

    Raises:
        QrTextError: nothing to encode, or too much.
    """
    buffer = io.BytesIO()
    _make(text).save(buffer, kind="png", border=QUIET_ZONE, scale=DOTS_PER_MODULE)
    return buffer.getvalue()


def size_mm(text: str) -> float:
    """The smallest width at which the code is to be printed, quiet zone included."""
    modules = _make(text).symbol_size(border=QUIET_ZONE)[0]
    return max(SMALLEST_MM, modules * MODULE_MM)


def _make(text: str) -> segno.QRCode:
    if not text:
        raise QrTextError("QRコードにする文字がありません。")
    try:
        # boost_error: a better level where the size stays the same. Without the mark of its
        # encoding (ECI) a reader guesses, and takes ¡ for a half-width 。.
        return segno.make_qr(
            text, error="m", boost_error=True, encoding="utf-8", eci=not text.isascii()
        )
    except segno.DataOverflowError as error:
        raise QrTextError("QRコードには長すぎます。文字を減らしてください。") from error
