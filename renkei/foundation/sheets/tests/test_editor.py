"""The editor of forms: by plain requests, as 佐藤 of the city office."""

from __future__ import annotations

import json
from datetime import date
from html import unescape
from io import BytesIO
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from renkei.foundation.accounts.models import OrganisationKind, Role
from renkei.foundation.accounts.tests import factories as people
from renkei.foundation.areas.agreements import make_agreement
from renkei.foundation.areas.tests.factories import make_area
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.sheets import services
from renkei.foundation.sheets.definition import parse
from renkei.foundation.sheets.editing import duplicated, free_link_id, moved
from renkei.foundation.sheets.item_forms import option_line, parse_options
from renkei.foundation.sheets.items import Absence, Code, Condition, Option
from renkei.foundation.sheets.models import Form, FormVersion
from renkei.foundation.sheets.queries import version_in_force
from renkei.foundation.sheets.tests.factories import (
    extension,
    item,
    make_version,
    options,
    questionnaire,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("_march"),
]


@pytest.fixture
def _march():
    with time_machine.travel("2026-03-01T09:00+09:00", tick=False):
        yield


@pytest.fixture
def city():
    return make_area(name="架空市")


@pytest.fixture
def sato(city):
    user = people.sato()
    office = user.memberships.get().organisation
    office.area = city
    office.save()
    return people.sign_in(Client(), user)


@pytest.fixture
def other_city():
    area = make_area(name="架空浜市")
    office = people.make_organisation("架空浜市役所", OrganisationKind.MUNICIPAL_SECTION)
    office.area = area
    office.save()
    user = people.person("浜 一子", "hama@example.test", office, Role.MUNICIPAL_STAFF)
    return area, people.sign_in(Client(), user)


@pytest.fixture
def draft(city):
    return make_version(
        item(
            "body",
            "group",
            "身体",
            item=[item("fall", "choice", "転倒", answerOption=options(("1", "あり")))],
        ),
        item("note", "string", "備考"),
        area=city,
        publish=False,
    )


def url(name, *args):
    return reverse(f"sheets:{name}", args=args)


def text_of(response):
    return unescape(response.content.decode())


def definition(version):
    version.refresh_from_db()
    return parse(version.questionnaire)


def changed(version, link_id, **fields):
    """What the item's page posts: everything as it is, and what a test changes."""
    found = definition(version).item(link_id)
    data = {"text": found.text, "type": found.type.value, "width": "full", "columns": "1"}
    data["parent"] = "body" if link_id == "fall" else ""
    if found.is_choice:
        data["options"] = "\n".join(map(option_line, found.options))
    return data | fields


def test_a_form_is_made_item_by_item_and_published(sato, city):
    made = sato.post(
        url("form_new"), {"name": "見守りシート", "code": "mimamori", "kind": "person"}, follow=True
    )
    version = FormVersion.objects.get()
    sato.post(url("item_add", version.uid), {"text": "基本", "type": "group"})
    sato.post(
        url("item_add", version.uid), {"text": "訪問した日", "type": "date", "place": "item-1"}
    )
    added = sato.post(
        url("item_add", version.uid),
        {"text": "様子", "type": "choice", "place": "item-1"},
        follow=True,
    )
    sato.post(
        url("item_edit", version.uid, "item-3"),
        {
            "text": "様子",
            "type": "choice",
            "parent": "item-1",
            "required": "on",
            "options": "ok=変わりない\nng=変わりがある",
            "width": "half",
            "columns": "1",
        },
    )
    page = sato.get(url("version_publish", version.uid))
    done = sato.post(
        url("version_publish", version.uid),
        {"valid_from": "令和8年4月1日", "issuer": "架空市", "unconfirmed": "様式の名前\n\n項目3"},
        follow=True,
    )

    assert "「見守りシート」を作りました。" in text_of(made)
    assert "「様子」を加えました。" in text_of(added)
    assert "質問 2項目" in text_of(page)
    assert "第1版を公開しました。" in text_of(done)
    version = version_in_force("mimamori", area=city, on=date(2026, 4, 1))
    found = parse(version.questionnaire)
    assert [one.link_id for one in found.walk()] == ["item-1", "item-2", "item-3"]
    assert found.item("item-3").options == (
        Option("ok", "変わりない", "https://renkei.example/fhir/CodeSystem/sheet-options"),
        Option("ng", "変わりがある", "https://renkei.example/fhir/CodeSystem/sheet-options"),
    )
    assert (version.issuer, version.unconfirmed) == ("架空市", ["様式の名前", "項目3"])


def test_every_fact_of_an_item_is_kept(sato, draft):
    fields = {
        "text": "体重\nいま",
        "type": "decimal",
        "hint": "着衣のまま",
        "required": "on",
        "absence": ["none", "unknown"],
        "minimum": "１０",
        "maximum": "200.5",
        "unit": "kg",
        "wareki": "on",
        "prefill": "patient.name",
        "width": "third",
        "columns": "2",
        "unconfirmed": "確かめていません。",
        "when1_question": "fall",
        "when1_operator": "=",
        "when1_answer": "あり",
        "joined": "any",
        "parent": "body",
    }
    answer = sato.post(url("item_edit", draft.uid, "note"), fields, follow=True)

    assert "を直しました。" in text_of(answer)
    found = definition(draft).item("note")
    assert (found.text, found.hint, found.required) == ("体重\nいま", "着衣のまま", True)
    assert (str(found.minimum), str(found.maximum), found.unit) == ("10", "200.5", "kg")
    assert found.absence == (Absence.NONE, Absence.UNKNOWN)
    assert (found.era, found.prefill, found.unconfirmed) == (
        "wareki",
        "patient.name",
        "確かめていません。",
    )
    assert (found.layout.width, found.layout.columns) == ("third", 2)
    assert found.enable_when == (Condition("fall", "=", Code("1", "あり")),)
    assert [one.link_id for one in definition(draft).item("body").items] == ["fall", "note"]
    page = text_of(sato.get(url("item_edit", draft.uid, "note")))
    assert 'value="200.5"' in page
    again = sato.post(
        url("item_edit", draft.uid, "note"), {**fields, "when2_question": "", "text": "体重"}
    )
    assert again.status_code == 302
    assert len(definition(draft).item("note").enable_when) == 1


def test_what_the_editor_does_not_know_stays_in_an_item(sato, city):
    version = make_version(
        item(
            "a",
            "string",
            "氏名",
            code=[{"system": "urn:x", "code": "1"}],
            extension=[{"url": "urn:other", "valueString": "x"}, extension("hint", string="古い")],
        ),
        area=city,
        publish=False,
    )

    sato.post(url("item_edit", version.uid, "a"), changed(version, "a", text="名前"))

    version.refresh_from_db()
    node = version.questionnaire["item"][0]
    assert (node["text"], node["code"]) == ("名前", [{"system": "urn:x", "code": "1"}])
    assert node["extension"] == [{"url": "urn:other", "valueString": "x"}]


@pytest.mark.parametrize(
    ("link_id", "fields", "sentence"),
    [
        ("note", {"text": ""}, "text の形が違います。"),
        ("note", {"text": "外字\ue000"}, "外字（U+E000）"),
        ("note", {"type": "choice", "options": ""}, "選択肢（answerOption か code-list）"),
        ("fall", {"options": "1=あり\n2=\n"}, "2行目：「コード=ことば」の形で"),
        ("fall", {"options": "1=あり（きのうまで）"}, "1行目：日付は"),
        ("fall", {"options": "1=あり\n1=なし"}, "選択肢のコード「1」が2つあります"),
        ("note", {"type": "integer", "minimum": "少し"}, "整数で入力してください。"),
        (
            "note",
            {"when1_question": "fall", "when1_operator": "="},
            "条件1の答えを入力してください。",
        ),
        (
            "note",
            {"when1_question": "fall", "when1_answer": "ときどき"},
            "「ときどき」は選択肢にありません",
        ),
        (
            "note",
            {"when1_question": "fall", "when1_operator": ">", "when1_answer": "あり"},
            "選択肢は = か !=",
        ),
        ("note", {"type": "nonsense"}, "種類を選び直してください"),
        ("note", {"repeats": "on"}, "repeats は種類「string」の項目には"),
        ("note", {"revision": "99"}, "ほかの人がこの版を先に直しました"),
    ],
)
def test_a_wrong_fact_is_refused_and_changes_nothing(sato, draft, link_id, fields, sentence):
    page = sato.post(url("item_edit", draft.uid, link_id), changed(draft, link_id, **fields))

    assert page.status_code == 422
    assert sentence in text_of(page)
    draft.refresh_from_db()
    assert draft.revision == 0


def test_a_condition_may_ask_for_any_answer(sato, draft):
    when = {"when1_question": "fall", "when1_operator": "exists"}
    sato.post(url("item_edit", draft.uid, "note"), changed(draft, "note", **when))
    assert definition(draft).item("note").enable_when == (Condition("fall", "exists", True),)

    sato.post(
        url("item_edit", draft.uid, "note"), changed(draft, "note", **when, when1_answer="なし")
    )
    assert definition(draft).item("note").enable_when == (Condition("fall", "exists", False),)


def test_items_are_moved_copied_and_removed_by_buttons(sato, draft):
    def act(link_id, what):
        return text_of(sato.post(url("item_act", draft.uid, link_id), {"act": what}, follow=True))

    def order():
        return [one.link_id for one in definition(draft).walk()]

    assert "上へ移しました。" in act("note", "up")
    assert order() == ["note", "body", "fall"]
    assert "下へ移しました。" in act("note", "down")
    assert "写しを下に作りました。" in act("body", "duplicate")
    assert order() == ["body", "fall", "body-2", "fall-2", "note"]
    assert "消しました。" in act("body-2", "remove")
    assert order() == ["body", "fall", "note"]
    assert sato.post(url("item_act", draft.uid, "note"), {"act": "x"}).status_code == 404
    assert sato.post(url("item_act", draft.uid, "zzz"), {"act": "up"}).status_code == 404
    assert sato.get(url("item_edit", draft.uid, "zzz")).status_code == 404
    sato.post(
        url("item_edit", draft.uid, "note"),
        changed(draft, "note", when1_question="fall", when1_answer="あり"),
    )
    assert "条件の項目「fall」がありません。" in act("fall", "remove")
    assert "先に直しました" in text_of(
        sato.post(url("item_act", draft.uid, "note"), {"act": "up", "revision": "0"}, follow=True)
    )


def test_conditions_inside_a_copied_group_follow_the_copy():
    source = questionnaire(
        item(
            "g",
            "group",
            "組",
            item=[
                item("a", "boolean", "一"),
                item(
                    "b",
                    "string",
                    "二",
                    enableWhen=[{"question": "a", "operator": "=", "answerBoolean": True}],
                ),
            ],
        )
    )

    copy, link_id = duplicated(source, "g")

    assert link_id == "g-2"
    assert parse(copy).item("b-2").enable_when[0].question == "a-2"
    assert free_link_id(copy, "g") == "g-1"
    assert moved(source, "g", -1) == source


def test_options_are_written_in_lines():
    lines = (
        "ok=変わりない\n!none=なし（2026年4月1日から）\n3=古い（2026年3月31日まで）\n\nことばだけ"
    )
    found = parse_options(lines, known=(Option("ok", "x", "urn:mine"),))

    assert found == [
        Option("ok", "変わりない", "urn:mine"),
        Option("none", "なし", valid_from=date(2026, 4, 1), exclusive=True),
        Option("3", "古い", valid_to=date(2026, 4, 1)),
        Option("4", "ことばだけ"),
    ]
    assert parse_options("\n".join(map(option_line, found))) == [
        Option("ok", "変わりない"),
        *found[1:],
    ]


def upload(content):
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return {"file": SimpleUploadedFile("form.json", data, "application/json")}


def test_a_questionnaire_goes_out_and_comes_back(sato, draft):
    out = sato.get(url("version_json", draft.uid))
    content = json.loads(out.content)
    content["item"][1]["text"] = "備考と連絡"
    back = sato.post(url("version_upload", draft.uid), upload(content), follow=True)

    assert out["Content-Disposition"] == 'attachment; filename="test_form-1.json"'
    assert "入れ替えました。" in text_of(back)
    assert definition(draft).item("note").label == "備考と連絡"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\x93\xfa", "UTF-8のファイルではありません。"),
        (b"{\n 'a'}", "2行目の2文字目で、JSONとして読めません。"),
        (b"[" * 100_000, "JSON"),
        ({"resourceType": "Patient"}, "FHIRのQuestionnaireではありません。"),
        ([], "FHIRのQuestionnaireではありません。"),
        (
            questionnaire(item("a", "number", "回数")),
            "項目「a」（回数）：種類「number」は使えません。",
        ),
        (b"1" * 5000, "JSONとして読めません。"),
        (b"x" * (2 * 1024 * 1024 + 1), "ファイルは2MBまでです。"),
    ],
)
def test_a_broken_file_is_refused_with_its_place(sato, draft, content, sentence):
    page = sato.post(url("version_upload", draft.uid), upload(content))

    assert page.status_code == 422
    assert sentence in text_of(page)
    assert len(definition(draft).items) == 2


def test_a_file_with_what_no_database_keeps_is_cleaned(sato, draft):
    odd = json.dumps(
        questionnaire(item("a", "string", "氏\x00名", code=[{"code": "\ud800x"}], weight=1))
    )
    page = sato.post(
        url("version_upload", draft.uid), upload(odd.replace(": 1}", ": 1e999}").encode())
    )

    assert page.status_code == 302
    assert definition(draft).item("a").label == "氏名"


def test_a_form_begins_as_a_copy_or_from_a_file(sato, city):
    call_command("load_sheets", verbosity=0)
    shipped = version_in_force("care_card")
    page = sato.get(url("form_new") + f"?copy={shipped.uid}")
    sato.post(
        url("form_new"),
        {"name": "市のカード", "code": "city_card", "kind": "person", "copy": shipped.uid},
    )
    file = upload(questionnaire(item("a", "string", "氏名")))
    sato.post(url("form_new"), {"name": "写し", "code": "from_file", "kind": "other", **file})
    taken = sato.post(url("form_new"), {"name": "写し", "code": "from_file", "kind": "other"})
    broken = sato.post(
        url("form_new"),
        {"name": "写し", "code": "broken", "kind": "other", **upload(questionnaire(3))},
    )

    assert f'value="{shipped.uid}" selected' in text_of(page)
    copied = FormVersion.objects.get(form__code="city_card")
    assert copied.questionnaire["item"] == shipped.questionnaire["item"]
    assert copied.questionnaire["url"].endswith("city_card")
    assert FormVersion.objects.get(form__code="from_file").form.owner_area == city
    assert taken.status_code == broken.status_code == 422
    assert "この記号の様式はすでにあります" in text_of(taken)
    assert not Form.objects.filter(code="broken").exists()


def test_a_new_edition_shows_what_it_changes_before_it_is_published(sato, draft):
    services.publish_version(actor=SYSTEM, version=draft, valid_from=date(2025, 4, 1))
    sato.post(url("version_start", draft.form.uid))
    again = sato.post(url("version_start", draft.form.uid), follow=True)
    second = FormVersion.objects.get(number=2)
    sato.post(url("item_edit", second.uid, "note"), changed(second, "note", text="連絡"))

    page = text_of(sato.get(url("version_publish", second.uid)))
    early = sato.post(url("version_publish", second.uid), {"valid_from": "2026-02-28"})
    sato.post(url("version_publish", second.uid), {"valid_from": "2026-04-01"})
    differences = text_of(sato.get(url("version_differences", second.uid)))
    gone = sato.post(url("version_withdraw", second.uid), follow=True)

    assert "作成中の版がすでにあります" in text_of(again)
    assert '<del class="was">備考</del> → <ins class="now">連絡</ins>' in page
    assert "きょう以降の日付を" in text_of(early)
    assert "第1版から第2版へ" in differences
    assert "第1版に戻しました。" in text_of(gone)
    assert sato.get(url("version_publish", second.uid)).status_code == 404
    assert sato.get(url("version_withdraw", second.uid)).status_code == 404
    assert sato.get(url("version_withdraw", draft.uid)).status_code == 200
    assert sato.get(url("version_differences", draft.uid)).status_code == 404
    assert sato.get(url("version_differences", second.uid) + "?with=x").status_code == 404


def test_publishing_what_the_service_refuses_is_told_on_the_page(sato, city):
    empty = make_version(item("d", "display", "説明"), area=city, publish=False)

    page = sato.post(url("version_publish", empty.uid), {"valid_from": "2026-04-01"})

    assert page.status_code == 422
    assert "様式に質問がありません。" in text_of(page)


def test_a_draft_edition_is_thrown_away_and_a_published_one_is_not(sato, draft):
    services.publish_version(actor=SYSTEM, version=draft, valid_from=date(2025, 4, 1))
    sato.post(url("version_start", draft.form.uid))
    second = FormVersion.objects.get(number=2)

    kept = sato.post(url("version_discard", draft.uid), follow=True)
    gone = sato.post(url("version_discard", second.uid), follow=True)

    assert "公開した版は消せません。" in text_of(kept)
    assert "作成中の第2版を消しました。" in text_of(gone)


def test_an_edition_leaves_in_every_form(sato, draft):
    pdf = sato.get(url("version_pdf", draft.uid))
    xlsx = sato.get(url("version_workbook", draft.uid))
    page = sato.get(url("version_try", draft.uid))
    tried = sato.post(url("version_try", draft.uid), {"act": "check", "note": "甲"})
    added = sato.post(url("version_try", draft.uid), {"act": "refresh", "fall": "1"})
    done = sato.post(url("version_try", draft.uid), {"act": "send", "content": "{}"}, follow=True)
    left = sato.post(url("version_try", draft.uid), {"act": "discard"})

    assert pdf.content.startswith(b"%PDF")
    assert load_workbook(BytesIO(xlsx.content)).sheetnames
    assert "試し書きです" in text_of(page)
    assert "甲" in text_of(tried)
    assert "checked" in text_of(added)
    assert "何も保存していません。" in text_of(done)
    assert left["Location"] == url("version_detail", draft.uid)


def test_pages_show_shipped_own_and_offered_forms(sato, city, draft, other_city):
    call_command("load_sheets", verbosity=0)
    area, hama = other_city
    agreement = make_agreement(
        actor=SYSTEM,
        name="架空広域の協定",
        purpose="",
        areas=[city, area],
        first_day=date(2025, 4, 1),
    )
    services.publish_version(actor=SYSTEM, version=draft, valid_from=date(2025, 4, 1))
    shared = sato.post(url("form_share", draft.form.uid), {"agreement": agreement.uid}, follow=True)
    twice = sato.post(url("form_share", draft.form.uid), {"agreement": agreement.uid}, follow=True)
    nothing = sato.post(url("form_share", draft.form.uid), {"agreement": uuid4()}, follow=True)

    seen = text_of(hama.get(url("form_list")))
    page = text_of(hama.get(url("version_detail", draft.uid)))
    silent = hama.post(url("version_adopt", draft.uid), {}, follow=True)
    adopted = hama.post(
        url("version_adopt", draft.uid), {"announcement": "3月の連絡会"}, follow=True
    )
    again = hama.post(url("version_adopt", draft.uid), {"announcement": "もう一度"}, follow=True)
    form_page = text_of(hama.get(url("form_detail", draft.form.uid)))

    assert "「架空広域の協定」の市町村と共有しました。" in text_of(shared)
    assert "すでに共有しています" in text_of(twice)
    assert "共有する協定を選んでください。" in text_of(nothing)
    assert "していない" in seen
    assert "入院時情報提供書" in seen
    assert "この版を採用する" in page
    assert "周知の記録を入力してください。" in text_of(silent)
    assert "第1版を採用しました。" in text_of(adopted)
    assert "すでに採用しています" in text_of(again)
    assert "周知：3月の連絡会" in form_page
    assert "最新の版" in text_of(hama.get(url("form_list")))
    newer = services.start_version(actor=SYSTEM, form=draft.form)
    services.publish_version(actor=SYSTEM, version=newer, valid_from=date(2026, 3, 1))
    assert "新しい版あり" in text_of(hama.get(url("form_list")))
    assert "何が違うかを見る" in text_of(hama.get(url("version_detail", newer.uid)))
    against = url("version_differences", newer.uid) + f"?with={draft.uid}"
    assert "項目の変わった所はありません。" in text_of(hama.get(against))
    assert hama.post(url("version_drop", newer.uid)).status_code == 404
    assert "採用をやめました。" in text_of(hama.post(url("version_drop", draft.uid), follow=True))
    ended = sato.post(url("form_unshare", draft.form.uid, agreement.uid), follow=True)
    assert "での共有をやめました。" in text_of(ended)
    assert hama.get(url("version_detail", draft.uid)).status_code == 404


def test_another_citys_forms_look_as_if_there_were_none(draft, other_city):
    _, hama = other_city
    posts = ["version_discard", "version_upload", "item_add", "version_adopt", "version_drop"]

    for name in [
        "version_detail",
        "version_edit",
        "version_publish",
        "version_json",
        "version_pdf",
    ]:
        assert hama.get(url(name, draft.uid)).status_code == 404
    for name in posts:
        assert hama.post(url(name, draft.uid)).status_code == 404
    assert hama.get(url("form_detail", draft.form.uid)).status_code == 404
    assert hama.post(url("version_start", draft.form.uid)).status_code == 404
    assert hama.post(url("form_share", draft.form.uid)).status_code == 404
    assert hama.post(url("form_unshare", draft.form.uid, uuid4())).status_code == 404
    assert hama.get(url("item_edit", draft.uid, "note")).status_code == 404


def test_an_office_without_a_municipality_reads_but_does_not_write():
    call_command("load_sheets", verbosity=0)
    client = people.sign_in(Client(), people.sato())
    shipped = version_in_force("care_card")

    page = text_of(client.get(url("form_list")))

    assert "様式を作れません" in page
    assert client.get(url("version_detail", shipped.uid)).status_code == 200
    assert client.get(url("form_detail", shipped.form.uid)).status_code == 200
    assert "市町村が登録されていない" in text_of(client.get(url("form_new"), follow=True))
    assert client.post(url("version_start", shipped.form.uid)).status_code == 404
    assert client.get(url("version_withdraw", shipped.uid)).status_code == 404


def test_the_list_takes_the_same_queries_for_every_length(sato, city):
    counts = []
    for codes in (["a"], ["b", "c"]):
        for code in codes:
            make_version(code=code, area=city)
        sato.get(url("form_list"))
        with CaptureQueriesContext(connection) as counted:
            sato.get(url("form_list"))
        counts.append(len(counted))

    assert counts[0] == counts[1]
