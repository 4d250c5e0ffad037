from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

import openpyxl
import pytest
from django.core.exceptions import ValidationError

from renkei.foundation.accounts.tests import factories as people
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common.audience import Audience
from renkei.registry.facilities.models import Facility, ListingStatus, OpenDataRelease, Service
from renkei.registry.facilities.open_data.check import problems_of
from renkei.registry.facilities.open_data.dcat import Distribution, Entry, catalogue
from renkei.registry.facilities.open_data.difference import ChangedRow, difference_of
from renkei.registry.facilities.open_data.layouts import (
    Dataset,
    PublicService,
    header,
    row,
    service_codes,
)
from renkei.registry.facilities.queries_open_data import (
    current_releases,
    draft_of,
    publishable_area,
    release_rows,
    release_table,
)
from renkei.registry.facilities.services.open_data import fingerprint, publish
from renkei.registry.facilities.services.publication import set_field_audience
from renkei.registry.facilities.tests.towns import make_city, make_places

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]

# Source: domain/interop.md §4.2, "New (自治体標準, デジタル庁)".
CARE_HEADER = (
    "全国地方公共団体コード,ID,地方公共団体名,名称,名称_カナ,名称_英字,実施サービス,"
    "所在地_全国地方公共団体コード,町字ID,所在地_連結表記,所在地_都道府県,所在地_市区町村,"
    "所在地_町字,所在地_番地以下,建物名等(方書),緯度,経度,電話番号,FAX番号,法人番号,法人の名称,"
    "事業所番号,利用可能曜日,利用可能日時特記事項,定員,URL,備考"
)


@pytest.fixture
def city():
    return make_city()


@pytest.fixture
def sato():
    return people.viewer_for(people.sato()).actor


def published(actor, area, dataset=Dataset.CARE):
    seen = fingerprint(draft_of(dataset, area))
    return publish(actor=actor, dataset=dataset, area=area, seen=seen)


def plain(**values):
    filled = dict.fromkeys(header(Dataset.CARE), "")
    filled |= {
        "全国地方公共団体コード": "402036", "ID": "1", "名称": "架空ステーション",
        "所在地_連結表記": "架空県架空市北浜1", "電話番号": "0999-00-1200",
        "緯度": "35.6", "経度": "141.1",
    }  # fmt: skip
    return list((filled | values).values())


def test_t_x4_columns_are_exactly_those_of_the_standard():
    assert ",".join(header(Dataset.CARE)) == CARE_HEADER
    assert "130" in service_codes(Dataset.CARE)
    assert "clinic" in service_codes(Dataset.MEDICAL)
    assert "npo" not in service_codes(Dataset.CARE) + service_codes(Dataset.MEDICAL)


def test_a_row_splits_its_address_and_carries_its_source():
    service = PublicService(
        7, "130", "992011", "架空市", "架空県",
        {"name": "訪問看護", "address": "架空市北浜1-2-3", "capacity": 0, "remarks": "改行\nあり",
         "departments": ["内科", "外科"]},
        attribution="公表データ（2026年6月30日時点）",
        note="掲載終了の可能性。",
    )  # fmt: skip

    cells = dict(zip(header(Dataset.CARE), row(Dataset.CARE, service), strict=True))

    assert cells["所在地_連結表記"] == "架空県架空市北浜1-2-3"
    assert (cells["所在地_町字"], cells["所在地_番地以下"]) == ("北浜", "1-2-3")
    assert (cells["定員"], cells["実施サービス"]) == ("0", "訪問看護")
    assert cells["備考"] == "掲載終了の可能性。　改行 あり　出典：公表データ（2026年6月30日時点）"
    assert (
        dict(zip(header(Dataset.MEDICAL), row(Dataset.MEDICAL, service), strict=True))["診療科目"]
        == "内科;外科"
    )


def test_t_x4_a_release_is_frozen_in_the_standard_columns(city, sato):
    make_places(city, 8)

    release = published(sato, city)

    with release.csv.open("rb") as file:
        content = file.read()
    assert content.startswith("\ufeff全国地方公共団体コード,".encode())
    table = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert ",".join(table[0]) == CARE_HEADER
    assert release.row_count == len(table) - 1 == 4
    with release.xlsx.open("rb") as file:
        book = openpyxl.load_workbook(io.BytesIO(file.read()))
    sheet = [[cell or "" for cell in line] for line in book.worksheets[0].values]
    assert sheet == table
    Service.objects.update(name="あとで変わった名前")
    assert release_rows(release) == table[1:]
    event = AuditEvent.objects.get(action="open_data.released")
    assert event.actor_user_id == sato.user_id
    assert event.detail["rows"] == 4


def test_t_x4_t_a3_only_what_residents_may_see_is_published(city, sato):
    make_places(city, 8)
    set_field_audience(actor=sato, field="phone", audience=Audience.PARTNER)
    hidden = Facility.objects.order_by("pk").last()
    set_field_audience(actor=sato, field="name", audience=Audience.GOVERNMENT, facility=hidden)

    release = published(sato, city)

    text = str(release_table(release))
    assert "カナリア" not in text
    assert "0999-01" not in text
    assert "架空施設0004号" in text
    assert hidden is not None
    assert hidden.name not in text


def test_t_a1d_every_row_and_the_workbook_say_where_the_values_come_from(city, sato):
    make_places(city, 8)

    release = published(sato, city, Dataset.MEDICAL)

    rows = [
        dict(zip(header(Dataset.MEDICAL), cells, strict=True)) for cells in release_rows(release)
    ]
    assert len(rows) == 4
    assert all("医療情報ネットのオープンデータ" in cells["備考"] for cells in rows)
    assert all("医療情報ネット" in text for text in release.attributions)


def test_t_x4_difference_with_the_last_publication(city, sato):
    first, second, *_ = [one for one in make_places(city, 8) if one.source == "care"]
    published(sato, city)
    Service.objects.filter(pk=first.pk).update(phone="0999-99-9999")
    Facility.objects.filter(pk=second.facility_id).update(status=ListingStatus.ENDED)
    Service.objects.filter(pk=second.pk).update(status=ListingStatus.ENDED)
    make_places(city, 4, name="あたらしい所")

    release = published(sato, city)

    assert release.changes == {"added": 2, "removed": 1, "changed": 1}
    assert current_releases() == [release]


def test_nothing_new_nothing_there_and_nothing_seen_is_not_published(city, sato):
    with pytest.raises(ValidationError, match="載せる所がありません"):
        published(sato, city)
    make_places(city, 4)
    with pytest.raises(ValidationError, match="見ている間に台帳が変わりました"):
        publish(actor=sato, dataset=Dataset.CARE, area=city, seen="")
    with pytest.raises(ValidationError, match="自分の名前で"):
        published(SYSTEM, city)
    published(sato, city)
    with pytest.raises(ValidationError, match="変わった行がありません"):
        published(sato, city)
    assert OpenDataRelease.objects.count() == 1


def test_a_row_that_must_be_put_right_stops_the_publication(city, sato):
    first, *_ = make_places(city, 4)
    Service.objects.filter(pk=first.pk).update(longitude=None)

    draft = draft_of(Dataset.CARE, city)

    assert draft.blocking or draft.problems
    Service.objects.filter(source="care").update(longitude=None)
    with pytest.raises(ValidationError, match="直してからでないと公開できない行"):
        published(sato, city)


def test_a_vanished_place_is_published_with_a_note(city):
    make_places(city, 4)
    Facility.objects.update(status=ListingStatus.POSSIBLY_ENDED)

    draft = draft_of(Dataset.CARE, city)

    assert all("掲載終了の可能性" in cells[-1] for cells in draft.rows)


def test_a_lost_file_counts_as_never_published(city, sato):
    make_places(city, 4)
    release = published(sato, city)
    release.csv.storage.delete(release.csv.name)

    assert release_table(release) == []
    assert len(draft_of(Dataset.CARE, city).difference.added) == 2


@pytest.mark.parametrize("count", [4, 12])
def test_draft_needs_the_same_queries_for_any_count(city, count, django_assert_max_num_queries):
    make_places(city, count)

    with django_assert_max_num_queries(9):
        draft_of(Dataset.CARE, city)


def test_publishable_areas_are_those_of_today(city):
    assert publishable_area(city.pk) == city
    assert publishable_area(0) is None


@pytest.mark.parametrize(
    ("values", "column", "blocks"),
    [
        ({"名称": ""}, "名称", True),
        ({"全国地方公共団体コード": "402031"}, "全国地方公共団体コード", True),
        ({"緯度": "0.0"}, "緯度", True),
        ({"経度": "abc"}, "経度", True),
        ({"緯度": ""}, "緯度", True),
        ({"緯度": "", "経度": ""}, "緯度", False),
        ({"電話番号": "電話なし"}, "電話番号", False),
        ({"電話番号": ""}, "電話番号", False),
        ({"FAX番号": "1"}, "FAX番号", False),
        ({"法人番号": "1234567890123"}, "法人番号", False),
        ({"事業所番号": "12"}, "事業所番号", False),
        ({"定員": "十"}, "定員", False),
        ({"URL": "www.example"}, "URL", False),
        ({"備考": "外字\ue000"}, "備考", True),
        ({"所在地_連結表記": ""}, "所在地_連結表記", False),
    ],
)
def test_t_x4_schema_check_names_row_column_and_what_to_do(values, column, blocks):
    (problem,) = problems_of(Dataset.CARE, [plain(**values)])

    assert (problem.row, problem.column, problem.blocks) == (2, column, blocks)
    assert problem.message.endswith("。")
    assert problem.weight == ("直してください" if blocks else "確かめてください")


def test_t_x4_a_good_row_has_no_problem_and_a_doubled_one_has():
    good = plain(定員="20", URL="https://kakuu.example", FAX番号="0999-00-1201", 法人番号="")

    assert problems_of(Dataset.CARE, [good]) == []
    (problem,) = problems_of(Dataset.CARE, [good, good])
    assert (problem.row, problem.message) == (3, "2行目と同じIDです。")


def test_difference_ignores_columns_only_one_has():
    before = [["ID", "名称", "古い列"], ["1", "甲", "x"], ["2", "乙", "x"]]
    after = [["ID", "名称", "新しい列"], ["1", "甲病院", "y"], ["3", "丙", "y"]]

    found = difference_of(before, after)

    assert found.added == ("丙",)
    assert found.removed == ("乙",)
    assert found.changed == (ChangedRow("甲病院", (("名称", "甲", "甲病院"),)),)
    assert not difference_of(before, before)


def test_t_x4_dcat_entry_names_licence_files_and_days():
    file = Distribution("一覧", "https://renkei.example/opendata/1.csv", "text/csv", 12)
    entry = Entry(
        "一覧",
        "2行",
        "urn:uuid:1",
        datetime(2026, 11, 20, tzinfo=UTC),
        date(2026, 6, 30),
        ["出典"],
        [file],
    )

    found = catalogue(publisher="架空市", site_url="https://renkei.example/", entries=[entry])

    assert found["@type"] == "dcat:Catalog"
    (dataset,) = found["dcat:dataset"]
    assert dataset["dct:license"].startswith("https://creativecommons.org/licenses/by/4.0/")
    assert dataset["dct:temporal"] == "2026-06-30"
    assert dataset["dcat:distribution"][0]["dcat:byteSize"] == 12
