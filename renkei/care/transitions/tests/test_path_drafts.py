"""A region writes its own path; editions are kept, persons stay on theirs (T-PATH1)."""

from __future__ import annotations

from datetime import date

import pytest

from renkei.care.patients.tests.factories import text_of
from renkei.care.transitions.models import PathDefinition, PathVersion, VersionState
from renkei.care.transitions.path_content import parse
from renkei.care.transitions.services.path_drafts import write_path_draft
from renkei.care.transitions.services.paths import load_shipped_paths
from renkei.care.transitions.tests import factories
from renkei.care.transitions.tests.rulework import browser, url
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.areas.tests import factories as areas
from renkei.foundation.audit.actors import SYSTEM

pytestmark = pytest.mark.django_db
NOW = factories.at(date(2026, 11, 20), 9)
WRITTEN = {
    "counts_from": "手術日",
    "source": "第1回 検討会",
    "p1_name": "急性期",
    "p1_kind": "急性期の病院",
    "p1_days": "14",
    "p1_goals": "立つ｜支えがあれば立てる｜３\n歩く｜平行棒\n食べる",
    "p1_hand_on": "サマリー",
    "p2_name": "",
    "p2_goals": "名称のない段階は消える",
    "variances": "本人｜発熱\nほかのこと",
}


@pytest.fixture
def city(time_machine):
    time_machine.move_to(NOW, tick=False)
    load_shipped_paths(actor=SYSTEM)
    area = areas.make_area()
    office = accounts.sato().memberships.get().organisation
    office.area = area
    office.save()
    return browser(accounts.sato()), area


@pytest.fixture
def draft(city):
    client, area = city
    example = PathVersion.objects.get()
    values = {"name": "架空市の大腿骨パス", "area": area.pk, "source": str(example.uid)}
    client.post(url("path_kept_list"), values)
    return PathVersion.objects.get(state=VersionState.DRAFT)


def test_t_path1_a_region_writes_publishes_and_revises_its_own_path(city, draft):
    client, _ = city
    page = text_of(client.get(url("path_draft", draft.uid)))
    assert "食べ方を決める｜嚥下・食形態・とろみを確かめた｜7" in page

    client.post(url("path_draft", draft.uid), WRITTEN)
    draft.refresh_from_db()
    content = parse(draft.content)
    goals = [(goal.text, goal.criterion, goal.by_day) for goal in content.phases[0].goals]
    assert goals == [
        ("立つ", "支えがあれば立てる", 3),
        ("歩く", "平行棒", None),
        ("食べる", "", None),
    ]
    assert [one.name for one in content.phases] == ["急性期"]
    groups = [(one.group, one.text) for one in content.variances]
    assert groups == [("本人", "発熱"), ("その他", "ほかのこと")]

    answer = client.post(url("path_draft_publish", draft.uid), {"reason": "はじめて"}, follow=True)
    assert "公開しました" in text_of(answer)
    shown = text_of(client.get(url("path_version_detail", draft.uid)))
    assert "支えがあれば立てる" in shown
    # A care manager finds it beside the example; the published one is no draft any more.
    assert "架空市の大腿骨パス" in text_of(browser(accounts.suzuki()).get(url("path_list")))
    assert client.post(url("path_draft", draft.uid), WRITTEN).status_code == 404

    definition = draft.definition
    client.post(url("path_revision_start", definition.uid))
    again = text_of(client.post(url("path_revision_start", definition.uid), follow=True))
    assert "書きかけの版がもうあります" in again
    second = definition.versions.get(number=2)
    assert second.content == draft.content
    client.post(url("path_draft_discard", second.uid))
    assert list(definition.versions.values_list("number", flat=True)) == [1]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"counts_from": ""}, "起点の日を入力してください"),
        ({"p1_name": ""}, "段階の名称を1つ以上"),
        ({"p1_goals": "立つ｜支え｜あした"}, "1行目の目安は"),
        ({"p1_days": "0"}, "1以上"),
    ],
)
def test_what_is_no_path_is_said_at_its_field(city, draft, change, sentence):
    client, _ = city

    answer = client.post(url("path_draft", draft.uid), WRITTEN | change)

    assert answer.status_code == 422
    assert sentence in text_of(answer)


def test_a_reason_is_asked_and_a_first_draft_can_be_thrown_away(city, draft):
    client, _ = city

    page = text_of(client.post(url("path_draft_publish", draft.uid), {}, follow=True))
    assert "改訂の理由を入力してください" in page
    assert client.post(url("path_kept_list"), {}).status_code == 422
    client.post(url("path_draft_discard", draft.uid))
    assert not PathDefinition.objects.filter(is_example=False).exists()
    with pytest.raises(Exception, match="公開されたか捨てられています"):
        write_path_draft(
            viewer=accounts.viewer_for(accounts.sato()), draft=draft, content=draft.content
        )


def test_another_towns_draft_is_not_there(city, draft):
    draft.definition.owner_area = areas.make_area(name="よその市", code="990043")
    draft.definition.save()
    client, _ = city

    assert client.get(url("path_draft", draft.uid)).status_code == 404
    assert client.post(url("path_revision_start", draft.definition.uid)).status_code == 404
