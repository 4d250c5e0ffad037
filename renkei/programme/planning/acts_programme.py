"""Acts of the programme's contracts, related programmes, calendar and money."""

from typing import Final

PROGRAMME_ACTS: Final = {
    "arrangement.written": "契約・実施のかたちを書いた",
    "report_due.written": "受託者の報告の期限・受け取りを書いた",
    "publicity.written": "周知の記録を書いた",
    "publicity.removed": "周知の記録を消した",
    "sister_programme.written": "関係する事業を書いた",
    "yearly_task.written": "年間の予定を書いた",
    "yearly_task.ticked": "年間の予定を済みにした",
    "money_line.written": "事業費の行を書いた",
    "money_line.removed": "事業費の行を消した",
    "money_lines.loaded": "事業費の表を取り込んだ",
}
