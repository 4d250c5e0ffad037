"""T-D4: freeze, retention, reviewed disposal, certificate, and nothing left."""

from __future__ import annotations

import io
from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from renkei.care.patients.disposal import DOCUMENT_CLASSES, RECORD, on_dispose
from renkei.care.patients.models import (
    Certification,
    Consent,
    Disposal,
    EmergencyCard,
    EmergencyProfile,
    FormerName,
    OtherNetwork,
    Patient,
    RecordChange,
    Relative,
    RetentionRule,
    TeamMember,
)
from renkei.care.patients.queries_end_of_care import years_after
from renkei.care.patients.services import end_of_care as services
from renkei.care.patients.services.cards import issue_card
from renkei.care.patients.services.destroying import persons_of
from renkei.care.patients.tests.emergency_factories import officer, rescued
from renkei.care.patients.tests.factories import add_family, add_member, make_patient
from renkei.care.patients.visibility import patients_visible_to, room_access
from renkei.foundation.accounts.tests.factories import (
    sign_in,
    suzuki,
    takahashi,
    tanaka,
    viewer_for,
)
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.common import clock
from renkei.foundation.notifications.models import Notification
from renkei.foundation.papers.files import store_file

pytestmark = pytest.mark.django_db
CANARY = "カナリア"
LATER = timedelta(days=365 * 5 + 5)


def closed(**fields):
    patient = rescued(**fields)
    add_member(patient, suzuki())
    add_member(patient, takahashi())
    services.close_patient(
        viewer=viewer_for(suzuki()), patient=patient, because="death", on=clock.today()
    )
    return Patient.objects.get(pk=patient.pk)


def end_url(patient, name="patient_end"):
    return reverse(f"patients:{name}", args=[patient.uid])


def test_t_d4_the_host_closes_and_the_record_is_frozen(suzuki_client, takahashi_client):
    patient = rescued()
    add_member(patient, suzuki())
    add_member(patient, takahashi())
    issue_card(viewer=viewer_for(suzuki()), patient=patient)

    not_host = takahashi_client.post(end_url(patient), {"because": "death", "on": "2026-11-01"})
    empty = suzuki_client.post(end_url(patient), {})
    to_come = suzuki_client.post(end_url(patient), {"because": "death", "on": "2999-01-01"})
    done = suzuki_client.post(end_url(patient), {"because": "moved", "on": f"{clock.today()}"})
    again = suzuki_client.post(end_url(patient), {"because": "moved", "on": f"{clock.today()}"})
    page = suzuki_client.get(end_url(patient)).content.decode()

    patient.refresh_from_db()
    assert [one.status_code for one in (not_host, empty, to_come, done, again)] == [
        404,
        422,
        422,
        302,
        422,
    ]
    assert patient.closed_because == "moved"
    assert EmergencyCard.objects.get().revoked_at is not None
    assert Disposal.objects.count() == len(DOCUMENT_CLASSES)
    assert "保存中" in page
    assert room_access(viewer_for(takahashi()), patient).read_only is True
    read = takahashi_client.get(reverse("patients:emergency_screen", args=[patient.uid]))
    assert read.status_code == 200
    for name in ("emergency_edit", "card_list", "wish_add"):
        assert suzuki_client.get(end_url(patient, name)).status_code == 404


def test_a_mistaken_end_is_taken_back_while_nothing_is_destroyed(suzuki_client):
    patient = closed()

    suzuki_client.post(end_url(patient, "patient_reopen"))
    reopened = Patient.objects.get(pk=patient.pk).is_closed
    again = suzuki_client.post(end_url(patient, "patient_reopen"))

    assert reopened is False
    assert again.status_code == 404
    assert Disposal.objects.count() == 0


def test_what_is_partly_destroyed_stays_ended(suzuki_client):
    patient = closed()
    Disposal.objects.filter(document_class="emergency").update(disposed_at=clock.now())

    page = suzuki_client.post(end_url(patient, "patient_reopen"), follow=True).content.decode()

    assert "支援の終了を取り消せません" in page


@pytest.mark.parametrize(
    ("day", "years", "due"),
    [
        (date(2026, 11, 22), 5, date(2031, 11, 22)),
        (date(2028, 2, 29), 5, date(2033, 3, 1)),
        (date(2028, 2, 29), 4, date(2032, 2, 29)),
    ],
)
def test_retention_counts_whole_years(day, years, due):
    assert years_after(day, years) == due


def test_the_town_changes_the_years_and_what_ended_before_is_reckoned_anew(sato_client):
    patient = closed()
    form = {f"{one.code}_years": one.years for one in DOCUMENT_CLASSES}
    page = sato_client.get("/patients/retention/").content.decode()

    wrong = sato_client.post("/patients/retention/", {**form, "timeline_years": "0"})
    right = sato_client.post(
        "/patients/retention/", {**form, "timeline_years": 10, "timeline_basis": "市の規則"}
    )

    assert "医師法第24条第2項" in page
    assert (wrong.status_code, right.status_code) == (422, 302)
    rule = RetentionRule.objects.get(document_class="timeline")
    assert (rule.years, rule.basis) == (10, "市の規則")
    due = Disposal.objects.get(patient=patient, document_class="timeline").due_on
    assert due == years_after(clock.today(), 10)
    later = rescued()
    services.close_patient(
        viewer=viewer_for(suzuki()), patient=later, because="ended", on=clock.today()
    )
    assert Disposal.objects.get(patient=later, document_class="timeline").due_on == due


def act(client, disposal, act, **data):
    url = reverse("patients:disposal_decide", args=[disposal.uid])
    return client.post(url, {"act": act, **data}, follow=True).content.decode()


def test_t_d4_nothing_is_destroyed_before_its_time_under_hold_or_out_of_order():
    patient = closed()
    client = sign_in(Client(), officer())
    emergency = patient.disposals.get(document_class="emergency")
    record = patient.disposals.get(document_class=RECORD)

    early = act(client, emergency, "dispose")
    nothing_due = client.get("/patients/disposals/").content.decode()
    with time_machine.travel(clock.now() + LATER):
        late = sign_in(Client(), officer())
        page = late.get(reverse("patients:disposal_decide", args=[emergency.uid]))
        no_reason = late.post(
            reverse("patients:disposal_decide", args=[emergency.uid]), {"act": "hold"}
        )
        held = act(late, emergency, "hold", because="開示の求め")
        refused = act(late, emergency, "dispose")
        out_of_order = act(late, record, "dispose")
        lifted = act(late, emergency, "lift")
        gone = act(late, emergency, "dispose")
        twice = act(late, emergency, "dispose")
        after = late.get(reverse("patients:disposal_decide", args=[emergency.uid]))

    assert "保存期限が過ぎていません。" in early
    assert "期限を過ぎた記録はありません" in nothing_due
    assert page.status_code == 200
    assert "湊" not in page.content.decode()
    assert no_reason.status_code == 422
    assert "開示の求め" in held
    assert "廃棄が保留されています。" in refused
    assert "先に、ほかの記録（" in out_of_order
    assert "保留を解きました。" in lifted
    assert "廃棄しました。" in gone
    assert "すでに廃棄されています" in twice
    assert "に廃棄しました" in after.content.decode()
    assert not EmergencyProfile.objects.exists()


def everything_in_the_database():
    """Every row of every table as text, files' names too."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        found = {}
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT row_to_json(one)::text FROM "{table}" one')  # noqa: S608
            found[table] = "\n".join(row for (row,) in cursor.fetchall())
    return found


def planted(private_files):
    """A person whose every text says カナリア, of this room's tables."""
    patient = rescued(name=f"{CANARY} 一子", kana=CANARY, birth_written=CANARY)
    Patient.objects.update(
        address=CANARY, building=CANARY, phone=CANARY, insured_number="H123456789"
    )
    EmergencyProfile.objects.update(key_place=CANARY, usual_state=CANARY, confirmed_by=CANARY)
    patient.wishes.update(text=CANARY, emergency_summary=CANARY)
    patient.providers.update(name=CANARY, person_name=CANARY)
    patient.relatives.update(name=CANARY, note=CANARY)
    relative = Relative.objects.get()
    FormerName.objects.create(patient=patient, name=CANARY, name_key=CANARY)
    OtherNetwork.objects.create(patient=patient, kind="mcs", number=CANARY)
    Certification.objects.create(patient=patient, state="1", recorded_at=clock.now())
    RecordChange.objects.create(
        patient=patient,
        subject="person",
        subject_uid=uuid4(),
        field="name",
        before=CANARY,
        after=CANARY,
        changed_at=clock.now(),
    )
    Consent.objects.update(
        explained_by=CANARY,
        witness=CANARY,
        proxy=relative,
        proxy_reason=CANARY,
    )
    add_member(patient, suzuki())
    add_member(patient, takahashi())
    TeamMember.objects.update(leaving_reason=CANARY)
    add_family(patient)
    Relative.objects.update(name=CANARY)
    sign_in(Client(), tanaka()).post(
        "/patients/break-glass/",
        {
            "name": f"{CANARY}一子",
            "birth_on": "1936-05-03",
            "reason_code": "other",
            "reason": CANARY,
        },
    )
    merged = make_patient(name=CANARY, merged_into=patient)
    FormerName.objects.create(patient=merged, name=CANARY, name_key=CANARY)
    return patient


def test_t_d4_disposal_leaves_a_certificate_no_content_and_search_returns_nothing(private_files):
    patient = planted(private_files)
    on_dispose("test", lambda **_: 7)
    services.close_patient(
        viewer=viewer_for(suzuki()), patient=patient, because="death", on=clock.today()
    )
    before = {table for table, text in everything_in_the_database().items() if CANARY in text}

    with time_machine.travel(clock.now() + LATER):
        client = sign_in(Client(), officer())
        assert services.remind_of_due_disposals() == 1
        for one in patient.disposals.order_by("pk"):
            assert "廃棄しました。" in act(client, one, "dispose")
        certificate = client.get(reverse("patients:disposal_certificate", args=[patient.uid]))
        listed = client.get("/patients/disposals/").content.decode()
        nurse = sign_in(Client(), takahashi())
        search = nurse.get("/patients/", {"q": CANARY}).content.decode()
        glass = sign_in(Client(), tanaka()).post(
            "/patients/break-glass/",
            {
                "name": f"{CANARY}一子",
                "birth_on": "1936-05-03",
                "reason_code": "other",
                "reason": "さがす",
            },
        )
        gone = nurse.get(reverse("patients:emergency_screen", args=[patient.uid]))
        call_command("verify_audit")
    on_dispose("test", lambda **_: 0)

    assert len(before) >= 10
    left = {table for table, text in everything_in_the_database().items() if CANARY in text}
    # The session of whoever searched, and the account of a relative, are not the record.
    assert left == set()
    text = "".join(one.extract_text() for one in PdfReader(io.BytesIO(certificate.content)).pages)
    assert "廃棄の証明" in text
    assert str(patient.uid)[:8] in listed
    assert f"{CANARY} 一子" not in search
    assert glass.status_code == 422
    assert gone.status_code == 404
    assert patients_visible_to(viewer_for(takahashi())).count() == 0
    assert Patient.objects.get(pk=patient.pk).insured_number == ""


def test_a_file_of_the_record_is_destroyed_with_it(private_files):
    from renkei.foundation.papers.models import StoredFile

    patient = rescued()
    png = io.BytesIO()
    from PIL import Image

    Image.new("RGB", (20, 20), "white").save(png, "PNG")
    kept = store_file(
        actor=SYSTEM, content=png.getvalue(), name="x.png", owner=("patients.paper", patient.uid)
    )
    scan = store_file(
        actor=SYSTEM, content=png.getvalue(), name="y.png", owner=("patients.consent", uuid4())
    )
    Consent.objects.update(paper_uid=scan.uid)
    services.close_patient(
        viewer=viewer_for(suzuki()), patient=patient, because="death", on=clock.today()
    )

    with time_machine.travel(clock.now() + LATER):
        for code in ("papers", "consent"):
            services.dispose(
                viewer=viewer_for(officer()), disposal=patient.disposals.get(document_class=code)
            )

    assert StoredFile.objects.filter(pk__in=[kept.pk, scan.pk], destroyed_at=None).count() == 0


def test_no_certificate_of_what_was_not_destroyed():
    patient = closed()

    response = sign_in(Client(), officer()).get(
        reverse("patients:disposal_certificate", args=[patient.uid])
    )

    assert response.status_code == 404


def test_the_officers_are_reminded_once_while_unread():
    closed()
    watcher = officer()
    Notification.objects.all().delete()
    with time_machine.travel(clock.now() + LATER):
        services.remind_of_due_disposals()
        services.remind_of_due_disposals()

    assert Notification.objects.get().user == watcher


def test_merged_records_belong_to_the_person_they_became():
    patient = make_patient()
    first = make_patient(merged_into=patient)
    second = make_patient(merged_into=first)

    assert persons_of(patient) == [patient, first, second]


def test_a_record_that_goes_on_is_not_destroyed():
    patient = make_patient()
    disposal = Disposal.objects.create(
        patient=patient,
        document_class="emergency",
        due_on=date(2020, 1, 1),
        proposed_at=clock.now(),
    )

    with pytest.raises(ValidationError, match="保存期限"):
        services.dispose(viewer=viewer_for(officer()), disposal=disposal)
