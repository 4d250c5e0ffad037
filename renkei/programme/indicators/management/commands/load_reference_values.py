"""``renkei load-reference-values``: numbers printed in the documents of the programme."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from renkei.foundation.audit.actors import SYSTEM
from renkei.programme.indicators.services.reference import load_reference_values


class Command(BaseCommand):
    help = "事業の資料に印刷された値（行田市・埼玉県、2015年の全国調査）を出典付きで登録します。"

    def handle(self, *args: object, **options: object) -> None:
        """Safe to run again; the second time nothing changes."""
        self.stdout.write(f"資料の値：新しく {load_reference_values(actor=SYSTEM)}")
