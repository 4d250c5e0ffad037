"""How one's own mail should come."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from renkei.foundation.accounts.forms.fields import ServiceForm
from renkei.foundation.notifications.models import MailMode

BOTH = "静かな時間は、始まりと終わりの両方を入力してください。"


def _time(label: str, hint: str) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        help_text=hint,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "22:00 のように時と分を入力してください。"},
    )


class MailPreferenceForm(ServiceForm):
    """When mail comes. Urgent things always pass."""

    mode = forms.ChoiceField(
        label="急ぎでないお知らせのメール",
        choices=[
            (MailMode.AT_ONCE, "そのつど受け取る"),
            (MailMode.DIGEST, "朝7時30分と夕方5時にまとめて受け取る"),
            (MailMode.NEVER, "受け取らない（急ぎのものだけ受け取る）"),
        ],
        widget=forms.RadioSelect,
    )
    quiet_from = _time(
        "静かな時間の始まり",
        "この時間のあいだは、急ぎのもののほかはメールを送りません。たとえば、22:00から7:00。",
    )
    quiet_until = _time("静かな時間の終わり", "使わないときは、両方を空にしてください。")

    def clean(self) -> dict[str, Any]:
        """Both ends of the quiet hours, or none."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        start, end = data.get("quiet_from"), data.get("quiet_until")
        if not self.errors and (start is None) != (end is None):
            self.add_error("quiet_from" if start is None else "quiet_until", ValidationError(BOTH))
        if start is not None and start == end:
            self.add_error("quiet_until", "始まりと違う時刻を入力してください。")
        return data
