"""「写真・ファイル」 in the composer: checked and cleaned before the room is locked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from renkei.care.timelines.models import RoomKind
from renkei.care.timelines.queries.doors import Door
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.papers.files import PreparedFile, prepare_file, read_upload

MOST_FILES: Final = 6
PREFIX: Final = "f"


class _ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """Several files of one input; each is checked by its content."""

    widget = _ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[PreparedFile]:
        """Each file without the place it was taken at, or a sentence for each that is refused."""
        files = [one for one in (data or []) if one]
        if len(files) > MOST_FILES:
            raise ValidationError(f"一度に{MOST_FILES}つまでです。分けて出してください。")
        prepared: list[PreparedFile] = []
        problems: list[str] = []
        for one in files:
            clean = super().clean(one, initial)
            try:
                prepared.append(prepare_file(read_upload(clean), name=clean.name))
            except ValidationError as error:
                problems += [f"{clean.name}：{sentence}" for sentence in error.messages]
        if problems:
            raise ValidationError(problems)
        return prepared


class FilesForm(forms.Form):
    """The part of the composer."""

    hide_need = True

    prefix = PREFIX
    attached = _FilesField(
        label="写真・ファイル",
        required=False,
        help_text="JPEG・PNG・PDF・Excel・Wordなど。撮った場所の記録は消してから保存します。",
    )


def make_files(request: ViewerRequest, door: Door) -> FilesForm | None:
    """Files go into the rooms of a person."""
    if door.room.kind not in {RoomKind.STAFF, RoomKind.FAMILY}:
        return None
    if request.method != "POST":
        return FilesForm()
    return FilesForm(request.POST, request.FILES)


def attached(form: forms.Form, _door: Door) -> Mapping[str, Any]:
    """The arguments of ``post_entry``, which keeps the files with the entry they belong to."""
    return {"files": form.cleaned_data["attached"]}
