"""The beginning of a reading process: Django first, then everything that needs it.

Nothing of Django may be imported here at the top: a spawned process imports this module before its
settings are there.
"""

from __future__ import annotations

from datetime import date

import django


def prepare(day: date) -> None:
    """Set up the process and load the look-ups it needs for every dataset."""
    django.setup()
    # Only after django.setup(): this runs in a process of its own.
    from renkei.registry.facilities.services import preview

    preview.load_for_process(day)


def prepare_places(state: bytes) -> None:
    """Set up the process and load what places depend on."""
    django.setup()
    # Only after django.setup(): this runs in a process of its own.
    from renkei.registry.facilities.services import place_values

    place_values.load_state(state)
