"""``renkei count-indicators``: what the rooms of this installation count becomes values."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from renkei.foundation.audit.actors import SYSTEM
from renkei.programme.indicators.services.counting import count_values
from renkei.programme.indicators.services.populations import count_populations


class Command(BaseCommand):
    help = "この仕組みの記録と登録された人口から、指標の値を数えます（人の名前は使いません）。"

    def handle(self, *args: object, **options: object) -> None:
        """Safe to run again; the second time nothing changes."""
        for outcome in (count_populations(actor=SYSTEM), count_values(actor=SYSTEM)):
            self.stdout.write(
                f"新しい値 {len(outcome.added)}、変わった値 {len(outcome.changed)}、"
                f"同じ値 {outcome.unchanged}"
            )
