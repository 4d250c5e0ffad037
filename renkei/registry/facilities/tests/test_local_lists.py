from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from renkei.foundation.accounts.viewers import ANYBODY, Viewer
from renkei.foundation.audit.actors import SYSTEM, Actor, ActorKind
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common.spreadsheets.problems import UnreadableFile
from renkei.registry.facilities.importers.local import LocalMapping
from renkei.registry.facilities.models import ListDraft, LocalKind, LocalList
from renkei.registry.facilities.queries_local_lists import (
    list_draft_of,
    list_drafts_of,
    local_lists,
    own_columns,
    service_infos,
)
from renkei.registry.facilities.services.local_lists import (
    add_kind,
    begin_list,
    choose_header,
    discard_list,
)
from renkei.registry.facilities.services.uploads import forget_upload, keep_uploads, upload_folder
from renkei.registry.facilities.tests import messy_lists
from renkei.registry.facilities.tests.factories import LocalListFactory

pytestmark = pytest.mark.django_db
SATO = Actor(ActorKind.USER, 7, 8)


@pytest.fixture(autouse=True)
def var(tmp_path, settings):
    settings.VAR = tmp_path / "var"


def upload(path: Path) -> str:
    ((kept, _),) = keep_uploads([SimpleUploadedFile(path.name, path.read_bytes())])
    return kept


def begin(path: Path) -> ListDraft:
    return begin_list(actor=SATO, path=upload(path), file_name=path.name)


def test_begin_list_proposes_sheet_header_and_columns(tmp_path):
    draft = begin(messy_lists.housing(tmp_path))

    mapping = LocalMapping.from_json(draft.mapping)
    assert (mapping.sheet, mapping.header_first, mapping.header_last) == ("住まい", 1, 1)
    assert [column.target for column in mapping.columns][:3] == ["key", "name", "address"]
    assert draft.local_list is None
    assert AuditEvent.objects.get().action == "local_list.begun"


def test_begin_list_of_something_else_keeps_nothing(tmp_path):
    path = tmp_path / "写真.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 100)

    with pytest.raises(UnreadableFile, match="画像"):
        begin(path)

    assert not ListDraft.objects.exists()


def test_begin_list_without_headings_takes_the_first_row(tmp_path):
    path = tmp_path / "数.csv"
    path.write_text("1,2\n3,4\n", encoding="utf-8")

    mapping = LocalMapping.from_json(begin(path).mapping)

    assert (mapping.header_first, mapping.header_last) == (1, 1)


def test_t_a10_next_edition_is_recognised_by_its_header(tmp_path):
    first = LocalMapping.from_json(begin(messy_lists.volunteers(tmp_path)).mapping)
    known = LocalListFactory.create(
        mapping=first.to_json() | {"service_code": "npo", "list_key": "abc"}
    )
    edition = tmp_path / "R9_団体.csv"
    edition.write_text(
        "団体一覧,,,,,,\n電話,電話,団体名,活動内容,対象地域,ホームページ,会費\n1,2,あ,い,う,え,お\n",
        encoding="utf-8",
    )

    draft = begin(edition)

    mapping = LocalMapping.from_json(draft.mapping)
    assert draft.local_list == known
    assert (mapping.header_first, mapping.service_code) == (2, "npo")
    targets = {column.heading: column.target for column in mapping.columns}
    assert (targets["団体名"], targets["会費"]) == ("name", "own")


def test_choose_header_proposes_the_columns_anew(tmp_path):
    draft = begin(messy_lists.disability_offices(tmp_path))

    choose_header(actor=SATO, draft=draft, sheet_name="一覧", first=5, last=5)

    mapping = LocalMapping.from_json(ListDraft.objects.get().mapping)
    assert [column.heading for column in mapping.columns][:4] == [
        "（A列）",
        "（B列）",
        "（C列）",
        "郵便番号",
    ]


@pytest.mark.parametrize(
    ("sheet", "first", "last"),
    [("なし", 1, 1), ("一覧", 0, 0), ("一覧", 3, 3), ("一覧", 2, 4), ("一覧", 5, 4)],
)
def test_choose_header_refuses_what_is_no_header(tmp_path, sheet, first, last):
    draft = begin(messy_lists.disability_offices(tmp_path))

    with pytest.raises(ValidationError):
        choose_header(actor=SATO, draft=draft, sheet_name=sheet, first=first, last=last)


def test_discard_list_deletes_the_file(tmp_path):
    draft = begin(messy_lists.volunteers(tmp_path))
    path = Path(draft.path)

    discard_list(actor=SATO, draft=draft)

    assert not path.exists()
    assert not ListDraft.objects.exists()


def test_forget_upload_leaves_other_folders_alone(tmp_path):
    other = tmp_path / "other" / "file"
    other.parent.mkdir()
    other.write_text("keep")

    forget_upload(str(other))

    assert other.exists()


def test_keep_uploads_never_uses_the_name_as_a_path():
    ((path, name),) = keep_uploads([SimpleUploadedFile("x.csv", b"1")])

    assert Path(path).is_relative_to(upload_folder())
    assert (Path(path).name, name) == ("0", "x.csv")


def test_add_kind_stands_beside_the_catalogue():
    kind = add_kind(actor=SATO, label=" 移動販売 ", group="support")

    info = service_infos()[kind.code]
    assert (info.label, info.group, info.source) == ("移動販売", "support", "local")
    assert service_infos()["130"].label == "訪問看護"


@pytest.mark.parametrize(
    ("actor", "label", "group"),
    [
        (SATO, "", "support"),
        (SATO, "移動販売", "nothing"),
        (SATO, "訪問看護", "support"),
        (SATO, "あ" * 61, "support"),
        (SYSTEM, "移動販売", "support"),
    ],
)
def test_add_kind_refuses(actor, label, group):
    with pytest.raises(ValidationError):
        add_kind(actor=actor, label=label, group=group)

    assert not LocalKind.objects.exists()


def test_list_drafts_are_seen_by_their_own_person_alone(tmp_path):
    draft = begin(messy_lists.volunteers(tmp_path))

    assert list(list_drafts_of(Viewer(user_id=7))) == [draft]
    assert list_draft_of(Viewer(user_id=7), draft.uid) == draft
    assert list_draft_of(Viewer(user_id=9), draft.uid) is None
    assert not list_drafts_of(ANYBODY)


def test_own_columns_of_all_lists():
    LocalListFactory.create(
        mapping={
            "list_key": "a",
            "list_name": "一覧",
            "columns": [
                {"heading": "送迎", "target": "own", "label": "送迎の有無"},
                {"heading": "名", "target": "name", "label": ""},
            ],
        }
    )

    assert own_columns() == {"attributes.送迎の有無": "送迎の有無"}
    assert [str(known) for known in local_lists()] == [LocalList.objects.get().name]
