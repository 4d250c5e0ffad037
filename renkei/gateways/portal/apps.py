from django.apps import AppConfig

ACTS = {
    "site.saved": "サイトの設定を変えた",
}


class PortalConfig(AppConfig):
    name = "renkei.gateways.portal"
    verbose_name = "住民向けページ"

    def ready(self) -> None:
        """Tell the audit trail what this room's acts are called."""
        # Apps are not loaded before this.
        from renkei.foundation.audit.labels import name_acts

        name_acts(ACTS)
