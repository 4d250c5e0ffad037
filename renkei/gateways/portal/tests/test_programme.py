"""What residents read of councils and plans: what was published, and nothing else (T-B1b)."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal

import pypdf
import pytest

from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.common import clock
from renkei.foundation.common.clock import TOKYO
from renkei.programme.indicators.models import Sharing
from renkei.programme.indicators.periods import fiscal
from renkei.programme.indicators.tests.factories import make_value, make_version
from renkei.programme.planning.models import Council, Meeting, Plan
from renkei.programme.planning.queries.plans import plan_door
from renkei.programme.planning.services import meetings, plans
from renkei.programme.planning.tests import factories
from renkei.programme.planning.tests.factories import ship_rates

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 10, tzinfo=TOKYO)
SECRET = "架空秘密事項"


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(NOW, tick=False)
    ship_rates()


def a_meeting(*, until: str = "published", **fields: str) -> Meeting:
    council = Council.objects.first() or factories.full_council()
    with clock.told_at(datetime(2026, 9, 1, 9, tzinfo=TOKYO)):
        meeting = factories.meeting(council, date(2026, 10, 1), **fields)
        item = factories.item(meeting, "連絡の方法", text="内部の説明")
        closed = factories.item(meeting, SECRET, audience="closed", closed_reason="経営の情報")
        factories.call(meeting)
    factories.held(meeting)
    factories.line(meeting, "当番を置く", item=item, outcome="reported")
    factories.line(meeting, f"{SECRET}の話", item=item, audience="closed")
    factories.line(meeting, f"{SECRET}の結果", item=closed, outcome="continued")
    steps = ["minutes_draft", "minutes_confirmed", "published"]
    # A closed meeting ends without a 要旨.
    for state in steps[:2] if fields else steps:
        meetings.move_on(door=factories.at(meeting), to=meetings.S(state))
        if state == until:
            break
    return meeting


def text(client, url):
    page = client.get(url)
    assert page.status_code == 200
    return page.content.decode()


def test_t_b1b_the_portal_shows_the_published_digest_and_nothing_closed(client):
    meeting = a_meeting()
    url = f"/programme/meetings/{meeting.uid}/"

    pages = [text(client, "/programme/"), text(client, url)]
    pdf = client.get(f"{url}summary.pdf")
    reader = pypdf.PdfReader(io.BytesIO(pdf.content))
    pages += ["".join(page.extract_text() for page in reader.pages), str(reader.metadata)]
    pages += [text(client, "/sitemap-pages.xml"), pdf["Content-Disposition"]]

    assert [page for page in pages if SECRET in page or "架空 一子" in page] == []
    assert "当番を置く" in pages[1]
    assert "医師1名" in pages[1]
    assert "内部の説明" not in pages[1]
    assert "/programme/" in pages[4]


@pytest.mark.parametrize("until", ["minutes_draft", "minutes_confirmed"])
def test_t_b1b_minutes_nobody_published_are_not_found(client, until):
    meeting = a_meeting(until=until)

    assert client.get(f"/programme/meetings/{meeting.uid}/").status_code == 404
    assert client.get(f"/programme/meetings/{meeting.uid}/summary.pdf").status_code == 404
    assert meeting.council.name not in text(client, "/programme/")


def test_t_b1b_a_meeting_closed_as_a_whole_is_not_found(client):
    meeting = a_meeting(audience="closed", closed_reason="個人の情報")

    assert client.get(f"/programme/meetings/{meeting.uid}/").status_code == 404
    assert meeting.council.name not in text(client, "/programme/")


def test_the_next_day_of_a_council_is_public_once_it_is_called(client):
    council = factories.full_council()
    with clock.told_at(datetime(2026, 11, 1, 9, tzinfo=TOKYO)):
        meeting = factories.meeting(
            council, date(2026, 12, 10), audience="closed", closed_reason="個人の情報"
        )
        factories.item(meeting, SECRET)
        before = text(client, "/programme/")
        factories.call(meeting)
    after = text(client, "/programme/")

    assert "公開した記録はまだありません" in before
    assert "令和8年12月10日（木）" in after
    assert "この会議は傍聴できません" in after
    assert SECRET not in after


def test_members_are_shown_by_profession_only_where_the_office_says_so(client):
    meeting = a_meeting()
    sato = accounts.sign_in(client, factories.sato())
    url = f"/planning/councils/{meeting.council.uid}/portal/"

    before = text(client, "/programme/")
    sato.post(url, {"show": "1"})
    shown = text(client, "/programme/")
    page = text(sato, url)
    sato.post(url, {"show": "0"})

    assert "委員：" not in before
    assert "委員：医師1名、歯科医師1名、介護支援専門員1名" in shown
    assert "架空 一子" not in shown
    assert "住民向けページに載っています" in page
    assert "委員：" not in text(client, "/programme/")


def a_plan() -> Plan:
    viewer = factories.viewer(factories.sato())
    for code, sharing in (("X-OPEN", Sharing.OPEN), ("X-OWN", Sharing.OWN)):
        version = make_version(code, name=f"架空の数{code}", unit="件")
        make_value(version, factories.town(), fiscal(2025), value=Decimal(77), sharing=sharing)
    plan = plans.make_plan(
        viewer=viewer, fiscal_year=2026, vision="家で暮らせる", visions={"daily": "通える"}
    )
    for number, code in enumerate(("X-OPEN", "X-OWN", "")):
        plans.write_goal(
            door=plan_door(viewer, plan.uid),
            fields={
                "scene": "daily", "items": ["a"], "text": f"目標{number}", "owner": "担当者の名",
                "indicator_code": code, "target": Decimal(90) if code else None,
            },
        )  # fmt: skip
    return plan


def test_a_plan_is_public_once_the_office_shows_it_with_published_numbers_alone(client):
    plan = a_plan()
    url, staff = f"/programme/plans/{plan.uid}/", f"/planning/plans/{plan.uid}/portal/"
    assert client.get(url).status_code == 404
    sato = accounts.sign_in(client, factories.sato())
    assert "載っていません" in text(sato, staff)

    sato.post(staff, {"show": "1"})
    page = text(client, url)

    assert "77 件" in page
    assert "架空の数X-OPEN" in page
    assert "架空の数X-OWN" not in page
    assert "担当者の名" not in page
    assert "令和8年度の計画" in text(client, "/programme/")
    sato.post(staff, {"show": "0"})
    assert client.get(url).status_code == 404


def test_only_the_own_office_shows_its_plan(client):
    plan = a_plan()
    other = accounts.sign_in(client, factories.other_town())

    assert other.post(f"/planning/plans/{plan.uid}/portal/", {"show": "1"}).status_code == 404
