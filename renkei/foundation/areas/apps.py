from django.apps import AppConfig

from renkei.foundation.audit.labels import name_acts

ACTS = {
    "areas.agreement_confirmed": "協定の提案を受けた",
    "areas.agreement_ended": "協定の終わる日を決めた",
    "areas.agreement_invited": "協定に市町村を招いた",
    "areas.agreement_joined": "協定に加えた",
    "areas.agreement_left": "協定から抜ける日を決めた",
    "areas.agreement_made": "協定を登録した",
    "areas.agreement_proposed": "協定を提案した",
    "areas.agreement_refused": "協定の提案を断った",
    "areas.file_imported": "圏域のファイルを取り込んだ",
    "areas.office_set": "圏域の事務局・拠点を決めた",
    "areas.placed": "市町村を圏域に置いた",
    "areas.reference_loaded": "圏域の基準データを入れた",
}


class AreasConfig(AppConfig):
    name = "renkei.foundation.areas"
    verbose_name = "圏域"

    def ready(self) -> None:
        """Tell the audit trail what this room's acts are called."""
        name_acts(ACTS)
