"""The roster at once: a name beside each suggested profession."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from renkei.programme.planning.forms import ServiceForm, day_field, line_field
from renkei.programme.planning.starter_kits import RoleToFill


class MembersForm(ServiceForm):
    """Empty names are left out; the office of each can be corrected."""

    first_day = day_field("任期の始まり")
    last_day = day_field("任期の終わり", required=False, help_text="この日まで委員です。")

    def __init__(self, *args: Any, roles: Sequence[RoleToFill], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.roles = roles
        for number, one in enumerate(roles):
            self.fields[f"name_{number}"] = line_field(f"{one.profession}の氏名", 100)
            self.fields[f"office_{number}"] = line_field(f"{one.profession}の所属", 200)
            self.fields[f"office_{number}"].initial = one.office

    def people(self) -> list[dict[str, object]]:
        """As the service takes them."""
        values = self.cleaned_data
        return [
            {
                "name": values[f"name_{number}"],
                "profession": one.profession,
                "organisation_name": values[f"office_{number}"] or one.office,
                "position": one.position,
            }
            for number, one in enumerate(self.roles)
            if values[f"name_{number}"]
        ]

    def clean(self) -> dict[str, Any] | None:
        values = super().clean() or {}
        if not any(text for name, text in values.items() if name.startswith("name_")):
            self.add_error(None, "わかる人の氏名を、1人は入力してください。")
        return values


def term_from(day: date) -> dict[str, date]:
    """From the first of the month to the end of March two years on, as councils appoint."""
    year = day.year + (2 if day.month > 3 else 1)  # noqa: PLR2004 - 年度 ends in March
    return {"first_day": day.replace(day=1), "last_day": date(year, 3, 31)}
