"""Time of PDF documents: python bench/bench_pdf.py prints one line of JSON per figure.

The target is that of the design: an A4 page in at most 150 ms, warm.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renkei.settings.test")
# Settings ask for a database; none is opened here.
os.environ.setdefault("DATABASE_URL", "postgresql://bench@/bench")

from renkei.foundation.common.documents.pdf import compile_pdf, head

TEMPLATE = """#import "/foundation/common/documents/templates/renkei.typ": *
#show: sheet.with(head: data.head)
= #title
#ruled-table(
  columns: (auto, 1fr, auto, auto),
  header: ("番号", "名前・住所", "電話", "時間"),
  rows: data.rows.map(((n, name, phone, hours)) => (number(n), lines(name), number(phone), hours)),
)
"""
RUNS = 40
ONE_PAGE = 18


def rows(count: int, *, run: int) -> list[list[str]]:
    """Rows that differ in every run, so that nothing of the page can come from typst's memory."""
    return [
        [
            str(number),
            f"架空訪問看護ステーション{run}の{number}\n架空市北浜{number}丁目{run}番地",
            f"0999-{run:02}-{number:04}",
            "平日 8:30～17:30",
        ]
        for number in range(1, count + 1)
    ]


def measure(name: str, *, count: int, runs: int) -> None:
    times = []
    size = 0
    for run in range(runs + 1):
        data = {
            "head": head(
                town="架空市", name="冊子", issued_on=date(2026, 11, 20), source="架空市調べ"
            ),
            "rows": rows(count, run=run),
        }
        started = time.perf_counter()
        size = len(compile_pdf(TEMPLATE, data, title=f"一覧{run}"))
        times.append((time.perf_counter() - started) * 1000)
    cold, warm = times[0], times[1:]
    print(
        json.dumps(
            {
                "figure": name,
                "rows": count,
                "bytes": size,
                "cold_ms": round(cold, 1),
                "p50_ms": round(statistics.median(warm), 1),
                "p95_ms": round(statistics.quantiles(warm, n=20)[18], 1),
                "target_ms": 150 if count <= ONE_PAGE else None,
            },
            ensure_ascii=False,
        )
    )


if __name__ == "__main__":
    measure("pdf_one_page", count=ONE_PAGE, runs=RUNS)
    measure("pdf_thousand_rows", count=1_000, runs=5)
