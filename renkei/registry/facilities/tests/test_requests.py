from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from renkei.foundation.audit.actors import PUBLIC, Actor, ActorKind
from renkei.foundation.audit.models import AuditEvent
from renkei.registry.facilities.queries_requests import closed_requests, open_requests
from renkei.registry.facilities.services.requests import close_request, receive_request
from renkei.registry.facilities.tests.factories import CorrectionRequestFactory, FacilityFactory

pytestmark = pytest.mark.django_db
SATO = Actor(ActorKind.USER, 7, 8)


def test_receive_request_keeps_the_words_without_control_characters():
    place = FacilityFactory.create()

    request = receive_request(
        actor=PUBLIC, facility=place, text="土曜は\x00休み\r\nです ", contact=" 田中\x07 "
    )

    assert (request.text, request.contact) == ("土曜は休み\nです", "田中")
    assert list(open_requests()) == [request]
    assert AuditEvent.objects.get().action == "correction_request.received"


@pytest.mark.parametrize("text", ["", " \x00\n", "あ" * 1001])
def test_receive_request_refuses_nothing_and_too_much(text):
    with pytest.raises(ValidationError) as error:
        receive_request(actor=PUBLIC, facility=FacilityFactory.create(), text=text)

    assert list(error.value.message_dict) == ["text"]
    assert not open_requests()


def test_close_request_moves_it_from_open_to_closed():
    request = CorrectionRequestFactory.create()

    close_request(actor=SATO, request_id=request.pk, answer="事業所に電話で確かめ、直した。")

    assert not open_requests()
    closed = closed_requests().get()
    assert (closed.closed_by_id, closed.answer) == (7, "事業所に電話で確かめ、直した。")
    assert closed.closed_at is not None


def test_close_request_twice_or_without_answer_is_refused():
    request = CorrectionRequestFactory.create()
    with pytest.raises(ValidationError):
        close_request(actor=SATO, request_id=request.pk, answer=" ")
    close_request(actor=SATO, request_id=request.pk, answer="直した。")

    with pytest.raises(ValidationError, match="すでに"):
        close_request(actor=SATO, request_id=request.pk, answer="直した。")


@pytest.mark.parametrize("count", [1, 3])
def test_open_requests_in_one_query(count, django_assert_num_queries):
    CorrectionRequestFactory.create_batch(count)

    with django_assert_num_queries(1):
        names = [request.facility.name for request in open_requests()]

    assert len(names) == count
