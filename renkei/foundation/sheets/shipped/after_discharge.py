"""退院時サマリー (hospital → home) and 退院後の様子の報告 (care manager → hospital).

Source: domain/forms.md §4.3 (common items of local forms, from knowledge);
domain/admission-discharge-rules.md §3 (8, 9). Both stand for a region's own forms.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from renkei.foundation.sheets.shipped.build import (
    NONE,
    NOT_COMPARED,
    ShippedForm,
    choice,
    day,
    group,
    line,
    listed,
    presence,
    prose,
    several_listed,
    with_text,
)

SOURCE: Final = "地域ごとの様式に共通する項目（実務の知識による）"

SUMMARY: Final = ShippedForm(
    code="discharge_summary",
    name="退院時サマリー",
    edition="地域ごとの看護サマリーに共通する項目によるもの",
    number=1,
    issuer="連携（製品の様式）",
    source=SOURCE,
    valid_from=date(2024, 4, 1),
    unconfirmed=(NOT_COMPARED,),
    items=(
        group(
            "head",
            "基本",
            day("head.written_on", "記入日", prefill="today", required=True),
            line("head.author", "記入者", prefill="author.signed", required=True),
            line("head.hospital", "病院", prefill="stay.hospital"),
            line("head.ward", "病棟", prefill="stay.ward"),
            line("person.name", "氏名", prefill="patient.name", required=True),
            day("person.birth_date", "生年月日", prefill="patient.birth_date"),
            day("stay.admitted_on", "入院日", prefill="stay.admitted_on"),
            day("stay.discharged_on", "退院日", prefill="stay.discharged_on"),
        ),
        group(
            "course",
            "入院中の経過",
            prose("course.diagnosis", "病名", limit=500),
            prose("course.history", "既往・感染症・アレルギー", limit=500),
            prose("course.treatment", "経過と治療"),
            prose("course.problems", "看護上の問題と続けてほしい看護"),
            prose("course.explained", "病状の説明と本人・家族の受け止め"),
        ),
        group(
            "state",
            "退院時の状態",
            with_text(
                several_listed("state.procedures", "医療処置", "medical_care"),
                "14 99",
                "自己注射・その他の内容",
            ),
            prose("state.supplies", "物品（サイズ・次の交換日）", limit=500),
            *(
                listed(f"adl.{code}", label, "adl")
                for code, label in (
                    ("moving", "移動"),
                    ("transfer", "移乗"),
                    ("eating", "食事"),
                    ("bathing", "入浴"),
                )
            ),
            listed("meals.form", "食事形態", "meal_form"),
            presence("adl.pressure_ulcer", "褥瘡の有無", "部位・程度"),
            prose("state.mind", "認知・精神面", limit=500),
        ),
        group(
            "after",
            "退院してから",
            prose("after.drugs", "お薬（飲み方・一包化・手伝う人）"),
            prose("after.guidance", "指導したことと分かり具合", limit=500),
            line("after.next_visit", "次の受診（日・科）"),
            line("after.contact", "困ったときの病院の連絡先", absence=NONE),
        ),
    ),
)

FOLLOW_UP: Final = ShippedForm(
    code="follow_up_report",
    name="退院後の様子の報告",
    edition="退院から1～2週間後に病院へ伝えること",
    number=1,
    issuer="連携（製品の様式）",
    source="福井県 退院支援ルール ⑤（公表資料）。項目は実務の知識による",
    valid_from=date(2024, 4, 1),
    unconfirmed=(NOT_COMPARED,),
    items=(
        group(
            "head",
            "基本",
            day("head.written_on", "記入日", prefill="today", required=True),
            line("head.author", "記入者", prefill="author.signed", required=True),
            line("head.office", "事業所", prefill="author.organisation"),
            line("head.phone", "電話番号", prefill="author.phone"),
            line("head.hospital", "報告先の病院", prefill="stay.hospital"),
            line("person.name", "氏名", prefill="patient.name", required=True),
            day("person.birth_date", "生年月日", prefill="patient.birth_date"),
            day("stay.discharged_on", "退院日", prefill="stay.discharged_on"),
        ),
        group(
            "home",
            "家での様子",
            choice(
                "home.state",
                "全体として",
                "as_planned=予定どおり過ごせている trouble=困りごとがある readmitted=また入院した "
                "died=亡くなった",
                width="full",
            ),
            prose("home.body", "体の具合・食事・排泄・睡眠"),
            prose("home.drugs", "お薬と医療処置"),
            prose("home.services", "使い始めたサービス"),
            prose("home.family", "本人・家族の声"),
            prose("home.missing", "入院中に準備しておきたかったこと", limit=500),
            prose("home.questions", "病院に聞きたいこと", limit=500),
        ),
    ),
)
