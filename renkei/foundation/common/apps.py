from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "renkei.foundation.common"
    verbose_name = "共通"
