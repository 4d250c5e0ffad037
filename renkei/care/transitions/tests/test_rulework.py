"""The working group writes a rule; nobody sees a draft. What changes is told by sentence."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from renkei.care.patients.tests.factories import text_of
from renkei.care.transitions.models import (
    DraftChange,
    Rule,
    RuleVersion,
    VersionState,
)
from renkei.care.transitions.rule_checks import problems_of
from renkei.care.transitions.rule_content import parse
from renkei.care.transitions.rule_differences import PieceKind, differences
from renkei.care.transitions.rule_editing import fingerprint, part_of, with_part
from renkei.care.transitions.services import drafts
from renkei.care.transitions.tests import factories
from renkei.care.transitions.tests.rulework import NOW, browser, url, write
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.areas.tests import factories as areas

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_friday(time_machine):
    time_machine.move_to(NOW, tick=False)


# Writing --------------------------------------------------------------------------------------


def test_a_rule_begins_as_an_example_and_is_seen_by_nobody_else(area):
    source = factories.shipped().versions.get()
    client = browser(accounts.sato())
    fields = {"name": "架空市のルール", "area": area.pk, "source": str(source.uid)}

    client.post(url("rule_start"), fields)

    draft = RuleVersion.objects.get(state=VersionState.DRAFT)
    assert (draft.rule.owner_area, draft.content["title"]) == (area, "架空市のルール")
    assert "下書き" in text_of(client.get(url("draft_detail", draft.uid)))
    assert "第1版の下書き" in text_of(client.get(url("rule_list")))
    assert "架空市のルール" not in text_of(browser(accounts.suzuki()).get(url("rule_list")))
    assert client.get(url("rule_detail", draft.uid)).status_code == 404


def test_a_rule_of_another_area_is_not_written(sato, first):
    other = areas.make_area(name="よその市", code="990027")
    Rule.objects.filter(pk=first.rule_id).update(owner_area=other)
    draft = drafts.start_revision(viewer=sato, rule=first.rule, source=first)
    client = browser(accounts.sato())

    answers = [
        client.get(url("draft_detail", draft.uid)),
        client.post(url("draft_publish", draft.uid), {}),
        client.post(url("revision_start", first.rule.uid)),
        client.get(url("version_withdraw", first.uid)),
        client.get(url("announcement_add", first.uid)),
    ]

    assert [one.status_code for one in answers] == [404] * 5


def test_every_part_is_written_in_its_form(sato, first):
    draft = drafts.start_revision(viewer=sato, rule=first.rule, source=first)
    client = browser(accounts.sato())

    def fields(part: str, place: int | None = None, **changed: object) -> dict[str, object]:
        content = parse(RuleVersion.objects.get(pk=draft.pk).content)
        value = part_of(content, part)
        row = value if place is None else value[place]
        sent = {name: each for name, each in row.items() if each is not False}
        return {**sent, "seen": fingerprint(content, part), **changed}

    basics = fields("basics", summary="新しいあらまし。", notes="一つめ\n\n二つめ")
    client.post(url("draft_part", draft.uid, "basics"), basics)
    client.post(url("draft_row", draft.uid, "deadlines", 4), fields("deadlines", 4, amount=10))
    client.post(url("draft_row", draft.uid, "steps", 3), fields("steps", 3, when="毎週月曜"))
    client.post(
        url("draft_row", draft.uid, "metrics", 0),
        fields("metrics", 0, text="退院のうち連絡があった割合。", counts_deaths="on"),
    )
    client.post(
        url("draft_row", draft.uid, "forms", 2),
        {
            "seen": fields("basics")
            and fingerprint(parse(RuleVersion.objects.get(pk=draft.pk).content), "forms"),
            "code": "discharge_record",
            "fact": "discharge_notified",
        },
    )

    draft.refresh_from_db()
    content = parse(draft.content)
    assert (content.summary, content.notes) == ("新しいあらまし。", ("一つめ", "二つめ"))
    assert content.deadlines[4].amount == 10
    assert content.steps[3].when == "毎週月曜"
    assert content.metrics[0].counts_deaths
    assert content.forms[2].fact == "discharge_notified"
    assert draft.draft_changes.count() == 5


def test_lines_are_added_changed_and_emptied_on_one_page(sato, first):
    draft = drafts.start_revision(viewer=sato, rule=first.rule, source=first)
    client = browser(accounts.sato())
    content = parse(draft.content)
    rows = part_of(content, "criteria")
    sent = {
        f"{name}_{place}": value
        for place, row in enumerate([*rows, {}, {}])
        for name, value in ({"code": "", "text": "", "source": ""} | row).items()
    }
    sent |= {"text_0": "", "text_1": "食事の介助", "code_7": "8", "text_7": "独居", "seen": ""}

    refused = client.post(url("draft_part", draft.uid, "criteria"), sent)
    sent["seen"] = fingerprint(content, "criteria")
    client.post(url("draft_part", draft.uid, "criteria"), sent)

    assert refused.status_code == 422
    assert "ほかの人がここを直しました" in text_of(refused)
    draft.refresh_from_db()
    written = parse(draft.content).criteria
    assert [row.code for row in written] == ["2", "3", "4", "5", "6", "7", "8"]
    assert (written[0].text, written[-1].text) == ("食事の介助", "独居")


@pytest.mark.parametrize(
    ("part", "place", "changed", "sentence"),
    [
        ("deadlines", 4, {"unit": "hours"}, "退院予定日からは日か営業日で"),
        ("deadlines", 0, {"amount": "400"}, "366以下の数"),
        ("deadlines", 0, {"done_by": []}, "実施とする出来事を選んでください"),
        ("deadlines", 0, {"code": "T2"}, "期限の符号が重なっています"),
        ("metrics", 0, {"text": ""}, "決め方を入力してください"),
        ("steps", 0, {"title": ""}, "することを入力してください"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(sato, first, part, place, changed, sentence):
    draft = drafts.start_revision(viewer=sato, rule=first.rule, source=first)
    content = parse(draft.content)
    row = {name: each for name, each in part_of(content, part)[place].items() if each is not False}

    answer = browser(accounts.sato()).post(
        url("draft_row", draft.uid, part, place),
        {**row, "seen": fingerprint(content, part), **changed},
    )

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert not draft.draft_changes.exists()


def test_a_line_needs_its_number_and_its_words(sato, first):
    draft = drafts.start_revision(viewer=sato, rule=first.rule, source=first)
    content = parse(draft.content)
    sent = {"seen": fingerprint(content, "leak_reasons")}
    sent |= {
        "code_0": "",
        "text_0": "理由",
        "code_1": "09",
        "text_1": "",
        "code_2": "",
        "text_2": "",
    }

    answer = browser(accounts.sato()).post(url("draft_part", draft.uid, "leak_reasons"), sent)

    assert "番号（符号）を入力してください" in text_of(answer)
    assert "文を入力してください" in text_of(answer)


def test_rows_are_moved_taken_out_and_steps_taken_back(sato, first):
    draft = drafts.start_revision(viewer=sato, rule=first.rule, source=first)
    client = browser(accounts.sato())

    def codes() -> list[str]:
        return [row["code"] for row in RuleVersion.objects.get(pk=draft.pk).content["deadlines"]]

    client.post(url("draft_row_act", draft.uid, "deadlines", 0), {"act": "down"})
    assert codes()[:2] == ["T2", "T1"]
    client.post(url("draft_row_act", draft.uid, "deadlines", 0), {"act": "up"})
    client.post(url("draft_row_act", draft.uid, "deadlines", 5), {"act": "remove"})
    assert codes() == ["T2", "T1", "T3", "T4", "T5", "T7"]
    assert (
        client.post(url("draft_row_act", draft.uid, "deadlines", 0), {"act": "?"}).status_code
        == 404
    )

    for _ in range(3):
        client.post(url("draft_undo", draft.uid))

    assert codes() == ["T1", "T2", "T3", "T4", "T5", "T6", "T7"]
    assert DraftChange.objects.filter(undone_at=None).count() == 0
    answer = client.post(url("draft_undo", draft.uid), follow=True)
    assert "戻せる変更はありません" in text_of(answer)


def test_there_is_one_draft_at_a_time_and_it_can_be_thrown_away(sato, first):
    client = browser(accounts.sato())
    client.post(url("revision_start", first.rule.uid))
    draft = RuleVersion.objects.get(state=VersionState.DRAFT)

    again = client.post(url("revision_start", first.rule.uid), follow=True)
    assert again.status_code == 200
    with pytest.raises(ValidationError, match="書きかけの版がもうあります"):
        drafts.start_revision(viewer=sato, rule=first.rule, source=first)
    client.post(url("draft_discard", draft.uid))

    assert not RuleVersion.objects.filter(state=VersionState.DRAFT).exists()
    fresh = drafts.start_rule(
        viewer=sato, source=first, name="別のルール", area=first.rule.owner_area
    )
    drafts.discard_draft(viewer=sato, draft=fresh)
    assert not Rule.objects.filter(name="別のルール").exists()


def test_unknown_parts_and_places_are_not_found(sato, first):
    draft = drafts.start_revision(viewer=sato, rule=first.rule, source=first)
    client = browser(accounts.sato())

    for address in (
        url("draft_part", draft.uid, "deadlines"),
        url("draft_part", draft.uid, "x"),
        url("draft_row", draft.uid, "basics", 0),
        url("draft_row", draft.uid, "steps", 99),
    ):
        assert client.get(address).status_code == 404
    for part in ("basics", "classes", "criteria", "leak_reasons"):
        assert client.get(url("draft_part", draft.uid, part)).status_code == 200
    for part, place in (("steps", 0), ("steps", 9), ("deadlines", 6), ("forms", 2), ("metrics", 5)):
        assert client.get(url("draft_row", draft.uid, part, place)).status_code == 200


# What the clock would do ---------------------------------------------------------------------


def test_the_preview_shows_draft_and_edition_side_by_side(sato, first):
    draft = drafts.start_revision(viewer=sato, rule=first.rule, source=first)
    rows = part_of(parse(draft.content), "deadlines")
    rows[4] |= {"amount": 10}
    write(sato, draft, "deadlines", rows)
    client = browser(accounts.sato())

    page = text_of(
        client.get(
            url("draft_preview", draft.uid),
            {
                "patient_class": "a",
                "day": "2026-11-20",
                "time": "16:40",
                "planned": "2026-12-15",
            },
        )
    )

    assert '<ins class="now">12月5日（土）まで</ins>' in page
    assert "12月8日（火）まで" in page
    wrong = text_of(client.get(url("draft_preview", draft.uid), {"planned": "2020-01-01"}))
    assert "入院した日以降の日付" in wrong
    far = text_of(client.get(url("draft_preview", draft.uid), {"day": "1999-01-01"}))
    assert "きょうに近い日付" in far


# Pure ------------------------------------------------------------------------------------------


def test_differences_are_told_by_sentence():
    old = parse(factories.shipped().versions.get().content)
    new = with_part(
        old,
        "criteria",
        [
            *part_of(old, "criteria")[1:],
            {
                "code": "9",
                "text": "新しい基準。",
                "source": "",
            },
        ],
    )

    parts = differences(old, new)

    assert [part.label for part in parts] == ["退院調整が必要な方の基準"]
    words = [(row.word, row.label) for row in parts[0].differences]
    assert words == [("加わる", "9"), ("なくなる", "1")]
    assert differences(old, old) == ()


def test_a_sentence_that_stays_is_left_alone():
    old = parse(factories.shipped().versions.get().content)
    rows = part_of(old, "deadlines")
    rows[0] |= {"unit": "business_days", "amount": 1, "label": "新しい名前"}
    rows[1] |= {"label": "名前だけ"}

    (part,) = differences(old, with_part(old, "deadlines", rows))

    kinds = [piece.kind for piece in part.differences[0].pieces]
    assert PieceKind.SAME in kinds
    assert part.differences[1].pieces[1].text == "T2　名前だけ"


def test_checks_name_the_place():
    content = parse(factories.shipped().versions.get().content)
    rows = part_of(content, "deadlines")
    rows[0] |= {"side": "hospital", "classes": [], "soon_days": 9}
    rows[5] |= {"done_by": ["discharge_notified"]}
    rows[1] |= {"starts": "screening_done"}
    metrics = part_of(content, "metrics")
    metrics[0] |= {"text": " "}
    changed = with_part(content, "deadlines", rows)
    changed = with_part(changed, "metrics", metrics)
    changed = with_part(changed, "forms", [])
    basics = {
        **part_of(content, "basics"),
        "summary": "",
        "counting": "",
        "contact_stale_after_months": 0,
    }
    sentences = [one.sentence for one in problems_of(with_part(changed, "basics", basics))]

    assert "題名とあらまし：あらましを書いてください。" in sentences
    assert "期限のT1：対象の区分を1つ以上選んでください。" in sentences
    assert "期限のT2：数え始めと実施が同じ出来事です。どちらかを変えてください。" in sentences
    assert "期限のT6：病院が記録する出来事です。動く側を病院側に。" in sentences
    assert "指標の決め方の退院調整率：決め方を文で書いてください。" in sentences
    assert any(sentence.startswith("進め方の2：") for sentence in sentences)
    all_business = [{**row, "unit": "business_days"} for row in part_of(content, "deadlines")]
    said = problems_of(with_part(content, "deadlines", all_business))
    assert [one.place for one in said] == ["日の数え方"]
