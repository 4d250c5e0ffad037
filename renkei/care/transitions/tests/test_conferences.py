"""A conference: who is asked, who comes, and what it counts for."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pypdf
import pypdfium2
import pytest
import zxingcpp
from django.core.exceptions import ValidationError

from renkei.care.patients.models import Consent, ContentClass
from renkei.care.patients.tests import factories as patients
from renkei.care.timelines.models import Entry
from renkei.care.transitions import conferences_tickets
from renkei.care.transitions.conferences_papers import conference_ics
from renkei.care.transitions.fees import contacts_counted, joint_guidance_likely
from renkei.care.transitions.models import CaseState, Conference, FactKind
from renkei.care.transitions.services.conferences import (
    answer_seat,
    cancel_conference,
    hold_conference,
    plan_conference,
)
from renkei.care.transitions.services.refreshing import derived_of
from renkei.care.transitions.services.rules import adopt_rule
from renkei.care.transitions.tests import factories
from renkei.care.transitions.tests.test_caseforms import scan
from renkei.care.transitions.tests.test_pages import browser, fill, url
from renkei.care.transitions.values import NewConference, NewSeat
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.areas.tests import factories as areas
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.notifications.models import Notification
from renkei.foundation.papers.tickets import find_ticket

pytestmark = pytest.mark.django_db
NOW = factories.at(date(2026, 11, 20), 9)
ADMITTED = factories.at(date(2026, 11, 16), 10, 40)
MEETING = factories.at(date(2026, 11, 26), 15)
K = FactKind


@pytest.fixture(autouse=True)
def on_friday(time_machine, settings, tmp_path):
    time_machine.move_to(NOW, tick=False)
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path, "base_url": None},
        },
    }


@pytest.fixture
def patient():
    area = areas.make_area()
    adopt_rule(actor=SYSTEM, rule=factories.shipped(), area=area, first_day=date(2026, 4, 1))
    return factories.patient_with_both_sides(
        municipality=area, name="架空 清", kana="カクウ キヨシ"
    )


@pytest.fixture
def case(patient):
    return factories.opened(patient, admitted_at=ADMITTED)


@pytest.fixture
def meeting(case):
    """Planned by 鈴木 through the pages, with everybody and a pharmacist outside."""
    client = browser(accounts.suzuki())
    address = url("conference_plan", case.uid)
    form = patients.text_of(client.get(address))
    asked: dict[str, Any] = dict(
        fill(form, day="2026-11-26", time="15:00", minutes="45", place="3階 面談室")
    )
    asked |= {
        "professions": ["介護支援専門員", "看護師"],
        "guest1_profession": "薬剤師",
        "guest1_organisation": "かくう薬局",
        "guest1_name": "架空 薬子",
        "guest1_fax": "0999-00-1234",
        "agenda": "家での酸素と、訪問の回数",
    }
    done = client.post(address, asked)
    assert done.status_code == 302
    again = client.post(address, asked)
    assert again["Location"] == done["Location"]
    return Conference.objects.get()


def seat(meeting, profession: str, **fields):
    return meeting.seats.get(profession=profession, **fields)


def test_people_are_asked_by_profession_and_the_day_becomes_a_fact(meeting, case):
    case.refresh_from_db()

    assert case.state == CaseState.CONFERENCE_SET
    fact = case.facts.get(kind=K.CONFERENCE_SCHEDULED)
    assert fact.detail["conference"] == str(meeting.uid)
    assert meeting.scheduled_fact == fact
    people = sorted((one.profession, one.side, one.answer) for one in meeting.seats.all())
    assert people == [
        ("介護支援専門員", "care", "comes"),
        ("看護師", "care", "waiting"),
        ("看護師", "hospital", "waiting"),
        ("薬剤師", "care", "waiting"),
    ]
    assert Notification.objects.filter(
        user=factories.ward_nurse(), kind="transitions.conference_invited"
    ).exists()
    assert seat(meeting, "薬剤師").fax == "0999-00-1234"
    assert "3階 面談室" in patients.text_of(
        browser(factories.ward_nurse()).get(url("conference_detail", case.uid, meeting.uid))
    )


def test_the_calendar_entry_names_nobody_and_knows_its_edition(meeting, case):
    got = browser(accounts.suzuki()).get(url("conference_calendar", case.uid, meeting.uid))

    words = got.content.decode()
    assert got["Content-Type"].startswith("text/calendar")
    assert "架空 清" not in words
    assert "DTSTART:20261126T060000Z\r\nDTEND:20261126T064500Z\r\nSEQUENCE:0" in words
    assert all(len(line.encode()) <= 75 for line in words.split("\r\n"))
    meeting.place = "あ,い;" * 30
    long = conference_ics(meeting, url="https://x.test/").decode()
    assert all(len(line.encode()) <= 75 for line in long.split("\r\n"))
    assert "あ\\,い\\;" in long.replace("\r\n ", "")


def test_people_answer_for_themselves_and_others_are_written_down(meeting, case):
    nurse = browser(factories.ward_nurse())
    own = seat(meeting, "看護師", side="hospital")
    other = seat(meeting, "薬剤師")

    nurse.post(url("seat_answer", case.uid, meeting.uid, own.uid), {"answer": "comes"})
    nurse.post(url("seat_answer", case.uid, meeting.uid, other.uid), {"answer": "absent"})
    wrong = nurse.post(
        url("seat_answer", case.uid, meeting.uid, own.uid), {"answer": "maybe"}, follow=True
    )

    own.refresh_from_db()
    other.refresh_from_db()
    assert (own.answer, own.answered_by) == ("comes", "system")
    assert (other.answer, other.answered_by) == ("absent", "phone")
    assert "「出席」か「欠席」を選んでください" in patients.text_of(wrong)


def test_each_person_gets_a_sheet_and_the_scanned_one_stands_at_the_seat(meeting, case):
    guest = seat(meeting, "薬剤師")
    client = browser(accounts.suzuki())

    pdf = client.get(url("seat_sheet", case.uid, meeting.uid, guest.uid)).content

    reader = pypdf.PdfReader(io.BytesIO(pdf))
    words = "".join(page.extract_text() for page in reader.pages).replace(" ", "")
    assert len(reader.pages) == 1
    assert "架空清" not in words
    assert "カ・キさん" in words
    assert "家での酸素" in words
    with pypdfium2.PdfDocument(pdf) as document:
        picture = document[0].render(scale=200 / 72).to_pil()
    ticket = find_ticket(zxingcpp.read_barcodes(picture)[0].text)
    assert ticket == guest.ticket
    viewer = accounts.viewer_for(accounts.suzuki())
    assert conferences_tickets.KIND.may_file(viewer, ticket)
    assert "退院前カンファレンス" in (conferences_tickets.KIND.describe(viewer, ticket) or "")

    conferences_tickets.KIND.receive(actor=viewer.actor, ticket=ticket, file=scan(), pages=[1])

    guest.refresh_from_db()
    assert Entry.objects.filter(uid=guest.reply_entry_uid).exists()
    page = patients.text_of(client.get(url("conference_detail", case.uid, meeting.uid)))
    assert "返事の紙が届いた" in page
    assert str(guest.reply_entry_uid) in page
    client.post(url("seat_answer", case.uid, meeting.uid, guest.uid), {"answer": "comes"})
    guest.refresh_from_db()
    assert guest.answered_by == "fax"
    member = seat(meeting, "介護支援専門員")
    assert member.ticket is None
    assert client.get(url("seat_sheet", case.uid, meeting.uid, member.uid)).status_code == 200


def test_a_stranger_learns_nothing_of_an_invitation(meeting, case):
    ticket = seat(meeting, "薬剤師").ticket
    stranger = accounts.viewer_for(accounts.tanaka())

    assert not conferences_tickets.KIND.may_file(stranger, ticket)
    assert conferences_tickets.KIND.describe(stranger, ticket) is None
    with pytest.raises(ValidationError):
        conferences_tickets.KIND.receive(
            actor=stranger.actor, ticket=ticket, file=scan(), pages=[1]
        )
    assert (
        browser(accounts.tanaka()).get(url("conference_detail", case.uid, meeting.uid)).status_code
        == 404
    )
    meeting.delete()
    assert not conferences_tickets.KIND.may_file(accounts.viewer_for(accounts.suzuki()), ticket)


def test_who_came_becomes_the_fact_and_is_counted(meeting, case, time_machine):
    time_machine.move_to(MEETING + timedelta(hours=1), tick=False)
    client = browser(accounts.suzuki())
    address = url("conference_hold", case.uid, meeting.uid)
    form = patients.text_of(client.get(address))
    hospital = seat(meeting, "看護師", side="hospital")
    came = [
        str(one.uid) for one in (hospital, seat(meeting, "介護支援専門員"), seat(meeting, "薬剤師"))
    ]
    came.append(str(seat(meeting, "看護師", side="care").uid))

    client.post(address, fill(form) | {"came": came, "note": "訪問は週2回"})

    meeting.refresh_from_db()
    fact = case.facts.get(kind=K.CONFERENCE_HELD)
    assert (meeting.state, meeting.held_fact) == ("held", fact)
    assert sorted(fact.detail["professions"]) == ["介護支援専門員", "看護師", "薬剤師"]
    assert fact.detail["with"] == "hospital"
    counted = contacts_counted(derived_of(case))
    assert (len(counted.days), counted.conference) == (1, False)
    page = patients.text_of(client.get(url("conference_detail", case.uid, meeting.uid)))
    assert "出席 4人" in page
    assert "数える連絡：1日" in page
    assert "注3の要件を満たす見込み" in page
    nurse = patients.text_of(
        browser(factories.ward_nurse()).get(url("conference_detail", case.uid, meeting.uid))
    )
    assert "数える連絡" not in nurse
    assert str(meeting.uid) in patients.text_of(client.get(url("case_detail", case.uid)))


def test_a_meeting_of_the_care_side_alone_is_no_contact_of_the_hospital(
    meeting, case, time_machine
):
    time_machine.move_to(MEETING, tick=False)

    hold_conference(
        door=factories.door(case, accounts.suzuki()),
        conference=meeting,
        at=MEETING,
        came=[seat(meeting, "介護支援専門員").uid],
        joint_guidance=False,
    )

    assert contacts_counted(derived_of(case)).days == frozenset()


def test_nobody_there_and_a_second_time_are_refused(meeting, case, time_machine):
    time_machine.move_to(MEETING, tick=False)
    client = browser(accounts.suzuki())
    address = url("conference_hold", case.uid, meeting.uid)
    form = fill(patients.text_of(client.get(address)))

    assert client.post(address, form).status_code == 422
    client.post(address, form | {"came": [str(seat(meeting, "薬剤師").uid)]})
    again = client.post(address, form | {"came": [str(seat(meeting, "薬剤師").uid)]})

    assert "終わっているか、中止になっています" in patients.text_of(again)


def test_another_day_asks_again_and_a_cancelled_one_is_over(meeting, case):
    client = browser(accounts.suzuki())
    nurse_seat = seat(meeting, "看護師", side="hospital")
    answer_seat(door=factories.door(case, factories.ward_nurse()), seat=nurse_seat, answer="comes")
    address = url("conference_change", case.uid, meeting.uid)
    form = fill(patients.text_of(client.get(address)), minutes="45", place="4階")

    client.post(address, form)
    nurse_seat.refresh_from_db()
    assert nurse_seat.answer == "comes"
    client.post(address, {**form, "day": "2026-11-27"})

    nurse_seat.refresh_from_db()
    meeting.refresh_from_db()
    assert (nurse_seat.answer, meeting.edition, meeting.place) == ("waiting", 2, "4階")
    assert case.facts.filter(kind=K.CONFERENCE_SCHEDULED).count() == 2
    client.post(url("conference_cancel", case.uid, meeting.uid))
    twice = client.post(url("conference_cancel", case.uid, meeting.uid), follow=True)
    assert "終わっているか、中止になっています" in patients.text_of(twice)
    assert client.post(address, form).status_code == 422
    words = client.get(url("conference_calendar", case.uid, meeting.uid)).content.decode()
    assert "STATUS:CANCELLED" in words


def test_an_invitation_that_names_the_person_or_asks_nobody_is_refused(case):
    client = browser(accounts.suzuki())
    address = url("conference_plan", case.uid)
    form = fill(patients.text_of(client.get(address)), day="2026-11-26", time="15:00", minutes="30")

    nobody = client.post(address, form)
    named = client.post(address, form | {"professions": ["看護師"], "place": "架空清さんの病室"})
    agenda = client.post(
        address, form | {"professions": ["看護師"], "agenda": "架空　清さんの退院後の暮らし"}
    )
    number = client.post(address, form | {"guest1_profession": "医師", "guest1_fax": "12"})

    assert "招く人を1人以上選んでください" in patients.text_of(nobody)
    for refused in (named, agenda):
        assert "氏名を書かないでください" in patients.text_of(refused)
    assert number.status_code == 422
    assert not Conference.objects.exists()


def test_without_consent_there_is_no_conference(meeting, case, patient):
    Consent.objects.filter(patient=patient).update(content_classes=[ContentClass.BASIC])
    client = browser(accounts.suzuki())

    assert client.get(url("conference_plan", case.uid)).status_code == 404
    assert client.get(url("conference_detail", case.uid, meeting.uid)).status_code == 404
    with pytest.raises(ValidationError):
        plan_conference(
            door=factories.door(case, accounts.suzuki()),
            plan=NewConference(kind="discharge", planned_at=MEETING),
            seats=[NewSeat(profession="医師")],
        )


def test_what_is_none_of_this_stay_is_not_found(meeting, case):
    client = browser(accounts.suzuki())

    assert client.get(url("conference_detail", case.uid, uuid4())).status_code == 404
    assert client.get(url("seat_sheet", case.uid, meeting.uid, uuid4())).status_code == 404


def test_a_cancelled_meeting_takes_no_answers(meeting, case):
    door = factories.door(case, accounts.suzuki())
    cancel_conference(door=door, conference=meeting)

    with pytest.raises(ValidationError):
        answer_seat(door=door, seat=seat(meeting, "薬剤師"), answer="comes")


@pytest.mark.parametrize(
    ("hospital", "care", "likely"),
    [
        (["医師"], ["訪問看護師", "薬剤師", "介護支援専門員"], True),
        (["看護師"], ["訪問看護師", "薬剤師"], False),
        ([], ["訪問看護師", "薬剤師", "介護支援専門員"], False),
    ],
)
def test_the_requirements_of_joint_guidance_are_proposed_from_who_came(hospital, care, likely):
    assert joint_guidance_likely(hospital, care) is likely
