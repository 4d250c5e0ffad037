"""Pages of indicators for the whole country, at 20 requests a second, against a running server.

Usage: RENKEI_VAR=FOLDER RENKEI_PORT=8100 bin/run, then
python bench/bench_indicators.py FOLDER http://localhost:8100 FOLDER_OF_SHARED_DATA [SCALE]

Loads the areas of the shared data, 150 indicators and ten years of numbers for 1,741
municipalities and 47 prefectures (2.7 million rows) into that installation, once; a second run
measures only. Then asks for each page of an officer of a municipality and of a prefecture, 20
requests a second. Prints one line of JSON per page with the load of the machine. SCALE (0.05)
makes fewer indicators, to try the script; such figures say nothing. An empty file demo/done in
FOLDER lets the server start without the demo region.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import statistics
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from renkei import embedded

VAR = Path(sys.argv[1])
BASE = urlsplit(sys.argv[2])
SHARED = Path(sys.argv[3])
SCALE = float(sys.argv[4]) if len(sys.argv) > 4 else 1.0  # noqa: PLR2004 - the fourth word
os.environ["DJANGO_SETTINGS_MODULE"] = "renkei.settings.dev"
os.environ["RENKEI_VAR"] = str(VAR)
os.environ["SECRET_KEY"] = (VAR / "secret.key").read_text().strip()
os.environ["FILE_KEY"] = (VAR / "file.key").read_text().strip()
os.environ["DATABASE_URL"] = embedded.server_in(VAR).url(embedded.APP)

import django  # noqa: E402 - settings first

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from renkei.care.patients.tests import factories as care  # noqa: E402
from renkei.foundation.accounts.models import Organisation, Role, User  # noqa: E402
from renkei.foundation.accounts.queries import policy_to_accept  # noqa: E402
from renkei.foundation.accounts.services.policies import accept_policy  # noqa: E402
from renkei.foundation.accounts.tests import factories as accounts  # noqa: E402
from renkei.foundation.areas.importers.files import ImportOptions  # noqa: E402
from renkei.foundation.areas.models import Area, AreaLevel  # noqa: E402
from renkei.foundation.areas.services import import_area_files  # noqa: E402
from renkei.foundation.audit.actors import SYSTEM  # noqa: E402
from renkei.foundation.common import clock  # noqa: E402
from renkei.programme.indicators.models import (  # noqa: E402
    Aggregation,
    Direction,
    Indicator,
    IndicatorVersion,
    Kind,
    Scene,
    Value,
)
from renkei.programme.indicators.services.catalogue import load_catalogue  # noqa: E402
from renkei.programme.indicators.services.values import BATCH  # noqa: E402

INDICATORS = max(8, round(150 * SCALE))
YEARS = range(2015, 2025)
PER_SECOND = 20
ASKED = 200 if SCALE == 1 else 20
P95 = 0.95
TARGET_MS, MAP_TARGET_MS = 200, 100
OFFICE, PREFECTURE = "20203", "20"
COLUMNS = (
    "indicator_id", "version_id", "area_id", "period_kind", "period", "value", "absence",
    "printed", "unit", "numerator", "denominator", "n", "source", "source_file", "as_of", "quality",
    "note", "sharing", "is_hidden", "shown", "run_id", "recorded_at",
)  # fmt: skip


def load_areas() -> None:
    towns = Area.objects.filter(level=AreaLevel.MUNICIPALITY).exclude(prefecture_code="99")
    if towns.count() < 1700:  # noqa: PLR2004 - the country is not there yet
        folder = SHARED / "areas"
        import_area_files([folder], actor=SYSTEM, options=ImportOptions(), tell=lambda _line: None)


def versions() -> list[IndicatorVersion]:
    """The shipped catalogue, and invented definitions up to the number."""
    load_catalogue(actor=SYSTEM)
    held = list(IndicatorVersion.objects.filter(expression="", counter="").order_by("pk"))
    for number in range(len(held), INDICATORS):
        indicator, _ = Indicator.objects.get_or_create(code=f"X-B{number}")
        version, _ = IndicatorVersion.objects.get_or_create(
            indicator=indicator, number=1,
            defaults={
                "name": f"計測の指標{number}", "scenes": [list(Scene)[number % 5].value],
                "kind": Kind.PROCESS, "unit": "件/人口10万対", "factor": 100_000,
                "direction": Direction.UP, "aggregation": Aggregation.RATIO,
                "levels": ["municipality"], "period_kind": "fiscal_year", "source": "計測",
                "text": "計測の数。",
            },
        )  # fmt: skip
        held.append(version)
    return held[:INDICATORS]


def rows_of(version: IndicatorVersion, areas: list[Area]) -> Iterator[tuple[object, ...]]:
    chance = random.Random(version.pk)
    now = clock.now()
    for area in areas:
        # As numbers that are right look: neighbours alike, years alike, whole persons.
        level = chance.uniform(15, 45) if version.unit == "%" else chance.uniform(200, 600)
        whole = chance.randint(3_000, 400_000)
        for year in YEARS:
            key = {
                "plan": f"{year}-{year + 2}", "day": f"{year}-08-01", "month": f"{year}-08",
            }.get(version.period_kind, str(year))  # fmt: skip
            is_rate = version.factor > 1
            value = round(level * chance.uniform(0.97, 1.03), 1 if is_rate else None)
            if version.unit in {"段階", "有無"}:
                value = chance.randint(0, 2 if version.unit == "段階" else 1)
            yield (
                version.indicator_id, version.pk, area.pk, version.period_kind, key, value, "",
                "", version.unit, round(value * whole / version.factor) if is_rate else None,
                whole if is_rate else None, None, "計測", "", f"{year + 1}-10-01", "ok", "", "open",
                False, "[]", None, now,
            )  # fmt: skip


def plant() -> int:
    """Numbers of every municipality and prefecture, straight into the table."""
    areas = list(
        Area.objects.filter(
            level__in=(AreaLevel.MUNICIPALITY, AreaLevel.PREFECTURE),
            period__contains=clock.today(),
        ).exclude(prefecture_code="99")
    )
    for version in versions():
        if Value.objects.filter(version=version).count() >= len(areas) * len(YEARS):
            continue
        with transaction.atomic(), connection.cursor() as cursor:
            Value.objects.filter(version=version).delete()
            sql = f"COPY indicators_value ({', '.join(COLUMNS)}) FROM STDIN"
            with cursor.copy(sql) as copy:
                for row in rows_of(version, areas):
                    copy.write_row(row)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE indicators_value")
    return len(areas)


def officer(role: Role, place: Area) -> str:
    """Somebody signed in, by the session."""
    office = accounts.make_organisation(f"架空計測 {uuid.uuid4().hex[:6]}")
    Organisation.objects.filter(pk=office.pk).update(area=place)
    address = f"bench-{uuid.uuid4().hex[:8]}@example.test"
    user = accounts.person("架空 計測", address, office, role)
    sign_policies(user)
    return str(accounts.sign_in(Client(), user).cookies["sessionid"].value)


def sign_policies(person: User) -> None:
    """What the installation asks everybody to sign before the first page."""
    viewer = accounts.viewer_for(person)
    while version := policy_to_accept(viewer):
        accept_policy(
            actor=viewer.actor,
            user=person,
            membership=care.membership_of(person),
            version=version,
            signed_name=person.name,
        )


def ask(path: str, session: str, times: list[float], bad: list[str]) -> None:
    """One page, in milliseconds."""
    started = time.perf_counter()
    connected = http.client.HTTPConnection(BASE.hostname or "", BASE.port, timeout=60)
    connected.request("GET", path, headers={"Cookie": f"sessionid={session}"})
    answer = connected.getresponse()
    answer.read()
    connected.close()
    if answer.status != 200:  # noqa: PLR2004 - HTTP OK
        bad.append(f"{path}: {answer.status}")
    times.append((time.perf_counter() - started) * 1000)


def measure(what: str, paths: list[str], session: str, target: int = TARGET_MS) -> None:
    times: list[float] = []
    bad: list[str] = []
    for path in paths[:3]:
        ask(path, session, [], bad)
    threads = []
    started = time.perf_counter()
    for number in range(ASKED):
        time.sleep(max(0.0, started + number / PER_SECOND - time.perf_counter()))
        path = paths[number % len(paths)]
        thread = threading.Thread(target=ask, args=(path, session, times, bad))
        thread.start()
        threads.append(thread)
    for thread in threads:
        thread.join()
    if bad:
        raise SystemExit("\n".join(bad[:3]))
    times.sort()
    line = {
        "bench": "indicators",
        "what": what,
        "values": Value.objects.count(),
        "count": len(times),
        "p50_ms": round(statistics.median(times), 1),
        "p95_ms": round(times[int(len(times) * P95)], 1),
        "target_p95_ms": target,
        "load": round(os.getloadavg()[0], 1),
    }
    print(json.dumps(line, ensure_ascii=False), flush=True)


def main() -> None:
    load_areas()
    started = time.perf_counter()
    plant()
    line = {"bench": "indicators", "what": "planted", "s": round(time.perf_counter() - started)}
    print(json.dumps(line | {"batch": BATCH}), flush=True)
    town = Area.objects.get(code__startswith=OFFICE, period__contains=clock.today())
    prefecture = Area.objects.get(
        level=AreaLevel.PREFECTURE, prefecture_code=PREFECTURE, period__contains=clock.today()
    )
    city = officer(Role.MUNICIPAL_STAFF, town)
    above = officer(Role.PREFECTURE, prefecture)
    codes = ("A-P1", "K-O1", "R-65-R", "X-B120") if SCALE == 1 else ("A-P1", "K-O1")
    of = [f"/indicators/of/{code}/" for code in codes]
    measure("first screen", ["/indicators/"], city)
    scenes = [f"/indicators/list/?scene={scene.value}" for scene in Scene]
    measure("list of indicators", scenes, city)
    measure("an indicator", of, city)
    measure("beside the prefecture's", [f"{url}beside/" for url in of], city)
    measure("beside similar ones", [f"{url}beside/?group=similar" for url in of], city)
    measure("an indicator, prefecture", of, above)
    measure("side by side, prefecture", [f"{url}beside/" for url in of], above)
    measure("the eight items, 1,741 answers", ["/indicators/progress/"], city)
    measure("check of a prefecture's numbers", ["/indicators/quality/"], city)
    measure("a map of a prefecture", [f"{url}map/" for url in of], city, MAP_TARGET_MS)
    country = [f"{url}map/?prefecture=all" for url in of]
    measure("a map of the country", country, city, MAP_TARGET_MS)


main()
