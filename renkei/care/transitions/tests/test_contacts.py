"""窓口一覧: each office keeps its own rows; stale ones are seen and reminded."""

from __future__ import annotations

import io
from datetime import date, timedelta

import openpyxl
import pypdf
import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from renkei.care.patients.tests.factories import text_of
from renkei.care.transitions.forms_contacts import parse_spans
from renkei.care.transitions.models import ContactChange, ContactPoint, OfficeKind
from renkei.care.transitions.queries.contact_list import chosen, kind_of_services, offices_of
from renkei.care.transitions.services.contacts import remove_contact, undo_change, write_contact
from renkei.care.transitions.tests import factories
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.areas.tests import factories as areas
from renkei.foundation.notifications.models import Notification

pytestmark = pytest.mark.django_db
NOW = factories.at(date(2026, 11, 20), 9)
OLD = factories.at(date(2025, 10, 1), 9)
FIELDS = {
    "phone": "０９９９－００－３１２１",
    "fax": "0999-00-3129",
    "preferred_channel": "fax",
    "hours_0": "8:30～17:15",
    "hours_5": "9:00～12:00、13:00～15:00",
    "closes_on_holidays": "on",
    "closed_days": "2026年12月28日\n2026年8月13日～2026年8月15日",
    "office_kind": "care_manager",
}


@pytest.fixture(autouse=True)
def on_friday(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def area():
    """架空市, with everybody's office in it."""
    area = areas.make_area()
    for user in (accounts.sato(), accounts.suzuki(), accounts.takahashi(), accounts.tanaka()):
        office = user.memberships.get().organisation
        office.area = area
        office.save()
    return area


def office(user):
    return user.memberships.get().organisation


def url(name: str, *arguments: object) -> str:
    return reverse(f"transitions:{name}", args=arguments)


def browser(user) -> Client:
    return accounts.sign_in(Client(), user)


def test_an_office_writes_its_contact_point(area):
    client = browser(accounts.suzuki())

    answer = client.post(url("contact_add"), FIELDS)

    point = ContactPoint.objects.get()
    assert answer.status_code == 302
    assert (point.phone, point.weekly_hours, point.closes_at_year_end) == (
        "0999-00-3121",
        {"0": [["08:30", "17:15"]], "5": [["09:00", "12:00"], ["13:00", "15:00"]]},
        False,
    )
    assert point.closed_days == [
        date(2026, 8, 13),
        date(2026, 8, 14),
        date(2026, 8, 15),
        date(2026, 12, 28),
    ]
    membership = accounts.suzuki().memberships.get()
    assert (point.confirmed_at, point.confirmed_by) == (NOW, membership)
    page = text_of(client.get(url("contact_own")))
    assert "月 8:30～17:15" in page
    assert "新しい窓口" in page


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("phone", "", "電話番号を入力してください。"),
        ("fax", "abc", "電話番号は市外局番から"),
        ("hours_1", "17:15～8:30", "始まりより後の終わり"),
        ("hours_1", "朝から", "「8:30～17:15」のように"),
        ("hours_1", "8:30～25:00", "0:00から23:59まで"),
        ("closed_days", "2026年12月28日\nいつか", "2行目："),
        ("closed_days", "2026年12月28日～2026年12月1日", "1行目：始まりと終わり"),
        ("closed_days", "2026年1月1日～2026年4月20日\n2026年6月1日～2026年9月1日", "120日まで"),
    ],
)
def test_what_cannot_be_is_told_with_its_place(area, field, value, sentence):
    answer = browser(accounts.suzuki()).post(url("contact_add"), {**FIELDS, field: value})

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert not ContactPoint.objects.exists()


def test_a_ward_is_written_once(area):
    client = browser(accounts.suzuki())
    client.post(url("contact_add"), {**FIELDS, "ward": "3階東"})

    answer = client.post(url("contact_add"), {**FIELDS, "ward": "3階東"})

    assert answer.status_code == 422
    assert "もうあります" in text_of(answer)


def test_one_tap_confirms_that_nothing_changed(area):
    point = factories.point(office(accounts.suzuki()), OLD)
    client = browser(accounts.suzuki())
    assert "確認が古くなっています" in text_of(client.get(url("contact_own")))

    client.post(url("contact_confirm"))

    point.refresh_from_db()
    assert point.confirmed_at == NOW
    assert "確認が古くなっています" not in text_of(client.get(url("contact_own")))


def test_confirming_nothing_says_so(area):
    answer = browser(accounts.suzuki()).post(url("contact_confirm"), follow=True)

    assert "窓口がまだありません" in text_of(answer)


def test_a_change_is_undone_and_redone(area):
    client = browser(accounts.suzuki())
    client.post(url("contact_add"), FIELDS)
    point = ContactPoint.objects.get()
    client.post(url("contact_edit", point.uid), {**FIELDS, "phone": "0999-00-9999"})
    change = ContactChange.objects.latest("pk")
    page = text_of(client.get(url("contact_own")))
    assert page.count("この変更を元に戻す") == 1

    client.post(url("contact_undo", change.uid))
    point.refresh_from_db()
    assert point.phone == "0999-00-3121"

    client.post(url("contact_undo", ContactChange.objects.latest("pk").uid))
    point.refresh_from_db()
    assert point.phone == "0999-00-9999"


def test_what_was_changed_since_cannot_be_undone(area):
    viewer = accounts.viewer_for(accounts.suzuki())
    write_contact(viewer=viewer, ward="", values={"phone": "0999-00-0001"})
    first = ContactChange.objects.get()
    write_contact(viewer=viewer, ward="", values={"phone": "0999-00-0002"})

    with pytest.raises(ValidationError, match="その後に直されています"):
        undo_change(viewer=viewer, change=first)

    answer = browser(accounts.suzuki()).post(url("contact_undo", first.uid), follow=True)
    assert "その後に直されています" in text_of(answer)


def test_a_removed_ward_comes_back(area):
    viewer = accounts.viewer_for(accounts.suzuki())
    point = write_contact(viewer=viewer, ward="3階東", values={"phone": "0999-00-0001"})
    client = browser(accounts.suzuki())
    client.post(url("contact_remove", point.uid))
    assert not ContactPoint.objects.exists()

    client.post(url("contact_undo", ContactChange.objects.latest("pk").uid))

    assert ContactPoint.objects.get().phone == "0999-00-0001"


def test_undoing_the_first_writing_takes_it_away(area):
    viewer = accounts.viewer_for(accounts.suzuki())
    write_contact(viewer=viewer, ward="3階東", values={"phone": "0999-00-0001"})

    undo_change(viewer=viewer, change=ContactChange.objects.get())

    assert not ContactPoint.objects.exists()


def test_nobody_touches_the_rows_of_another_office(area):
    viewer = accounts.viewer_for(accounts.suzuki())
    point = write_contact(viewer=viewer, ward="", values={"phone": "0999-00-0001"})
    change = ContactChange.objects.get()
    stranger = browser(accounts.tanaka())

    answers = [
        stranger.get(url("contact_edit", point.uid)),
        stranger.post(url("contact_edit", point.uid), FIELDS),
        stranger.post(url("contact_remove", point.uid)),
        stranger.post(url("contact_undo", change.uid)),
    ]

    assert [one.status_code for one in answers] == [404] * 4
    with pytest.raises(ContactPoint.DoesNotExist):
        remove_contact(viewer=accounts.viewer_for(accounts.tanaka()), point=point)
    assert ContactPoint.objects.get().phone == "0999-00-0001"


@pytest.mark.parametrize("own_points", [1, 3])
def test_the_list_costs_the_same_for_any_number_of_offices(
    area, own_points, django_assert_max_num_queries
):
    for number in range(own_points):
        one = accounts.make_organisation(f"架空医院{number}")
        one.area = area
        one.save()
        factories.point(one, NOW)

    with django_assert_max_num_queries(14):
        offices = offices_of(area)

    assert len(offices) == 4 + own_points


def test_the_list_is_by_kind_and_says_what_is_old_or_missing(area):
    factories.point(office(accounts.suzuki()), OLD, office_kind="care_manager", title="管理者")
    factories.point(office(accounts.takahashi()), NOW, office_kind="nursing")

    page = text_of(browser(accounts.tanaka()).get(url("contact_list")))

    assert page.index("居宅介護支援事業所</h2>") < page.index("訪問看護</h2>")
    assert page.count("確認が古い</span>") == 1
    assert page.count("窓口の記録なし</span>") == 2
    assert "知らせる" not in page


def test_the_list_is_searched_by_word_kind_and_state(area):
    factories.point(office(accounts.suzuki()), OLD, office_kind="care_manager")
    factories.point(office(accounts.takahashi()), NOW, office_kind="nursing")
    offices = offices_of(area)

    def names(**conditions: str) -> list[str]:
        return [one.organisation.name for one in chosen(offices, **conditions)]

    assert names(text="きょたく") == []
    assert names(text="居宅 架空") == ["架空居宅介護支援事業所"]
    assert names(kind="nursing") == ["架空訪問看護ステーション"]
    assert names(state="stale") == ["架空居宅介護支援事業所"]
    assert names(state="missing") == ["架空市役所 高齢福祉課", "よその架空診療所"]
    page = text_of(browser(accounts.tanaka()).get(url("contact_list"), {"q": "ない言葉"}))
    assert "あてはまる窓口がありません" in page


def test_the_city_reminds_old_and_missing_offices_once(area):
    factories.point(office(accounts.suzuki()), OLD)
    factories.point(office(accounts.takahashi()), NOW)
    client = browser(accounts.sato())
    assert "3か所に、確かめるよう知らせる" in text_of(client.get(url("contact_list")))

    client.post(url("contact_remind"), {"area": area.pk})
    client.post(url("contact_remind"), {"area": area.pk})

    told = Notification.objects.filter(kind="transitions.contact_to_confirm")
    assert sorted(one.user.name for one in told) == ["佐藤 一郎", "田中 四郎", "鈴木 二葉"]
    assert "催促" in text_of(client.get(url("contact_list")))


def test_nobody_is_reminded_where_all_is_fresh(area):
    for user in (accounts.sato(), accounts.suzuki(), accounts.takahashi(), accounts.tanaka()):
        factories.point(office(user), NOW)

    answer = browser(accounts.sato()).post(url("contact_remind"), {"area": area.pk}, follow=True)

    assert "確認が古い窓口はありません" in text_of(answer)
    assert not ContactChange.objects.exists()


def test_the_city_reminds_its_own_area_only(area):
    other = areas.make_area(name="よその市")

    answer = browser(accounts.sato()).post(url("contact_remind"), {"area": other.pk}, follow=True)

    assert "圏域を選び直してください" in text_of(answer)
    assert not ContactChange.objects.exists()


def test_the_list_is_printed_and_kept_as_a_workbook(area):
    factories.point(
        office(accounts.suzuki()),
        NOW,
        office_kind="care_manager",
        extension="21",
        night_phone="090-0000-0000",
        meeting_note="前日までに電話で",
        closed_days=[NOW.date() + timedelta(days=30)],
    )
    client = browser(accounts.tanaka())

    printed = client.get(url("contact_list_file", "pdf"))
    kept = client.get(url("contact_list_file", "xlsx"))

    text = "".join(
        page.extract_text() for page in pypdf.PdfReader(io.BytesIO(printed.content)).pages
    )
    assert "架空居宅介護支援事業所" in text
    assert "0999-00-6100" in text
    sheet = openpyxl.load_workbook(io.BytesIO(kept.content)).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[1] for row in rows[1:]] == [
        "架空居宅介護支援事業所",
        "架空市役所 高齢福祉課",
        "よその架空診療所",
        "架空訪問看護ステーション",
    ]
    assert rows[1][4:8] == ("0999-00-6100", "21", None, "090-0000-0000")
    assert client.get(url("contact_list_file", "txt")).status_code == 404


def test_without_an_area_there_is_no_list_and_no_file():
    client = browser(accounts.tanaka())

    assert "圏域が分かりません" in text_of(client.get(url("contact_list")))
    assert client.get(url("contact_list_file", "pdf")).status_code == 404


def test_kinds_come_from_the_register_where_the_office_says_nothing():
    assert kind_of_services(["130", "hospital"]) == OfficeKind.HOSPITAL
    assert kind_of_services(["general_support"]) == OfficeKind.SUPPORT_CENTRE
    assert kind_of_services(["170", "unknown"]) is None


def test_hours_are_read_in_any_width():
    assert parse_spans("８：３０〜１２：００ 13:00-17:15") == [
        ["08:30", "12:00"],
        ["13:00", "17:15"],
    ]
