"""A brake on forms that anybody can send."""

from __future__ import annotations

import hashlib

from django.core.cache import cache
from django.http import HttpRequest

CORRECTIONS_PER_HOUR = 10
_AN_HOUR = 60 * 60


def is_too_often(request: HttpRequest, action: str, *, limit: int) -> bool:
    """Whether this address has sent a form more than ``limit`` times within the hour.

    Only a hash of the address is kept, and only that long.
    """
    address = request.META.get("REMOTE_ADDR", "")
    digest = hashlib.sha256(f"{action}:{address}".encode()).hexdigest()
    key = f"limit-{digest}"
    cache.add(key, 0, _AN_HOUR)
    try:
        return cache.incr(key) > limit
    except ValueError:  # it ran out between the two
        return False
