"""Forms and papers as PDF: nothing cut off, nothing unsaid, home by their ticket after a FAX."""

from __future__ import annotations

import datetime as dt
import io
import re
from dataclasses import dataclass

import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader

from renkei.foundation.sheets import documents
from renkei.foundation.sheets.answers import content_from
from renkei.foundation.sheets.conditions import without_disabled
from renkei.foundation.sheets.definition import parse
from renkei.foundation.sheets.items import Absence, Code
from renkei.foundation.sheets.models import Form, FormVersion
from renkei.foundation.sheets.shipped import FORMS
from renkei.foundation.sheets.shipped.papers import PAPERS
from renkei.foundation.sheets.tests.filling import absent_content, maximal_content, maximal_values

BY_CODE = {form.code: form for form in FORMS}
HEAD = documents.Head("架空市", dt.date(2026, 11, 22))
FAX_SCALE = 200 / 72
MILLIMETRE = 72 / 25.4


@dataclass(frozen=True)
class Ticket:
    code: str
    expected_pages: int

    def qr_text(self, page):
        return f"RENKEI1:{self.code}:{page}/{self.expected_pages}"


def issue(pages):
    return Ticket("990012345678", pages)


def version_of(code):
    form = BY_CODE[code]
    return FormVersion(
        form=Form(code=form.code, name=form.name),
        number=form.number,
        issuer=form.issuer,
        source=form.source,
        questionnaire=form.questionnaire,
    )


def words_of(pdf):
    """All words without the blanks that lines and boxes put between them."""
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    return re.sub(r"[\s\u200b\u2060\ufffe]", "", "".join(pages))


def faxed_codes(pdf):
    """The QR code of each page after a 200-dpi black-and-white FAX."""
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.render(scale=FAX_SCALE, grayscale=True).to_pil() for page in document]
    found = [zxingcpp.read_barcodes(page.point(lambda gray: 255 * (gray > 127))) for page in pages]
    return [[code.text for code in codes] for codes in found]


def answer(code, values, **rest):
    version = version_of(code)
    content = content_from(values, parse(version.questionnaire))
    return documents.answer_pdf(version, content, head=HEAD, **rest)


@pytest.mark.parametrize("code", sorted(BY_CODE))
def test_an_empty_form_is_tagged_a4_and_carries_its_ticket_on_every_page(code):
    pdf = documents.empty_pdf(version_of(code), head=HEAD, ticket=issue)

    reader = PdfReader(io.BytesIO(pdf))
    pages = len(reader.pages)
    assert "/MarkInfo" in reader.root_object
    assert {
        (round(float(p.mediabox.width)), round(float(p.mediabox.height))) for p in reader.pages
    } == {(595, 842)}
    assert faxed_codes(pdf) == [[f"RENKEI1:990012345678:{n}/{pages}"] for n in range(1, pages + 1)]
    words = words_of(pdf)
    options = [
        option.label
        for item in parse(BY_CODE[code].questionnaire).questions
        for option in item.options
    ]
    for part in (
        "架空市",
        "令和8年11月22日発行",
        "第1版",
        "9900-1234-5678",
        f"{pages}/{pages}",
        *options,
    ):
        assert part in words


@pytest.mark.parametrize("code", ["care_card", "emergency_kit"])
def test_a_short_form_is_one_page(code):
    pdf = documents.empty_pdf(version_of(code), head=HEAD, ticket=issue)

    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1


@pytest.mark.parametrize("code", sorted(BY_CODE))
def test_nothing_of_a_full_form_is_cut_off(code):
    version = version_of(code)
    definition = parse(version.questionnaire)

    pdf = documents.answer_pdf(version, maximal_content(definition), head=HEAD)

    words = words_of(pdf)
    asked = without_disabled(maximal_values(definition.items), definition)
    # One letter of each repetition: a phrase may go over to the next page in its middle.
    assert words.count("鷗") == str(asked).count("鷗")
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            text = page.get_textpage()
            boxes = [text.get_charbox(at) for at in range(text.count_chars())]
            assert min(box[0] for box in boxes if box[2] > box[0]) >= 14 * MILLIMETRE
            assert max(box[2] for box in boxes) <= 196 * MILLIMETRE


@pytest.mark.parametrize("code", sorted(BY_CODE))
def test_what_is_absent_is_said_in_words(code):
    version = version_of(code)
    content = absent_content(parse(version.questionnaire))

    words = words_of(documents.answer_pdf(version, content, head=HEAD))

    assert "記録なし" in words


def test_each_kind_of_absence_has_its_word():
    pdf = answer(
        "emergency_kit",
        {"health.illness": [Absence.NONE], "health.drugs": [Absence.UNKNOWN]},
    )

    words = words_of(pdf)
    assert "持病なし服薬不明アレルギー記録なし" in words


def test_a_wish_not_disclosed_is_said_so():
    words = words_of(answer("acp_note", {"me.values": [Absence.NOT_DISCLOSED]}))

    assert "大切にしていること答えない" in words


def test_what_changed_since_the_last_answer_is_marked_with_what_was_there():
    version = version_of("emergency_kit")
    definition = parse(version.questionnaire)
    before = content_from(
        {
            "health.drugs": ["朝の薬"],
            "health.illness": ["高血圧"],
            "person.blood": [Code("a", "A")],
        },
        definition,
    )

    pdf = answer(
        "emergency_kit",
        {
            "health.drugs": ["朝と夕の薬"],
            "health.illness": ["高血圧"],
            "person.blood": [Code("o", "O")],
        },
        before=before,
    )

    words = words_of(pdf)
    assert documents.CHANGES in words
    assert "服薬朝と夕の薬前回：朝の薬" in words
    assert words.count("前回：") == 2


def test_rows_are_compared_one_by_one():
    version = version_of("discharge_record")
    definition = parse(version.questionnaire)
    first = {"hearings.on": [dt.date(2026, 11, 1)], "hearings.from": ["看護師 架空"]}
    before = content_from({"hearings": [first]}, definition)

    pdf = answer(
        "discharge_record",
        {"hearings": [{**first, "hearings.from": ["医師 架空"]}, first]},
        before=before,
    )

    words = words_of(pdf)
    assert "医師架空前回：看護師架空" in words
    assert "1令和8年11月1日" in words


def test_a_repeating_group_without_rows_is_no_record():
    words = words_of(answer("discharge_record", {}))

    assert "6.情報収集の記録（1行が1回）記録なし" in words


def test_a_question_that_was_not_asked_is_not_printed():
    words = words_of(answer("dnar_record", {"doctor.confirmed": [Code("not_yet", "未")]}))

    assert "医師の確認" in words
    assert "確認した医師" not in words
    assert "確認した家族（氏名・続柄）記録なし" in words


def test_a_code_no_longer_offered_is_printed_as_it_was_chosen():
    words = words_of(answer("emergency_kit", {"person.blood": [Code("x", "むかしの区分")]}))

    assert "むかしの区分" in words


def test_an_empty_form_says_which_boxes_must_be_filled():
    words = words_of(documents.empty_pdf(version_of("care_card")))

    assert documents.MUST in words
    assert "氏名※" in words


def test_a_ticket_for_fewer_pages_than_the_form_has_is_refused():
    with pytest.raises(documents.TooFewPagesOnTicketError):
        documents.empty_pdf(version_of("doctor_contact"), head=HEAD, ticket=issue(1))


def test_a_wish_is_printed_under_the_words_that_it_is_no_order():
    words = words_of(documents.empty_pdf(version_of("dnar_record"), head=HEAD))

    assert "これは本人の意思の記録で、指示ではありません。" in words


@pytest.mark.parametrize("code", sorted(PAPERS))
def test_t_az1_all_seven_papers_carry_version_day_and_code(code):
    pdf = documents.paper_pdf(code, {"network": "架空情報ネットワーク"}, head=HEAD, ticket=issue)

    words = words_of(pdf)
    assert {"第1版", "令和8年11月22日発行"} <= {
        part for part in ("第1版", "令和8年11月22日発行") if part in words
    }
    assert PAPERS[code].name in words
    assert faxed_codes(pdf) == [["RENKEI1:990012345678:1/1"]]
    assert len(PAPERS) == 7


def test_a_paper_takes_the_fields_the_ticks_and_the_words_of_the_region():
    pdf = documents.paper_pdf(
        "consent",
        {"office": "架空市役所", "name": "架空 花子"},
        head=HEAD,
        texts={"withdrawal": ["取り消しは{office}へ。"]},
        ticked={"治療"},
    )

    words = words_of(pdf)
    assert "本人の氏名架空花子" in words
    assert "取り消しは架空市役所へ。" in words
    assert "同意はいつでも取り消せます。" not in words


LONG = "架空寿限無五劫之摺切海砂利水魚之水行末雲来末風来末喰寝処住処藪裏柑子之夫良小路之介"


@pytest.mark.parametrize("name", ["架空 ハル江", LONG])
@pytest.mark.parametrize("ticket", [None, issue])
def test_every_page_names_the_person_the_form_and_its_place(name, ticket):
    version = version_of("admission_info")
    definition = parse(version.questionnaire)
    head = documents.Head(
        "架空訪問看護ステーション", HEAD.issued_on, f"氏名　{name}　　昭和14年4月1日（1939年）生"
    )

    pdf = documents.answer_pdf(version, maximal_content(definition), head=head, ticket=ticket)

    with pypdfium2.PdfDocument(pdf) as document:
        pages = len(document)
        for number, page in enumerate(document, start=1):
            text = page.get_textpage()
            words = re.sub(r"[\s\u200b\u2060\ufffe]", "", text.get_text_bounded())
            assert f"氏名{name.replace(' ', '')}昭和14年4月1日（1939年）生" in words
            assert definition.title in words
            assert f"{number}/{pages}" + ("" if ticket else "頁") in words
            tops = [text.get_charbox(at)[3] for at in range(text.count_chars())]
            assert max(tops) <= 297 * MILLIMETRE - 5 * MILLIMETRE
    if ticket:
        assert faxed_codes(pdf) == [
            [f"RENKEI1:990012345678:{n}/{pages}"] for n in range(1, pages + 1)
        ]
