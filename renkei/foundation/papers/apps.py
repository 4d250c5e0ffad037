from django.apps import AppConfig

from renkei.foundation.audit.labels import name_acts

ACTS: dict[str, str] = {}


class PapersConfig(AppConfig):
    name = "renkei.foundation.papers"
    verbose_name = "紙とファイル"

    def ready(self) -> None:
        """Tell the audit trail what this room's acts are called."""
        name_acts(ACTS)
