"""The colours of the screens against WCAG, recomputed from the tokens the build uses."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[4]
TOKENS = ROOT / "node_modules/@digital-go-jp/design-tokens/dist/tokens.css"
ROLES = ROOT / "frontend/styles/tokens.css"
TEXT, SHAPE = 4.5, 3.0


@cache
def declared() -> dict[str, str]:
    css = TOKENS.read_text() + ROLES.read_text()
    return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", css))


def colour(name: str) -> tuple[int, int, int]:
    value = declared().get(name, name).strip()
    while value.startswith("var("):
        value = declared()[value[4:-1].strip()].strip()
    digits = value.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    red, green, blue = (int(digits[at : at + 2], 16) for at in (0, 2, 4))
    return red, green, blue


def luminance(name: str) -> float:
    # Source: WCAG 2.2, relative luminance.
    def linear(channel: int) -> float:
        share = channel / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = map(linear, colour(name))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_reproduces_known_pairs():
    assert round(contrast("#000", "#fff"), 1) == 21.0
    assert round(contrast("--color-neutral-solid-gray-600", "#fff"), 1) == 5.7
    assert round(contrast("--color-primitive-red-800", "#fff"), 1) == 4.6


@pytest.mark.parametrize(
    ("ink", "ground", "least"),
    [
        ("--ink", "#fff", TEXT),
        ("--ink", "--ground", TEXT),
        ("--ink-2", "#fff", TEXT),
        ("--ink-2", "--ground", TEXT),
        ("--link", "#fff", TEXT),
        ("--link", "--ground", TEXT),
        ("--color-primitive-magenta-900", "#fff", TEXT),
        ("#fff", "--action", TEXT),
        ("#fff", "--color-primitive-blue-1200", TEXT),
        ("--done", "--done-bg", TEXT),
        ("--soon", "--soon-bg", TEXT),
        ("--over", "--over-bg", TEXT),
        ("#fff", "--over", TEXT),
        ("--link", "--staff-bg", TEXT),
        ("--color-primitive-red-900", "#fff", TEXT),
        ("--field", "#fff", SHAPE),
        # letters in the marks of the map
        ("#fff", "--color-primitive-blue-1000", TEXT),
        ("#fff", "--color-primitive-green-800", TEXT),
        ("#fff", "--color-primitive-orange-800", TEXT),
        ("#fff", "--color-primitive-purple-800", TEXT),
        ("#fff", "--color-primitive-cyan-900", TEXT),
    ],
)
def test_colours_of_the_screens_are_readable(ink, ground, least):
    assert contrast(ink, ground) >= least
