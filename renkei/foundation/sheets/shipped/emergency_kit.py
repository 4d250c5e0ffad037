"""救急医療情報シート: the sheet of the 救急医療情報キット, kept in the refrigerator door.

Source: 吹田市, 南部町, 松阪市, 本庄市 の救急医療情報キット (public pages).
"""

from __future__ import annotations

from datetime import date
from typing import Final

from renkei.foundation.sheets.shipped.build import (
    NONE_OR_UNKNOWN,
    UNKNOWN,
    ShippedForm,
    choice,
    day,
    group,
    line,
    listed,
    note,
    prose,
    several,
    tick,
)

FORM: Final = ShippedForm(
    code="emergency_kit",
    name="救急医療情報シート（救急医療情報キット）",
    edition="市町のキットに共通する項目によるもの",
    number=1,
    issuer="連携（製品の様式）",
    source="吹田市・南部町・松阪市・本庄市の救急医療情報キット（公開されている案内）",
    valid_from=date(2024, 4, 1),
    unconfirmed=("性別・住所・電話の欄は実務の知識による追加です。",),
    items=(
        group(
            "person",
            "本人",
            line("person.name", "氏名", prefill="patient.name", required=True),
            line("person.kana", "かな", prefill="patient.kana"),
            day("person.birth_date", "生年月日", width="half", prefill="patient.birth_date"),
            listed("person.sex", "性別", "sex", prefill="patient.sex"),
            choice("person.blood", "血液型", "a=A b=B o=O ab=AB", absence=UNKNOWN),
            line("person.address", "住所", width="full", prefill="patient.address"),
            line("person.phone", "電話", prefill="patient.phone"),
            day("person.written_on", "記入日", width="half", prefill="today", required=True),
        ),
        group(
            "health",
            "持病・薬",
            prose("health.illness", "持病", limit=500, absence=NONE_OR_UNKNOWN),
            prose("health.drugs", "服薬", limit=500, absence=NONE_OR_UNKNOWN),
            prose("health.allergy", "アレルギー", limit=500, absence=NONE_OR_UNKNOWN),
        ),
        group(
            "doctors",
            "かかりつけ",
            line("doctors.organisation", "医療機関名", prefill="doctor.organisation"),
            line("doctors.name", "医師名", prefill="doctor.name"),
            line("doctors.phone", "電話", prefill="doctor.phone"),
            line("doctors.hospital", "希望する搬送先", prefill="hospital_of_choice.name"),
        ),
        group(
            "contacts",
            "緊急連絡先",
            line("contacts.name", "氏名"),
            line("contacts.relation", "続柄", width="quarter"),
            line("contacts.phone", "電話"),
            most=3,
        ),
        group(
            "kit",
            "キットの中身",
            several(
                "kit.contents",
                "入れたもの",
                "sheet=救急医療情報シート photo=本人の写真 insurance=保険証・資格確認書の写し "
                "card=診察券の写し drugs=薬剤情報・お薬手帳の写し",
            ),
            tick(
                "kit.refrigerator",
                "救急隊が冷蔵庫を開けてキットを取り出すことに同意する",
                width="full",
            ),
            day("kit.review_by", "次に見直す日"),
            note(
                "kit.notice",
                "冷蔵庫のドアの内側に入れ、目印のシールを貼り、1年に1回は見直してください。",
            ),
        ),
    ),
)
