"""The wizard for local lists, by the fixed cast (T-A10)."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renkei.foundation.common.audience import Audience
from renkei.registry.facilities.importers.local import LocalMapping
from renkei.registry.facilities.models import ImportRun, ListDraft, LocalKind, LocalList
from renkei.registry.facilities.queries_publication import field_audiences
from renkei.registry.facilities.tests import messy_lists

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def var(tmp_path, monkeypatch):
    monkeypatch.setattr("django.conf.settings.VAR", tmp_path / "var")


def upload(client, path):
    file = SimpleUploadedFile(path.name, path.read_bytes())
    return client.post(reverse("facilities:list_new"), {"table": file})


def answers(page, **changes):
    """What a person who changes nothing else sends back."""
    form = page.context["form"]
    data = {
        name: field.value()
        for name in form.fields
        if (field := form[name]).value() not in {None, False}
    }
    return data | changes


def test_list_new_leads_to_the_columns(sato_client, tmp_path):
    answer = upload(sato_client, messy_lists.disability_offices(tmp_path))

    draft = ListDraft.objects.get()
    assert answer["Location"] == reverse("facilities:list_columns", args=[draft.uid])
    page = sato_client.get(answer["Location"])
    text = page.content.decode()
    assert "見出しは4～5行目" in text
    assert "ｻﾎﾟｰﾄﾊｳｽ 北浜" in text
    assert page.context["form"]["as_of"].value() == "2026年4月1日"
    assert [field.label for field in page.context["form"].kind_fields()] == [
        "「就労継続支援Ｂ型」の種類",
        "「生活介護」の種類",
    ]
    assert "続ける" in sato_client.get(reverse("facilities:list_new")).content.decode()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "空です"), (b"%PDF-1.7 x", "PDFのファイルです"), (b"PK\x03\x04xxxx", "壊れています")],
)
def test_list_new_refuses_what_is_no_list_in_one_sentence(sato_client, content, sentence):
    file = SimpleUploadedFile("一覧.xlsx", content)

    answer = sato_client.post(reverse("facilities:list_new"), {"table": file})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not ListDraft.objects.exists()


def test_list_header_can_be_chosen_anew(sato_client, tmp_path):
    upload(sato_client, messy_lists.housing(tmp_path))
    draft = ListDraft.objects.get()
    url = reverse("facilities:list_header", args=[draft.uid])

    shown = sato_client.get(url)
    refused = sato_client.post(url, {"sheet": "住まい", "first": 30, "rows": "1"})
    done = sato_client.post(url, {"sheet": "説明", "first": 1, "rows": "1"})

    assert "サービス付き高齢者向け住宅" in shown.content.decode()
    assert refused.status_code == 422
    assert done.status_code == 302
    assert LocalMapping.from_json(ListDraft.objects.get().mapping).sheet == "説明"


def test_list_columns_remember_the_list_and_start_its_import(sato_client, tmp_path):
    upload(sato_client, messy_lists.volunteers(tmp_path))
    url = reverse("facilities:list_columns", args=[ListDraft.objects.get().uid])
    page = sato_client.get(url)

    answer = sato_client.post(
        url,
        answers(
            page,
            name="市民団体一覧",
            service_code="npo",
            as_of="R8.4.1",
            audience_2="public",
            checked="on",
            note="団体に聞き、公開してよいと確認した。",
        ),
    )

    run = ImportRun.objects.get()
    assert answer["Location"] == reverse("facilities:import_detail", args=[run.uid])
    known = LocalList.objects.get()
    assert (known.name, LocalMapping.from_json(known.mapping).service_code) == (
        "市民団体一覧",
        "npo",
    )
    assert not ListDraft.objects.exists()
    assert field_audiences()["attributes.活動内容"] == Audience.PUBLIC
    assert field_audiences()["attributes.電話（2）"] == Audience.GOVERNMENT


def test_list_columns_refuse_what_cannot_be_read(sato_client, tmp_path):
    upload(sato_client, messy_lists.volunteers(tmp_path))
    url = reverse("facilities:list_columns", args=[ListDraft.objects.get().uid])
    page = sato_client.get(url)

    nothing = sato_client.post(url, answers(page, name="一覧", as_of="いつか", target_1="own"))
    unchecked = sato_client.post(
        url,
        answers(page, name="一覧", service_code="npo", as_of="2026-04-01", audience_2="public"),
    )
    no_name = sato_client.post(url, answers(page, name="一覧", as_of="2026-04-01", target_1="own"))

    assert nothing.status_code == unchecked.status_code == no_name.status_code == 422
    assert "「2026年11月22日」" in nothing.content.decode()
    assert "チェックを付けてください" in unchecked.content.decode()
    assert "「事業所の名称」にする列" in no_name.content.decode()
    assert "種類を選ぶか" in no_name.content.decode()
    assert not LocalList.objects.exists()
    assert not ImportRun.objects.exists()


def test_list_discard_and_strangers(sato_client, suzuki_client, nobody_client, tmp_path):
    upload(sato_client, messy_lists.volunteers(tmp_path))
    draft = ListDraft.objects.get()
    for name in ("list_columns", "list_header"):
        url = reverse(f"facilities:{name}", args=[draft.uid])
        assert suzuki_client.get(url).status_code == 404
        assert nobody_client.get(url).status_code == 302
    ListDraft.objects.update(started_by_id=draft.started_by_id + 1)
    assert sato_client.get(url).status_code == 404
    ListDraft.objects.update(started_by_id=draft.started_by_id)

    sato_client.post(reverse("facilities:list_discard", args=[draft.uid]))

    assert not ListDraft.objects.exists()


def test_kind_new_returns_to_the_list_being_brought_in(sato_client, tmp_path):
    url = reverse("facilities:kind_new")
    alone = sato_client.post(url, {"label": "移動販売", "group": "support"})
    refused = sato_client.post(url, {"label": "移動販売", "group": "support"})
    upload(sato_client, messy_lists.volunteers(tmp_path))
    during = sato_client.post(url, {"label": "配食", "group": "support"})

    assert alone["Location"] == reverse("facilities:list_new")
    assert refused.status_code == 422
    draft = ListDraft.objects.get()
    assert during["Location"] == reverse("facilities:list_columns", args=[draft.uid])
    assert [kind.label for kind in LocalKind.objects.order_by("pk")] == ["移動販売", "配食"]
    assert "配食" in sato_client.get(during["Location"]).content.decode()


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    content=st.one_of(
        st.binary(min_size=1, max_size=400),
        st.text(max_size=200).map(lambda text: text.encode("utf-16")),
        st.lists(
            st.lists(
                st.sampled_from(["名称", "電話", "住所", "\x00", "\ue000", "", "2", "R8.4.1"])
            ),
            max_size=6,
        ).map(lambda rows: "\r\n".join(",".join(row) for row in rows).encode() or b" "),
    )
)
def test_list_of_any_bytes_is_a_wizard_or_one_sentence(sato_client, content):
    """No file makes a server error, neither at the upload nor on the pages after it."""
    file = SimpleUploadedFile("一覧.csv", content)

    answer = sato_client.post(reverse("facilities:list_new"), {"table": file})

    assert answer.status_code in {302, 422}
    if answer.status_code == 302:
        page = sato_client.get(answer["Location"])
        assert page.status_code in {200, 422}
        sent = sato_client.post(
            answer["Location"], answers(page, name="一覧", service_code="npo", as_of="2026-04-01")
        )
        assert sent.status_code in {302, 422}
    ImportRun.objects.all().delete()
    LocalList.objects.all().delete()
    ListDraft.objects.all().delete()


def test_list_that_cannot_be_read_further_down_says_where(sato_client, tmp_path):
    path = tmp_path / "一覧.csv"
    rows = "".join(f"会{number},種{number % 3},0999-00-1\n" for number in range(60))
    path.write_text(f"名称,種別,電話\n{rows}会,種", encoding="utf-8")

    answer = upload(sato_client, path)
    page = sato_client.get(answer["Location"])

    assert page.status_code == 422
    assert "62行目：最後の行が途中で終わっています" in page.content.decode()
