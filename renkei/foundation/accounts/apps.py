from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "renkei.foundation.accounts"
    verbose_name = "利用者・組織"

    def ready(self) -> None:
        """Listen to allauth, and add our own checks."""
        # Models are not loaded before this.
        from allauth.mfa.signals import authenticator_added

        from renkei.foundation.accounts import checks  # noqa: F401 - registers itself
        from renkei.foundation.accounts.second_factor import count_first_factor

        authenticator_added.connect(count_first_factor)
