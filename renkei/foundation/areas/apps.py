from django.apps import AppConfig


class AreasConfig(AppConfig):
    name = "renkei.foundation.areas"
    verbose_name = "圏域"
