from django.apps import AppConfig

from renkei.foundation.audit.labels import name_acts
from renkei.foundation.notifications import kinds

ACTS = {
    "file.destroyed": "ファイルを廃棄した",
    "file.keys_renewed": "ファイルの鍵を封じ直した",
    "ticket.issued": "受付番号を発行した",
    "ticket.closed": "受付番号の受付を終えた",
    "fax.made": "FAXの書類を作った",
    "fax.sent": "FAXを送信したと記録した",
    "scan.uploaded": "スキャンを取り込んだ",
    "scan.filed": "スキャンした紙を届けた",
    "scan.sorted": "スキャンを仕分けた",
    "scan.page_read": "確認待ちの紙を見た",
    "scan.destination_read": "受付番号の届け先を確かめた",
    "scan.page_discarded": "確認待ちの紙を捨てた",
    "scan.page_restored": "捨てた紙を確認待ちに戻した",
    "scan.forgotten": "仕分けの済んだスキャンを廃棄した",
}

PAGES_WAIT = kinds.NotificationKind(
    code="papers.pages_wait",
    text="取り込んだ紙に、確認を待っているものがあります。",
    group="papers",
)


class PapersConfig(AppConfig):
    name = "renkei.foundation.papers"
    verbose_name = "紙とファイル"

    def ready(self) -> None:
        """Name the acts of this room, and what it tells people."""
        name_acts(ACTS)
        kinds.register(PAGES_WAIT)
