"""医療・介護連携カード: kept with the insurance card and the drug notebook.

Source: 久留米 ケアマネ名刺入れ; 福井 健康保険証・介護保険証・お薬手帳をセットで保管 (public pages).
A QR code on it holds no personal data.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from renkei.foundation.sheets.shipped.build import NONE, ShippedForm, day, group, line, note

FORM: Final = ShippedForm(
    code="care_card",
    name="医療・介護連携カード",
    edition="保険証・お薬手帳と一緒に持つもの",
    number=1,
    issuer="連携（製品の様式）",
    source="久留米のケアマネ名刺入れ、福井の「セットで保管」の案内（公開資料）",
    valid_from=date(2024, 4, 1),
    unconfirmed=(),
    items=(
        group(
            "card",
            "わたしの医療・介護の連絡先",
            line("card.name", "氏名", width="full", prefill="patient.name", required=True),
            line("card.care_manager", "ケアマネジャー", prefill="care_manager.name", absence=NONE),
            line("card.office", "事業所", prefill="care_manager.organisation"),
            line("card.office_phone", "電話", prefill="care_manager.phone"),
            line("card.doctor", "かかりつけ医", prefill="doctor.name", absence=NONE),
            line("card.doctor_phone", "かかりつけ医の電話", prefill="doctor.phone"),
            line("card.station", "訪問看護", prefill="station.name", absence=NONE),
            line("card.station_phone", "訪問看護の電話", prefill="station.phone"),
            line("card.pharmacy", "薬局", prefill="pharmacy.name", absence=NONE),
            line("card.pharmacy_phone", "薬局の電話", prefill="pharmacy.phone"),
            day("card.written_on", "記入日", prefill="today", required=True),
            note(
                "card.notice",
                "健康保険証・介護保険証・お薬手帳と一緒に持ち、入院したら病院に見せてください。",
            ),
        ),
    ),
)
