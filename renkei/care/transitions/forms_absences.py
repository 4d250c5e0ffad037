"""The days somebody of one's office is on leave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from renkei.care.transitions.forms import day_field
from renkei.foundation.accounts.forms.fields import ServiceForm
from renkei.foundation.accounts.models import Membership
from renkei.foundation.common import clock


class MemberAbsenceForm(ServiceForm):
    """What is proposed is one's own leave, today."""

    first_day = day_field("休みの最初の日")
    last_day = day_field("休みの最後の日")
    who = forms.ChoiceField(label="休む人")
    stand_in = forms.ChoiceField(
        label="代わりの人",
        required=False,
        help_text="療養者のチームにいる人なら、期限のお知らせが届きます。いなければ、事業所の管理者に"
        "届きます。",
    )

    def __init__(self, *args: Any, people: Sequence[Membership], **kwargs: Any) -> None:
        today = clock.today()
        kwargs["initial"] = {"first_day": today, "last_day": today}
        super().__init__(*args, **kwargs)
        self.people = {str(one.uid): one for one in people}
        rows = [(uid, one.user.name) for uid, one in self.people.items()]
        self.fields["who"].choices = rows  # type: ignore[attr-defined]  # a choice field
        self.fields["stand_in"].choices = [("", "決めない（事業所に知らせる）"), *rows]  # type: ignore[attr-defined]  # a choice field

    def values(self) -> dict[str, Any]:
        """The valid values as the service takes them."""
        data = self.cleaned_data
        return {
            "membership": self.people[data["who"]],
            "stand_in": self.people.get(data["stand_in"]),
            "first_day": data["first_day"],
            "last_day": data["last_day"],
        }
