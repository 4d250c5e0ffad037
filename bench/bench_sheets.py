"""Time of forms on paper and in Excel: python bench/bench_sheets.py, one line of JSON per figure.

The target is that of the design: an A4 form in at most 150 ms, warm. Every run fills in other
words, so that nothing of a page can come from typst's memory.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renkei.settings.test")
# Settings ask for a database; none is opened here.
os.environ.setdefault("DATABASE_URL", "postgresql://bench@/bench")

import django

django.setup()

from renkei.foundation.sheets import documents, workbooks  # noqa: E402 - after the setup
from renkei.foundation.sheets.answers import content_from  # noqa: E402
from renkei.foundation.sheets.definition import parse  # noqa: E402
from renkei.foundation.sheets.items import Item, ItemType  # noqa: E402
from renkei.foundation.sheets.models import Form, FormVersion  # noqa: E402
from renkei.foundation.sheets.shipped import FORMS  # noqa: E402

RUNS = 20
DAY = date(2026, 11, 22)
HEAD = documents.Head("架空市", DAY)


def version_of(code: str) -> FormVersion:
    shipped = next(form for form in FORMS if form.code == code)
    return FormVersion(
        form=Form(code=shipped.code, name=shipped.name),
        number=shipped.number,
        issuer=shipped.issuer,
        source=shipped.source,
        questionnaire=shipped.questionnaire,
    )


def usual_value(item: Item, run: int) -> list[Any]:  # noqa: PLR0911 - one line per type
    match item.type:
        case ItemType.STRING:
            return [f"架空 花子{run}"]
        case ItemType.TEXT:
            return [f"左手のしびれが続く。家に帰って庭の手入れをしたい（{run}）。" * 2]
        case ItemType.INTEGER:
            return [run]
        case ItemType.DECIMAL:
            return [Decimal("36.5")]
        case ItemType.DATE:
            return [DAY]
        case ItemType.BOOLEAN:
            return [run % 2 == 0]
        case ItemType.CHOICE:
            return [item.options[run % len(item.options)].value]
    return []


def answers(version: FormVersion, run: int) -> dict[str, Any]:
    definition = parse(version.questionnaire)

    def values(items: tuple[Item, ...]) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        for item in items:
            if item.is_group:
                inside = values(item.items)
                found |= {item.link_id: [inside, inside]} if item.repeats else inside
            elif item.is_question:
                found[item.link_id] = usual_value(item, run)
        return found

    return content_from(values(definition.items), definition, status="completed")


def measure(figure: str, code: str, act: Callable[[int], bytes], **sizes: int) -> None:
    size = len(act(0))
    times = []
    busy = time.process_time()
    for run in range(1, RUNS + 1):
        started = time.perf_counter()
        act(run)
        times.append((time.perf_counter() - started) * 1000)
    busy = time.process_time() - busy
    print(
        json.dumps(
            {
                "figure": figure,
                "form": code,
                **sizes,
                "bytes": size,
                "p50_ms": round(statistics.median(times), 1),
                "p95_ms": round(statistics.quantiles(times, n=20)[-1], 1),
                # What it would take on an idle machine, other processes left out.
                "cpu_ms": round(busy / RUNS * 1000, 1),
            },
            ensure_ascii=False,
        )
    )


def print_answer(version: FormVersion, contents: list[dict[str, Any]], run: int) -> bytes:
    """The PDF of one of the contents."""
    return documents.answer_pdf(version, contents[run], head=HEAD)


def main() -> None:
    for code in ("emergency_kit", "ems_sheet", "sharing_sheet", "admission_info"):
        version = version_of(code)
        contents = [answers(version, run) for run in range(RUNS + 1)]
        pages = documents.page_count(documents.answer_pdf(version, contents[0], head=HEAD))
        items = len(parse(version.questionnaire).questions)
        measure(
            "filled form as PDF",
            code,
            partial(print_answer, version, contents),
            pages=pages,
            items=items,
        )
    version = version_of("admission_info")
    contents = [answers(version, run) for run in range(RUNS + 1)]
    measure(
        "form as workbook", "admission_info", lambda run: workbooks.write(version, contents[run])
    )
    books = [workbooks.write(version, content) for content in contents]
    measure(
        "workbook read back",
        "admission_info",
        lambda run: json.dumps(workbooks.read(version, books[run]).content).encode(),
    )


if __name__ == "__main__":
    main()
