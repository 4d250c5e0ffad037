"""``renkei load-clinical-paths``: the example path that comes with the product."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from renkei.care.transitions.services.paths import load_shipped_paths
from renkei.foundation.audit.actors import SYSTEM


class Command(BaseCommand):
    help = "製品に付いている地域連携パスの例を登録します。登録済みの版は変わりません。"

    def handle(self, *args: object, **options: object) -> None:
        """Safe to run again; the second time nothing changes."""
        added = len(load_shipped_paths(actor=SYSTEM))
        self.stdout.write(f"地域連携パスの例：新しい版 {added}")
