from django.apps import AppConfig

from renkei.foundation.audit.labels import name_acts

ACTS = {
    "mail.preference_changed": "メールの受け取り方を変えた",
    "mail.bounced": "メールが届かないアドレスを止めた",
    "mail.address_confirmed": "メールが届くことを確かめた",
}


class NotificationsConfig(AppConfig):
    name = "renkei.foundation.notifications"
    verbose_name = "通知"

    def ready(self) -> None:
        """Tell the audit trail what this room's acts are called."""
        name_acts(ACTS)
