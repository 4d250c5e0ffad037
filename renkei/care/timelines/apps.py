from django.apps import AppConfig

from renkei.care.patients.read_labels import name_reads
from renkei.foundation.audit.labels import name_acts
from renkei.foundation.notifications.kinds import NotificationKind, register

ACTS = {
    "entry.posted": "書き込んだ",
    "entry.confirmed": "「確認しました」を押した",
    "entry.settled": "相談を解決にした",
    "entry.reacted": "反応を付けた・外した",
    "entry.hidden": "書き込みを隠した",
    "entry.escalated": "返事がないため次の人に知らせた",
    "entry.original_read": "隠した書き込みの原文を見た",
    "escalation_times.set": "返事を待つ時間を変えた",
    "group.made": "自由グループを作った",
    "group.member_added": "自由グループに招いた",
    "group.member_left": "自由グループから外れた",
    "group.person_named": "自由グループに人の名前に見える文を出した",
    "direct.opened": "一対一を始めた",
    "direct.move_asked": "一対一をチームに移すことを申し出た",
    "direct.moved": "一対一をチームに移した",
    "direct.move_refused": "一対一をチームに移さないと答えた",
    "timeline.exported": "経過を書き出した",
    "call_list.printed": "電話の一覧を出した",
    "usage.exported": "利用状況を書き出した",
    "limit.set": "この人の測定の範囲を決めた",
    "limit.ended": "この人の測定の範囲を終えた",
    "sheet.printed": "記入用の様式を印刷した",
    "visit.planned": "訪問の予定を決めた",
    "visit.changed": "訪問の予定を変えた",
    "visit.cancelled": "訪問の予定を取り消した",
    "outside_link.made": "リンクで送った",
    "outside_link.refused": "リンクを開けなかった",
    "outside_link.answered": "リンクで様式の回答が届いた",
    "outside_link.revoked": "リンクを取り消した",
    "visit.lease_issued": "訪問の端末に鍵を渡した",
    "visit.lease_revoked": "訪問の端末の鍵を取り消した",
}
READS = {
    "outside_link.entry": "リンクで開いた書き込み",
    "outside_link.answer": "リンクで開いた様式",
    "outside_link.ask": "リンクで開いた記入用の様式",
}
GROUP = "timelines"
# Fixed words: they never say who, about whom, or what.
KINDS = (
    NotificationKind("timelines.question", "あなた宛ての相談があります。", group=GROUP),
    NotificationKind("timelines.order", "あなた宛ての指示があります。", group=GROUP),
    # First on the screen alone; the mail is the next step, when nobody confirmed (T-D2b).
    NotificationKind("timelines.urgent", "緊急の書き込みがあります。", group=GROUP, by_mail=False),
    NotificationKind(
        "timelines.urgent_mail",
        "緊急の書き込みを確認してください。",
        urgent=True,
        group=GROUP,
    ),
    NotificationKind(
        "timelines.call_list",
        "緊急の確認がまだです。電話してください。",
        urgent=True,
        group=GROUP,
    ),
    NotificationKind("timelines.deputy", "返事がない相談が、代わりの人に回りました。", group=GROUP),
    NotificationKind("timelines.reply", "書き込みに返事がありました。", group=GROUP),
    NotificationKind(
        "timelines.family_entry", "本人・家族の部屋に新しい書き込みがあります。", group=GROUP
    ),
    NotificationKind("timelines.direct", "一対一の新しい書き込みがあります。", group=GROUP),
    NotificationKind("timelines.group", "グループの新しい書き込みがあります。", group=GROUP),
    NotificationKind("timelines.visit_plan", "あなたの訪問の予定が変わりました。", group=GROUP),
    NotificationKind("timelines.link_opened", "リンクで送った文書が開かれました。", group=GROUP),
    NotificationKind("timelines.link_answered", "リンクで頼んだ回答が届きました。", group=GROUP),
    NotificationKind("timelines.move_asked", "一対一をチームに移す申し出があります。", group=GROUP),
)


class TimelinesConfig(AppConfig):
    name = "renkei.care.timelines"
    verbose_name = "情報共有"

    def ready(self) -> None:
        """Tell the audit trail what this room's acts are called, and name its notifications."""
        name_acts(ACTS)
        name_reads(READS)
        for kind in KINDS:
            register(kind)
        # Registrations of other rooms need the models, which are loaded by now.
        from renkei.care.timelines.registrations import register_all

        register_all()
        # Here, because the parts need the models of the room.
        from renkei.care.timelines import registrations_visit

        registrations_visit.register_all()
