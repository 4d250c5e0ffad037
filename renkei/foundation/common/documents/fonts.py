"""The fonts of our documents: two families, static TrueType files, never those of the machine."""

from __future__ import annotations

import struct
from functools import cache
from pathlib import Path
from typing import Final

import typst
from django.conf import settings

# BIZ UDPGothic is the face; Noto Sans JP has the kanji of names that it lacks.
FAMILIES: Final = ("BIZ UDPGothic", "Noto Sans JP")
PACKAGES: Final = ("biz-udpgothic", "noto-sans-jp")
WEIGHTS: Final = ("400Regular", "700Bold")
UNICODE_TABLES: Final = ((3, 10), (0, 6), (0, 4), (3, 1), (0, 3))


class MissingFontsError(RuntimeError):
    """The front end was not built, and its packages are not there either."""


def font_paths() -> list[Path]:
    """Folders with the fonts: ``settings.PRINT_FONTS``, or the front end's packages before a build.

    Raises:
        MissingFontsError: neither is there.
    """
    built = Path(settings.PRINT_FONTS)
    if built.is_dir() and any(built.glob("*.ttf")):
        return [built]
    packages = Path(settings.ROOT) / "node_modules" / "@expo-google-fonts"
    folders = [packages / package / weight for package in PACKAGES for weight in WEIGHTS]
    if not all(folder.is_dir() for folder in folders):
        raise MissingFontsError(
            "印刷用のフォントがありません。bin/setup.sh で画面の部品を作り直してください。"
        )
    return folders


@cache
def load_fonts(paths: tuple[Path, ...]) -> typst.Fonts:
    """The fonts for typst, read once per process (0.05 s).

    Raises:
        MissingFontsError: a family of the two is not among the files.
    """
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=list(paths)
    )
    missing = set(FAMILIES) - set(fonts.families())
    if missing:
        raise MissingFontsError(f"印刷用のフォント {'、'.join(sorted(missing))} がありません。")
    return fonts


@cache
def printable_characters(paths: tuple[Path, ...]) -> frozenset[str]:
    """Every character that one of the fonts can draw in every weight we use."""
    by_family: dict[str, set[str]] = {}
    for path in sorted(file for folder in paths for file in folder.glob("*.ttf")):
        family = path.name.split("_")[0]
        characters = characters_of(path.read_bytes())
        if family in by_family:
            by_family[family] &= characters
        else:
            by_family[family] = characters
    return frozenset().union(*by_family.values())


def characters_of(font: bytes) -> set[str]:
    """The characters in a TrueType file's character map.

    Source: OpenType 1.9, "cmap", formats 4 and 12.
    """
    (table_count,) = struct.unpack_from(">H", font, 4)
    for index in range(table_count):
        tag, _, start, _ = struct.unpack_from(">4sIII", font, 12 + index * 16)
        if tag == b"cmap":
            return _read_map(font, start)
    return set()


def _read_map(font: bytes, start: int) -> set[str]:
    (count,) = struct.unpack_from(">H", font, start + 2)
    tables = {
        (platform, encoding): start + offset
        for platform, encoding, offset in struct.iter_unpack(
            ">HHI", font[start + 4 : start + 4 + count * 8]
        )
    }
    for key in UNICODE_TABLES:
        if key in tables:
            (format_number,) = struct.unpack_from(">H", font, tables[key])
            if format_number == 12:  # noqa: PLR2004 - the number of the format
                return _segmented_coverage(font, tables[key])
            return _segment_mapping(font, tables[key])
    return set()


def _segmented_coverage(font: bytes, start: int) -> set[str]:
    """Format 12: groups of (first, last, glyph) over all planes."""
    (count,) = struct.unpack_from(">I", font, start + 12)
    groups = struct.iter_unpack(">III", font[start + 16 : start + 16 + count * 12])
    return {chr(code) for first, last, _ in groups for code in range(first, last + 1)}


def _segment_mapping(font: bytes, start: int) -> set[str]:
    """Format 4: arrays of last and first codes of segments in the basic plane."""
    (double_count,) = struct.unpack_from(">H", font, start + 6)
    lasts = struct.unpack_from(f">{double_count // 2}H", font, start + 14)
    firsts = struct.unpack_from(f">{double_count // 2}H", font, start + 16 + double_count)
    return {
        chr(code)
        for first, last in zip(firsts, lasts, strict=True)
        for code in range(first, last + 1)
        if code != 0xFFFF  # noqa: PLR2004 - the end mark of the table
    }
