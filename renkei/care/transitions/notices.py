"""What this room tells people: fixed words, never a name, a hospital or a content."""

from __future__ import annotations

from typing import Final

from renkei.care.transitions.notices_homes import HOME_KINDS
from renkei.foundation.notifications.kinds import NotificationKind

CASE_NEW: Final = "transitions.case_new"
CASE_NEWS: Final = "transitions.case_news"
DEADLINE_SOON: Final = "transitions.deadline_soon"
DEADLINE_OVER: Final = "transitions.deadline_over"
OFFICE_DEADLINE_OVER: Final = "transitions.office_deadline_over"
# Whose turn it is are on leave.
OFFICE_DEADLINE_SOON: Final = "transitions.office_deadline_soon"
RULE_ANNOUNCED: Final = "transitions.rule_announced"
RULE_TO_READ: Final = "transitions.rule_to_read"
CONTACT_TO_CONFIRM: Final = "transitions.contact_to_confirm"
REFERRAL_NEW: Final = "transitions.referral_new"
REFERRAL_ANSWERED: Final = "transitions.referral_answered"
REFERRAL_CHANGED: Final = "transitions.referral_changed"
REFERRAL_SOON: Final = "transitions.referral_soon"
REFERRAL_EXPIRED: Final = "transitions.referral_expired"
REFERRAL_STOPPED: Final = "transitions.referral_stopped"
PATH_NEWS: Final = "transitions.path_news"
# Something one side waits for did not come; a call helps.
OTHER_SIDE_OVER: Final = "transitions.other_side_over"
CHECKLIST_OPEN: Final = "transitions.checklist_open"
CONFERENCE_INVITED: Final = "transitions.conference_invited"
STAND_IN: Final = "transitions.stand_in"

DOCTOR_AWAY: Final = "transitions.doctor_away"
DOCTORS_BOTH_AWAY: Final = "transitions.doctors_both_away"
PAIR_STARTED: Final = "transitions.pair_started"
FAMILY_TO_CONFIRM: Final = "transitions.family_to_confirm"
PAIR_ASKED: Final = "transitions.pair_asked"
OFFICE_AWAY: Final = "transitions.office_away"
AGREEMENT_MADE: Final = "transitions.agreement_made"
EMERGENCY_CALLED: Final = "transitions.emergency_called"
EMERGENCY_NEWS: Final = "transitions.emergency_news"

KINDS: Final = HOME_KINDS + tuple(
    NotificationKind(code=code, text=text, urgent=urgent, group="transitions")
    for code, text, urgent in (
        (CASE_NEW, "入退院の調整が始まりました。", False),
        (DOCTOR_AWAY, "主治医・副主治医の不在が変わりました。", False),
        (DOCTORS_BOTH_AWAY, "主治医も副主治医も不在になる時間があります。", True),
        (FAMILY_TO_CONFIRM, "もしものときに電話する先が変わりました。確かめてください。", False),
        (PAIR_ASKED, "主治医・副主治医の申し込みがあります。", False),
        (OFFICE_AWAY, "担当の事業所の休みが変わりました。", False),
        (AGREEMENT_MADE, "急変時に受け入れる病院が決まりました。", False),
        (EMERGENCY_CALLED, "急な受け入れの依頼が来ています。", True),
        (EMERGENCY_NEWS, "急変時の受け入れに新しい記録があります。", True),
        (PAIR_STARTED, "主治医・副主治医の組が始まりました。", False),
        (CASE_NEWS, "入退院の調整に新しい記録があります。", False),
        (DEADLINE_SOON, "入退院の期限が近づいています。", False),
        (DEADLINE_OVER, "入退院の期限を過ぎています。", True),
        (OTHER_SIDE_OVER, "相手の側の期限を過ぎています。電話で確かめてください。", True),
        (CHECKLIST_OPEN, "退院しました。退院時のチェックリストを確かめてください。", False),
        (CONFERENCE_INVITED, "カンファレンスの案内があります。出欠を答えてください。", False),
        (OFFICE_DEADLINE_OVER, "事業所に、期限を過ぎた入退院の調整があります。", True),
        (OFFICE_DEADLINE_SOON, "担当の人が休みで、期限の近い入退院の調整があります。", True),
        (RULE_ANNOUNCED, "入退院調整ルールが改まります。変わる所を読んでください。", False),
        (RULE_TO_READ, "入退院調整ルールの改訂をまだ読んでいません。読んでください。", False),
        (CONTACT_TO_CONFIRM, "事業所の窓口の内容が、いまも正しいか確かめてください。", False),
        (REFERRAL_NEW, "紹介が届きました。", False),
        (REFERRAL_ANSWERED, "送った紹介に動きがありました。", False),
        (REFERRAL_CHANGED, "届いた紹介に変更がありました。", False),
        (REFERRAL_SOON, "紹介の返事の期限が近づいています。", False),
        (REFERRAL_EXPIRED, "返事の期限が切れた紹介があります。", False),
        (REFERRAL_STOPPED, "止まった紹介があります。", False),
        (STAND_IN, "休みの人の代わりになりました。休みの日を確かめてください。", False),
        (PATH_NEWS, "地域連携パスに新しい記録があります。", False),
    )
)
