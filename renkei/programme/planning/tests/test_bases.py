"""連携の拠点: four goals, five duties, validity, consultation, three fields in the meeting (T-BASE1)."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.areas.tests.factories import make_area
from renkei.foundation.common.clock import TOKYO
from renkei.foundation.common.documents.letters import Heading, letter_pdf
from renkei.programme.planning.models import Attendance, Base, BaseEvidence, Duty, Meeting, Seat
from renkei.programme.planning.proofs import ProofFile
from renkei.programme.planning.queries import bases as queries
from renkei.programme.planning.queries.proofs import CARE, DISABILITY, MEDICAL, OTHERS, field_of
from renkei.programme.planning.services import bases as services
from renkei.programme.planning.tests import factories

pytestmark = pytest.mark.django_db

PDF = letter_pdf([Heading("研修の記録", 1)], title="研修")
TODAY = date(2026, 11, 22)
APRIL = date(2026, 4, 1)


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(datetime(2026, 11, 22, 10, tzinfo=TOKYO), tick=False)


def centre() -> Any:
    """The office that is the base, and 湊 who works there."""
    user = factories.desk()
    return user, user.memberships.get().organisation


def designated(**fields: Any) -> Base:
    prefecture = factories.viewer(factories.prefecture())
    _user, office = centre()
    values: dict[str, Any] = {
        "area": factories.town(), "organisation": office, "body": "association",
        "plan_reference": "第8次計画 在宅医療の項", "disability_note": "基幹相談支援センターと確認",
    }  # fmt: skip
    days: dict[str, Any] = {"first_day": APRIL, "last_day": date(2030, 3, 31)}
    days |= {name: fields.pop(name) for name in list(days) if name in fields}
    return services.designate_base(viewer=prefecture, fields=values | fields, **days)


def door(base: Base, user: Any = None) -> queries.BaseDoor:
    return queries.base_door(factories.viewer(user or centre()[0]), base.uid)


def consulted(base: Base, day: date = date(2026, 2, 1)) -> None:
    services.record_consultation(
        door=door(base, factories.prefecture()), area=factories.town(),
        fields={"held_on": day, "with_whom": "高齢福祉課", "result": "了承"},
    )  # fmt: skip


def shown(base: Base, duty: str, **fields: Any) -> BaseEvidence:
    values = {"text": "研修を開いた", "done_on": TODAY, "count": 3, "unit": "回"}
    return services.add_evidence(
        door=door(base), duty=duty, fields=values | fields, file=ProofFile()
    )


def met(*extra: tuple[str, str]) -> Meeting:
    """A meeting that was held, of the roster and whoever else came: (profession, office)."""
    council = factories.full_council()
    one = factories.meeting(council, date(2026, 11, 10))
    factories.call(one)
    factories.held(one)
    first = Seat.objects.filter(meeting=one).first()
    assert first is not None
    for number, (profession, office) in enumerate(extra):
        factories.member(council, 2, profession=profession, organisation_name=office)
        row = council.members.order_by("-pk").first()
        assert row is not None
        Seat.objects.create(
            meeting=one, member=row, name=f"架空 {number}", profession=profession,
            organisation_name=office, position="member", attendance=Attendance.CAME,
        )  # fmt: skip
    return Meeting.objects.get(pk=one.pk)


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_t_base1_four_goals_and_five_duties_are_each_shown_by_evidence():
    base = designated()
    found = queries.checklist_of(base)
    assert [row.is_goal for row in found.rows] == [True] * 4 + [False] * 5
    assert found.shown == 0
    assert "今年度の根拠がない目標・事項が9あります。" in found.warnings

    with pytest.raises(ValidationError, match="どれかを入れて"):
        shown(base, "g2", count=None, unit="")
    with pytest.raises(ValidationError, match="きょうまで"):
        shown(base, "g2", done_on=date(2026, 12, 1))
    with pytest.raises(ValidationError, match="人がわかる"):
        shown(base, "g2", text="湊さんの研修")
    for duty in Duty.values:
        shown(base, duty)
    shown(base, "g2", done_on=date(2025, 6, 1))

    found = queries.checklist_of(base)
    assert found.shown == 9
    assert not [word for word in found.warnings if "根拠がない" in word]
    people = shown(base, "d2", count=3, unit="人", of_persons=True)
    assert people.counted.startswith("1～4人")
    assert shown(base, "d2", count=12, unit="人", of_persons=True).counted == "12人"


def test_t_base1_it_is_valid_for_a_time_and_says_when_that_ends():
    def warned(**days: date) -> str:
        Base.objects.all().delete()
        return "".join(queries.checklist_of(designated(**days)).warnings)

    assert "有効期間" not in warned()
    assert "まだ始まっていません" in warned(first_day=date(2027, 4, 1))
    assert "もうすぐ終わります" in warned(last_day=date(2027, 3, 31))
    assert "終わっています" in warned(last_day=date(2026, 10, 31))
    base = Base.objects.get()
    assert base.last_day == date(2026, 10, 31)
    with pytest.raises(ValidationError, match="始まり以降"):
        designated(last_day=date(2026, 3, 1))
    with pytest.raises(ValidationError, match="すでに拠点"):
        designated()
    with pytest.raises(ValidationError, match="管内の圏域"):
        designated(area=make_area())


def test_t_base1_the_municipality_is_consulted_before():
    base = designated()

    def warned() -> str:
        return "".join(queries.checklist_of(base).warnings)

    assert "架空市との事前の協議の記録がありません" in warned()
    consulted(base, date(2026, 5, 1))
    assert "有効期間の始まりより後" in warned()
    consulted(base)
    assert "協議" not in warned()
    with pytest.raises(ValidationError, match="もう記録されて"):
        consulted(base)
    with pytest.raises(ValidationError, match="きょうまで"):
        consulted(base, date(2026, 12, 1))
    with pytest.raises(ValidationError, match="圏域の市町村から"):
        services.record_consultation(door=door(base), area=make_area(), fields={})


def test_t_base1_medical_care_and_disability_people_are_in_the_meeting():
    base = designated()
    assert "会議の記録がありません" in "".join(queries.checklist_of(base).warnings)
    without = met()
    shown(base, "d1", count=None, unit="", meeting=without)

    found = queries.checklist_of(base)
    assert found.meetings[0].missing == ["障害福祉"]
    assert (
        "直近の会議に障害福祉の関係者がいません。障害福祉の人にも案内してください。"
        in found.warnings
    )

    BaseEvidence.objects.all().delete()
    shown(base, "d1", count=None, unit="", meeting=met(("社会福祉士", "架空障害者相談支援事業所")))
    found = queries.checklist_of(base)
    assert found.meetings[0].missing == []
    assert found.meetings[0].shown == "医療 2人、介護 1人、障害福祉 1人"
    assert not found.meetings[0].invited


@pytest.mark.parametrize(
    ("profession", "office", "field"),
    [
        ("医師", "架空市医師会", MEDICAL),
        ("看護師", "在宅医療・介護連携支援センター", MEDICAL),
        ("介護支援専門員", "架空居宅介護支援事業所", CARE),
        ("社会福祉士", "架空市地域包括支援センター", CARE),
        ("相談支援専門員", "架空の会", DISABILITY),
        ("事務", "架空市 障害福祉課", DISABILITY),
        ("社会福祉士", "がん相談支援センター", MEDICAL),
        ("会長", "架空町内会", OTHERS),
    ],
)
def test_the_field_of_a_member_is_read_from_the_roster(profession, office, field):
    assert field_of(profession, office) == field


def test_t_base1_the_pages_for_the_base_its_municipality_and_the_prefecture():
    user, office = centre()
    watcher = accounts.sign_in(Client(), factories.prefecture())
    city, base_client = (
        accounts.sign_in(Client(), factories.sato()),
        accounts.sign_in(Client(), user),
    )
    assert "連携の拠点はまだありません" in words(watcher.get("/planning/bases/"))
    assert "連携の拠点はまだありません" in words(city.get("/planning/bases/"))
    assert watcher.get("/planning/bases/add/").status_code == 200
    posted = {
        "area": factories.town().pk, "organisation": office.pk, "body": "association",
        "first_day": "2026-04-01", "plan_reference": "第8次計画",
    }  # fmt: skip
    assert watcher.post("/planning/bases/add/", posted | {"body": ""}).status_code == 422
    assert watcher.post("/planning/bases/add/", posted).status_code == 302
    page = f"/planning/bases/{Base.objects.get().uid}/"
    for client in (watcher, city, base_client):
        assert office.name in words(client.get("/planning/bases/"))
        assert "障害福祉の相談支援との整合性が書かれていません" in words(client.get(page))
    assert watcher.get(f"{page}edit/").status_code == 200
    changed = posted | {"disability_note": "確認した", "last_day": "2030-03-31"}
    assert watcher.post(f"{page}edit/", changed).status_code == 302
    said = {
        "area": factories.town().pk, "held_on": "2026-03-01", "with_whom": "高齢福祉課",
        "result": "了承",
    }  # fmt: skip
    assert city.get(f"{page}consultations/add/").status_code == 200
    assert city.post(f"{page}consultations/add/", said).status_code == 302
    add = f"{page}duties/d4/add/"
    assert base_client.get(add).status_code == 200
    assert base_client.post(add, {"text": "研修", "done_on": "2026-11-01"}).status_code == 422
    no_unit = {"text": "研修", "done_on": "2026-11-01", "count": "3"}
    assert base_client.post(add, no_unit).status_code == 422
    file = SimpleUploadedFile("a.pdf", PDF)
    assert base_client.post(add, no_unit | {"unit": "回", "file": file}).status_code == 302
    assert base_client.post(f"{page}duties/d9/add/", no_unit).status_code == 404
    one = BaseEvidence.objects.get()
    assert city.get(f"{page}evidence/{one.uid}/file/").status_code == 200
    for client in (city, watcher):
        assert client.get(add).status_code == 404
        assert client.post(f"{page}evidence/{one.uid}/remove/").status_code == 404
    base_client.post(f"{page}evidence/{one.uid}/remove/")
    assert not BaseEvidence.objects.exists()
    bare = shown(Base.objects.get(), "d4")
    assert city.get(f"{page}evidence/{bare.uid}/file/").status_code == 404
    stranger = accounts.sign_in(Client(), factories.other_town())
    assert stranger.get(page).status_code == 404
    assert base_client.get(f"{page}consultations/add/").status_code == 200
    assert not queries.bases_seen_by(factories.viewer(accounts.suzuki())).exists()
    assert not queries.areas_for_bases(factories.viewer(factories.sato())).exists()
