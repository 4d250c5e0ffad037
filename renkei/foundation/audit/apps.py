from django.apps import AppConfig

from renkei.foundation.audit.labels import name_acts


class AuditConfig(AppConfig):
    name = "renkei.foundation.audit"
    verbose_name = "監査"

    def ready(self) -> None:
        """Name the acts of this room."""
        name_acts({"audit.month_sealed": "前の月の記録に封をした"})
