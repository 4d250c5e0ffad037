from django.apps import AppConfig

from renkei.foundation.audit.labels import name_acts

ACTS = {"patient.read": "療養者の記録を見た"}


class PatientsConfig(AppConfig):
    name = "renkei.care.patients"
    verbose_name = "療養者"

    def ready(self) -> None:
        """Tell the audit trail what this room's acts are called."""
        name_acts(ACTS)
