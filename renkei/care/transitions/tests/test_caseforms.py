"""The forms of a stay: prefilled, handed over as its fact, and answered on paper."""

from __future__ import annotations

import io
from datetime import date, timedelta
from uuid import uuid4

import openpyxl
import pypdf
import pypdfium2
import pytest
import xlsxwriter
import zxingcpp
from django.core.exceptions import ValidationError
from django.core.management import call_command
from psycopg.types.range import Range

from renkei.care.patients.models import (
    CareLevel,
    Certification,
    CertificationState,
    ContentClass,
    EmergencyCategory,
    EmergencyProfile,
)
from renkei.care.patients.tests import factories as patients
from renkei.care.timelines.models import Entry
from renkei.care.transitions import caseforms_tickets
from renkei.care.transitions.models import CaseState, Channel, FactKind, FormSending, Side
from renkei.care.transitions.services.caseforms import fact_kind_of, send_form
from renkei.care.transitions.services.rules import adopt_rule
from renkei.care.transitions.tests import factories
from renkei.care.transitions.tests.test_pages import browser, fill, url
from renkei.care.transitions.values import FormLetter, Hospital, NewFact
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.areas.tests import factories as areas
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock
from renkei.foundation.papers.fax import page_total
from renkei.foundation.papers.files import store_file
from renkei.foundation.papers.models import SentFax, Ticket
from renkei.foundation.papers.tickets import find_ticket
from renkei.foundation.sheets.answers import content_from
from renkei.foundation.sheets.definition import parse
from renkei.foundation.sheets.items import Code
from renkei.foundation.sheets.models import OfficeWorkbook
from renkei.foundation.sheets.office.mapping import CellName, stored_mapping
from renkei.foundation.sheets.queries import version_in_force
from renkei.foundation.sheets.services.answers import record_answer

pytestmark = pytest.mark.django_db
NOW = factories.at(date(2026, 11, 20), 9)
ADMITTED = factories.at(date(2026, 11, 19), 10, 40)
OUTSIDE = Hospital(name="架空回復期病院", phone="0999-00-7100", fax="0999-00-7109", person="連携室")


@pytest.fixture(autouse=True)
def on_friday(time_machine, settings, tmp_path):
    time_machine.move_to(NOW, tick=False)
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path, "base_url": None},
        },
    }


@pytest.fixture
def patient():
    call_command("load_sheets", stdout=io.StringIO())
    area = areas.make_area()
    adopt_rule(actor=SYSTEM, rule=factories.shipped(), area=area, first_day=date(2026, 4, 1))
    return factories.patient_with_both_sides(
        municipality=area, name="架空 清", kana="カクウ キヨシ", birth_on=date(1941, 5, 3)
    )


@pytest.fixture
def case(patient):
    return factories.opened(patient, admitted_at=ADMITTED)


@pytest.fixture
def outside(patient):
    """A stay in a hospital without an account."""
    return factories.opened(patient, admitted_at=ADMITTED, hospital=OUTSIDE)


def write(patient, code="admission_info", by=None, **values):
    """An answer with what the form demands, and these values by link id (``__`` for a dot)."""
    version = version_in_force(code)
    definition = parse(version.questionnaire)
    words = {"string": "架空", "date": clock.today()}
    given = {one.link_id: [words[one.type]] for one in definition.questions if one.required}
    given |= {name.replace("__", "."): [value] for name, value in values.items()}
    viewer = accounts.viewer_for(by or accounts.suzuki())
    return record_answer(
        actor=viewer.actor,
        version=version,
        subject_uid=patient.uid,
        content=content_from(given, definition),
        source="web",
        organisation_id=viewer.organisation_id,
    )


def hand(case, answer, channel=Channel.FAX, kind=FactKind.ADMISSION_INFO_SENT, **letter):
    values = {"organisation": "架空回復期病院", "recipient": "連携室", "fax": "0999-00-7109"}
    return send_form(
        door=factories.door(case, accounts.suzuki()),
        answer=answer,
        fact=NewFact(kind=kind, at=clock.now(), channel=channel),
        letter=FormLetter(**{**values, **letter}),
    )


def scan():
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    stream = io.BytesIO()
    writer.write(stream)
    return store_file(
        actor=SYSTEM, content=stream.getvalue(), name="scan.pdf", owner=("papers.ticket", uuid4())
    )


def receive(ticket, user=None):
    caseforms_tickets.KIND.receive(
        actor=accounts.viewer_for(user or accounts.suzuki()).actor,
        ticket=ticket,
        file=scan(),
        pages=[2],
    )


def words_of(pdf: bytes) -> str:
    return "".join(
        page.extract_text().replace(" ", "") for page in pypdf.PdfReader(io.BytesIO(pdf)).pages
    )


def test_a_form_begins_with_the_stay_the_record_and_the_other_sheets(case, patient):
    Certification.objects.create(
        patient=patient,
        state=CertificationState.CERTIFIED,
        level=CareLevel.CARE_3,
        period=Range(date(2026, 4, 1), date(2028, 4, 1)),
        recorded_at=NOW,
    )
    profile = EmergencyProfile.objects.create(patient=patient, updated_at=NOW)
    profile.items.create(category=EmergencyCategory.DRUG, text="ワルファリン", detail="朝1錠")
    write(patient, "discharge_record", body__meal_form=Code("02"), acceptance__person="帰りたい")

    page = patients.text_of(
        browser(accounts.suzuki()).get(url("case_form_write", case.uid, "admission_info"))
    )

    for words in (
        'value="架空市立中央病院"',
        'value="架空 清"',
        'value="鈴木 二葉"',
        'value="架空居宅介護支援事業所"',
        'value="85"',
        "ワルファリン（朝1錠）",
        "この入院の記録",
        "基本情報",
        "救急情報",
        "退院・退所情報記録書（2026年11月20日）",
    ):
        assert words in page


def test_what_was_written_for_an_earlier_stay_does_not_come_along(case, patient, time_machine):
    time_machine.move_to(NOW - timedelta(days=200), tick=False)
    write(patient, head__hospital="前の病院", wishes__person="家がいい")
    time_machine.move_to(NOW, tick=False)

    page = patients.text_of(
        browser(accounts.suzuki()).get(url("case_form_write", case.uid, "admission_info"))
    )

    assert 'value="架空市立中央病院"' in page
    assert 'value="前の病院"' not in page
    assert "家がいい" in page


def test_t_c3a_a_form_leaves_as_the_offices_own_excel_and_the_timer_turns_done(case, patient):
    write(patient, wishes__person="家がいい")
    answer = write(patient, wishes__person="家に帰りたい", basic__name="架空 清")
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "border": 2, "bg_color": "#FFFFCC"})
        sheet = book.add_worksheet("様式1")
        sheet.merge_range("A1:D1", "入院時情報提供書（架空市版）", bold)
        sheet.write("A2", "患者氏名", bold)
        sheet.merge_range("B2:D2", "", bold)
        sheet.write("A3", "意向")
        sheet.write_blank("B3", None, bold)
    office = accounts.suzuki().memberships.get().organisation
    OfficeWorkbook.objects.create(
        version=answer.version,
        organisation=office,
        file=store_file(
            actor=SYSTEM,
            content=stream.getvalue(),
            name="様式.xlsx",
            owner=("sheets.office", uuid4()),
        ),
        mapping=stored_mapping(
            {
                "basic.name": CellName("様式1", "B2"),
                "wishes.person": CellName("様式1", "B3"),
            }
        ),
        made_at=NOW,
    )
    client = browser(accounts.suzuki())
    address = url("case_form_hand", case.uid, answer.uid)
    shown = patients.text_of(client.get(address))
    assert "家がいい" in shown  # what changed since the last time
    assert "家に帰りたい" in shown

    done = client.post(address, fill(shown, channel="paper", organisation="架空市立中央病院"))

    sending = FormSending.objects.get()
    assert done["Location"] == url("sending_detail", case.uid, sending.uid)
    page = patients.text_of(client.get(done["Location"]))
    assert "自分の様式（Excel）に入れる" in page
    made = client.get(f"/patients/{patient.uid}/sheets/answers/{answer.uid}/office/")
    made = made if made.status_code == 200 else client.get(_office_url(patient, answer))
    sheet = openpyxl.load_workbook(io.BytesIO(made.content))["様式1"]
    assert (sheet["B2"].value, sheet["B3"].value) == ("架空 清", "家に帰りたい")
    assert [str(each) for each in sheet.merged_cells.ranges] == ["A1:D1", "B2:D2"]
    assert sheet["B3"].border.left.style == "medium"
    assert sheet["B3"].fill.fgColor.rgb == "FFFFFFCC"
    case.refresh_from_db()
    assert case.state == CaseState.INFO_SENT
    fact = case.facts.get(kind=FactKind.ADMISSION_INFO_SENT)
    assert (fact.channel, fact.detail["answer_uid"]) == ("paper", str(answer.uid))
    assert AuditEvent.objects.filter(action="case.form_handed_over").count() == 1
    detail = patients.text_of(client.get(url("case_detail", case.uid)))
    assert "渡したことを記録済み" in detail
    assert "実施" in detail


def _office_url(patient, answer) -> str:
    from django.urls import reverse

    return reverse("timelines:answer_file", args=[patient.uid, answer.uid, "office"])


def test_a_fax_carries_cover_form_reply_and_number_on_every_sheet(outside, patient):
    sending = hand(outside, write(patient, basic__name="架空 清"), own_fax="0999-00-3129")

    got = browser(accounts.suzuki()).get(url("sending_file", outside.uid, sending.uid))

    pdf = got.content
    pages = page_total(pdf)
    assert sending.ticket.expected_pages == pages
    assert sending.fact.detail["pages"] == pages
    cover = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    assert "架空 清".replace(" ", "") not in cover.replace(" ", "")
    assert "返信票" in words_of(pdf)
    assert SentFax.objects.get().ticket == sending.ticket
    with pypdfium2.PdfDocument(pdf) as document:
        for number in (0, pages - 1):
            picture = document[number].render(scale=200 / 72).to_pil()
            read = zxingcpp.read_barcodes(picture)
            assert find_ticket(read[0].text) == sending.ticket


def test_paper_that_is_handed_over_carries_the_number_without_a_cover(outside, patient):
    sending = hand(outside, write(patient), Channel.PAPER)

    got = browser(accounts.suzuki()).get(url("sending_file", outside.uid, sending.uid))

    assert page_total(got.content) == sending.ticket.expected_pages
    assert "送付状" not in words_of(got.content)
    assert not SentFax.objects.exists()
    with pypdfium2.PdfDocument(got.content) as document:
        last = document[len(document) - 1].render(scale=200 / 72).to_pil()
    assert find_ticket(zxingcpp.read_barcodes(last)[0].text) == sending.ticket


def test_a_form_read_out_on_the_telephone_needs_no_paper(outside, patient):
    sending = hand(outside, write(patient), Channel.PHONE)

    assert sending.ticket is None
    client = browser(accounts.suzuki())
    page = patients.text_of(client.get(url("sending_detail", outside.uid, sending.uid)))
    assert "紙の返事" not in page
    assert client.get(url("sending_file", outside.uid, sending.uid)).content.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("channel", "letter", "place"),
    [
        (Channel.SYSTEM, {}, "channel"),
        (Channel.FAX, {"fax": ""}, "fax"),
        (Channel.FAX, {"notes": "架空清さんの件"}, "notes"),
    ],
)
def test_a_form_is_not_handed_over_in_a_way_that_fails(outside, patient, channel, letter, place):
    with pytest.raises(ValidationError) as refused:
        hand(outside, write(patient), channel, **letter)

    assert place in refused.value.message_dict
    assert not outside.facts.filter(kind=FactKind.ADMISSION_INFO_SENT).exists()
    assert not Ticket.objects.exists()


def test_the_page_says_at_the_field_what_is_missing(outside, patient):
    client = browser(accounts.suzuki())
    address = url("case_form_hand", outside.uid, write(patient).uid)
    shown = patients.text_of(client.get(address))
    assert 'value="0999-00-7109"' in shown
    assert "連携で読んでもらう" not in shown

    refused = client.post(address, fill(shown, channel="fax", organisation="病院"))

    assert refused.status_code == 422
    assert "送り先のFAX番号を入力してください" in patients.text_of(refused)


def test_a_form_sent_twice_by_a_nervous_finger_is_handed_over_once(outside, patient):
    client = browser(accounts.suzuki())
    address = url("case_form_hand", outside.uid, write(patient).uid)
    form = fill(patients.text_of(client.get(address)), channel="paper", organisation="病院")

    first, second = client.post(address, form), client.post(address, form)

    assert first["Location"] == second["Location"]
    assert FormSending.objects.count() == 1


def test_the_scanned_answer_becomes_the_fact_of_the_stay(outside, patient):
    sending = hand(outside, write(patient))
    viewer = accounts.viewer_for(accounts.suzuki())
    assert caseforms_tickets.KIND.may_file(viewer, sending.ticket)
    described = caseforms_tickets.KIND.describe(viewer, sending.ticket) or ""
    assert described.startswith("架空 清　入院時情報提供書")

    receive(sending.ticket)

    fact = outside.facts.get(kind=FactKind.ADMISSION_INFO_RECEIVED)
    entry = Entry.objects.get(uid=fact.detail["entry_uid"])
    assert (fact.side, fact.channel, fact.counterpart) == (
        "hospital",
        "fax",
        "架空回復期病院 連携室",
    )
    assert fact.detail["reply_to"] == str(sending.fact.uid)
    assert entry.room.patient == patient
    assert entry.files.count() == 1
    client = browser(accounts.suzuki())
    page = patients.text_of(client.get(url("sending_detail", outside.uid, sending.uid)))
    assert str(entry.uid) in page
    assert url("fact_add", outside.uid, "discharge-notified") in page
    assert str(entry.uid) in patients.text_of(client.get(url("case_detail", outside.uid)))


def test_a_second_sheet_of_the_same_answer_is_no_second_fact(outside, patient):
    sending = hand(outside, write(patient))

    receive(sending.ticket)
    receive(sending.ticket)

    assert outside.facts.filter(kind=FactKind.ADMISSION_INFO_RECEIVED).count() == 1
    assert Entry.objects.filter(text__contains="紙で返事が届きました").count() == 2


def test_the_answer_to_another_form_is_a_contact(outside, patient):
    sending = hand(outside, write(patient), Channel.PAPER, FactKind.CONTACT)

    receive(sending.ticket)

    fact = outside.facts.get(kind=FactKind.CONTACT, side="hospital")
    assert (fact.channel, fact.detail["outcome"]) == ("paper", "reached")


def test_a_stranger_learns_nothing_of_a_ticket(outside, patient):
    sending = hand(outside, write(patient))
    stranger = accounts.viewer_for(accounts.tanaka())

    assert not caseforms_tickets.KIND.may_file(stranger, sending.ticket)
    assert caseforms_tickets.KIND.describe(stranger, sending.ticket) is None
    with pytest.raises(ValidationError):
        receive(sending.ticket, accounts.tanaka())
    FormSending.objects.all().delete()
    assert not caseforms_tickets.KIND.may_file(
        accounts.viewer_for(accounts.suzuki()), sending.ticket
    )


def test_the_hospital_reads_what_was_handed_over_and_hands_over_nothing_of_the_care_side(
    case, patient
):
    answer = write(patient)
    sending = hand(case, answer, Channel.SYSTEM)
    nurse = browser(factories.ward_nurse())

    page = patients.text_of(nurse.get(url("sending_detail", case.uid, sending.uid)))

    assert "入院時の情報を送った" in page
    shown = patients.text_of(nurse.get(url("case_form_hand", case.uid, answer.uid)))
    assert "「連絡した」が残り" in shown


def test_what_a_form_means_depends_on_who_hands_it_over():
    assert fact_kind_of("admission_info_sent", Side.CARE) == FactKind.ADMISSION_INFO_SENT
    assert fact_kind_of("admission_info_sent", Side.HOSPITAL) == FactKind.CONTACT
    assert fact_kind_of("conference_held", Side.HOSPITAL) == FactKind.CONTACT


def test_t_d3_forms_of_a_stay_are_not_found_by_a_stranger(case, patient):
    answer = write(patient)
    sending = hand(case, answer, Channel.PAPER)
    stranger = browser(accounts.tanaka())
    mine = browser(accounts.suzuki())

    for address in (
        url("case_form_write", case.uid, "admission_info"),
        url("case_form_hand", case.uid, answer.uid),
        url("sending_detail", case.uid, sending.uid),
        url("sending_file", case.uid, sending.uid),
    ):
        assert stranger.get(address).status_code == 404
    for address in (
        url("case_form_write", case.uid, "no-such"),
        url("case_form_hand", case.uid, uuid4()),
        url("sending_detail", case.uid, uuid4()),
    ):
        assert mine.get(address).status_code == 404


def test_without_consent_to_sheets_there_are_none(case, patient):
    from renkei.care.patients.models import Consent

    answer = write(patient)
    Consent.objects.filter(patient=patient).update(content_classes=[ContentClass.BASIC])
    client = browser(accounts.suzuki())

    assert client.get(url("case_form_hand", case.uid, answer.uid)).status_code == 404
    with pytest.raises(ValidationError):
        hand(case, answer, Channel.PAPER)


def test_disposal_takes_the_forms_of_a_stay_along(case, patient):
    from renkei.care.transitions.services.lifecycle import destroy_cases

    hand(case, write(patient), Channel.PAPER)

    destroy_cases(actor=SYSTEM, patient=patient, document_class="timeline")

    assert not FormSending.objects.exists()
