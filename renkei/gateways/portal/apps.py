from django.apps import AppConfig

from renkei.foundation.audit.labels import name_acts

ACTS = {
    "site.saved": "サイトの設定を変えた",
}


class PortalConfig(AppConfig):
    name = "renkei.gateways.portal"
    verbose_name = "住民向けページ"

    def ready(self) -> None:
        """Tell the audit trail what this room's acts are called, and print whom to ask."""
        # Apps are not loaded before this.
        from renkei.gateways.portal.printing import region_for_print  # as above
        from renkei.registry.facilities.desk import use_region  # as above

        name_acts(ACTS)
        use_region(region_for_print)
