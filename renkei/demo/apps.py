from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "renkei.demo"
    verbose_name = "架空広域"
