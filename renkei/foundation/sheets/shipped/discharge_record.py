"""退院・退所情報記録書: what the care manager hears from the hospital before discharge.

Source: 老企第36号 (text as quoted on public pages); the list of items is that of practice and
not yet compared with the official form.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from renkei.foundation.sheets.shipped.build import (
    NONE,
    NOT_COMPARED,
    UNKNOWN,
    ShippedForm,
    choice,
    day,
    group,
    line,
    listed,
    note,
    number,
    presence,
    prose,
    several,
    several_listed,
    tick,
    with_text,
)

# A row for each time something was heard; the fee counts them.
MOST_HEARINGS: Final = 3

BASIC: Final = group(
    "basic",
    "1. 基本情報・現在の状態等",
    day("basic.written_on", "記入日", prefill="today", required=True),
    line("basic.name", "氏名", prefill="patient.name", required=True),
    day("basic.birth_date", "生年月日", prefill="patient.birth_date"),
    number("basic.age", "年齢", "歳"),
    listed(
        "basic.sex",
        "性別",
        "sex",
        prefill="patient.sex",
        absence=("not-disclosed",),
    ),
    listed("certification.state", "退院（所）時の認定の状況", "certification_state", width="full"),
    listed(
        "certification.level", "要介護度", "care_level", width="full", prefill="patient.care_level"
    ),
    day("certification.from", "有効期間（から）", prefill="patient.care_level_from"),
    day("certification.until", "有効期間（まで）", prefill="patient.care_level_until"),
    day("stay.admitted_on", "入院（所）日"),
    day("stay.discharge_on", "退院（所）予定日"),
    prose("stay.cause", "入院原因疾患（入所目的等）", limit=500),
    line("stay.place", "施設名"),
    line("stay.ward", "棟・室"),
    line("after.organisation", "今後の医学管理 医療機関名"),
    several("after.means", "今後の医学管理 方法", "visit=通院 home=訪問診療", width="half"),
)

BODY: Final = group(
    "body",
    "2. 身体・生活機能の状況",
    several(
        "body.bathing",
        "入浴方法",
        "single=個浴 machine=機械浴 shower=シャワー浴 wiping=清拭 none=行わず",
    ),
    listed("body.meal_form", "食事形態", "meal_form", width="full"),
    presence("body.thickener", "とろみ", "程度"),
    listed("body.meal_route", "摂取方法", "intake_route"),
    listed("body.paralysis", "麻痺の状況", "severity"),
    presence("body.pressure_ulcer", "褥瘡の有無", "部位・程度"),
    *(
        listed(f"body.{code}", label, "adl")
        for code, label in (
            ("moving", "移動"),
            ("transfer", "移乗"),
            ("dressing", "更衣"),
            ("rising", "起居動作"),
            ("urination", "排尿"),
            ("defecation", "排便"),
            ("brushing", "歯磨き"),
        )
    ),
    listed("body.denture", "義歯", "denture"),
    with_text(choice("body.sleep", "睡眠の状態", "good=良 poor=不良"), "poor", "不良の内容"),
    with_text(
        several_listed("body.behaviour", "精神面の症状", "mental_state", absence=UNKNOWN),
        "99",
        "その他の内容",
    ),
    prose("body.cognition", "認知・精神面", limit=500),
)

ACCEPTANCE: Final = group(
    "acceptance",
    "3. 受け止め／意向",
    prose("acceptance.explained", "病気・障害・後遺症等についての説明"),
    prose("acceptance.person", "受け止め（本人）"),
    prose("acceptance.family", "受け止め（家族）"),
    prose("acceptance.person_wish", "退院後の生活に関する意向（本人）"),
    prose("acceptance.family_wish", "退院後の生活に関する意向（家族）"),
)

NEEDS: Final = group(
    "needs",
    "4. 退院後に必要な事柄",
    with_text(
        several_listed("needs.procedures", "医療処置の内容", "medical_care"),
        "14 99",
        "自己注射・その他の内容",
    ),
    with_text(
        several(
            "needs.nursing",
            "看護の視点",
            "pressure=血圧 water=水分制限 restriction=食事制限 form=食形態 swallowing=嚥下 "
            "mouth=口腔ケア clean=清潔ケア sugar=血糖コントロール toilet=排泄 skin=皮膚状態 "
            "sleep=睡眠 mind=認知機能・精神面 drugs=服薬指導 guidance=療養上の指導 "
            "terminal=ターミナル other=その他",
            absence=NONE,
        ),
        "other",
        "看護の視点 その他の内容",
    ),
    with_text(
        several(
            "needs.rehabilitation",
            "リハビリの視点",
            "person=本人指導 family=家族指導 joints=関節可動域練習 strength=筋力増強練習 "
            "balance=バランス練習 tone=麻痺・筋緊張改善練習 standing=起居／立位等基本動作練習 "
            "swallowing=摂食・嚥下訓練 speech=言語訓練 walking=ADL練習（歩行） "
            "bathing=ADL練習（入浴） toilet=ADL練習（トイレ） transfer=ADL練習（移乗） "
            "iadl=IADL練習 pain=疼痛管理 equipment=更生装具・福祉用具・住環境等管理 "
            "endurance=運動耐容能練習 community=地域活動支援 social=社会参加支援 work=就労支援 "
            "other=その他",
            absence=NONE,
        ),
        "other",
        "リハビリの視点 その他の内容",
    ),
    presence("needs.forbidden", "禁忌事項", "内容・留意点", word="有"),
)

OUTLOOK: Final = group(
    "outlook",
    "5. 予後と在宅復帰の要件",
    prose("outlook.prognosis", "症状・病状の予後・予測"),
    prose("outlook.obstacles", "退院に際しての日常生活の阻害要因"),
    prose("outlook.conditions", "在宅復帰のために整えなければならない要件"),
)

HEARINGS: Final = group(
    "hearings",
    "6. 情報収集の記録（1行が1回）",
    day("hearings.on", "聞き取り日", required=True),
    line("hearings.from", "情報提供を受けた職種（氏名）", required=True),
    choice(
        "hearings.means",
        "受け方",
        "meeting=面談 video=テレビ電話等の面談 conference=会議 document=文書",
    ),
    tick("hearings.conference", "カンファレンス（会議）に出席"),
    most=MOST_HEARINGS,
)

FORM: Final = ShippedForm(
    code="discharge_record",
    name="退院・退所情報記録書",
    edition="老企第36号に示された項目によるもの",
    number=1,
    issuer="厚生労働省（様式例）",
    source="老企第36号（公開されている引用）。項目の一覧は実務の知識による",
    valid_from=date(2024, 4, 1),
    unconfirmed=(NOT_COMPARED,),
    items=(
        BASIC,
        BODY,
        ACCEPTANCE,
        NEEDS,
        OUTLOOK,
        HEARINGS,
        note(
            "hearings.notice",
            "算定の区分は聞き取りの回数と会議の出席から提案します。確定するのは担当者です。",
            paper="hide",
        ),
    ),
)
