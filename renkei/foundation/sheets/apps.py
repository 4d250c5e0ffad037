from django.apps import AppConfig

from renkei.foundation.audit import startup
from renkei.foundation.audit.labels import name_acts

ACTS = {
    "sheets.answered": "様式に回答した",
    "sheets.answers_destroyed": "対象の回答をすべて廃棄した",
    "sheets.draft_started": "様式に書き始めた",
    "sheets.draft_discarded": "書きかけの様式を消した",
    "sheets.conflicts_resolved": "食い違いのどちらかを選んだ",
    "sheets.form_made": "様式を作った",
    "sheets.form_shared": "様式を協定で共有した",
    "sheets.form_unshared": "様式の共有をやめた",
    "sheets.version_started": "様式の新しい版を作り始めた",
    "sheets.version_edited": "様式の版を書き直した",
    "sheets.version_discarded": "作りかけの版を消した",
    "sheets.version_published": "様式の版を公開した",
    "sheets.version_withdrawn": "様式の版を取り下げた",
    "sheets.version_adopted": "ほかの市町村の様式を採用した",
    "sheets.adoption_ended": "ほかの市町村の様式の採用をやめた",
    "sheets.office_workbook_registered": "施設のExcelを登録した",
    "sheets.office_workbook_mapped": "施設のExcelのセルを決めた",
    "sheets.office_workbook_withdrawn": "施設のExcelを使わなくした",
    "sheets.shipped_loaded": "製品の様式を入れた",
}


class SheetsConfig(AppConfig):
    name = "renkei.foundation.sheets"
    verbose_name = "様式"

    def ready(self) -> None:
        """Name this room's acts, and have the shipped forms loaded at every start."""
        # These read models, which are not loaded before this.
        from renkei.foundation.accounts.agreed import on_listing
        from renkei.foundation.sheets.agreed import forms_along  # reads models

        on_listing(forms_along)
        name_acts(ACTS)
        startup.load_at_setup("load_sheets")
