"""Pictures: turned upright, without where and by whom they were taken, and small ones of them.

Source: acceptance.md T-D8, T-MCS6 (the place of a photograph never leaves).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from PIL import Image, ImageOps, ImageSequence

from renkei.foundation.common.media_types import JPEG, PNG, TIFF
from renkei.foundation.papers.kinds import FileRefused

MAX_PIXELS: Final = 60_000_000
MAX_FRAMES: Final = 200
THUMBNAIL: Final = (480, 480)
QUALITY: Final = 92
_FORMATS: Final = {JPEG: "JPEG", PNG: "PNG", TIFF: "TIFF"}
BROKEN: Final = (
    "画像を開けません。途中で切れているか、壊れています。もう一度撮るか、保存し直してください。"
)
TOO_LARGE: Final = (
    f"画像が大きすぎます（上限 {MAX_PIXELS // 10_000:,}万画素）。小さくして保存し直してください。"
)
_BROKEN_PICTURE: Final = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError)
# TIFF, EXIF 2.3: the tag of the camera's orientation.
ORIENTATION: Final = 0x0112


@contextmanager
def opened(content: bytes, media_type: str) -> Iterator[Image.Image]:
    """The picture, its size checked before it is unpacked.

    Raises:
        FileRefused: broken, or too large.
    """
    try:
        with Image.open(io.BytesIO(content), formats=[_FORMATS[media_type]]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise FileRefused(TOO_LARGE)
            yield picture
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise FileRefused(TOO_LARGE) from error
    except _BROKEN_PICTURE as error:
        raise FileRefused(BROKEN) from error


def cleaned(content: bytes, media_type: str) -> tuple[bytes, int]:
    """The picture made anew from its dots alone, upright, and how many pages it has.

    Making it anew, rather than cutting known places out, also drops what hides behind the
    picture: second pictures of phones, maker's notes, XMP, appended files.

    Raises:
        FileRefused: broken, too large, or of too many pages.
    """
    with opened(content, media_type) as picture:
        if media_type == TIFF:
            return _cleaned_tiff(picture)
        upright = bare(ImageOps.exif_transpose(picture))
        if media_type == JPEG and upright.mode not in {"L", "RGB", "CMYK"}:
            upright = upright.convert("RGB")
        buffer = io.BytesIO()
        if media_type == JPEG:
            upright.save(buffer, "JPEG", quality=QUALITY, icc_profile=_colours(picture))
        else:
            upright.save(buffer, "PNG", icc_profile=_colours(picture))
        return buffer.getvalue(), 1


def _cleaned_tiff(picture: Image.Image) -> tuple[bytes, int]:
    frames = []
    pixels = 0
    for number, frame in enumerate(ImageSequence.Iterator(picture), start=1):
        pixels += frame.width * frame.height
        if number > MAX_FRAMES or pixels > MAX_PIXELS * MAX_FRAMES // 10:
            raise FileRefused(
                f"ページが多すぎます（上限 {MAX_FRAMES}ページ）。分けて保存し直してください。"
            )
        frames.append(_tiff_page(ImageOps.exif_transpose(frame)))
    buffer = io.BytesIO()
    # Each page is packed as suits it; one setting for all would not hold black and white ones.
    frames[0].save(buffer, "TIFF", save_all=True, append_images=frames[1:])
    return buffer.getvalue(), len(frames)


def _tiff_page(frame: Image.Image) -> Image.Image:
    page = bare(frame)
    if page.mode not in {"1", "L", "RGB"}:
        page = page.convert("RGB")
    page.encoderinfo = {"compression": "group4" if page.mode == "1" else "tiff_adobe_deflate"}
    if frame.info.get("dpi"):
        # A coarse FAX has fewer lines down than dots across; its reader must know.
        page.encoderinfo["dpi"] = frame.info["dpi"]
    return page


def bare(picture: Image.Image) -> Image.Image:
    """The dots and nothing else; formats carry comments and XMP from ``info`` otherwise."""
    plain = picture.copy()
    palette_see_through = plain.info.get("transparency") if plain.mode == "P" else None
    plain.info = {} if palette_see_through is None else {"transparency": palette_see_through}
    return plain


def _colours(picture: Image.Image) -> bytes | None:
    profile = picture.info.get("icc_profile")
    return profile if isinstance(profile, bytes) else None


def thumbnail_of(picture: Image.Image) -> bytes:
    """A small JPEG of an upright picture."""
    small = picture.copy()
    small.thumbnail(THUMBNAIL)
    small = bare(on_white(small))
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


def on_white(picture: Image.Image) -> Image.Image:
    """In plain colours; see-through parts would turn black."""
    if picture.mode not in {"RGBA", "LA", "P", "PA"}:
        return picture.convert("RGB")
    seen = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen).convert("RGB")


def jpeg_without_traces(content: bytes) -> bytes:
    """A JPEG that lies inside a document, without EXIF, XMP and IPTC; its dots stay as they are.

    Only the orientation is kept, because the document relies on it.
    Source: ITU-T T.81 annex B (markers); CIPA DC-008 (EXIF in APP1).
    """
    kept = [b"\xff\xd8", *_orientation_alone(content)]
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:  # noqa: PLR2004 - begins a marker
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        segment = content[at : at + 2 + length]
        at += 2 + length
        # APP1 EXIF and XMP, APP2 further pictures (not colours), APP13 IPTC, comments.
        second_picture = marker == 0xE2 and segment[4:8] == b"MPF\x00"  # noqa: PLR2004
        if marker not in {0xE1, 0xED, 0xFE} and not second_picture:
            kept.append(segment)
        if marker == 0xDA:  # noqa: PLR2004 - the dots begin
            end = _end_of_dots(content, at)
            kept.append(content[at:end])
            at = end
        if content[at : at + 2] == b"\xff\xd9":
            break
    return b"".join([*kept, b"\xff\xd9"])


def _end_of_dots(content: bytes, at: int) -> int:
    """Where the next marker begins; stuffed bytes and restart marks belong to the dots."""
    while (at := content.find(b"\xff", at)) >= 0:
        following = content[at + 1 : at + 2]
        if following and following != b"\x00" and not b"\xd0" <= following <= b"\xd7":
            return at
        at += 2
    return len(content)


def _orientation_alone(content: bytes) -> list[bytes]:
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG"]) as picture:
            orientation = picture.getexif().get(ORIENTATION, 1)
    except _BROKEN_PICTURE:
        return []
    if orientation == 1:
        return []
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    body = exif.tobytes()
    return [b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body]


def png_without_traces(content: bytes) -> bytes:
    """A PNG that lies inside a document, without EXIF and texts.

    Source: PNG Specification (Third Edition), 11.3 ancillary chunks.
    """
    kept, at = [content[:8]], 8
    while at + 12 <= len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        if content[at + 4 : at + 8] not in {b"eXIf", b"tEXt", b"iTXt", b"zTXt"}:
            kept.append(content[at : at + 12 + length])
        at += 12 + length
    return b"".join(kept)
