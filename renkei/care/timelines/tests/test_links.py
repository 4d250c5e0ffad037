"""A link that opens one document to somebody without an account, and nothing more."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from renkei.care.patients.models import AccessGrant, ContentClass, GrantKind, Patient
from renkei.care.patients.queries import present_consent
from renkei.care.patients.queries_read_log import RECEIVER, reads_of, rows_of
from renkei.care.patients.services.consent import record_consent, withdraw_consent
from renkei.care.patients.services.end_of_care import close_patient
from renkei.care.patients.tests.factories import add_member, consent, membership_of
from renkei.care.patients.visibility import patients_visible_to
from renkei.care.timelines.link_services import Sending, make_link, revoke_link
from renkei.care.timelines.models import Entry, LinkEnd, OutsideLink
from renkei.care.timelines.tests.factories import door, post, staff_room, team_patient
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.accounts.tests.factories import suzuki, takahashi, tanaka, viewer_for
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock
from renkei.foundation.notifications.models import Notification
from renkei.foundation.sheets.models import Answer, Draft
from renkei.foundation.sheets.tests.factories import item, make_answer, make_version

pytestmark = pytest.mark.django_db

CLOSED = "開けませんでした"


@pytest.fixture
def person() -> Any:
    return team_patient(name="架空 ハル江", kana="カクウ ハルエ")


@pytest.fixture
def entry(person) -> Entry:
    post(suzuki(), staff_room(person), "秘密の前の話")
    found = post(takahashi(), staff_room(person), "薬が残っています。")
    post(suzuki(), staff_room(person), "秘密の返事", reply_to=found.uid)
    return found


@pytest.fixture
def version() -> Any:
    return make_version(
        item("move", "string", "移動", required=True),
        item("note", "text", "連絡"),
        code="sharing_sheet",
        name="情報共有シート",
    )


@pytest.fixture
def nurse() -> Client:
    return accounts.sign_in(Client(), takahashi())


def send(client: Client, person, **query: Any) -> tuple[str, str]:
    """Send by the page; the address and the code it shows."""
    [(name, value)] = query.items()
    response = client.post(
        f"{reverse('timelines:link_new', args=[person.uid])}?{name}={value}",
        {"organisation": "架空市立病院", "person": "地域連携室", "hours": "72"},
    )
    assert response.status_code == 200, response.content.decode()
    return response.context["url"].replace("http://testserver", ""), response.context["code"]


def opened(url: str, code: str, **more: str) -> Any:
    return Client().post(url, {"code": code, **more})


def carried(response: Any) -> dict[str, str]:
    return dict(response.context["carried"])


def words(response: Any) -> str:
    text: str = response.content.decode()
    return text


def assert_closed(response: Any) -> None:
    assert (response.status_code, CLOSED in words(response)) == (404, True)
    assert "ハル江" not in words(response)
    assert "架空市" not in words(response)


# What whoever got it sees -------------------------------------------------------------------


def test_one_entry_opens_with_its_code_and_nothing_around_it(person, entry, nurse):
    url, code = send(nurse, person, entry=entry.uid)

    response = opened(url, code)

    page = words(response)
    assert response.status_code == 200
    assert "薬が残っています。" in page
    assert "架空 ハル江" in page
    for secret in ("秘密の前の話", "秘密の返事", str(person.uid), str(entry.uid)):
        assert secret not in page
    assert "ハル" not in page[page.index("<title>") : page.index("</title>")]
    assert "ハル" not in url
    assert response["Referrer-Policy"] == "same-origin"
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]


def test_one_answer_opens_without_the_one_before(person, version, nurse):
    make_answer(version, person.uid, move="秘密の杖")
    newest = make_answer(version, person.uid, move="歩行器")
    url, code = send(nurse, person, answer=newest.uid)

    page = words(opened(url, code.replace("-", "－")))

    assert "歩行器" in page
    assert "秘密の杖" not in page


def test_every_opening_is_a_read_that_the_log_shows_with_its_receiver(person, entry, nurse):
    url, code = send(nurse, person, entry=entry.uid)
    for _ in range(2):
        opened(url, code)

    reads = [one for one in reads_of(person) if one.detail["via"] == GrantKind.ONE_TIME_LINK]
    rows = rows_of(reads)

    assert [(row.name, row.organisation) for row in rows] == [
        (RECEIVER, "架空市立病院　地域連携室")
    ] * 2
    assert rows[0].what == "リンクで開いた書き込み"
    assert rows[0].via == "一度だけのリンク"
    assert "架空市立病院" not in json.dumps([one.detail for one in reads], ensure_ascii=False)
    link = OutsideLink.objects.get()
    assert (link.openings, link.wrong_codes) == (2, 0)
    told = Notification.objects.get(kind="timelines.link_opened")
    assert told.user_id == takahashi().pk


def test_the_asked_sheet_comes_back_as_the_persons_answer(person, version, nurse):
    make_answer(version, person.uid, move="秘密の杖")
    Draft.objects.create(version=version, subject_uid=person.uid, content={}, saved_at=clock.now())
    url, code = send(nurse, person, form="sharing_sheet")
    form = opened(url, code)
    assert "秘密の杖" not in words(form)
    hidden = carried(form)

    missing = Client().post(url, {**hidden, "act": "check", "move": ""})
    checked = Client().post(url, {**hidden, "act": "check", "move": "車いす"})
    content = checked.context["content"]
    rewritten = Client().post(
        url, {**hidden, "act": "edit", "content": content, "giver_name": "架空 退院"}
    )
    nameless = Client().post(url, {**hidden, "act": "send", "content": content})
    sent = Client().post(
        url,
        {
            **hidden,
            "act": "send",
            "content": content,
            "giver_name": "架空 退院",
            "giver_profession": "看護師",
            "giver_organisation": "架空市立病院",
        },
    )

    assert missing.status_code == 422
    assert "秘密の杖" not in words(checked)
    assert carried(rewritten)["giver_name"] == "架空 退院"
    assert "車いす" in words(rewritten)
    assert nameless.status_code == 422
    assert "氏名" in words(nameless)
    assert "送りました" in words(sent)
    answer = Answer.objects.get(source="link")
    assert answer.subject_uid == person.uid
    assert answer.giver == "架空 退院・看護師（架空市立病院）"
    assert (answer.author, answer.organisation) == (None, None)
    [told] = Entry.objects.filter(text__startswith="リンクで頼んだ様式")
    assert told.room == staff_room(person)
    people = Notification.objects.filter(kind="timelines.link_answered")
    assert set(people.values_list("user_id", flat=True)) >= {suzuki().pk, takahashi().pk}
    page = words(nurse.get(reverse("timelines:answer_detail", args=[person.uid, answer.uid])))
    assert "架空 退院・看護師（架空市立病院）" in page
    assert_closed(Client().post(url, {**hidden, "act": "send", "content": content}))
    assert_closed(opened(url, code))
    assert Answer.objects.filter(source="link").count() == 1


def test_the_page_works_without_a_link_and_asks_for_six_digits():
    page = Client().get(reverse("timelines:outside_link", args=["nothing"]))
    short = opened(reverse("timelines:outside_link", args=["nothing"]), "12")

    assert page.status_code == 200
    assert "電話で聞いた6桁の番号" in words(page)
    assert page["Referrer-Policy"] == "same-origin"
    assert short.status_code == 422
    assert "6桁の数字" in words(short)


# What closes it -----------------------------------------------------------------------------


def test_wrong_link_wrong_code_expired_revoked_and_locked_look_alike(
    person, entry, nurse, settings
):
    settings.OUTSIDE_LINK_TRIES = 2
    unknown = reverse("timelines:outside_link", args=["x" * 32])
    links = [send(nurse, person, entry=entry.uid) for _ in range(4)]
    _wrong, expired, revoked, locked = OutsideLink.objects.order_by("pk")
    AccessGrant.objects.filter(pk=expired.grant_id).update(
        ends_at=clock.now() - timedelta(seconds=1)
    )
    revoke_link(door=door(takahashi(), staff_room(person)), link=revoked)
    OutsideLink.objects.filter(pk=locked.pk).update(wrong_codes=2)
    tries = [
        (unknown, "000000"),
        (links[0][0], _not(links[0][1])),
        *links[1:],
    ]

    seen = []
    for url, code in tries:
        Client().get(url)
        client = Client()
        with CaptureQueriesContext(connection) as queries:
            response = client.post(url, {"code": code})
        assert_closed(response)
        seen.append(
            (
                response.content,
                len(queries),
                sorted((k, v) for k, v in response.headers.items() if k != "Expires"),
            )
        )

    assert [one[1] for one in seen] == [seen[0][1]] * 5
    assert [one[2] for one in seen] == [seen[0][2]] * 5
    assert [one[0] for one in seen] == [seen[0][0]] * 5
    assert AuditEvent.objects.filter(action="outside_link.refused").count() == 5


def test_the_address_is_in_no_log_whatever_is_typed(person, entry, nurse, caplog):
    url, code = send(nurse, person, entry=entry.uid)

    statuses = [
        Client().post(url, {"code": typed}).status_code for typed in ("", "12", _not(code), code)
    ]

    assert statuses == [422, 422, 404, 200]
    assert url.split("/")[-2] not in caplog.text


def _not(code: str) -> str:
    return "000000" if code != "000-000" else "111111"


def test_too_many_wrong_codes_close_it_for_the_right_one_too(person, entry, nurse, settings):
    settings.OUTSIDE_LINK_TRIES = 2
    url, code = send(nurse, person, entry=entry.uid)
    for _ in range(2):
        assert_closed(opened(url, _not(code)))

    assert_closed(opened(url, code))
    page = words(nurse.get(reverse("timelines:link_list", args=[person.uid])))
    assert "番号の誤りが続いたので閉じました" in page


def test_it_opens_only_so_often_and_only_so_long(person, entry, nurse, settings):
    settings.OUTSIDE_LINK_OPENINGS = 1
    url, code = send(nurse, person, entry=entry.uid)
    other, other_code = send(nurse, person, entry=entry.uid)
    assert opened(url, code).status_code == 200

    assert_closed(opened(url, code))
    with time_machine.travel(clock.now() + timedelta(hours=73), tick=False):
        assert_closed(opened(other, other_code))


def _withdraw(person: Patient, _entry: Entry) -> None:
    found = present_consent(person)
    assert found is not None
    withdraw_consent(viewer=viewer_for(suzuki()), consent=found)


def _narrow(person: Patient, _entry: Entry) -> None:
    old = present_consent(person)
    assert old is not None
    record_consent(
        viewer=viewer_for(suzuki()),
        patient=person,
        values={
            "decision": old.decision,
            "purposes": old.purposes,
            "content_classes": [ContentClass.BASIC.value],
            "period": old.period,
            "method": old.method,
            "decided_on": old.decided_on,
            "explained_by": old.explained_by,
        },
    )


def _end(person: Patient, _entry: Entry) -> None:
    close_patient(viewer=viewer_for(suzuki()), patient=person, on=clock.today(), because="death")


def _leave(_person: Patient, _entry: Entry) -> None:
    membership = membership_of(takahashi())
    membership.revoked_at = clock.now()
    membership.save()


def _hide(_person: Patient, entry: Entry) -> None:
    Entry.objects.filter(pk=entry.pk).update(hidden_at=clock.now(), hidden_reason="誤り")


@pytest.mark.parametrize("end", [_withdraw, _narrow, _end, _leave, _hide])
def test_it_closes_at_once_with_what_it_rests_on(person, entry, nurse, end):
    url, code = send(nurse, person, entry=entry.uid)
    assert opened(url, code).status_code == 200

    end(person, entry)

    assert_closed(opened(url, code))
    if end in {_withdraw, _narrow, _end}:
        assert OutsideLink.objects.get().closed_because == LinkEnd.GROUND


def test_a_sheet_opened_before_the_withdrawal_cannot_be_sent_after_it(person, version, nurse):
    url, code = send(nurse, person, form="sharing_sheet")
    form = opened(url, code)
    values = {**carried(form), "act": "check", "move": "杖"}
    assert Client().post(url, values).status_code == 200

    assert_closed(Client().post(url, {**values, "outside_link": "x"}))
    assert_closed(Client().post(reverse("timelines:outside_link", args=["x"]), values))
    _withdraw(person, Entry())
    assert_closed(Client().post(url, values))


def test_the_grant_of_a_link_opens_nothing_to_the_office_in_whose_name_it_stands(person, entry):
    team = person.team.get(membership=membership_of(takahashi()))
    make_link(
        door=door(takahashi(), staff_room(person)),
        sending=Sending("架空市立病院", entry=entry),
    )
    team.grant.revoked_at = clock.now()
    team.grant.save()

    assert not patients_visible_to(viewer_for(takahashi())).exists()
    assert not patients_visible_to(viewer_for(takahashi()), ContentClass.TIMELINE).exists()


# What the team sees -------------------------------------------------------------------------


def test_the_list_says_how_each_link_stands_and_closes_it_with_one_click(person, entry, nurse):
    address = reverse("timelines:link_list", args=[person.uid])
    assert "送ったリンクはありません" in words(nurse.get(address))
    url, code = send(nurse, person, entry=entry.uid)
    before = words(nurse.get(address))
    opened(url, code)
    seen = words(nurse.get(address))
    link = OutsideLink.objects.get()

    for _ in range(2):
        nurse.post(reverse("timelines:link_revoke", args=[person.uid, link.uid]))

    assert "まだ開かれていません" in before
    assert "開かれた回数 1回" in seen
    assert "取り消しました" in words(nurse.get(address))
    assert AuditEvent.objects.filter(action="outside_link.revoked").count() == 1
    assert_closed(opened(url, code))


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_much_for_three_links_as_for_one(
    person, entry, nurse, count, django_assert_num_queries
):
    for _ in range(3):
        send(nurse, person, entry=entry.uid)
    address = reverse("timelines:link_list", args=[person.uid])
    nurse.get(address)
    with CaptureQueriesContext(connection) as all_three:
        nurse.get(address)
    OutsideLink.objects.exclude(pk__in=OutsideLink.objects.values("pk")[:count]).delete()

    with django_assert_num_queries(len(all_three)):
        nurse.get(address)


def test_neither_link_nor_code_is_kept(person, entry, nurse):
    url, code = send(nurse, person, entry=entry.uid)

    token = url.rstrip("/").rpartition("/")[2]
    row = json.dumps(list(OutsideLink.objects.values()), default=str)
    assert token not in row
    assert code.replace("-", "") not in row.replace(str(OutsideLink.objects.get().uid), "")
    assert "架空" not in str(OutsideLink.objects.get())


def test_only_who_writes_in_the_room_sends_and_only_what_they_read(person, entry, version, nurse):
    address = reverse("timelines:link_new", args=[person.uid])
    stranger = accounts.sign_in(Client(), tanaka())
    other = team_patient()
    foreign = post(takahashi(), staff_room(other), "よその話")
    link = make_link(
        door=door(takahashi(), staff_room(person)), sending=Sending("病院", version=version)
    ).link

    for query in ("", "?entry=x", f"?entry={foreign.uid}", f"?answer={entry.uid}", "?form=nothing"):
        assert nurse.get(f"{address}{query}").status_code == 404
    good = f"{address}?entry={entry.uid}"
    assert nurse.get(good).status_code == 200
    assert stranger.get(good).status_code == 404
    assert stranger.get(reverse("timelines:link_list", args=[person.uid])).status_code == 404
    elsewhere = reverse("timelines:link_revoke", args=[other.uid, link.uid])
    assert nurse.post(elsewhere).status_code == 404
    person.team.update(is_observer=True)
    assert nurse.get(good).status_code == 404
    mine = reverse("timelines:link_revoke", args=[person.uid, link.uid])
    assert nurse.post(mine).status_code == 404


def test_a_link_does_not_live_for_weeks_nor_leave_a_closed_room(person, entry):
    through = door(takahashi(), staff_room(person))
    with pytest.raises(ValidationError, match="期限"):
        make_link(door=through, sending=Sending("病院", hours=24 * 15, entry=entry))
    person.team.update(is_observer=True)
    with pytest.raises(ValidationError, match="送れません"):
        make_link(door=door(takahashi(), staff_room(person)), sending=Sending("病院", entry=entry))


def test_the_form_says_what_is_missing(person, entry, nurse):
    address = f"{reverse('timelines:link_new', args=[person.uid])}?entry={entry.uid}"

    response = nurse.post(address, {"organisation": "", "hours": "9"})

    assert response.status_code == 422
    assert OutsideLink.objects.count() == 0


def test_a_consent_for_others_only_does_not_carry_a_link(person, entry, nurse):
    url, code = send(nurse, person, entry=entry.uid)
    person.consents.update(superseded_at=clock.now())
    consent(person, whole_team=False)
    add_member(person, tanaka())

    assert_closed(opened(url, code))
