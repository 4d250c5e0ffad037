"""T-P4: 「誰が見たか」 equals the trail; every page of a person writes into it."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
import python_calamine
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from renkei.care.patients.models import MunicipalityChoice, Patient
from renkei.care.patients.queries_read_log import reads_of, rows_of
from renkei.care.patients.read_labels import read_label
from renkei.care.patients.tests.emergency_factories import officer, rescued
from renkei.care.patients.tests.factories import add_family, add_member, make_patient
from renkei.foundation.accounts.tests.factories import (
    sign_in,
    suzuki,
    takahashi,
)
from renkei.foundation.areas.tests.factories import make_area
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock
from tests.architecture.test_permission_matrix import addresses

pytestmark = pytest.mark.django_db


def log_of(patient, name="read_log"):
    return reverse(f"patients:{name}", args=[patient.uid])


def looked_at():
    """A person of 鈴木's office whose screen 高橋 opened twice."""
    patient = rescued()
    add_member(patient, suzuki())
    add_member(patient, takahashi())
    nurse = sign_in(Client(), takahashi())
    for _ in range(2):
        nurse.get(reverse("patients:emergency_screen", args=[patient.uid]))
    return patient


def test_t_p4_the_list_equals_the_log(suzuki_client):
    patient = looked_at()
    make_patient()

    page = suzuki_client.get(log_of(patient)).content.decode()
    workbook = suzuki_client.get(log_of(patient, "read_log_xlsx"))
    pdf = suzuki_client.get(log_of(patient, "read_log_pdf"))

    trail = AuditEvent.objects.filter(action="patient.read", target_id=str(patient.uid)).order_by(
        "-month", "-sequence"
    )
    assert list(reads_of(patient)) == list(trail)
    rows = rows_of(list(trail))
    assert [(row.name, row.what, row.via) for row in rows[-2:]] == [
        ("高橋 三奈", "救急の画面", "チーム")
    ] * 2
    assert page.count("<td>高橋 三奈</td>") == 2
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(workbook.content))
    cells = book.get_sheet_by_index(0).to_python()
    # The export itself is the newest row of its own list; the PDF's read came after.
    assert [row[1] for row in cells[1:]] == [row.name for row in rows[1:]]
    assert "高橋" in "".join(one.extract_text() for one in PdfReader(io.BytesIO(pdf.content)).pages)
    assert "no-store" in workbook["Cache-Control"]


def test_a_period_narrows_the_list(suzuki_client):
    patient = looked_at()
    tomorrow = clock.today() + timedelta(days=1)

    later = suzuki_client.get(log_of(patient), {"since": f"{tomorrow:%Y-%m-%d}"})
    backwards = suzuki_client.get(log_of(patient), {"since": "2026-11-02", "until": "2026-11-01"})
    until = suzuki_client.get(log_of(patient), {"until": f"{tomorrow:%Y-%m-%d}"})

    assert "0件" in later.content.decode()
    assert backwards.status_code == 422
    assert "<td>高橋 三奈</td>" in until.content.decode()


def test_the_log_is_for_host_officer_and_nobody_else(
    suzuki_client, takahashi_client, tanaka_client, sato_client
):
    patient = looked_at()

    statuses = [
        client.get(log_of(patient)).status_code
        for client in (
            suzuki_client,
            sign_in(Client(), officer()),
            takahashi_client,
            tanaka_client,
            sato_client,
        )
    ]

    assert statuses == [200, 200, 404, 404, 404]


@pytest.mark.parametrize(
    ("town", "elsewhere", "status"),
    [
        (None, None, 404),
        (True, None, 200),
        (False, True, 404),
        (None, True, 200),
        (True, False, 200),
    ],
)
def test_family_sees_it_where_the_town_allows_it(town, elsewhere, status):
    here = make_area(name="架空市")
    patient = rescued(municipality=here)
    relative = add_family(patient)
    for area, shown in ((here, town), (None, elsewhere)):
        if shown is not None:
            MunicipalityChoice.objects.create(
                area=area, family_sees_read_log=shown, changed_at=clock.now()
            )

    assert sign_in(Client(), relative.user).get(log_of(patient)).status_code == status


def test_the_town_chooses(sato_client):
    assert "checked" in sato_client.get("/patients/read-log/choice/").content.decode()
    assert sato_client.post("/patients/read-log/choice/", {"shown": ""}).status_code == 422
    assert sato_client.post("/patients/read-log/choice/", {"shown": "yes"}).status_code == 302
    sato_client.post("/patients/read-log/choice/", {"shown": "yes"})

    assert MunicipalityChoice.objects.get().family_sees_read_log is True


def test_somebody_without_an_account_stands_there_as_such(suzuki_client):
    from renkei.care.patients.models import GrantKind
    from renkei.care.patients.reading import record_read
    from renkei.foundation.accounts.viewers import ANYBODY

    patient = make_patient()
    add_member(patient, suzuki())
    record_read(viewer=ANYBODY, patient=patient, what="card_contact", via=GrantKind.EMERGENCY_CARD)

    page = suzuki_client.get(log_of(patient)).content.decode()

    assert "登録のない人" in page
    assert read_label("something else") == "something else"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_log_costs_the_same_for_more_rows(rows, django_assert_num_queries):
    patient = make_patient()
    add_member(patient, suzuki())
    client = sign_in(Client(), suzuki())
    for _ in range(rows):
        client.get(log_of(patient))
    events = list(reads_of(patient))

    with django_assert_num_queries(1):
        rows_of(events)


def test_t_p4_one_changed_or_deleted_row_is_detected():
    patient = looked_at()
    call_command("verify_audit")
    last = reads_of(patient)[0]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE audit_auditevent SET detail = %s WHERE id = %s", ['{"what": "x"}', last.pk]
        )

    with pytest.raises((CommandError, SystemExit)):
        call_command("verify_audit")


def pages_of_persons():
    """Every address that begins with a person's uid, of every room, present and to come."""
    from django.urls import get_resolver

    found = []

    def walk(resolver, prefix, namespace):
        for entry in resolver.url_patterns:
            route = prefix + str(entry.pattern)
            if hasattr(entry, "url_patterns"):
                inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
                walk(entry, route, inner)
            elif re.match(r"patients/<uuid:(patient_)?uid>/", route):
                found.append((f"{namespace}{entry.name}", list(entry.pattern.converters)))

    walk(get_resolver(), "", "")
    return found


def test_t_p4_every_page_of_a_person_writes_a_read_row():
    patient = rescued()
    add_member(patient, suzuki())
    relative = add_family(patient)
    MunicipalityChoice.objects.create(family_sees_read_log=True, changed_at=clock.now())
    clients = {
        "host": sign_in(Client(), suzuki()),
        "family": sign_in(Client(), relative.user),
        "officer": sign_in(Client(), officer()),
    }
    opened, silent = set(), []
    for name, arguments in pages_of_persons():
        if len(arguments) != 1:
            continue  # a part of a person needs its own uid; its room tries it
        for who, client in clients.items():
            before = reads_of(patient).count()
            response = client.get(reverse(name, args=[patient.uid]))
            assert response.status_code < 500, name
            if response.status_code == 200:
                opened.add(name)
                if reads_of(patient).count() == before:
                    silent.append(f"{name} ({who})")

    assert silent == []
    assert opened >= {
        "patients:emergency_screen",
        "patients:emergency_sheet",
        "patients:emergency_edit",
        "patients:wish_list",
        "patients:wish_add",
        "patients:card_list",
        "patients:read_log",
    }
    assert {address.name for address in addresses()} >= opened


def test_a_read_is_written_even_when_the_clock_stands_still():
    patient = make_patient()
    add_member(patient, takahashi())
    with time_machine.travel(clock.now(), tick=False):
        client = sign_in(Client(), takahashi())
        for _ in range(2):
            client.get(reverse("patients:emergency_screen", args=[patient.uid]))

    assert reads_of(patient).count() == 2
    assert Patient.objects.count() == 1
