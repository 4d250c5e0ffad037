"""The emergency profile and its screen, the sheets, and wishes."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from renkei.care.patients.models import (
    AccessGrant,
    Consent,
    EmergencyCategory,
    EmergencyItem,
    EmergencyProfile,
    FamilyMember,
    Patient,
    Relative,
    TeamMember,
    Wish,
)
from renkei.care.patients.queries_emergency import emergency_screen, profile_of, sections_of
from renkei.care.patients.queries_wishes import wishes_visible_to
from renkei.care.patients.services.emergency import Written, record_emergency_profile
from renkei.care.patients.services.wishes import record_wish
from renkei.care.patients.tests.emergency_factories import provider, rescued, wish
from renkei.care.patients.tests.factories import (
    add_family,
    add_member,
    consent,
    make_patient,
    membership_of,
)
from renkei.foundation.accounts.tests.factories import (
    sign_in,
    suzuki,
    takahashi,
    tanaka,
    viewer_for,
)
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock

pytestmark = pytest.mark.django_db


def reads(patient):
    return [
        event.detail
        for event in AuditEvent.objects.filter(
            action="patient.read", target_id=str(patient.uid)
        ).order_by("sequence")
    ]


def screen_url(patient):
    return reverse("patients:emergency_screen", args=[patient.uid])


def pdf_text(content):
    return "".join(
        (page.extract_text() or "") for page in PdfReader(io.BytesIO(content)).pages
    ).replace("\n", "")


# The screen ----------------------------------------------------------------------------------


def test_t_tob1_the_screen_shows_what_a_rescuer_needs_and_writes_the_read_down(takahashi_client):
    patient = rescued()
    add_member(patient, takahashi())

    response = takahashi_client.get(screen_url(patient))
    page = response.content.decode()

    assert response.status_code == 200
    for words in (
        "湊 ハル江",
        "ペニシリン",
        "在宅酸素 1L/分",
        "ほか1件",
        "本人の意思の記録（指示ではありません）",
        "心肺蘇生は望まない。",
        "白井 透",
        "tel:09000000412",
        "架空市立中央病院",
        "感染症 なし",
    ):
        assert words in page
    assert response["Cache-Control"].startswith("max-age=0")
    assert reads(patient) == [{"what": "emergency", "via": "team"}]
    assert "湊" not in page.split("</title>")[0]


def test_the_whole_screen_leaves_nothing_out(takahashi_client):
    patient = rescued()
    add_member(patient, takahashi())

    page = takahashi_client.get(screen_url(patient) + "?all").content.decode()

    assert "脊柱管狭窄症" in page
    assert "ほか1件" not in page
    assert "架空居宅" in page


def test_contacts_stand_in_the_order_of_calling():
    patient = rescued()
    add_member(patient, takahashi())
    Relative.objects.create(
        patient=patient, name="湊 次男", relation="次男", phone="090-0000-0413", call_order=2
    )

    screen = emergency_screen(viewer_for(takahashi()), patient.uid)

    assert [one.name for one in screen.contacts] == [
        "湊 さと子",
        "白井 透",
        "みなも訪問看護",
        "湊 次男",
        "架空居宅",
    ]
    assert screen.more_contacts == 2


def test_a_relative_who_said_no_is_not_named():
    patient = rescued()
    add_member(patient, takahashi())
    relative = Relative.objects.get(patient=patient)
    consent(patient, subject="relative", relative=relative, decision="refused")

    screen = emergency_screen(viewer_for(takahashi()), patient.uid)

    assert "湊 さと子" not in [one.name for one in screen.contacts]


def test_an_empty_profile_says_not_recorded_and_not_none(takahashi_client):
    patient = make_patient(birth_on=None)
    add_member(patient, takahashi())

    page = takahashi_client.get(screen_url(patient)).content.decode()
    screen = emergency_screen(viewer_for(takahashi()), patient.uid)

    assert {one.word for one in screen.sections.values()} == {"記録なし"}
    assert screen.age is None
    assert "なし" in page


def test_a_wish_that_was_not_shared_does_not_exist_for_the_team():
    patient = rescued()
    add_member(patient, takahashi())
    Wish.objects.update(is_shared=False)

    screen = emergency_screen(viewer_for(takahashi()), patient.uid)

    assert (screen.wish, screen.wishes_open) == (None, True)


def test_without_consent_to_wishes_the_screen_says_not_shown(takahashi_client):
    patient = rescued()
    add_member(patient, takahashi())
    Consent.objects.update(content_classes=["basic", "emergency"])

    page = takahashi_client.get(screen_url(patient)).content.decode()

    assert "非公開" in page
    assert "心肺蘇生" not in page


def test_a_withdrawn_wish_leaves_the_screen():
    patient = rescued()
    add_member(patient, takahashi())
    Wish.objects.update(withdrawn_at=clock.now())

    assert emergency_screen(viewer_for(takahashi()), patient.uid).wish is None


def test_somebody_else_gets_the_page_of_nobody(tanaka_client, sato_client):
    patient = rescued()
    nobody = reverse("patients:emergency_screen", args=[membership_of(tanaka()).uid])

    for client in (tanaka_client, sato_client):
        assert client.get(screen_url(patient)).status_code == 404
        assert client.get(screen_url(patient)).content == client.get(nobody).content
    assert reads(patient) == []


@pytest.mark.parametrize("more", [0, 3])
def test_the_screen_costs_the_same_whatever_is_listed(more, django_assert_max_num_queries):
    patient = rescued()
    add_member(patient, takahashi())
    for number in range(more):
        provider(patient, "pharmacy", f"薬局{number}", "0999-00-0000")
        wish(patient)
        EmergencyItem.objects.create(
            profile=patient.emergency_profile, category=EmergencyCategory.DRUG, text="薬"
        )

    viewer = viewer_for(takahashi())
    with django_assert_max_num_queries(8):
        emergency_screen(viewer, patient.uid)


# Writing it ----------------------------------------------------------------------------------


def posted(**changes):
    values = {
        "allergies": "listed",
        "allergy": "ペニシリン／発疹\n\n卵",
        "devices": "none",
        "device": "",
        "diseases": "unknown",
        "disease": "",
        "drugs": "not_asked",
        "drug": "",
        "infections": "none",
        "infection": "",
        "on_oxygen": "on",
        "key_place": "郵便受けの中",
        "usual_state": "つえで歩く",
        "blood_type": "A",
        "confirmed": "on",
    }
    return {**values, **changes}


def test_the_team_writes_the_profile_in_order_and_confirms_it_as_a_whole(takahashi_client):
    patient = make_patient()
    add_member(patient, takahashi())
    url = reverse("patients:emergency_edit", args=[patient.uid])

    response = takahashi_client.post(url, posted())

    profile = EmergencyProfile.objects.get()
    assert response.status_code == 302
    assert (profile.diseases, profile.infections, profile.drugs) == ("unknown", "none", "not_asked")
    assert (profile.confirmed_on, profile.confirmed_by) == (clock.today(), "高橋 三奈")
    assert [
        (item.text, item.detail, item.position) for item in profile.items.order_by("position")
    ] == [("ペニシリン", "発疹", 0), ("卵", "", 1)]
    again = takahashi_client.get(url).content.decode()
    assert "ペニシリン／発疹\n卵" in again


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"allergy": ""}, "アレルギーの内容を1行以上入力してください。"),
        ({"allergies": "none"}, "アレルギーの内容があるときは「あり」を選ぶか"),
        ({"allergy": "／発疹"}, "1行目の「／」の前に内容を入力してください。"),
        ({"allergy": "あ" * 121}, "1行目が長すぎます。"),
        ({"allergy": "薬\n" * 31}, "30行までにしてください。"),
        ({"allergy": "\ue000"}, "外字"),
        ({"allergies": ""}, "アレルギーの有無を選んでください。"),
    ],
)
def test_a_profile_that_contradicts_itself_is_refused_in_words(takahashi_client, changes, sentence):
    patient = make_patient()
    add_member(patient, takahashi())

    response = takahashi_client.post(
        reverse("patients:emergency_edit", args=[patient.uid]), posted(**changes)
    )

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert EmergencyItem.objects.count() == 0


def test_who_only_watches_does_not_write(takahashi_client):
    patient = rescued()
    add_member(patient, takahashi(), is_observer=True)

    for name in ("emergency_edit", "card_list", "wish_add"):
        url = reverse(f"patients:{name}", args=[patient.uid])
        assert takahashi_client.get(url).status_code == 404


def test_a_closed_record_takes_no_profile():
    patient = make_patient(closed_on=clock.today(), closed_because="death")

    with pytest.raises(ValidationError, match="終了"):
        record_emergency_profile(
            actor=viewer_for(suzuki()).actor,
            patient=patient,
            facts={},
            items={EmergencyCategory.ALLERGY: [Written("卵")]},
        )


def test_a_person_without_a_profile_has_an_unsaved_one():
    patient = make_patient()

    assert profile_of(Patient.objects.get(pk=patient.pk)).pk is None
    assert sections_of(profile_of(patient))[EmergencyCategory.DRUG].first is None


def test_the_sheet_holds_everything_and_its_read_is_written_down(takahashi_client):
    patient = rescued()
    add_member(patient, takahashi())

    response = takahashi_client.get(reverse("patients:emergency_sheet", args=[patient.uid]))
    text = pdf_text(response.content)

    assert response["Content-Type"] == "application/pdf"
    assert "no-store" in response["Cache-Control"]
    for words in ("脊柱管狭窄症", "090-0000-0412", "指示ではありません", "架空市立中央病院"):
        assert words in text
    assert reads(patient) == [{"what": "emergency_sheet", "via": "team"}]


def test_the_sheet_of_an_empty_profile_is_printed_too(takahashi_client):
    patient = make_patient(birth_on=None)
    add_member(patient, takahashi())

    response = takahashi_client.get(reverse("patients:emergency_sheet", args=[patient.uid]))

    assert "記録なし" in pdf_text(response.content)


# Wishes --------------------------------------------------------------------------------------


def talk(**changes):
    values = {
        "talked_on": "2026年10月2日",
        "participants": "本人・長女",
        "text": "いまは考えたくない。",
        "doctor_confirmation": "not_yet",
    }
    return {**values, **changes}


def test_t_g1b_nothing_is_visible_to_professionals_without_an_act_of_sharing(
    suzuki_client, takahashi_client
):
    patient = make_patient()
    add_member(patient, suzuki())
    add_member(patient, takahashi())

    suzuki_client.post(reverse("patients:wish_add", args=[patient.uid]), talk())
    page = reverse("patients:wish_list", args=[patient.uid])
    before = takahashi_client.get(page).content.decode()
    mine = suzuki_client.get(page).content.decode()
    refused = takahashi_client.post(
        reverse("patients:wish_share", args=[patient.uid, Wish.objects.get().uid])
    )
    suzuki_client.post(reverse("patients:wish_share", args=[patient.uid, Wish.objects.get().uid]))
    after = takahashi_client.get(page).content.decode()

    assert "いまは考えたくない。" not in before
    assert "いまは考えたくない。" in mine
    assert refused.status_code == 404
    assert "いまは考えたくない。" in after
    assert Wish.objects.get().shared_at is not None


def test_t_g1c_nothing_is_chosen_beforehand(suzuki_client):
    patient = make_patient()
    add_member(patient, suzuki())

    page = suzuki_client.get(reverse("patients:wish_add", args=[patient.uid])).content.decode()

    assert "checked" not in page


def test_each_talk_is_a_row_of_its_own_and_the_newest_speaks():
    patient = rescued()
    add_member(patient, takahashi())
    wish(patient, emergency_summary="病院で治療を受けたい。", talked_on=date(2026, 11, 1))

    assert Wish.objects.count() == 2
    shown = emergency_screen(viewer_for(takahashi()), patient.uid).wish
    assert shown is not None
    assert shown.emergency_summary == "病院で治療を受けたい。"


def test_the_person_reads_all_and_a_relative_only_what_is_shared():
    patient = make_patient()
    relative = add_family(patient)
    hidden = wish(patient, is_shared=False)
    shown = wish(patient)

    as_relative = list(wishes_visible_to(viewer_for(relative.user), patient))
    FamilyMember.objects.update(relative=None)
    as_person = list(wishes_visible_to(viewer_for(relative.user), patient))

    assert as_relative == [shown]
    assert as_person == [shown, hidden]


def test_the_person_writes_and_shares_their_own_wish():
    patient = make_patient()
    relative = add_family(patient)
    client = sign_in(Client(), relative.user)
    url = reverse("patients:wish_add", args=[patient.uid])

    as_relative = client.post(url, talk())
    FamilyMember.objects.update(relative=None)
    client.post(url, talk(is_shared="on"))

    assert as_relative.status_code == 404
    assert Wish.objects.get().is_shared is True


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"doctor_confirmation": "done"}, "確認した医師の氏名を入力してください。"),
        (
            {
                "doctor_confirmation": "done",
                "doctor_name": "白井",
                "doctor_confirmed_on": "2999-01-01",
            },
            "きょうまでの日付",
        ),
        ({"talked_on": "2999年1月1日"}, "話した日には、きょうまでの日付を入力してください。"),
        ({"text": ""}, "話したことを入力してください。"),
        ({"doctor_confirmation": ""}, "医師の確認を選んでください。"),
    ],
)
def test_a_talk_that_is_not_whole_is_refused(suzuki_client, changes, sentence):
    patient = make_patient()
    add_member(patient, suzuki())

    response = suzuki_client.post(reverse("patients:wish_add", args=[patient.uid]), talk(**changes))

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Wish.objects.exists()


def test_a_doctor_confirms_later_and_a_withdrawn_wish_cannot_be(suzuki_client):
    patient = make_patient()
    add_member(patient, suzuki())
    open_wish = wish(patient, doctor_confirmation="not_yet", doctor_name="")
    url = reverse("patients:wish_confirm", args=[patient.uid, open_wish.uid])
    form = {"doctor_name": "白井 透", "doctor_confirmed_on": "2026年10月3日"}

    assert suzuki_client.get(url).status_code == 200
    assert suzuki_client.post(url, {}).status_code == 422
    assert suzuki_client.post(url, form).status_code == 302
    open_wish.refresh_from_db()
    assert (open_wish.doctor_confirmation, open_wish.doctor_name) == ("done", "白井 透")
    suzuki_client.post(reverse("patients:wish_withdraw", args=[patient.uid, open_wish.uid]))
    assert suzuki_client.post(url, form).status_code == 422


def test_sharing_can_be_ended_by_whoever_writes_for_the_person(takahashi_client):
    patient = make_patient()
    add_member(patient, takahashi())
    shared = wish(patient)

    takahashi_client.post(reverse("patients:wish_keep_private", args=[patient.uid, shared.uid]))

    shared.refresh_from_db()
    assert shared.is_shared is False


def test_a_closed_record_keeps_its_wishes_as_they_were(takahashi_client):
    patient = make_patient()
    add_member(patient, takahashi())
    Patient.objects.update(closed_on=clock.today(), closed_because="death")

    with pytest.raises(ValidationError):
        record_wish(viewer=viewer_for(takahashi()), patient=patient, facts={})
    page = takahashi_client.get(reverse("patients:wish_list", args=[patient.uid]))
    assert "話したことを書く" not in page.content.decode()


def test_where_the_paper_lies_is_told_on_the_card_page(suzuki_client):
    patient = make_patient()
    add_member(patient, suzuki())
    wish(patient, paper_name="わたしの人生ファイル", paper_edition="第3版", paper_place="仏壇の下")

    page = suzuki_client.get(reverse("patients:card_list", args=[patient.uid])).content.decode()

    assert "わたしの人生ファイル" in page
    assert "仏壇の下" in page


def test_team_members_of_the_past_see_nothing():
    patient = rescued()
    add_member(patient, takahashi())
    TeamMember.objects.update(left_at=clock.now())
    AccessGrant.objects.update(revoked_at=clock.now() - timedelta(seconds=1))

    with pytest.raises(Patient.DoesNotExist):
        emergency_screen(viewer_for(takahashi()), patient.uid)
