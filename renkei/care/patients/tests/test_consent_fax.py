"""A consent leaves by FAX and its signed form comes back to its person (T-AZ2, T-FAX1)."""

from __future__ import annotations

import io
from typing import Any

import pypdf
import pytest
from psycopg.types.range import Range

from renkei.care.patients import papers
from renkei.care.patients.models import ConsentPaper, Provider, ProviderRole, Relative
from renkei.care.patients.tests.factories import (
    add_member,
    consent,
    joined,
    membership_of,
    text_of,
    url,
)
from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.tests.factories import (
    make_organisation,
    person,
    suzuki,
    takahashi,
    viewer_for,
)
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock
from renkei.foundation.papers.files import destroy_file, store_file
from renkei.foundation.papers.models import SentFax, StoredFile, Ticket
from renkei.foundation.papers.pdfs import page_picture
from renkei.foundation.papers.reading import read_page
from renkei.registry.facilities.tests.factories import FacilityFactory, ServiceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path, "base_url": None},
        },
    }


@pytest.fixture
def patient() -> Any:
    found = joined(suzuki(), name="架空 ハル江", kana="カクウ ハルエ", consented=False)
    add_member(found, takahashi())
    return found


def provider(patient, **fields) -> Provider:
    values = {"role": ProviderRole.CARE_MANAGER, "period": Range(None, None), **fields}
    return Provider.objects.create(patient=patient, **values)


def letter(**fields: Any) -> dict[str, Any]:
    return {
        "form": "consent",
        "organisation": "架空市立病院",
        "recipient": "地域連携室",
        "fax": "0999-00-0140",
        "own_fax": "0999-00-0122",
        "notes": "署名をお願いします。",
        **fields,
    }


def pages_of(response: Any) -> list[str]:
    reader = pypdf.PdfReader(io.BytesIO(response.content))
    return ["".join(page.extract_text().split()) for page in reader.pages]


def codes_of(pdf: bytes, page: int) -> set[tuple[str, int, int]]:
    """What a scanner reads off a page that went through a FAX."""
    picture = page_picture(pdf, page, dpi=200).convert("1")
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    read = read_page(stream.getvalue(), "image/png", 0)
    return {(each.code, each.page, each.pages) for each in read.sheets}


def received(patient, *, relative=None, kind="consent") -> ConsentPaper:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    stream = io.BytesIO()
    writer.write(stream)
    stored = store_file(
        actor=viewer_for(suzuki()).actor,
        content=stream.getvalue(),
        name="scan.pdf",
        owner=("papers.ticket", patient.uid),
    )
    return ConsentPaper.objects.create(
        patient=patient,
        relative=relative,
        kind=kind,
        file_uid=stored.uid,
        received_at=clock.now(),
    )


def test_t_az2_a_consent_form_leaves_behind_a_cover_that_names_nobody(patient, suzuki_client):
    provider(patient, name="架空診療所", person_name="架空 次郎", fax="0999-00-0150")
    page = suzuki_client.get(url("consent_fax", patient.uid))
    key = next(iter(page.context["form"].known))

    response = suzuki_client.post(
        url("consent_fax", patient.uid), letter(recipients=[key], explanation="on")
    )

    cover, form, *_explanation = pages = pages_of(response)
    ticket, fax = Ticket.objects.get(), SentFax.objects.get()
    for word in (
        "架空診療所", "架空次郎様", "架空市立病院", f"全{len(pages)}枚", "誤送信のお願い",
        ticket.number, "同意書（署名のお願い）・説明書", "返信のお願い", "0999-00-0122",
    ):  # fmt: skip
        assert word in cover
    assert "地域連携室御中" in cover
    # One number in one spelling: nobody asks which of two it is.
    assert ticket.code not in cover
    assert "整理番号" not in cover
    assert "ハル江" not in cover
    assert "ハル江" in form
    assert (fax.pages, fax.ticket, fax.case_number) == (len(pages), ticket, ticket.code)
    assert "ハル江" not in f"{fax.subject_line}{fax.recipients}{fax.case_number}"
    assert [one["organisation"] for one in fax.recipients] == ["架空診療所", "架空市立病院"]
    assert response["Content-Disposition"] == 'attachment; filename="fax.pdf"'
    assert AuditEvent.objects.filter(action="consent.faxed", target_id=str(patient.uid)).exists()


@pytest.mark.parametrize("whose", ["person", "relative"])
def test_t_fax1_the_signed_form_that_comes_back_finds_its_person(patient, suzuki_client, whose):
    daughter = Relative.objects.create(patient=patient, name="架空 さと子", relation="長女")
    query = f"?relative={daughter.uid}" if whose == "relative" else ""

    response = suzuki_client.post(f"{url('consent_fax', patient.uid)}{query}", letter())

    ticket = Ticket.objects.get()
    assert ticket.kind == "patients.consent"
    assert ticket.expected_pages == len(pages_of(response)) == 2
    # One number on the page, whichever way it is read: nothing waits for a guess.
    assert codes_of(response.content, 1) == {(ticket.code, 2, 2)}
    host = viewer_for(suzuki())
    stored = store_file(
        actor=host.actor,
        content=response.content,
        name="scan.pdf",
        owner=("papers.ticket", ticket.uid),
    )
    assert papers.may_file(host, ticket)
    papers.receive(actor=host.actor, ticket=ticket, file=stored, pages=[2])
    paper = ConsentPaper.objects.get()
    assert (paper.patient, paper.relative) == (patient, daughter if query else None)


def test_t_az2_the_proof_that_exists_leaves_without_a_number(patient, suzuki_client):
    consent(patient)
    paper = received(patient)
    values = letter(form="", record="on", scans=[str(paper.uid)])

    response = suzuki_client.post(url("consent_fax", patient.uid), values)

    cover, record, _scan = pages_of(response)
    assert "同意の記録の写し・同意書の写し" in cover
    assert "返信のお願い" not in cover
    assert "ハル江" not in cover
    assert "ハル江" in record
    assert "架空説明員" in record
    assert Ticket.objects.count() == 0


def test_known_places_come_from_providers_the_register_and_the_team(patient, suzuki_client):
    office = make_organisation("架空リハビリ")
    add_member(
        patient, person("架空 理学", "pt@example.test", office, Role.PROFESSIONAL, "理学療法士")
    )
    on_team = FacilityFactory(name="架空リハビリ", organisation=office)
    ServiceFactory(facility=on_team, fax="0999-00-0160")
    listed = FacilityFactory(name="架空薬局")
    ServiceFactory(facility=listed, fax="0999-00-0170")
    provider(patient, name="架空薬局", facility=listed)
    provider(patient, name="番号のない所", fax="不明")
    provider(patient, name="架空診療所", fax="0999-00-0150")

    form = suzuki_client.get(url("consent_fax", patient.uid)).context["form"]

    assert {(one.organisation, one.fax) for one in form.known.values()} == {
        ("架空リハビリ", "0999-00-0160"),
        ("架空薬局", "0999-00-0170"),
        ("架空診療所", "0999-00-0150"),
    }


def test_a_place_from_the_register_is_put_into_the_fields(patient, suzuki_client):
    place: Any = FacilityFactory(name="架空さがし医院")
    ServiceFactory(facility=place, fax="0999-00-0180")

    page = text_of(suzuki_client.get(f"{url('consent_fax', patient.uid)}?facility={place.pk}"))

    assert 'value="0999-00-0180"' in page
    assert 'value="架空さがし医院"' in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"form": ""}, "送る書類を1つ以上"),
        ({"organisation": "", "fax": ""}, "送り先を選ぶか"),
        ({"organisation": ""}, "名称を入力してください"),
        ({"fax": ""}, "FAX番号を入力してください"),
        ({"fax": "12"}, "市外局番から"),
        ({"own_fax": "12"}, "市外局番から"),
        ({"notes": "かくうはるえ様の件"}, "氏名を書かないで"),
        ({"notes": "架空さと子様へ"}, "氏名を書かないで"),
        ({"scans": ["x"]}, "を選び直してください"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(patient, suzuki_client, fields, sentence):
    daughter = Relative.objects.create(patient=patient, name="架空 さと子", relation="長女")
    received(patient, relative=daughter)

    response = suzuki_client.post(
        f"{url('consent_fax', patient.uid)}?relative={daughter.uid}", letter(**fields)
    )

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert SentFax.objects.count() == Ticket.objects.count() == 0


def test_only_the_host_sends_and_only_what_is_kept(patient, suzuki_client, takahashi_client):
    paper = received(patient)
    scan = StoredFile.objects.get(uid=paper.file_uid)
    address = url("consent_fax", patient.uid)
    assert "に届いたもの" in text_of(suzuki_client.get(address))
    destroy_file(actor=viewer_for(suzuki()).actor, stored=scan)

    assert "に届いたもの" not in text_of(suzuki_client.get(address))
    assert takahashi_client.get(address).status_code == 404
    for query in ("x", str(patient.uid)):
        assert suzuki_client.get(f"{address}?relative={query}").status_code == 404
    assert address in text_of(suzuki_client.get(url("consent_detail", patient.uid)))
    assert address not in text_of(takahashi_client.get(url("consent_detail", patient.uid)))
    assert membership_of(suzuki()).organisation_id == patient.host_id
