"""What an office fills in about its duty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from renkei.care.patients.models import Patient
from renkei.care.transitions.duty_times import parse_times, times_words
from renkei.care.transitions.models import Roster
from renkei.care.transitions.models.duties import ShiftFields
from renkei.care.transitions.queries.duties import first_contacts_of
from renkei.care.transitions.queries.rosters import rosters_offered_for
from renkei.care.transitions.services.rosters import NewShift
from renkei.foundation.accounts.forms.fields import DayField, LineField, ServiceForm
from renkei.foundation.common.phones import require_phone

# More shifts on one day than any office has.
MOST_SHIFTS = 5
LEAST_SHOWN = 2
MOST_PLACES = 4
# The place of the person's doctors, whoever they are by then.
DOCTORS = "doctors"
MOST_BYTES = 5 * 1024 * 1024


class RosterForm(ServiceForm):
    """The head of a roster."""

    name = LineField(label="当番表の名称", max_length=80, help_text="たとえば 夜間の電話当番。")
    phone = LineField(
        label="当番の電話番号",
        max_length=40,
        required=False,
        help_text="当番が持ち回る電話。人ごとに番号が違うときは空けておきます。",
    )
    is_regional = forms.BooleanField(
        label="地域の当番（チームにいない人からも選べる）", required=False
    )

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        return require_phone(phone) if phone else ""


class ShiftsForm(ServiceForm):
    """The shifts of one day or of one kind of day, as many as are filled in."""

    nobody = forms.BooleanField(label="当番なし", required=False)

    def __init__(
        self, data: Any, *, shifts: Sequence[ShiftFields] = (), nobody: bool = False
    ) -> None:
        super().__init__(data, initial={"nobody": nobody})
        for place in range(MOST_SHIFTS):
            shift = shifts[place] if place < len(shifts) else None
            self._add(place, shift)

    def _add(self, place: int, shift: ShiftFields | None) -> None:
        number = place + 1
        self.fields[f"times_{place}"] = LineField(
            label=f"時間（{number}）",
            required=False,
            max_length=40,
            initial=times_words(shift.starts, shift.ends) if shift else "",
            help_text="22:00～32:00、17:30～翌8:30 のように。" if place == 0 else "",
        )
        self.fields[f"name_{place}"] = LineField(
            label=f"当番の人（{number}）",
            required=False,
            max_length=100,
            initial=shift.person_name if shift else "",
        )
        self.fields[f"phone_{place}"] = LineField(
            label=f"電話番号（{number}）",
            required=False,
            max_length=40,
            initial=shift.phone if shift else "",
        )
        self.fields[f"line_{place}"] = forms.IntegerField(
            label=f"呼ぶ順番（{number}）",
            required=False,
            min_value=1,
            max_value=9,
            initial=shift.line if shift else 1,
        )

    @property
    def shown_count(self) -> int:
        """So many shifts are asked for at once: those there are, and one more."""
        filled = sum(bool(self[f"times_{place}"].value()) for place in range(MOST_SHIFTS))
        return min(max(filled + 1, LEAST_SHOWN), MOST_SHIFTS)

    def rows_shown(self) -> list[list[forms.BoundField]]:
        """The fields by shift, as far as they are asked for at once."""
        return self._rows(range(self.shown_count))

    def rows_more(self) -> list[list[forms.BoundField]]:
        """The fields of further shifts."""
        return self._rows(range(self.shown_count, MOST_SHIFTS))

    def has_more_errors(self) -> bool:
        """Whether something is wrong in what is folded away."""
        return any(field.errors for row in self.rows_more() for field in row)

    def _rows(self, places: range) -> list[list[forms.BoundField]]:
        names = ("times", "name", "phone", "line")
        return [[self[f"{name}_{place}"] for name in names] for place in places]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["shifts"] = [
            shift for place in range(MOST_SHIFTS) if (shift := self._shift(place, cleaned))
        ]
        if not self.errors:
            if cleaned.get("nobody") and cleaned["shifts"]:
                self.add_error(
                    "nobody", "当番が入っています。当番を消すか、「当番なし」を外してください。"
                )
            elif not cleaned.get("nobody") and not cleaned["shifts"]:
                self.add_error(
                    "times_0", "時間を入力してください。いないときは「当番なし」を選んでください。"
                )
        return cleaned

    def _shift(self, place: int, cleaned: dict[str, Any]) -> NewShift | None:
        times, name, phone = (
            cleaned.get(f"{each}_{place}") or "" for each in ("times", "name", "phone")
        )
        if not times:
            if name or phone:
                self.add_error(f"times_{place}", "この当番の時間を入力してください。")
            return None
        try:
            starts, ends = parse_times(times)
        except ValidationError as error:
            self.add_error(f"times_{place}", error)
            return None
        if not name and not phone:
            self.add_error(f"name_{place}", "当番の人か電話番号を入力してください。")
        if phone:
            try:
                phone = require_phone(phone)
            except ValidationError as error:
                self.add_error(f"phone_{place}", error)
        return NewShift(starts, ends, name, phone, cleaned.get(f"line_{place}") or 1)


class WeekForm(ShiftsForm):
    """The pattern of one kind of day, from a day on."""

    since = DayField(label="この日から", help_text="この日より前の当番は変わりません。")
    field_order = ("since", "nobody")


class RosterFileForm(ServiceForm):
    """A month as a workbook."""

    file = forms.FileField(label="当番の表（Excel・CSV）")

    def clean_file(self) -> Any:
        """A month of duty is small."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError("5MBより大きいので読めません。表だけのファイルにしてください。")
        return file


class FirstContactsForm(ServiceForm):
    """The order in which a person's offices are called."""

    def __init__(self, data: Any, *, patient: Patient) -> None:
        super().__init__(data)
        self._rosters = {str(one.uid): one for one in rosters_offered_for(patient)}
        choices = [("", "なし"), (DOCTORS, "主治医・副主治医")] + [
            (uid, f"{one.organisation.name}　{one.name}") for uid, one in self._rosters.items()
        ]
        now = [str(one.roster.uid) if one.roster else DOCTORS for one in first_contacts_of(patient)]
        for place in range(MOST_PLACES):
            self.fields[f"place_{place}"] = forms.ChoiceField(
                label=f"{place + 1}番目に電話する先",
                choices=choices,
                required=False,
                initial=now[place] if place < len(now) else "",
            )

    def chosen(self) -> list[Roster | None]:
        """The rosters in their order, gaps closed; None stands for the doctors."""
        keys = [self.cleaned_data[f"place_{place}"] for place in range(MOST_PLACES)]
        return [self._rosters.get(key) for key in keys if key]
