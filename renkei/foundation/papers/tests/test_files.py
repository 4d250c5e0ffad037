"""Files are kept sealed, cleaned and whole, or not at all."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pypdf
import pytest
import time_machine
from django.core.files.storage import storages
from django.db import transaction
from django.http import Http404
from PIL import Image
from procrastinate.contrib.django.models import ProcrastinateJob

from renkei.foundation.accounts.tests import factories
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock, media_types
from renkei.foundation.papers import files, kinds, office, pdfs, pictures, sealing, sweeping
from renkei.foundation.papers.files import FileGone, FileRefused, store_file
from renkei.foundation.papers.models import ScanState, StoredFile
from renkei.foundation.papers.responses import file_response, preview_response, thumbnail_response
from renkei.foundation.papers.tasks import remove_bytes_task, sweep_orphans_task
from renkei.foundation.papers.tests import samples

OWNER = ("test.thing", UUID(int=7))


def keep(content, name="架空 花子の写真.jpg", **more):
    return store_file(actor=SYSTEM, content=content, name=name, owner=OWNER, **more)


@pytest.fixture
def disk(settings, tmp_path):
    """A real folder instead of the memory."""
    papers = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": tmp_path, "base_url": None, "file_permissions_mode": 0o600},
    }
    settings.STORAGES = {**settings.STORAGES, "papers": papers}
    return tmp_path


def everything_on(disk):
    return b"".join(path.read_bytes() for path in disk.rglob("*") if path.is_file())


def test_t_mcs6_a_photo_is_kept_without_traces_sealed_and_with_a_small_picture(db, disk):
    taken = samples.jpeg(orientation=6)
    assert samples.CANARY in taken

    stored = keep(taken)

    content = files.read_file(stored)
    with Image.open(io.BytesIO(content)) as picture:
        assert picture.size == (40, 60)
        assert dict(picture.getexif()) == {}
        top: Any = picture.getpixel((20, 10))
        bottom: Any = picture.getpixel((20, 50))
        assert top[0] > 200 > top[2]
        assert bottom[2] > 200 > bottom[0]
    small = files.thumbnail(stored)
    assert small is not None
    lying = everything_on(disk)
    for bytes_out in (content, small, lying, bytes(stored.name_sealed)):
        assert samples.CANARY not in bytes_out
        assert "花子".encode() not in bytes_out
    assert content[:100] not in lying
    assert files.file_name(stored) == "架空 花子の写真.jpg"
    assert (stored.media_type, stored.pages, stored.size) == (media_types.JPEG, 1, len(content))
    assert stored.scan_state == ScanState.UNCHECKED
    assert stored.get_scan_state_display() == "検査なし"


@pytest.mark.parametrize(
    ("make", "media_type", "pages"),
    [
        (samples.png, media_types.PNG, 1),
        (samples.tiff, media_types.TIFF, 2),
        (lambda: samples.tiff(3, mode="RGB"), media_types.TIFF, 3),
        (samples.pdf_with_photo, media_types.PDF, 1),
        (lambda: samples.docx(a_jpg=samples.jpeg(), b_png=samples.png()), media_types.DOCX, 0),
    ],
    ids=["png", "fax-tiff", "colour-tiff", "pdf", "docx"],
)
def test_t_d8_the_place_of_a_photo_never_leaves(db, make, media_type, pages):
    taken = make()

    stored = keep(taken, name="x.bin")

    content = files.read_file(stored)
    out = [content]
    if media_type == media_types.DOCX:
        out += _entries(content)
    assert not any(samples.CANARY in each for each in out)
    assert (stored.media_type, stored.pages) == (media_type, pages)


def _entries(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return [archive.read(name) for name in archive.namelist()]


def test_photo_inside_a_document_keeps_how_it_stands(db):
    content = files.read_file(keep(samples.docx(a_jpg=samples.jpeg(6)), name="x.docx"))

    inside = zipfile.ZipFile(io.BytesIO(content)).read("word/media/a.jpg")
    with Image.open(io.BytesIO(inside)) as picture:
        assert dict(picture.getexif()) == {pictures.ORIENTATION: 6}
        picture.load()


def test_document_without_traces_stays_as_it_is(db):
    plain = samples.docx(a_txt=b"x", b_jpg=b"\xff\xd8\xff\xd9")

    assert files.read_file(keep(plain, name="x.docx")) == plain


def test_broken_photo_inside_a_document_does_no_harm():
    assert (
        pictures.jpeg_without_traces(b"\xff\xd8\xff\xe1\x00\x08Exif\x00\x00\xff")
        == b"\xff\xd8\xff\xd9"
    )


def test_progressive_photo_keeps_its_dots():
    buffer = io.BytesIO()
    photo = Image.effect_noise((64, 64), 80).convert("RGB")
    photo.save(buffer, "JPEG", progressive=True, exif=samples.exif_of(1))

    bare = pictures.jpeg_without_traces(buffer.getvalue())

    with Image.open(io.BytesIO(bare)) as after, Image.open(buffer) as before:
        assert after.tobytes() == before.tobytes()


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "I;16"])
def test_pictures_of_every_mode_are_kept_and_drawn_small(db, mode):
    buffer = io.BytesIO()
    Image.new(mode, (9, 9)).save(buffer, "PNG", **({"transparency": 0} if mode == "P" else {}))

    stored = keep(buffer.getvalue(), name="x.png")

    assert (files.thumbnail(stored) or b"").startswith(b"\xff\xd8")


def test_photo_for_print_keeps_its_colours(db):
    buffer = io.BytesIO()
    Image.new("CMYK", (9, 9)).save(buffer, "JPEG", icc_profile=b"profile")

    with Image.open(io.BytesIO(files.read_file(keep(buffer.getvalue())))) as picture:
        assert picture.mode == "CMYK"
        assert picture.info["icc_profile"] == b"profile"


def test_tiff_of_gray_pages_with_alpha_is_kept(db):
    buffer = io.BytesIO()
    Image.new("RGBA", (9, 9)).save(buffer, "TIFF")

    assert keep(buffer.getvalue(), name="x.tif").pages == 1


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "x.pdf", "ファイルが空です。"),
        (b"\x00\x00\x00\x18ftypheic" + b"x" * 20, "x.jpg", "「互換性優先」"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "x.jpg", "JPEGかPNGで保存し直してください。"),
        (b"GIF89a......", "x.jpg", "JPEGかPNGで保存し直してください。"),
        (b"MZ\x90\x00program", "x.pdf", "プログラムは使えません。"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "x.xls", "xlsxで保存し直してください。"),
        (b"<html><script>", "x.txt", "PDFで保存し直すか"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><svg/>", "x.png", "使えません"),
        (b"\x01\x02\x03\xfe\xff\x00", "x.pdf", "この種類のファイルは使えません。"),
        (b"PK\x03\x04broken", "x.xlsx", "壊れています"),
        (samples.office({"a.txt": b"x"}), "x.xlsx", "展開して"),
        (samples.office({"xl/workbook.xml": b"", "xl/vbaProject.bin": b""}), "x.xlsx", "マクロ"),
        (b"\xff\xd8\xff\xe0broken", "x.jpg", "画像を開けません。"),
        (samples.png()[:90], "x.png", "画像を開けません。"),
        (b"%PDF-1.7 broken", "x.pdf", "PDFを開けません。"),
        (samples.locked_pdf(), "x.pdf", "パスワードを外して"),
        (samples.pdf(0), "x.pdf", "PDFを開けません。"),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else None,
)
def test_what_cannot_be_kept_is_refused_with_a_remedy(db, content, name, sentence):
    with pytest.raises(FileRefused, match=sentence) as refused:
        keep(content, name=name)

    assert refused.value.messages[0].endswith("ください。")
    assert not StoredFile.objects.exists()


def test_kind_is_read_from_the_content_not_the_name(db):
    with pytest.raises(FileRefused, match="テキストは、ここでは使えません。PDF・写真（JPEG）"):
        keep("ただの文章".encode(), name="scan.pdf", allow=kinds.SCAN_TYPES)

    assert keep(samples.pdf(), name="photo.jpg").media_type == media_types.PDF


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        ("氏名,フリガナ\r\n".encode("cp932"), "x.csv", media_types.CSV),
        ("氏名,フリガナ\r\n".encode("utf-8-sig"), "x.CSV", media_types.CSV),
        ("日誌\n".encode(), "x", media_types.TEXT),
        (samples.xlsx(), "x", media_types.XLSX),
    ],
)
def test_tables_and_texts_are_kept_as_they_are(db, content, name, media_type):
    stored = keep(content, name=name)

    assert stored.media_type == media_type
    assert files.read_file(stored) == content
    assert files.thumbnail(stored) is None


def test_large_things_are_refused(db, monkeypatch):
    monkeypatch.setattr(files, "MAX_BYTES", 1000)
    with pytest.raises(FileRefused, match="大きすぎます"):
        keep(b"a" * 1001)
    monkeypatch.undo()
    monkeypatch.setattr(pictures, "MAX_PIXELS", 100)
    with pytest.raises(FileRefused, match="大きすぎます"):
        keep(samples.jpeg())
    monkeypatch.undo()
    monkeypatch.setattr(pictures, "MAX_FRAMES", 1)
    with pytest.raises(FileRefused, match="ページが多すぎます"):
        keep(samples.tiff(2))
    monkeypatch.setattr(pdfs, "MAX_PAGES", 1)
    with pytest.raises(FileRefused, match="ページが多すぎます"):
        keep(samples.pdf(2))


def test_picture_bomb_is_refused(db, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)

    with pytest.raises(FileRefused, match="大きすぎます"):
        keep(samples.png())


def test_zip_bomb_is_refused(db, monkeypatch):
    bomb = samples.office({"xl/workbook.xml": b"", "xl/sheet.xml": b"\x00" * (20 * 1024 * 1024)})
    with pytest.raises(FileRefused, match="大きくなりすぎる"):
        keep(bomb, name="x.xlsx")
    monkeypatch.setattr(office, "MAX_ENTRIES", 2)
    with pytest.raises(FileRefused, match="大きくなりすぎる"):
        keep(samples.docx(a_txt=b"", b_txt=b""), name="x.docx")


def test_office_document_with_a_password_or_broken_pictures_is_refused(db):
    whole = samples.docx(a_jpg=samples.jpeg())
    locked = bytearray(whole)
    # The bit of encryption in the central directory's first entry.
    locked[whole.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(FileRefused, match="パスワード付き"):
        keep(bytes(locked), name="x.docx")
    broken = bytearray(whole)
    place = whole.index(b"word/media/a.jpg") + 60
    broken[place : place + 20] = b"\xff" * 20
    with pytest.raises(FileRefused, match="壊れています"):
        keep(bytes(broken), name="x.docx")


def test_pdf_that_acts_by_itself_is_made_quiet(db):
    content = files.read_file(keep(samples.active_pdf(), name="x.pdf"))

    reader = pypdf.PdfReader(io.BytesIO(content))
    root: Any = reader.trailer["/Root"]
    assert not {"/OpenAction", "/AA"} & set(root)
    assert not {"/JavaScript", "/EmbeddedFiles"} & set(root["/Names"])
    assert "/XFA" not in root["/AcroForm"]
    page: Any = reader.pages[0]
    assert "/AA" not in page
    shown = [each.get_object() for each in page["/Annots"]]
    assert [each["/Subtype"] for each in shown] == ["/Widget", "/Link", "/Link"]
    assert ["/A" in each for each in shown] == [False, True, False]


def test_pdf_that_only_jumps_to_a_page_stays_as_it_is(db):
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    writer.open_destination = writer.pages[0]
    buffer = io.BytesIO()
    writer.write(buffer)

    assert files.read_file(keep(buffer.getvalue(), name="x.pdf")) == buffer.getvalue()


def test_pdf_with_rights_but_no_password_is_taken_and_cleaned(db):
    content = files.read_file(keep(samples.restricted_pdf(), name="x.pdf"))

    assert b"app.alert" not in content
    assert pdfs.page_count(content) == 1


def test_pdf_that_only_a_forgiving_reader_opens_is_refused(db, monkeypatch):
    def strict(_stream):
        raise pypdf.errors.PdfReadError

    monkeypatch.setattr(pypdf, "PdfReader", strict)

    with pytest.raises(FileRefused, match="PDFに保存"):
        keep(samples.pdf(), name="x.pdf")


def test_names_are_tidied(db):
    assert (
        files.file_name(keep(samples.pdf(), name="C:\\dir\\..\\報告\x00\u202e.exe")) == "報告.pdf"
    )
    assert files.file_name(keep(samples.pdf(), name="../..")) == "ファイル.pdf"
    assert files.file_name(keep(samples.pdf(), name="a" * 500)) == "a" * 200 + ".pdf"


# Sealing ------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, sealing.CHUNK, sealing.CHUNK + 1, 3 * sealing.CHUNK])
def test_what_was_sealed_opens(size):
    key, content = sealing.new_key(), bytes(size)

    sealed = sealing.seal(content, key, what=sealing.CONTENT)

    assert sealing.unseal(sealed, key, what=sealing.CONTENT) == content


def test_changed_moved_or_cut_chunks_do_not_open():
    key = sealing.new_key()
    chunk = sealing.CHUNK + sealing.TAG
    sealed = sealing.seal(b"a" * sealing.CHUNK + b"b" * sealing.CHUNK, key, what=sealing.CONTENT)
    head, first, second = sealed[:5], sealed[5 : 5 + chunk], sealed[5 + chunk :]
    broken = [
        head + second + first,
        head + first,
        head + first + second + second,
        b"other" + first + second,
        head,
        head + bytes([first[0] ^ 1]) + first[1:] + second,
    ]

    for each in broken:
        with pytest.raises(sealing.SealBroken):
            sealing.unseal(each, key, what=sealing.CONTENT)
    with pytest.raises(sealing.SealBroken):
        sealing.unseal(sealed, key, what=sealing.NAME)


def test_data_key_opens_for_its_own_file_alone(db):
    one, other = keep(samples.pdf()), keep(samples.pdf())
    other.sealed_key = one.sealed_key

    with pytest.raises(sealing.SealBroken):
        files.read_file(other)


def test_new_file_key_takes_over(db, settings):
    before = keep(samples.pdf(), name="前.pdf")
    settings.FILE_KEY_FALLBACKS = [settings.FILE_KEY]
    settings.FILE_KEY = "another-key-" + "z" * 50
    content = files.read_file(before)

    assert sweeping.renew_keys() == 1
    assert sweeping.renew_keys() == 0

    settings.FILE_KEY_FALLBACKS = []
    after = StoredFile.objects.get(pk=before.pk)
    assert files.read_file(after) == content
    assert files.file_name(after) == "前.pdf"
    with pytest.raises(sealing.SealBroken, match="no FILE_KEY with the id"):
        files.read_file(before)
    assert AuditEvent.objects.filter(action="file.keys_renewed").count() == 1


def test_key_renewal_command_says_how_many(db, settings, capsys):
    from django.core.management import call_command

    keep(samples.pdf())
    settings.FILE_KEY_FALLBACKS = [settings.FILE_KEY]
    settings.FILE_KEY = "another-key-" + "z" * 50

    call_command("renew_file_keys")

    assert capsys.readouterr().out.startswith("1件の鍵を封じ直しました。")


# Destroying and sweeping -------------------------------------------------------------------


def test_destroyed_file_is_gone_for_everybody(db, disk):
    user = factories.sato()
    stored = keep(samples.jpeg())

    for _ in range(2):
        files.destroy_file(actor=factories.viewer_for(user).actor, stored=stored)

    stored.refresh_from_db()
    for read in (files.read_file, files.thumbnail):
        with pytest.raises(FileGone):
            read(stored)
    for answer in (file_response, thumbnail_response):
        with pytest.raises(Http404):
            answer(stored)
    assert files.file_name(stored) == "廃棄したファイル"
    event = AuditEvent.objects.get(action="file.destroyed")
    assert event.actor_user_id == user.pk
    job = ProcrastinateJob.objects.get(task_name="papers.remove_bytes")
    remove_bytes_task(**job.args)
    assert everything_on(disk) == b""


def test_destroying_is_undone_with_its_transaction(db, disk):
    stored = keep(samples.jpeg())

    with transaction.atomic():
        files.destroy_file(actor=SYSTEM, stored=stored)
        transaction.set_rollback(True)

    remove_bytes_task(file_uid=str(stored.uid))
    assert files.read_file(StoredFile.objects.get()).startswith(b"\xff\xd8")


def test_orphans_of_a_crash_are_swept_after_a_day(db, disk):
    kept = keep(samples.jpeg())
    files.prepare_file(samples.jpeg(), name="crash.jpg")
    sweep_orphans_task(0)
    assert len(list(disk.rglob("*-small"))) == 2

    with time_machine.travel(clock.now() + timedelta(hours=25)):
        sweep_orphans_task(0)

    assert len(list(disk.rglob("*-small"))) == 1
    assert files.read_file(kept)
    assert files.thumbnail(kept)


def test_nothing_is_swept_when_the_database_is_not_of_these_files(db, disk, monkeypatch):
    monkeypatch.setattr(sweeping, "SUSPICIOUS", 1)
    files.prepare_file(samples.jpeg(), name="x.jpg")

    with time_machine.travel(clock.now() + timedelta(hours=25)):
        assert sweeping.sweep_orphans() == 0

    assert len(list(disk.rglob("*-small"))) == 1


def test_sweeping_an_installation_without_files_is_quiet(db, disk):
    disk.rmdir()

    assert sweeping.sweep_orphans() == 0


def test_file_that_vanishes_while_sweeping_is_no_orphan(db):
    assert not sweeping._is_old(storages["papers"], "not/there")


def test_files_on_disk_are_for_the_service_alone(db, disk):
    keep(samples.pdf())

    assert {path.stat().st_mode & 0o777 for path in disk.rglob("*") if path.is_file()} == {0o600}


# Responses -----------------------------------------------------------------------------------


def test_file_leaves_uncached_and_without_its_name(db):
    with time_machine.travel("2026-11-22T09:00:00+09:00", tick=False):
        stored = keep(samples.jpeg())

    response = file_response(stored)

    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert "20261122" in response["Content-Disposition"]
    assert "%E8%8A%B1%E5%AD%90" not in response["Content-Disposition"]
    assert file_response(stored, inline=True)["Content-Disposition"].startswith("inline")


def test_only_harmless_kinds_are_shown_in_the_page(db):
    stored = keep(b"text", name="x.txt")

    assert file_response(stored, inline=True)["Content-Disposition"].startswith("attachment")
    with pytest.raises(Http404):
        thumbnail_response(stored)


def test_small_picture_is_shown(db):
    assert thumbnail_response(keep(samples.pdf(), name="x.pdf"))["Content-Type"] == "image/jpeg"


@pytest.mark.parametrize("make", [samples.pdf_with_photo, samples.png, lambda: samples.tiff(2)])
def test_t_mcs6_pages_are_previewed_as_large_as_a4(db, make):
    stored = keep(make(), name="x")

    response = preview_response(stored, page=stored.pages)

    assert response["Content-Type"] == "image/jpeg"
    assert response["Cache-Control"] == "private, no-store"
    with Image.open(io.BytesIO(response.content)) as picture:
        assert max(picture.size) in range(1402, 1405)
    for page in (0, stored.pages + 1):
        with pytest.raises(Http404):
            preview_response(stored, page=page)


def test_what_has_no_pages_has_no_preview(db):
    stored = keep(samples.xlsx(), name="x")
    with pytest.raises(Http404):
        preview_response(stored)
    StoredFile.objects.filter(pk=stored.pk).update(pages=1)
    stored.refresh_from_db()
    with pytest.raises(Http404):
        preview_response(stored)
    photo = keep(samples.jpeg())
    files.destroy_file(actor=SYSTEM, stored=photo)
    photo.refresh_from_db()
    with pytest.raises(Http404):
        preview_response(photo)


def test_t_mcs6_the_virus_hook_sees_every_file_before_it_is_kept(db, settings):
    settings.VIRUS_SCANNER = "command:false"
    with pytest.raises(FileRefused, match="ウイルスが見つかったため"):
        keep(samples.jpeg())
    assert not StoredFile.objects.exists()
    settings.VIRUS_SCANNER = "command:true"

    assert keep(samples.jpeg()).get_scan_state_display() == "検査済み（異常なし）"


def test_same_content_is_kept_twice_under_two_keys(db):
    one, other = keep(samples.pdf()), keep(samples.pdf())

    assert one.digest == other.digest
    assert (
        storages["papers"].open(one.storage_name).read()
        != storages["papers"].open(other.storage_name).read()
    )
    assert uuid4() not in {one.uid, other.uid}
