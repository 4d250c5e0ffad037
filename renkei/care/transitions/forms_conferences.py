"""Forms of a conference."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django import forms

from renkei.care.timelines.queries.people import Reader
from renkei.care.transitions import details
from renkei.care.transitions.forms import (
    PROFESSIONS,
    MomentForm,
    day_field,
    storable,
    time_field,
)
from renkei.care.transitions.models import (
    Conference,
    ConferenceKind,
    ConferenceSeat,
    CoordinationCase,
    Side,
)
from renkei.care.transitions.values import NewConference, NewSeat
from renkei.foundation.accounts.forms.fields import LineField, ServiceForm
from renkei.foundation.common.clock import TOKYO
from renkei.foundation.common.phones import require_phone

GUESTS: Final = (1, 2, 3)
LONGEST: Final = 480


class ConferenceForm(ServiceForm):
    """What, when and where."""

    client_uid = forms.UUIDField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(
        label="会議の種類",
        choices=ConferenceKind.choices,
        initial=ConferenceKind.DISCHARGE,
        widget=forms.RadioSelect,
    )
    day = day_field("日")
    time = time_field("始まる時刻")
    minutes = forms.IntegerField(label="時間（分）", min_value=5, max_value=LONGEST, initial=30)
    means = forms.ChoiceField(
        label="集まり方",
        choices=Conference.Means.choices,
        initial=Conference.Means.ROOM,
        widget=forms.RadioSelect,
    )
    place = LineField(
        label="場所・入り方",
        max_length=200,
        required=False,
        help_text="療養者の氏名は書かないでください。案内の紙に出ます。",
    )
    agenda = forms.CharField(
        label="話し合うこと",
        required=False,
        max_length=details.TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        validators=[storable],
        help_text="案内の紙に出ます。療養者の氏名は書かないでください。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"client_uid": uuid.uuid4()} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def plan(self) -> NewConference:
        """The meeting as the service takes it."""
        values = self.cleaned_data
        return NewConference(
            kind=values["kind"],
            planned_at=datetime.combine(values["day"], values["time"], tzinfo=TOKYO),
            minutes=values["minutes"],
            means=values["means"],
            place=values["place"],
            agenda=values["agenda"],
            client_uid=values["client_uid"],
        )


class InvitationForm(ConferenceForm):
    """Whom to ask: the professions of the team, and people without an account."""

    professions = forms.MultipleChoiceField(
        label="招く職種（チームの人）", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, readers: Sequence[Reader], case: CoordinationCase, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.readers, self.case = readers, case
        by: dict[str, list[str]] = {}
        for reader in readers:
            by.setdefault(reader.profession, []).append(reader.name)
        field: Any = self.fields["professions"]
        field.choices = [(word, f"{word}（{'・'.join(names)}）") for word, names in by.items()]
        field.initial = list(by)
        words = [("", "招かない"), *((word, word) for word in PROFESSIONS)]
        for number in GUESTS:
            name = f"guest{number}"
            self.fields[f"{name}_profession"] = forms.ChoiceField(
                label="職種", choices=words, required=False
            )
            self.fields[f"{name}_organisation"] = LineField(
                label="所属", max_length=200, required=False
            )
            self.fields[f"{name}_name"] = LineField(label="氏名", max_length=100, required=False)
            self.fields[f"{name}_fax"] = LineField(label="FAX番号", max_length=40, required=False)
            self.fields[f"{name}_hospital"] = forms.BooleanField(
                label="入院先の職員", required=False
            )

    @property
    def plain(self) -> list[forms.BoundField]:
        """What is asked of every meeting."""
        return [field for field in self.visible_fields() if not field.name.startswith("guest")]

    @property
    def guests(self) -> list[dict[str, Any]]:
        """The fields of each guest; folded while nothing is in them."""
        found = []
        for number in GUESTS:
            fields = [
                field for field in self.visible_fields() if field.name.startswith(f"guest{number}_")
            ]
            is_open = any(field.value() or field.errors for field in fields)
            found.append({"fields": fields, "is_open": is_open})
        return found

    def clean(self) -> dict[str, Any] | None:
        """A number that can be dialled, where one is given."""
        values = super().clean() or {}
        for number in GUESTS:
            named = ("organisation", "name", "fax")
            written = any(values.get(f"guest{number}_{name}") for name in named)
            if written and not values.get(f"guest{number}_profession"):
                self.add_error(f"guest{number}_profession", "招く人の職種を選んでください。")
            name = f"guest{number}_fax"
            if values.get(name):
                try:
                    values[name] = require_phone(values[name])
                except forms.ValidationError as error:
                    self.add_error(name, error)
        return values

    def seats(self) -> list[NewSeat]:
        """Everybody of the chosen professions, and the guests."""
        values = self.cleaned_data
        found = [
            NewSeat(
                profession=reader.profession,
                membership_id=reader.membership_id,
                name=reader.name,
                organisation_name=reader.organisation,
                side=self._side(reader),
            )
            for reader in self.readers
            if reader.profession in values["professions"]
        ]
        for number in GUESTS:
            name = f"guest{number}"
            if values[f"{name}_profession"]:
                found.append(
                    NewSeat(
                        profession=values[f"{name}_profession"],
                        name=values[f"{name}_name"],
                        organisation_name=values[f"{name}_organisation"],
                        fax=values[f"{name}_fax"],
                        side=Side.HOSPITAL if values[f"{name}_hospital"] else Side.CARE,
                    )
                )
        return found

    def _side(self, reader: Reader) -> Side:
        own = self.case.hospital_id is not None and self.case.hospital_id == reader.organisation_id
        return Side.HOSPITAL if own else Side.CARE


class AttendanceForm(MomentForm):
    """Who was there."""

    came = forms.MultipleChoiceField(
        label="出席した人", required=False, widget=forms.CheckboxSelectMultiple
    )
    joint_guidance = forms.BooleanField(
        label="退院時共同指導料2 注3の要件を満たす",
        required=False,
        help_text="算定は担当者が確かめてください。連携は請求しません。",
    )
    note = forms.CharField(
        label="決まったこと",
        required=False,
        max_length=details.TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        validators=[storable],
    )

    def __init__(self, *args: Any, seats: Sequence[ConferenceSeat], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["came"]
        field.choices = [
            (
                str(one.uid),
                " ".join(filter(None, (one.profession, one.name, one.organisation_name))),
            )
            for one in seats
        ]
        field.initial = [str(one.uid) for one in seats if one.answer == "comes"]
        self.fields["day"].label = "開いた日"
        self.order_fields(["came", "joint_guidance", "note", "day", "time"])


def _who(seat: ConferenceSeat) -> str:
    return " ".join(filter(None, (seat.profession, seat.name, seat.organisation_name)))
