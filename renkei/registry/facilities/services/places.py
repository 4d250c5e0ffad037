"""Which services are one place: computed where they agree, decided by a person elsewhere.

A new record joins the place whose number of agreement (``place_key``: prefecture, name, address) is
its own. A record stays in its place when it changes, until it agrees with another. A decision of a
person outweighs both and is remembered by identity, over every later import and undo.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Q

from renkei.foundation.audit.actors import Actor
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.registry.facilities.models import (
    CorrectionRequest,
    Facility,
    FieldPolicy,
    ImportRun,
    PlaceDecision,
    PlacePair,
    Service,
    StagedRow,
)
from renkei.registry.facilities.services.refresh import refresh_facilities
from renkei.registry.facilities.services.undoing import keep_rows

NAME_DIFFERS = "番号が同じで名称が違う"
ADDRESS_DIFFERS = "番号が同じで住所が違う"
BOTH_DIFFER = "番号が同じで名称も住所も違う"
SAME_NAME = "同じ市区町村に同じ名称"


def identity_of(service: Service) -> str:
    """``source:key:service``: who a record is, whatever its number in this database."""
    return f"{service.source}:{service.source_key}:{service.service_code}"


@transaction.atomic
def decide_pair(*, actor: Actor, pair: PlacePair, same: bool) -> PlaceDecision:
    """Say whether two services are one place; remembered over every later import and undo.

    Raises:
        ValidationError: nobody in particular decides.
    """
    if actor.user_id is None:
        raise ValidationError("同じ場所かどうかは、職員が自分の名前で決めてください。")
    first, second = pair.first, pair.second
    lower, upper = sorted((identity_of(first), identity_of(second)))
    decision, _ = PlaceDecision.objects.update_or_create(
        first_identity=lower,
        second_identity=upper,
        defaults={"same": same, "decided_by_id": actor.user_id, "decided_at": clock.now()},
    )
    pair.delete()
    _carry_out(decision, first, second)
    record_event(actor=actor, action="place.decided", target=decision, detail={"same": same})
    return decision


def _carry_out(decision: PlaceDecision, first: Service, second: Service) -> None:
    kept, moved = sorted((first, second), key=lambda service: service.facility_id)
    if decision.same and kept.facility_id != moved.facility_id:
        left = moved.facility
        left.services.update(facility=kept.facility)
        _hand_over(left, kept.facility)
        refresh_facilities([kept.facility_id])
    elif not decision.same and first.facility_id == second.facility_id:
        place = second.facility
        apart = Facility.objects.get(pk=place.pk)
        apart.pk = None
        apart.organisation = None
        apart.confirmed_on, apart.confirmed_with = None, ""
        apart.save(force_insert=True)
        Service.objects.filter(pk=second.pk).update(facility=apart)
        refresh_facilities([place.pk, apart.pk])


def _hand_over(left: Facility, kept: Facility) -> None:
    """What people attached to the place that goes belongs to the one that stays."""
    CorrectionRequest.objects.filter(facility=left).update(facility=kept)
    FieldPolicy.objects.filter(facility=left).update(facility=kept)
    if left.organisation_id and not kept.organisation_id:
        Facility.objects.filter(pk=kept.pk).update(organisation=left.organisation_id)
    left.delete()


def gather_changed(run: ImportRun) -> None:
    """A changed record that now agrees with another place moves there, if it was alone.

    Somebody's organisation, requests or audiences keep a place where it is: then it is a pair
    to look at.
    """
    moves = _agreeing_elsewhere(run)
    for service_id, target in moves:
        service = Service.objects.select_related("facility").get(pk=service_id)
        place = service.facility
        if place.pk == target or _is_bound(place) or place.services.count() > 1:
            continue
        if _decided_apart(service, target):
            continue
        Service.objects.filter(pk=service_id).update(facility_id=target)
        _leave(run, place.pk)
        _affect(target)


def carry_out_decisions(run: ImportRun, after: int) -> None:
    """Records added after an id come under the decisions made on them before (undo, re-import)."""
    for decision in PlaceDecision.objects.order_by("decided_at"):
        first = _service_of(decision.first_identity)
        second = _service_of(decision.second_identity)
        if first is None or second is None or max(first.pk, second.pk) <= after:
            continue
        kept, moved = sorted((first, second), key=lambda service: service.facility_id)
        if decision.same and kept.facility_id != moved.facility_id:
            Service.objects.filter(facility_id=moved.facility_id).update(
                facility_id=kept.facility_id
            )
            _leave(run, moved.facility_id)
            _affect(kept.facility_id)
        elif not decision.same and first.facility_id == second.facility_id:
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE facilities_service SET facility_id = nextval("
                    "pg_get_serial_sequence('facilities_facility', 'id'))"
                    " WHERE id = %s RETURNING facility_id",
                    [max(first.pk, second.pk)],
                )
                (apart,) = cursor.fetchone() or (0,)
            _affect(int(apart))


def _service_of(identity: str) -> Service | None:
    source, _, rest = identity.partition(":")
    key, _, service_code = rest.rpartition(":")
    return Service.objects.filter(source=source, source_key=key, service_code=service_code).first()


def _affect(facility_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO import_affected VALUES (%s)", [facility_id])


def _leave(run: ImportRun, facility_id: int) -> None:
    """A place without services goes; undo brings it back."""
    keep_rows(run, "facilities_facility", "id = %s", [facility_id])
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM import_affected WHERE facility_id = %s", [facility_id])
    Facility.objects.filter(pk=facility_id).delete()


def _agreeing_elsewhere(run: ImportRun) -> list[tuple[int, int]]:
    """Changed records with the place their key points to, where that is another."""
    changed = StagedRow.objects.filter(run_id=run.pk, service_id__isnull=False)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT v.id, min(o.facility_id)
              FROM facilities_service v
              JOIN facilities_service o ON o.place_key = v.place_key AND o.id <> v.id
                   AND o.facility_id <> v.facility_id
             WHERE v.id = ANY(%s)
             GROUP BY v.id
            """,
            [list(changed.values_list("service_id", flat=True))],
        )
        return [(int(service), int(target)) for service, target in cursor.fetchall()]


def _is_bound(place: Facility) -> bool:
    return bool(
        place.organisation_id
        or place.confirmed_on
        or place.correction_requests.exists()
        or place.field_policies.exists()
    )


def _decided_apart(service: Service, target: int) -> bool:
    own = identity_of(service)
    others = [identity_of(other) for other in Service.objects.filter(facility_id=target)]
    return (
        PlaceDecision.objects.filter(same=False)
        .filter(
            Q(first_identity=own, second_identity__in=others)
            | Q(second_identity=own, first_identity__in=others)
        )
        .exists()
    )


_PAIRS = """
INSERT INTO facilities_placepair (first_id, second_id, reason)
SELECT least(v.id, o.id), greatest(v.id, o.id), max(p.reason)
  FROM (
    SELECT v.id AS one, min(o.id) AS other, 'number' AS reason
      FROM facilities_service v
      JOIN facilities_service o ON o.office_number = v.office_number
           AND o.facility_id <> v.facility_id
     WHERE v.id > %(after)s AND v.office_number <> '' AND v.source = 'care' AND o.source = 'care'
     GROUP BY v.id, o.facility_id
    UNION ALL
    SELECT v.id, min(o.id), 'name'
      FROM facilities_service v
      JOIN facilities_service o ON o.name = v.name AND o.facility_id <> v.facility_id
           AND o.municipality_code = v.municipality_code AND o.source = 'medical'
           AND o.service_code = v.service_code
     WHERE v.id > %(after)s AND v.source = 'bureau' AND v.municipality_code <> ''
     GROUP BY v.id, o.facility_id
  ) p
  JOIN facilities_service v ON v.id = p.one
  JOIN facilities_service o ON o.id = p.other
 WHERE NOT EXISTS (
    SELECT FROM facilities_placedecision d
     WHERE d.first_identity = least(
             v.source || ':' || v.source_key || ':' || v.service_code,
             o.source || ':' || o.source_key || ':' || o.service_code)
       AND d.second_identity = greatest(
             v.source || ':' || v.source_key || ':' || v.service_code,
             o.source || ':' || o.source_key || ':' || o.service_code))
 GROUP BY 1, 2
ON CONFLICT (first_id, second_id) DO NOTHING
RETURNING id
"""


def find_pairs(after: int) -> int:
    """List the doubtful pairs of records added after an id; returns how many.

    Same 事業所番号 with another name or address; a bureau's institution and one of 医療情報ネット
    with the same name in the same municipality.
    """
    with connection.cursor() as cursor:
        # The rows of this transaction are not in the statistics yet: a planner that believes the
        # table is empty compares every record with every other. Only the owner may ANALYZE.
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(_PAIRS, {"after": after})
        added = [number for (number,) in cursor.fetchall()]
        _say_why(added)
        cursor.execute("SET LOCAL enable_nestloop = on")
    return len(added)


def _say_why(pair_ids: Iterable[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE facilities_placepair p
               SET reason = CASE
                   WHEN p.reason = 'name' THEN %s
                   WHEN a.name = b.name THEN %s
                   WHEN a.address = b.address THEN %s
                   ELSE %s END
              FROM facilities_service a, facilities_service b
             WHERE a.id = p.first_id AND b.id = p.second_id AND p.id = ANY(%s)
            """,
            [SAME_NAME, ADDRESS_DIFFERS, NAME_DIFFERS, BOTH_DIFFER, list(pair_ids)],
        )
