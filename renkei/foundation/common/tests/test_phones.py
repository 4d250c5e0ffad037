from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from renkei.foundation.common import phones
from renkei.foundation.common.phones import Phone


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("03-1234-5678", "03-1234-5678"),
        ("０３－１２３４－５６７８", "03-1234-5678"),
        ("03ｰ1234‐5678", "03-1234-5678"),
        ("0312345678", "03-1234-5678"),
        ("058(245)8171", "058-245-8171"),
        ("（0562）92-5178", "0562-92-5178"),
        ("(0853)-73-7570", "0853-73-7570"),
        ("0594-32--4165", "0594-32-4165"),
        ("027 - 212 - 0000", "027-212-0000"),
        ("０７７１　２０　９０３１", "0771-20-9031"),
        ("0776-52-5204（", "0776-52-5204"),
        ("（代表）0265-71-5000", "0265-71-5000"),
        ("TEL:0265-71-5000", "0265-71-5000"),
        ("0587-96-6941・6942", "0587-96-6941"),
        ("+81 3-1234-5678", "03-1234-5678"),
        ("09012345678", "090-1234-5678"),
        ("0120-123-456", "0120-123-456"),
        ("0800-123-4567", "0800-123-4567"),
        ("050-1234-5678", "050-1234-5678"),
        ("473185155", "047-318-5155"),
    ],
)
def test_parse_phone_reads_what_people_write(text, number):
    assert phones.parse_phone(text) == Phone(number, "", text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "非公開",
        "同上",
        "245-8171",
        "03-123-456",
        "0054-639-1234",
        "000-0000-0000",
        "0" * 15,
        "99999-99999999",
    ],
)
def test_parse_phone_keeps_what_it_cannot_read(text):
    phone = phones.parse_phone(text)

    assert (phone.number, str(phone), phone.digits) == ("", text, "")


@pytest.mark.parametrize(
    "text",
    [
        "03-1234-5678（内線12）",
        "０３－１２３４－５６７８　内線：１２",
        "03-1234-5678 内12",
        "03-1234-5678 ext. 12",
    ],
)
def test_parse_phone_holds_the_extension_apart(text):
    phone = phones.parse_phone(text)

    assert (phone.number, phone.extension, str(phone)) == (
        "03-1234-5678",
        "12",
        "03-1234-5678（内線12）",
    )


def test_phone_digits():
    assert phones.parse_phone("058(245)8171").digits == "0582458171"


def test_require_phone_answers_with_the_shown_form_or_a_sentence():
    assert phones.require_phone("０３１２３４５６７８内線3") == "03-1234-5678（内線3）"
    with pytest.raises(ValidationError, match=r"市外局番から.*入力してください。"):
        phones.require_phone("245-8171")


@pytest.mark.parametrize(
    ("text", "tail"), [("058(245)8171", "2458171"), ("0120-123-456", "123456"), ("245-8171", "")]
)
def test_digits_tail_leaves_the_area_code_out(text, tail):
    assert phones.digits_tail(text) == tail


@pytest.mark.parametrize(
    ("query", "digits"),
    [
        ("245-8171", "2458171"),
        ("（058）２４５－８１７１", "0582458171"),
        ("8171", "8171"),
        ("817", ""),
        ("1-2-3丁目", ""),
        ("", ""),
    ],
)
def test_query_digits(query, digits):
    assert phones.query_digits(query) == digits


@given(st.text("0123456789-()（）－ 内線TEL+", max_size=30))
def test_any_text_is_a_number_or_kept(text):
    phone = phones.parse_phone(text)

    assert phone.typed == text
    assert phones.parse_phone(phone.number).number == phone.number
