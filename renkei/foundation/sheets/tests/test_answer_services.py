"""Recording, drafting, joining and disposing of answers."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from renkei.foundation.accounts.tests.factories import sato, suzuki, takahashi, viewer_for
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common.clock import TOKYO
from renkei.foundation.sheets import services
from renkei.foundation.sheets.answers import empty_content, values_of
from renkei.foundation.sheets.definition import parse
from renkei.foundation.sheets.models import Answer, Draft
from renkei.foundation.sheets.queries import (
    answer_of,
    answers_of,
    draft_for,
    drafts_of,
    latest_answer,
    previous_answer,
)
from renkei.foundation.sheets.tests.factories import (
    content,
    extension,
    item,
    make_answer,
    make_version,
    options,
    questionnaire,
)

pytestmark = pytest.mark.django_db
SUBJECT = uuid4()


@pytest.fixture
def version():
    return make_version()


@pytest.fixture
def nurse():
    return viewer_for(takahashi())


@pytest.fixture
def manager():
    return viewer_for(suzuki())


def values(version, stored):
    return values_of(stored, parse(version.questionnaire))


def record(version, given, **changes):
    facts = {
        "actor": SYSTEM,
        "version": version,
        "subject_uid": SUBJECT,
        "content": given,
        "source": "web",
        "organisation_id": None,
    }
    return services.record_answer(**(facts | changes))


def save(version, viewer, given, **changes):
    facts = {
        "actor": viewer.actor,
        "version": version,
        "subject_uid": SUBJECT,
        "content": given,
        "organisation_id": viewer.organisation_id,
    }
    return services.save_draft(**(facts | changes))


def test_an_answer_keeps_who_when_where_and_how(version, nurse):
    answer = record(
        version,
        content(version, name="架空 花子", weight="５２．５"),
        actor=nurse.actor,
        organisation_id=nurse.organisation_id,
        source="excel",
    )

    assert (answer.author_id, answer.membership_id) == (nurse.user_id, nurse.membership_id)
    assert (answer.organisation_id, answer.source) == (nurse.organisation_id, "excel")
    assert answer.content["status"] == "completed"
    assert answer.content["authored"] == answer.answered_at.isoformat()
    assert [str(one) for one in values(version, answer.content)["weight"]] == ["52.5"]
    event = AuditEvent.objects.get(action="sheets.answered")
    assert (event.target_id, event.detail["form"]) == (str(answer.uid), "test_form")


def test_an_answer_that_is_not_right_is_refused_with_its_places(version):
    with pytest.raises(services.AnswerRefusedError) as caught:
        record(version, content(version, weight="重い"))

    assert [one.path for one in caught.value.problems] == ["name", "weight"]
    assert Answer.objects.count() == 0


def test_an_edition_being_written_takes_no_answer():
    version = make_version(publish=False)

    with pytest.raises(ValidationError, match="まだ公開されていません"):
        record(version, content(version, name="甲"))
    with pytest.raises(ValidationError, match="まだ公開されていません"):
        services.save_draft(
            actor=SYSTEM, version=version, subject_uid=SUBJECT, content={}, organisation_id=None
        )


def test_the_same_number_twice_is_one_answer(version):
    number = uuid4()
    first = record(version, content(version, name="甲"), client_uid=number)
    again = record(version, content(version, name="甲"), client_uid=number)

    assert again == first
    with pytest.raises(ValidationError, match="別の回答"):
        record(version, content(version, name="甲"), client_uid=number, subject_uid=uuid4())


def test_an_answer_keeps_only_what_was_asked():
    version = make_version(
        item("fall", "choice", "転倒", answerOption=options(("1", "あり"), ("2", "なし"))),
        item(
            "where",
            "string",
            "場所",
            enableWhen=[{"question": "fall", "operator": "=", "answerCoding": {"code": "1"}}],
        ),
    )

    answer = record(version, content(version, fall="なし", where="廊下"))

    assert list(values(version, answer.content)) == ["fall"]


def test_paper_is_judged_by_the_options_of_its_day():
    listed = options(("1", "旧"), ("2", "新"))
    listed[0]["extension"] = [extension("valid-to", date="2026-04-01")]
    version = make_version(item("a", "choice", "区分", answerOption=listed))
    given = content(version, a="旧")

    old = record(version, given, answered_at=datetime(2026, 3, 31, 23, 59, tzinfo=TOKYO))

    assert old.answered_at.isoformat() == "2026-03-31T23:59:00+09:00"
    with pytest.raises(services.AnswerRefusedError):
        record(version, given, answered_at=datetime(2026, 4, 1, tzinfo=TOKYO))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE sheets_answer SET content = '{}'",
        "UPDATE sheets_answer SET author_id = NULL",
        "DELETE FROM sheets_answer",
    ],
)
def test_the_database_refuses_to_change_an_answer(version, statement):
    make_answer(version, SUBJECT, name="甲")

    with (
        pytest.raises(DatabaseError, match="回答は追加だけできます"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_disposal_takes_every_answer_of_one_subject_and_no_other(version, nurse):
    other = uuid4()
    kept = make_answer(version, other, name="乙")
    first = make_answer(version, SUBJECT, name="甲")
    record(version, content(version, name="甲一"), replaces=first)
    save(version, nurse, content(version, name="甲二"), base_answer=first)

    count = services.destroy_answers(actor=SYSTEM, subject_uid=SUBJECT)

    assert count == 2
    assert list(Answer.objects.all()) == [kept]
    assert Draft.objects.count() == 0
    assert AuditEvent.objects.get(action="sheets.answers_destroyed").detail == {"count": 2}
    with pytest.raises(DatabaseError), transaction.atomic():
        Answer.objects.filter(subject_uid=other).delete()


def test_new_editions_never_change_old_answers():
    first = make_version(item("name", "string", "氏名"))
    answer = make_answer(first, SUBJECT, name="甲")
    before = (answer.content, answer.version.questionnaire)

    second = services.start_version(actor=SYSTEM, form=first.form)
    services.save_definition(
        actor=SYSTEM,
        version=second,
        questionnaire=questionnaire(item("full", "string", "フルネーム")),
        revision=0,
    )
    second.refresh_from_db()
    services.publish_version(actor=SYSTEM, version=second, valid_from=datetime.now(TOKYO).date())

    answer = Answer.objects.get()
    assert (answer.content, answer.version.questionnaire) == before
    assert parse(answer.version.questionnaire).item("name").label == "氏名"


def test_answers_come_newest_first_and_only_of_their_subject(version):
    first = make_answer(version, SUBJECT, name="甲")
    second = record(version, content(version, name="甲"), replaces=first)
    third = make_answer(version, SUBJECT, name="甲")
    make_answer(version, uuid4(), name="乙")
    make_answer(make_version(code="other_form"), SUBJECT, name="甲")

    assert list(answers_of(SUBJECT, version.form)) == [third, second, first]
    assert list(answers_of(SUBJECT, "test_form")) == [third, second, first]
    assert answers_of(SUBJECT).count() == 4
    assert latest_answer("test_form", SUBJECT) == third
    assert latest_answer("test_form", uuid4()) is None
    assert previous_answer(third) == second
    assert previous_answer(second) == first
    assert previous_answer(first) is None
    assert answer_of(SUBJECT, first.uid) == first
    with pytest.raises(Answer.DoesNotExist):
        answer_of(uuid4(), first.uid)


# Drafts -----------------------------------------------------------------------------------


def test_a_draft_keeps_what_is_not_right_yet(version, nurse):
    draft = save(version, nurse, content(version, weight="重い\x00"))

    assert values(version, draft.content) == {"weight": ["重い"]}
    assert draft_for(version, SUBJECT, organisation_id=nurse.organisation_id) == draft
    assert draft_for(version, SUBJECT, organisation_id=None) is None


def test_saving_again_writes_one_event_per_author(version, nurse):
    for weight in (50, 51, 52):
        save(version, nurse, content(version, weight=weight))

    assert Draft.objects.get().revision == 3
    assert AuditEvent.objects.filter(action="sheets.draft_started").count() == 1
    save(
        version,
        viewer_for(sato()),
        content(version, weight=53),
        organisation_id=nurse.organisation_id,
    )
    assert AuditEvent.objects.filter(action="sheets.draft_started").count() == 2


def test_offices_have_drafts_of_their_own(version, nurse, manager):
    save(version, nurse, content(version, weight=50))
    save(version, manager, content(version, weight=60))

    assert Draft.objects.count() == 2
    mine = drafts_of(SUBJECT, organisation_id=manager.organisation_id)
    assert [values(version, one.content) for one in mine] == [{"weight": [60]}]


def test_t_d6_colleagues_writing_in_different_sections_both_survive(version, nurse):
    base = empty_content(parse(version.questionnaire))
    office = nurse.organisation_id
    save(version, nurse, content(version, name="架空 花子"), base=base)
    draft = save(
        version, viewer_for(sato()), content(version, weight=52), base=base, organisation_id=office
    )

    assert values(version, draft.content) == {"name": ["架空 花子"], "weight": [52]}
    assert not draft.has_conflicts


def test_t_d6_the_same_field_shows_both_until_one_is_chosen(version, nurse):
    base = empty_content(parse(version.questionnaire))
    colleague = viewer_for(sato())
    save(version, nurse, content(version, name="甲", weight=50), base=base)
    draft = save(
        version,
        colleague,
        content(version, name="甲", weight=52),
        base=base,
        organisation_id=nurse.organisation_id,
    )

    (conflict,) = draft.conflicts
    assert (conflict["mine_shown"], conflict["theirs_shown"]) == ("52", "50")
    assert (conflict["mine_by"], conflict["theirs_by"]) == (colleague.user_id, nurse.user_id)
    with pytest.raises(services.ConflictsError, match="体重"):
        services.send_draft(actor=colleague.actor, draft=draft)
    unchanged = services.resolve_conflicts(
        actor=colleague.actor, draft=draft, choices={"weight": "x", "name": "mine"}
    )
    assert unchanged.has_conflicts
    chosen = services.resolve_conflicts(
        actor=colleague.actor, draft=draft, choices={"weight": "mine"}
    )
    answer = services.send_draft(actor=colleague.actor, draft=chosen)
    assert values(version, answer.content) == {"name": ["甲"], "weight": [52]}


def test_t_d6_typing_on_in_a_conflict_keeps_whose_the_other_is(version, nurse):
    base = empty_content(parse(version.questionnaire))
    colleague = viewer_for(sato())
    office = nurse.organisation_id
    save(version, nurse, content(version, weight=50), base=base)
    first = content(version, weight=52)
    save(version, colleague, first, base=base, organisation_id=office)
    draft = save(
        version, colleague, content(version, weight=53), base=first, organisation_id=office
    )

    (conflict,) = draft.conflicts
    assert (conflict["mine_shown"], conflict["theirs_by"]) == ("53", nurse.user_id)


def test_t_d6_two_offices_offline_both_survive_when_they_send(version, nurse, manager):
    start = make_answer(version, SUBJECT, name="甲", weight=50)
    by_nurse = save(version, nurse, content(version, name="甲", weight=48), base_answer=start)
    by_manager = save(version, manager, content(version, name="甲一", weight=50), base_answer=start)

    first = services.send_draft(actor=nurse.actor, draft=by_nurse)
    second = services.send_draft(actor=manager.actor, draft=by_manager)

    assert first.replaces == start
    assert second.replaces == first
    assert values(version, second.content) == {"name": ["甲一"], "weight": [48]}
    assert Draft.objects.count() == 0


def test_t_d6_two_offices_with_the_same_field_lose_nothing(version, nurse, manager):
    start = make_answer(version, SUBJECT, name="甲", weight=50)
    by_nurse = save(version, nurse, content(version, name="甲", weight=48), base_answer=start)
    by_manager = save(version, manager, content(version, name="甲", weight=51), base_answer=start)
    services.send_draft(actor=nurse.actor, draft=by_nurse)

    with pytest.raises(services.ConflictsError) as caught:
        services.send_draft(actor=manager.actor, draft=by_manager)

    draft = Draft.objects.get()
    assert caught.value.draft == draft
    assert (draft.conflicts[0]["mine_shown"], draft.conflicts[0]["theirs_shown"]) == ("51", "48")
    chosen = services.resolve_conflicts(
        actor=manager.actor, draft=draft, choices={"weight": "theirs"}
    )
    assert values(version, services.send_draft(actor=manager.actor, draft=chosen).content) == {
        "name": ["甲"],
        "weight": [48],
    }


def test_a_refused_draft_stays(version, nurse):
    draft = save(version, nurse, content(version, weight=50))

    with pytest.raises(services.AnswerRefusedError):
        services.send_draft(actor=nurse.actor, draft=draft)

    assert Draft.objects.get() == draft


def test_a_draft_is_thrown_away_alone(version, nurse):
    answer = make_answer(version, SUBJECT, name="甲")
    draft = save(version, nurse, content(version, name="乙"), base_answer=answer)

    services.discard_draft(actor=nurse.actor, draft=draft)

    assert Draft.objects.count() == 0
    assert Answer.objects.get() == answer
    assert AuditEvent.objects.filter(action="sheets.draft_discarded").count() == 1
