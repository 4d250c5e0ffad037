"""What the acts about care homes, wishes and reviews are called in the audit trail."""

from typing import Final

HOME_ACTS: Final = {
    "cooperation.saved": "協力医療機関の取り決めを書いた",
    "cooperation.ended": "協力医療機関の取り決めの終わりを書いた",
    "cooperation.contact_recorded": "協力医療機関との確認や会議を書いた",
    "cooperation.contact_taken_back": "協力医療機関との確認や会議の記録を取り消した",
    "cooperation.notice_made": "協力医療機関の届出書を作った",
    "cooperation.notice_submitted": "協力医療機関の届出をした日を書いた",
    "cooperation.reminded": "協力医療機関の確認の期限を知らせた",
}
WISH_ACTS: Final = {
    "wish_conditions.written": "看取り・意思の確認の取り決めを書いた",
    "wish_conditions.published": "看取り・意思の確認の取り決めを公開した",
    "wish_fact.recorded": "意思の確認や伝達を記録した",
    "wish_fact.taken_back": "意思の確認や伝達の記録を取り消した",
}
REVIEW_ACTS: Final = {
    "event_review.opened": "救急の事例の検証を始めた",
    "event_review.partner_added": "事例の検証に機関を加えた",
    "event_review.answered": "事例の検証の項目を書いた",
    "event_review.finding_recorded": "事例の検証に意見を書いた",
    "event_review.identity_refused": "事例の検証で、本人の分かる文が止められた",
    "event_review.finding_taken_back": "事例の検証の意見を取り消した",
    "event_review.action_decided": "事例の検証で決めたことを書いた",
    "event_review.action_done": "事例の検証で決めたことの結果を書いた",
    "event_review.closed": "事例の検証を終えた",
}
