"""Production does not start with the accounts of the demo."""

from __future__ import annotations

from collections.abc import Sequence

from django.apps.config import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from renkei.foundation.accounts.queries import demo_accounts_exist


@register(Tags.database)
def no_demo_accounts(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001 - Django passes it by name
    databases: Sequence[str] | None,
    **_rest: object,
) -> list[CheckMessage]:
    """accounts.E001: demo passwords are printed in public, so their accounts must be gone."""
    if settings.DEMO or not databases or not demo_accounts_exist():
        return []
    return [
        Error(
            "デモ用の利用者が残っています。",
            hint="新しいデータベースで始めるか、デモ用の利用者を消してください。",
            id="accounts.E001",
        )
    ]
