from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "renkei.gateways.portal"
    verbose_name = "住民向けページ"
