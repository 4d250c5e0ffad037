from django.apps import AppConfig

from renkei.foundation.audit.labels import name_acts

ACTS = {
    "correction_request.received": "修正の依頼を受けた",
    "correction_request.closed": "修正の依頼に答えた",
    "facility.confirmed": "施設の情報を確かめた",
    "field.audience_set": "項目の公開先を決めた",
    "import.started": "ファイルの取り込みを始めた",
    "import.confirmed": "取り込みの確認に答えた",
    "import.row_decided": "取り込む行を決めた",
    "import.apply_started": "取り込みの適用を始めた",
    "import.applied": "取り込みを適用した",
    "import.failed": "取り込みに失敗した",
    "import.undone": "取り込みを元に戻した",
    "import.discarded": "取り込みをやめた",
    "local_kind.added": "地域の種類を加えた",
    "local_list.begun": "地域の一覧の読み込みを始めた",
    "local_list.header_chosen": "地域の一覧の見出しを決めた",
    "local_list.mapped": "地域の一覧の列を決めた",
    "local_list.discarded": "地域の一覧の読み込みをやめた",
    "booklet.ordered": "冊子を頼んだ",
    "booklet.made": "冊子を作った",
    "booklet.released": "冊子を公開した",
    "booklet.withdrawn": "冊子の公開をやめた",
    "booklet.forgotten": "期限の過ぎた冊子を消した",
    "open_data.released": "オープンデータを公開した",
    "place.decided": "同じ場所かどうかを決めた",
    "place.undecided": "同じ場所かどうかの判断を取り消した",
    "service.corrected": "施設の情報を直した",
    "service.correction_withdrawn": "施設の情報の修正を取り消した",
}


class FacilitiesConfig(AppConfig):
    name = "renkei.registry.facilities"
    verbose_name = "地域の医療・介護の資源"

    def ready(self) -> None:
        """Tell the audit trail what this room's acts are called; staff start at the register."""
        # These read models, which are not loaded before this.
        from renkei.foundation.accounts.landings import Landing, register
        from renkei.foundation.accounts.rules import may_read_staff_pages  # models as well

        name_acts(ACTS)
        register(Landing("register", "facilities:facility_list", 90, may_read_staff_pages))
