"""T-P3: 緊急閲覧 and its review."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta

import pytest
import time_machine
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.test import Client
from django.urls import reverse

from renkei.care.patients.models import AccessGrant, BreakGlassUse, FailedOpening, Patient
from renkei.care.patients.services.break_glass import alarm_about_overdue_reviews
from renkei.care.patients.tests.emergency_factories import (
    administrator,
    dispatcher,
    membership,
    officer,
    rescued,
)
from renkei.care.patients.tests.factories import add_member, consent, membership_of
from renkei.foundation.accounts.models import Membership, Role
from renkei.foundation.accounts.tests.factories import (
    member,
    sign_in,
    suzuki,
    takahashi,
    tanaka,
)
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock
from renkei.foundation.notifications.models import Notification

pytestmark = pytest.mark.django_db
PAGE = "/patients/break-glass/"
REVIEWS = "/patients/break-glass/reviews/"
FORM = {
    "name": "湊ハル江",
    "birth_on": "昭和11年5月3日",
    "reason_code": "unconscious",
    "reason": "自宅で倒れ、話せない",
}


def test_t_p3_it_opens_one_person_for_hours_tells_at_once_and_waits_for_review(tanaka_client):
    patient = rescued(consented=False)
    add_member(patient, suzuki())
    host_boss = administrator(patient.host)
    own_boss = administrator(membership(tanaka()).organisation)
    watcher = officer()

    response = tanaka_client.post(PAGE, FORM)
    page = tanaka_client.get(response["Location"]).content.decode()

    use = BreakGlassUse.objects.get()
    assert use.grant.ends_at == use.grant.starts_at + timedelta(hours=4)
    assert use.grant.content_classes == ["emergency", "wishes"]
    assert "ペニシリン" in page
    assert "緊急閲覧" in page
    assert AuditEvent.objects.get(action="patient.read").detail["via"] == "break_glass"
    told = {one.user: one.path for one in Notification.objects.select_related("user")}
    assert set(told) == {suzuki(), host_boss, own_boss, watcher}
    assert str(patient.uid) not in told[own_boss]
    for name in ("emergency_edit", "card_list", "wish_add", "read_log"):
        assert tanaka_client.get(reverse(f"patients:{name}", args=[patient.uid])).status_code == 404


@pytest.mark.parametrize(
    ("friday", "due"),
    [
        (datetime(2026, 11, 20, 23, 0, tzinfo=clock.TOKYO), date(2026, 11, 24)),
        (datetime(2026, 12, 28, 9, 0, tzinfo=clock.TOKYO), date(2027, 1, 4)),
    ],
    ids=["before a long weekend", "before the new year"],
)
def test_t_p3_the_review_is_due_on_the_next_working_day(friday, due):
    rescued()
    with time_machine.travel(friday, tick=False):
        sign_in(Client(), tanaka()).post(PAGE, FORM)

    assert BreakGlassUse.objects.get().review_due_on == due


def answers_nobody():
    return {
        "part of the name": {"name": "湊"},
        "other birth date": {"birth_on": "昭和11年5月4日"},
        "nobody": {"name": "架空 無人"},
        "signs only": {"name": "・・"},
    }


@pytest.mark.parametrize("case", sorted(answers_nobody()))
def test_t_p3_it_cannot_be_used_for_search(tanaka_client, case):
    rescued()
    for wrong in (answers_nobody()[case], {"name": "架空 無人"}):
        response = tanaka_client.post(PAGE, {**FORM, **wrong})
        assert response.status_code == 422
        assert "開けませんでした。" in response.content.decode()
        assert "湊 ハル江" not in response.content.decode()

    assert AccessGrant.objects.count() == 0
    events = AuditEvent.objects.filter(action="break_glass.nobody_found")
    assert [(one.target_id, one.detail) for one in events] == [("unknown", {})] * 2


def test_two_persons_of_one_name_and_day_are_as_unknown_as_none(tanaka_client):
    rescued()
    rescued()

    assert tanaka_client.post(PAGE, FORM).status_code == 422


def test_the_reading_finds_the_person_too(tanaka_client):
    rescued()

    assert tanaka_client.post(PAGE, {**FORM, "name": "みなと はるえ"}).status_code == 302


def test_t_p3_a_binding_refusal_binds_here_too_and_answers_like_nobody(tanaka_client):
    patient = rescued(consented=False)
    first = tanaka_client.post(PAGE, FORM)["Location"]
    consent(patient, decision="refused", binds_emergency=True)

    assert tanaka_client.get(first).status_code == 404
    assert tanaka_client.post(PAGE, FORM).status_code == 422


def test_a_plain_refusal_does_not_outweigh_a_life(tanaka_client):
    patient = rescued(consented=False)
    consent(patient, decision="refused")

    assert tanaka_client.post(PAGE, FORM).status_code == 302


def test_t_p3_a_second_use_at_night_is_never_blocked(tanaka_client):
    rescued()

    for _ in range(3):
        assert tanaka_client.post(PAGE, FORM).status_code == 302

    assert BreakGlassUse.objects.count() == 3
    assert "湊 ハル江さんの救急の画面" in tanaka_client.get(PAGE).content.decode()


def test_who_guesses_waits(tanaka_client):
    rescued()
    for _ in range(10):
        FailedOpening.objects.create(
            way="break_glass",
            membership=membership_of(tanaka()),
            organisation=membership_of(tanaka()).organisation,
            at=clock.now(),
        )

    assert "続けて試しすぎました" in tanaka_client.post(PAGE, FORM).content.decode()


def test_it_asks_for_a_fresh_proof(tanaka_client):
    session = tanaka_client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {**record, "at": time.time() - 3600}
        for record in session[AUTHENTICATION_METHODS_SESSION_KEY]
    ]
    session.save()

    response = tanaka_client.get(PAGE)

    assert response.status_code == 302
    assert "reauthenticate" in response["Location"]


def test_only_the_named_professions_and_a_fire_desk_may(settings):
    rescued()
    Membership.objects.filter(user=takahashi()).update(profession="事務員")
    clerk, nurse_of_fire = sign_in(Client(), takahashi()), sign_in(Client(), dispatcher())

    page = clerk.get(PAGE).content.decode()

    assert "使えるのは、医師・看護師などの職種の方" in page
    clerk.post(PAGE, FORM)
    assert BreakGlassUse.objects.count() == 0
    assert nurse_of_fire.post(PAGE, FORM).status_code == 302
    settings.BREAK_GLASS_PROFESSIONS = ["事務員"]
    assert clerk.post(PAGE, FORM).status_code == 302


def test_fields_are_asked_for(tanaka_client):
    response = tanaka_client.post(PAGE, {})

    assert response.status_code == 422
    assert "生年月日を入力してください。" in response.content.decode()


# Review --------------------------------------------------------------------------------------


def used():
    patient = rescued()
    sign_in(Client(), tanaka()).post(PAGE, FORM)
    return patient, BreakGlassUse.objects.get()


def test_t_p3_the_officer_reviews_and_the_month_lists_it():
    patient, use = used()
    doctor = sign_in(Client(), tanaka())
    doctor.get(reverse("patients:emergency_screen", args=[patient.uid]))
    client = sign_in(Client(), officer())
    url = f"{REVIEWS}{use.uid}/"

    waiting = client.get(REVIEWS).content.decode()
    page = client.get(url).content.decode()
    unclear = client.post(url, {"verdict": "unclear", "note": "本人に聞く"})
    done = client.post(url, {"verdict": "proper", "patient_told_on": "2026年11月24日"})
    again = client.post(url, {"verdict": "improper"})

    use.refresh_from_db()
    assert "確認待ち" in waiting
    assert "自宅で倒れ、話せない" in page
    assert "救急の画面" in page
    assert "湊" not in page
    assert unclear.status_code == done.status_code == 302
    assert again.status_code == 422
    assert (use.verdict, use.patient_told_on) == ("proper", date(2026, 11, 24))
    assert use.reviewed_at is not None
    assert "確認済み" in client.get(REVIEWS).content.decode()
    assert (
        "この月に緊急閲覧は使われていません"
        in client.get(f"{REVIEWS}?month=2020-01").content.decode()
    )
    assert client.get(f"{REVIEWS}?month=x").status_code == 200
    assert client.post(url, {}).status_code == 422


@pytest.mark.parametrize("month", ["9999-12", "0001-01", "2026-13", "x"])
def test_a_month_that_cannot_be_shows_this_one(month):
    watching = sign_in(Client(), member(Role.PRIVACY_OFFICER))

    response = watching.get(REVIEWS, {"month": month})

    assert response.status_code == 200
    assert response.context["month"] == clock.today().replace(day=1)


def test_t_p3_an_overdue_review_alarms_the_officer_each_morning():
    _, use = used()
    watcher = officer()
    Notification.objects.all().delete()

    assert alarm_about_overdue_reviews() == 0
    BreakGlassUse.objects.update(review_due_on=clock.today() - timedelta(days=1))
    assert alarm_about_overdue_reviews() == 1
    assert alarm_about_overdue_reviews() == 1

    told = Notification.objects.get()
    assert (told.user, told.kind) == (watcher, "patients.break_glass_overdue")
    assert "超過" in sign_in(Client(), watcher).get(f"{REVIEWS}{use.uid}/").content.decode()


def test_nobody_reviews_their_own_use():
    _, use = used()
    Membership.objects.filter(pk=use.used_by_id).update(role=Role.PRIVACY_OFFICER)
    client = sign_in(Client(), tanaka())

    response = client.post(f"{REVIEWS}{use.uid}/", {"verdict": "proper"})

    assert response.status_code == 422
    assert "自分の緊急閲覧は確認できません。" in response.content.decode()


def test_an_officer_of_another_town_sees_nothing():
    from renkei.foundation.areas.tests.factories import make_area

    _, use = used()
    here, there = make_area(name="架空市"), make_area(name="よその町")
    Patient.objects.update(municipality=here)
    office = membership(officer()).organisation
    office.area = there
    office.save()
    client = sign_in(Client(), officer())

    assert client.get(f"{REVIEWS}{use.uid}/").status_code == 404
    office.area = here
    office.save()
    assert client.get(f"{REVIEWS}{use.uid}/").status_code == 200
    assert sign_in(Client(), member(Role.OPERATOR)).get(REVIEWS).status_code == 404
