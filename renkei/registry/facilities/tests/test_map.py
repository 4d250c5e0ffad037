from __future__ import annotations

import pytest
from django.http import QueryDict

from renkei.foundation.accounts.viewers import ANYBODY
from renkei.registry.facilities.forms_search import read_terms
from renkei.registry.facilities.models import MapCell
from renkei.registry.facilities.search.boxes import Box
from renkei.registry.facilities.search.clusters import extent_of, marks_of
from renkei.registry.facilities.search.counts import refresh_counts_soon
from renkei.registry.facilities.search.indexing import index_facilities, rebuild_index
from renkei.registry.facilities.tasks import refresh_counts_task
from renkei.registry.facilities.tests.places import place

pytestmark = pytest.mark.django_db
JAPAN = Box(122, 24, 154, 46)


def terms_of(query=""):
    return read_terms(QueryDict(query))[0]


@pytest.fixture
def _few(monkeypatch):
    monkeypatch.setattr("renkei.registry.facilities.search.clusters.MOST_POINTS", 2)


@pytest.mark.usefixtures("_few")
def test_open_map_of_residents_reads_the_kept_clusters(django_assert_num_queries):
    for number in range(4):
        place(f"看護{number}", latitude=35.5 + number / 1000, longitude=141.5)
    place("終わった所", latitude=35.5, longitude=141.5, status="ended")
    rebuild_index()

    with django_assert_num_queries(5):
        marks = marks_of(terms_of(), JAPAN, 6, viewer=ANYBODY)

    assert [cluster.count for cluster in marks.clusters] == [4]
    assert marks.clusters[0].box == Box(141.5, 35.5, 141.5, 35.503)
    assert MapCell.objects.filter(zoom=6).count() == 1


@pytest.mark.usefixtures("_few")
def test_map_counts_within_the_radius_of_the_search():
    for number in range(4):
        place(f"看護{number}", latitude=35.5 + number / 10, longitude=141.5)
    rebuild_index()

    marks = marks_of(terms_of("lat=35.5&lng=141.5&radius=20"), JAPAN, 12, viewer=ANYBODY)

    assert (marks.total, len(marks.points)) == (2, 2)


def test_map_shows_positions_residents_may_see_only():
    place("位置なし")
    rebuild_index()

    marks = marks_of(terms_of(), JAPAN, 6, viewer=ANYBODY)

    assert (marks.total, marks.clusters, marks.points) == (1, [], [])


def test_counts_follow_single_corrections_when_the_worker_comes():
    first = place("一つ目", latitude=35.5, longitude=141.5)
    rebuild_index()
    place("二つ目", latitude=35.5, longitude=141.5)

    index_facilities([first.pk])
    refresh_counts_soon()  # a second wish while the first one waits
    index_facilities(list(range(first.pk, first.pk + 10)))
    refresh_counts_task()

    assert MapCell.objects.get(zoom=6).count == 2


def test_many_entries_bring_the_counts_along(monkeypatch):
    monkeypatch.setattr("renkei.registry.facilities.search.store._MANY", 1)
    made = [place(f"看護{number}", latitude=35.5, longitude=141.5) for number in range(2)]

    index_facilities([one.pk for one in made])

    assert MapCell.objects.get(zoom=6).count == 2


def test_extent_is_where_the_results_lie():
    place("北の所", latitude=36.5, longitude=141.0)
    place("南の所", latitude=35.0, longitude=142.0)
    place("位置なし")
    rebuild_index()

    assert extent_of(terms_of("q=所"), count=2, viewer=ANYBODY) == Box(141.0, 35.0, 142.0, 36.5)
    assert extent_of(terms_of("q=位置"), count=1, viewer=ANYBODY) is None
    near = extent_of(terms_of("lat=35&lng=141&radius=1"), count=0, viewer=ANYBODY)
    assert near is not None
    assert near.north < 35.01
    assert extent_of(terms_of("q=所"), count=1001, viewer=ANYBODY) == Box(141.0, 35.0, 142.0, 36.5)
