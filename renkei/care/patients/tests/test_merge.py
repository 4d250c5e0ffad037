"""Two records of one person: who learns of it, merging, parting again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError

from renkei.care.patients import events
from renkei.care.patients.models import (
    Certification,
    Consent,
    ConsentDecision,
    EmergencyProfile,
    FamilyMember,
    FormerName,
    Merge,
    Patient,
    PossibleDuplicate,
    Relative,
    TeamMember,
)
from renkei.care.patients.queries_read_log import reads_of
from renkei.care.patients.reading import record_read
from renkei.care.patients.services.merge import answer_duplicate, merge_patients, undo_merge
from renkei.care.patients.tests.factories import (
    add_family,
    add_member,
    consent,
    joined,
    make_patient,
    membership_of,
    text_of,
    url,
)
from renkei.care.patients.visibility import patients_visible_to
from renkei.foundation.accounts.tests.factories import suzuki, takahashi, tanaka, viewer_for
from renkei.foundation.common import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def room_above(monkeypatch):
    """A room above that keeps something of each person."""
    kept: list[tuple[Any, ...]] = []

    def move(merged: Patient, into: Patient) -> list[int]:
        kept.append(("moved", merged.pk, into.pk))
        return [merged.pk]

    def back(merged: Patient, into: Patient, moved: Any) -> None:
        kept.append(("back", merged.pk, into.pk, moved))

    monkeypatch.setattr(events, "_MERGE_HANDLERS", {})
    events.on_merge(events.MergeHandler("notes", move, back))
    return kept


@pytest.fixture
def two():
    """鈴木's record of a person, and 高橋's, noted as perhaps the same."""
    older = joined(suzuki(), name="架空 ハル江")
    newer = joined(takahashi(), name="架空 春江", host=membership_of(takahashi()).organisation)
    pair = PossibleDuplicate.objects.create(newer=newer, older=older, found_at=clock.now())
    return older, newer, pair


def merge(older, newer):
    return merge_patients(viewer=viewer_for(suzuki()), merged=newer, into=older)


def test_a_host_learns_of_the_other_host_only_when_both_persons_agreed(suzuki_client, two):
    older, newer, _pair = two
    page = url("duplicate_list", older.uid)
    Consent.objects.filter(patient=newer).delete()
    before = text_of(suzuki_client.get(page))
    consent(newer)
    after = text_of(suzuki_client.get(page))

    assert newer.host.name not in before
    assert newer.host.name in after
    assert newer.name not in after


def test_both_hosts_have_to_say_so(suzuki_client, takahashi_client, two):
    older, newer, pair = two
    first = suzuki_client.post(
        url("duplicate_list", older.uid), {"duplicate": pair.uid, "answer": "same"}
    )
    alone = Merge.objects.count()
    second = takahashi_client.post(
        url("duplicate_list", newer.uid), {"duplicate": pair.uid, "answer": "same"}
    )

    assert (first.url, alone) == (url("duplicate_list", older.uid), 0)
    assert second.url == url("patient_detail", older.uid)
    newer.refresh_from_db()
    assert newer.merged_into == older


@pytest.mark.parametrize("data", [{}, {"duplicate": "x"}, {"duplicate": "own"}])
def test_a_pair_one_may_not_know_is_not_found(tanaka_client, suzuki_client, two, data):
    older, _newer, pair = two
    values = {"duplicate": pair.uid} if data.get("duplicate") == "own" else data

    assert tanaka_client.post(url("duplicate_list", older.uid), values).status_code == 404
    if values is data:
        assert suzuki_client.post(url("duplicate_list", older.uid), values).status_code == 404
    else:
        undecided = suzuki_client.post(url("duplicate_list", older.uid), values, follow=True)
        assert "か「別の方」を選んでください" in text_of(undecided)


def test_a_host_finds_its_own_second_record_from_the_person_and_merges_it(suzuki_client):
    kept = joined(suzuki(), name="架空 夏江")
    twin = joined(suzuki(), name="架空 夏江")
    elsewhere = joined(takahashi(), name="架空 夏江", host=membership_of(takahashi()).organisation)

    person = text_of(suzuki_client.get(url("patient_detail", kept.uid)))
    page = suzuki_client.get(url("duplicate_list", kept.uid)).content.decode()
    suzuki_client.post(url("patient_merge", kept.uid, twin.uid))

    assert "同じ人らしい記録が1件あります" in person
    assert url("patient_merge", kept.uid, twin.uid) in page
    assert str(elsewhere.uid) not in page
    twin.refresh_from_db()
    assert twin.merged_into == kept
    assert "同じ人らしい" not in text_of(suzuki_client.get(url("patient_detail", kept.uid)))


def test_a_different_person_stays_apart(two):
    _older, newer, pair = two
    for user, answer in ((suzuki(), "same"), (takahashi(), "different")):
        assert answer_duplicate(viewer=viewer_for(user), duplicate=pair, answer=answer) is None

    newer.refresh_from_db()
    assert newer.merged_into is None


def test_merging_keeps_both_histories_and_both_addresses(suzuki_client, takahashi_client, two):
    older, newer, _pair = two
    Relative.objects.create(patient=newer, name="架空 さと子")
    add_family(newer)
    EmergencyProfile.objects.create(patient=newer, updated_at=clock.now())
    today = clock.today()
    for patient, level in ((older, "21"), (newer, "23")):
        Certification.objects.create(
            patient=patient,
            state="2",
            level=level,
            period=(today, today + timedelta(days=300)),
            recorded_at=clock.now(),
        )

    merge(older, newer)

    assert older.relatives.count() == 2
    assert older.emergency_profile is not None
    assert FormerName.objects.get(patient=older).name == "架空 春江"
    # What cannot both be true stays with the record it was written in.
    assert [row.level for row in older.certifications.all()] == ["21"]
    assert Consent.objects.filter(patient=older, superseded_at=None, relative=None).count() == 1
    assert Consent.objects.filter(patient=older).count() == 2
    for client in (suzuki_client, takahashi_client):
        moved = client.get(url("patient_detail", newer.uid))
        assert moved.status_code == 302
        assert moved.url == url("patient_detail", older.uid)
        assert client.get(moved.url).status_code == 200


def test_the_old_address_tells_a_stranger_nothing(tanaka_client, two):
    older, newer, _pair = two
    merge(older, newer)

    assert tanaka_client.get(url("patient_detail", newer.uid)).status_code == 404


def test_a_member_of_both_keeps_one_place(two):
    older, newer, _pair = two
    add_member(older, takahashi())
    family = add_family(older)
    add_family(newer, family.user)

    merge(older, newer)

    places = TeamMember.objects.filter(patient=older, membership=membership_of(takahashi()))
    assert places.count() == 2
    assert places.filter(left_at=None).count() == 1
    assert FamilyMember.objects.filter(patient=older, left_at=None).count() == 1


def test_a_merge_is_undone_within_a_day_as_if_it_had_not_been(
    suzuki_client, takahashi_client, two, room_above
):
    older, newer, _pair = two
    add_member(older, takahashi())
    Relative.objects.create(patient=newer, name="架空 さと子")

    def picture():
        return [
            sorted(model.objects.order_by("pk").values_list(*names))
            for model, names in (
                (TeamMember, ("pk", "patient", "left_at", "is_host", "leaving_reason")),
                (Relative, ("pk", "patient")),
                (FormerName, ("pk",)),
                (Consent, ("pk", "patient", "superseded_at")),
                (Patient, ("pk", "merged_into")),
            )
        ]

    def plain(rows):
        return str(rows)

    before = plain(picture())
    made = merge(older, newer)
    page = text_of(suzuki_client.get(url("duplicate_list", older.uid)))
    suzuki_client.post(url("merge_undo", older.uid, made.uid))

    assert "2つの記録に戻す" in page
    assert plain(picture()) == before
    assert takahashi_client.get(url("patient_detail", newer.uid)).status_code == 200
    assert room_above == [
        ("moved", newer.pk, older.pk),
        ("back", newer.pk, older.pk, [newer.pk]),
    ]
    with pytest.raises(ValidationError, match="24時間"):
        undo_merge(viewer=viewer_for(suzuki()), merge=made)


def test_a_merge_is_not_undone_after_a_day(two):
    older, newer, _pair = two
    made = merge(older, newer)

    with (
        time_machine.travel(clock.now() + timedelta(hours=25), tick=False),
        pytest.raises(ValidationError, match="24時間"),
    ):
        undo_merge(viewer=viewer_for(suzuki()), merge=made)


def test_a_host_merges_two_records_of_its_own(suzuki_client):
    one, other = joined(suzuki()), joined(suzuki())
    theirs = joined(takahashi(), host=membership_of(takahashi()).organisation)

    refused = suzuki_client.post(url("patient_merge", one.uid, theirs.uid))
    suzuki_client.post(url("patient_merge", one.uid, other.uid))

    other.refresh_from_db()
    assert refused.status_code == 404
    assert other.merged_into == one
    assert patients_visible_to(viewer_for(suzuki())).get() == one


@pytest.mark.parametrize("said", ["refused", "withdrawn"])
def test_t_p2_a_no_is_not_overruled_by_the_yes_of_another_record(two, said):
    older, newer, _pair = two
    if said == "refused":
        Consent.objects.filter(patient=newer).update(superseded_at=clock.now())
        consent(newer, decision=ConsentDecision.REFUSED, binds_emergency=True)
    else:
        Consent.objects.filter(patient=newer).update(withdrawn_at=clock.now())

    with pytest.raises(ValidationError, match="本人のいまの意思"):
        merge(older, newer)

    newer.refresh_from_db()
    assert newer.merged_into is None
    Consent.objects.filter(patient=newer).update(superseded_at=clock.now())
    consent(newer)
    assert merge(older, newer).merged == newer


def test_t_p4_who_saw_either_record_stands_in_the_log_of_both(two):
    older, newer, _pair = two
    record_read(viewer=viewer_for(takahashi()), patient=newer, what="basic")

    merge(older, newer)

    assert [event.target_id for event in reads_of(older)] == [str(newer.uid)]


def test_what_cannot_be_merged_is_refused(two, monkeypatch):
    older, newer, _pair = two
    ended = make_patient(closed_on=clock.today(), closed_because="moved")

    with pytest.raises(ValidationError, match="まとめられません"):
        merge(older, older)
    with pytest.raises(ValidationError, match="ケアが終わった"):
        merge(older, ended)
    monkeypatch.setattr(events, "_MERGE_HANDLERS", {})
    with pytest.raises(ValidationError, match="準備がない"):
        merge(older, newer)
    assert tanaka().pk
