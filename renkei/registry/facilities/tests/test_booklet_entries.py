"""Words of a printed row, without a database."""

from __future__ import annotations

from datetime import date

from renkei.registry.facilities.booklet.entries import entry_of, sources_of
from renkei.registry.facilities.catalogue import GROUPS, SERVICES
from renkei.registry.facilities.visibility import VisiblePlace, VisibleService


def service(code="130", *, as_of=date(2026, 6, 30), source="care", attributes=None, **values):
    info = SERVICES[code]
    return VisibleService(
        1, code, info, GROUPS[info.group], source, "x", as_of, values, attributes or {}
    )


def place(*services, **values):
    plain = {
        "pk": 1, "name": "架空医院", "kana": "カクウイイン", "postcode": "", "building": "",
        "address": "架空県架空市北浜二丁目3", "latitude": 35.6, "longitude": 141.1,
        "coordinates_from": "official", "phone": "0999-00-1200", "corporate_name": "",
        "municipality_code": "992011", "municipality_name": "架空市", "status": "listed",
        "fresh_on": date(2026, 6, 30), "confirmed_on": None, "confirmed_with": "",
        "services": services,
    }  # fmt: skip
    return VisiblePlace(**{**plain, **values})


def test_a_row_says_kinds_address_hours_and_what_is_offered():
    found = entry_of(
        place(
            service("clinic", source="medical", departments=["内科", "外科"],
                    capabilities=["home_visit"], visiting_area="架空市の全域",
                    hours={"mon": [["09:00", "12:00"]], "tue": [["09:00", "12:00"]]}),
            service("130"),
        )
    )  # fmt: skip

    assert (found.kinds, found.address, found.town) == ("診療所・訪問看護", "北浜二丁目3", "北浜")
    assert found.hours.split("\n") == [
        "月・火 9時～12時",
        "訪問診療",
        "内科、外科",
        "訪問の範囲：架空市の全域",
    ]


def test_a_row_is_listed_under_the_kind_that_was_asked_for():
    both = place(service("130"), service("430"))

    assert entry_of(both).group == "nursing"
    assert entry_of(both, groups=["care_manager"]).group == "care_manager"
    assert entry_of(place()).group == "support"


def test_professionals_also_see_fax_and_columns_of_local_lists():
    one = place(service(fax="0999-00-1299", attributes={"空き": "あり"}))

    assert "FAX" not in entry_of(one).hours
    assert entry_of(one, full=True).hours == "FAX 0999-00-1299\n空き：あり"


def test_a_long_text_is_cut_and_an_address_elsewhere_kept_whole():
    found = entry_of(
        place(service(visiting_area="とても遠い町、" * 20), address="よその県よその町1")
    )

    assert found.address == "よその県よその町1"
    assert found.hours.endswith("…")
    assert max(map(len, found.hours.split("\n"))) == 60
    assert entry_of(place(address="架空市")).address == "架空市"
    assert entry_of(place(name="")).name == "（名前は公開されていません）"


def test_sources_have_their_newest_day_in_the_order_of_the_catalogue():
    found = sources_of(
        [
            place(service(source="medical", as_of=None), service(as_of=date(2026, 1, 1))),
            place(service(as_of=date(2026, 6, 30)), service(as_of=date(2025, 12, 31))),
        ]
    )

    assert [(one.name, one.as_of) for one in found] == [
        ("介護サービス情報公表システム", "令和8年6月30日"),
        ("医療情報ネット", ""),
    ]
    assert found[1].full == found[1].attribution
    assert found[1].short == "医療情報ネット（PDL1.0）"
