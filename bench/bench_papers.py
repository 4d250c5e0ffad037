"""Time of paper: python bench/bench_papers.py prints one line of JSON per figure.

FAX documents (cover and two sheets) and the reading of scanned sheets; no database is opened.
Processor time stands beside the time on the clock: the machine may be shared.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renkei.settings.test")
# Settings ask for a database; none is opened here.
os.environ.setdefault("DATABASE_URL", "postgresql://bench@/bench")

import django

django.setup()

from renkei.foundation.common.documents.pdf import compile_pdf  # noqa: E402 - settings first
from renkei.foundation.common.media_types import TIFF  # noqa: E402 - settings first
from renkei.foundation.papers import numbers, reading  # noqa: E402 - settings first
from renkei.foundation.papers.fax import FaxCover, FaxRecipient, fax_pdf  # noqa: E402 - settings first
from renkei.foundation.papers.files import prepare_file  # noqa: E402 - settings first
from renkei.foundation.papers.models import Ticket  # noqa: E402 - settings first
from renkei.foundation.papers.tests import scanner  # noqa: E402 - settings first

BODY = (
    '#import "/foundation/common/documents/templates/renkei.typ": *\n#show: sheet\n= #title\n'
    + "本文です。" * 400
    + "\n#pagebreak()\n続きです。"
)
RUNS = 30
SHEETS = 30
TARGET_MS = 150


def cover(run: int) -> FaxCover:
    body = f"{run:010}"
    return FaxCover(
        recipients=(FaxRecipient("架空 次郎", "架空診療所", f"0999-00-{run:04}"),),
        sender_organisation="架空訪問看護ステーション",
        sender_phone="0999-00-0120",
        case_number=f"R8-{run:04}",
        subject_line=f"連絡票{run}",
        ticket=Ticket(code=body + numbers.check_digits(body), expected_pages=3),
    )


def timed(work: Callable[[int], object], runs: int) -> tuple[list[float], float]:
    """(milliseconds on the clock for each run, milliseconds of the processor for all)."""
    times = []
    processor = time.process_time()
    for run in range(runs):
        started = time.perf_counter()
        work(run)
        times.append((time.perf_counter() - started) * 1000)
    return times, (time.process_time() - processor) * 1000


def report(figure: str, times: list[float], processor: float, **more: object) -> None:
    line = {
        "figure": figure,
        "runs": len(times),
        "p50_ms": round(statistics.median(times), 1),
        "p95_ms": round(statistics.quantiles(times, n=20)[18], 1),
        "processor_ms": round(processor / len(times), 1),
        **more,
    }
    print(json.dumps(line, ensure_ascii=False))


def main() -> None:
    document = compile_pdf(BODY, {}, title="連絡票")
    fax_pdf(cover=cover(0), documents=[document])  # fonts are read once
    times, processor = timed(lambda run: fax_pdf(cover=cover(run + 1), documents=[document]), RUNS)
    report("fax_pdf", times, processor, pages=3, target_ms=TARGET_MS)

    chance = random.Random(2026)
    glass = scanner.sheets_of(fax_pdf(cover=cover(7), documents=[document]))
    pages = [
        scanner.fax(
            scanner.turned(
                glass[number % 3], chance.choice((0, 90, 180, 270)) + chance.uniform(-4, 4)
            ),
            chance,
            coarse=bool(number % 2),
        )
        for number in range(SHEETS)
    ]
    pile = scanner.as_tiff(pages)
    right = []

    def read(index: int) -> None:
        right.append(len(reading.read_page(pile, TIFF, index).sheets) == 1)

    times, processor = timed(read, SHEETS)
    rate = {"pages_per_s": round(1000 * SHEETS / sum(times), 1), "read": sum(right)}
    report("scan_page_read", times, processor, **rate)
    times, processor = timed(lambda _: prepare_file(pile, name="scan.tif"), 5)
    report("scan_file_kept", times, processor, pages=SHEETS, bytes=len(pile))


if __name__ == "__main__":
    main()
