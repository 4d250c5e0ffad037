"""医師とケアマネジャーとの連絡票: the care manager asks, the doctor answers on the same sheet.

Source: 厚木市 共通書式「医師とケアマネジャーとの連絡票」; 神戸 FAX連絡票 (no name in the reply);
西東京 連携情報シート (page count on the cover).
"""

from __future__ import annotations

from datetime import date
from typing import Final

from renkei.foundation.sheets.shipped.build import (
    LETTER,
    ShippedForm,
    choice,
    day,
    group,
    line,
    moment,
    note,
    prose,
    several,
    when,
    with_text,
)

ASK: Final = group(
    "ask",
    "照会（ケアマネジャー → 医師）",
    day("ask.written_on", "記入日", prefill="today", required=True),
    line("ask.number", "照会番号"),
    line("ask.hospital", "医療機関名", prefill="doctor.organisation"),
    line("ask.doctor", "医師名", prefill="doctor.name"),
    line("ask.office", "居宅介護支援事業所名", prefill="author.organisation"),
    line("ask.care_manager", "ケアマネジャー名", prefill="author.name", required=True),
    line("ask.phone", "TEL", prefill="author.phone"),
    line("ask.fax", "FAX", prefill="author.fax"),
    line("ask.name", "利用者氏名", prefill="patient.name", required=True),
    day("ask.birth_date", "生年月日", prefill="patient.birth_date"),
    with_text(
        several(
            "ask.purposes",
            "連絡の目的",
            "opinion=新規・更新・区分変更後の医学的意見 plan=ケアプラン原案 "
            "meeting=サービス担当者会議の連絡・意見 drugs=服薬状況 equipment=福祉用具 "
            "state=利用者の状況 greeting=担当ケアマネジャーの挨拶 other=その他",
            required=True,
        ),
        "other",
        "その他の目的",
    ),
    prose("ask.content", "照会・連絡の内容", required=True),
    choice(
        "ask.meeting_date",
        "会議の日時",
        "fixed=決まっている open=調整したい",
        enabled=when("ask.purposes", "meeting"),
    ),
    moment(
        "ask.meeting_at",
        "会議の日時（決まっているとき）",
        enabled=when("ask.meeting_date", "fixed"),
    ),
    line("ask.agenda", "議題", width="full", enabled=when("ask.purposes", "meeting")),
    choice(
        "ask.reply_means",
        "返事の方法の希望",
        "fax=FAX phone=電話 visit=面談 system=システム",
        width="full",
    ),
    day("ask.reply_by", "返送期日"),
    choice(
        "ask.consent",
        "情報のやりとりについての本人・家族の同意",
        "got=得ている not_yet=これから得る",
        width="full",
    ),
)

REPLY: Final = group(
    "reply",
    "回答（医師 → ケアマネジャー）",
    note(
        "reply.notice",
        "この欄には利用者の氏名を書かないでください。照会番号で確かめます。",
    ),
    line("reply.number", "照会番号"),
    day("reply.written_on", "回答日"),
    line("reply.doctor", "医師名"),
    choice(
        "reply.means",
        "回答の方法",
        "written=この用紙に記入 phone=電話で話したい visit=面談したい date=日時を指定",
        width="full",
    ),
    moment(
        "reply.visit_at",
        "都合のよい日時",
        enabled=when("reply.means", "phone", "visit", "date"),
    ),
    prose("reply.content", "回答・意見", limit=LETTER),
    choice(
        "reply.meeting",
        "サービス担当者会議",
        "attend=出席する absent=欠席する paper=書面で意見を出す",
        width="full",
    ),
    paper="break-before",
)

FORM: Final = ShippedForm(
    code="doctor_contact",
    name="医師とケアマネジャーとの連絡票",
    edition="地域の共通書式にならったもの",
    number=1,
    issuer="連携（製品の様式）",
    source="厚木市 共通書式、神戸 FAX連絡票、西東京 連携情報シート（公開されている写し）",
    valid_from=date(2024, 4, 1),
    unconfirmed=("目的の8区分のほかの項目名は、地域の共通書式と照合してください。",),
    items=(ASK, REPLY),
)
