"""What the acts of this room are called in the audit trail. Each theme adds its own mapping."""

from typing import Final

from renkei.care.transitions.acts_duties import DUTY_ACTS

CASE_ACTS: Final = {
    "case.opened": "入退院の調整を始めた",
    "case.fact_recorded": "入退院であったことを記録した",
    "case.fact_retracted": "入退院の記録を取り消した",
    "case.transferred": "転院を記録し、次の病院の調整を始めた",
    "case.arranged": "入退院の調整の相手や病棟を直した",
    "case.alerted": "入退院の期限を知らせた",
}
RULE_ACTS: Final = {
    "transition_rule.loaded": "同梱の入退院調整ルールを読み込んだ",
    "transition_rule.adopted": "入退院調整ルールを使うことを決めた",
    "transition_rule.adoption_ended": "入退院調整ルールの使用を終えた",
}
CONTACT_ACTS: Final = {
    "contact_point.written": "入退院の窓口を書いた",
    "contact_point.confirmed": "入退院の窓口を確かめた",
}
ACTS: Final = CASE_ACTS | RULE_ACTS | CONTACT_ACTS | DUTY_ACTS
