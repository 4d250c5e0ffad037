"""Search at the size of the register: 60 shapes of queries in every order.

Needs a filled database (`renkei import …`, or bench/load_register.py) at DATABASE_URL. Prints one
line of JSON per figure, milliseconds:

* ``first20``: count and identifiers of the first page, in the database (target p95 60)
* ``count``: the capped count alone (target p95 20)
* ``page``: the whole page through the view, template included (target p95 120)
* ``facets``: the counts beside the filters (target p95 250)
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from http import HTTPStatus

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renkei.settings.test")
django.setup()

from django.http import QueryDict  # noqa: E402 - after the set-up
from django.test import Client  # noqa: E402

from renkei.foundation.accounts.models import Membership, Role  # noqa: E402
from renkei.foundation.accounts.tests import factories  # noqa: E402
from renkei.foundation.accounts.viewers import ANYBODY  # noqa: E402
from renkei.foundation.common.audience import Audience  # noqa: E402
from renkei.registry.facilities.forms_search import read_terms  # noqa: E402
from renkei.registry.facilities.models import SearchEntry  # noqa: E402
from renkei.registry.facilities.queries import area_scope  # noqa: E402
from renkei.registry.facilities.search.conditions import condition_of  # noqa: E402
from renkei.registry.facilities.search.facets import facet_counts  # noqa: E402
from renkei.registry.facilities.search.hits import count_of, hits_of  # noqa: E402
from renkei.registry.facilities.search.terms import Near, Sort  # noqa: E402

# One person's words each: broad and narrow, two kanji, kana of every width, numbers, filters.
# fmt: off
SHAPES = (
    "q=訪問", "q=訪問看護", "q=看護", "q=歯科", "q=薬局", "q=介護", "q=病院", "q=医院", "q=内科",
    "q=クリニック", "q=ｸﾘﾆｯｸ", "q=デイサービス", "q=ﾃﾞｲｻｰﾋﾞｽ", "q=ほうもんかんご",
    "q=ケアマネ", "q=特養", "q=老健", "q=グループホーム", "q=株式会社", "q=㈱", "q=医療法人",
    "q=社会福祉法人", "q=東京", "q=久留米市", "q=飯田市", "q=渡辺", "q=渡邊", "q=斎藤", "q=髙橋",
    "q=さくら", "q=サクラ", "q=ひまわり", "q=中央", "q=駅前", "q=ス", "q=の", "q=鬱", "q=1",
    "q=北2丁目", "q=北二丁目", "q=0942", "q=788-3121", "q=03-3", "q=4071600001",
    "q=久留米市 訪問看護", "q=東京 歯科 クリニック", "q=訪問 ス", "q=どこにもない言葉", "",
    "group=nursing", "group=day_care", "group=nursing&group=clinic&group=pharmacy",
    "service=130&area=402036", "area=402036", "area=131130&area=131121&area=131156",
    "q=歯科&area=402036", "q=看護&group=home_help", "day=sun",
    "group=day_care&day=sun&day=holiday", "q=リハビリ&day=sat",
)
# fmt: on
NEAR = Near(35.681, 139.767, "東京駅")
REPEATS = int(os.environ.get("BENCH_REPEATS", "5"))


def milliseconds(action: Callable[[], object]) -> list[float]:
    """Warm once, then some runs."""
    action()
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        action()
        times.append((time.perf_counter() - started) * 1000)
    return times


def report(name: str, figures: dict[str, list[float]], target: float) -> None:
    times = sorted(value for values in figures.values() for value in values)
    slowest = sorted(figures, key=lambda shape: -statistics.median(figures[shape]))[:5]
    line = {
        "bench": "search",
        "what": name,
        "places": SearchEntry.objects.count(),
        "shapes": len(figures),
        "p50_ms": round(statistics.median(times), 1),
        "p95_ms": round(times[int(len(times) * 0.95)], 1),
        "max_ms": round(times[-1], 1),
        "target_p95_ms": target,
        "slowest": {shape: round(statistics.median(figures[shape]), 1) for shape in slowest},
    }
    print(json.dumps(line, ensure_ascii=False), flush=True)


def main() -> None:
    terms = {shape: read_terms(QueryDict(shape))[0] for shape in SHAPES}
    conditions = {
        shape: condition_of(one, area_scope(one.areas)[0], Audience.PUBLIC)
        for shape, one in terms.items()
    }
    report("count", {s: milliseconds(partial(count_of, c)) for s, c in conditions.items()}, 20)
    for order in Sort:
        near = NEAR if order is Sort.DISTANCE else None
        ordered = {shape: replace(one, sort=order, near=near) for shape, one in terms.items()}
        figures = {
            shape: milliseconds(partial(hits_of, one, conditions[shape]))
            for shape, one in ordered.items()
        }
        report(f"first20 by {order.value}", figures, 60)
    report(
        "facets",
        {s: milliseconds(partial(facet_counts, one, viewer=ANYBODY)) for s, one in terms.items()},
        250,
    )
    if "--pages" in sys.argv:
        client = signed_in()
        assert client.get("/register/").status_code == HTTPStatus.OK  # noqa: S101
        pages = {s: milliseconds(partial(client.get, f"/register/?{s}")) for s in SHAPES}
        report("page", pages, 120)


def signed_in() -> Client:
    """A member of the city office, made once for the bench's database."""
    known = Membership.objects.filter(role=Role.MUNICIPAL_STAFF).select_related("user").first()
    user = known.user if known else factories.member(Role.MUNICIPAL_STAFF)
    return factories.sign_in(Client(headers={"host": "localhost"}), user)


if __name__ == "__main__":
    main()
