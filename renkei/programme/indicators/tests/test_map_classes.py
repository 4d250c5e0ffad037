"""Classes and shades of a map: T-MI3 colour-blind safe, readable in greys."""

from __future__ import annotations

import itertools
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from renkei.programme.indicators.map_classes import (
    HIDDEN,
    NONE,
    SHADES,
    UNKNOWN,
    band_at,
    bands_of,
    sign_of_absence,
)
from renkei.programme.indicators.models import Absence

# What the three kinds of colour-blind eyes see, on linear light.
# Source: Machado, Oliveira, Fernandes (2009), severity 1.0.
EYES = {
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def linear(colour: str) -> list[float]:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def lightness(light: list[float]) -> float:
    """CIE L*: what a grey print keeps."""
    y = sum(
        max(part, 0) * weight for part, weight in zip(light, (0.2126, 0.7152, 0.0722), strict=True)
    )
    return 116 * y ** (1 / 3) - 16 if y > 0.008856 else 903.3 * y


def steps(values: list[float]) -> list[float]:
    return [one - two for one, two in itertools.pairwise(values)]


def test_t_mi3_shades_step_down_far_enough_for_a_grey_print():
    assert min(steps([lightness(linear(shade)) for shade in SHADES])) >= 12
    # The lightest still stands out from paper.
    assert 100 - lightness(linear(SHADES[0])) >= 8


def test_t_mi3_shades_keep_their_steps_for_colour_blind_eyes():
    for matrix in EYES.values():
        seen = [
            [
                sum(weight * part for weight, part in zip(row, linear(shade), strict=True))
                for row in matrix
            ]
            for shade in SHADES
        ]

        assert min(steps([lightness(light) for light in seen])) >= 10


def test_hidden_unknown_and_not_applicable_look_different():
    assert sign_of_absence(Absence.SUPPRESSED) == sign_of_absence(Absence.NOT_DISCLOSED) == HIDDEN
    assert sign_of_absence(Absence.NOT_RECORDED) == sign_of_absence(Absence.UNKNOWN) == UNKNOWN
    assert sign_of_absence(Absence.NOT_APPLICABLE) == NONE


def test_classes_hold_about_as_many_each_and_few_values_take_far_shades():
    ten = bands_of([Decimal(number) for number in range(1, 11)])
    two = bands_of([Decimal(3), Decimal(3), Decimal(9), Decimal(0)])

    assert [(int(band.low), int(band.high)) for band in ten] == [
        (1, 2),
        (3, 4),
        (5, 6),
        (7, 8),
        (9, 10),
    ]
    assert [(int(band.low), int(band.high), band.shade) for band in two] == [
        (3, 3, SHADES[0]),
        (9, 9, SHADES[3]),
    ]
    assert bands_of([Decimal(0)]) == []


@given(st.lists(st.decimals(-50, 5000, places=1), max_size=60))
def test_every_value_but_zero_has_one_class(values):
    bands = bands_of(values)

    assert len(bands) == min(5, len({value for value in values if value}))
    assert all(one.high < two.low for one, two in itertools.pairwise(bands))
    for value in filter(None, values):
        place = band_at(bands, value)
        assert bands[place].low <= value <= bands[place].high
