"""What the acts around emergencies, the end of care and the council's table are called."""

from __future__ import annotations

from typing import Final

ACTS: Final = {
    "patient.emergency_profile_written": "救急情報を書いた",
    "wish.recorded": "意思の記録を書いた",
    "wish.shared": "意思の記録をチームに共有した",
    "wish.sharing_ended": "意思の記録の共有をやめた",
    "wish.withdrawn": "意思の記録を取り下げた",
    "wish.confirmed": "意思の記録に医師の確認を書いた",
    "emergency_card.issued": "救急カードを発行した",
    "emergency_card.revoked": "救急カードを取り消した",
    "emergency_card.opened": "救急カードで救急の画面を開いた",
    "emergency_card.contact_shown": "救急カードで連絡先を見た",
    "emergency_card.refused": "救急カードで開けなかった",
    "break_glass.used": "緊急閲覧を使った",
    "break_glass.nobody_found": "緊急閲覧で見つからなかった",
    "break_glass.reviewed": "緊急閲覧を確認した",
    "patients.read_log_exported": "閲覧記録を書き出した",
    "patients.municipality_chose": "閲覧記録を家族に見せるかを決めた",
    "patient.closed": "支援を終了した",
    "patient.reopened": "支援の終了を取り消した",
    "patients.retention_changed": "保存年数を変えた",
    "disposal.held": "廃棄を保留した",
    "disposal.hold_lifted": "廃棄の保留を解いた",
    "disposal.done": "記録を廃棄した",
    "disaster.asked": "災害時の切り替えを申し出た",
    "disaster.approved": "災害時の切り替えを承認した",
    "disaster.ended": "災害時の切り替えを終えた",
    "disaster.reviewed": "災害時に見た人を確認した",
    "disaster.list_read": "災害時の一覧を見た",
    "disclosure.proposed": "文書の見える範囲の変更を提案した",
    "disclosure.approved": "文書の見える範囲の変更を承認した",
    "disclosure.refused": "文書の見える範囲の変更を見送った",
}
READS: Final = {
    "emergency": "救急の画面",
    "emergency_edit": "救急情報の入力",
    "emergency_sheet": "救急医療情報シート",
    "emergency_card": "医療・介護連携カード",
    "cards": "救急カードの一覧",
    "card_contact": "カードからの連絡先",
    "wishes": "意思の記録",
    "read_log": "閲覧記録（誰が見たか）",
    "end_of_care": "支援の終了",
    "disaster_list": "災害時の一覧",
}
