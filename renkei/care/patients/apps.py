from django.apps import AppConfig

from renkei.foundation.audit.labels import name_acts

ACTS: dict[str, str] = {}


class PatientsConfig(AppConfig):
    name = "renkei.care.patients"
    verbose_name = "療養者"

    def ready(self) -> None:
        """Tell the audit trail what this room's acts are called."""
        name_acts(ACTS)
