"""The forms we ship: complete, valid FHIR, honest about what is unconfirmed."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings
from fhir.resources.R4B.questionnaire import Questionnaire

from renkei.foundation.sheets.code_lists import CODE_LISTS, SPECIAL_CARE_OF
from renkei.foundation.sheets.definition import parse
from renkei.foundation.sheets.shipped import FORMS
from renkei.foundation.sheets.shipped.build import EXTENSION, NEW_EDITION

BY_CODE = {form.code: form for form in FORMS}
CODES = sorted(BY_CODE)

# Questions per section, counted by hand in the description of the forms (あり and its text are two).
COUNTS = {
    "admission_info": {
        "head": 12,
        "basic": 24,
        "family": 11,
        "wishes": 5,
        "services": 2,
        "prospect": 11,
        "conference": 4,
        "functions": 63,
        "drugs": 9,
        "doctor": 7,
        "last_stage": 7,
    },
    "discharge_record": {
        "basic": 16,
        "body": 21,
        "acceptance": 5,
        "needs": 8,
        "outlook": 3,
        "hearings": 4,
    },
    "sharing_sheet": {
        "head": 5,
        "person": 12,
        "family": 9,
        "services": 2,
        "treatment": 4,
        "adl": 14,
        "nutrition": 8,
        "rehabilitation": 2,
        "last_stage": 7,
        "money": 3,
    },
    "doctor_contact": {"ask": 19, "reply": 7},
    "ems_sheet": {"prepared": 15, "call": 12, "wish": 6},
    "emergency_kit": {"person": 8, "health": 3, "doctors": 4, "contacts": 3, "kit": 3},
    "dnar_record": {"wish": 7, "talk": 6, "doctor": 8, "keeping": 8},
    "acp_note": {
        "me": 5,
        "health": 2,
        "people": 5,
        "illness": 2,
        "care": 7,
        "place": 6,
        "talks": 5,
        "money": 2,
        "signed": 4,
    },
    "care_card": {"card": 11},
    # The text beside 医療処置 and beside 褥瘡 are questions of their own.
    "discharge_summary": {"head": 8, "course": 5, "state": 11, "after": 4},
    "follow_up_report": {"head": 8, "home": 7},
}


def walk(items):
    for item in items:
        yield item
        yield from walk(item.get("item", ()))


def items_of(code):
    return {item["linkId"]: item for item in walk(BY_CODE[code].questionnaire["item"])}


def extensions(item, name):
    found = [each for each in item.get("extension", ()) if each["url"] == EXTENSION + name]
    return [value for each in found for key, value in each.items() if key != "url"]


def test_every_form_is_shipped():
    assert set(BY_CODE) == set(COUNTS)


@pytest.mark.parametrize("code", CODES)
def test_a_form_is_a_questionnaire_that_says_where_it_comes_from(code):
    form = BY_CODE[code]

    Questionnaire.model_validate(form.questionnaire)

    assert form.source
    assert form.edition
    assert form.source in form.questionnaire["description"]
    assert form.questionnaire["effectivePeriod"] == {"start": form.valid_from.isoformat()}
    assert extensions(form.questionnaire, "unconfirmed") == list(form.unconfirmed)


@pytest.mark.parametrize("code", CODES)
def test_a_form_has_every_item_of_its_description(code):
    counts = {
        section["linkId"]: sum(each["type"] not in {"group", "display"} for each in walk([section]))
        for section in BY_CODE[code].questionnaire["item"]
        if section["type"] == "group"
    }

    assert counts == COUNTS[code]


@pytest.mark.parametrize("code", CODES)
def test_a_form_is_one_this_product_can_read(code):
    form = BY_CODE[code]

    definition = parse(form.questionnaire)

    assert definition.title == form.name
    assert sum(COUNTS[code].values()) == len(definition.questions)


def test_the_two_lists_of_treatments_are_joined_only_where_both_have_the_treatment():
    ours = {each.code: each.label for each in CODE_LISTS["medical_care"].options}
    theirs = {each.code: each.label for each in CODE_LISTS["special_care_14_days"].options}

    pairs = {ours[one]: theirs[other] for one, other in SPECIAL_CARE_OF.items()}

    assert pairs["酸素療法"] == "酸素療法"
    assert pairs["胃ろう"] == "経管栄養"
    assert pairs["痛みコントロール"] == "疼痛の看護"
    assert pairs["褥瘡"] == "じょくそうの処置"
    assert "喀痰吸引" not in pairs


def test_a_factor_is_offered_from_the_day_it_came_with_the_fee_rule():
    factors = CODE_LISTS["discharge_difficulty"]

    on_the_eve = {each.label for each in factors.options_on(dt.date(2022, 3, 31))}
    on_the_day = {each.label for each in factors.options_on(dt.date(2022, 4, 1))}

    assert on_the_day - on_the_eve == {"ヤングケアラー"}


@pytest.mark.parametrize("code", CODES)
def test_a_form_asks_nothing_twice_and_ticks_nothing_beforehand(code):
    every = list(walk(BY_CODE[code].questionnaire["item"]))
    links = [item["linkId"] for item in every]

    assert len(set(links)) == len(links)
    assert not [item for item in every if "initial" in item]
    assert not [
        option
        for item in every
        for option in item.get("answerOption", ())
        if "initialSelected" in option
    ]


@pytest.mark.parametrize("code", CODES)
def test_a_detail_demands_its_text_where_its_question_says_so(code):
    details = {link: item for link, item in items_of(code).items() if link.endswith(".detail")}

    for link, item in details.items():
        question = link.removesuffix(".detail")
        assert {each["question"] for each in item["enableWhen"]} == {question}
        assert extensions(item, "required-if-enabled") == [True]


def test_admission_info_marks_what_only_the_new_edition_has():
    items = items_of("admission_info")

    marked = {
        link for link, item in items.items() if extensions(item, "unconfirmed") == [NEW_EDITION]
    }

    assert marked == {"dentist.name", "pharmacy.name", "last_stage"}


def test_admission_info_marks_the_factors_that_make_a_discharge_difficult():
    factors = {
        link: item["code"][0]["code"]
        for link, item in items_of("admission_info").items()
        if "code" in item
    }

    known = {option.code for option in CODE_LISTS["discharge_difficulty"].options}
    assert set(factors.values()) == {"01", "03", "05", "06", "07", "08", "09"} <= known
    assert factors["prospect.abuse"] == "03"
    assert all(items_of("admission_info")[link]["text"].endswith("＊") for link in factors)


def test_discharge_record_has_three_rows_of_hearings():
    hearings = items_of("discharge_record")["hearings"]

    assert hearings["repeats"] is True
    assert [
        each["valueInteger"] for each in hearings["extension"] if "maxOccurs" in each["url"]
    ] == [3]


def test_doctor_contact_keeps_the_name_out_of_the_reply():
    (reply,) = [
        s for s in BY_CODE["doctor_contact"].questionnaire["item"] if s["linkId"] == "reply"
    ]

    assert not [
        item
        for item in walk([reply])
        if any(value.startswith("patient.") for value in extensions(item, "prefill"))
    ]
    assert extensions(reply, "print") == ["break-before"]


@pytest.mark.parametrize(
    ("code", "notice"),
    [
        ("ems_sheet", "wish.notice"),
        ("dnar_record", "notice"),
        ("acp_note", "care.notice"),
        ("admission_info", "last_stage.notice"),
        ("sharing_sheet", "last_stage.notice"),
    ],
)
def test_a_wish_is_called_a_record_and_never_an_order(code, notice):
    words = items_of(code)[notice]["text"]

    assert "記録" in words
    assert "指示ではありません" in words


def test_acp_note_takes_not_wanting_to_think_of_it_for_an_answer():
    items = items_of("acp_note")

    wishes = [
        item for link, item in items.items() if link.startswith("care.") and "answerOption" in item
    ]
    offered = [
        {option["valueCoding"]["display"] for option in item["answerOption"]} for item in wishes
    ]

    assert len(wishes) == 6
    assert all("考えたくない" in each for each in offered)


def test_the_documents_name_every_shipped_form():
    words = (settings.ROOT / "docs" / "sheets.md").read_text(encoding="utf-8")

    assert [code for code in CODES if f"`{code}`" not in words] == []
