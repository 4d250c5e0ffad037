from django.apps import AppConfig

from renkei.foundation.audit.labels import name_acts

ACTS: dict[str, str] = {}


class TimelinesConfig(AppConfig):
    name = "renkei.care.timelines"
    verbose_name = "情報共有"

    def ready(self) -> None:
        """Tell the audit trail what this room's acts are called."""
        name_acts(ACTS)
