"""The pages of the numbers, as the municipality, the prefecture, an office and a hospital open them."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from renkei.care.transitions.models import CaseCount
from renkei.care.transitions.tests import factories, numbers_fixture
from renkei.foundation.accounts.models import Organisation, Role
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.areas.models import AreaLevel
from renkei.foundation.areas.tests import factories as areas
from renkei.foundation.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
NOW = factories.at(date(2026, 11, 20), 9)
NUMBERS = reverse("transitions:numbers")
SURVEY = reverse("transitions:survey")


@pytest.fixture(autouse=True)
def on_friday(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def area():
    area = areas.make_area()
    numbers_fixture.plant(factories.shipped().versions.get(), area)
    return area


def browser(user, area=None) -> Client:
    if area is not None:
        office = user.memberships.earliest("pk").organisation
        Organisation.objects.filter(pk=office.pk).update(area=area)
    return accounts.sign_in(Client(), user)


def rows_of(page: str, caption: str) -> dict[str, list[str]]:
    """The lines of a table by their head."""
    table = re.search(rf"<caption[^>]*>{caption}</caption>.*?</table>", page, re.DOTALL)
    assert table is not None, caption
    found = {}
    for row in re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", table[0], re.DOTALL):
        head, *cells = re.split(r"</th>|</td>", row)
        texts = [re.sub(r"<[^>]+>", "", cell) for cell in cells]
        found[re.sub(r"<[^>]+>", "", head)] = [text for text in texts if text]
    return found


def test_t_c3c_the_page_shows_the_hand_counted_numbers_with_their_definition(area):
    page = browser(accounts.sato(), area).get(NUMBERS).content.decode()

    rows = rows_of(page, "すべての指標")

    assert "令和8年度の" in page
    assert "退院調整率は65.0%でした（20のうち13）。" in page
    assert rows["退院調整率"][:2] == ["65.0%", "13／20"]
    assert rows["退院調整もれ率"][:2] == ["35.0%", "7／20"]
    assert rows["入院時情報提供率（同日）"][:2] == ["41.7%", "10／24"]
    assert rows["連絡リード日数"][:2] == ["7日", "13"]
    assert rows["カンファレンス実施率"][:2] == ["61.5%", "8／13"]
    assert "ケアマネのいる、自宅や住まいへ退院した方（死亡と転院を除く）のうち" in page


def test_what_is_small_stays_hidden_everywhere(area):
    client = browser(accounts.sato(), area)

    page = client.get(NUMBERS, {"by": "level"}).content.decode()

    # 3 of 20 came back, 4 of 8 with 要支援 were told of.
    assert rows_of(page, "すべての指標")["30日以内再入院率"][0] == "非公開"
    levels = rows_of(page, "要介護・要支援")
    assert levels["要支援"][0] == "非公開"
    assert levels["要介護"][0] == "非公開"
    assert levels["合計"][:2] == ["65.0%", "13／20"]


def test_an_office_sees_itself_as_it_is_and_the_mean_of_its_area(area):
    page = browser(accounts.suzuki(), area).get(NUMBERS).content.decode()

    rows = rows_of(page, "すべての指標")

    assert "架空居宅介護支援事業所の入退院の数字" in page
    # Its own: everything with a care manager; nobody else is in the area's 20, so that is known.
    assert rows["30日以内再入院率"][:2] == ["15.0%", "3／20"]
    assert rows["退院調整率"][:4] == ["65.0%", "13／20", "65.0%", "13／20"]
    # Three more admissions in the area, of others: too few to tell.
    assert rows["ケアマネ未把握の入院の割合"][:3] == ["7.4%", "2／27", "非公開"]


def test_a_hospital_sees_its_own_stays_only(area):
    nurse = factories.ward_nurse()

    page = browser(nurse, area).get(NUMBERS).content.decode()

    rows = rows_of(page, "すべての指標")
    # Of the nine others three were not told of: the mean would give them away.
    assert rows["退院調整率"][:3] == ["63.6%", "7／11", "非公開"]


def test_somebody_without_any_stay_sees_the_mean_and_no_error(area):
    page = browser(accounts.tanaka(), area).get(NUMBERS, {"metric": "lead_days"})

    assert page.status_code == 200
    assert "数える対象がまだありません" in page.content.decode()


def test_the_prefecture_sees_its_municipalities_side_by_side(area):
    other = areas.make_area()
    numbers_fixture.plant(factories.shipped().versions.get(), other)
    parent = areas.make_area(level=AreaLevel.SECONDARY_MEDICAL, name="架空圏域")
    for child in (area, other):
        areas.make_edge(child=child, parent=parent)

    page = browser(accounts.member(Role.PREFECTURE), parent).get(NUMBERS).content.decode()

    assert rows_of(page, "市区町村") == {
        area.name: ["65.0%", "13／20"],
        other.name: ["65.0%", "13／20"],
        "合計": ["65.0%", "26／40"],
    }


def test_an_officer_without_an_area_sees_that_nothing_is_counted():
    page = browser(accounts.sato()).get(NUMBERS).content.decode()

    assert "数える対象がまだありません" in page


def test_stays_under_another_rule_stand_apart(area):
    numbers_fixture.plant(factories.shipped("example-business").versions.get(), area)

    page = browser(accounts.sato(), area).get(NUMBERS).content.decode()

    assert "ほかの決め方で数えた入退院" in page
    assert rows_of(page, "ほかの決め方")["退院調整率"][:2] == ["73.7%", "14／19"]


def test_why_nobody_told_is_counted_for_the_office_itself(area):
    page = browser(accounts.suzuki(), area).get(NUMBERS).content.decode()

    assert '03 急な退院　<b class="num">6件</b>' in page


@pytest.mark.parametrize("unit", ["month", "quarter", "year"])
@pytest.mark.parametrize("split", ["class", "hospital", "office"])
def test_every_unit_and_split_opens_and_adds_up_to_the_same_total(area, unit, split):
    page = browser(accounts.sato(), area).get(NUMBERS, {"unit": unit, "by": split})

    text = page.content.decode()
    assert page.status_code == 200
    assert rows_of(text, "図と同じ数値")["令和8年度"][:2] == ["65.0%", "13／20"]


@pytest.mark.parametrize("raw", ["9999", "²", "", "abc", "1990"])
def test_a_year_nobody_offers_is_this_year(area, raw):
    page = browser(accounts.sato(), area).get(NUMBERS, {"year": raw, "unit": "x", "by": "y"})

    assert "令和8年度の" in page.content.decode()


def test_the_workbook_holds_what_the_page_shows(area):
    hospital = factories.hospital()
    CaseCount.objects.filter(hospital=hospital).update(hospital_name="=HYPERLINK(1)")
    client = browser(accounts.sato(), area)

    answer = client.get(reverse("transitions:numbers_xlsx"), {"by": "hospital"})
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))

    assert book.sheet_names == ["すべての指標", "退院調整率の推移", "病院別", "この表について"]
    first = book.get_sheet_by_name("すべての指標").to_python()
    assert first[1][:3] == ["退院調整率", "65.0%", "13／20"]
    assert AuditEvent.objects.filter(action="transition_numbers.exported").count() == 1


def test_the_numbers_take_the_same_queries_for_one_stay_and_for_thirty(
    area, django_assert_num_queries, django_assert_max_num_queries
):
    client = browser(accounts.sato(), area)
    client.get(NUMBERS)
    with django_assert_max_num_queries(40) as thirty:
        client.get(NUMBERS)
    keep = CaseCount.objects.filter(discharged_on__isnull=False).earliest("pk")
    CaseCount.objects.exclude(pk=keep.pk).delete()

    with django_assert_num_queries(len(thirty)):
        client.get(NUMBERS)


def test_the_survey_is_filled_from_the_stays_and_waits_for_paper(area):
    page = browser(accounts.suzuki(), area).get(SURVEY, {"month": "2026-08"}).content.decode()

    # Discharged in August 2026 with a care manager, but for transfers and deaths: counted by hand.
    notice = rows_of(page, "退院前の連絡（ケアマネのいる人。転院と死亡を除く）")
    assert "ケアマネジャー調査票" in page
    assert notice["あり"][1] == "まだ取り込まれていません"
    assert int(notice["あり"][0]) + int(notice["なし"][0]) == int(notice["計"][0])


def test_the_survey_of_the_area_hides_small_numbers(area):
    page = browser(accounts.sato(), area).get(SURVEY, {"month": "2026-08"}).content.decode()

    counts = re.findall(r'<td class="r num">([^<]*)</td>', page)
    assert not {"1", "2", "3", "4"} & set(counts)
    assert "病院調査票" in page


@pytest.mark.parametrize("user", [accounts.sato, accounts.suzuki, factories.ward_nurse])
def test_the_survey_comes_as_a_workbook_and_on_paper(area, user):
    client = browser(user(), area)

    xlsx = client.get(reverse("transitions:survey_xlsx"), {"month": "2026-08"})
    pdf = client.get(reverse("transitions:survey_pdf"), {"month": "2026-08"})

    book = CalamineWorkbook.from_filelike(io.BytesIO(xlsx.content))
    assert book.sheet_names[-1] == "この表について"
    assert pdf.content.startswith(b"%PDF")


def test_no_stay_at_all_is_a_valid_answer(area):
    client = browser(accounts.tanaka(), area)

    page = client.get(SURVEY).content.decode()

    assert set(re.findall(r'<td class="r num">([^<]*)</td>', page)) == {"0"}
    assert client.get(reverse("transitions:survey_pdf")).content.startswith(b"%PDF")


@pytest.mark.parametrize("raw", ["2016-99", "2016-01", "²"])
def test_a_month_nobody_offers_is_the_last_one(area, raw):
    page = browser(accounts.suzuki(), area).get(SURVEY, {"month": raw}).content.decode()

    assert '<option value="2026-10" selected>' in page
