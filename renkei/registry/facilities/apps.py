from django.apps import AppConfig


class FacilitiesConfig(AppConfig):
    name = "renkei.registry.facilities"
    verbose_name = "地域の医療・介護の資源"
