"""Forms for organisations, their people, and invitations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from renkei.foundation.accounts.forms.fields import DayField, LineField, ServiceForm
from renkei.foundation.accounts.models import Invitation, OrganisationKind, Role, User

NEW_PASSWORD = "12文字以上。ほかで使っているパスワードや、推測されやすい言葉は使えません。"  # noqa: S105 - a hint
PROFESSION = "たとえば、看護師、介護支援専門員、保健師。"


class OrganisationChangeForm(ServiceForm):
    """What may be corrected later."""

    name = LineField(label="名称", max_length=200)
    phone = LineField(
        label="電話番号",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    hours = LineField(label="受付時間", max_length=120, required=False)


class OrganisationForm(OrganisationChangeForm):
    """A new organisation; its kind decides which roles its people may have."""

    kind = forms.ChoiceField(label="種類", choices=OrganisationKind.choices)
    field_order = ("name", "kind", "phone", "hours")


class RoleForm(ServiceForm):
    """Role and profession of a member, among the roles the viewer may give."""

    role = forms.ChoiceField(label="役割")
    profession = LineField(label="職種", max_length=60, required=False, help_text=PROFESSION)

    def __init__(self, *args: Any, roles: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"] = forms.ChoiceField(
            label="役割", choices=[(role.value, role.label) for role in roles]
        )


class InviteForm(RoleForm):
    """Whom to invite, as what, and where the invitation goes."""

    name = LineField(label="氏名", max_length=100)
    email = forms.EmailField(
        label="メールアドレス",
        required=False,
        help_text="メールを使わない人は空のままにして、印刷した案内を渡してください。",
    )
    field_order = ("name", "email", "role", "profession")


class EndMembershipForm(ServiceForm):
    """When a membership ends; the first choice ends it tonight."""

    MIDNIGHT, NOW = "midnight", "now"
    how = forms.ChoiceField(
        label="終わり方",
        choices=[
            (MIDNIGHT, "最後の日の夜12時に終わる（異動・退職）"),
            (NOW, "いますぐ使えなくする"),
        ],
        widget=forms.RadioSelect,
    )
    last_day = DayField(
        label="最後の日", required=False, help_text="すぐに終えるときは使いません。"
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the day where it is needed."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("how") == self.MIDNIGHT and not data.get("last_day") and not self.errors:
            self.add_error("last_day", "最後の日を入力してください。")
        return data


class InvitationCodeForm(forms.Form):
    """The code of a printed invitation."""

    code = forms.CharField(
        label="案内のコード",
        max_length=40,
        help_text="紙の案内にある16文字です。大文字と小文字、ハイフンの有無は区別しません。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


class AcceptInvitationForm(ServiceForm):
    """Name and password of the person who was invited."""

    name = LineField(label="氏名", max_length=100)
    password = forms.CharField(
        label="パスワード",
        strip=False,
        help_text=NEW_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="パスワード（もう一度）",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"name": invitation.name})
        super().__init__(*args, **kwargs)
        self.invitation = invitation
        if invitation.user is not None:
            del self.fields["name"]

    def clean_password(self) -> str:
        """Refuse a password that is easy to guess for this person."""
        password: str = self.cleaned_data["password"]
        person = User(email=self.invitation.email, name=self.cleaned_data.get("name", ""))
        validate_password(password, person)
        return password

    def clean_again(self) -> str:
        """Both must be the same."""
        again: str = self.cleaned_data["again"]
        if "password" in self.cleaned_data and again != self.cleaned_data["password"]:
            raise ValidationError("上の欄と同じパスワードを入力してください。")
        return again
