"""Bringing scans, and deciding what waits."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from renkei.foundation.accounts.forms.fields import LineField, ServiceForm
from renkei.foundation.papers.files import MAX_BYTES
from renkei.foundation.papers.kinds import MIB
from renkei.foundation.papers.uploading import MOST_FILES, Upload

MOST_BYTES: Final = 4 * MAX_BYTES
QUARTERS: Final = (0, 90, 180, 270)
DISCARD_REASONS: Final = (
    ("", "選んでください"),
    ("白紙", "白紙"),
    ("関係のない紙", "広告など、関係のない紙"),
    ("同じ紙が届いている", "同じ紙がすでに届いている"),
    ("送り直してもらう", "読めないので、送り直してもらう"),
    ("紙のまま保管する", "紙のまま保管する"),
)


def quarter(text: str) -> int:
    """Degrees of a turn; anything else is none."""
    return int(text) if text in {str(each) for each in QUARTERS} else 0


class ScansInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ScansField(forms.FileField):
    """Several files at once, each with its bytes."""

    widget = ScansInput(attrs={"accept": ".pdf,.tif,.tiff,.png,.jpg,.jpeg"})

    def clean(self, data: Any, initial: Any = None) -> list[Upload]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if not given:
            raise ValidationError("スキャンしたファイルを選んでください。")
        if len(given) > MOST_FILES:
            raise ValidationError(f"一度に{MOST_FILES}ファイルまでです。分けて取り込んでください。")
        if sum(file.size or 0 for file in given) > MOST_BYTES:
            raise ValidationError(
                f"合わせて{MOST_BYTES // MIB}MBを超えています。分けて取り込んでください。"
            )
        return [self._upload(file, initial) for file in given]

    def _upload(self, file: UploadedFile, initial: Any) -> Upload:
        # An empty file is refused later, with the sentence for its kind.
        self.allow_empty_file = True
        kept = super().clean(file, initial)
        return Upload(kept.name or "", kept.read())


class UploadForm(ServiceForm):
    """Files from the copier."""

    scans = ScansField(
        label="スキャンしたファイル",
        help_text="PDF・TIFF・PNG・JPEG。何枚も入ったファイルも、横向きや逆さでもかまいません。"
        "いくつでも一度に選べます。",
    )


class FilePageForm(ServiceForm):
    """The number a person reads off the paper; ``sure`` is set once they saw where it leads."""

    number = LineField(
        label="受付番号",
        max_length=40,
        help_text='紙の下のほうに印刷された12桁の数字。例：<span class="nb">1234-5678-9012</span>',
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    page = forms.IntegerField(
        label="何枚目",
        min_value=1,
        max_value=999,
        initial=1,
        help_text="番号の下の「2 ／ 3 枚目」なら「2」。書かれていなければ「1」。",
        error_messages={
            "invalid": "何枚目かを数字で入力してください。",
            "min_value": "何枚目かは1以上の数字で入力してください。",
            "max_value": "何枚目かは999以下の数字で入力してください。",
        },
    )
    turn = forms.CharField(required=False, max_length=3, widget=forms.HiddenInput)
    sure = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def clean_turn(self) -> int:
        return quarter(self.cleaned_data["turn"])


class DiscardForm(ServiceForm):
    """Why a page is put away."""

    reason = forms.ChoiceField(
        label="捨てる理由", choices=DISCARD_REASONS, help_text="30日のあいだは元に戻せます。"
    )
