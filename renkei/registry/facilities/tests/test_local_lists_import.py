"""Local lists through the whole pipeline: preview, diff, apply, once more, undo (T-A10)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.viewers import ANYBODY, Viewer
from renkei.foundation.audit.actors import Actor, ActorKind
from renkei.registry.facilities.importers.local import Column, LocalMapping
from renkei.registry.facilities.models import ImportState, ListDraft, LocalList, Service
from renkei.registry.facilities.queries import find_facilities
from renkei.registry.facilities.queries_imports import run_summary
from renkei.registry.facilities.search.terms import SearchTerms
from renkei.registry.facilities.services.imports import apply_import, read_import, undo_import
from renkei.registry.facilities.services.local_lists import add_kind, begin_list, import_list
from renkei.registry.facilities.services.uploads import keep_uploads, upload_folder
from renkei.registry.facilities.tests import care_files, messy_lists

pytestmark = pytest.mark.django_db(transaction=True)
SATO = Actor(ActorKind.USER, 7, 8)
OFFICER = Viewer(user_id=7, role=Role.MUNICIPAL_STAFF)


@pytest.fixture(autouse=True)
def var(tmp_path, settings):
    settings.VAR = tmp_path / "var"
    care_files.city()


def begin(path) -> ListDraft:
    ((kept, name),) = keep_uploads([SimpleUploadedFile(path.name, path.read_bytes())])
    return begin_list(actor=SATO, path=kept, file_name=name)


def bring_in(path, name="架空の一覧", **decided):
    """From the file to its preview, as a person who accepts every proposal."""
    draft = begin(path)
    mapping = LocalMapping.from_json(draft.mapping)
    mapping = replace(mapping, municipality_code="992011", **decided)
    run = import_list(actor=SATO, draft=draft, name=name, mapping=mapping)
    return read_import(run.uid)


def bring_in_and_apply(path, **decided):
    return apply_import(actor=SATO, run=bring_in(path, **decided))


DISABILITY = {
    "就労継続支援b型": "disability_service",
    "生活介護": "disability_service",
}


@pytest.mark.parametrize(
    ("make", "decided", "account"),
    [
        (messy_lists.disability_offices, {"kinds": DISABILITY}, "4行＝追加3＋読めない行1。"),
        (
            messy_lists.neighbourhoods,
            {"service_code": "neighbourhood"},
            "3行＝追加2＋読めない行1。",
        ),
        (messy_lists.medical_association, {"service_code": "coordination"}, "2行＝追加2。"),
        (messy_lists.housing, {"service_code": "housing"}, "2行＝追加2。"),
        (messy_lists.volunteers, {"service_code": "npo"}, "5行＝追加2＋読めない行3。"),
    ],
)
def test_t_a10_messy_list_comes_in_with_a_report_of_every_row(tmp_path, make, decided, account):
    path = make(tmp_path)

    run = bring_in(path, **decided)

    assert run.error == ""
    summary = run_summary(run)
    assert summary.reconciliation == account
    assert summary.counts["repairs"] > 0
    assert not Service.objects.exists()
    apply_import(actor=SATO, run=run)
    assert Service.objects.filter(source="local").count() == summary.counts["added"]
    assert not list(upload_folder().glob("*"))
    again = run_summary(bring_in(path, **decided))
    assert [again.counts.get(kind, 0) for kind in ("added", "changed", "vanished")] == [0, 0, 0]
    assert again.counts["same"] == summary.counts["added"]


def test_t_a10_next_edition_shows_what_changed_and_can_be_undone(tmp_path):
    first = messy_lists.volunteers(tmp_path)
    bring_in_and_apply(first, service_code="npo")
    second = tmp_path / "R9_NPO・ボランティア団体.csv"
    second.write_text(
        "団体名,活動内容,電話,電話,対象地域,ホームページ\n"
        "NPO法人 おたがいさま,買い物と通院,0999-00-5501,0999-00-5502,北地区,https://otagaisama.example\n"
        "みまもり隊,見守り,0999-00-5504,,南地区,\n",
        encoding="utf-8",
    )

    draft = begin(second)
    mapping = LocalMapping.from_json(draft.mapping)
    run = import_list(actor=SATO, draft=draft, name="架空の一覧", mapping=mapping)
    run = read_import(run.uid)

    counts = run_summary(run).counts
    assert (counts["added"], counts["changed"], counts["vanished"]) == (1, 1, 1)
    apply_import(actor=SATO, run=run)
    assert Service.objects.get(name="傾聴の会").status == "possibly_ended"
    undo_import(actor=SATO, run=run)
    assert sorted(Service.objects.values_list("name", "status")) == [
        ("NPO法人 おたがいさま", "listed"),
        ("傾聴の会", "listed"),
    ]
    assert LocalList.objects.count() == 1


def test_t_a10_kind_of_the_region_can_be_searched_and_own_columns_stay_inside(tmp_path):
    kind = add_kind(actor=SATO, label="移動販売", group="support")
    bring_in_and_apply(messy_lists.volunteers(tmp_path), service_code=kind.code)

    def names(query, viewer):
        page = find_facilities(SearchTerms(q=query), viewer=viewer)
        return sorted(place.name for place in page.places)

    assert names("移動販売", ANYBODY) == ["NPO法人 おたがいさま", "傾聴の会"]
    assert names("買い物の手伝い", ANYBODY) == []
    assert names("買い物の手伝い", OFFICER) == ["NPO法人 おたがいさま"]


def test_import_list_refuses_a_mapping_that_cannot_be_read(tmp_path):
    draft = begin(messy_lists.volunteers(tmp_path))
    mapping = LocalMapping("", "", columns=(Column("団体名", "own"),))

    with pytest.raises(ValidationError) as error:
        import_list(actor=SATO, draft=draft, name=" ", mapping=mapping)

    assert len(error.value.messages) == 3
    assert not LocalList.objects.exists()


def test_import_list_refuses_the_name_of_another_list(tmp_path):
    bring_in(messy_lists.volunteers(tmp_path), service_code="npo")

    with pytest.raises(ValidationError, match="という一覧がすでにあります"):
        bring_in(messy_lists.housing(tmp_path), service_code="housing")


def test_list_whose_rows_are_all_unreadable_says_so(tmp_path):
    path = tmp_path / "一覧.csv"
    path.write_text("種別,団体名,電話\nなぞ,い,0999-00-1\n", encoding="utf-8")

    run = bring_in(path)

    assert run.state == ImportState.PREVIEW
    summary = run_summary(run)
    assert summary.reconciliation == "1行＝読めない行1。"
    assert summary.problems == [
        "一覧.csv 2行目「種別」：サービスの種類「なぞ」が何にあたるかを「列の対応」で選んでください。"
    ]
