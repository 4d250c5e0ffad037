from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "renkei.foundation.accounts"
    verbose_name = "利用者・組織"
