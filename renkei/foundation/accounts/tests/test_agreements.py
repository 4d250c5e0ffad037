"""Agreements (協定) of a municipality: seen, proposed, answered, left and ended by its staff."""

from datetime import date
from importlib import import_module

import pytest
import time_machine
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client

from renkei.foundation.accounts.models import OrganisationKind, Role
from renkei.foundation.accounts.services import agreements as services
from renkei.foundation.accounts.tests import factories
from renkei.foundation.accounts.tests.towns import LIST, TODAY, Town, page, propose
from renkei.foundation.areas.agreements import agreements_in_force, make_agreement, members_on
from renkei.foundation.areas.models import Agreement
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.notifications.models import Notification

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_now")]
QUERIES_OF_THE_LIST = 10


@pytest.fixture
def _now():
    with time_machine.travel("2026-06-01T09:00+09:00"):
        yield


@pytest.fixture
def kakuu():
    return Town("架空市")


@pytest.fixture
def umibe():
    return Town("海辺町")


@pytest.fixture
def yoso():
    return Town("よそ市")


@pytest.fixture
def proposed(kakuu, umibe):
    return propose(kakuu, umibe)


def text(response):
    return response.content.decode()


def kinds_of(town):
    return list(
        Notification.objects.filter(user=town.user).order_by("pk").values_list("kind", flat=True)
    )


def test_staff_propose_and_the_other_municipality_confirms(kakuu, umibe, yoso):
    assert "協定はまだありません" in text(kakuu.get(LIST))
    assert "海辺町" in text(kakuu.get(f"{LIST}add/"))
    facts = {"name": "架空協定", "purpose": "様式をそろえる", "first_day": "2026年4月1日"}

    answer = kakuu.post(f"{LIST}add/", others=[umibe.area.pk], **facts)

    agreement = Agreement.objects.get()
    assert answer["Location"] == page(agreement)
    assert list(members_on(agreement, TODAY)) == [kakuu.area]
    assert list(agreements_in_force(umibe.area, TODAY)) == []
    assert "相手の確認待ち" in text(kakuu.get(LIST))
    assert "返事をしてください" in text(umibe.get(LIST))
    assert kinds_of(umibe) == [services.PROPOSED]
    assert kinds_of(kakuu) == kinds_of(yoso) == []
    shown = text(kakuu.get(page(agreement)))
    assert "確認して加わる" not in shown
    assert ("この日で抜ける" in shown, "この日で協定を終える" in shown) == (False, True)
    assert "確認して加わる" in text(umibe.get(page(agreement)))

    umibe.post(page(agreement, "confirm/"))

    assert set(members_on(agreement, TODAY)) == {kakuu.area, umibe.area}
    # Nothing counts before the day of the answer.
    assert list(agreements_in_force(umibe.area, date(2026, 5, 31))) == []
    assert kinds_of(kakuu) == [services.ANSWERED]
    shown = text(umibe.get(page(agreement)))
    assert "有効" in shown
    assert "海辺町 担当" in shown
    assert "確認して加わる" not in shown
    assert list(
        AuditEvent.objects.filter(action__startswith="areas.agreement")
        .order_by("pk")
        .values_list("action", flat=True)
    ) == ["areas.agreement_proposed", "areas.agreement_confirmed"]
    again = umibe.client.post(page(agreement, "confirm/"), follow=True)
    assert "もう済んでいます" in text(again)


def test_a_proposal_names_others(kakuu, umibe):
    answer = kakuu.post(f"{LIST}add/", name="", purpose="", first_day="2月30日")
    assert answer.status_code == 422
    assert "協定を結ぶ相手の市町村を選んでください。" in text(answer)
    facts = {"name": "協定", "purpose": "目的", "first_day": "2026年6月1日"}
    for wrong in (kakuu.area.pk, "x"):
        answer = kakuu.post(f"{LIST}add/", others=[wrong], **facts)
        assert answer.status_code == 422
        assert "一覧にある市町村を選んでください。" in text(answer)
    with pytest.raises(ValidationError, match="相手の市町村を選んで"):
        propose(kakuu, kakuu)
    assert not Agreement.objects.exists()


def test_a_service_s_complaint_stands_in_the_form(kakuu, umibe, monkeypatch):
    def refuse(**_):
        raise ValidationError("相手が参加をやめました。")

    monkeypatch.setattr(services, "propose", refuse)
    facts = {"name": "協定", "purpose": "目的", "first_day": "2026年6月1日"}

    answer = kakuu.post(f"{LIST}add/", others=[umibe.area.pk], **facts)

    assert answer.status_code == 422
    assert "相手が参加をやめました。" in text(answer)


def test_nobody_to_agree_with(kakuu):
    assert "協定を結べる市町村がまだありません" in text(kakuu.get(f"{LIST}add/"))


def test_an_office_without_an_area_is_told_what_to_do(proposed):
    office = factories.make_organisation("架空課", OrganisationKind.MUNICIPAL_SECTION)
    user = factories.make_user()
    factories.make_membership(user=user, organisation=office, role=Role.MUNICIPAL_STAFF)
    client = factories.sign_in(Client(), user)

    assert "組織の圏域が決まっていません" in text(client.get(LIST))
    assert client.get(f"{LIST}add/")["Location"] == LIST
    assert client.get(page(proposed)).status_code == 404


def test_a_third_municipality_sees_nothing(kakuu, umibe, yoso, proposed):
    assert "架空協定" not in text(yoso.get(LIST))
    missing = text(yoso.get(f"{LIST}00000000-0000-4000-8000-000000000000/"))
    hidden = yoso.get(page(proposed))
    assert hidden.status_code == 404
    assert text(hidden) == missing
    for act in ("confirm/", "refuse/", "leave/", "end/"):
        assert yoso.post(page(proposed, act)).status_code == 404
    assert kinds_of(yoso) == []


def test_a_member_invites_a_third_municipality_and_both_confirm(kakuu, umibe, yoso, proposed):
    invite = page(proposed, "invite/")
    assert umibe.client.get(invite).status_code == 404  # asked, and has not answered
    umibe.post(page(proposed, "confirm/"))
    assert "ほかの市町村を招く" in text(umibe.get(page(proposed)))
    shown = text(umibe.get(invite))
    assert ("よそ市" in shown, f'value="{kakuu.area.pk}"' in shown) == (True, False)
    nobody = umibe.client.post(invite)
    assert (nobody.status_code, "招く市町村を選んでください" in text(nobody)) == (422, True)
    member = umibe.client.post(invite, {"invited": [kakuu.area.pk]})
    assert member.status_code == 422

    answer = umibe.post(invite, invited=[yoso.area.pk])

    assert answer["Location"] == page(proposed)
    assert yoso.area not in members_on(proposed, TODAY)
    assert kinds_of(yoso) == [services.PROPOSED]
    assert kinds_of(kakuu) == [services.ANSWERED, services.INVITED]
    assert "確認待ち" in text(kakuu.get(page(proposed)))
    assert yoso.client.get(invite).status_code == 404
    assert AuditEvent.objects.filter(action="areas.agreement_invited").count() == 1
    assert "招ける市町村がありません" in text(kakuu.get(invite))
    yoso.post(page(proposed, "confirm/"))
    assert yoso.area in members_on(proposed, TODAY)


def test_who_said_no_may_be_asked_again_another_day(kakuu, umibe, yoso, proposed):
    umibe.post(page(proposed, "confirm/"))
    kakuu.post(page(proposed, "invite/"), invited=[yoso.area.pk])
    yoso.post(page(proposed, "refuse/"))
    assert "招ける市町村がありません" in text(kakuu.get(page(proposed, "invite/")))

    with time_machine.travel("2026-06-02T09:00+09:00"):
        kakuu.sign_in()
        yoso.sign_in()
        kakuu.post(page(proposed, "invite/"), invited=[yoso.area.pk])
        yoso.post(page(proposed, "confirm/"))

        assert yoso.area in members_on(proposed, date(2026, 6, 2))
        assert "断りました" in text(kakuu.get(page(proposed)))


def test_an_invitation_into_what_is_over_is_refused(kakuu, umibe, yoso, proposed):
    umibe.post(page(proposed, "confirm/"))
    kakuu.post(page(proposed, "end/"), **{"end-last_day": "2026年6月1日"})

    assert kakuu.client.get(page(proposed, "invite/")).status_code == 404
    proposed.refresh_from_db()
    with time_machine.travel("2026-06-02T09:00+09:00"), pytest.raises(ValidationError):
        services.invite(actor=SYSTEM, agreement=proposed, area=kakuu.area, invited=[yoso.area])
    with pytest.raises(ValidationError, match="招く市町村"):
        services.invite(actor=SYSTEM, agreement=proposed, area=kakuu.area, invited=[])


def test_a_refused_proposal_counts_for_nobody(kakuu, umibe, yoso):
    agreement = propose(kakuu, umibe, yoso)

    umibe.post(page(agreement, "refuse/"))

    assert list(members_on(agreement, TODAY)) == [kakuu.area]
    assert kinds_of(kakuu) == [services.ANSWERED]
    assert "断りました" in text(umibe.get(page(agreement)))
    assert "終わった協定・断った提案" in text(umibe.get(LIST))
    with pytest.raises(ValidationError, match="もう済んでいます"):
        services.confirm(actor=SYSTEM, agreement=agreement, area=umibe.area)
    yoso.post(page(agreement, "refuse/"))
    # Nobody is left to agree with; and who refused is told no more.
    assert "終わった協定・断った提案" in text(kakuu.get(LIST))
    assert kinds_of(umibe) == [services.PROPOSED]


def test_a_member_leaves_with_a_day(kakuu, umibe, yoso):
    agreement = propose(kakuu, umibe, yoso)
    for town in (umibe, yoso):
        town.post(page(agreement, "confirm/"))
    wrong = umibe.post(page(agreement, "leave/"), **{"leave-last_day": "2026年5月31日"})
    assert wrong.status_code == 422
    assert "今日以降の日付を入力してください。" in text(wrong)
    assert umibe.post(page(agreement, "leave/")).status_code == 422
    # Only who proposed it ends it for all.
    assert umibe.post(page(agreement, "end/")).status_code == 404

    umibe.post(page(agreement, "leave/"), **{"leave-last_day": "2026年6月30日"})

    assert services.ENDING in kinds_of(kakuu)
    assert services.ENDING in kinds_of(yoso)
    assert "2026年6月30日" in text(kakuu.get(page(agreement)))
    assert umibe.post(page(agreement, "leave/")).status_code == 404
    assert list(agreements_in_force(yoso.area, date(2026, 7, 1))) == [agreement]


def test_the_proposer_ends_it_for_all(kakuu, umibe, proposed):
    umibe.post(page(proposed, "confirm/"))
    wrong = kakuu.post(page(proposed, "end/"), **{"end-last_day": "2026年5月1日"})
    assert wrong.status_code == 422

    kakuu.post(page(proposed, "end/"), **{"end-last_day": "2026年6月1日"})

    assert kinds_of(umibe) == [services.PROPOSED, services.ENDING]
    assert list(agreements_in_force(umibe.area, TODAY)) == [proposed]
    assert list(agreements_in_force(umibe.area, date(2026, 6, 2))) == []
    assert kakuu.post(page(proposed, "end/")).status_code == 404
    with pytest.raises(ValidationError, match="有効ではありません"):
        services.end(actor=SYSTEM, agreement=proposed, area=kakuu.area, last_day=date(2026, 6, 2))
    with time_machine.travel("2026-06-02T09:00+09:00"):
        kakuu.sign_in()
        assert "終わった協定・断った提案" in text(kakuu.get(LIST))
        assert "終わりました" in text(kakuu.get(page(proposed)))


def test_an_agreement_that_is_over_is_not_confirmed(kakuu, umibe, proposed):
    services.end(actor=SYSTEM, agreement=proposed, area=kakuu.area, last_day=TODAY)
    proposed.refresh_from_db()

    with (
        time_machine.travel("2026-06-02T09:00+09:00"),
        pytest.raises(ValidationError, match="終わっています"),
    ):
        services.confirm(actor=SYSTEM, agreement=proposed, area=umibe.area)


def test_an_agreement_of_later_days_is_still_to_come(kakuu, umibe):
    agreement = propose(kakuu, umibe, first_day=date(2026, 10, 1))

    umibe.post(page(agreement, "confirm/"))

    assert "これから" in text(umibe.get(page(agreement)))
    assert list(agreements_in_force(umibe.area, TODAY)) == []
    assert list(agreements_in_force(umibe.area, date(2026, 10, 1))) == [agreement]


def test_an_agreement_recorded_from_paper_is_confirmed_and_ended_by_any_member(kakuu, umibe):
    agreement = make_agreement(
        actor=SYSTEM,
        name="紙の協定",
        purpose="",
        areas=[kakuu.area, umibe.area],
        first_day=date(2025, 4, 1),
    )
    shown = text(umibe.get(page(agreement)))
    assert "有効" in shown
    assert "記録なし" in shown

    umibe.post(page(agreement, "end/"), **{"end-last_day": "2026年6月1日"})

    agreement.refresh_from_db()
    assert agreement.last_day == TODAY


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_however_long(kakuu, umibe, count, django_assert_num_queries):
    for _ in range(count):
        propose(kakuu, umibe)
    kakuu.get(LIST)

    with django_assert_num_queries(QUERIES_OF_THE_LIST):
        assert text(kakuu.get(LIST)).count("架空協定") == count


def test_members_of_before_are_confirmed_by_the_migration(kakuu, umibe, proposed):
    migration = import_module("renkei.foundation.areas.migrations.0004_agreement_confirmed")

    with connection.schema_editor() as editor:
        migration.confirm_present_members(apps, editor)

    assert set(members_on(proposed, TODAY)) == {kakuu.area, umibe.area}
