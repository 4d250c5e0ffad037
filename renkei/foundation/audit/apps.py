from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "renkei.foundation.audit"
    verbose_name = "監査"
