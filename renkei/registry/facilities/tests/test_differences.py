from __future__ import annotations

import pytest

from renkei.registry.facilities.models import Service
from renkei.registry.facilities.queries_differences import official_differences
from renkei.registry.facilities.services.overrides import correct_field
from renkei.registry.facilities.tests.official_files import (
    KAWASE,
    bring_in,
    care_row,
    make_region,
    write_csv,
)

pytestmark = pytest.mark.django_db


def test_t_nv2_differences_from_the_official_record_are_reported_field_by_field(tmp_path):
    make_region()
    path = tmp_path / "jigyosho_130.csv"
    bring_in(write_csv(path, [care_row()]))
    service = Service.objects.get()
    correct_field(actor=KAWASE, service=service, field="days", value="平日", reason="本人から電話")
    correct_field(actor=KAWASE, service=service, field="phone", value="0999-00-9999", reason="")

    days, phone = official_differences(["99"])

    assert (days.label, days.official, days.local) == ("利用できる曜日", "平日、土曜日", "平日")
    assert (days.number, days.dataset_label, days.reason) == (
        "9960190013",
        "訪問看護",
        "本人から電話",
    )
    assert official_differences(["40"]) == []

    # The ministry follows: nothing is left to say about the number.
    bring_in(write_csv(path, [care_row(phone="0999-00-9999")]))
    assert official_differences() == [days]
    assert phone.local == "0999-00-9999"
