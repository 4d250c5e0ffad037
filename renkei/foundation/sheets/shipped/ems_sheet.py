"""救急情報提供シート: a facility hands it to the ambulance crew.

Source: 柳川市 救急情報提供シート (parts A, B, C as read in a public copy).
"""

from __future__ import annotations

from datetime import date
from typing import Final

from renkei.foundation.sheets.shipped.build import (
    NONE_OR_UNKNOWN,
    PRIVATE,
    ShippedForm,
    choice,
    day,
    group,
    line,
    listed,
    measure,
    moment,
    note,
    number,
    prose,
    several,
    with_text,
)

PREPARED: Final = group(
    "prepared",
    "A ふだんの情報（前もって記入。変わったら直す）",
    day("prepared.written_on", "記入日・見直し日", prefill="today", required=True),
    line("prepared.facility", "施設名", prefill="author.organisation"),
    line("prepared.name", "氏名", prefill="patient.name", required=True),
    line("prepared.kana", "かな", prefill="patient.kana"),
    day("prepared.birth_date", "生年月日", prefill="patient.birth_date"),
    listed("prepared.sex", "性別", "sex", prefill="patient.sex"),
    prose("prepared.illness", "病歴", absence=NONE_OR_UNKNOWN),
    prose("prepared.drugs", "薬", absence=NONE_OR_UNKNOWN),
    prose("prepared.allergy", "アレルギー", limit=500, absence=NONE_OR_UNKNOWN),
    line("prepared.doctor", "かかりつけ医", prefill="doctor.name"),
    line("prepared.doctor_phone", "かかりつけ医の電話", prefill="doctor.phone"),
    prose("prepared.usual", "普段の状態"),
    group(
        "contacts",
        "家族等の連絡先",
        line("contacts.name", "氏名"),
        line("contacts.relation", "続柄", width="quarter"),
        line("contacts.phone", "電話"),
        most=3,
    ),
)

CALL: Final = group(
    "call",
    "B 119番通報のとき",
    moment("call.at", "時刻"),
    prose("call.how", "どのように起きたか"),
    with_text(
        several(
            "call.signs",
            "症状",
            "unconscious=意識がない chest=胸の痛み breath=息苦しい bleeding=出血 fall=転倒・けが "
            "paralysis=手足が動かない fever=発熱 choking=のどに詰まった other=その他",
        ),
        "other",
        "その他の症状",
    ),
    line("call.consciousness", "意識"),
    number("call.breath", "呼吸", "回/分"),
    number("call.pulse", "脈拍", "回/分"),
    number("call.pressure_high", "血圧（上）", "mmHg"),
    number("call.pressure_low", "血圧（下）", "mmHg"),
    measure("call.temperature", "体温", "℃"),
    number("call.oxygen", "酸素飽和度", "%"),
    prose("call.treatment", "行った処置"),
)

WISH: Final = group(
    "wish",
    "C 蘇生処置に関する意思表示（記入は任意）",
    note(
        "wish.notice",
        "本人の意思の記録です。指示ではありません。救急隊の基本の務めは救命と搬送です。"
        "医師と連絡がとれないとき、けがなど想定と違うときは、この記録だけでは処置を控えません。",
    ),
    choice(
        "wish.resuscitation",
        "心肺蘇生についての本人の意思",
        "wanted=望む unwanted=望まない undecided=決めていない avoided=考えたくない",
        width="full",
        absence=PRIVATE,
    ),
    choice("wish.stated_by", "意思を示した人", "person=本人 inferred=本人の意思を推定"),
    day("wish.talked_on", "話し合いの日"),
    several("wish.people", "話し合った人", "person=本人 family=家族 doctor=医師 staff=施設の職員"),
    choice("wish.doctor_confirmed", "医師の確認", "confirmed=済 not_yet=未"),
    line("wish.doctor", "確認した医師"),
)

FORM: Final = ShippedForm(
    code="ems_sheet",
    name="救急情報提供シート",
    edition="A・B・Cの3部からなるもの",
    number=1,
    issuer="連携（製品の様式）",
    source="柳川市 救急情報提供シート（公開されている写し）",
    valid_from=date(2024, 4, 1),
    unconfirmed=(
        "症状と測定の細かな項目、アレルギーの欄は実務の知識による追加です。",
        "地域の消防本部の様式と照合してください。",
    ),
    items=(PREPARED, CALL, WISH),
)
