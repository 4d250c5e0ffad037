"""Editions, sharing along agreements (T-H1), and the shipped forms."""

from __future__ import annotations

from datetime import date
from io import StringIO
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import DatabaseError, transaction

from renkei.foundation.areas.agreements import (
    agreements_in_force,
    join_agreement,
    leave_agreement,
    make_agreement,
    members_on,
)
from renkei.foundation.areas.tests.factories import make_area
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.sheets import services
from renkei.foundation.sheets.definition import BrokenDefinitionError, parse
from renkei.foundation.sheets.fhir_checks import questionnaire_mistakes, response_mistakes
from renkei.foundation.sheets.models import Form, FormAdoption, FormVersion, VersionState
from renkei.foundation.sheets.queries import (
    answers_of,
    draft_versions,
    forms_owned_by,
    forms_visible_to,
    listed_forms,
    offered_forms,
    shares_of,
    version_in_force,
    versions_in_force,
    versions_visible_to,
)
from renkei.foundation.sheets.shipped import FORMS
from renkei.foundation.sheets.tests.factories import (
    item,
    make_answer,
    make_version,
    questionnaire,
)

pytestmark = pytest.mark.django_db
APRIL = date(2026, 4, 1)


def publish(version, valid_from, **facts):
    return services.publish_version(actor=SYSTEM, version=version, valid_from=valid_from, **facts)


def next_edition(form, valid_from):
    return publish(services.start_version(actor=SYSTEM, form=form), valid_from)


def test_an_edition_ends_where_the_next_begins():
    first = make_version(valid_from=date(2024, 4, 1))
    second = next_edition(first.form, APRIL)

    assert version_in_force("test_form", on=date(2026, 3, 31)) == first
    assert version_in_force("test_form", on=APRIL) == second
    first.refresh_from_db()
    assert first.last_day == date(2026, 3, 31)
    assert (second.questionnaire["version"], second.questionnaire["status"]) == ("2", "active")
    with pytest.raises(FormVersion.DoesNotExist):
        version_in_force("test_form", on=date(2024, 3, 31))
    with pytest.raises(ValidationError, match="第2版を2026年4月1日から使っています"):
        next_edition(first.form, APRIL)


def test_publishing_keeps_issuer_source_and_what_is_unconfirmed():
    version = make_version(publish=False)

    published = publish(
        version, APRIL, issuer="架空市", source="市の要綱", unconfirmed=["項目3は未確認です。"]
    )

    assert (published.issuer, published.source) == ("架空市", "市の要綱")
    assert published.unconfirmed == ["項目3は未確認です。"]
    with pytest.raises(ValidationError, match="すでに公開されています"):
        publish(version, APRIL)


def test_a_form_without_questions_or_outside_fhir_is_not_published():
    empty = make_version(item("d", "display", "説明"), publish=False)
    odd = make_version(item("a", "string", "氏名", code="x"), code="odd", publish=False)

    with pytest.raises(BrokenDefinitionError, match="質問がありません"):
        publish(empty, APRIL)
    with pytest.raises(BrokenDefinitionError, match="FHIRの形に合いません"):
        publish(odd, APRIL)


@pytest.mark.parametrize("field", ["questionnaire", "number", "state"])
def test_the_database_refuses_to_change_a_published_edition(field):
    version = make_version()
    changed = {"questionnaire": {}, "number": 9, "state": "draft"}

    with pytest.raises(DatabaseError, match="公開した版は変えられません"), transaction.atomic():
        FormVersion.objects.filter(pk=version.pk).update(**{field: changed[field]})
    with pytest.raises(DatabaseError, match="公開した版は変えられません"), transaction.atomic():
        version.delete()


def test_a_withdrawn_edition_gives_way_to_the_one_before():
    first = make_version(valid_from=date(2024, 4, 1))
    second = next_edition(first.form, APRIL)
    answer = make_answer(second, uuid4(), name="甲")

    instead = services.withdraw_version(actor=SYSTEM, version=second)

    assert instead == first
    assert version_in_force("test_form", on=date(2026, 5, 1)) == first
    assert answers_of(answer.subject_uid).get().version == second
    with pytest.raises(ValidationError, match="公開中の版ではありません"):
        services.withdraw_version(actor=SYSTEM, version=second)
    assert services.withdraw_version(actor=SYSTEM, version=first) is None
    with pytest.raises(FormVersion.DoesNotExist):
        version_in_force("test_form", on=date(2026, 5, 1))


def test_two_editors_do_not_overwrite_each_other():
    version = make_version(publish=False)
    new = questionnaire(item("a", "string", "一"))
    services.save_definition(actor=SYSTEM, version=version, questionnaire=new, revision=0)

    with pytest.raises(ValidationError, match="ほかの人がこの版を先に直しました"):
        services.save_definition(actor=SYSTEM, version=version, questionnaire=new, revision=0)

    version.refresh_from_db()
    assert (version.revision, version.questionnaire["title"]) == (1, "架空の様式")
    with pytest.raises(BrokenDefinitionError):
        services.save_definition(
            actor=SYSTEM, version=version, questionnaire={"item": [3]}, revision=1
        )
    publish(version, APRIL)
    with pytest.raises(ValidationError, match="公開した版は変えられません"):
        services.save_definition(actor=SYSTEM, version=version, questionnaire=new, revision=1)


def test_one_edition_is_written_at_a_time_and_may_be_thrown_away():
    version = make_version()
    draft = services.start_version(actor=SYSTEM, form=version.form)

    with pytest.raises(ValidationError, match="作成中の版がすでにあります"):
        services.start_version(actor=SYSTEM, form=version.form)
    services.discard_version(actor=SYSTEM, version=draft)
    with pytest.raises(ValidationError, match="公開した版は消せません"):
        services.discard_version(actor=SYSTEM, version=version)
    never = make_version(code="never", publish=False)
    services.discard_version(actor=SYSTEM, version=never)

    assert [form.code for form in Form.objects.all()] == ["test_form"]


def test_a_code_is_taken_once_per_owner():
    area = make_area()
    make_version(area=area)

    make_version(area=make_area())
    make_version()
    with pytest.raises(ValidationError, match="この記号の様式はすでにあります"):
        make_version(area=area)


def test_ones_own_form_comes_before_the_shipped_one():
    area = make_area()
    shipped, own = make_version(), make_version(area=area)
    make_version(code="other", name="あ")

    assert version_in_force("test_form", area=area, on=APRIL) == own
    assert version_in_force("test_form", area=make_area(), on=APRIL) == shipped
    assert [one.form.code for one in versions_in_force(area=area, on=APRIL)] == [
        "other",
        "test_form",
    ]
    assert versions_in_force(area=area, on=APRIL, kind="survey") == []


# 協定 --------------------------------------------------------------------------------------


@pytest.fixture
def cities():
    return make_area(name="架空市"), make_area(name="架空浜市"), make_area(name="架空山町")


@pytest.fixture
def agreement(cities):
    owner, member, _ = cities
    return make_agreement(
        actor=SYSTEM,
        name="架空広域の協定",
        purpose="様式をともに使う",
        areas=[owner, member],
        first_day=date(2024, 4, 1),
    )


@pytest.fixture
def shared(cities, agreement):
    version = make_version(area=cities[0], code="shared_form", name="共有の様式")
    with time_machine.travel("2026-03-01T09:00+09:00"):
        services.share_form(actor=SYSTEM, form=version.form, agreement=agreement)
    return version


def adopt(version, area):
    return services.adopt_version(
        actor=SYSTEM, version=version, area=area, announcement="3月の連絡会で説明した。"
    )


@time_machine.travel("2026-03-01T09:00+09:00")
def test_a_form_is_adopted_along_an_agreement_only(cities, shared):
    owner, member, stranger = cities
    today = date(2026, 3, 1)

    adoption = adopt(shared, member)

    assert adoption.announcement == "3月の連絡会で説明した。"
    assert version_in_force("shared_form", area=member, on=today) == shared
    assert [one.share.form for one in offered_forms(member, today)] == [shared.form]
    assert offered_forms(owner, today) == []
    assert offered_forms(stranger, today) == []
    assert shared.form not in forms_visible_to(stranger, today)
    assert shared in versions_visible_to(member, today)
    with pytest.raises(ValidationError, match="いま加わっていません"):
        adopt(shared, stranger)
    with pytest.raises(FormVersion.DoesNotExist):
        version_in_force("shared_form", area=stranger, on=today)
    with pytest.raises(FormVersion.DoesNotExist):
        version_in_force("shared_form", on=today)


@time_machine.travel("2026-03-01T09:00+09:00")
def test_an_adopted_edition_stays_until_the_next_is_adopted(cities, shared):
    _, member, _ = cities
    adopt(shared, member)
    newer = next_edition(shared.form, date(2026, 3, 1))

    assert version_in_force("shared_form", area=member) == shared
    offered = offered_forms(member, date(2026, 3, 1))[0]
    assert offered.newest == newer
    assert offered.adoption
    assert offered.adoption.version == shared
    adoption = adopt(newer, member)
    assert version_in_force("shared_form", area=member) == newer
    assert FormAdoption.objects.filter(ended_at=None).get() == adoption
    services.end_adoption(actor=SYSTEM, adoption=adoption)
    with pytest.raises(FormVersion.DoesNotExist):
        version_in_force("shared_form", area=member)


def test_t_h1_a_city_leaving_on_march_31_is_out_at_midnight(cities, agreement, shared):
    owner, member, _ = cities
    with time_machine.travel("2026-03-01T09:00+09:00"):
        adopt(shared, member)
        answer = make_answer(shared, uuid4(), name="甲")
        own = make_version(area=member, code="own_form", name="自分の様式")
        services.share_form(actor=SYSTEM, form=own.form, agreement=agreement)
        adopt(own, owner)
        leave_agreement(actor=SYSTEM, agreement=agreement, area=member, last_day=date(2026, 3, 31))

    with time_machine.travel("2026-03-31T23:59:59+09:00"):
        assert version_in_force("shared_form", area=member) == shared
        assert version_in_force("own_form", area=owner) == own
    with time_machine.travel("2026-04-01T00:00:00+09:00"):
        # What the other city shared is gone; so is, for the other city, what this one shared.
        for code, area in (("shared_form", member), ("own_form", owner)):
            with pytest.raises(FormVersion.DoesNotExist):
                version_in_force(code, area=area)
        with pytest.raises(ValidationError, match="いま加わっていません"):
            services.share_form(actor=SYSTEM, form=own.form, agreement=agreement)
        # Its own forms and answers go with it.
        assert version_in_force("own_form", area=member) == own
        kept = answers_of(answer.subject_uid).get()
        assert parse(kept.version.questionnaire).title == "共有の様式"


@time_machine.travel("2026-03-01T09:00+09:00")
def test_an_owner_takes_a_share_back(cities, agreement, shared):
    _, member, _ = cities
    adopt(shared, member)
    (share,) = shares_of(shared.form)

    with pytest.raises(ValidationError, match="すでに共有しています"):
        services.share_form(actor=SYSTEM, form=shared.form, agreement=agreement)
    services.stop_sharing(actor=SYSTEM, share=share)

    with pytest.raises(FormVersion.DoesNotExist):
        version_in_force("shared_form", area=member)
    assert list(shares_of(shared.form)) == []


def test_agreements_are_joined_and_left(cities, agreement):
    owner, member, third = cities
    join_agreement(actor=SYSTEM, agreement=agreement, area=third, first_day=APRIL)

    assert set(members_on(agreement, APRIL)) == {owner, member, third}
    assert list(agreements_in_force(third, date(2026, 3, 31))) == []
    assert list(agreements_in_force(third, APRIL)) == [agreement]
    assert list(agreements_in_force(None, APRIL)) == []
    with pytest.raises(ValidationError, match="すでにこの協定に加わっています"):
        join_agreement(actor=SYSTEM, agreement=agreement, area=third, first_day=APRIL)
    with pytest.raises(ValidationError, match="加わっていません"):
        leave_agreement(actor=SYSTEM, agreement=agreement, area=third, last_day=date(2026, 3, 31))
    left = leave_agreement(
        actor=SYSTEM, agreement=agreement, area=third, last_day=date(2027, 3, 31)
    )
    assert left.last_day == date(2027, 3, 31)


def test_an_agreement_ends_after_it_begins(cities):
    facts = {"actor": SYSTEM, "name": "協定", "purpose": "", "areas": cities[:1]}
    with pytest.raises(ValidationError, match="始まりの日以降"):
        make_agreement(**facts, first_day=APRIL, last_day=date(2026, 3, 31))
    over = make_agreement(**facts, first_day=date(2024, 4, 1), last_day=date(2025, 3, 31))

    assert list(agreements_in_force(cities[0], date(2025, 3, 31))) == [over]
    assert list(agreements_in_force(cities[0], date(2025, 4, 1))) == []
    with pytest.raises(ValidationError, match="終わっています"):
        join_agreement(actor=SYSTEM, agreement=over, area=cities[1], first_day=APRIL)


# The editor's list and the shipped forms ---------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_three_queries(count, cities, agreement, django_assert_num_queries):
    owner = cities[0]
    for number in range(count):
        version = make_version(area=owner, code=f"form{number}", name=f"様式{number}")
        services.start_version(actor=SYSTEM, form=version.form)

    with django_assert_num_queries(3):
        rows = listed_forms(forms_owned_by(owner), APRIL)

    assert [row.form.code for row in rows] == [f"form{number}" for number in range(count)]
    assert all(row.in_force and row.draft and row.coming is None for row in rows)


def test_what_is_being_written_is_seen_by_its_owner_alone(cities, agreement, shared):
    owner, member, _ = cities
    draft = services.start_version(actor=SYSTEM, form=shared.form)
    day = date(2026, 3, 1)

    assert draft in versions_visible_to(owner, day)
    assert draft not in versions_visible_to(member, day)
    assert list(draft_versions(owner)) == [draft]
    assert list(draft_versions(member)) == []


def test_load_sheets_is_idempotent_and_its_forms_are_fhir():
    out = StringIO()
    call_command("load_sheets", stdout=out)
    call_command("load_sheets", stdout=out)

    assert out.getvalue().splitlines() == [
        f"製品の様式：新しい版 {len(FORMS)}、すべてで {len(FORMS)}",
        f"製品の様式：新しい版 0、すべてで {len(FORMS)}",
    ]
    assert AuditEvent.objects.filter(action="sheets.shipped_loaded").count() == len(FORMS)
    for version in FormVersion.objects.all():
        assert version.state == VersionState.PUBLISHED
        assert version.source
        assert questionnaire_mistakes(version.questionnaire) == []


def test_a_response_outside_fhir_is_told():
    assert response_mistakes({"resourceType": "QuestionnaireResponse", "status": "completed"}) == []
    assert response_mistakes({"resourceType": "QuestionnaireResponse"})[0].startswith("status：")
