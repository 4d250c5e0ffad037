"""Pages of kept files on the screen: as large as an A4 sheet, in colour, without a viewer."""

from __future__ import annotations

import io
from typing import Final

from PIL import ImageOps

from renkei.foundation.common.media_types import PDF
from renkei.foundation.papers import pdfs, pictures
from renkei.foundation.papers.files import read_file
from renkei.foundation.papers.kinds import PICTURES
from renkei.foundation.papers.models import StoredFile

# A4 at 120 dpi, upright or lying.
DPI: Final = 120
LONG_SIDE: Final = 1403


def page_preview(stored: StoredFile, *, page: int = 1) -> bytes | None:
    """One page as a JPEG; None where the kind has no pages or not so many.

    The caller has checked who asks and logged the reading.

    Raises:
        FileGone: it was destroyed.
    """
    if not 1 <= page <= stored.pages:
        return None
    content = read_file(stored)
    if stored.media_type == PDF:
        picture = pdfs.page_picture(content, page - 1, dpi=DPI, grayscale=False)
    elif stored.media_type in PICTURES:
        with pictures.opened(content, stored.media_type) as opened:
            opened.seek(page - 1)
            picture = ImageOps.exif_transpose(opened).copy()
    else:
        return None
    picture = ImageOps.contain(pictures.on_white(picture), (LONG_SIDE, LONG_SIDE))
    buffer = io.BytesIO()
    pictures.bare(picture).save(buffer, "JPEG", quality=85)
    return buffer.getvalue()
