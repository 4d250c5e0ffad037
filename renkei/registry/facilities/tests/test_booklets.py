from __future__ import annotations

import io
import re
from datetime import timedelta

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from procrastinate.contrib.django.models import ProcrastinateJob

from renkei.foundation.accounts.tests import factories as people
from renkei.foundation.accounts.viewers import ANYBODY
from renkei.foundation.areas.tests.factories import make_area, make_edge, make_hierarchy
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock
from renkei.foundation.common.audience import Audience
from renkei.registry.facilities import desk
from renkei.registry.facilities.booklet.entries import base_town, entry_of, freshness_text, town_of
from renkei.registry.facilities.booklet.plan import Desk
from renkei.registry.facilities.models import BookletOrder, BookletState, ListingStatus
from renkei.registry.facilities.queries_booklets import (
    BookletScope,
    booklet_place_ids,
    booklet_places,
    land_of,
    printable_areas,
    released_booklets,
)
from renkei.registry.facilities.services import booklets as services
from renkei.registry.facilities.services.booklets import (
    forget_old_booklets,
    make_booklet,
    order_booklet,
    release_booklet,
    withdraw_booklet,
)
from renkei.registry.facilities.services.publication import set_field_audience
from renkei.registry.facilities.tasks_printing import forget_old_booklets_task, make_booklet_task
from renkei.registry.facilities.tests.booklets import read_pages
from renkei.registry.facilities.tests.factories import LocalListFactory
from renkei.registry.facilities.tests.towns import (
    GOVERNMENT_CANARY,
    PARTNER_CANARY,
    make_city,
    make_district,
    make_places,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]


@pytest.fixture
def city():
    return make_city()


@pytest.fixture
def sato():
    return people.viewer_for(people.sato())


def order(viewer, area, **values):
    plain = {
        "title": "在宅医療・介護 資源の冊子",
        "groups": [],
        "edition": Audience.PUBLIC,
        "confirmed_only": False,
        "format": "pdf",
        "site_url": "https://renkei.example",
    }
    return order_booklet(viewer=viewer, area=area, **{**plain, **values})


def content_of(order):
    with order.file.open() as file:
        return file.read()


def made(viewer, area, **values):
    asked = order(viewer, area, **values)
    make_booklet(asked.uid)
    asked.refresh_from_db()
    return asked


def test_order_is_kept_recorded_and_given_to_the_worker(city, sato):
    make_places(city, 3)

    asked = order(sato, city)

    assert asked.state == BookletState.WAITING
    assert asked.keep_until == clock.today() + timedelta(days=30)
    event = AuditEvent.objects.get(action="booklet.ordered")
    assert event.actor_user_id == sato.user_id
    assert event.detail["places"] == 3
    job = ProcrastinateJob.objects.get(task_name="facilities.make_booklet")
    assert job.args == {"order_uid": str(asked.uid)}


def test_worker_makes_the_file_and_records_it(city, sato):
    make_places(city, 30)
    asked = order(sato, city)

    make_booklet_task(order_uid=str(asked.uid))

    asked.refresh_from_db()
    assert (asked.state, asked.place_count, asked.progress) == (BookletState.READY, 30, 100)
    text = "".join(read_pages(content_of(asked)))
    assert all(f"架空施設{n:04}号" in text for n in range(1, 31))
    assert "介護サービス情報公表システムのオープンデータ" in text
    assert "医療情報ネットのオープンデータ" in text
    assert asked.size == asked.file.size
    assert AuditEvent.objects.filter(action="booklet.made").count() == 1
    make_booklet(asked.uid)
    assert AuditEvent.objects.filter(action="booklet.made").count() == 1


@pytest.mark.parametrize("form", ["pdf", "poster", "docx", "xlsx"])
def test_t_a3_the_residents_edition_holds_no_canary(city, sato, form):
    make_places(city, 8)

    content = content_of(made(sato, city, format=form))

    text = "".join(read_pages(content)) if content.startswith(b"%PDF") else content.decode("latin1")
    if form == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(content))
        text = str([list(sheet.values) for sheet in book])
        assert "架空施設0001号" in text
    assert "カナリア" not in text


def test_t_a3_the_partner_edition_shows_what_was_released_to_partners_alone(city, sato):
    make_places(city, 4)
    LocalListFactory.create()
    field = "attributes.担当者の携帯"
    before = made(sato, city, edition=Audience.PARTNER)
    set_field_audience(
        actor=sato.actor, field=field, audience=Audience.PARTNER, checked=True, note="確かめた"
    )

    after = made(sato, city, edition=Audience.PARTNER)

    old, new = ("".join(read_pages(content_of(one))) for one in (before, after))
    assert GOVERNMENT_CANARY not in old
    assert PARTNER_CANARY not in new  # mail addresses are not printed at all
    assert f"{GOVERNMENT_CANARY}1" in new
    assert "住民には配らないでください" in new


def test_a_place_whose_name_is_not_for_residents_is_not_in_their_booklet(city, sato):
    hidden, *_ = make_places(city, 3)
    set_field_audience(
        actor=sato.actor, field="name", audience=Audience.GOVERNMENT, facility=hidden.facility
    )

    asked = made(sato, city)

    assert asked.place_count == 2
    assert "架空施設0001号" not in "".join(read_pages(content_of(asked)))


def test_a_position_that_is_not_for_residents_gets_no_pin(city, sato):
    make_places(city, 1)
    set_field_audience(actor=sato.actor, field="latitude", audience=Audience.GOVERNMENT)

    (place,) = booklet_places(booklet_place_ids(BookletScope(city)), edition=Audience.PUBLIC)

    assert entry_of(place).position is None


def test_an_order_of_nothing_says_which_condition_to_change(city, sato):
    with pytest.raises(ValidationError) as error:
        order(sato, city)
    assert list(error.value.message_dict) == ["area"]
    make_places(city, 2)

    for condition in ({"confirmed_only": True}, {"groups": ["equipment"]}):
        with pytest.raises(ValidationError) as error:
            order(sato, city, **condition)
        assert list(error.value.message_dict) == list(condition)
    assert not BookletOrder.objects.exists()


def test_too_much_for_one_booklet_is_refused_with_the_number(city, sato, monkeypatch):
    make_places(city, 3)
    monkeypatch.setattr(services, "MOST_PLACES", 2)

    with pytest.raises(ValidationError, match="3か所あり、1冊に2か所まで"):
        order(sato, city)


def test_nobody_orders_an_edition_above_their_own(city):
    make_places(city, 1)

    for viewer, edition in ((ANYBODY, Audience.PUBLIC), (ANYBODY, Audience.PARTNER)):
        with pytest.raises(ValidationError, match="この版は作れません"):
            order(viewer, city, edition=edition)


@pytest.mark.parametrize("form", ["pdf", "poster"])
def test_a_large_booklet_is_set_in_a_process_of_its_own(city, sato, monkeypatch, form):
    make_places(city, 3)
    monkeypatch.setattr(services, "SMALL", 2)
    monkeypatch.setattr(services, "WRITERS", {})

    asked = made(sato, city, format=form)

    assert "架空施設0001号" in "".join(read_pages(content_of(asked)))


def test_a_failure_is_said_in_one_sentence(city, sato, monkeypatch):
    make_places(city, 1)
    asked = order(sato, city)
    monkeypatch.setitem(services.WRITERS, "pdf", lambda _: 1 // 0)

    with pytest.raises(ZeroDivisionError):
        make_booklet(asked.uid)

    asked.refresh_from_db()
    assert asked.state == BookletState.FAILED
    assert "もう一度作ってください" in asked.error


def test_release_and_withdrawal_are_recorded(city, sato):
    make_places(city, 1)
    asked = made(sato, city)

    release_booklet(actor=sato.actor, order=asked)

    assert list(released_booklets()) == [asked]
    withdraw_booklet(actor=sato.actor, order=asked)
    assert not released_booklets()
    actions = [event.action for event in AuditEvent.objects.order_by("month", "sequence")]
    assert actions[-2:] == ["booklet.released", "booklet.withdrawn"]
    with pytest.raises(ValidationError):
        withdraw_booklet(actor=sato.actor, order=asked)


def test_the_partner_edition_and_an_unfinished_one_are_never_released(city, sato):
    make_places(city, 1)
    partner = made(sato, city, edition=Audience.PARTNER)
    waiting = order(sato, city)

    for asked, actor in ((partner, sato.actor), (waiting, sato.actor), (made(sato, city), SYSTEM)):
        with pytest.raises(ValidationError):
            release_booklet(actor=actor, order=asked)


def test_old_files_are_forgotten_released_ones_stay(city, sato):
    make_places(city, 1)
    old, kept = made(sato, city), made(sato, city)
    release_booklet(actor=sato.actor, order=kept)
    BookletOrder.objects.update(keep_until=clock.today() - timedelta(days=1))
    path = old.file.path

    forget_old_booklets_task(timestamp=0)

    old.refresh_from_db()
    kept.refresh_from_db()
    assert (old.state, bool(old.file), kept.state) == (
        BookletState.EXPIRED,
        False,
        BookletState.READY,
    )
    with pytest.raises(FileNotFoundError):
        open(path)  # noqa: PTH123, SIM115 - it must not be there
    assert forget_old_booklets() == 0


def test_only_confirmed_places_and_chosen_kinds_are_printed(city):
    confirmed, other, closed, _, _, last = make_places(city, 6)
    type(confirmed.facility).objects.filter(pk=confirmed.facility_id).update(
        confirmed_on=clock.today()
    )
    type(closed.facility).objects.filter(pk=closed.facility_id).update(status=ListingStatus.ENDED)

    assert booklet_place_ids(BookletScope(city, confirmed_only=True)) == [confirmed.facility_id]
    assert closed.facility_id not in booklet_place_ids(BookletScope(city))
    assert booklet_place_ids(BookletScope(city, ("clinic",))) == [
        one.facility_id for one in (other, last)
    ]


def test_an_area_of_any_hierarchy_has_the_places_of_its_municipalities(city):
    make_places(city, 2)
    union = make_area(level="secondary_medical_area", name="架空医療圏", key="二次医療圏/99/架空")
    make_edge(hierarchy=make_hierarchy(), child=city, parent=union)

    assert len(booklet_place_ids(BookletScope(union))) == 2
    assert [one.name for one in land_of(union).municipalities] == ["架空市"]


def test_a_daily_living_area_has_the_places_within_its_border(city):
    north = make_district(city, "北圏域", 141.0, 35.55, 0.1)
    make_district(city, "図のない圏域", 141.3, 35.9, 0.01)
    services_ = make_places(city, 40)

    ids = booklet_place_ids(BookletScope(north))

    assert ids == [one.facility_id for one in services_ if (one.latitude or 0) >= 35.55]
    assert [one.name for one in land_of(city).districts] == ["北圏域", "図のない圏域"]
    assert [one.name for one in land_of(north).districts] == ["北圏域"]


def test_land_has_borders_neighbours_and_towns_without_chome(city):
    land = land_of(city)

    assert len(land.around) == 1
    assert land.towns is not None
    assert sorted(one.name for one in land.towns["架空市"]) == ["北浜", "本町"]


@pytest.mark.parametrize("count", [1, 3])
def test_booklet_needs_the_same_queries_for_any_count(city, count, django_assert_max_num_queries):
    make_places(city, count)

    with django_assert_max_num_queries(9):
        booklet_places(booklet_place_ids(BookletScope(city)), edition=Audience.PUBLIC)


def test_printable_areas_are_of_every_hierarchy_and_never_the_country(city):
    make_area(level="nation", name="日本", key="国", prefecture_code="")
    union = make_area(level="wide_area_union", name="架空連合", key="広域連合/99/架空")

    names = [one.name for one in printable_areas("99")]

    assert {"架空市", union.name} <= set(names)
    assert "日本" not in [one.name for one in printable_areas()]


def test_towns_are_named_without_numbers():
    assert town_of("架空県架空市北浜二丁目3-4", "架空市") == "北浜"
    assert town_of("架空県架空市大字本町12番地", "架空市") == "本町"
    assert town_of("", "架空市") == ""
    assert base_town("東合川3丁目") == "東合川"


def test_the_desk_stands_on_the_page(city, sato, monkeypatch):
    make_places(city, 1)
    monkeypatch.setattr(desk, "_providers", [])
    assert desk.current_region().desk.phone == ""
    desk.use_region(lambda: desk.Region("架空広域", Desk("窓口", "0999-00-0110", "平日")))

    text = "".join(read_pages(content_of(made(sato, city))))

    assert "0999-00-0110" in text


def test_what_is_known_of_a_place_is_said_in_words(city):
    vanished, confirmed, plain = make_places(city, 3)
    places = type(plain.facility).objects
    places.filter(pk=vanished.facility_id).update(status=ListingStatus.POSSIBLY_ENDED)
    places.filter(pk=confirmed.facility_id).update(confirmed_on=clock.today())

    texts = [
        freshness_text(one)
        for one in booklet_places(booklet_place_ids(BookletScope(city)), edition=Audience.PUBLIC)
    ]

    assert texts[0].startswith("掲載終了の可能性")
    assert texts[1].endswith("に確認")
    assert re.fullmatch(r"2026年\d+月の情報", texts[2])
