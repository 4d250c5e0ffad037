"""What the acts about forms, conferences and the list of discharge are called."""

from typing import Final

CASEFORM_ACTS: Final = {
    "case.form_handed_over": "入退院の様式を渡した",
    "conference.planned": "カンファレンスの日を決めて招いた",
    "conference.changed": "カンファレンスの予定を変えた",
    "conference.cancelled": "カンファレンスを中止した",
    "conference.answered": "カンファレンスの出欠を記録した",
    "conference.sheet_made": "カンファレンスの案内の紙を作った",
    "conference.held": "カンファレンスの出席を記録した",
    "checklist.line_decided": "退院時のチェックリストを記録した",
}
