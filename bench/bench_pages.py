"""Pages of the register at 20 requests a second, against a running server.

Usage: python bench/bench_pages.py BASE_URL [SECONDS]. The pages are those of residents; target p95
200 ms. The load generator runs on the same machine, as in stack.md.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import threading
import time
import urllib.request
from urllib.parse import quote

PAGES = (
    "/",
    "/search/",
    f"/search/?q={quote('訪問看護')}",
    f"/search/?q={quote('歯科')}&area=402036",
    "/search/?group=day_care&day=sun",
    "/search/?view=table",
    "/search/facets/?group=nursing",
    "/search/map.json?bbox=130.4,33.2,130.7,33.5&z=11",
    "/facilities/{}/",
)
PER_SECOND = 20


def fetch(url: str, times: list[float], errors: list[str]) -> None:
    started = time.perf_counter()
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - the caller's server
            answer.read()
    except OSError as error:
        errors.append(f"{url} {error}")
    times.append((time.perf_counter() - started) * 1000)


def main(base: str, seconds: int) -> None:
    random.seed(11)
    times: list[float] = []
    errors: list[str] = []
    threads = []
    started = time.perf_counter()
    for number in range(seconds * PER_SECOND):
        page = random.choice(PAGES).format(random.randint(1, 300_000))
        wait = started + number / PER_SECOND - time.perf_counter()
        time.sleep(max(0, wait))
        thread = threading.Thread(target=fetch, args=(base + page, times, errors))
        thread.start()
        threads.append(thread)
    for thread in threads:
        thread.join()
    times.sort()
    line = {
        "bench": "pages",
        "what": f"{PER_SECOND} requests a second for {seconds} s",
        "requests": len(times),
        "errors": len(errors),
        "p50_ms": round(statistics.median(times), 1),
        "p95_ms": round(times[int(len(times) * 0.95)], 1),
        "max_ms": round(times[-1], 1),
        "target_p95_ms": 200,
        "first_errors": errors[:3],
    }
    print(json.dumps(line, ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), int(sys.argv[2]) if len(sys.argv) > 2 else 20)  # noqa: PLR2004
