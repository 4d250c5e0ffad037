"""``renkei load-indicators``: the catalogue of indicators that comes with the product."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from renkei.foundation.audit.actors import SYSTEM
from renkei.programme.indicators.services.catalogue import load_catalogue


class Command(BaseCommand):
    help = "製品に付いている指標の定義を登録します。登録済みの定義は変わりません。"

    def handle(self, *args: object, **options: object) -> None:
        """Safe to run again; the second time nothing changes."""
        added = load_catalogue(actor=SYSTEM)
        self.stdout.write(f"指標の定義：新しい版 {added}")
