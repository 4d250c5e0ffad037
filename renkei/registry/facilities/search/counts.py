"""Counts kept beside the index: clusters of low zooms, and places per set of facets.

They answer an open search of residents, which would otherwise visit every place.
"""

from __future__ import annotations

from django.db import IntegrityError, connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

TASK = "facilities.refresh_counts"
# A cluster stands for a square of about 80 pixels: a tile of 256 pixels holds three by three.
_CELLS_PER_TILE = 3
_NEAREST_ZOOM = 17
# Zooms whose clusters are kept; above them a view holds few enough places to count at once.
KEPT_ZOOMS = range(4, 11)


def cell_size(zoom: int) -> float:
    """Side of a cluster's square in degrees of longitude."""
    tiles: int = 2 ** min(max(zoom, 0), _NEAREST_ZOOM)
    return 360 / (tiles * _CELLS_PER_TILE)


def refresh_counts() -> None:
    """Count anew, in one transaction; some seconds for the whole country."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM facilities_mapcell")
        cursor.execute("DELETE FROM facilities_maskcount")
        cursor.execute(_MASKS)
        for zoom in KEPT_ZOOMS:
            cursor.execute(_CELLS, {"zoom": zoom, "size": cell_size(zoom)})


def refresh_counts_soon() -> None:
    """Have the worker count anew once this transaction is done; several wishes are one job."""
    try:
        with transaction.atomic():
            app.configure_task(TASK, queueing_lock=TASK).defer()
    except (AlreadyEnqueued, IntegrityError):
        pass  # it will see this change too


_MASKS = """
INSERT INTO facilities_maskcount (facets, count)
SELECT facets, count(*) FROM facilities_searchentry e
WHERE audience = 0 AND e.document @@ '!t_ended'::tsquery GROUP BY facets
"""
_CELLS = """
INSERT INTO facilities_mapcell (zoom, latitude, longitude, count, west, south, east, north)
SELECT %(zoom)s, avg(latitude), avg(longitude), count(*),
    min(longitude), min(latitude), max(longitude), max(latitude)
FROM facilities_searchentry e
WHERE audience = 0 AND latitude IS NOT NULL AND longitude IS NOT NULL
    AND e.document @@ '!t_ended'::tsquery
GROUP BY floor(longitude / %(size)s), floor(latitude / %(size)s)
"""
