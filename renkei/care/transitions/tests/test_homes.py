"""協力医療機関 of care homes: the law's conditions, the yearly confirmation, the notification."""

from __future__ import annotations

import io
import re
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from pypdf import PdfReader

from renkei.care.transitions.home_duties import (
    HomeState,
    Need,
    NoticeState,
    a_year_after,
    duty_of,
)
from renkei.care.transitions.models import (
    Cooperation,
    CooperationContact,
    CooperationNotice,
    CooperationReminder,
)
from renkei.care.transitions.queries.homes import home_door, homes_in
from renkei.care.transitions.services.home_reminders import homes_to_look_at, remind_home
from renkei.care.transitions.services.homes import (
    end_cooperation,
    make_notice,
    record_contact,
    save_cooperation,
    submit_notice,
    take_back_contact,
)
from renkei.care.transitions.tasks_homes import remind_homes_task
from renkei.foundation.accounts.models import OrganisationKind, Role
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.areas.models import Area
from renkei.foundation.areas.tests.factories import make_area
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common.clock import TOKYO
from renkei.foundation.notifications.models import Notification
from renkei.registry.facilities.models import Facility, ListingStatus, Service
from renkei.registry.facilities.tests.factories import FacilityFactory, ServiceFactory

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=TOKYO)
TODAY = NOON.date()
HOSPITAL = {
    "institution_name": "架空市立中央病院",
    "institution_code": "",
    "institution_address": "架空県架空市1-1",
    "phone": "0999-00-7000",
    "person_name": "地域連携室 千鳥",
    "is_hospital": True,
    "consults": True,
    "examines": True,
    "admits": True,
    "details": "夜間は救急外来へ電話する。",
    "infection_agreement": "yes",
    "since_on": date(2025, 4, 1),
}


@pytest.fixture(autouse=True)
def _at_noon(time_machine):
    time_machine.move_to(NOON, tick=False)


def town() -> Area:
    return Area.objects.filter(name="架空市").first() or make_area(name="架空市")


def care_worker():
    office = accounts.make_organisation("特別養護老人ホーム 架空苑")
    return accounts.person(
        "沢 みつ", "sawa@home.example.test", office, Role.ORGANISATION_ADMIN, "生活相談員"
    )


def home(code="510", name="特別養護老人ホーム 架空苑", **fields):
    owner = fields.pop("organisation", None)
    place: Any = FacilityFactory(
        name=name, service_codes=[code], municipality=fields.pop("municipality", None) or town()
    )
    Facility.objects.filter(pk=place.pk).update(organisation=owner)
    return ServiceFactory(facility=place, service_code=code, name=name, **fields)


def own_home(code="510", **fields):
    return home(code, organisation=care_worker().memberships.get().organisation, **fields)


def keeper():
    return accounts.viewer_for(care_worker())


def door_of(service, viewer=None):
    return home_door(viewer or keeper(), service.pk)


def cooperate(service, **values) -> Cooperation:
    return save_cooperation(
        viewer=keeper(), door=door_of(service), cooperation=None, values={**HOSPITAL, **values}
    )


def confirm(cooperation, on, kind="confirmation", **values) -> CooperationContact:
    return record_contact(
        viewer=keeper(),
        cooperation=cooperation,
        values={
            "kind": kind,
            "held_on": on,
            "counterpart": "看護部長",
            "own_people": "施設長",
            "channel": "meeting",
            "minutes": "夜間の連絡の順を確かめた。",
            **values,
        },
    )


def city_office():
    user = accounts.sato()
    office = user.memberships.get().organisation
    office.area = town()
    office.save()
    return user


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


# -- what the law asks


def test_a_care_facility_needs_three_conditions_a_group_home_two():
    facility, group_home = duty_of("510", TODAY), duty_of("320", TODAY)

    assert facility is not None
    assert group_home is not None
    assert facility.needs == (Need.CONSULTS, Need.EXAMINES, Need.ADMITS)
    assert facility.binding_from == date(2027, 4, 1)
    assert group_home.needs == (Need.CONSULTS, Need.EXAMINES)
    assert group_home.binding_from is None
    assert duty_of("510", date(2024, 3, 31)) is None
    assert duty_of("130", TODAY) is None


def test_a_year_after_the_29th_of_february_is_the_first_of_march():
    assert a_year_after(date(2024, 2, 29)) == date(2025, 3, 1)


@pytest.mark.parametrize(
    ("confirmed", "state"),
    [
        (None, HomeState.OVER),
        (date(2025, 11, 19), HomeState.OVER),
        (date(2025, 11, 20), HomeState.SOON),
        (date(2026, 1, 19), HomeState.SOON),
        (date(2026, 1, 20), HomeState.OK),
    ],
)
def test_a_year_runs_from_the_last_confirmation(confirmed, state):
    service = own_home()
    cooperation = cooperate(service)
    if confirmed:
        confirm(cooperation, confirmed)

    assert door_of(service).standing.state == state


def test_what_was_agreed_this_year_was_never_confirmed_but_is_not_late():
    service = own_home()
    cooperate(service, since_on=date(2026, 10, 1))

    assert door_of(service).standing.state == HomeState.NEVER


def test_a_conference_or_a_confirmation_taken_back_is_no_confirmation():
    service = own_home()
    cooperation = cooperate(service, since_on=date(2026, 10, 1))
    confirm(cooperation, date(2026, 11, 1), kind="conference")
    mistaken = confirm(cooperation, date(2026, 11, 2))

    take_back_contact(viewer=keeper(), contact=mistaken)
    take_back_contact(viewer=keeper(), contact=mistaken)

    found = door_of(service).standing
    assert found.state == HomeState.NEVER
    assert found.held[0].last_conference.held_on == date(2026, 11, 1)


def test_several_institutions_share_the_conditions():
    service = own_home()
    clinic = {"institution_name": "しおかぜ医院", "is_hospital": False, "admits": False}
    confirm(cooperate(service, **clinic), TODAY)

    before = door_of(service).standing
    confirm(cooperate(service, consults=False, examines=False), TODAY)

    after = door_of(service).standing
    assert (before.state, before.missing) == (HomeState.LACKING, (Need.ADMITS,))
    assert (after.state, after.missing) == (HomeState.OK, ())
    assert after.met[Need.ADMITS] == ("架空市立中央病院",)


def test_an_agreement_that_is_over_leaves_the_home_without_any():
    service = own_home()
    cooperation = cooperate(service)

    end_cooperation(
        viewer=keeper(), cooperation=cooperation, last_day=date(2026, 11, 19), reason="閉院"
    )

    assert door_of(service).standing.state == HomeState.NONE
    with pytest.raises(ValidationError, match="すでに終わって"):
        end_cooperation(viewer=keeper(), cooperation=cooperation, last_day=TODAY, reason="")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"consults": False, "examines": False, "admits": False}, "体制を1つ以上"),
        ({"is_hospital": False}, "病院だけです"),
        ({"since_on": date(2026, 11, 21)}, "きょうまでの日付"),
    ],
)
def test_an_agreement_that_makes_no_sense_is_refused(values, sentence):
    service = own_home()

    with pytest.raises(ValidationError, match=sentence):
        cooperate(service, **values)


def test_a_confirmation_is_neither_to_come_nor_after_the_end():
    cooperation = cooperate(own_home())
    with pytest.raises(ValidationError, match="きょうまで"):
        confirm(cooperation, date(2026, 11, 21))
    end_cooperation(viewer=keeper(), cooperation=cooperation, last_day=date(2026, 11, 1), reason="")

    with pytest.raises(ValidationError, match="終わりの日まで"):
        confirm(cooperation, date(2026, 11, 2))


def test_the_register_fills_in_what_is_empty():
    place: Any = FacilityFactory(name="架空市立中央病院", phone="0999-00-7777")
    ServiceFactory(
        facility=place, service_code="hospital", institution_code="9910001234",
        address="架空県架空市中央1", phone="0999-00-7777",
    )  # fmt: skip

    row = cooperate(own_home(), institution_code="9910001234", institution_address="", phone="")

    assert (row.institution_id, row.phone) == (place.pk, "0999-00-7777")
    assert row.institution_address == "架空県架空市中央1"


# -- the notification


def test_a_home_without_an_institution_notifies_with_its_plan():
    service = own_home()
    with pytest.raises(ValidationError, match="今後の計画"):
        make_notice(viewer=keeper(), door=door_of(service), addressee="架空市長", plan=" ")

    notice = make_notice(
        viewer=keeper(), door=door_of(service), addressee="架空市長", plan="12月に病院と話す。"
    )

    assert notice.content["plan"] == "12月に病院と話す。"
    assert door_of(service).standing.notice == NoticeState.NOT_YET


def test_a_change_after_the_notification_asks_for_another(time_machine):
    service = own_home()
    cooperation = cooperate(service)
    notice = make_notice(viewer=keeper(), door=door_of(service), addressee="架空市長", plan="")
    submit_notice(viewer=keeper(), notice=notice, on=TODAY)
    done = door_of(service).standing.notice
    time_machine.move_to(datetime(2026, 11, 21, 12, 0, tzinfo=TOKYO), tick=False)

    save_cooperation(
        viewer=keeper(), door=door_of(service), cooperation=cooperation,
        values={**HOSPITAL, "phone": "0999-00-7001"},
    )  # fmt: skip
    other_phone = door_of(service).standing.notice
    save_cooperation(
        viewer=keeper(), door=door_of(service), cooperation=cooperation,
        values={**HOSPITAL, "admits": False},
    )  # fmt: skip

    assert (done, other_phone) == (NoticeState.DONE, NoticeState.DONE)
    assert door_of(service).standing.notice == NoticeState.CHANGED


def test_each_fiscal_year_asks_for_a_notification(time_machine):
    service = own_home()
    cooperate(service)
    notice = make_notice(viewer=keeper(), door=door_of(service), addressee="架空市長", plan="")
    submit_notice(viewer=keeper(), notice=notice, on=TODAY)

    time_machine.move_to(datetime(2027, 4, 1, 12, 0, tzinfo=TOKYO), tick=False)

    assert door_of(service).standing.notice == NoticeState.NOT_YET


def test_a_sheet_is_not_sent_before_it_was_made():
    service = own_home()
    notice = make_notice(viewer=keeper(), door=door_of(service), addressee="架空市長", plan="x")

    for day in (date(2026, 11, 19), date(2026, 11, 21)):
        with pytest.raises(ValidationError, match="届出書を作った日から"):
            submit_notice(viewer=keeper(), notice=notice, on=day)


def test_the_sheet_stays_as_it_was_made(client):
    service = own_home()
    cooperation = cooperate(service)
    confirm(cooperation, date(2026, 11, 2))
    notice = make_notice(viewer=keeper(), door=door_of(service), addressee="架空市長", plan="")
    end_cooperation(
        viewer=keeper(), cooperation=cooperation, last_day=date(2026, 11, 19), reason=""
    )
    accounts.sign_in(client, care_worker())

    response = client.get(reverse("transitions:cooperation_notice", args=[notice.uid]))

    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages)
    for expected in ("架空市長", "架空市立中央病院", "令和8年11月2日", "看護部長"):
        assert expected in text


# -- reminders


def test_the_homes_people_are_told_once_when_a_year_is_nearly_over_and_once_when_it_is(
    time_machine,
):
    service = own_home()
    confirm(cooperate(service), date(2025, 12, 1))
    remind_homes_task(0)
    first = list(Notification.objects.values_list("kind", "path"))
    remind_homes_task(0)

    time_machine.move_to(datetime(2026, 12, 2, 12, 0, tzinfo=TOKYO), tick=False)
    remind_homes_task(0)

    path = reverse("transitions:home_detail", args=[service.pk])
    assert first == [("transitions.cooperation_soon", path)]
    kinds = Notification.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["transitions.cooperation_soon", "transitions.cooperation_over"]
    assert CooperationReminder.objects.count() == 2


def test_a_home_that_left_the_register_is_told_nothing():
    service = own_home()
    confirm(cooperate(service), date(2025, 12, 1))
    Service.objects.filter(pk=service.pk).delete()

    assert [remind_home(pk) for pk in homes_to_look_at()] == [0]


def test_people_are_found_by_the_office_number_too():
    office = care_worker().memberships.get().organisation
    office.office_code = "9970000001"
    office.save()
    service = home(office_number="9970000001", source_key="9970000001")
    confirm(cooperate(service), date(2025, 12, 1))

    [taken] = [remind_home(pk) for pk in homes_to_look_at()]

    assert taken == 1
    assert Notification.objects.get().user == care_worker()


# -- who sees what


@pytest.mark.parametrize("count", [1, 3])
def test_the_town_sees_its_homes_the_worst_first_in_few_queries(count, django_assert_num_queries):
    viewer = accounts.viewer_for(city_office())
    for number in range(count):
        home(name=f"架空ホーム{number}")
    home(name="廃止の施設", status=ListingStatus.ENDED)
    home(name="隣町の施設", municipality=make_area(name="隣町"))
    confirm(cooperate(own_home()), TODAY)

    with django_assert_num_queries(6):
        doors = homes_in(viewer)

    assert [door.standing.state for door in doors] == [HomeState.NONE] * count + [HomeState.OK]
    assert homes_in(viewer, state=HomeState.OK)[0].service.name == "特別養護老人ホーム 架空苑"


def test_another_home_is_not_found(client):
    other = home(name="よその施設")
    own = own_home()
    cooperation = cooperate(own)
    notice = make_notice(viewer=keeper(), door=door_of(own), addressee="架空市長", plan="")
    accounts.sign_in(client, accounts.tanaka())

    for name, key in (
        ("home_detail", other.pk),
        ("home_detail", own.pk),
        ("cooperation_add", own.pk),
        ("cooperation_edit", cooperation.uid),
        ("cooperation_notice", notice.uid),
    ):
        assert client.get(reverse(f"transitions:{name}", args=[key])).status_code == 404


def test_nobody_sees_homes_without_an_area_or_a_role():
    home()

    assert homes_in(accounts.viewer_for(accounts.sato())) == []
    dispatch = accounts.viewer_for(accounts.member(Role.FIRE_DISPATCH))
    assert homes_in(dispatch) == []


def test_the_list_of_the_town_can_be_narrowed_and_taken_as_a_workbook(client):
    home(name="架空ホーム")
    confirm(cooperate(own_home()), TODAY)
    accounts.sign_in(client, city_office())

    page = client.get(reverse("transitions:home_list"), {"state": "none"})
    table = client.get(reverse("transitions:home_table"))

    assert "架空ホーム" in words(page)
    assert "架空苑" not in words(page)
    sheet = openpyxl.load_workbook(io.BytesIO(table.content)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert any("協力医療機関なし" in row for row in rows)


def test_empty_lists_say_what_to_do(client, tanaka_client):
    accounts.sign_in(client, city_office())

    assert "台帳にありません" in words(client.get(reverse("transitions:home_list")))
    assert "事業所番号" in words(tanaka_client.get(reverse("transitions:home_list")))


def test_a_home_writes_confirms_and_notifies_on_its_pages(client):
    service = own_home()
    accounts.sign_in(client, care_worker())
    page = reverse("transitions:home_detail", args=[service.pk])
    assert "協力医療機関なし" in words(client.get(page))

    data = {**HOSPITAL, "since_on": "2026年4月1日"}
    client.post(reverse("transitions:cooperation_add", args=[service.pk]), data)
    row = Cooperation.objects.get()
    assert client.get(reverse("transitions:cooperation_edit", args=[row.uid])).status_code == 200
    client.post(
        reverse("transitions:cooperation_edit", args=[row.uid]), {**data, "person_name": "千鳥"}
    )
    client.post(
        reverse("transitions:cooperation_contact", args=[row.uid]),
        {
            "kind": "confirmation", "held_on": "2026年11月2日", "counterpart": "看護部長",
            "own_people": "施設長", "channel": "meeting", "minutes": "連絡の順",
        },
    )  # fmt: skip
    client.post(
        reverse("transitions:cooperation_notice_make", args=[service.pk]),
        {"addressee": "架空市長"},
    )
    notice = CooperationNotice.objects.get()
    submit = reverse("transitions:cooperation_notice_submit", args=[notice.uid])
    client.post(submit, {"submitted_on": "きのう"})
    client.post(submit, {"submitted_on": "2026年11月19日"})
    client.post(submit, {"submitted_on": "2026年11月20日"})

    text = words(client.get(page))
    for expected in ("確認済み", "今年度は届出済み", "看護部長", "届出済み"):
        assert expected in text
    assert {
        "cooperation.saved", "cooperation.contact_recorded", "cooperation.notice_made",
        "cooperation.notice_submitted",
    } <= set(AuditEvent.objects.values_list("action", flat=True))  # fmt: skip
    contact = CooperationContact.objects.get()
    back = reverse("transitions:cooperation_contact_take_back", args=[service.pk, contact.uid])
    client.post(back)
    end = reverse("transitions:cooperation_end", args=[row.uid])
    client.post(end, {"last_day": "2026年11月19日", "reason": "閉院"})
    assert "終わった取り決め" in words(client.get(page))


def test_a_form_that_cannot_be_says_why_and_keeps_what_was_typed(client):
    service = own_home()
    cooperation = cooperate(service)
    accounts.sign_in(client, care_worker())

    answers = [
        client.post(
            reverse("transitions:cooperation_add", args=[service.pk]),
            {**HOSPITAL, "since_on": "2026年4月1日", "is_hospital": ""},
        ),
        client.post(
            reverse("transitions:cooperation_end", args=[cooperation.uid]),
            {"last_day": "2020年1月1日"},
        ),
        client.post(
            reverse("transitions:cooperation_contact", args=[cooperation.uid]),
            {
                "kind": "confirmation", "held_on": "2027年1月1日", "counterpart": "看護部長",
                "own_people": "施設長", "channel": "meeting", "minutes": "x",
            },
        ),
    ]  # fmt: skip

    assert [answer.status_code for answer in answers] == [422, 422, 422]
    assert "病院だけです" in words(answers[0])
    assert "架空市立中央病院" in answers[0].content.decode()


def test_a_sheet_without_a_plan_is_refused_on_its_page(client):
    service = own_home()
    accounts.sign_in(client, care_worker())

    page = client.get(reverse("transitions:cooperation_notice_make", args=[service.pk]))
    response = client.post(
        reverse("transitions:cooperation_notice_make", args=[service.pk]),
        {"addressee": "架空市長"},
    )

    assert "いまの記録で作ります" in words(page)
    assert response.status_code == 422
    assert "今後の計画" in words(response)


def test_a_record_of_a_home_nobody_wrote_about_is_not_taken_back(client):
    service = own_home()
    accounts.sign_in(client, care_worker())
    url = reverse(
        "transitions:cooperation_contact_take_back",
        args=[service.pk, "00000000-0000-0000-0000-000000000001"],
    )

    assert client.post(url).status_code == 404


def test_the_prefecture_reads_and_does_not_write(client):
    office = accounts.make_organisation("架空県庁", OrganisationKind.PREFECTURE)
    office.area = town()
    office.save()
    user = accounts.person("県 太郎", "ken@pref.example.test", office, Role.PREFECTURE)
    service = own_home()
    accounts.sign_in(client, user)

    assert client.get(reverse("transitions:home_detail", args=[service.pk])).status_code == 200
    url = reverse("transitions:cooperation_add", args=[service.pk])
    assert client.get(url).status_code == 404
