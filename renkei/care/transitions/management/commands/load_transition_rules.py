"""``renkei load-transition-rules``: the example rules that come with the product."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from renkei.care.transitions.services.rules import load_shipped_rules
from renkei.care.transitions.shipped.rules import SHIPPED
from renkei.foundation.audit.actors import SYSTEM


class Command(BaseCommand):
    help = "製品に付いている入退院調整ルールの例を登録します。登録済みの版は変わりません。"

    def handle(self, *args: object, **options: object) -> None:
        """Safe to run again; the second time nothing changes."""
        added = len(load_shipped_rules(actor=SYSTEM))
        self.stdout.write(f"入退院調整ルールの例：新しい版 {added}、すべてで {len(SHIPPED)}")
