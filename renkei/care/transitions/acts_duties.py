"""What the acts about duty are called in the audit trail."""

from typing import Final

DUTY_ACTS: Final = {
    "roster.saved": "当番表の名称や電話番号を書いた",
    "roster.ended": "当番表を使うのをやめた",
    "roster.week_set": "当番の曜日の型を決めた",
    "roster.day_set": "当番の日を書いた",
    "roster.day_cleared": "当番の日を曜日の型に戻した",
    "roster.month_copied": "当番表に前の月を写した",
    "roster.month_loaded": "当番表にファイルの月を入れた",
    "first_contacts.set": "電話する順を決めた",
}
