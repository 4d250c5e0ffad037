"""本人の意思の記録: what a person said about resuscitation, and whether a doctor has confirmed it.

Never an order: the page says so in its head, and 医師の確認 is 済 or 未, nothing between.
Source: 東京消防庁の4条件 (public page); the list of items is that of practice. A region's own rule
and conditions are its configuration, not part of this form.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from renkei.foundation.sheets.shipped.build import (
    NOT_COMPARED,
    PRIVATE,
    TICKED,
    ShippedForm,
    choice,
    day,
    group,
    line,
    note,
    prose,
    several,
    tick,
    when,
    with_text,
)

NOTICE: Final = note(
    "notice",
    "これは本人の意思の記録で、指示ではありません。その場の判断は医師と救急隊が行います。"
    "本人はいつでも変えられ、取り消せます。",
)

WISH: Final = group(
    "wish",
    "1. 本人の意思",
    day("wish.written_on", "記入日", prefill="today", required=True),
    line("wish.name", "氏名", prefill="patient.name", required=True),
    day("wish.birth_date", "生年月日", prefill="patient.birth_date"),
    choice("wish.stated_by", "意思表示者", "person=本人 inferred=推定", required=True),
    with_text(
        choice(
            "wish.content",
            "内容",
            "unwanted=心肺蘇生を望まない wanted=心肺蘇生を望む undecided=決めていない "
            "avoided=考えたくない other=その他",
            width="full",
            absence=PRIVATE,
        ),
        "other",
        "その他の内容",
    ),
    prose("wish.condition", "想定する病状"),
)

TALK: Final = group(
    "talk",
    "2. 話し合い",
    day("talk.on", "話し合いの日"),
    with_text(
        several(
            "talk.people",
            "参加者",
            "person=本人 family=家族 doctor=医師 nurse=看護師 care_manager=ケアマネジャー "
            "other=その他",
        ),
        "other",
        "その他の参加者",
    ),
    prose("talk.content", "話し合いの内容"),
    choice("talk.family", "家族の確認", "confirmed=済 not_yet=未 nobody=確認する家族がいない"),
    line("talk.family_name", "確認した家族（氏名・続柄）"),
)

DOCTOR: Final = group(
    "doctor",
    "3. 医師の確認",
    choice("doctor.confirmed", "医師の確認", "confirmed=済 not_yet=未", required=True),
    day(
        "doctor.confirmed_on",
        "確認日",
        enabled=when("doctor.confirmed", "confirmed"),
        demanded=True,
    ),
    line(
        "doctor.confirmed_by",
        "確認した医師",
        enabled=when("doctor.confirmed", "confirmed"),
        demanded=True,
    ),
    choice(
        "doctor.last_stage",
        "人生の最終段階にあるとの医学的判断",
        "judged=判断した not_judged=判断していない",
        width="full",
    ),
    day("doctor.judged_on", "判断日", enabled=when("doctor.last_stage", "judged")),
    line("doctor.name", "かかりつけ医", prefill="doctor.name"),
    line("doctor.phone", "連絡先（24時間）", prefill="doctor.phone"),
    line("doctor.deputy", "代行する医師・連絡先", width="full"),
)

KEEPING: Final = group(
    "keeping",
    "4. 有効期間・共有",
    day("keeping.valid_until", "有効期間（まで）"),
    day("keeping.review_on", "見直し日"),
    tick("keeping.withdrawn", "撤回した"),
    day(
        "keeping.withdrawn_on",
        "撤回日",
        enabled=when("keeping.withdrawn", *TICKED),
        demanded=True,
    ),
    line("keeping.place", "保管場所", width="full"),
    with_text(
        several(
            "keeping.shared_with",
            "共有先",
            "ems=救急 facility=施設 hospital=病院 other=その他",
        ),
        "other",
        "その他の共有先",
    ),
    tick(
        "keeping.consent",
        "上の共有先に伝えることに本人（または代理人）が同意している",
        width="full",
    ),
)

FORM: Final = ShippedForm(
    code="dnar_record",
    name="本人の意思の記録（心肺蘇生）",
    edition="東京消防庁の4条件を確かめられる項目によるもの",
    number=1,
    issuer="連携（製品の様式）",
    source="東京消防庁の公開資料",
    valid_from=date(2024, 4, 1),
    unconfirmed=(
        NOT_COMPARED,
        "運用の条件は消防本部によって違います。地域の規則を設定して使ってください。",
    ),
    items=(NOTICE, WISH, TALK, DOCTOR, KEEPING),
)
