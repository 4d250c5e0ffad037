"""What every page shows about the installation."""

from __future__ import annotations

from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """Template context: the name of the region and its desk."""
    return {}
