"""Two records side by side, with what differs marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from renkei.foundation.common.kana import fold
from renkei.registry.facilities.catalogue import SERVICES, SOURCES
from renkei.registry.facilities.fields import FIELDS
from renkei.registry.facilities.models import PlaceDecision, PlacePair, Service
from renkei.registry.facilities.queries_places import services_by_identity
from renkei.registry.facilities.values import value_text

COMPARED = ("name", "office_number", "institution_code", "address", "building", "phone", "fax")
COMPARED_AFTER = ("corporate_name", "url")


@dataclass(frozen=True)
class ComparedLine:
    label: str
    first: str
    second: str
    same: bool


@dataclass(frozen=True)
class ShownPair:
    pair: PlacePair
    kinds: tuple[str, str]
    lines: list[ComparedLine]
    region: str


def shown_pair(pair: PlacePair, number: int) -> ShownPair:
    """One pair as a table of two columns; ``number`` tells its region from the others."""
    lines = []
    for key in (*COMPARED, *COMPARED_AFTER):
        values = [str(getattr(service, key)) for service in (pair.first, pair.second)]
        if any(values):
            lines.append(
                ComparedLine(
                    FIELDS[key].label,
                    value_text(key, values[0]),
                    value_text(key, values[1]),
                    fold(values[0]) == fold(values[1]),
                )
            )
    region = f"{number}組目の比べ"
    return ShownPair(pair, (_kind(pair.first), _kind(pair.second)), lines, region)


def _kind(service: Service) -> str:
    known = SERVICES.get(service.service_code)
    return f"{known.label if known else 'そのほか'}（{SOURCES[service.source].name}）"


@dataclass(frozen=True)
class ShownDecision:
    decision: PlaceDecision
    first: str
    second: str


def shown_decisions(decisions: Sequence[PlaceDecision]) -> list[ShownDecision]:
    """Decisions with the names their records have now; one query."""
    identities = {d.first_identity for d in decisions} | {d.second_identity for d in decisions}
    services = services_by_identity(identities) if identities else {}

    def name(identity: str) -> str:
        service = services.get(identity)
        return service.name if service else "いまは台帳にない施設"

    return [ShownDecision(d, name(d.first_identity), name(d.second_identity)) for d in decisions]
