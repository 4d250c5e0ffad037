"""T-ISM2: types of documents and professions, changed by one and approved by two others."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from renkei.care.patients.models import DisclosureTable, TeamMember
from renkei.care.patients.queries_disclosure import (
    EVERYBODY,
    SHIPPED,
    TableRow,
    changes_between,
    may_see_document,
    profession_of,
    rows_in_force,
    shipped_rows,
    visible_document_types,
)
from renkei.care.patients.tests.factories import add_family, add_member, make_patient
from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.tests.factories import (
    make_membership,
    make_organisation,
    member,
    sato,
    sign_in,
    suzuki,
    takahashi,
    viewer_for,
)
from renkei.foundation.accounts.viewers import ANYBODY
from renkei.foundation.areas.tests.factories import make_area
from renkei.foundation.common import clock
from renkei.foundation.notifications.models import Notification

pytestmark = pytest.mark.django_db
PAGE = "/patients/disclosure/"


def as_posted(changes=None, **extra):
    """The form as it stands, with some rows changed: {type: professions}."""
    data = {"reason": "協議会で決めた", **extra}
    for number, row in enumerate(rows_in_force([None])):
        data[f"who_{number}"] = list((changes or {}).get(row.document_type, row.professions))
    return data


def proposed(client, changes, **extra):
    response = client.post(f"{PAGE}propose/", as_posted(changes, **extra))
    assert response.status_code == 302, response.content.decode()
    return DisclosureTable.objects.latest("number")


def three():
    office = make_organisation("架空協議会")
    council = [
        sign_in(Client(), make_membership(organisation=office, role=Role.COUNCIL_MEMBER).user)
        for _ in range(2)
    ]
    return sign_in(Client(), sato()), *council


def test_t_ism2_a_change_is_in_force_after_two_others_approved_it():
    patient = make_patient()
    add_member(patient, suzuki())
    add_member(patient, takahashi())
    city, first, second = three()

    def nurse_and_manager():
        return [
            may_see_document(viewer_for(user), patient, "dnar_record")
            for user in (takahashi(), suzuki())
        ]

    before = nurse_and_manager()
    table = proposed(city, {"dnar_record": ["医師", "看護師"]})
    own = city.post(f"{PAGE}{table.uid}/approve/", follow=True).content.decode()
    first.post(f"{PAGE}{table.uid}/approve/")
    after_one = nurse_and_manager()
    again = first.post(f"{PAGE}{table.uid}/approve/", follow=True).content.decode()
    second.post(f"{PAGE}{table.uid}/approve/")
    late = second.post(f"{PAGE}{table.uid}/refuse/", follow=True).content.decode()

    assert before == after_one == [True, True]
    assert nurse_and_manager() == [True, False]
    assert "別の人が承認してください。" in own
    assert "別の人が承認してください。" in again
    assert "すでに決まっています" in late


def test_the_history_tells_what_was_in_force_when():
    city, first, second = three()
    with time_machine.travel(clock.now() - timedelta(days=30)):
        cities = three()
        old = proposed(cities[0], {"photo": ["医師"]})
        for client in cities[1:]:
            client.post(f"{PAGE}{old.uid}/approve/")
    new = proposed(city, {"photo": []})
    for client in (first, second):
        client.post(f"{PAGE}{new.uid}/approve/")

    now = {row.document_type: row.words for row in rows_in_force([None])}
    then = city.get(PAGE, {"on": f"{clock.today() - timedelta(days=7)}"}).content.decode()
    long_ago = city.get(PAGE, {"on": "2020-01-01"}).content.decode()
    page = city.get(f"{PAGE}{new.uid}/").content.decode()

    assert now["photo"] == "だれも見られません"
    assert "第1版" in then
    assert "<td>医師</td>" in then
    assert "はじめの表" in long_ago
    assert "変わる所　1件" in page
    assert "<td>医師</td><td>だれも見られません</td>" in page
    assert city.get(PAGE, {"on": "きのう"}).status_code == 422


def test_one_proposal_at_a_time_and_a_refused_one_stays_in_the_history():
    city, first, _ = three()
    table = proposed(city, {"photo": ["医師"]})

    second_one = first.post(f"{PAGE}propose/", as_posted({"photo": []}))
    first.post(f"{PAGE}{table.uid}/refuse/")
    listed = first.get(PAGE).content.decode()
    third = proposed(first, {"photo": []})

    assert second_one.status_code == 422
    assert "見送り" in listed
    assert third.number == 2
    assert "2人の承認待ち" in first.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("changes", "extra", "sentence"),
    [
        ({}, {}, "いまの表と同じです。"),
        ({"photo": []}, {"reason": ""}, "変える理由を入力してください。"),
        ({}, {"new_type": "photo", "new_label": "写真"}, "すでに表にあります。"),
        ({}, {"new_type": "写真", "new_label": "写真"}, "半角の小文字"),
        ({}, {"new_type": "care_plan"}, "両方を入力してください。"),
    ],
)
def test_a_proposal_that_makes_no_sense_is_refused_in_words(sato_client, changes, extra, sentence):
    response = sato_client.post(f"{PAGE}propose/", as_posted(changes, **extra))

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not DisclosureTable.objects.exists()


def test_a_new_type_is_added():
    city, first, second = three()
    table = proposed(
        city, {}, new_type="care_plan", new_label="ケアプラン", new_who=["介護支援専門員"]
    )
    assert Notification.objects.filter(kind="patients.disclosure_proposed").count() == 2
    assert (
        "あと1人の承認待ち"
        in first.post(f"{PAGE}{table.uid}/approve/", follow=True).content.decode()
    )
    second.post(f"{PAGE}{table.uid}/approve/")

    patient = make_patient()
    add_member(patient, suzuki())
    add_member(patient, takahashi())
    assert may_see_document(viewer_for(suzuki()), patient, "care_plan") is True
    assert may_see_document(viewer_for(takahashi()), patient, "care_plan") is False
    assert visible_document_types(viewer_for(takahashi()), patient).hidden() == {"care_plan"}


def test_before_any_decision_the_team_sees_the_teams_documents_and_family_what_is_theirs():
    patient = make_patient()
    add_member(patient, takahashi())
    family = add_family(patient)
    nurse, relative = viewer_for(takahashi()), viewer_for(family.user)

    assert all(one in visible_document_types(nurse, patient) for one in SHIPPED)
    assert "a form of tomorrow" in visible_document_types(nurse, patient)
    assert [one for one in SHIPPED if one in visible_document_types(relative, patient)] == [
        "care_card"
    ]
    assert may_see_document(ANYBODY, patient, "photo") is False


def test_the_profession_on_the_team_counts_before_that_of_the_membership():
    patient = make_patient()
    add_member(patient, takahashi())
    viewer = viewer_for(takahashi())
    TeamMember.objects.update(profession="保健師")

    assert profession_of(viewer, patient) == "保健師"
    TeamMember.objects.update(left_at=clock.now())
    assert profession_of(viewer, patient) == "看護師"
    assert may_see_document(viewer, patient, "photo", "医師") is True


def test_a_town_decides_for_its_own_persons():
    here = make_area(name="架空市")
    inside, outside = make_patient(municipality=here), make_patient()
    table = DisclosureTable.objects.create(
        area=here, number=1, proposed_at=clock.now(), in_force_since=clock.now()
    )
    table.rules.create(document_type="photo", label="写真", professions=[])
    add_member(inside, takahashi())
    add_member(outside, takahashi())
    viewer = viewer_for(takahashi())

    assert may_see_document(viewer, inside, "photo") is False
    # A type the town's table does not name is nobody's: unknown means no.
    assert may_see_document(viewer, inside, "file") is False
    assert may_see_document(viewer, outside, "photo") is True


def test_differences_name_what_is_new_and_what_is_gone():
    before = [TableRow("a", "甲", (EVERYBODY,)), TableRow("b", "乙", ("医師",))]
    after = [TableRow("b", "乙", ("医師",)), TableRow("c", "丙", ())]

    changes = [(one.label, one.before, one.after) for one in changes_between(before, after)]

    assert changes == [
        ("丙", "（なし）", "だれも見られません"),
        ("甲", "チームの全職種", "（なし）"),
    ]
    assert shipped_rows()[0].words == "チームの全職種"


def test_professionals_do_not_see_these_pages(takahashi_client):
    assert takahashi_client.get(PAGE).status_code == 404
    assert sign_in(Client(), member(Role.COUNCIL_MEMBER)).get(PAGE).status_code == 200
