"""Forms along agreements (協定): only municipalities that confirmed are reached, until they leave."""

from datetime import date

import pytest
import time_machine

from renkei.foundation.accounts.services import agreements
from renkei.foundation.accounts.tests.towns import TODAY, Town, page, propose
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.common import clock
from renkei.foundation.sheets.models import Form, FormShare
from renkei.foundation.sheets.queries import forms_visible_to, shares_reaching
from renkei.foundation.sheets.tests.factories import make_version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_now")]


@pytest.fixture
def _now():
    with time_machine.travel("2026-06-01T09:00+09:00"):
        yield


@pytest.fixture
def kakuu():
    return Town("架空市")


@pytest.fixture
def umibe():
    return Town("海辺町")


@pytest.fixture
def proposed(kakuu, umibe):
    return propose(kakuu, umibe)


def shared_form(area, agreement) -> Form:
    version = make_version(area=area, code="kakuu_shared")
    FormShare.objects.create(form=version.form, agreement=agreement, shared_at=clock.now())
    return version.form


def text(response):
    return response.content.decode()


def test_only_members_who_confirmed_are_reached_by_a_shared_sheet(kakuu, umibe, proposed):
    form = shared_form(kakuu.area, proposed)
    assert list(shares_reaching(umibe.area, TODAY)) == []
    assert not forms_visible_to(umibe.area, TODAY).filter(pk=form.pk).exists()
    assert str(form.uid) not in text(umibe.get(page(proposed)))
    assert umibe.get(f"/sheets/forms/{form.uid}/").status_code == 404

    umibe.post(page(proposed, "confirm/"))

    for town in (kakuu, umibe):
        (link,) = [
            part.split('"')[0]
            for part in text(town.get(page(proposed))).split('href="')
            if str(form.uid) in part
        ]
        assert town.get(link).status_code == 200


def test_what_an_owner_shares_before_it_confirms_reaches_nobody(kakuu, umibe, proposed):
    shared_form(umibe.area, proposed)

    assert list(shares_reaching(kakuu.area, TODAY)) == []


def test_sharing_stops_with_the_last_day_of_a_member(kakuu, umibe, proposed):
    umibe.post(page(proposed, "confirm/"))
    form = shared_form(kakuu.area, proposed)

    agreements.leave(actor=SYSTEM, agreement=proposed, area=umibe.area, last_day=date(2026, 6, 30))

    for now, seen in (("2026-06-30T23:59", True), ("2026-07-01T00:00", False)):
        with time_machine.travel(f"{now}+09:00"):
            for town in (kakuu, umibe):
                town.sign_in()
            assert (str(form.uid) in text(umibe.get(page(proposed)))) is seen
            assert umibe.get(f"/sheets/forms/{form.uid}/").status_code == (200 if seen else 404)
