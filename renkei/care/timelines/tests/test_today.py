"""今日やること over all persons: what waits for me, overdue first, in a fixed number of queries."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from renkei.care.patients.models import AccessGrant, Consent
from renkei.care.patients.tests.factories import add_member, make_patient
from renkei.care.timelines.models import Entry
from renkei.care.timelines.queries.today import waiting_for
from renkei.care.timelines.services.settling import acknowledge
from renkei.care.timelines.tests.factories import (
    DOCTOR,
    NURSE,
    alarm,
    ask,
    door,
    post,
    shirai,
    staff_room,
    team_patient,
)
from renkei.care.timelines.values import To
from renkei.foundation.accounts.tests.factories import suzuki, takahashi, tanaka, viewer_for
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock

pytestmark = pytest.mark.django_db


def page(client):
    response = client.get(reverse("timelines:today"))
    assert response.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def waiting(user):
    return waiting_for(viewer_for(user))


def test_nothing_waits(takahashi_client):
    assert "いま返事や確認を待っている書き込みはありません" in page(takahashi_client)


def test_what_waits_for_me_stands_there_overdue_first(takahashi_client):
    patient = team_patient(name="湊 ハル江")
    late = ask(suzuki(), staff_room(patient), NURSE, text="とろみの量")
    Entry.objects.filter(pk=late.pk).update(reply_by=clock.now() - timedelta(hours=30))
    ask(suzuki(), staff_room(patient), NURSE, text="残薬の数")
    ask(suzuki(), staff_room(patient), DOCTOR, text="医師だけに")
    alarm(suzuki(), staff_room(patient), NURSE, text="転びました")
    mine = ask(takahashi(), staff_room(patient), DOCTOR, text="自分の問い")

    text = page(takahashi_client)

    order = [text.index(word) for word in ("転びました", "とろみの量", "残薬の数", "自分の問い")]
    assert order == sorted(order)
    assert "30時間 超過" in text
    assert "医師だけに" not in text
    assert "うち期限切れ 1" in text
    assert waiting(takahashi()) == 3
    assert mine.addressees.count() == 1
    reads = AuditEvent.objects.filter(action="patient.read", target_id=str(patient.uid))
    assert reads.count() == 1


def test_a_name_under_news_is_a_read_too(takahashi_client):
    patient = team_patient(name="湊 ハル江")
    post(suzuki(), staff_room(patient), text="食事は8割")

    assert "湊 ハル江さん 1件" in page(takahashi_client)
    reads = AuditEvent.objects.filter(action="patient.read", target_id=str(patient.uid))
    assert [one.detail["what"] for one in reads] == ["今日やること"]


def test_what_is_done_or_not_mine_waits_no_longer(takahashi_client):
    patient = team_patient()
    entry = alarm(suzuki(), staff_room(patient), NURSE)
    question = ask(suzuki(), staff_room(patient), NURSE)
    assert (waiting(takahashi()), waiting(tanaka()), waiting(suzuki())) == (2, 0, 0)

    acknowledge(door=door(takahashi(), staff_room(patient)), entry=entry)
    post(takahashi(), staff_room(patient), reply_to=question.uid)

    assert waiting(takahashi()) == 0


def test_an_office_and_a_named_member_are_meant(takahashi_client):
    patient = make_patient()
    add_member(patient, suzuki())
    office = add_member(patient, takahashi(), whole_office=True)
    named = add_member(patient, shirai())
    post(
        suzuki(),
        staff_room(patient),
        kind="order",
        addressees=[To(member_uid=office.uid), To(member_uid=named.uid)],
    )

    assert (waiting(takahashi()), waiting(shirai())) == (1, 1)


@pytest.mark.parametrize("what", ["consent", "since", "closed", "grant"])
def test_what_one_may_not_read_does_not_wait(what):
    patient = team_patient()
    ask(suzuki(), staff_room(patient), NURSE)
    if what == "consent":
        Consent.objects.update(withdrawn_at=clock.now())
    elif what == "since":
        AccessGrant.objects.update(history_since=clock.now())
    elif what == "closed":
        patient.closed_on, patient.closed_because = clock.today(), "moved"
        patient.save()
    else:
        AccessGrant.objects.update(revoked_at=clock.now())

    assert waiting(takahashi()) == 0


def test_new_entries_are_counted_by_person(takahashi_client):
    read, unread = team_patient(name="架空 既読子"), team_patient(name="架空 新着子")
    post(suzuki(), staff_room(read))
    takahashi_client.get(reverse("timelines:timeline", args=[read.uid]))
    for _ in range(2):
        post(suzuki(), staff_room(unread))

    text = page(takahashi_client)

    assert "架空 新着子さん 2件" in text
    assert "架空 既読子さん" not in text


def test_the_menu_counts_what_waits(takahashi_client):
    ask(suzuki(), staff_room(team_patient()), NURSE)

    html = takahashi_client.get(reverse("timelines:today")).content.decode()

    assert re.search(r'href="/today/" aria-current="page".*?今日<span class="n num">1</span>', html)


def test_t_ism4_the_page_of_nine_hundred_persons_asks_as_much_as_that_of_one(takahashi_client):
    counts = []
    for persons in (1, 3, 40):
        for _ in range(persons):
            patient = make_patient()
            add_member(patient, takahashi())
            add_member(patient, suzuki())
            ask(suzuki(), staff_room(patient), NURSE)
        with CaptureQueriesContext(connection) as queries:
            page(takahashi_client)
        counts.append(len(queries))

    assert counts[0] == counts[1] == counts[2]


def test_more_than_a_day_holds_is_counted(takahashi_client):
    for _ in range(23):
        patient = make_patient()
        add_member(patient, takahashi())
        add_member(patient, suzuki())
        post(suzuki(), staff_room(patient))

    assert "23 新しい書き込み" in page(takahashi_client)
