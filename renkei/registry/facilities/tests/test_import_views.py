"""The screens of an import, from the upload to "undo", by the fixed cast."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from renkei.foundation.accounts.models import Organisation, Role
from renkei.foundation.accounts.tests.factories import make_organisation, person, sign_in
from renkei.foundation.areas.models import Area
from renkei.foundation.areas.tests.factories import make_area
from renkei.foundation.audit.actors import Actor, ActorKind
from renkei.foundation.common.spreadsheets.read import open_tables
from renkei.registry.facilities import presenters_imports
from renkei.registry.facilities.models import ImportRun, ImportState, Service, StagedRow
from renkei.registry.facilities.queries_scope import municipalities_near, municipality_codes_named
from renkei.registry.facilities.services.imports import apply_import, read_import
from renkei.registry.facilities.services.uploads import upload_folder
from renkei.registry.facilities.tests import care_files

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def var(tmp_path, settings):
    settings.VAR = tmp_path / "var"
    care_files.city()


def upload(client: Client, content: bytes, name: str, **changes: str):
    file = SimpleUploadedFile(name, content)
    data = {"tables": [file], "scope": "all", **changes}
    return client.post(reverse("facilities:import_new"), data)


def read_latest() -> ImportRun:
    """What the worker does after an upload."""
    return read_import(ImportRun.objects.latest("pk").uid)


def apply_latest() -> ImportRun:
    """What the worker does after 「取り込む」."""
    run = ImportRun.objects.latest("pk")
    return apply_import(actor=Actor(ActorKind.USER, run.started_by_id or 0), run=run)


def address(name: str, run: ImportRun, *more: object) -> str:
    return reverse(f"facilities:{name}", args=[run.uid, *more])


@pytest.fixture
def first_import(sato_client) -> ImportRun:
    upload(sato_client, care_files.first_file(), care_files.FIRST_NAME)
    run = read_latest()
    sato_client.post(address("import_apply", run))
    return apply_latest()


@pytest.fixture
def preview(sato_client, first_import) -> ImportRun:
    upload(sato_client, care_files.second_file(), care_files.SECOND_NAME)
    return read_latest()


def text_of(answer):
    return answer.content.decode()


def test_import_new_reads_in_the_background_and_shows_progress(sato_client):
    answer = upload(sato_client, care_files.first_file(), care_files.FIRST_NAME)

    run = ImportRun.objects.get()
    assert answer["Location"] == address("import_detail", run)
    page = sato_client.get(answer["Location"])
    assert "読み込んでいます" in text_of(page)
    assert 'http-equiv="refresh"' in text_of(page)
    part = sato_client.get(address("import_progress", run))
    assert "<progress" in text_of(part)
    read_latest()
    done = sato_client.get(address("import_progress", run))
    assert done["HX-Redirect"] == address("import_detail", run)


def test_import_preview_accounts_for_every_row_and_writes_nothing(sato_client, preview):
    before = list(Service.objects.order_by("pk").values())

    page = sato_client.get(address("import_detail", preview))

    text = text_of(page)
    assert page.status_code == 200
    assert "取り込みの確認：訪問看護" in text
    assert "まだ何も書き込んでいません" in text
    assert page.context["summary"].reconciliation in text
    assert page.context["summary"].reconciliation.startswith("5行＝")
    assert '<del class="was">0999-00-1200</del>' in text
    assert '<ins class="now">0999-00-1299</ins>' in text
    assert "直して取り込む" in text
    assert list(Service.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("added", "なぎさ"),
        ("vanished", "掲載終了の可能性"),
        ("suspicious", "今回は取り込まない"),
        ("repairs", "０９９９－００－１２９９"),
        ("unreadable", "読めない行はありません"),
        ("moved", "この種類の差分はありません"),
        ("nonsense", "0999-00-1299"),
    ],
)
def test_import_preview_has_a_tab_per_kind(sato_client, preview, kind, shown):
    page = sato_client.get(address("import_detail", preview), {"kind": kind})

    assert shown in text_of(page)


def test_import_repairs_can_be_narrowed_to_one_reason(sato_client, preview):
    url = address("import_detail", preview)
    reason = sato_client.get(url, {"kind": "repairs"}).context["reasons"][0][0]

    page = sato_client.get(url, {"kind": "repairs", "reason": reason, "page": "1"})

    assert {row.reason for row in page.context["page"].items} == {reason}


def test_import_row_is_decided_and_taken_into_account(sato_client, preview):
    row = StagedRow.objects.filter(verdict="suspicious").earliest("pk")
    url = address("import_row_decide", preview, row.pk)
    before = sato_client.get(address("import_detail", preview)).context["written"]

    answer = sato_client.post(url, {"decision": "take"})
    refused = sato_client.post(url, {"decision": "maybe"}, follow=True)

    assert answer["Location"].endswith(f"#row-{row.pk}")
    row.refresh_from_db()
    assert row.decision == "take"
    assert "選んでください" in text_of(refused)
    after = sato_client.get(address("import_detail", preview)).context["written"]
    assert after == before + 1


def test_import_applies_shows_the_result_and_can_be_undone(sato_client, preview):
    answer = sato_client.post(address("import_apply", preview), follow=True)
    assert "取り込んでいます" in text_of(answer)
    apply_latest()
    applied = sato_client.get(address("import_detail", preview))
    assert "取り込む前に戻す" in text_of(applied)
    assert Service.objects.get(source_key="9960190016").phone == "0999-00-1299"

    undone = sato_client.post(address("import_undo", preview), follow=True)

    assert "取り込む前の台帳に戻しました" in text_of(undone)
    assert Service.objects.get(source_key="9960190016").phone == "0999-00-1200"
    again = sato_client.post(address("import_undo", preview), follow=True)
    assert "note--over" in text_of(again)


def test_import_discard_leaves_the_register_alone(sato_client, preview):
    answer = sato_client.post(address("import_discard", preview), follow=True)

    assert "取り込みをやめました" in text_of(answer)
    preview.refresh_from_db()
    assert preview.state == ImportState.DISCARDED
    assert sato_client.get(address("import_detail", preview)).status_code == 200


def test_import_list_names_runs_and_who_is_at_it(sato_client, preview):
    page = sato_client.get(reverse("facilities:import_list"))

    assert "取り込みの途中です" in text_of(page)
    assert "佐藤" in text_of(page)
    assert len(page.context["runs"]) == 2


@pytest.mark.parametrize(
    ("name", "sheet"), [("import_diff_xlsx", "差分"), ("import_repairs_xlsx", "自動で直した所")]
)
def test_import_differences_come_as_a_workbook(sato_client, preview, tmp_path, name, sheet):
    answer = sato_client.get(address(name, preview))

    path = tmp_path / "表.xlsx"
    path.write_bytes(b"".join(answer.streaming_content))
    tables = {table.sheet: list(table.rows()) for table in open_tables(path)}
    assert len(tables[sheet]) > 1
    assert any("0999-00-1299" in cells for _, cells in tables[sheet])


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "空.csv", "ファイルを選んでください|空です"),
        (b"%PDF-1.7", "jigyosho_130.csv", "PDFのファイルです"),
        (b"PK\x03\x04 cut", "medical.zip", "途中で切れているか、壊れています"),
    ],
)
def test_bad_file_is_refused_at_the_upload_with_one_sentence(sato_client, content, name, sentence):
    answer = upload(sato_client, content, name)

    assert answer.status_code == 422
    assert any(part in text_of(answer) for part in sentence.split("|"))
    assert not ImportRun.objects.exists()
    assert not list(upload_folder().glob("*"))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("甲,乙\r\n1,2\r\n".encode(), "取り込める公表データではありません"),
        (
            care_files.care_csv(
                [care_files.row(0)], tuple(h for h in care_files.HEADER if h != "事業所名")
            ),
            "「事業所名」の列がありません",
        ),
    ],
)
def test_bad_content_fails_with_one_sentence_and_nothing_is_written(sato_client, content, sentence):
    answer = upload(sato_client, content, "jigyosho_130_20260630.csv")
    read_latest()
    page = sato_client.get(answer["Location"])

    assert page.status_code == 422
    assert sentence in text_of(page)
    assert not Service.objects.exists()
    assert not list(upload_folder().glob("*"))


def test_t_a10_national_file_with_swapped_and_inserted_columns_comes_in(sato_client):
    header = ("はじめの列", *reversed(care_files.HEADER))

    upload(sato_client, care_files.care_csv([care_files.row(0)], header), care_files.FIRST_NAME)
    run = read_latest()

    assert run.state == ImportState.PREVIEW
    page = sato_client.get(address("import_detail", run), {"kind": "added"})
    assert "訪問看護ステーション みなも" in text_of(page)
    assert "はじめの列" in text_of(page)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"scope": "prefecture"}, "都道府県を選んでください"),
        ({"scope": "municipality"}, "市区町村の名前を入力してください"),
        (
            {"scope": "municipality", "municipalities": "ない市"},
            "「ない市」という市区町村がありません",
        ),
        ({"as_of": "いつか"}, "日付は"),
        ({"as_of": "2099-01-01"}, "きょう以前"),
        ({"scope": "moon"}, "を選び直してください"),
    ],
)
def test_import_form_refuses_with_a_remedy(sato_client, changes, sentence):
    answer = upload(sato_client, care_files.first_file(), care_files.FIRST_NAME, **changes)

    assert answer.status_code == 422
    assert sentence in text_of(answer)


def test_import_form_takes_scope_and_day(sato_client):
    upload(
        sato_client,
        care_files.first_file(),
        "data.csv",
        scope="municipality",
        municipalities="架空県架空市、99201",
        as_of="令和7年12月31日",
    )

    run = ImportRun.objects.get()
    assert (run.scope, str(run.as_of)) == (["992011"], "2025-12-31")


def test_import_without_any_file_says_so(sato_client):
    answer = sato_client.post(reverse("facilities:import_new"), {"scope": "all"})

    assert "取り込むファイルを選んでください" in text_of(answer)


def test_import_pages_are_for_the_city_office_alone(
    preview, sato_client, suzuki_client, nobody_client
):
    for name in ("import_list", "import_new"):
        url = reverse(f"facilities:{name}")
        assert suzuki_client.get(url).status_code == 404
        assert nobody_client.get(url).status_code == 302
    for name in ("import_detail", "import_progress", "import_diff_xlsx", "import_repairs_xlsx"):
        assert suzuki_client.get(address(name, preview)).status_code == 404
        assert nobody_client.get(address(name, preview)).status_code == 302
    for name in ("import_apply", "import_undo", "import_discard", "import_question_confirm"):
        assert suzuki_client.post(address(name, preview)).status_code == 404
        assert nobody_client.post(address(name, preview)).status_code == 302
    missing = reverse("facilities:import_detail", args=["00000000-0000-0000-0000-000000000000"])
    assert sato_client.get(missing).status_code == 404
    preview.refresh_from_db()
    assert preview.state == ImportState.PREVIEW


def test_import_of_an_older_snapshot_asks_first(sato_client):
    for content, name in (
        (care_files.second_file(), care_files.SECOND_NAME),
        (care_files.first_file(), care_files.FIRST_NAME),
    ):
        upload(sato_client, content, name)
        run = read_latest()
        if name == care_files.SECOND_NAME:
            sato_client.post(address("import_apply", run))
            apply_latest()
    page = sato_client.get(address("import_detail", run))
    key = page.context["summary"].questions[0]["key"]
    assert "先に確かめてください" in text_of(page)

    refused = sato_client.post(address("import_apply", run), follow=True)
    unknown = sato_client.post(
        address("import_question_confirm", run), {"key": "nothing"}, follow=True
    )
    confirmed = sato_client.post(address("import_question_confirm", run), {"key": key}, follow=True)

    assert "note--over" in text_of(refused)
    assert "確かめることが変わりました" in text_of(unknown)
    assert "先に確かめてください" not in text_of(confirmed)


def test_import_of_somebody_else_is_waited_for(preview, sato_client):
    office = make_organisation("架空市役所 介護保険課")
    colleague = person("山本 五月", "yamamoto@city.example.test", office, Role.MUNICIPAL_STAFF)
    other_client = sign_in(Client(), colleague)

    page = other_client.get(reverse("facilities:import_new"))
    refused = upload(other_client, care_files.first_file(), care_files.FIRST_NAME)

    assert "佐藤 一郎" in text_of(page)
    assert refused.status_code == 422
    assert ImportRun.objects.latest("pk") == preview


def test_import_preview_of_many_files_names_the_first_three(sato_client):
    files = [
        SimpleUploadedFile(
            f"jigyosho_{code}_20260630.csv",
            care_files.care_csv([care_files.row(index, サービスの種類=kind)]),
        )
        for index, (code, kind) in enumerate(
            [("110", "訪問介護"), ("130", "訪問看護"), ("430", "居宅介護支援"), ("150", "通所介護")]
        )
    ]
    sato_client.post(reverse("facilities:import_new"), {"folder": files, "scope": "all"})
    run = read_latest()

    page = sato_client.get(address("import_detail", run))

    assert "4個の表" in text_of(page)
    assert "ほか1個の表" in text_of(page)


def test_rows_that_cannot_be_read_are_listed_with_place_and_remedy(sato_client):
    rows = [
        care_files.row(0),
        care_files.row(1, 事業所名="外\ue000字"),
        care_files.row(2, 事業所名=""),
    ]
    upload(sato_client, care_files.care_csv(rows), care_files.FIRST_NAME)
    run = read_latest()

    page = sato_client.get(address("import_detail", run), {"kind": "unreadable"})

    assert "3行目「事業所名」：外字（U+E000）" in text_of(page)
    assert "4行目「事業所名」" in text_of(page)
    assert [item.word for item in page.context["ledger"]][-1] == "読めない行"


@pytest.mark.parametrize(
    ("typed", "codes"),
    [("架空市", ["992011"]), ("９９２０１", ["992011"]), ("架空市、992011", ["992011"]), ("", [])],
)
def test_municipality_codes_named(typed, codes):
    assert municipality_codes_named(typed) == codes


def test_municipality_codes_named_asks_for_the_code_where_a_name_is_borne_twice():
    make_area(name="架空市", code="982016", key="市区町村/982016", prefecture_code="98")

    with pytest.raises(ValidationError, match=r"いくつもあります.*992011"):
        municipality_codes_named("架空市")


def test_municipalities_near_are_those_of_the_same_prefecture():
    area = make_area(name="架空町", code="993018", key="市区町村/993018")

    assert municipalities_near(area) == {"架空市": "992011", "架空町": "993018"}
    assert municipalities_near(None) == {}


def test_import_form_proposes_the_own_municipality(sato_client):
    Organisation.objects.filter(name__startswith="架空市役所").update(
        area=Area.objects.get(code="992011")
    )

    page = sato_client.get(reverse("facilities:import_new"))

    assert page.context["form"]["municipalities"].value() == "架空市"


@pytest.mark.parametrize(
    ("name", "warned"), [("訪問看護.csv", True), (care_files.FIRST_NAME, False)]
)
def test_import_without_a_day_anywhere_says_so(sato_client, name, warned):
    upload(sato_client, care_files.first_file(), name)

    page = sato_client.get(address("import_detail", read_latest()))

    assert ("基準日が分かりません" in text_of(page)) == warned


def test_import_workbook_of_too_much_ends_with_a_sentence(
    sato_client, preview, tmp_path, monkeypatch
):
    monkeypatch.setattr(presenters_imports, "MOST_ROWS", 2)

    answer = sato_client.get(address("import_diff_xlsx", preview))

    path = tmp_path / "表.xlsx"
    path.write_bytes(b"".join(answer.streaming_content))
    rows = next(list(table.rows()) for table in open_tables(path) if table.sheet == "差分")
    assert rows[-1][1][0] == "2行までを書き出しました。"
