"""Which cards, on which sheet, from which label on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms

from renkei.care.transitions.label_sheets import LABEL_SHEETS, SHEETS, LabelSheet
from renkei.foundation.accounts.forms.fields import ServiceForm
from renkei.foundation.accounts.models import Membership

MOST_PLACES: Final = max(one.places for one in LABEL_SHEETS)
MOST_COPIES: Final = 50


class SheetForm(ServiceForm):
    """The sheet, and where a half-used one begins."""

    sheet = forms.ChoiceField(
        label="用紙",
        choices=[(one.code, one.name) for one in LABEL_SHEETS],
        initial=LABEL_SHEETS[0].code,
        widget=forms.RadioSelect,
    )
    start = forms.TypedChoiceField(
        label="印刷を始める位置",
        coerce=int,
        choices=[
            (place, f"{place + 1}枚目（{LABEL_SHEETS[0].place_words(place)}）")
            for place in range(MOST_PLACES)
        ],
        initial=0,
        help_text="使いかけの用紙は、残っている最初の1枚を選んでください。左上から右へ数えます。",
    )
    copies = forms.IntegerField(label="枚数", min_value=1, max_value=MOST_COPIES)

    def chosen_sheet(self) -> LabelSheet:
        """The kind of sheet."""
        return SHEETS[self.cleaned_data["sheet"]]


class ManagerCardsForm(SheetForm):
    """Whose cards; as many of each."""

    people = forms.MultipleChoiceField(label="だれの名刺", widget=forms.CheckboxSelectMultiple)

    def __init__(
        self, *args: Any, members: Sequence[Membership], own: int | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.members = {str(one.pk): one for one in members}
        field = self.fields["people"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared so
        field.choices = [
            (pk, f"{one.user.name}　{one.profession}".strip()) for pk, one in self.members.items()
        ]
        field.initial = [str(own)]
        self.fields["copies"].label = "1人あたりの枚数"
        self.fields["copies"].initial = LABEL_SHEETS[0].places
        self.order_fields(["people", "sheet", "start", "copies"])

    def chosen_members(self) -> list[Membership]:
        """In the order of the list."""
        chosen = set(self.cleaned_data["people"])
        return [one for pk, one in self.members.items() if pk in chosen]


class PersonCardForm(SheetForm):
    """The same card for the case of the insurance card, the drug notebook, the family."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sheet"].initial = "plain-10"
        self.fields["copies"].initial = 2
