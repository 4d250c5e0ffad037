"""One person whose every field holds a canary: what leak tests look for where it must not be."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import DatabaseError, ProgrammingError, models, transaction
from psycopg.types.range import Range

from renkei.care.patients.models import Patient
from renkei.care.patients.services.cards import issue_card
from renkei.care.patients.tests import factories as care
from renkei.care.timelines.link_queries import document_behind
from renkei.care.timelines.link_services import Sending, answer_link, make_link, revoke_link
from renkei.care.timelines.models import Entry, Room
from renkei.care.timelines.queries.doors import door_to
from renkei.care.timelines.services.groups import make_group, open_direct, reader_on_team
from renkei.care.timelines.services.rooms import room_of
from renkei.care.transitions.models import FactKind, PathVersion
from renkei.care.transitions.models.doctors import Doctor
from renkei.care.transitions.tests import factories as stays
from renkei.care.transitions.values import CareManager, Hospital
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.areas.tests.factories import make_area
from renkei.foundation.common import clock
from renkei.foundation.sheets.models import Answer, FormVersion
from renkei.foundation.sheets.queries import version_in_force
from tests.person_addresses import belongs_to_a_person, rooms

CANARY = "金糸雀"
# Rules of the region and of devices: no person's data; and rows that would end or close the story.
APART = {
    "DisasterMode", "DisclosureTable", "DisclosureRule", "RetentionRule", "Disposal",
    "MunicipalityChoice", "Merge", "EscalationTimes", "FailedOpening", "Form", "FormVersion",
    "FormAdoption", "FormShare", "OfficeWorkbook", "Rule", "RuleVersion", "RuleAdoption",
    "ContactPoint", "Roster", "RosterRow", "RosterDay", "RosterShift", "CaseCount",
}  # fmt: skip
# Made by their services, which know what no table says.
MADE = {"OutsideLink", "EmergencyCard", "CoordinationCase", "CaseFact"}
# Texts that are keys, digests or addresses of the machine, not what a person wrote.
KEYS = {
    "code", "code_hash", "pin_hash", "digest", "storage_name", "thumbnail_name", "key_id",
    "media_type", "owner_kind", "session_key", "kind", "url", "birth_written", "field", "subject",
    "profession", "author_profession", "case_number", "hospital_key", "next_code", "device_label",
}  # fmt: skip


def set_the_stage() -> None:
    """What is there without the person: who works where, the forms and rules of the region."""
    for user in (accounts.suzuki(), accounts.takahashi(), care.family_user()):
        accounts.viewer_for(user)
    stays.hospital()
    call_command("load_sheets", stdout=io.StringIO())
    call_command("load_clinical_paths", stdout=io.StringIO())
    stays.shipped()


def _models() -> list[type[models.Model]]:
    """What rooms keep about persons; what belongs to no person is made where it is needed."""
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in rooms() and belongs_to_a_person(model)
    ]


class Story:
    """The rows of one person by model name, and who takes part."""

    # The address of a person who never was.
    NOBODY = UUID(int=4)

    def __init__(self) -> None:
        set_the_stage()
        self.rows: dict[str, Any] = {}
        # Further rows of a model that addresses may mean.
        self.others: dict[str, list[Any]] = {}
        # Secrets that stand in addresses, by the name of their argument; and the codes to them.
        self.secrets: dict[str, list[str]] = {"token": [], "code": []}
        self.codes: dict[str, str] = {}
        names = ("name", "kana", "address", "building", "phone", "insured_number")
        fields: dict[str, Any] = {name: Patient._meta.get_field(name) for name in names}
        texts: dict[str, Any] = {
            name: (CANARY * 9)[: field.max_length] for name, field in fields.items()
        }
        self.patient = care.make_patient(**texts)
        self.host, self.nurse = accounts.suzuki(), accounts.takahashi()
        for user in (self.host, self.nurse):
            member = care.add_member(self.patient, user)
        self.family = care.add_family(self.patient)
        self._keep(self.patient, member, member.grant, self.family, self.family.relative)
        self._keep(*self.patient.consents.all(), care.membership_of(self.host))
        self._keep(room_of(self.patient))
        self._keep(version_in_force("care_card"))
        self._stay_in_hospital()
        for model in _models():
            if model.__name__ not in APART | MADE:
                self.row_of(model)
        # The next entry has the next number.
        Room.objects.update(last_number=99)
        self._give_out_secrets()
        self._talk_apart()
        self._fill_texts()

    def _keep(self, *rows: Any) -> None:
        for row in rows:
            self.rows[type(row).__name__] = row

    def row_of(self, model: Any) -> Any:
        """The story's row of a model, made with the least it needs."""
        known = self.rows.get(model.__name__)
        if known is None:
            special: dict[str, Callable[[], Any]] = {
                "StoredFile": self._file,
                "Answer": self._answer,
                "User": lambda: self.host,
                "Area": make_area,
                "PathVersion": lambda: PathVersion.objects.latest("pk"),
            }
            make = special.get(model.__name__, lambda: model.objects.create(**self._values(model)))
            try:
                known = make()
            except (DatabaseError, ValidationError, ValueError) as error:
                raise AssertionError(
                    f"The story cannot make a {model.__name__}: {error}. Say in Story._special what"
                    " its table demands (tests/person_story.py), make it in Story and name it in"
                    " MADE, or in APART if it holds nothing of a person."
                ) from error
            self._keep(known)
        return known

    def uids_of(self, name: str) -> Iterator[UUID]:
        """What addresses call the story's rows of a model."""
        for row in [self.rows[name], *self.others.get(name, [])]:
            yield row.newer.uid if name == "PossibleDuplicate" else row.uid

    def _values(self, model: Any) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for field in model._meta.concrete_fields:
            if field.primary_key or (field.has_default() and not field.is_relation):
                continue
            if field.is_relation:
                wanted = field.name == "patient" or not field.null
                if wanted:
                    values[field.name] = self.row_of(field.related_model)
            elif not field.null:
                values[field.name] = self._value(field)
        return values | self._special(model.__name__)

    def _special(self, name: str) -> dict[str, Any]:
        """What a constraint of the table demands besides."""
        if name == "ConsentRecipient":
            return {"organisation": self.patient.host}
        if name in {"PossibleDuplicate", "Merge"}:
            return {"newer": care.make_patient()}
        if name == "DoctorPair":
            return {"deputy": Doctor.objects.create(**self._values(Doctor))}
        host = care.membership_of(self.host)
        given: dict[str, dict[str, Any]] = {
            "Referral": {"sender": host.organisation, "sender_member": host},
            "Limit": {"high": 40, "code": "pulse"},
            "Wish": {"recorded_by": host, "is_shared": True},
            "Entry": {"author": host, "author_user": self.host},
            "Observation": {"value": 36},
            "ScanPage": {"state": "queued", "reason": "no_code"},
            "RecordChange": {"subject": "patient", "field": "address", "before": CANARY},
        }
        return given.get(name, {})

    def _value(self, field: models.Field) -> Any:
        kind = field.get_internal_type()
        if field.choices:
            return next(iter(dict(field.flatchoices)))
        if kind in {"CharField", "TextField"}:
            text = field.name if field.name in KEYS or field.unique else CANARY * 3
            return text[: field.max_length]
        return {
            "DateTimeField": clock.now(),
            "DateField": clock.today(),
            "TimeField": clock.now().time(),
            "DateRangeField": Range(clock.today(), None),
            "UUIDField": self.patient.uid,
            "BooleanField": False,
            "BinaryField": b"x",
            "JSONField": {},
            "DecimalField": 1,
            "ArrayField": [],
        }.get(kind, 1)

    def _stay_in_hospital(self) -> None:
        """A stay under a rule, in a hospital that has an office here and no place in the team."""
        values: dict[str, Any] = dict.fromkeys(("name", "phone", "fax", "person"), CANARY)
        manager = CareManager(office_name=CANARY, person=CANARY, phone=CANARY, fax=CANARY)
        now = clock.now()
        case = stays.opened(
            self.patient,
            admitted_at=now - timedelta(days=3),
            hospital=Hospital(organisation=stays.hospital(), **values),
            ward=CANARY,
            note=CANARY,
            counterpart=CANARY,
            care_manager=manager,
        )
        case.rule_version = stays.shipped().versions.latest("number")
        case.save(update_fields=["rule_version"])
        fact: Any = None
        for kind, detail in (
            (FactKind.DISCHARGE_NOTIFIED, {"planned_on": clock.today(), "note": CANARY}),
            (FactKind.CONTACT, {"outcome": "reached", "note": CANARY}),
        ):
            fact = stays.record(case, kind, now, detail=detail, counterpart=CANARY)
        self._keep(case, fact)

    def _give_out_secrets(self) -> None:
        """A link that is open, one that was answered, one that was revoked; a card for the bag."""
        door = door_to(accounts.viewer_for(self.host), room_of(self.patient).uid)
        to: dict[str, Any] = {"organisation": CANARY, "person": CANARY}
        answer = self.row_of(Answer)
        made = [
            make_link(door=door, sending=Sending(**to, entry=self.row_of(Entry))),
            make_link(door=door, sending=Sending(**to, version=answer.version)),
            make_link(door=door, sending=Sending(**to, answer=answer)),
        ]
        document = document_behind(made[1].link)
        assert document is not None
        answer_link(document=document, content=answer.content, given_by=CANARY)
        revoke_link(door=door, link=made[2].link)
        self._keep(made[0].link)
        issued = issue_card(viewer=accounts.viewer_for(self.host), patient=self.patient)
        self._keep(issued.card)
        self.secrets = {"token": [one.token for one in made], "code": [issued.code]}
        self.codes = {one.token: one.code for one in made} | {issued.code: issued.pin}

    def _talk_apart(self) -> None:
        """A group the host opened, and a conversation of host and nurse about the person."""
        viewer = accounts.viewer_for(self.host)
        door = door_to(viewer, room_of(self.patient).uid)
        other = reader_on_team(door, care.membership_of(self.nurse).pk)
        assert other is not None
        self.others["Room"] = [
            make_group(viewer=viewer, title="架空の勉強会", purpose=""),
            open_direct(door=door, other=other),
        ]

    def _file(self) -> models.Model:
        # Here, because rooms are read only once the story is told.
        from renkei.foundation.papers.files import store_file

        actor = accounts.viewer_for(self.host).actor
        content = f"{CANARY}の写し\n".encode()
        owner = ("timelines.entry", self.patient.uid)
        return store_file(actor=actor, content=content, name=f"{CANARY}.txt", owner=owner)

    def _answer(self) -> models.Model:
        from renkei.foundation.sheets.answers import content_from
        from renkei.foundation.sheets.definition import parse
        from renkei.foundation.sheets.services.answers import record_answer

        version = self.row_of(FormVersion)
        definition = parse(version.questionnaire)
        values = {"string": CANARY, "date": clock.today()}
        content = content_from(
            {one.link_id: [values[one.type]] for one in definition.questions if one.type in values},
            definition,
        )
        viewer = accounts.viewer_for(self.host)
        return record_answer(
            actor=viewer.actor, version=version, subject_uid=self.patient.uid,
            content=content, source="web", organisation_id=viewer.organisation_id,
        )  # fmt: skip

    def _fill_texts(self) -> None:
        """Every text of every row, behind the back of the services."""
        for row in self.rows.values():
            if type(row) not in _models() or type(row).__name__ in {
                "Answer",
                "CaseFact",
                *APART,
            }:
                continue
            changed = {
                field.name: (CANARY * 3)[: field.max_length]
                for field in row._meta.concrete_fields
                if field.get_internal_type() in {"CharField", "TextField"}
                and not field.choices
                and field.name not in KEYS
                and not field.unique
            }
            # What can only be added to holds it from the start.
            with suppress(ProgrammingError), transaction.atomic():
                type(row).objects.filter(pk=row.pk).update(**changed)
