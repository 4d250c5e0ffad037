from django.apps import AppConfig

from renkei.foundation.audit.labels import name_acts

ACTS: dict[str, str] = {}


class SheetsConfig(AppConfig):
    name = "renkei.foundation.sheets"
    verbose_name = "様式"

    def ready(self) -> None:
        """Tell the audit trail what this room's acts are called."""
        name_acts(ACTS)
