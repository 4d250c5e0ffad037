"""What every FAX about a person has in common: who may get it, and a cover that names nobody."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.core.exceptions import ValidationError
from django.db.models import F, Q

from renkei.care.patients.models import Patient, Provider, Relative
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock, kana
from renkei.foundation.common.phones import require_phone
from renkei.foundation.papers.fax import FaxRecipient
from renkei.registry.facilities.queries import visible_places

SHORTEST_NAME: Final = 3
NAMED: Final = "送付状に療養者や家族の氏名を書かないでください。氏名は2枚目から出ます。"


def known_recipients(viewer: Viewer, patient: Patient) -> dict[str, FaxRecipient]:
    """Who treats the person and has a FAX number, by a key for the form.

    First those written down with a number (``p…``), then the places in the register of those
    without one and of the offices on the team (``f…``), as the viewer may see them there.
    """
    today = clock.today()
    providers = Provider.objects.filter(patient=patient, period__contains=today).order_by("pk")
    found: dict[str, FaxRecipient] = {}
    places: dict[int, str] = {}
    for one in providers:
        number = _number(one.fax)
        if number:
            found[f"p{one.pk}"] = FaxRecipient(one.person_name, one.name, number)
        elif one.facility_id:
            places[one.facility_id] = one.person_name
    team = patient.team.filter(
        Q(left_at=None), ~Q(organisation_id=F("patient__host_id")), joined_at__isnull=False
    )
    for facility_id in team.values_list("organisation__facilities", flat=True).order_by("pk"):
        if facility_id is not None:
            places.setdefault(facility_id, "")
    numbers = {each.fax for each in found.values()}
    for place in visible_places(places, viewer=viewer):
        number = _number(place.first("fax"))
        if number and number not in numbers:
            numbers.add(number)
            found[f"f{place.pk}"] = FaxRecipient(places[place.pk], place.name, number)
    return found


def _number(text: str) -> str:
    """A number that can be dialled, or nothing: a cover with half a number helps nobody."""
    try:
        return require_phone(text) if text else ""
    except ValidationError:
        return ""


def refuse_names(
    patient: Patient, words: Iterable[str], *, relative: Relative | None = None
) -> None:
    """A cover lies open on a machine: names and readings stay off it.

    Raises:
        ValidationError: the words name the person, also as they were called before, or family.
    """
    text = kana.fold("".join(words))
    if not text:
        return
    family = [relative] if relative is not None else []
    family += list(patient.relatives.only("name", "kana"))
    keys = {kana.fold(name) for one in family for name in (one.name, one.kana)}
    keys |= set(patient.former_names.values_list("name_key", flat=True))
    # 「妻」 written in the place of a name is none.
    keys = {key for key in keys if len(key) >= SHORTEST_NAME}
    if any(key and key in text for key in (patient.name_key, patient.kana_key, *keys)):
        raise ValidationError({"notes": NAMED})
