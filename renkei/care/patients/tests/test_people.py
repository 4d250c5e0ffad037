"""Opening, finding and correcting a person's record."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from renkei.care.patients import columns
from renkei.care.patients.models import (
    Certification,
    Consent,
    FormerName,
    Patient,
    PossibleDuplicate,
    RecordChange,
    Relative,
    TeamMember,
)
from renkei.care.patients.queries import patient_list
from renkei.care.patients.services.people import register_patient
from renkei.care.patients.tests.factories import (
    add_member,
    consent,
    joined,
    make_patient,
    membership_of,
    text_of,
    url,
)
from renkei.foundation.accounts.tests.factories import (
    sign_in,
    suzuki,
    takahashi,
    tanaka,
    viewer_for,
)
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock

pytestmark = pytest.mark.django_db
BIRTH = {"birth_0": "昭和", "birth_1": "11", "birth_2": "５", "birth_3": "3"}
PERSON = {
    "name": "架空 ハル江",
    "kana": "かくう はるえ",
    "sex": "female",
    "kind": "older",
    **BIRTH,
    "postcode": "",
    "address": "",
    "building": "",
    "phone": "",
    "household": "alone",
    "insurer_number": "",
    "insured_number": "",
}
NEW = {**PERSON, "history_from": "joining"}


def register(client, **changes):
    return client.post(url("patient_register"), {**NEW, **changes})


# The list ----------------------------------------------------------------------------------


def test_the_list_holds_ones_own_persons_and_tells_of_no_other(takahashi_client):
    own = joined(takahashi(), name="架空 はま子")
    make_patient(name="架空 よその人")

    page = text_of(takahashi_client.get(url("patient_list")))

    assert own.name in page
    assert "よその人" not in page
    assert ">1人" in page


@pytest.mark.parametrize("words", ["ハマコ", "はまこ", "架空　浜子", "ﾊﾏｺ", "旧姓の"])
def test_a_person_is_found_by_name_reading_and_former_name(words):
    patient = joined(takahashi(), name="架空 浜子", kana="カクウ ハマコ")
    FormerName.objects.create(patient=patient, name="旧姓の 浜子", name_key="旧姓ノ浜子")
    joined(takahashi(), name="架空 別人", kana="カクウ ベツジン")

    assert list(patient_list(viewer_for(takahashi()), words=words)) == [patient]


def test_a_search_finds_nobody_outside_the_viewers_teams(takahashi_client):
    make_patient(name="架空 浜子", kana="カクウ ハマコ")

    page = text_of(takahashi_client.get(url("patient_list"), {"q": "浜子"}))

    assert "見つかりません" in page


def test_a_search_for_a_private_use_character_says_its_place(takahashi_client):
    page = text_of(takahashi_client.get(url("patient_list"), {"q": "浜\ue000"}))

    assert "2文字目に外字" in page


def test_the_list_shows_the_care_level_in_force_and_ended_persons_apart(takahashi_client):
    patient = joined(takahashi())
    today = clock.today()
    for level, first, last in (
        ("21", today - timedelta(days=900), today - timedelta(days=500)),
        ("23", today - timedelta(days=500), today + timedelta(days=30)),
    ):
        Certification.objects.create(
            patient=patient,
            state="2",
            level=level,
            period=(first, last),
            recorded_at=clock.now(),
        )
    ended = joined(takahashi(), name="架空 終子", closed_on=today, closed_because="moved")

    page = text_of(takahashi_client.get(url("patient_list")))

    assert "要介護3" in page
    assert "要介護1" not in page
    assert ended.name not in page
    assert ended.name in text_of(takahashi_client.get(url("patient_list") + "?state=closed"))


def test_rooms_above_add_columns_to_the_list(takahashi_client, monkeypatch):
    monkeypatch.setattr(columns, "_COLUMNS", {})
    patient = joined(takahashi())
    joined(takahashi())
    columns.register(
        columns.ListColumn(
            "new", "新しい書き込み", lambda _viewer, _ids: {patient.pk: "4件"}, "なし"
        )
    )

    page = text_of(takahashi_client.get(url("patient_list")))

    assert page.count("新しい書き込み") == page.count("<td>4件</td>") == page.count("<td>なし</td>")


def test_the_list_costs_the_same_for_one_and_three(takahashi_client):
    joined(takahashi())
    takahashi_client.get(url("patient_list"))
    counts = []
    for more in (0, 2):
        for _ in range(more):
            joined(takahashi())
        with CaptureQueriesContext(connection) as asked:
            takahashi_client.get(url("patient_list"))
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_an_empty_list_says_what_to_do(takahashi_client):
    assert "まだだれもいません" in text_of(takahashi_client.get(url("patient_list")))


def test_looking_at_the_list_is_written_down_without_the_words(takahashi_client):
    joined(takahashi())

    takahashi_client.get(url("patient_list"), {"q": "架空"})

    event = AuditEvent.objects.get(action="patient.list_read")
    assert event.detail == {"count": 1, "searched": True}


# Opening a record --------------------------------------------------------------------------


def test_registering_makes_ones_organisation_the_host_and_oneself_the_first_member(suzuki_client):
    response = register(suzuki_client, phone="０９９９ー００ー１２３４", postcode="９９９−０００１")

    patient = Patient.objects.get()
    member = TeamMember.objects.get()
    assert response.url == url("patient_detail", patient.uid)
    assert (patient.name, patient.kana, patient.birth_on) == (
        "架空 ハル江",
        "カクウ ハルエ",
        date(1936, 5, 3),
    )
    assert (patient.phone, patient.postcode) == ("0999-00-1234", "9990001")
    assert patient.host == membership_of(suzuki()).organisation
    assert (member.is_host, member.membership) == (True, membership_of(suzuki()))
    assert AuditEvent.objects.filter(action="patient.registered").count() == 1


def test_the_host_reads_the_new_record_and_nobody_else_does(suzuki_client, tanaka_client):
    register(suzuki_client)
    page = url("patient_detail", Patient.objects.get().uid)

    shown = suzuki_client.get(page)

    assert "同意を記録するまで" in text_of(shown)
    assert tanaka_client.get(page).status_code == 404


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        (("明治", "45", "7", "30"), date(1912, 7, 30)),
        (("大正", "元", "7", "30"), date(1912, 7, 30)),
        (("大正", "15", "12", "25"), date(1926, 12, 25)),
        (("昭和", "1", "12", "25"), date(1926, 12, 25)),
        (("西暦", "１９３６", "5", "3"), date(1936, 5, 3)),
        (("平成", "33", "3", "31"), date(2021, 3, 31)),
    ],
    ids=["明治45", "大正元", "大正15", "昭和1", "西暦", "平成33"],
)
def test_a_birthday_is_taken_in_any_era_that_had_the_day(suzuki_client, typed, day):
    register(suzuki_client, **{f"birth_{place}": part for place, part in enumerate(typed)})

    assert Patient.objects.get().birth_on == day


def test_the_cards_own_spelling_is_kept_and_shown(suzuki_client):
    register(suzuki_client, birth_0="平成", birth_1="33", birth_2="3", birth_3="31")
    patient = Patient.objects.get()

    page = text_of(suzuki_client.get(url("patient_detail", patient.uid)))

    assert "令和3年3月31日（2021年）生" in page
    assert "書かれたまま：平成33年3月31日" in page


def test_a_birthday_may_be_unknown_but_not_forgotten(suzuki_client):
    empty = {f"birth_{place}": part for place, part in enumerate(("昭和", "", "", ""))}

    refused = register(suzuki_client, **empty)
    register(suzuki_client, **empty, birth_unknown="on")

    assert refused.status_code == 422
    assert "「生年月日が分からない」に印を付けてください" in text_of(refused)
    assert Patient.objects.get().birth_on is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "架空 ハ\ue000江"}, "5文字目に外字（U+E000）があります"),
        ({"name": ""}, "氏名を入力してください。"),
        ({"kana": "Haru"}, "フリガナはカタカナで入力してください。"),
        ({"birth_1": "11", "birth_2": "2", "birth_3": "30"}, "1936年2月30日という日はありません"),
        ({"birth_1": ""}, "年・月・日をすべて入力してください。"),
        ({"birth_0": "令和", "birth_1": "90"}, "今日までの日付を入力してください。"),
        ({"birth_0": "慶応"}, "年号を選んでください。"),
        ({"birth_unknown": "on"}, "「分からない」の印を外してください。"),
        ({"postcode": "12"}, "郵便番号は7桁の数字で"),
        ({"phone": "れい"}, "電話番号は市外局番から"),
        ({"insurer_number": "992011"}, "検査数字が合いません"),
        ({"insured_number": "12"}, "被保険者番号は10桁の数字"),
        ({"level": "23"}, "認定状況を選んでください。"),
        ({"state": "2"}, "認定済のときは、要介護度を選んでください。"),
    ],
)
def test_what_cannot_be_right_is_refused_with_the_place_and_the_remedy(
    suzuki_client, changes, sentence
):
    response = register(suzuki_client, **changes)

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert Patient.objects.count() == 0


def test_numbers_of_the_insurance_are_kept_as_text(suzuki_client):
    register(suzuki_client, insured_number="Ｈ０００１２３４５６")

    assert Patient.objects.get().insured_number == "H000123456"


def test_a_certification_can_be_given_at_once_and_none_is_demanded(suzuki_client):
    register(
        suzuki_client,
        state="2",
        level="23",
        valid_from_0="令和",
        valid_from_1="7",
        valid_from_2="4",
        valid_from_3="1",
        valid_until_0="令和",
        valid_until_1="9",
        valid_until_2="3",
        valid_until_3="31",
    )

    row = Certification.objects.get()
    assert (row.period.lower, row.period.upper) == (date(2025, 4, 1), date(2027, 4, 1))


# Duplicates --------------------------------------------------------------------------------


def test_a_likely_second_record_of_ones_own_person_is_shown_first(suzuki_client):
    first = joined(suzuki(), name="架空 春江", kana="カクウ ハルエ")

    warned = register(suzuki_client)
    assert warned.status_code == 422
    assert first.name in text_of(warned)
    assert "名前と生年月日が同じ" in text_of(warned)

    register(suzuki_client, different="1")
    assert Patient.objects.count() == 2


def test_typing_somebody_elses_person_tells_nothing(suzuki_client, takahashi_client):
    """The same page, the same redirect, the same number of records shown: nobody is found out."""
    theirs = joined(
        takahashi(),
        name="架空 ハル江",
        kana="カクウ ハルエ",
        insured_number="0000000001",
        host=membership_of(takahashi()).organisation,
    )

    response = register(suzuki_client, insured_number="0000000001")

    mine = Patient.objects.exclude(pk=theirs.pk).get()
    assert response.status_code == 302
    assert theirs.host.name not in text_of(suzuki_client.get(response.url))
    # Noted in silence, for the hosts to learn once both persons agreed.
    assert PossibleDuplicate.objects.get().newer == mine


def test_a_name_and_a_day_alone_are_not_even_noted_across_hosts():
    theirs = joined(takahashi(), name="架空 ハル江", kana="カクウ ハルエ")

    register_patient(
        viewer=viewer_for(suzuki()),
        values={
            "name": "架空 ハル江",
            "kana": "カクウ ハルエ",
            "birth_on": theirs.birth_on,
        },
    )

    assert PossibleDuplicate.objects.count() == 0


@pytest.mark.parametrize(
    ("one", "other", "warned"),
    [
        ({"phone": "0999-00-1234", "birth_on": None}, {"phone": "0999001234"}, True),
        (
            {"address": "架空市北浜三丁目7番2号", "birth_on": None},
            {"address": "架空市北浜3-7-2"},
            True,
        ),
        ({"birth_on": None}, {}, False),
        ({"birth_on": date(1940, 1, 1), "phone": "0999-00-1234"}, {"phone": "0999001234"}, False),
    ],
    ids=["phone", "address", "name alone", "another birthday"],
)
def test_a_name_needs_a_day_or_a_place_to_be_alike(suzuki_client, one, other, warned):
    joined(suzuki(), name="架空 ハル江", kana="カクウ ハルエ", **one)

    assert (register(suzuki_client, **other).status_code == 422) is warned


# The person's page -------------------------------------------------------------------------


def test_the_page_of_a_person_is_logged_and_hidden_from_others(takahashi_client, tanaka_client):
    patient = joined(takahashi())
    page = url("patient_detail", patient.uid)

    assert takahashi_client.get(page).status_code == 200
    assert tanaka_client.get(page).status_code == 404

    event = AuditEvent.objects.get(action="patient.read")
    assert (event.target_id, event.detail) == (
        str(patient.uid),
        {"what": "基本情報", "via": "team"},
    )


def test_the_title_never_holds_a_name(takahashi_client):
    patient = joined(takahashi())

    page = text_of(takahashi_client.get(url("patient_detail", patient.uid)))

    assert "<title>基本情報｜連携</title>" in page


def test_not_allowed_looks_and_costs_like_not_found(tanaka_client, django_assert_max_num_queries):
    patient = joined(takahashi())
    answers = []
    for uid in (patient.uid, membership_of(tanaka()).uid):
        tanaka_client.get(url("patient_detail", uid))
        with django_assert_max_num_queries(30) as counted:
            response = tanaka_client.get(url("patient_detail", uid))
        answers.append((response.status_code, response.content, len(counted)))

    assert answers[0] == answers[1]
    assert answers[0][0] == 404


def test_family_details_wait_for_the_relatives_own_consent(suzuki_client, takahashi_client):
    patient = joined(suzuki())
    add_member(patient, takahashi())
    daughter = Relative.objects.create(
        patient=patient, name="架空 さと子", phone="090-0000-0412", relation="長女"
    )
    page = url("patient_detail", patient.uid)

    assert daughter.name in text_of(suzuki_client.get(page))
    waiting = text_of(takahashi_client.get(page))
    consent(patient, subject="relative", relative=daughter)

    assert "家族の同意待ち" in waiting
    assert daughter.name not in waiting
    assert daughter.phone not in waiting
    assert daughter.phone in text_of(takahashi_client.get(page))


def test_allergies_are_shown_to_those_who_read_emergency_content_only(suzuki_client):
    patient = make_patient(consented=False)
    add_member(patient, suzuki())
    page = url("patient_detail", patient.uid)

    without = text_of(suzuki_client.get(page))
    consent(patient)

    opened = text_of(suzuki_client.get(page))
    assert "アレルギー" not in without
    assert "救急の画面" not in without
    assert "アレルギー：記録なし" in opened
    assert "救急の画面" in opened


# Correcting --------------------------------------------------------------------------------


def test_a_corrected_value_keeps_the_one_before_and_can_be_undone(takahashi_client):
    patient = joined(takahashi(), name="架空 春江", kana="カクウ ハルエ", phone="0999-00-0001")
    edit = url("patient_edit", patient.uid)

    takahashi_client.post(edit, {**PERSON, "phone": "0999-00-0002"})
    patient.refresh_from_db()
    changes = text_of(takahashi_client.get(url("change_list", patient.uid)))
    change = RecordChange.objects.get(field="phone")
    takahashi_client.post(url("change_undo", patient.uid, change.uid))

    assert (patient.name, patient.phone) == ("架空 ハル江", "0999-00-0002")
    assert "0999-00-0001" in changes
    assert FormerName.objects.get().name == "架空 春江"
    patient.refresh_from_db()
    assert patient.phone == "0999-00-0001"
    event = AuditEvent.objects.get(action="patient.corrected")
    assert "0999" not in str(event.detail)


def test_a_birthday_can_be_put_back_and_an_old_change_cannot_overrule_a_newer_one(
    takahashi_client,
):
    patient = joined(takahashi(), name="架空 ハル江", kana="カクウ ハルエ")
    edit = url("patient_edit", patient.uid)
    for year in ("12", "13"):
        takahashi_client.post(edit, {**PERSON, "birth_1": year})
    old, new = RecordChange.objects.filter(field="birth_on").order_by("pk")

    refused = takahashi_client.post(url("change_undo", patient.uid, old.uid), follow=True)
    takahashi_client.post(url("change_undo", patient.uid, new.uid))

    assert "その後に変わっています" in text_of(refused)
    patient.refresh_from_db()
    assert patient.birth_on == date(1937, 5, 3)


def test_an_observer_reads_and_corrects_nothing(takahashi_client):
    patient = make_patient()
    add_member(patient, takahashi(), is_observer=True)

    assert takahashi_client.get(url("patient_detail", patient.uid)).status_code == 200
    assert takahashi_client.get(url("patient_edit", patient.uid)).status_code == 404


def test_a_change_of_the_care_level_ends_the_one_before(takahashi_client):
    patient = joined(takahashi())
    for level, year in (("21", "7"), ("23", "8")):
        takahashi_client.post(
            url("certification_add", patient.uid),
            {
                "state": "2",
                "level": level,
                "valid_from_0": "令和",
                "valid_from_1": year,
                "valid_from_2": "4",
                "valid_from_3": "1",
                "valid_until_0": "令和",
                "valid_until_1": "10",
                "valid_until_2": "3",
                "valid_until_3": "31",
            },
        )

    rows = Certification.objects.order_by("pk")
    assert [(row.level, row.period.upper) for row in rows] == [
        ("21", date(2026, 4, 1)),
        ("23", date(2028, 4, 1)),
    ]


def test_a_judged_independence_is_kept_beside_the_earlier_ones(takahashi_client):
    patient = joined(takahashi())
    day = {f"judged_{place}": part for place, part in enumerate(("西暦", "2026", "1", "5"))}
    for step in ("21", "22"):
        takahashi_client.post(
            url("independence_add", patient.uid), {"disability": step, "dementia": "", **day}
        )
    neither = takahashi_client.post(url("independence_add", patient.uid), day)

    page = text_of(takahashi_client.get(url("patient_detail", patient.uid)))
    assert neither.status_code == 422
    assert "A1" in page
    assert "A2" in page


def test_a_closed_record_is_not_corrected():
    patient = joined(suzuki(), closed_on=clock.today(), closed_because="moved")
    client = sign_in(Client(), suzuki())

    page = text_of(client.get(url("patient_detail", patient.uid)))

    assert "読むことだけができます" in page
    assert client.get(url("patient_edit", patient.uid)).status_code == 404
    assert Consent.objects.count() == 1
