"""Setting a large booklet in a process of its own: typst keeps what it took, the worker must not.

Nothing of Django may be imported here at the top: a spawned process imports this module before its
settings are there.
"""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from renkei.registry.facilities.booklet.plan import Booklet


def set_apart(booklet: Booklet, *, poster: bool) -> bytes:
    """The booklet or the poster as PDF; about two seconds more than in this process."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, initializer=django.setup) as pool:
        return pool.submit(_set, booklet, poster).result()


def _set(booklet: Booklet, poster: bool) -> bytes:  # noqa: FBT001 - by the pool
    # Only after django.setup(): this runs in a process of its own.
    from renkei.registry.facilities.booklet import pdf

    return pdf.poster_pdf(booklet) if poster else pdf.booklet_pdf(booklet)
