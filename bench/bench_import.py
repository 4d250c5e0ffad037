"""How long the national files take, beside the bare cost of the same rows on the same machine.

    DATABASE_URL=… SECRET_KEY=… python bench/bench_import.py ../shared/data [--keep]

``cpu_s`` is Python's processor time, ``seconds`` the clock; run it on a quiet machine.
Works in a database of its own beside the one of DATABASE_URL (whose role must be allowed to create
it), so nothing of an installation is touched. One JSON line per figure (design.md §6):

* ``import_first``: care/ and medical/ into an empty register, read + apply, ≤ 3 × the yardstick
* ``import_unchanged``: the same files again, ≤ 1 × the yardstick and no row changed
* ``import_synthetic``: T-A1b, 206,043 invented rows with planted defects; each must be listed
* ``import_memory``: the largest resident set of this process and its readers together, ≤ 1 GiB
"""

from __future__ import annotations

import csv
import json
import os
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
DATABASE = "renkei_bench_import"
MIB = 1024


def main() -> None:
    """Run the three figures in order."""
    data = Path(sys.argv[1])
    url = _own_database(os.environ["DATABASE_URL"])
    os.environ["DATABASE_URL"] = url
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renkei.settings.test")
    import django

    django.setup()
    _prepare(data)
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    import yardstick_import

    before = _cpu()
    bare = yardstick_import.run(url, data)
    _say("import_yardstick", **bare, cpu_s=_cpu() - before)
    peak = _Peak()
    first = _import(data, peak)
    _say("import_first", **first, ratio=round(first["seconds"] / bare["total_s"], 2), target=3)
    again = _import(data, peak)
    _say("import_unchanged", **again, ratio=round(again["seconds"] / bare["total_s"], 2), target=1)
    _say("import_synthetic", **_synthetic())
    _say("import_memory", peak_mib=peak.stop(), target=1024)


def _own_database(url: str) -> str:
    parts = urlsplit(url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
        connection.execute(f"CREATE DATABASE {DATABASE}")
    return urlunsplit(parts._replace(path=f"/{DATABASE}"))


def _prepare(data: Path) -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    quiet = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - the process's own
    areas = data / "areas"
    files = [
        areas / "municipalities.csv",
        areas / "municipal_changes.json",
        areas / "boundaries-national.topojson.json",
    ]
    call_command("import_areas", *files, as_of="2025-04-01", stdout=quiet)
    call_command("import_towns", data / "address" / "towns.csv.zip", stdout=quiet)


def _import(data: Path, peak: _Peak) -> dict[str, float]:
    from renkei.foundation.audit.actors import SYSTEM
    from renkei.registry.facilities.models import ImportState
    from renkei.registry.facilities.services.imports import (
        apply_import,
        create_run,
        read_import,
    )

    paths = [str(data / "care"), str(data / "medical")]
    before = _cpu()
    with _timed() as total:
        with _timed() as reading:
            run = read_import(create_run(actor=SYSTEM, paths=paths).uid)
        if run.state != ImportState.PREVIEW:
            raise SystemExit(run.error)
        with _timed() as applying:
            apply_import(actor=SYSTEM, run=run)
    peak.look()
    counts = run.counts
    return {
        "seconds": total(),
        "read_s": reading(),
        "apply_s": applying(),
        "cpu_s": _cpu() - before,
        "rows": counts["rows"],
        "added": counts.get("added", 0),
        "changed": counts.get("changed", 0),
        "same": counts.get("same", 0),
        "repairs": counts["repairs"],
    }


def _cpu() -> float:
    """Seconds of processor time of Python so far; steadier than the clock on a busy machine."""
    own, readers = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + readers.ru_utime + readers.ru_stime


ROWS = 206_043
# One row in so many has the defect; 7.9 % zero coordinates as in the release of 2026-06.
PLANTED = {
    "coordinates_missing": (79, 1000),
    "mail_in_url": (1, 50),
    "capacity_zero": (2, 5),
    "coordinates_swapped": (1, 200),
}


def _has(defect: str, row: int) -> bool:
    share, of = PLANTED[defect]
    return row % of < share


def _synthetic() -> dict[str, object]:
    """Read a file with planted defects; compare what is listed with what was planted."""
    from renkei.foundation.audit.actors import SYSTEM
    from renkei.registry.facilities.queries_imports import repair_reasons
    from renkei.registry.facilities.services.imports import (
        create_run,
        discard_import,
        read_import,
    )

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "jigyosho_430.csv"
        _write_synthetic(path)
        with _timed() as reading:
            run = read_import(create_run(actor=SYSTEM, paths=[str(path)]).uid)
    listed = {reason: cells for reason, _, cells in repair_reasons(run)}
    listed["coordinates_missing"] = listed.get("coordinates_missing", 0) + listed.get(
        "coordinates_unknown", 0
    )
    planted = {d: sum(_has(d, row) for row in range(ROWS)) for d in PLANTED}
    # A row without coordinates has none to swap.
    planted["coordinates_swapped"] -= sum(
        _has("coordinates_swapped", row) and _has("coordinates_missing", row) for row in range(ROWS)
    )
    found = {defect: listed.get(defect, 0) for defect in PLANTED}
    discard_import(actor=SYSTEM, run=run)
    return {
        "read_s": reading(),
        "rows": run.counts["rows"],
        "planted": planted,
        "listed": found,
        "complete": planted == found,
    }


def _write_synthetic(path: Path) -> None:
    header = (
        *("都道府県コード又は市町村コード", "都道府県名", "市区町村名", "事業所名"),
        *("サービスの種類", "住所", "緯度", "経度", "電話番号", "事業所番号", "定員", "URL"),
    )
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        for row in range(ROWS):
            point = ("36.65", "138.19")
            if _has("coordinates_missing", row):
                point = ("0.0", "0.0")
            elif _has("coordinates_swapped", row):
                point = (point[1], point[0])
            writer.writerow(
                (
                    "202011",
                    "長野県",
                    "長野市",
                    f"架空居宅介護支援事業所{row}",
                    "居宅介護支援",
                    f"長野県長野市大字架空{row % 997 + 1}番地{row}",
                    *point,
                    "0999-00-1200",
                    f"{2_070_000_000 + row}",
                    "0" if _has("capacity_zero", row) else "30",
                    "info@example.jp" if _has("mail_in_url", row) else "https://example.jp/",
                )
            )


@contextmanager
def _timed() -> Iterator[Callable[[], float]]:
    start = time.perf_counter()
    end = [0.0]
    yield lambda: round(end[0], 1)
    end[0] = time.perf_counter() - start


class _Peak:
    """The largest sum of resident sets of this process and its children, ten times a second."""

    def __init__(self) -> None:
        self._most = 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def look(self) -> None:
        self._most = max(self._most, sum(map(_resident, [os.getpid(), *_children()])))

    def stop(self) -> int:
        self._stopped.set()
        self._thread.join()
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return max(self._most, own) // MIB

    def _watch(self) -> None:
        while not self._stopped.wait(0.1):
            self.look()


def _children() -> list[int]:
    found = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return [int(pid) for path in found for pid in path.read_text().split()]


def _resident(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    except OSError:  # gone meanwhile
        pass
    return 0


def _say(figure: str, **values: object) -> None:
    shown = {
        k: round(v, 1) if isinstance(v, float) and k != "ratio" else v for k, v in values.items()
    }
    print(json.dumps({"figure": figure, **shown}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
