"""``renkei load-sheets``: the forms that come with the product; run at every start."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.sheets.services import FormFacts, load_edition
from renkei.foundation.sheets.shipped import FORMS


class Command(BaseCommand):
    help = "製品に付いている様式を登録します。登録済みの版は変わりません。"

    def handle(self, *args: object, **options: object) -> None:
        """Safe to run again; the second time nothing changes."""
        added = sum(
            load_edition(
                actor=SYSTEM,
                facts=FormFacts(code=form.code, name=form.name),
                number=form.number,
                questionnaire=form.questionnaire,
                valid_from=form.valid_from,
                issuer=form.issuer,
                source=form.source,
                unconfirmed=form.unconfirmed,
            )
            for form in FORMS
        )
        self.stdout.write(f"製品の様式：新しい版 {added}、すべてで {len(FORMS)}")
