"""allauth's forms in our words: labels above, hints below them, nothing inside the fields."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as factor
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as passkey
from django import forms

from renkei.foundation.accounts.forms.people import NEW_PASSWORD

CODE = "認証アプリの6桁の数字、または復旧コードの8桁の数字。"


class _InOurWords:
    """Mixed into an allauth form: relabels its fields after they were made."""

    words: ClassVar[dict[str, tuple[str, str]]] = {}
    hide_need = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]  # a form's
        for name, field in fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in self.words:
                field.label, field.help_text = self.words[name]


class LoginForm(_InOurWords, account.LoginForm):  # type: ignore[misc]  # allauth has no types
    words: ClassVar = {
        "login": ("メールアドレスまたは利用者番号", ""),
        "password": ("パスワード", ""),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class ReauthenticateForm(_InOurWords, account.ReauthenticateForm):  # type: ignore[misc]
    words: ClassVar = {"password": ("パスワード", "")}


class ChangePasswordForm(_InOurWords, account.ChangePasswordForm):  # type: ignore[misc]
    words: ClassVar = {
        "oldpassword": ("いまのパスワード", ""),
        "password1": ("新しいパスワード", NEW_PASSWORD),
        "password2": ("新しいパスワード（もう一度）", ""),
    }


class SetPasswordForm(_InOurWords, account.SetPasswordForm):  # type: ignore[misc]
    words: ClassVar = {
        "password1": ("パスワード", NEW_PASSWORD),
        "password2": ("パスワード（もう一度）", ""),
    }


class ResetPasswordForm(_InOurWords, account.ResetPasswordForm):  # type: ignore[misc]
    words: ClassVar = {"email": ("メールアドレス", "")}


class ResetPasswordKeyForm(_InOurWords, account.ResetPasswordKeyForm):  # type: ignore[misc]
    words: ClassVar = {
        "password1": ("新しいパスワード", NEW_PASSWORD),
        "password2": ("新しいパスワード（もう一度）", ""),
    }


class SecondFactorForm(_InOurWords, factor.AuthenticateForm):  # type: ignore[misc]
    words: ClassVar = {"code": ("確認コード", CODE)}


class SecondFactorAgainForm(_InOurWords, factor.ReauthenticateForm):  # type: ignore[misc]
    words: ClassVar = {"code": ("確認コード", CODE)}


class ActivateTOTPForm(_InOurWords, totp.ActivateTOTPForm):  # type: ignore[misc]
    words: ClassVar = {"code": ("認証アプリに表示された6桁の数字", "")}


class AddPasskeyForm(_InOurWords, passkey.AddWebAuthnForm):  # type: ignore[misc]
    words: ClassVar = {
        "name": ("名前", "どの機器か分かる名前。たとえば「事務所のパソコン」。"),
        "passwordless": (
            "パスワードを使わずにサインインする",
            "この機器の顔・指紋・暗証番号だけでサインインできます。",
        ),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True


class EditPasskeyForm(_InOurWords, passkey.EditWebAuthnForm):  # type: ignore[misc]
    words: ClassVar = {"name": ("名前", "どの機器か分かる名前。")}
