from django.apps import AppConfig

from renkei.foundation.audit.labels import name_acts

ACTS = {
    "file.destroyed": "ファイルを廃棄した",
    "file.keys_renewed": "ファイルの鍵を封じ直した",
}


class PapersConfig(AppConfig):
    name = "renkei.foundation.papers"
    verbose_name = "紙とファイル"

    def ready(self) -> None:
        """Tell the audit trail what this room's acts are called."""
        name_acts(ACTS)
