"""Cards with QR code and PIN: issue, print, open at a fire department's desk, contact (T-CARD2)."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from renkei.care.patients.emergency_codes import pin_is_right
from renkei.care.patients.models import (
    AccessGrant,
    Consent,
    EmergencyCard,
    EmergencyProfile,
    FailedOpening,
    Patient,
)
from renkei.care.patients.services.cards import (
    Answer,
    issue_card,
    open_with_card,
    revoke_card,
    try_card,
)
from renkei.care.patients.tests.emergency_factories import administrator, dispatcher, rescued
from renkei.care.patients.tests.factories import add_member, consent, make_patient, membership_of
from renkei.foundation.accounts.tests.factories import (
    sign_in,
    suzuki,
    takahashi,
    tanaka,
    viewer_for,
)
from renkei.foundation.accounts.viewers import ANYBODY
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock
from renkei.foundation.notifications.models import Notification

pytestmark = pytest.mark.django_db
DESK = "/emergency-desk/"


@pytest.fixture(autouse=True)
def no_memory_of_other_tests():
    cache.clear()


def issued_for(patient):
    return issue_card(viewer=viewer_for(suzuki()), patient=patient)


def desk_client():
    return sign_in(Client(), dispatcher())


def typed(issued, pin=None):
    return {"code": issued.code.lower(), "pin": pin or issued.pin}


def wrong_pin(issued):
    return "000000" if issued.pin != "000000" else "111111"


def test_t_p2_withdrawal_closes_at_once_what_a_card_has_opened():
    patient = rescued()
    client, issued = desk_client(), issued_for(patient)
    screen = reverse("patients:emergency_screen", args=[patient.uid])
    client.post(DESK, typed(issued))
    opened = client.get(screen).status_code

    Consent.objects.filter(patient=patient).update(withdrawn_at=clock.now())

    assert (opened, client.get(screen).status_code) == (200, 404)


def test_t_tob1_a_desk_opens_the_screen_with_card_and_pin_and_the_team_is_told():
    patient = rescued()
    add_member(patient, takahashi())
    add_member(patient, suzuki(), whole_office=True)
    issued = issued_for(patient)
    client = desk_client()

    opened = client.post(DESK, typed(issued))
    page = client.get(opened["Location"]).content.decode()
    desk = client.get(DESK).content.decode()

    grant = AccessGrant.objects.get(kind="emergency_card")
    assert opened["Location"] == reverse("patients:emergency_screen", args=[patient.uid])
    assert "湊 ハル江" in page
    assert "心肺蘇生は望まない。" in page
    assert "湊 ハル江さんの救急の画面" in desk
    assert grant.content_classes == ["emergency", "wishes"]
    assert grant.ends_at == grant.starts_at + timedelta(hours=4)
    assert {one.user.name for one in Notification.objects.select_related("user")} == {
        "高橋 三奈",
        "鈴木 二葉",
    }
    read = AuditEvent.objects.get(action="patient.read")
    assert read.detail == {"what": "emergency", "via": "emergency_card"}


def test_what_the_card_opened_closes_after_its_hours_and_with_the_card():
    patient = rescued()
    issued = issued_for(patient)
    client = desk_client()
    url = client.post(DESK, typed(issued))["Location"]

    with time_machine.travel(clock.now() + timedelta(hours=4, seconds=1)):
        # The session of a dispatcher lasts longer than what the card opened.
        assert sign_in(Client(), dispatcher()).get(url).status_code == 404
    revoke_card(viewer=viewer_for(suzuki()), card=issued.card)
    assert client.get(url).status_code == 404


def test_wishes_open_only_where_the_consent_covers_them():
    patient = rescued()
    Consent.objects.update(content_classes=["basic", "emergency"])
    client = desk_client()

    url = client.post(DESK, typed(issued_for(patient)))["Location"]

    assert AccessGrant.objects.get().content_classes == ["emergency"]
    assert "非公開" in client.get(url).content.decode()


def refused_states():
    """What must answer exactly like an unknown code."""

    def wrong(issued):
        return typed(issued, wrong_pin(issued))

    def withdrawn(issued):
        Consent.objects.update(withdrawn_at=clock.now())
        return typed(issued)

    def bound(issued):
        consents = Consent.objects.all()
        consents.update(superseded_at=clock.now())
        consent(Patient.objects.get(), decision="refused", binds_emergency=True)
        return typed(issued)

    def locked(issued):
        EmergencyCard.objects.update(locked_until=clock.now() + timedelta(minutes=1))
        return typed(issued)

    return {"wrong": wrong, "withdrawn": withdrawn, "bound": bound, "locked": locked}


@pytest.mark.parametrize("state", sorted(refused_states()))
def test_a_card_that_does_not_open_answers_like_an_unknown_one(state):
    patient = rescued()
    data = refused_states()[state](issued_for(patient))
    client = desk_client()

    known = client.post(DESK, data)
    unknown = client.post(DESK, {**data, "code": "AAAA-AAAA-AAAA-AAAA"})

    def plain(response, code):
        page = response.content.decode().replace(code, "CODE")
        return page.split('name="csrfmiddlewaretoken"')[-1].split(">", 1)[1]

    assert known.status_code == unknown.status_code == 422
    assert plain(known, data["code"]) == plain(unknown, "AAAA-AAAA-AAAA-AAAA")
    assert AccessGrant.objects.count() == 0
    assert FailedOpening.objects.count() == 2


def test_without_a_card_a_pin_is_compared_all_the_same():
    assert pin_is_right("123456", None) is False


def test_five_wrong_pins_lock_the_card_ever_longer_and_the_right_one_frees_it():
    patient = rescued()
    issued = issued_for(patient)
    viewer = viewer_for(dispatcher())

    for _ in range(5):
        open_with_card(viewer=viewer, code=issued.code, pin=wrong_pin(issued))
    card = EmergencyCard.objects.get()
    locked = try_card(viewer=ANYBODY, code=issued.code, pin=issued.pin)
    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        opened = open_with_card(viewer=viewer, code=issued.code, pin=issued.pin)

    assert card.wrong_pins == 5
    assert card.locked_until is not None
    assert card.locked_until > clock.now() + timedelta(minutes=14)
    assert locked.answer == Answer.REFUSED
    assert opened.answer == Answer.OPENED
    card.refresh_from_db()
    assert card.wrong_pins == 0


def test_a_desk_that_keeps_guessing_waits(settings):
    issued = issued_for(rescued())
    client = desk_client()

    for number in range(10):
        client.post(DESK, {"code": f"AAAA-{number:04}", "pin": "123456"})
    response = client.post(DESK, typed(issued))

    assert response.status_code == 422
    assert "続けて試しすぎました" in response.content.decode()


def test_a_new_card_makes_the_old_one_old(suzuki_client):
    patient = rescued()
    add_member(patient, suzuki())
    first = issued_for(patient)
    second = issued_for(patient)

    response = desk_client().post(DESK, typed(first))

    assert "この版は古い" in response.content.decode()
    assert "この版は古い" in Client().get(f"/e/{first.code}/").content.decode()
    assert "この版は古い" not in Client().get(f"/e/{second.code}/").content.decode()


def test_a_card_older_than_the_profile_says_so_after_opening():
    patient = rescued()
    issued = issued_for(patient)
    EmergencyProfile.objects.update(updated_at=clock.now() + timedelta(minutes=1))
    client = desk_client()

    page = client.get(client.post(DESK, typed(issued))["Location"]).content.decode()

    assert "この版は古いカードです。" in page


def test_the_card_of_a_closed_record_is_old():
    patient = rescued()
    issued = issued_for(patient)
    Patient.objects.update(closed_on=clock.today(), closed_because="death")

    assert open_with_card(
        viewer=viewer_for(dispatcher()), code=issued.code, pin=issued.pin
    ).answer == (Answer.OLD)


# The page behind the QR code -----------------------------------------------------------------


def test_t_card2_a_hospital_reaches_the_care_manager_from_the_card(tanaka_client):
    patient = rescued()
    issued = issued_for(patient)
    url = f"/e/{issued.code}/"

    nobody = Client().get(url).content.decode()
    unknown = Client().get("/e/AAAA-BBBB-CCCC-DDDD/").content.decode()
    with_pin = Client().post(url, {"pin": issued.pin}).content.decode()
    as_doctor = tanaka_client.get(url).content.decode()

    for page in (nobody, unknown):
        assert "架空居宅" not in page
        assert "PIN" in page
    for page in (with_pin, as_doctor):
        assert "架空居宅" in page
        assert "0999-00-3300" in page
        assert "0999-00-3301" in page
        assert "平日 9時～18時" in page
        assert "湊" not in page
    reads = AuditEvent.objects.filter(action="patient.read", target_id=str(patient.uid))
    assert [one.actor_kind for one in reads.order_by("sequence")] == ["public", "user"]


def test_an_unknown_code_looks_like_a_working_one():
    issued = issued_for(rescued())

    def page(code):
        body = Client().get(f"/e/{code}/").content.decode().replace(code, "")
        return (
            body.split('name="csrfmiddlewaretoken"')[0]
            + body.split("csrfmiddlewaretoken")[1].split(">", 1)[1]
        )

    assert page(issued.code) == page("AAAA-BBBB-CCCC-DDDD")


def test_a_wrong_pin_on_the_page_shows_nothing_and_guessing_ends(tanaka_client):
    issued = issued_for(rescued())
    url = f"/e/{issued.code}/"
    client = Client()

    first = client.post(url, {"pin": wrong_pin(issued)})
    for _ in range(20):
        last = client.post(url, {"pin": wrong_pin(issued)})
    for _ in range(10):
        FailedOpening.objects.create(
            way="card",
            membership=membership_of(tanaka()),
            organisation=membership_of(tanaka()).organisation,
            at=clock.now(),
        )
    cache.clear()
    as_doctor = tanaka_client.post(url, {"pin": wrong_pin(issued)})

    assert first.status_code == 422
    assert "開けませんでした" in first.content.decode()
    assert "続けて試しすぎました" in last.content.decode()
    assert "続けて試しすぎました" in as_doctor.content.decode()


def test_a_desk_that_scans_goes_straight_to_the_screen():
    patient = rescued()
    issued = issued_for(patient)
    client = desk_client()

    assert "救急の画面を開く" in client.get(f"/e/{issued.code}/").content.decode()
    assert client.post(f"/e/{issued.code}/", {"pin": ""}).status_code == 200
    assert client.post(f"/e/{issued.code}/", {"pin": wrong_pin(issued)}).status_code == 422
    response = client.post(f"/e/{issued.code}/", {"pin": issued.pin})
    assert response["Location"] == reverse("patients:emergency_screen", args=[patient.uid])


def test_without_a_care_manager_the_host_is_the_contact(tanaka_client):
    patient = make_patient()
    host = patient.host
    host.phone = "0999-00-7777"
    host.save()

    page = tanaka_client.get(f"/e/{issued_for(patient).code}/").content.decode()

    assert "0999-00-7777" in page


# Issuing and printing ------------------------------------------------------------------------


def test_a_card_is_issued_printed_once_and_revoked(suzuki_client):
    patient = rescued()
    add_member(patient, suzuki())
    url = reverse("patients:card_issue", args=[patient.uid])

    response = suzuki_client.post(url)
    card = EmergencyCard.objects.get()
    page = suzuki_client.get(response["Location"]).content.decode()
    code = page.split('<code class="code">')[1].split("<")[0]
    pin = page.split('<code class="code">')[2].split("<")[0]
    files = {
        name: suzuki_client.get(reverse(f"patients:{name}", args=[patient.uid, card.uid]))
        for name in ("card_file", "card_kit")
    }
    text = {
        name: "".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages)
        for name, response in files.items()
    }

    assert try_card(viewer=ANYBODY, code=code, pin=pin).answer == Answer.OPENED
    assert pin in text["card_file"]
    assert pin not in text["card_kit"]
    assert code in text["card_kit"]
    assert "0999-00-3300" in text["card_file"]
    suzuki_client.post(reverse("patients:card_revoke", args=[patient.uid, card.uid]))
    after = suzuki_client.get(response["Location"]).content.decode()
    gone = suzuki_client.get(reverse("patients:card_kit", args=[patient.uid, card.uid]))
    assert "もう見られません" in after
    assert gone.status_code == 404
    assert (
        "使えません"
        in suzuki_client.get(reverse("patients:card_list", args=[patient.uid])).content.decode()
    )


def test_the_qr_code_holds_an_address_and_nothing_about_the_person(suzuki_client):
    import zxingcpp
    from pypdfium2 import PdfDocument

    patient = rescued()
    add_member(patient, suzuki())
    suzuki_client.post(reverse("patients:card_issue", args=[patient.uid]))
    card = EmergencyCard.objects.get()
    for name in ("card_file", "card_kit"):
        content = suzuki_client.get(
            reverse(f"patients:{name}", args=[patient.uid, card.uid])
        ).content
        document = PdfDocument(content)
        image = document[0].render(scale=200 / 72).to_pil()
        [code] = zxingcpp.read_barcodes(image)

        assert code.text.startswith("http://testserver/e/")
        assert len(code.text.removeprefix("http://testserver/e/").strip("/")) == 19
        document.close()


def test_code_and_pin_are_gone_after_a_quarter_of_an_hour(suzuki_client):
    patient = rescued()
    add_member(patient, suzuki())
    url = suzuki_client.post(reverse("patients:card_issue", args=[patient.uid]))["Location"]

    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        page = suzuki_client.get(url).content.decode()

    assert "もう見られません" in page


def test_the_database_knows_neither_code_nor_pin():
    issued = issued_for(rescued())

    row = EmergencyCard.objects.values_list("code_hash", "pin_hash").get()

    assert issued.code.replace("-", "") not in "".join(row)
    assert issued.pin not in row[1].split("$")


def test_no_card_for_a_closed_record(suzuki_client):
    patient = rescued()
    add_member(patient, suzuki())
    Patient.objects.update(closed_on=clock.today(), closed_because="moved")

    response = suzuki_client.post(reverse("patients:card_issue", args=[patient.uid]))

    assert response.status_code == 404


def test_an_administrator_of_the_host_is_told_too():
    patient = rescued()
    boss = administrator(patient.host)

    open_with_card(viewer=viewer_for(dispatcher()), **typed(issued_for(patient)))

    assert Notification.objects.get().user == boss
