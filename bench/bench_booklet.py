"""Time and memory of printed pages: python bench/bench_booklet.py prints one line of JSON each.

Targets: a sheet of one place in at most 150 ms, warm; a booklet is the worker's and has no target.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renkei.settings.test")
# Settings ask for a database; none is opened here.
os.environ.setdefault("DATABASE_URL", "postgresql://bench@/bench")
django.setup()

from renkei.registry.facilities.booklet.pdf import (  # noqa: E402 - after the set-up
    SheetText,
    booklet_pdf,
    list_pdf,
    poster_pdf,
    sheet_pdf,
)
from renkei.registry.facilities.booklet.plan import Ground  # noqa: E402
from renkei.registry.facilities.booklet.word import booklet_docx  # noqa: E402
from renkei.registry.facilities.booklet.workbook import booklet_xlsx  # noqa: E402
from renkei.registry.facilities.tests.booklets import (  # noqa: E402
    IMPRINT,
    make_booklet,
    make_entry,
    square,
)

GROUND = Ground((square(141.0, 35.5, 1.0),))
TEXT = SheetText(
    "看護師が自宅を訪ねます。", [("平日", "8時30分～17時30分")], [("訪問の範囲", "架空市の全域")]
)


def measure(name: str, write: Callable[[int], bytes], *, runs: int, count: int) -> None:
    """Each run has other values, so that nothing can come from typst's memory."""
    times, size = [], 0
    for run in range(runs + 1):
        started = time.perf_counter()
        size = len(write(run))
        times.append((time.perf_counter() - started) * 1000)
    warm = sorted(times[1:] or times)
    figure = {
        "bench": name,
        "places": count,
        "cold_ms": round(times[0]),
        "p50_ms": round(statistics.median(warm)),
        "p95_ms": round(warm[int(len(warm) * 0.95)]),
        "bytes": size,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps(figure, ensure_ascii=False))


def main() -> None:
    measure(
        "sheet of one place",
        lambda run: sheet_pdf(
            replace(IMPRINT, title=f"施設{run}"), make_entry(run + 1), TEXT, ground=GROUND
        ),
        runs=40,
        count=1,
    )
    measure(
        "A4 list with map",
        lambda run: list_pdf(
            replace(IMPRINT, title=f"一覧{run}"),
            [make_entry(n + 100 * run) for n in range(1, 21)],
            order="名前順",
        ),
        runs=20,
        count=20,
    )

    def written(write: Callable[..., bytes], run: int) -> bytes:
        return write(make_booklet(500 + run))

    for name, write in (
        ("booklet A4", booklet_pdf),
        ("poster A3", poster_pdf),
        ("booklet Word", booklet_docx),
        ("booklet Excel", booklet_xlsx),
    ):
        measure(name, partial(written, write), runs=2, count=500)


if __name__ == "__main__":
    main()
