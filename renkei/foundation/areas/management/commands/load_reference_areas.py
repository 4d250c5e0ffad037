from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from renkei.foundation.areas.reference.loading import load_hokkaido_home_care_areas
from renkei.foundation.audit.actors import SYSTEM


class Command(BaseCommand):
    help = "資料から写した圏域（北海道の在宅医療圏18）を登録します。"

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            added = load_hokkaido_home_care_areas(actor=SYSTEM)
        except ValidationError as error:
            raise CommandError(error.messages[0]) from error
        self.stdout.write(f"北海道の在宅医療圏：新しい圏域 {added}")
