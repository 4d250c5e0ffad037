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
    "doctor.saved": "主治医・副主治医の登録を書いた",
    "doctor.absence_recorded": "医師の不在を記録し、チームに知らせた",
    "doctor.absence_cancelled": "医師の不在を取り消し、チームに知らせた",
    "office.absence_recorded": "事業所の休みを記録し、チームに知らせた",
    "office.absence_cancelled": "事業所の休みを取り消し、チームに知らせた",
    "pair.proposed": "主治医・副主治医を申し込んだ",
    "pair.stepped": "主治医・副主治医の組を進めた",
    "pair.confirmed": "主治医・副主治医が伝わったことを記録した",
    "pair.deputy_called": "副主治医の発動を記録した",
    "emergency_agreement.made": "急変時に受け入れる病院を登録した",
    "emergency_agreement.confirmed": "急変時の病院の確認を記録した",
    "emergency_agreement.ended": "急変時の病院の取り決めを終えた",
    "emergency_agreement.notice_confirmed": "急変時の病院が伝わったことを記録した",
    "emergency_call.made": "急変時の受け入れを頼んだ",
    "emergency_call.stepped": "急変時の受け入れの経過を記録した",
    "first_contacts.set": "電話する順を決めた",
}
