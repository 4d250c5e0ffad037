from __future__ import annotations

import pytest

from renkei.foundation.common.views import COMPONENTS

pytestmark = pytest.mark.django_db


def test_styleguide_is_open_in_the_demo(client, settings):
    settings.DEMO = True

    page = client.get("/styleguide/")

    assert page.status_code == 200
    shown = page.content.decode()
    assert "部品の見本" in shown


def test_styleguide_is_not_there_for_residents(client):
    assert client.get("/styleguide/").status_code == 404


def test_styleguide_is_open_to_staff(sato_client):
    assert sato_client.get("/styleguide/").status_code == 200


def test_styleguide_knows_every_component(client, settings):
    settings.DEMO = True

    parameters = client.get("/styleguide/").context["parameters"]

    assert set(parameters) == {path.stem for path in COMPONENTS.glob("*.html")}
