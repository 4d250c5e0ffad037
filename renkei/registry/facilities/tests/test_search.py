"""Finding invented places in every way people write (T-A7), and only what their audience may know."""

from __future__ import annotations

from datetime import date

import pytest
from django.http import QueryDict

from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.viewers import ANYBODY, Viewer
from renkei.foundation.areas.models import Area, AreaEdge, AreaLevel, Hierarchy, HierarchyCode, Town
from renkei.foundation.common.audience import Audience
from renkei.registry.facilities.forms_search import read_terms
from renkei.registry.facilities.models import FieldPolicy
from renkei.registry.facilities.queries import all_facilities, find_facilities
from renkei.registry.facilities.search.facets import facet_counts
from renkei.registry.facilities.search.indexing import rebuild_index
from renkei.registry.facilities.tests.factories import AT
from renkei.registry.facilities.tests.places import place

pytestmark = pytest.mark.django_db
STAFF = Viewer(user_id=1, role=Role.MUNICIPAL_STAFF)
PARTNER = Viewer(user_id=2, role=Role.PROFESSIONAL)
SINCE = ("2000-01-01", None)


def search(query="", viewer=ANYBODY, **parameters):
    data = QueryDict(mutable=True)
    if query:
        data["q"] = query
    for key, value in parameters.items():
        data.setlist(key, value if isinstance(value, list) else [str(value)])
    terms, problems = read_terms(data)
    assert problems == []
    return find_facilities(terms, viewer=viewer)


def names(page):
    return [shown.name for shown in page.places]


# T-A7 ---------------------------------------------------------------------------------------


@pytest.fixture
def town():
    return {
        "nurse": place(
            "訪問看護ステーション みなも",
            kana="ホウモンカンゴステーション ミナモ",
            address="架空県架空市北浜二丁目14番地",
            building="北浜ビル1階",
            phone="0999-00-1201",
            corporate_name="一般社団法人 みなも",
            office_number="9960190013",
            visiting_area="北浜・本町の全域",
            capabilities=["ventilator", "round_the_clock"],
        ),
        "clinic": place(
            "医療法人社団 髙﨑会 しおかぜ医院",
            kana="イリョウホウジンシャダン タカサキカイ シオカゼイイン",
            address="架空県架空市本町1丁目8",
            phone="0999-00-2045",
            service_code="clinic",
            departments=["内科", "消化器内科"],
            capabilities=["home_visit"],
            institution_code="9910110001",
        ),
        "dental": place(
            "ﾋﾏﾜﾘ歯科ｸﾘﾆｯｸ",
            kana="ヒマワリシカクリニック",
            address="架空県架空市松が丘３－２１",
            phone="(0999)00-3300",
            service_code="dental",
        ),
        "pharmacy": place(
            "㈱アオイ薬局　東渡邊店",
            kana="カブシキガイシャアオイヤッキョク ヒガシワタナベテン",
            phone="0999001444",
            corporate_name="株式会社アオイ",
            service_code="pharmacy",
        ),
        "day": place(
            "デイサービスセンター　ゆうゆう",
            kana="デイサービスセンターユウユウ",
            phone="0999-00-5500",
            service_code="150",
            corporate_name="社会福祉法人斎藤会",
        ),
        "manager": place(
            "ケアプランさくら Café",
            kana="ケアプランサクラカフェ",
            phone="0999-00-6600",
            service_code="430",
            corporate_name="合同会社 国際ケア",
        ),
        "welfare": place(
            "特別養護老人ホーム 壽楽園",
            kana="トクベツヨウゴロウジンホーム ジュラクエン",
            phone="0999-00-7700",
            service_code="510",
        ),
        "help": place(
            "ヘルパーステーション・ヴィラ佐々木",
            kana="ヘルパーステーションヴィラササキ",
            phone="0999-00-8800 内線12",
            service_code="110",
        ),
    }


QUERIES = [
    ("みなも", "nurse"),
    ("ミナモ", "nurse"),
    ("ﾐﾅﾓ", "nurse"),
    ("訪問 みなも", "nurse"),
    ("訪問", "nurse"),
    ("看護", "nurse"),
    ("ほうもんかんご", "nurse"),
    ("ﾎｳﾓﾝｶﾝｺﾞ", "nurse"),
    ("訪問看護ステーションみなも", "nurse"),
    ("訪問看護ｽﾃｰｼｮﾝ", "nurse"),
    ("北浜2丁目", "nurse"),
    ("北浜２丁目", "nurse"),
    ("北浜二丁目", "nurse"),
    ("北浜ビル", "nurse"),
    ("00-1201", "nurse"),
    ("００－１２０１", "nurse"),
    ("0999001201", "nurse"),
    ("0999-00-1201", "nurse"),
    ("0999 00 1201", "nurse"),
    ("001201", "nurse"),
    ("9960190013", "nurse"),
    ("一般社団法人みなも", "nurse"),
    ("人工呼吸器", "nurse"),
    ("２４時間", "nurse"),
    ("訪看", "nurse"),
    ("しおかぜ", "clinic"),
    ("シオカゼ医院", "clinic"),
    ("高崎会", "clinic"),
    ("髙﨑会", "clinic"),
    ("髙崎", "clinic"),
    ("たかさき", "clinic"),
    ("内科", "clinic"),
    ("消化器", "clinic"),
    ("訪問診療", "clinic"),
    ("診療所", "clinic"),
    ("(医) 髙﨑会", "clinic"),
    ("9910110001", "clinic"),
    ("ひまわり", "dental"),
    ("ヒマワリ歯科クリニック", "dental"),
    ("ひまわり歯科", "dental"),
    ("歯医者", "dental"),
    ("松が丘3-21", "dental"),
    ("松ヶ丘", "dental"),
    ("松ケ丘3", "dental"),
    ("00-3300", "dental"),
    ("アオイ", "pharmacy"),
    ("株式会社アオイ", "pharmacy"),
    ("㈱アオイ", "pharmacy"),
    ("(株)アオイ", "pharmacy"),
    ("東渡辺", "pharmacy"),
    ("東渡邉店", "pharmacy"),
    ("001444", "pharmacy"),
    ("薬局", "pharmacy"),
    ("デイサービス", "day"),
    ("ﾃﾞｲｻｰﾋﾞｽ", "day"),
    ("デイサ－ビス", "day"),
    ("通所介護", "day"),
    ("齋藤会", "day"),
    ("齊藤", "day"),
    ("ケアマネ", "manager"),
    ("cafe", "manager"),
    ("ＣＡＦÉ", "manager"),
    ("國際", "manager"),
    ("寿楽園", "welfare"),
    ("特養", "welfare"),
    ("佐佐木", "help"),
    ("ビィラ", None),
    ("ヴィラ", "help"),
    ("ヘルパ", "help"),
    ("008800", "help"),
]


def test_t_a7_every_way_of_writing_finds_its_place(town):
    rebuild_index()

    missed = [
        (query, expected)
        for query, expected in QUERIES
        if expected and town[expected].name not in names(search(query))
    ]

    assert len(QUERIES) >= 60
    assert missed == []


@pytest.mark.parametrize(
    "query",
    [
        "鬱",
        "みなむ",
        "看護訪問",
        "丁目北浜",
        "%",
        "_",
        "'",
        "x:*",
        "& | !",
        "）",
        "00-1301",
        "ビィラ",
    ],
)
def test_t_a7_other_words_find_nothing_else(town, query):
    rebuild_index()

    found = names(search(query))

    # Punctuation alone asks for nothing; everything else must not match at all.
    assert found == [] or len(found) == len(town)


def test_t_a7_one_letter_finds_what_begins_and_holds_it(town):
    rebuild_index()

    assert names(search("帆")) == []
    assert town["nurse"].name in names(search("み"))
    assert names(search("み 内科")) == []
    assert names(search("し 内科")) == [town["clinic"].name]


# Areas --------------------------------------------------------------------------------------


def area(name, code="", level=AreaLevel.MUNICIPALITY, **values):
    return Area.objects.create(
        name=name, code=code, key=code or name, level=level, period=SINCE, **values
    )


def test_area_of_one_name_never_finds_another_that_holds_it():
    city, other = area("仮留市", "992011"), area("東仮留市", "992020")
    mine = place("仮留の医院", municipality=city, address="架空県仮留市1")
    place("東仮留の医院", municipality=other, address="架空県東仮留市1")
    rebuild_index()

    assert names(search(area="992011")) == [mine.name]
    assert names(search(area=f"a{city.pk}")) == [mine.name]


def test_area_of_any_hierarchy_finds_its_municipalities():
    prefecture = area("架空県", "990001", AreaLevel.PREFECTURE)
    first, second = area("架空市", "992011"), area("架空町", "993018")
    medical = area("架空圏域", level=AreaLevel.SECONDARY_MEDICAL)
    hierarchy, _ = Hierarchy.objects.get_or_create(
        code=HierarchyCode.MEDICAL, defaults={"name": "医療", "position": 2, "exclusive": False}
    )
    AreaEdge.objects.create(
        hierarchy=hierarchy, parent=medical, child=first, period=SINCE, exclusive=False
    )
    one = place("一つ目", municipality=first)
    two = place("二つ目", municipality=second)
    rebuild_index()

    assert names(search(area=f"a{medical.pk}")) == [one.name]
    assert set(names(search(area=["992011", "993018"]))) == {one.name, two.name}
    assert search(area=f"a{medical.pk}").area_names == ("架空圏域",)
    assert len(names(search(area=prefecture.code))) == 2


def test_area_nobody_knows_is_left_out_and_said():
    place("一つ目")
    rebuild_index()

    page = search(area="123456")

    assert names(page) == ["一つ目"]
    assert page.notes == ("知らない地域の条件は外しました。地域を選び直してください。",)


# Filters ------------------------------------------------------------------------------------


def test_filters_narrow_together():
    hours = {"sat": [["09:00", "12:00"]], "sun": []}
    both = place("土曜の看護", hours=hours, capabilities=["ventilator"])
    place("平日の看護", days="平日")
    place("薬局", service_code="pharmacy", days="土曜日")
    rebuild_index()

    assert names(search(group="nursing", day="sat")) == [both.name]
    assert names(search(group="nursing", service="pharmacy", day="sat")) == ["土曜の看護", "薬局"]
    assert names(search(day="sat", hour=10)) == [both.name]
    assert names(search(day="sat", hour=12)) == []
    assert names(search(hour=11)) == [both.name]
    assert names(search(day="sun")) == []
    assert names(search(capability="ventilator")) == [both.name]


def test_ended_places_show_only_when_asked_for():
    place("続く所")
    place("終わった所", status="ended")
    rebuild_index()

    assert names(search()) == ["続く所"]
    assert names(search("所")) == ["続く所"]
    assert names(search(status="ended")) == ["終わった所"]


def test_facet_counts_count_what_one_more_filter_leaves():
    place("看護一", capabilities=["ventilator"])
    place("看護二", days="土曜日")
    place("薬局一", service_code="pharmacy")
    rebuild_index()
    terms, _ = read_terms(QueryDict("group=nursing"))

    counts = facet_counts(terms, viewer=ANYBODY)

    assert (counts.groups["nursing"], counts.groups["pharmacy"]) == (2, 1)
    assert (counts.days["sat"], counts.capabilities["ventilator"]) == (1, 1)
    assert counts.capabilities["home_visit"] == 0


# Orders -------------------------------------------------------------------------------------


def test_orders_by_name_distance_and_freshness():
    far = place("あ", kana="ア", latitude=35.9, longitude=141.5, fresh_on=date(2026, 6, 30))
    near = place("う", kana="ウ", latitude=35.5, longitude=141.5, fresh_on=date(2026, 5, 1))
    nowhere = place("い", kana="イ", fresh_on=date(2026, 10, 8))
    rebuild_index()

    assert names(search()) == [far.name, nowhere.name, near.name]
    assert names(search(sort="fresh")) == [nowhere.name, far.name, near.name]
    assert names(search(sort="distance")) == [far.name, nowhere.name, near.name]
    assert names(search(lat=35.5, lng=141.4)) == [near.name, far.name, nowhere.name]
    assert names(search(lat=35.5, lng=141.4, sort="name")) == [far.name, nowhere.name, near.name]
    assert names(search(lat=35.5, lng=141.4, radius=20)) == [near.name]


def test_address_becomes_the_point_distances_start_from():
    area("架空市", "992011", prefecture_code="99", latitude=35.0, longitude=141.0)
    Town.objects.create(
        prefecture="架空県",
        municipality="架空市",
        name="北浜二丁目",
        latitude=35.5,
        longitude=141.5,
    )
    place("遠い所", latitude=35.0, longitude=141.0)
    near = place("近い所", latitude=35.5, longitude=141.51)
    rebuild_index()

    page = search(address="架空県架空市北浜2丁目")

    assert names(page)[0] == near.name
    assert page.terms.near[:2] == (35.5, 141.5)
    assert search(address="架空県架空市どこか町").terms.near[:2] == (35.0, 141.0)
    assert search(address="北浜2丁目", area="992011").terms.near[:2] == (35.5, 141.5)


def test_address_nobody_knows_is_said_and_left_out():
    place("一つ目")
    rebuild_index()

    page = search(address="どこにもない町", radius=5)

    assert names(page) == ["一つ目"]
    assert "どこにもない町" in page.notes[0]
    assert page.notes[0].endswith("入力してください。")


def test_broad_searches_give_the_same_as_narrow_ones(monkeypatch):
    """With limits as small as the register: the ordered walk, its fallback, and the rings."""
    for number in range(12):
        place(
            f"看護{number:02}", kana=f"カンゴ{number:02}", latitude=35 + number / 10, longitude=141
        )
    for number in range(12):
        place(f"薬局{number:02}", kana=f"ア{number:02}", service_code="pharmacy")
    rebuild_index()
    expected = names(search("看護"))
    nearest = names(search("看護", lat=36.1, lng=141))

    hits = "renkei.registry.facilities.search.hits"
    monkeypatch.setattr(f"{hits}.COUNT_LIMIT", 3)
    for few, walk, ring in ((100, 5, 100), (3, 5, 100), (3, 100, 100), (3, 100, 2)):
        monkeypatch.setattr(f"{hits}._SORTED", few)
        monkeypatch.setattr(f"{hits}._WALK", walk)
        monkeypatch.setattr(f"{hits}._IN_RING", ring)

        assert names(search("看護")) == expected
        assert names(search("看護", lat=36.1, lng=141)) == nearest
        assert names(search("看護", lat=36.1, lng=141, radius=20)) == nearest[:2]
        assert len(names(search())) == 20


def test_pages_continue_where_the_one_before_ended():
    for number in range(25):
        place(f"看護{number:02}", kana=f"カンゴ{number:02}")
    rebuild_index()

    first, second, beyond = search("看護"), search("看護", page=2), search("看護", page=3)

    assert [*names(first), *names(second)] == [f"看護{number:02}" for number in range(25)]
    assert first.count_text == "25件"
    assert first.next_terms.page == 2
    assert second.next_terms is None
    assert second.previous_terms.page == 1
    assert second.first_number == 21
    assert names(beyond) == []


@pytest.mark.parametrize("count", [1, 3])
def test_search_asks_as_often_for_one_as_for_three(count, django_assert_num_queries):
    for number in range(count):
        place(f"看護{number}")
    rebuild_index()
    terms, _ = read_terms(QueryDict("q=看護"))

    with django_assert_num_queries(10):
        page = find_facilities(terms, viewer=ANYBODY)

    assert len(page.places) == count


def test_all_facilities_gives_every_place_in_order():
    for number in range(25):
        place(f"看護{number:02}", kana=f"カンゴ{number:02}")
    rebuild_index()
    terms, _ = read_terms(QueryDict("q=看護&page=2"))

    found = [shown.name for shown in all_facilities(terms, viewer=ANYBODY, limit=100)]

    assert found == [f"看護{number:02}" for number in range(25)]


# Audiences ----------------------------------------------------------------------------------


def test_t_a3_words_of_others_find_nothing_for_residents():
    place("ふつうの医院", email="naishowada@example.jp", attributes={"memo": "内緒話"})
    FieldPolicy.objects.create(
        field="corporate_name", audience=Audience.PARTNER, checked_by_id=1, checked_at=AT
    )
    place("ふしぎな医院", corporate_name="秘密法人")
    rebuild_index()

    for word, counts in (("内緒話", (0, 0, 1)), ("秘密法人", (0, 1, 1)), ("医院", (2, 2, 2))):
        found = tuple(search(word, viewer=who).count for who in (ANYBODY, PARTNER, STAFF))
        assert found == counts
    terms, _ = read_terms(QueryDict("q=内緒話"))
    assert not any(facet_counts(terms, viewer=ANYBODY).groups.values())


def test_t_a3_place_of_a_hidden_name_is_not_there_for_residents():
    hidden = place("かくれた所")
    place("見える所")
    FieldPolicy.objects.create(
        field="name",
        facility=hidden,
        audience=Audience.PARTNER,
        checked_by_id=1,
        checked_at=AT,
    )
    rebuild_index()

    assert names(search()) == ["見える所"]
    assert names(search(group="nursing")) == ["見える所"]
    assert set(names(search(viewer=PARTNER))) == {"かくれた所", "見える所"}
