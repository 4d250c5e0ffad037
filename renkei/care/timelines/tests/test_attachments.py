"""Photos and files of entries: no place leaves, the type is sniffed, only the room sees (T-MCS6)."""

from __future__ import annotations

import io
import os
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import reverse
from PIL import Image

from renkei.care.patients.models import DisclosureRule, DisclosureTable
from renkei.care.patients.tests.factories import add_family, family_user
from renkei.care.timelines.attachment_forms import FilesForm, attached, make_files
from renkei.care.timelines.models import Entry
from renkei.care.timelines.services import posting
from renkei.care.timelines.tests.factories import (
    door,
    family_room,
    post,
    staff_room,
    team_patient,
)
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.accounts.tests.factories import suzuki, takahashi, tanaka
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock
from renkei.foundation.papers.files import destroy_file
from renkei.foundation.papers.models import StoredFile
from renkei.foundation.papers.sweeping import sweep_orphans

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files_in_a_folder_of_their_own(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "papers": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "papers", "base_url": None},
        },
    }


@pytest.fixture
def person() -> Any:
    return team_patient()


@pytest.fixture
def nurse_client() -> Client:
    return accounts.sign_in(Client(), takahashi())


def photo(name: str = "IMG_湊ハル江.jpg") -> SimpleUploadedFile:
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    content = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(content, "JPEG", exif=exif)
    return SimpleUploadedFile(name, content.getvalue(), "text/plain")


def pdf() -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (200, 300), "white").save(
        content, "PDF", save_all=True, append_images=[Image.new("RGB", (200, 300), "gray")]
    )
    return SimpleUploadedFile("報告.pdf", content.getvalue())


def form_with(*files: SimpleUploadedFile) -> FilesForm:
    return FilesForm({}, _many(files))


def _many(files):
    from django.utils.datastructures import MultiValueDict

    return MultiValueDict({"f-attached": list(files)})


def hang(person, *files: SimpleUploadedFile, room: Any = None) -> Entry:
    room = room or staff_room(person)
    form = form_with(*files)
    assert form.is_valid(), form.errors
    return post(takahashi(), room, "写真です。", **attached(form, door(takahashi(), room)))


def url(name: str, entry: Entry, *more: Any) -> str:
    stored = entry.files.get().stored_file
    return reverse(f"timelines:{name}", args=[entry.room.uid, entry.uid, stored.uid, *more])


def test_t_mcs6_the_place_of_a_photo_never_leaves(person, nurse_client):
    entry = hang(person, photo())

    content = nurse_client.get(url("file_content", entry)).content

    assert not Image.open(io.BytesIO(content)).getexif().get_ifd(0x8825)


def test_t_mcs6_the_type_is_what_the_content_is(person):
    stored = hang(person, photo()).files.get().stored_file

    assert stored.media_type == "image/jpeg"


def test_t_mcs6_a_program_is_refused_with_a_sentence(person):
    form = form_with(photo(), SimpleUploadedFile("写真.jpg", b"MZ\x90\x00 program"))

    assert not form.is_valid()
    assert "写真.jpg：プログラムは使えません。" in form.errors["attached"][0]


def test_too_many_files_are_refused():
    form = form_with(*[photo() for _ in range(7)])

    assert "6つまで" in form.errors["attached"][0]


def test_nothing_chosen_is_fine(person):
    form = form_with()

    assert form.is_valid()
    assert attached(form, door(takahashi(), staff_room(person))) == {"files": []}


def test_the_part_belongs_to_the_rooms_of_a_person(person):
    request: Any = RequestFactory().get("/")

    assert make_files(request, door(takahashi(), staff_room(person))) is not None
    request = RequestFactory().post("/", {"f-attached": photo()})
    bound = make_files(request, door(takahashi(), family_room(person)))
    assert bound is not None
    assert bound.is_valid()


def test_t_mcs6_a_pdf_is_looked_at_as_pictures(person, nurse_client):
    entry = hang(person, pdf())

    page = nurse_client.get(url("file_detail", entry)).content.decode()
    picture = nurse_client.get(url("file_page", entry, 2))

    assert "報告.pdf 2ページ目" in page
    assert Image.open(io.BytesIO(picture.content)).format == "PNG"
    assert picture["Cache-Control"] == "private, no-store"
    assert nurse_client.get(url("file_page", entry, 3)).status_code == 404


def send_photo(client: Client, person, client_uid, text: str = "写真です。") -> Any:
    return client.post(
        reverse("timelines:timeline", args=[person.uid]),
        {"client_uid": client_uid, "kind": "record", "text": text, "f-attached": photo()},
    )


def lying(tmp_path) -> int:
    return len(list((tmp_path / "papers").glob("*/*")))


def test_a_photo_sent_again_is_stored_once(person, nurse_client, tmp_path):
    client_uid = uuid4()
    first = send_photo(nurse_client, person, client_uid)
    rows, files = StoredFile.objects.count(), lying(tmp_path)

    again = send_photo(nurse_client, person, client_uid)

    assert (again.status_code, again["Location"]) == (first.status_code, first["Location"])
    assert (StoredFile.objects.count(), lying(tmp_path)) == (rows, files) == (1, 2)
    assert Entry.objects.get().files.get().stored_file.owner_uid == Entry.objects.get().uid


def test_a_photo_sent_twice_at_the_same_moment_keeps_one_row(person):
    """Both were cleaned before either was written; the second meets the first under the lock."""
    room, client_uid = staff_room(person), uuid4()
    for _ in range(2):
        form = form_with(photo())
        assert form.is_valid()
        values = attached(form, door(takahashi(), room))
        post(takahashi(), room, "写真です。", client_uid=client_uid, **values)

    assert StoredFile.objects.count() == Entry.objects.get().files.count() == 1


def test_an_entry_that_fails_keeps_no_file_and_the_sweep_takes_its_bytes(
    person, nurse_client, tmp_path, monkeypatch
):
    def fail(_entry: Any) -> None:
        raise ValidationError("いまは出せません。")

    monkeypatch.setattr(posting, "run_after_posting", fail)
    response = send_photo(nurse_client, person, uuid4())

    assert response.status_code == 422
    assert (Entry.objects.count(), StoredFile.objects.count()) == (0, 0)
    for path in (tmp_path / "papers").glob("*/*"):
        os.utime(path, (0, 0))
    assert sweep_orphans() == 2
    assert lying(tmp_path) == 0


def test_t_p4_a_page_of_a_pdf_is_not_read_without_a_trace(person, nurse_client):
    """Its address alone is enough to read it."""
    address = url("file_page", hang(person, pdf()), 1)
    reads = AuditEvent.objects.filter(action="patient.read", target_id=str(person.uid))

    nurse_client.get(address)

    assert reads.count() == 1


def test_the_page_of_a_photo_shows_it_and_its_reading_is_logged(person, nurse_client):
    entry = hang(person, photo())

    page = nurse_client.get(url("file_detail", entry)).content.decode()

    assert "?inline" in page
    reads = AuditEvent.objects.filter(action="patient.read")
    assert reads.latest("pk").detail["what"] == "写真・ファイル"
    inline = nurse_client.get(url("file_content", entry) + "?inline")
    assert inline["Content-Disposition"].startswith("inline")
    assert "湊" not in inline["Content-Disposition"]
    assert nurse_client.get(url("file_thumbnail", entry)).status_code == 200
    assert nurse_client.get(url("file_page", entry, 1)).status_code == 404


def test_another_kind_is_only_saved(person, nurse_client):
    entry = hang(person, SimpleUploadedFile("値.csv", "日,値\n1,2\n".encode()))

    page = nurse_client.get(url("file_detail", entry)).content.decode()

    assert "この種類のファイルは画面に出しません" in page


@pytest.mark.parametrize("name", ["file_detail", "file_content", "file_thumbnail"])
def test_family_never_sees_a_file_of_the_staff_room(person, name):
    add_family(person)
    family = accounts.sign_in(Client(), family_user())
    hidden = hang(person, photo())
    shown = hang(person, photo(), room=family_room(person))
    stranger = accounts.sign_in(Client(), tanaka())

    assert family.get(url(name, hidden)).status_code == 404
    assert family.get(url(name, shown)).status_code == 200
    assert stranger.get(url(name, shown)).status_code == 404


def test_a_file_is_not_found_through_another_entry_or_a_hidden_one(person, nurse_client):
    entry, other = hang(person, photo()), hang(person, photo())
    stored = entry.files.get().stored_file
    crossed = reverse("timelines:file_content", args=[entry.room.uid, other.uid, stored.uid])

    assert nurse_client.get(crossed).status_code == 404
    Entry.objects.filter(pk=entry.pk).update(hidden_at=clock.now(), hidden_reason="誤り")
    assert nurse_client.get(url("file_content", entry)).status_code == 404


def test_a_destroyed_file_is_not_found(person, nurse_client):
    entry = hang(person, pdf())
    destroy_file(actor=accounts.viewer_for(takahashi()).actor, stored=entry.files.get().stored_file)

    for name, more in (("file_detail", []), ("file_content", []), ("file_page", [1])):
        assert nurse_client.get(url(name, entry, *more)).status_code == 404


def test_t_ism2_the_table_of_documents_decides_which_profession_sees_a_photo(person, nurse_client):
    entry = hang(person, photo())
    table = DisclosureTable.objects.create(
        number=1, proposed_at=clock.now(), in_force_since=clock.now()
    )
    DisclosureRule.objects.create(
        table=table, document_type="photo", label="写真", professions=["看護師"]
    )
    manager = accounts.sign_in(Client(), suzuki())

    assert nurse_client.get(url("file_detail", entry)).status_code == 200
    assert manager.get(url("file_detail", entry)).status_code == 404
    assert manager.get(url("file_thumbnail", entry)).status_code == 404
    DisclosureRule.objects.update(professions=["*"])
    assert manager.get(url("file_detail", entry)).status_code == 200
