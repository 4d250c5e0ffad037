"""Filling in a form without JavaScript, and what the page's script talks to."""

from __future__ import annotations

import json
import re
from html import unescape
from uuid import uuid4

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.tests import factories as people
from renkei.foundation.sheets.answers import values_of
from renkei.foundation.sheets.definition import parse
from renkei.foundation.sheets.models import Answer, Draft
from renkei.foundation.sheets.shipped import FORMS
from renkei.foundation.sheets.tests.factories import (
    content,
    extension,
    item,
    make_answer,
    make_version,
    options,
)

pytestmark = [pytest.mark.django_db, pytest.mark.urls("renkei.foundation.sheets.tests.urls")]
SUBJECT = uuid4()
URL = f"/test-sheets/{SUBJECT}/test_form/"
PRESENCE = item(
    "fall",
    "choice",
    "転倒",
    answerOption=options(("1", "あり"), ("2", "過去にあり")),
    extension=[extension("absence", code="none"), extension("absence", code="unknown")],
)
DETAIL = item(
    "fall.detail",
    "string",
    "転倒の内容",
    extension=[extension("required-if-enabled", boolean=True)],
    enableWhen=[{"question": "fall", "operator": "=", "answerCoding": {"code": "1"}}],
)
FAMILY = item(
    "family",
    "group",
    "家族",
    repeats=True,
    item=[item("who", "string", "氏名"), item("since", "date", "同居の開始日")],
)
EVERYTHING = (
    item(
        "basic",
        "group",
        "基本情報",
        item=[
            item(
                "name",
                "string",
                "利用者氏名",
                required=True,
                extension=[extension("prefill", code="patient.name")],
            ),
            item(
                "birth",
                "date",
                "生年月日",
                extension=[
                    extension("prefill", code="patient.birth_date"),
                    extension("era", code="wareki"),
                ],
            ),
            item(
                "sex",
                "choice",
                "性別",
                extension=[
                    extension("code-list", code="sex"),
                    extension("prefill", code="patient.sex"),
                ],
            ),
            item(
                "phone", "string", "電話番号", extension=[extension("prefill", code="author.phone")]
            ),
            item(
                "count",
                "integer",
                "回数",
                extension=[
                    extension("prefill", code="author.phone"),
                    extension("absence", code="unknown"),
                ],
            ),
            item(
                "level", "choice", "要介護度", extension=[extension("code-list", code="care_level")]
            ),
            item(
                "care",
                "open-choice",
                "医療処置",
                repeats=True,
                extension=[extension("code-list", code="medical_care")],
            ),
            item("route", "open-choice", "経路", answerOption=options(("1", "経口"))),
            item("consent", "boolean", "同意"),
            item("at", "dateTime", "提供日時"),
            item(
                "note",
                "text",
                "経過",
                extension=[extension("hint", string="今月のようすを書きます。")],
            ),
            item("photo", "attachment", "写真"),
            item("about", "display", "説明の文です。"),
        ],
    ),
    item("body", "group", "身体", item=[PRESENCE, DETAIL]),
    FAMILY,
)


@pytest.fixture
def version():
    return make_version(*EVERYTHING)


@pytest.fixture
def nurse(db):
    return people.sign_in(Client(), people.takahashi())


def text_of(response):
    return unescape(response.content.decode())


def values(version, stored):
    return values_of(stored, parse(version.questionnaire))


def hidden(response, name):
    match = re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())
    assert match
    return unescape(match[1])


def field_of(response, path):
    """The markup of one field, up to the next."""
    html = response.content.decode()
    start = html.index(f'data-path="{path}"')
    end = html.find('<div class="sheet__field"', start)
    return unescape(html[start : end if end > 0 else None])


def test_the_form_starts_with_what_the_record_knows(version, nurse):
    page = nurse.get(URL)

    assert page.status_code == 200
    assert 'value="架空 花子"' in field_of(page, "name")
    assert "基本情報から" in field_of(page, "name")
    assert "<option selected>昭和" in field_of(page, "birth")
    assert 'value="15"' in field_of(page, "birth")
    assert 'value="female" checked' in field_of(page, "sex")
    assert "自分の登録から" in field_of(page, "phone")
    # What does not fit the field is left out.
    assert 'value=""' in field_of(page, "count")
    assert Draft.objects.count() == 0


def test_lists_are_drawn_by_their_length_and_required_is_a_word(version, nurse):
    page = nurse.get(URL)

    assert 'type="radio"' in field_of(page, "sex")
    assert "<select" in field_of(page, "level")
    assert 'type="checkbox"' in field_of(page, "care")
    assert "※必須" in field_of(page, "name")
    assert "※任意" in field_of(page, "level")
    assert 'aria-describedby="i-note:hint"' in field_of(page, "note")
    assert 'id="i-count:unknown"' in field_of(page, "count")
    assert 'value="~none"' in field_of(page, "fall")


def test_without_javascript_an_answer_opens_its_detail(version, nurse):
    before = nurse.get(URL)
    after = nurse.post(URL, {"act": "refresh", "fall": "1"})

    assert "hidden" in field_of(before, "fall.detail")[:200]
    assert "hidden" not in field_of(after, "fall.detail").partition(">")[0]
    assert 'value="1" checked' in field_of(after, "fall")


def test_everything_typed_comes_back(version, nurse):
    typed = {
        "act": "refresh",
        "name": "甲",
        "birth~era": "令和",
        "birth~y": "８",
        "birth~m": "13",
        "birth~d": "1",
        "count": "たくさん",
        "level": "23",
        "care": ["01", "99"],
        "care~other": "吸入",
        "route": "1",
        "route~other": "胃ろう",
        "consent": "false",
        "at~era": "西暦",
        "at~y": "2026",
        "at~m": "4",
        "at~d": "1",
        "at~t": "09:30",
        "note": "一行目\r\n二行目",
        "photo": "0b0e6f5c-2a1f-4a0e-9f0e-2d8f1f6b7a10|写真",
        "fall": "~unknown",
    }

    page = nurse.post(URL, typed)

    assert "<option selected>令和" in field_of(page, "birth")
    assert 'value="13"' in field_of(page, "birth")
    assert 'value="たくさん"' in field_of(page, "count")
    assert 'value="23" selected' in field_of(page, "level")
    assert field_of(page, "care").count("checked") == 2
    assert 'value="吸入"' in field_of(page, "care")
    assert 'value="胃ろう"' in field_of(page, "route")
    assert 'value="false" checked' in field_of(page, "consent")
    assert 'value="09:30"' in field_of(page, "at")
    assert "一行目\n二行目" in field_of(page, "note")
    assert 'value="~unknown" checked' in field_of(page, "fall")
    draft = values(version, Draft.objects.get().content)
    assert draft["birth"] == ["令和８年13月1日"]
    assert len(draft["care"]) == 3
    assert draft["photo"][0].title == "写真"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ({"birth~y": "R8.4.1"}, ["令和", "8", "4", "1"]),
        ({"birth~y": "きのう"}, ["令和", "きのう", "", ""]),
        (
            {"birth~era": "西暦", "birth~y": "1926", "birth~m": "12", "birth~d": "25"},
            ["昭和", "1", "12", "25"],
        ),
        (
            {"birth~era": "平成", "birth~y": "33", "birth~m": "4", "birth~d": "1"},
            ["令和", "3", "4", "1"],
        ),
        (
            {"birth~era": "西暦", "birth~y": "", "birth~m": "4", "birth~d": ""},
            ["西暦", "", "4", ""],
        ),
    ],
)
def test_days_are_taken_in_every_spelling(version, nurse, typed, shown):
    drawn = field_of(nurse.post(URL, {"act": "refresh", **typed}), "birth")

    chosen = re.search(r"<option selected>(..)", drawn)
    typed_back = re.findall(r'name="birth~[ymd]" value="([^"]*)"', drawn)
    assert [chosen[1] if chosen else "", *typed_back] == shown


def test_an_absence_is_an_answer_and_a_value_wins_over_it(version, nurse):
    nurse.post(URL, {"act": "refresh", "count~absence": "unknown"})
    assert values(version, Draft.objects.get().content) == {"count": ["unknown"]}

    page = nurse.post(URL, {"act": "refresh", "count~absence": "unknown", "count": "3"})

    assert values(version, Draft.objects.get().content) == {"count": [3]}
    assert "checked" not in field_of(page, "count")


def test_rows_are_added_and_taken_out_by_buttons(version, nurse):
    first = {"family~rows": "1", "family[0]/who": "甲"}
    added = nurse.post(URL, {"act": "add:family", **first})
    second = {"family~rows": "2", "family[0]/who": "甲", "family[1]/who": "乙"}
    removed = nurse.post(URL, {"act": "remove:family[0]", **second})

    assert 'name="family~rows" value="2"' in added.content.decode()
    assert "data-new" in added.content.decode()
    assert values(version, Draft.objects.get().content) == {"family": [{"who": ["乙"]}]}
    assert 'name="family~rows" value="1"' in removed.content.decode()


@pytest.mark.parametrize(
    "act", ["add:name", "add:x", "remove:family[9]", "remove:x", "add:family[0]/who", "nonsense"]
)
def test_acts_that_mean_nothing_change_nothing(version, nurse, act):
    page = nurse.post(URL, {"act": act, "name": "甲", "family~rows": "x"})

    assert page.status_code == 200
    assert values(version, Draft.objects.get().content) == {"name": ["甲"]}


def test_a_full_group_takes_no_more_rows(version, nurse):
    rows = {f"family[{number}]/who": "甲" for number in range(50)}
    page = nurse.post(URL, {"act": "add:family", "family~rows": "50", **rows})

    assert 'value="add:family"' not in page.content.decode()
    assert len(values(version, Draft.objects.get().content)["family"]) == 50


def test_a_refusal_keeps_everything_and_links_to_each_field(version, nurse):
    page = nurse.post(
        URL,
        {
            "act": "check",
            "fall": "1",
            "count": "たくさん",
            "family~rows": "1",
            "family[0]/since~y": "きのう",
        },
    )

    text = text_of(page)
    assert page.status_code == 422
    assert "<title>エラー：架空の様式を書く" in text
    assert '<a href="#i-name">利用者氏名を入力してください。</a>' in text
    assert '<a href="#i-fall.detail">転倒の内容を入力してください。</a>' in text
    assert '<a href="#i-family:0:since:y">家族（1件目）の同居の開始日：' in text
    assert "2か所</b>" in text
    assert 'aria-invalid="true"' in field_of(page, "count")
    assert "＊回数：整数で入力してください。" in field_of(page, "count")


def test_check_then_send_makes_an_answer(version, nurse):
    checked = nurse.post(URL, {"act": "check", "name": "甲", "fall": "~none"})
    sent = nurse.post(
        URL,
        {"act": "send", "content": hidden(checked, "content"), "base": hidden(checked, "base")},
        follow=True,
    )

    assert "内容を確かめる" in text_of(checked)
    assert "架空の様式を保存しました。" in text_of(sent)
    assert "なし" in text_of(sent)
    answer = Answer.objects.get()
    assert answer.source == "web"
    assert values(version, answer.content) == {"name": ["甲"], "fall": ["none"]}
    assert Draft.objects.count() == 0


def test_back_from_the_check_keeps_everything(version, nurse):
    checked = nurse.post(URL, {"act": "check", "name": "甲"})
    back = nurse.post(
        URL, {"act": "edit", "content": hidden(checked, "content"), "base": hidden(checked, "base")}
    )

    assert 'value="甲"' in field_of(back, "name")


def test_sending_what_is_not_right_any_more_shows_the_form(version, nurse):
    refused = nurse.post(URL, {"act": "send", "content": json.dumps(content(version, count="x"))})

    assert refused.status_code == 422
    assert Answer.objects.count() == 0


@pytest.mark.parametrize("junk", ["x", "[]", "{", "[" * 100_000, '{"item": 3}'])
def test_hidden_fields_of_a_stranger_break_nothing(version, nurse, junk):
    page = nurse.post(URL, {"act": "check", "name": "甲", "content": junk, "base": junk})

    assert page.status_code in {200, 422}


@time_machine.travel("2026-11-22T12:04+09:00")
def test_autosave_tells_when_and_what_is_kept(version, nurse):
    saved = nurse.post(URL, {"act": "autosave", "name": "甲\x00", "fall": "2"}).json()

    assert saved["saved"] == "12:04に保存しました"
    assert saved["conflicts"] == 0
    assert "fall.detail" in saved["hidden"]
    assert values(version, json.loads(saved["base"]))["name"] == ["甲"]
    again = nurse.get(URL)
    assert 'value="甲"' in field_of(again, "name")
    assert "12:04に保存しました" in text_of(again)


def test_autosave_without_a_session_is_told_and_loses_nothing(version):
    answer = Client().post(
        URL, {"act": "autosave", "name": "甲"}, headers={"Accept": "application/json"}
    )

    assert answer.status_code == 401
    assert Draft.objects.count() == 0


def test_a_draft_is_thrown_away_by_its_button(version, nurse):
    nurse.post(URL, {"act": "refresh", "name": "甲"})

    gone = nurse.post(URL, {"act": "discard"}, follow=True)
    nurse.post(URL, {"act": "discard"})

    assert "書きかけを消しました。" in text_of(gone)
    assert Draft.objects.count() == 0


def test_the_next_answer_starts_from_the_last_and_marks_what_changed(version, nurse):
    make_answer(version, SUBJECT, name="甲", count=3)

    start = nurse.get(URL)
    changed = nurse.post(URL, {"act": "refresh", "name": "乙", "count": "3"})
    checked = nurse.post(URL, {"act": "check", "name": "乙", "count": "3"})

    assert 'value="甲"' in field_of(start, "name")
    assert '<del class="was">甲</del>' in field_of(changed, "name")
    assert "data-changed" not in field_of(changed, "count")
    assert '<del class="was">甲</del> → <ins class="now">乙</ins>' in text_of(checked)


def test_t_d6_colleagues_see_both_versions_and_choose(version):
    office = people.make_organisation("架空訪問看護ステーション")
    first = people.sign_in(Client(), people.takahashi())
    second = people.sign_in(
        Client(),
        people.person("架空 六美", "mutsumi@example.test", office, Role.PROFESSIONAL, "看護師"),
    )
    base = hidden(first.get(URL), "base")
    first.post(
        URL,
        {"act": "autosave", "base": base, "name": "架空 花子", "count": "3", "note": "朝のようす"},
    )

    page = second.post(
        URL, {"act": "check", "base": base, "name": "架空 花子", "count": "4", "fall": "2"}
    )
    text = text_of(page)

    assert "ほかの人の記入と食い違う所（1か所）" in text
    assert "高橋 三奈さん（先に保存）" in text
    assert "架空 六美さん" in text
    assert "朝のようす" in field_of(page, "note")
    assert 'value="2" checked' in field_of(page, "fall")
    chosen = second.post(
        URL,
        {
            "act": "check",
            "base": hidden(page, "base"),
            "name": "架空 花子",
            "count": "3",
            "fall": "2",
            "note": "朝のようす",
            "conflict:count": "mine",
        },
    )
    assert "内容を確かめる" in text_of(chosen)
    assert values(version, Draft.objects.get().content)["count"] == [4]


def test_t_d6_what_a_colleague_adds_before_sending_is_checked_again(version):
    office = people.make_organisation("架空訪問看護ステーション")
    first = people.sign_in(Client(), people.takahashi())
    second = people.sign_in(
        Client(),
        people.person("架空 六美", "mutsumi@example.test", office, Role.PROFESSIONAL, "看護師"),
    )
    checked = first.post(URL, {"act": "check", "name": "甲"})
    second.post(
        URL, {"act": "autosave", "base": hidden(checked, "base"), "name": "甲", "note": "追記"}
    )

    again = first.post(
        URL, {"act": "send", "content": hidden(checked, "content"), "base": hidden(checked, "base")}
    )

    assert "ほかの人が書き足しました。" in text_of(again)
    assert "追記" in text_of(again)
    assert Answer.objects.count() == 0


def test_t_d6_another_office_that_answered_meanwhile_is_shown(version, nurse):
    make_answer(version, SUBJECT, name="甲", count=3)
    nurse.post(URL, {"act": "refresh", "name": "甲", "count": "4"})
    make_answer(version, SUBJECT, name="甲", count=5)
    checked = nurse.post(URL, {"act": "check", "name": "甲", "count": "4"})

    page = nurse.post(
        URL, {"act": "send", "content": hidden(checked, "content"), "base": hidden(checked, "base")}
    )

    assert "食い違う所（1か所）" in text_of(page)
    assert Draft.objects.get().has_conflicts


def test_an_answer_is_read_with_its_own_edition_and_its_changes(version, nurse):
    first = make_answer(version, SUBJECT, name="甲", count=3, family=[{"who": ["一郎"]}])
    second = make_answer(version, SUBJECT, name="甲", count=4, family=[{"who": ["一郎"]}])

    whole = text_of(nurse.get(f"/test-answers/{SUBJECT}/{second.uid}/"))
    only = text_of(nurse.get(f"/test-answers/{SUBJECT}/{second.uid}/?changes"))
    oldest = text_of(nurse.get(f"/test-answers/{SUBJECT}/{first.uid}/?changes"))

    assert '<del class="was">3</del> → <ins class="now">4</ins>' in whole
    assert "1件目 氏名" in whole
    assert "未記入" in whole
    assert "回数" in only
    assert "利用者氏名" not in only
    assert "前の回答はありません" in oldest


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.code)
def test_every_shipped_form_is_drawn_and_checked(form, nurse):
    call_command("load_sheets", verbosity=0)
    url = f"/test-sheets/{SUBJECT}/{form.code}/"

    page = nurse.get(url)
    refused = nurse.post(url, {"act": "check"})

    assert page.status_code == 200
    assert form.name in text_of(page)
    assert refused.status_code in {200, 422}


def test_the_page_takes_the_same_queries_however_many_answers(version, nurse):
    counts = []
    for rows in (1, 3):
        for _ in range(rows):
            make_answer(version, SUBJECT, name="甲", family=[{"who": ["一郎"]}] * rows)
        nurse.get(URL)
        with CaptureQueriesContext(connection) as counted:
            nurse.get(URL)
        counts.append(len(counted))

    assert counts[0] == counts[1]
