"""わたしの連携: where the person and family start."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from renkei.care.patients.access import care_page
from renkei.care.patients.models import GrantKind
from renkei.care.patients.reading import record_read
from renkei.care.timelines.models import RoomKind
from renkei.care.timelines.presenters_family import own_room
from renkei.care.timelines.queries.family import family_patients, family_rooms
from renkei.care.timelines.rules import is_person_or_family
from renkei.care.timelines.services.rooms import opened_doors_of
from renkei.foundation.accounts.viewers import ViewerRequest


@care_page(is_person_or_family)
@require_safe
def own_page(request: ViewerRequest) -> HttpResponse:
    viewer = request.viewer
    with transaction.atomic():
        doors = [
            opened_doors_of(viewer, patient.uid)[RoomKind.FAMILY]
            for patient in family_patients(viewer)
        ]
        rooms = [own_room(room) for room in family_rooms(viewer, doors)]
        response = render(request, "timelines/own_page.html", {"rooms": rooms})
        for room in rooms:
            record_read(
                viewer=viewer,
                patient=room.patient,
                what="わたしの連携",
                via=GrantKind.FAMILY_ROOM,
            )
    return response
