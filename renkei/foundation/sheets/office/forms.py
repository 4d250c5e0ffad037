"""Bringing an office's own workbook, and naming the cells of its items."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField

from renkei.foundation.accounts.forms.fields import ServiceForm
from renkei.foundation.sheets.items import Definition
from renkei.foundation.sheets.models import FormVersion
from renkei.foundation.sheets.office.mapping import Mapped, Target, checked, targets_of
from renkei.foundation.sheets.office.package import Package

LONGEST_NAME: Final = 60


class OfficeWorkbookForm(ServiceForm):
    """One edition in force and the office's file for it."""

    version = forms.ChoiceField(label="様式")
    file = forms.FileField(
        label="施設のExcel（xlsx）",
        help_text="記入していない、空の様式を選んでください。利用者の情報が入ったものは選ばないでください。",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
    )

    def __init__(self, *args: Any, versions: list[FormVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_uid = {str(version.uid): version for version in versions}
        self.fields["version"] = forms.ChoiceField(
            label="様式",
            choices=[(uid, str(version)) for uid, version in self.by_uid.items()],
        )

    def clean_version(self) -> FormVersion:
        """The edition itself."""
        return self.by_uid[self.cleaned_data["version"]]


class CellsForm(ServiceForm):
    """A cell for each item; ``with_options`` asks one for each option of a choice too."""

    mapped: Mapped

    def __init__(
        self,
        *args: Any,
        package: Package,
        definition: Definition,
        present: Mapped,
        with_options: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.package, self.definition, self.present = package, definition, present
        several = len(package.sheets) > 1
        self.targets: dict[str, Target] = {}
        for index, target in enumerate(targets_of(definition)):
            if target.option and not with_options and target.key not in present:
                continue
            cell = present.get(target.key)
            shown = (f"{cell.sheet}!{cell.cell}" if several else cell.cell) if cell else ""
            name = f"cell_{index}"
            self.targets[name] = target
            self.fields[name] = forms.CharField(
                label=target.label,
                max_length=LONGEST_NAME,
                required=False,
                initial=shown,
                widget=forms.TextInput(attrs={"autocomplete": "off", "size": 12}),
            )

    def clean(self) -> dict[str, Any]:
        """Every cell checked against the workbook; the mistakes stand at their fields."""
        cleaned = super().clean() or self.cleaned_data
        typed = {self.targets[name].key: cleaned.get(name, "") for name in self.targets}
        self.mapped, problems = checked(self.package, self.definition, typed)
        names = {target.key: name for name, target in self.targets.items()}
        for problem in problems:
            self.add_error(names[problem.key], ValidationError(problem.message))
        return cleaned

    def groups(self) -> Iterator[tuple[str, list[BoundField]]]:
        """The fields under the titles of their groups, in the order of the form."""
        title: str | None = None
        fields: list[BoundField] = []
        for name, target in self.targets.items():
            if target.group != title and fields:
                yield title or "", fields
                fields = []
            title = target.group
            fields.append(self[name])
        if fields:
            yield title or "", fields
