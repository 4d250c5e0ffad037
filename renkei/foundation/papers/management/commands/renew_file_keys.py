"""``renkei renew-file-keys``: after FILE_KEY changed, seal all data keys with the new one."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from renkei.foundation.papers.sweeping import renew_keys


class Command(BaseCommand):
    help = "FILE_KEY を替えたあと、すべてのファイルの鍵を新しい鍵で封じ直します。"

    def handle(self, *args: object, **options: object) -> None:
        count = renew_keys()
        self.stdout.write(
            f"{count}件の鍵を封じ直しました。FILE_KEY_FALLBACKS から前の鍵を外せます。"
        )
