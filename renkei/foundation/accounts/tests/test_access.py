from datetime import date
from typing import cast

import pytest
import time_machine
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory
from psycopg.types.range import Range

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.models import Membership, Role
from renkei.foundation.accounts.queries import MEMBERSHIP_SESSION_KEY, viewer_of
from renkei.foundation.accounts.rules import may_edit_register, may_read_staff_pages
from renkei.foundation.accounts.tests import factories
from renkei.foundation.accounts.viewers import ANYBODY, Viewer, ViewerRequest
from renkei.foundation.common.audience import Audience


@staff_page(may_edit_register)
def page(request):
    return HttpResponse("中身")


def request_of(viewer, **headers):
    request = cast("ViewerRequest", RequestFactory().get("/somewhere/?page=2", headers=headers))
    request.viewer = viewer
    return request


def viewer_in(client):
    """The viewer the middleware would put on this client's next request."""
    request = RequestFactory().get("/")
    request.COOKIES.update({key: morsel.value for key, morsel in client.cookies.items()})
    SessionMiddleware(lambda _: HttpResponse()).process_request(request)
    from django.contrib.auth import get_user

    request.user = get_user(request)
    return viewer_of(request)


def test_staff_page_sends_nobody_to_sign_in_and_back():
    response = page(request_of(ANYBODY))

    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=%2Fsomewhere%2F%3Fpage%3D2"


def test_staff_page_answers_a_signed_in_stranger_with_not_found():
    with pytest.raises(Http404):
        page(request_of(Viewer(user_id=1, role=Role.PROFESSIONAL)))


def test_staff_page_opens_for_whom_the_rule_holds():
    response = page(request_of(Viewer(user_id=1, role=Role.MUNICIPAL_STAFF)))

    assert response.status_code == 200


def test_staff_page_sends_htmx_the_whole_page_to_sign_in():
    response = page(request_of(ANYBODY, **{"HX-Request": "true"}))

    assert response.status_code == 200
    assert response["HX-Redirect"].startswith("/accounts/login/")


def test_staff_page_answers_programs_in_json():
    assert page(request_of(ANYBODY, Accept="application/json")).status_code == 401


@pytest.mark.django_db
def test_staff_page_asks_for_the_second_factor():
    half = Viewer(user_id=1, second_factor_missing=True)

    assert page(request_of(half))["Location"].startswith("/accounts/second-factor/?next=")
    assert page(request_of(half, Accept="application/json")).status_code == 403


@pytest.mark.django_db
def test_viewer_acts_by_membership_with_its_audience(sato_client, suzuki_client):
    assert viewer_in(sato_client) == factories.viewer_for(factories.sato())
    assert viewer_in(sato_client).audience == Audience.GOVERNMENT
    assert viewer_in(suzuki_client).audience == Audience.PARTNER
    assert viewer_in(Client()) == ANYBODY


@pytest.mark.django_db
def test_viewer_without_second_factor_is_a_resident():
    client = factories.sign_in(Client(), factories.sato(), second_factor=False)

    viewer = viewer_in(client)

    assert (viewer.role, viewer.audience, viewer.second_factor_missing) == (
        Role.RESIDENT,
        Audience.PUBLIC,
        True,
    )
    assert not may_read_staff_pages(viewer)


@pytest.mark.django_db
def test_viewer_with_several_memberships_acts_under_the_chosen_one():
    user = factories.suzuki()
    second = factories.make_membership(user=user, role=Role.COUNCIL_MEMBER)
    client = factories.sign_in(Client(), user)
    session = client.session
    session[MEMBERSHIP_SESSION_KEY] = second.pk
    session.save()

    viewer = viewer_in(client)

    assert (viewer.role, viewer.membership_id, viewer.membership_count) == (
        Role.COUNCIL_MEMBER,
        second.pk,
        2,
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moment", "role"),
    [
        ("2026-03-31T23:59:59+09:00", Role.MUNICIPAL_STAFF),
        ("2026-04-01T00:00:00+09:00", "resident"),
    ],
)
def test_t_p5_ended_membership_is_dead_at_midnight_in_japan(moment, role):
    user = factories.sato()
    Membership.objects.filter(user=user).update(period=Range(date(2025, 4, 1), date(2026, 4, 1)))

    with time_machine.travel(moment, tick=False):
        viewer = viewer_in(factories.sign_in(Client(), user))

    assert viewer.role == role
    assert viewer.user_id == user.pk


@pytest.mark.django_db
def test_membership_refuses_an_empty_period():
    membership = Membership(
        user=factories.suzuki(),
        organisation=factories.make_organisation(),
        period=Range(date(2026, 4, 1), date(2026, 4, 1)),
    )

    with pytest.raises(ValidationError, match="終わりの日は"):
        membership.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        membership.save()


@pytest.mark.django_db
def test_membership_refuses_the_same_role_twice_at_once_but_not_one_after_the_other():
    user, office = factories.make_user(), factories.make_organisation()

    def membership(role, start, end):
        return Membership(user=user, organisation=office, role=role, period=Range(start, end))

    membership(Role.PROFESSIONAL, date(2025, 4, 1), date(2026, 4, 1)).save()
    membership(Role.PROFESSIONAL, date(2026, 4, 1), None).save()
    membership(Role.ORGANISATION_ADMIN, date(2025, 4, 1), None).save()
    again = membership(Role.PROFESSIONAL, date(2027, 4, 1), date(2028, 4, 1))

    with pytest.raises(ValidationError, match="同じ役割をすでに持っています"):
        again.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()
