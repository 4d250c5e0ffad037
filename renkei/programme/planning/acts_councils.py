"""Acts of councils and their meetings."""

from typing import Final

COUNCIL_ACTS: Final = {
    "council.made": "会議体を作った",
    "council.changed": "会議体の内容を直した",
    "council_member.added": "委員を加えた",
    "council_member.changed": "委員の内容を直した",
    "meeting.planned": "会議の予定を立てた",
    "meeting.changed": "会議の予定を直した",
    "meeting.called": "会議の開催を知らせた",
    "meeting.reminded": "会議の出欠を催促した",
    "meeting.cancelled": "会議を中止にした",
    "meeting.moved_on": "会議の段階を進めた",
    "meeting.moved_back": "会議の段階を戻した",
    "meeting.answered": "会議の出欠を答えた",
    "meeting.reply_received": "会議の出欠の紙を受け取った",
    "meeting.attended": "会議の出席を記録した",
    "meeting.paid": "会議の報償費を決めた",
    "agenda.written": "次第の項目を書いた",
    "agenda.removed": "次第の項目を消した",
    "material.added": "会議の資料を加えた",
    "material.removed": "会議の資料を消した",
    "minutes.written": "議事録に書いた",
    "minutes.removed": "議事録の行を消した",
    "action.added": "すべきことを加えた",
    "action.changed": "すべきことの進み具合を直した",
    "withholding.set": "源泉徴収の率を決めた",
}
