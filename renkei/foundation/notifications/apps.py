from django.apps import AppConfig

from renkei.foundation.audit.labels import name_acts

ACTS: dict[str, str] = {}


class NotificationsConfig(AppConfig):
    name = "renkei.foundation.notifications"
    verbose_name = "通知"

    def ready(self) -> None:
        """Tell the audit trail what this room's acts are called."""
        name_acts(ACTS)
