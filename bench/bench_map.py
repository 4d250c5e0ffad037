"""Any view of the map: clusters of low zooms, clusters with filters, points of high zooms.

Needs a filled database at DATABASE_URL. Prints one line of JSON; target p95 100 ms.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renkei.settings.test")
django.setup()

from django.http import QueryDict  # noqa: E402 - after the set-up

from renkei.foundation.accounts.viewers import ANYBODY  # noqa: E402
from renkei.registry.facilities.models import SearchEntry  # noqa: E402
from renkei.registry.facilities.presenters_search import marks_json  # noqa: E402
from renkei.registry.facilities.search.boxes import Box  # noqa: E402

FILTERS = ("", "q=訪問", "q=歯科", "q=クリニック", "group=nursing", "group=day_care&day=sun",
           "area=402036", "q=久留米市", "q=渡辺")  # fmt: skip
CENTRES = {"東京": (139.76, 35.68), "久留米": (130.51, 33.32), "飯田": (137.82, 35.51)}


def views() -> list[tuple[int, Box]]:
    """A screen of 900 × 600 pixels around three towns, moved a little, at every zoom."""
    random.seed(7)
    found = []
    for zoom in range(4, 17):
        width = 360 / 2**zoom / 256 * 900
        for longitude, latitude in CENTRES.values():
            x = longitude + random.uniform(-width, width) / 4
            y = latitude + random.uniform(-width, width) / 4
            found.append((zoom, Box(x - width / 2, y - width / 3, x + width / 2, y + width / 3)))
    return found


def main() -> None:
    times: list[float] = []
    by_view: dict[str, float] = {}
    for filters in FILTERS:
        parameters = QueryDict(filters)
        for zoom, box in views():
            marks_json(parameters, box, zoom, viewer=ANYBODY)
            started = time.perf_counter()
            marks_json(parameters, box, zoom, viewer=ANYBODY)
            taken = (time.perf_counter() - started) * 1000
            times.append(taken)
            key = f"{filters or 'no filter'} z{zoom}"
            by_view[key] = max(by_view.get(key, 0), taken)
    times.sort()
    slowest = sorted(by_view, key=lambda key: -by_view[key])[:6]
    line = {
        "bench": "map",
        "what": "marks of a view",
        "places": SearchEntry.objects.count(),
        "views": len(times),
        "p50_ms": round(statistics.median(times), 1),
        "p95_ms": round(times[int(len(times) * 0.95)], 1),
        "max_ms": round(times[-1], 1),
        "target_p95_ms": 100,
        "slowest": {key: round(by_view[key], 1) for key in slowest},
    }
    print(json.dumps(line, ensure_ascii=False))


if __name__ == "__main__":
    main()
