"""``renkei count-transition-cases``: what stays count for, where nobody counted them yet."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from renkei.care.transitions.services.numbers import count_missing


class Command(BaseCommand):
    help = "まだ数えていない入退院を、指標のために数えます。くり返し実行できます。"

    def handle(self, *args: object, **options: object) -> None:
        """Safe to run again."""
        self.stdout.write(f"入退院の数：{count_missing()}件を数えました")
