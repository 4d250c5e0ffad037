"""What the acts of this room are called in the audit trail. Each theme adds its own mapping."""

from typing import Final

from renkei.care.transitions.acts_caseforms import CASEFORM_ACTS
from renkei.care.transitions.acts_duties import DUTY_ACTS
from renkei.care.transitions.acts_homes import HOME_ACTS, REVIEW_ACTS, WISH_ACTS
from renkei.care.transitions.acts_numbers import NUMBER_ACTS
from renkei.care.transitions.acts_paths import PATH_ACTS

CASE_ACTS: Final = {
    "case.opened": "入退院の調整を始めた",
    "case.fact_recorded": "入退院であったことを記録した",
    "case.fact_retracted": "入退院の記録を取り消した",
    "case.transferred": "転院を記録し、次の病院の調整を始めた",
    "case.arranged": "入退院の調整の相手や病棟を直した",
    "case.alerted": "入退院の期限を知らせた",
    "member_absence.recorded": "職員の休みを記録した",
    "member_absence.cancelled": "職員の休みを取り消した",
}
RULE_ACTS: Final = {
    "transition_rule.loaded": "同梱の入退院調整ルールを読み込んだ",
    "transition_rule.adopted": "入退院調整ルールを使うことを決めた",
    "transition_rule.adoption_ended": "入退院調整ルールの使用を終えた",
    "transition_rule.drafted": "入退院調整ルールの下書きを始めた",
    "transition_rule.draft_written": "入退院調整ルールの下書きを直した",
    "transition_rule.draft_undone": "入退院調整ルールの下書きを一つ戻した",
    "transition_rule.draft_discarded": "入退院調整ルールの下書きを捨てた",
    "transition_rule.published": "入退院調整ルールの版を公開した",
    "transition_rule.withdrawn": "入退院調整ルールの版を取り下げた",
    "transition_rule.announced": "入退院調整ルールの改訂を知らせた",
    "transition_rule.announcement_read": "入退院調整ルールの知らせを読んだ",
    "transition_rule.announcement_noted": "入退院調整ルールの知らせを読んだことを書きとめた",
    "transition_rule.announcement_faxed": "入退院調整ルールの知らせをFAXにした",
    "transition_rule.announcement_posted": "入退院調整ルールの知らせの郵送の紙を作った",
    "transition_rule.announcement_reminded": "入退院調整ルールの知らせを読むよう催促した",
}
CONTACT_ACTS: Final = {
    "contact_point.written": "入退院の窓口を書いた",
    "contact_point.confirmed": "入退院の窓口を確かめた",
    "contact_point.removed": "入退院の窓口を消した",
    "contact_point.undone": "入退院の窓口を前の内容に戻した",
    "contact_point.reminded": "入退院の窓口を確かめるよう知らせた",
}
ACTS: Final = (
    CASE_ACTS
    | RULE_ACTS
    | CONTACT_ACTS
    | DUTY_ACTS
    | HOME_ACTS
    | WISH_ACTS
    | REVIEW_ACTS
    | PATH_ACTS
    | NUMBER_ACTS
    | CASEFORM_ACTS
)
