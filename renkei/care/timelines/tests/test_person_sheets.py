"""Sheets of a person: filled with what is known, told in the room, joined by sections (T-D6)."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from psycopg.types.range import Range

from renkei.care.patients.models import (
    Certification,
    Consent,
    ConsentDecision,
    ConsentSubject,
    DisclosureRule,
    DisclosureTable,
    Independence,
    Provider,
    Relative,
)
from renkei.care.patients.tests.factories import (
    add_family,
    add_member,
    consent,
    family_user,
    make_patient,
)
from renkei.care.timelines.models import Entry
from renkei.care.timelines.prefill import prefill_values
from renkei.care.timelines.registrations_visit import sheets_box
from renkei.care.timelines.services import posting
from renkei.care.timelines.sheet_queries import person_sheets
from renkei.care.timelines.tests.factories import (
    door,
    family_room,
    staff_room,
    team_patient,
)
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.accounts.tests.factories import suzuki, takahashi, tanaka
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock
from renkei.foundation.sheets.models import Answer, Draft
from renkei.foundation.sheets.tests.factories import extension, item, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Any:
    return team_patient(name="架空 ハル江", kana="カクウ ハルエ")


@pytest.fixture
def version() -> Any:
    return make_version(
        item("name", "string", "氏名", extension=[extension("prefill", code="patient.name")]),
        item("move", "string", "移動"),
        item("drugs", "string", "服薬"),
        code="sharing_sheet",
        name="情報共有シート",
    )


@pytest.fixture
def nurse() -> Client:
    return accounts.sign_in(Client(), takahashi())


@pytest.fixture
def manager() -> Client:
    return accounts.sign_in(Client(), suzuki())


def fill_url(person, code: str = "sharing_sheet") -> str:
    return reverse("timelines:sheet_fill", args=[person.uid, code])


def sheet_url(name: str, person, answer, *more: str) -> str:
    return reverse(f"timelines:{name}", args=[person.uid, answer.uid, *more])


def write(client: Client, person, code: str = "sharing_sheet", **fields: str) -> Any:
    """Check, then send, as the two buttons do."""
    check = client.post(fill_url(person, code), {"act": "check", **fields})
    assert check.status_code == 200, check.content.decode()
    return client.post(fill_url(person, code), {"act": "send", **fields})


def test_t_d6_a_sheet_begins_with_what_the_record_knows(person, version, nurse):
    page = nurse.get(fill_url(person)).content.decode()

    assert 'value="架空 ハル江"' in page


def test_t_d6_a_sent_sheet_is_told_in_the_room_once_with_what_changed(person, version, nurse):
    write(nurse, person, name="架空 ハル江", move="つたい歩き")
    response = write(nurse, person, name="架空 ハル江", move="歩行器", drugs="追加")

    newest = Answer.objects.latest("pk")
    assert response["Location"] == sheet_url("answer_detail", person, newest)
    first, second = Entry.objects.order_by("number")
    assert first.text == "様式を新しく書きました：情報共有シート（第1版）"
    assert second.text == "様式を更新しました：情報共有シート\n変わった所：移動、服薬"
    assert second.client_uid == newest.uid
    page = nurse.get(response["Location"]).content.decode()
    assert "つたい歩き" in page
    assert "これまでの記入（2件）" in page


def test_a_sheet_that_cannot_be_told_is_not_sent(person, version, nurse, monkeypatch):
    def fail(_entry: Any) -> None:
        raise ValidationError("いまは出せません。")

    monkeypatch.setattr(posting, "run_after_posting", fail)

    response = write(nurse, person, name="架空 ハル江", move="つたい歩き")

    assert response.status_code == 200
    assert "いまは出せません。" in response.content.decode()
    assert (Answer.objects.count(), Entry.objects.count(), Draft.objects.count()) == (0, 0, 1)


def test_t_d6_two_people_in_different_sections_both_survive(person, version, nurse, manager):
    write(nurse, person, name="架空 ハル江", move="つたい歩き", drugs="なし")
    # Both begin from the same answer, each in the draft of their own office.
    nurse.post(
        fill_url(person),
        {"act": "refresh", "name": "架空 ハル江", "move": "歩行器", "drugs": "なし"},
    )
    manager.post(
        fill_url(person),
        {"act": "refresh", "name": "架空 ハル江", "move": "つたい歩き", "drugs": "追加"},
    )

    write(nurse, person, name="架空 ハル江", move="歩行器", drugs="なし")
    fields = {"name": "架空 ハル江", "move": "つたい歩き", "drugs": "追加"}
    manager.post(fill_url(person), {"act": "send", **fields})
    if Draft.objects.exists():  # joined: the writer looks at it once more
        write(manager, person, **(fields | {"move": "歩行器"}))

    content = json.dumps(Answer.objects.latest("pk").content, ensure_ascii=False)
    assert "歩行器" in content
    assert "追加" in content


def test_t_d6_the_same_field_changed_by_two_is_a_conflict_with_both_versions(
    person, version, nurse, manager
):
    write(nurse, person, name="架空 ハル江", move="つたい歩き")
    nurse.post(fill_url(person), {"act": "refresh", "name": "架空 ハル江", "move": "歩行器"})
    manager.post(fill_url(person), {"act": "refresh", "name": "架空 ハル江", "move": "車いす"})
    write(nurse, person, name="架空 ハル江", move="歩行器")

    page = manager.post(
        fill_url(person), {"act": "send", "name": "架空 ハル江", "move": "車いす"}
    ).content.decode()

    assert "歩行器" in page
    assert "車いす" in page
    assert Draft.objects.get().has_conflicts
    assert Answer.objects.count() == 2


def test_a_draft_is_saved_while_typing(person, version, nurse):
    saved = nurse.post(fill_url(person), {"act": "autosave", "move": "歩行器"})

    assert saved.status_code == 200
    assert "保存しました" in saved.json()["saved"]
    assert (
        "続きを書く"
        in nurse.get(reverse("timelines:sheet_list", args=[person.uid])).content.decode()
    )


def test_a_new_edition_begins_with_today_and_who_writes_now(person, nurse, manager):
    make_version(
        item("day", "date", "記入日", extension=[extension("prefill", code="today")]),
        item("who", "string", "記入者", extension=[extension("prefill", code="author.name")]),
        item("sex", "string", "性別", extension=[extension("prefill", code="patient.sex")]),
        item("move", "string", "移動"),
        code="sharing_sheet",
        name="情報共有シート",
    )
    day = {"day~y": "2020-01-02"}
    write(manager, person, **day, who="鈴木", move="杖")

    page = nurse.get(fill_url(person)).content.decode()

    assert 'value="2020"' not in page
    assert 'value="鈴木"' not in page
    assert 'value="杖"' in page


def test_the_list_shows_what_changed_and_what_was_never_written(person, version, nurse):
    make_version(code="other", name="別の様式")
    write(nurse, person, name="架空 ハル江", move="つたい歩き")
    write(nurse, person, name="架空 ハル江", move="歩行器")

    page = nurse.get(reverse("timelines:sheet_list", args=[person.uid])).content.decode()

    assert '<del class="was">つたい歩き</del>' in page
    assert "まだ書いていません" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_queries(person, nurse, django_assert_max_num_queries, count):
    for number in range(count):
        make_version(code=f"form{number}", name=f"様式{number}")
    url = reverse("timelines:sheet_list", args=[person.uid])
    nurse.get(url)

    with django_assert_max_num_queries(45) as asked:
        nurse.get(url)
    make_version(code="another", name="もう一つ")
    with django_assert_max_num_queries(len(asked)):
        nurse.get(url)


@pytest.mark.parametrize("kind", ["pdf", "xlsx", "json"])
def test_files_of_an_answer_are_read_with_a_log_and_named_after_nobody(
    person, version, nurse, kind
):
    write(nurse, person, name="架空 ハル江", move="歩行器")
    answer = Answer.objects.get()

    response = nurse.get(sheet_url("answer_file", person, answer, kind))

    assert response.status_code == 200
    assert "ハル江" not in response["Content-Disposition"]
    assert response["Cache-Control"] == "private, no-store"
    reads = AuditEvent.objects.filter(action="patient.read")
    assert reads.latest("pk").detail["what"] == "様式（ファイル）"
    if kind == "xlsx":
        assert load_workbook(io.BytesIO(response.content)).worksheets
    if kind == "pdf":
        assert response.content.startswith(b"%PDF")


def test_unknown_files_and_answers_are_not_found(person, version, nurse):
    write(nurse, person, name="架空 ハル江")
    answer = Answer.objects.get()
    other = team_patient(name="架空 別人")

    assert nurse.get(sheet_url("answer_file", person, answer, "exe")).status_code == 404
    assert nurse.get(sheet_url("answer_file", person, answer, "office")).status_code == 404
    assert nurse.get(sheet_url("answer_detail", other, answer)).status_code == 404
    assert nurse.get(fill_url(person, "nothing")).status_code == 404


def test_wishes_need_their_own_consent_and_the_entry_tells_nothing_of_them(nurse):
    person = make_patient(consented=False)
    consent(person, content_classes=["basic", "timeline", "sheets"])
    add_member(person, takahashi())
    make_version(item("wish", "string", "希望"), code="acp_note", name="話し合いの記録")

    assert nurse.get(fill_url(person, "acp_note")).status_code == 404
    Consent.objects.update(content_classes=["basic", "timeline", "wishes"])
    write(nurse, person, "acp_note", wish="家にいたい")

    assert Entry.objects.get().text == "様式を更新しました：話し合いの記録"
    page = nurse.get(reverse("timelines:sheet_list", args=[person.uid])).content.decode()
    assert "話し合いの記録" in page


def test_t_ism2_a_form_kept_from_a_profession_is_not_there(person, version, nurse, manager):
    write(nurse, person, name="架空 ハル江")
    table = DisclosureTable.objects.create(
        number=1, proposed_at=clock.now(), in_force_since=clock.now()
    )
    DisclosureRule.objects.create(
        table=table, document_type="sharing_sheet", label="情報共有シート", professions=["看護師"]
    )
    answer = Answer.objects.get()

    assert nurse.get(sheet_url("answer_detail", person, answer)).status_code == 200
    assert manager.get(sheet_url("answer_detail", person, answer)).status_code == 404
    assert manager.get(fill_url(person)).status_code == 404


def test_others_and_family_do_not_learn_of_sheets(person, version, nurse):
    write(nurse, person, name="架空 ハル江")
    add_family(person)
    answer = Answer.objects.get()
    stranger = accounts.sign_in(Client(), tanaka())
    family = accounts.sign_in(Client(), family_user())

    for client in (stranger, family):
        for url in (
            reverse("timelines:sheet_list", args=[person.uid]),
            fill_url(person),
            sheet_url("answer_detail", person, answer),
            sheet_url("answer_file", person, answer, "pdf"),
        ):
            known = client.get(url)
            unknown = client.get(url.replace(str(person.uid), str(uuid4())))
            assert (known.status_code, known.content) == (404, unknown.content)
    assert sheets_box(door(family_user(), family_room(person))) is None


def test_an_observer_reads_and_does_not_write(person, version, nurse):
    write(nurse, person, name="架空 ハル江")
    person.team.filter(membership__user=takahashi()).update(is_observer=True)

    assert nurse.get(sheet_url("answer_detail", person, Answer.objects.get())).status_code == 200
    assert nurse.get(fill_url(person)).status_code == 404


def test_the_box_beside_the_story_shows_written_sheets_only(person, version, nurse):
    make_version(code="other", name="別の様式")
    write(nurse, person, name="架空 ハル江", move="歩行器")

    box = sheets_box(door(takahashi(), staff_room(person)))

    assert box is not None
    assert [sheet.version.form.name for sheet in box["sheets"]] == ["情報共有シート"]


def test_a_new_edition_is_compared_by_field(person, version, nurse):
    write(nurse, person, name="架空 ハル江", move="つたい歩き")
    from renkei.foundation.audit.actors import SYSTEM
    from renkei.foundation.sheets import services

    draft = services.start_version(actor=SYSTEM, form=version.form)
    services.publish_version(actor=SYSTEM, version=draft, valid_from=clock.today())
    write(nurse, person, name="架空 ハル江", move="歩行器")

    [sheet] = person_sheets(accounts.viewer_for(takahashi()), door(takahashi(), staff_room(person)))
    assert [(one.label, one.before, one.after) for one in sheet.changes] == [
        ("移動", "つたい歩き", "歩行器")
    ]
    assert sheet.answer_count == 2


def test_prefill_knows_the_person_the_care_around_and_the_writer(person):
    today = clock.today()
    Certification.objects.create(
        patient=person, state="2", level="23", recorded_at=clock.now(),
        period=Range(today - timedelta(days=30), today + timedelta(days=30)),
    )  # fmt: skip
    Independence.objects.create(patient=person, disability="21", dementia="03", judged_on=today)
    agreeing = Relative.objects.create(
        patient=person, name="架空 さと", relation="長女", phone="0999-00-1111",
        is_key_person=True, is_main_carer=True,
    )  # fmt: skip
    consent(
        person, subject=ConsentSubject.RELATIVE, relative=agreeing, decision=ConsentDecision.AGREED
    )
    Provider.objects.create(
        patient=person, role="main_doctor", name="架空医院", person_name="白井 透",
        phone="0999-00-3333", period=Range(today, None),
    )  # fmt: skip

    known = prefill_values(door(takahashi(), staff_room(person)))

    assert known["patient.name"] == "架空 ハル江"
    assert known["patient.care_level"] == "要介護3"
    assert known["patient.disability_independence"] == "A1"
    assert known["key_person.name"] == known["main_carer.name"] == "架空 さと"
    assert (known["doctor.name"], known["doctor.organisation"]) == ("白井 透", "架空医院")
    assert known["author.profession"] == "看護師"
    assert "station.name" not in known


def test_prefill_leaves_out_relatives_who_did_not_agree(person):
    Relative.objects.create(patient=person, name="架空 だまり", is_key_person=True)
    person.birth_on = None
    person.save()

    known = prefill_values(door(takahashi(), staff_room(person)))

    assert "key_person.name" not in known
    assert "patient.birth_date" not in known
