"""Measurements: slips asked back, one question per excursion, lines beside tables (T-D8)."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from renkei.care.patients.tests.factories import add_family, add_member, family_user
from renkei.care.timelines.models import Entry, Excursion, Limit
from renkei.care.timelines.observation_forms import MeasurementsForm, new_observations
from renkei.care.timelines.observation_queries import limits_of, observations_through
from renkei.care.timelines.observation_services import end_limit, set_limit
from renkei.care.timelines.observations import read_values
from renkei.care.timelines.registrations_visit import measurements_box
from renkei.care.timelines.tests.factories import (
    door,
    family_room,
    post,
    shirai,
    staff_room,
    team_patient,
)
from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.accounts.tests.factories import suzuki, takahashi, tanaka
from renkei.foundation.common import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Any:
    return team_patient()


@pytest.fixture
def room(person) -> Any:
    return staff_room(person)


@pytest.fixture
def nurse_client() -> Client:
    return accounts.sign_in(Client(), takahashi())


def weigh(
    room, kilograms: str, *, days_ago: float = 0, code: str = "weight", user: Any = None
) -> Entry:
    at = clock.now() - timedelta(days=days_ago)
    values = new_observations(read_values([(code, kilograms)]), at)
    return post(user or takahashi(), room, "", kind="record", observations=values, written_at=at)


def limit_weight(room, low: str = "40", high: str = "42.8", **fields: Any) -> Limit:
    return set_limit(
        door=door(shirai(), room), code="weight", low=Decimal(low), high=Decimal(high),
        note="", asks=fields.pop("asks", ""),
    )  # fmt: skip


def questions() -> list[Entry]:
    return list(Entry.objects.filter(kind="question").order_by("number"))


@pytest.mark.parametrize(
    ("code", "text", "word"),
    [
        ("temperature", "366", "打ち間違い"),
        ("temperature", "36.66", "小数第1位"),
        ("pulse", "72.5", "整数"),
        ("spo2", "九十五", "数字"),
        ("weight", "NaN", "打ち間違い"),
        ("weight", "Infinity", "打ち間違い"),
        ("skin", "あ" * 201, "200字"),
    ],
)
def test_a_slip_of_the_finger_is_asked_back(code, text, word):
    with pytest.raises(ValidationError) as refused:
        read_values([(code, text)])

    assert word in refused.value.message_dict[code][0]


def test_the_lower_pressure_is_below_the_upper_one():
    with pytest.raises(ValidationError) as refused:
        read_values([("systolic", "80"), ("diastolic", "120")])

    assert "小さい値" in refused.value.message_dict["diastolic"][0]


def test_values_are_read_in_any_width_and_empty_or_unknown_ones_left_out():
    readings = read_values(
        [("temperature", "３６．６"), ("pulse", " "), ("nonsense", "1"), ("skin", "かかとに発赤")]
    )

    assert [reading.shown for reading in readings] == ["体温 36.6 ℃", "皮膚 かかとに発赤"]


def test_the_form_puts_each_sentence_at_its_field():
    form = MeasurementsForm({"m-temperature": "366", "m-pulse": "72"})

    assert not form.is_valid()
    assert list(form.errors) == ["temperature"]
    assert form.has_values
    assert len(form.usual) + len(form.others) == 16


def test_t_d8_out_of_range_raises_one_question_until_the_value_is_back(room):
    limit_weight(room)
    weigh(room, "42.5", days_ago=9)
    for days_ago, kilograms in ((8, "42.9"), (7, "43.1"), (6, "43.0")):
        weigh(room, kilograms, days_ago=days_ago)

    [question] = questions()
    assert "体重 42.9 kgが、この人の範囲の上限 42.8 kgを超えました" in question.text
    assert "白井 透（医師）" in question.text
    assert [row.profession for row in question.addressees.all()] == ["医師"]
    assert question.author_user_id is None

    weigh(room, "42.0", days_ago=5)
    assert Excursion.objects.get().ended_at is not None
    weigh(room, "39.9", days_ago=4)
    assert len(questions()) == 2
    assert "下限 40 kgを下回りました" in questions()[1].text


def test_t_d8_a_value_that_arrives_late_and_is_no_longer_the_newest_asks_nothing(room):
    limit_weight(room)
    weigh(room, "42.0")

    weigh(room, "44.0", days_ago=2)

    assert questions() == []


def test_the_question_goes_to_the_host_when_nobody_of_the_profession_is_left(person, room):
    limit_weight(room, asks="薬剤師")

    weigh(room, "50")

    [row] = questions()[0].addressees.all()
    assert row.member == person.team.get(is_host=True)


def test_values_without_limits_ask_nothing(room):
    weigh(room, "50")

    assert questions() == []
    assert Excursion.objects.count() == 0


def test_new_limits_end_the_old_ones_and_what_was_outside_them(room):
    first = limit_weight(room)
    weigh(room, "44")
    limit_weight(room, high="45")
    weigh(room, "44.1")

    first.refresh_from_db()
    assert first.ended_at is not None
    assert len(questions()) == 1
    assert Excursion.objects.get().ended_at is not None


def test_only_doctors_and_nurses_of_the_team_set_limits(room):
    manager = door(suzuki(), room)

    with pytest.raises(ValidationError, match="医師と看護師"):
        set_limit(door=manager, code="weight", low=Decimal(1), high=None, note="", asks="")
    with pytest.raises(ValidationError, match="医師と看護師"):
        end_limit(door=manager, code="weight")


@pytest.mark.parametrize(("code", "high"), [("skin", "10"), ("weight", "1000"), ("weight", "1")])
def test_limits_must_be_possible(room, code, high):
    with pytest.raises(ValidationError):
        set_limit(
            door=door(shirai(), room),
            code=code,
            low=Decimal(40),
            high=Decimal(high),
            note="",
            asks="",
        )


def test_ending_limits_twice_changes_nothing(room):
    limit_weight(room)
    for _ in range(2):
        end_limit(door=door(takahashi(), room), code="weight")

    weigh(room, "50")

    assert questions() == []


def test_corrected_and_hidden_values_are_not_drawn(room):
    wrong = weigh(room, "24.9", days_ago=1)
    post(takahashi(), room, "打ち間違い", kind="record", corrects=wrong.uid,
         observations=new_observations(read_values([("weight", "42.9")]), clock.now()))  # fmt: skip

    values = [one.value for one in observations_through(door(takahashi(), room), days=14)]

    assert values == [Decimal("42.90")]


def test_the_box_beside_the_story_shows_words_and_lines(person, room):
    limit_weight(room)
    weigh(room, "42.0", days_ago=3)
    weigh(room, "42.9")
    weigh(room, "かかとに発赤", code="skin")

    box = measurements_box(door(takahashi(), room))

    assert box is not None
    weight, skin = box["series"]
    assert (weight.newest, weight.judgement, weight.outside) == ("42.9 kg", "↑ 上限 42.8 kg", True)
    assert len(weight.line.points) == 2
    assert (skin.newest, skin.line) == ("かかとに発赤", None)
    assert "白井 透（医師）" in box["note"]


def test_family_sees_no_box(person):
    add_family(person)

    assert measurements_box(door(family_user(), family_room(person))) is None


def test_the_page_shows_line_table_and_limits(person, room, nurse_client):
    limit_weight(room)
    weigh(room, "42.0", days_ago=3)
    weigh(room, "42.9")

    page = nurse_client.get(
        reverse("timelines:measurement_list", args=[person.uid])
    ).content.decode()

    assert "前回より0.9 kg高い値です。この期間は42 kgから42.9 kgでした（2回）。" in page
    assert "<polyline" in page
    assert "40 kg以上 42.8 kg以下" in page
    assert "出した相談を見る" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_queries_with_one_value_and_with_three(
    person, room, nurse_client, django_assert_max_num_queries, count
):
    for number in range(count):
        weigh(room, f"4{number}", days_ago=number)
        weigh(room, "36.5", days_ago=number, code="temperature")
    url = reverse("timelines:measurement_list", args=[person.uid])
    nurse_client.get(url)

    with django_assert_max_num_queries(45) as first:
        nurse_client.get(url)
    weigh(room, "41")
    with django_assert_max_num_queries(len(first)):
        nurse_client.get(url)


def test_an_empty_page_says_so(person, nurse_client):
    page = nurse_client.get(reverse("timelines:measurement_list", args=[person.uid]), {"days": "x"})

    assert "この期間の測定の記録なし" in page.content.decode()


def test_the_workbook_holds_the_values(person, room, nurse_client):
    weigh(room, "42.9")
    weigh(room, "発赤", code="skin")

    response = nurse_client.get(
        reverse("timelines:measurement_export", args=[person.uid]), {"days": "90"}
    )

    sheet = load_workbook(io.BytesIO(response.content)).worksheets[0]
    assert [cell.value for cell in sheet[2]][1:4] == ["体重", 42.9, "kg"]
    assert person.name not in response["Content-Disposition"]


def test_a_nurse_sets_and_ends_limits_on_the_page(person, nurse_client):
    url = reverse("timelines:limit_edit", args=[person.uid, "weight"])
    assert "体重の範囲" in nurse_client.get(url).content.decode()

    wrong = nurse_client.post(url, {"low": "45", "high": "40", "asks": ""})
    empty = nurse_client.post(url, {})
    impossible = nurse_client.post(url, {"low": "40", "high": "1000"})
    done = nurse_client.post(url, {"low": "40", "high": "42.8", "asks": "医師", "note": "心不全"})

    assert [each.status_code for each in (wrong, empty, impossible, done)] == [422, 422, 422, 302]
    limit = limits_of(person)["weight"]
    assert (limit.set_by_profession, limit.ask_profession, limit.note) == (
        "看護師",
        "医師",
        "心不全",
    )
    assert "42.8" in nurse_client.get(url).content.decode()
    nurse_client.post(reverse("timelines:limit_end", args=[person.uid, "weight"]))
    assert limits_of(person) == {}
    page = nurse_client.get(
        reverse("timelines:measurement_list", args=[person.uid])
    ).content.decode()
    assert "前の範囲（1件）" in page


@pytest.mark.parametrize(
    ("low", "sentence"),
    [
        ("よんじゅう", "下限を数字で入力してください。例：36.5"),
        ("1234567", "下限は整数6桁、小数第2位までで入力してください。"),
        ("40.125", "下限は整数6桁、小数第2位までで入力してください。"),
    ],
)
def test_a_limit_that_is_no_number_is_said_plainly(person, nurse_client, low, sentence):
    url = reverse("timelines:limit_edit", args=[person.uid, "weight"])

    response = nurse_client.post(url, {"low": low, "high": "", "asks": ""})

    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_limits_are_typed_in_any_width(person, nurse_client):
    url = reverse("timelines:limit_edit", args=[person.uid, "weight"])

    done = nurse_client.post(url, {"low": "４０", "high": " ４２．８ ", "asks": ""})

    assert done.status_code == 302
    limit = limits_of(person)["weight"]
    assert (str(limit.low), str(limit.high)) == ("40.00", "42.80")


def test_pages_are_closed_to_others(person, nurse_client):
    manager = accounts.sign_in(Client(), suzuki())
    stranger = accounts.sign_in(Client(), tanaka())
    limit = reverse("timelines:limit_edit", args=[person.uid, "weight"])

    assert manager.get(limit).status_code == 404
    assert (
        manager.post(reverse("timelines:limit_end", args=[person.uid, "weight"])).status_code == 404
    )
    assert (
        nurse_client.get(reverse("timelines:limit_edit", args=[person.uid, "skin"])).status_code
        == 404
    )
    for name in ("measurement_list", "measurement_export"):
        known = stranger.get(reverse(f"timelines:{name}", args=[person.uid]))
        unknown = stranger.get(reverse(f"timelines:{name}", args=[uuid4()]))
        assert (known.status_code, known.content) == (404, unknown.content)


def test_an_observer_sees_and_sets_nothing(person, room):
    watching = accounts.person(
        "架空 見学", "watch@example.test", accounts.make_organisation("架空見学所"),
        Role.PROFESSIONAL, "看護師",
    )  # fmt: skip
    add_member(person, watching, is_observer=True)
    client = accounts.sign_in(Client(), watching)

    assert client.get(reverse("timelines:measurement_list", args=[person.uid])).status_code == 200
    assert (
        client.get(reverse("timelines:limit_edit", args=[person.uid, "weight"])).status_code == 404
    )
