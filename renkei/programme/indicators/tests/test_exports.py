"""T-I5: what people paste is the page's numbers, and a chart is a chart."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.areas.models import Area
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.audit.models import AuditEvent
from renkei.programme.indicators.services.reference import load_reference_values
from renkei.programme.indicators.tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    load_reference_values(actor=SYSTEM)
    gyoda = Area.objects.get(name="行田市")
    return accounts.sign_in(Client(), factories.membership(Role.MUNICIPAL_STAFF, gyoda).user)


def file_of(client: Client, kind: str, code: str = "A-P1"):
    return client.get(reverse("indicators:indicator_file", args=[code, kind]))


def test_t_i5_the_workbook_holds_a_native_chart_over_real_cells(client):
    answer = file_of(client, "xlsx")

    book = zipfile.ZipFile(io.BytesIO(answer.content))
    chart = book.read("xl/charts/chart1.xml").decode()
    assert "<c:lineChart>" in chart
    assert chart.count("<c:ser>") == 2
    assert not [name for name in book.namelist() if name.startswith("xl/media")]
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0)
    table = rows.to_python()
    assert table[3][1:6] == ["平成29年度", "平成30年度", "令和元年度", "令和2年度", "令和3年度"]
    assert table[4] == ["行田市", 427.8, 573.5, 542.4, 516.0, 537.0]
    assert AuditEvent.objects.latest("pk").action == "indicators.exported"


def test_t_i5_a4_png_svg_and_csv_tell_the_same(client):
    pdf = PdfReader(io.BytesIO(file_of(client, "pdf").content))
    text = "".join(page.extract_text() for page in pdf.pages)
    assert (len(pdf.pages), "573.5" in text, "2.6倍" in text) == (1, True, True)
    assert [round(float(side)) for side in pdf.pages[0].mediabox[2:]] == [595, 842]

    picture = Image.open(io.BytesIO(file_of(client, "png").content))
    assert picture.width > 1500

    svg = file_of(client, "svg").content.decode()
    assert svg.startswith("<svg xmlns")
    assert "573.5" in svg

    csv = file_of(client, "csv").content.decode("utf-8-sig")
    assert "A-P1,退院・退所加算,112062,行田市,平成30年度,573.5" in csv


def test_what_there_is_not_is_not_found(client):
    assert file_of(client, "exe").status_code == 404
    assert file_of(client, "png", "D-S4").status_code == 404
    assert file_of(client, "pdf", "D-S4").status_code == 200
