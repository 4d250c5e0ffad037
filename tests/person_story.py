"""One person whose every field holds a canary: what leak tests look for where it must not be."""

from __future__ import annotations

import io
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import models
from psycopg.types.range import Range

from renkei.care.patients.models import Patient
from renkei.care.patients.tests import factories as care
from renkei.care.timelines.models import Room
from renkei.care.timelines.services.rooms import room_of
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.common import clock

CANARY = "金糸雀"
ROOMS = ("patients", "timelines", "sheets", "papers")
# Rules of the region and of devices: no person's data; and rows that would end or close the story.
APART = {
    "DisasterMode", "DisclosureTable", "DisclosureRule", "RetentionRule", "Disposal",
    "MunicipalityChoice", "Merge", "EscalationTimes", "FailedOpening", "Form", "FormVersion",
    "FormAdoption", "FormShare", "OfficeWorkbook",
}  # fmt: skip
# Texts that are keys, digests or addresses of the machine, not what a person wrote.
KEYS = {
    "code", "code_hash", "pin_hash", "digest", "storage_name", "thumbnail_name", "key_id",
    "media_type", "owner_kind", "session_key", "kind", "url", "birth_written", "field", "subject",
    "profession", "author_profession", "case_number",
}  # fmt: skip


class Story:
    """The rows of one person by model name, and who takes part."""

    def __init__(self) -> None:
        self.rows: dict[str, Any] = {}
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
        for label in ROOMS:
            for model in apps.get_app_config(label).get_models():
                if model.__name__ not in APART:
                    self.row_of(model)
        # The next entry has the next number.
        Room.objects.update(last_number=99)
        self._fill_texts()

    def _keep(self, *rows: Any) -> None:
        for row in rows:
            self.rows[type(row).__name__] = row

    def row_of(self, model: Any) -> Any:
        """The story's row of a model, made with the least it needs."""
        known = self.rows.get(model.__name__)
        if known is None:
            special = {"StoredFile": self._file, "Answer": self._answer, "User": lambda: self.host}
            make = special.get(model.__name__, lambda: model.objects.create(**self._values(model)))
            known = make()
            self._keep(known)
        return known

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
        given: dict[str, dict[str, Any]] = {
            "EmergencyCard": {"code_hash": "0" * 64, "pin_hash": "x"},
            "Limit": {"high": 40},
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
            return f"{field.name}"[: field.max_length]
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
        }.get(kind, 1)

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
        from renkei.foundation.sheets.queries import version_in_force
        from renkei.foundation.sheets.services.answers import record_answer

        call_command("load_sheets", stdout=io.StringIO())
        version = version_in_force("care_card")
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
            if row._meta.app_label not in ROOMS or type(row).__name__ in {"Answer", *APART}:
                continue
            changed = {
                field.name: (CANARY * 3)[: field.max_length]
                for field in row._meta.concrete_fields
                if field.get_internal_type() in {"CharField", "TextField"}
                and not field.choices
                and field.name not in KEYS
                and not field.unique
            }
            if changed:
                type(row).objects.filter(pk=row.pk).update(**changed)
