"""入院時情報提供書: care manager → hospital, when a person is admitted.

Source: 平成30年の様式の通知 (公開されている写しで確認), 令和6年の報酬の規則.
The form of the 令和6年 edition was not found, so its items are marked as unconfirmed.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from renkei.foundation.sheets.shipped.build import (
    NEW_EDITION,
    NONE,
    NOT_COMPARED,
    UNKNOWN,
    ShippedForm,
    choice,
    day,
    group,
    line,
    listed,
    moment,
    note,
    number,
    presence,
    prose,
    several,
    several_listed,
    tick,
    when,
    with_text,
)
from renkei.foundation.sheets.shipped.functions import activities, daily_living, meals, toilet

HEAD: Final = group(
    "head",
    "記入・提供",
    day("head.written_on", "記入日", prefill="today", required=True),
    day("head.admitted_on", "入院日"),
    tick("head.before_admission", "入院前の提供（予定入院）", width="third"),
    moment("head.provided_at", "情報提供日時", width="full"),
    listed(
        "head.means",
        "提供方法",
        "means",
        width="full",
    ),
    line("head.hospital", "医療機関名"),
    line("head.recipient", "ご担当者名"),
    line("head.office", "居宅介護支援事業所名", prefill="care_manager.organisation"),
    line("head.care_manager", "担当ケアマネジャー", prefill="care_manager.name", required=True),
    line("head.phone", "TEL", prefill="care_manager.phone"),
    line("head.fax", "FAX", prefill="care_manager.fax"),
    tick("head.consent", "情報提供について契約時に利用者・家族の同意を得ている", width="full"),
    columns=2,
)

BASIC: Final = group(
    "basic",
    "1. 利用者（患者）の基本情報",
    line("basic.name", "患者氏名", prefill="patient.name", required=True),
    line("basic.kana", "かな", prefill="patient.kana"),
    day("basic.birth_date", "生年月日", prefill="patient.birth_date"),
    number("basic.age", "年齢", "歳", width="third"),
    listed(
        "basic.sex",
        "性別",
        "sex",
        width="third",
        prefill="patient.sex",
        absence=("not-disclosed",),
    ),
    line("basic.address", "住所", width="full", prefill="patient.address"),
    line("basic.phone", "電話番号", prefill="patient.phone"),
    group(
        "living",
        "住環境（入院前の自宅）",
        choice("living.kind", "住居の種類", "house=戸建て apartment=集合住宅"),
        number("living.floor", "居室の階", "階"),
        choice("living.elevator", "エレベーター", "present=有", width="quarter", absence=NONE),
        prose("living.remarks", "特記事項", limit=500),
    ),
    group(
        "certification",
        "入院時の要介護度",
        listed("certification.state", "認定の状況", "certification_state", width="full"),
        listed(
            "certification.level",
            "要介護度",
            "care_level",
            width="full",
            prefill="patient.care_level",
        ),
        day("certification.from", "有効期間（から）", prefill="patient.care_level_from"),
        day("certification.until", "有効期間（まで）", prefill="patient.care_level_until"),
        day(
            "certification.applied_on",
            "申請日",
            enabled=when("certification.state", "1", "4", code_list="certification_state"),
            demanded=True,
        ),
    ),
    group(
        "independence",
        "日常生活自立度",
        listed(
            "independence.disability",
            "障害高齢者",
            "disability_independence",
            width="full",
            prefill="patient.disability_independence",
        ),
        listed("independence.disability_judge", "判断者（障害高齢者）", "judge"),
        listed(
            "independence.dementia",
            "認知症高齢者",
            "dementia_independence",
            width="full",
            prefill="patient.dementia_independence",
        ),
        listed("independence.dementia_judge", "判断者（認知症高齢者）", "judge"),
    ),
    listed("basic.own_share", "介護保険の自己負担割合", "own_share"),
    several_listed("basic.disability", "障害等認定", "disability_certificate"),
    with_text(several_listed("basic.pension", "年金などの種類", "pension"), "99", "その他の内容"),
)

FAMILY: Final = group(
    "family",
    "2. 家族構成／連絡先",
    with_text(
        several_listed("family.household", "世帯構成", "household", prefill="patient.household"),
        "99",
        "その他の内容",
    ),
    group(
        "main_carer",
        "主介護者",
        line("main_carer.name", "氏名", prefill="main_carer.name", absence=NONE),
        line("main_carer.relation", "続柄", width="quarter", prefill="main_carer.relation"),
        number("main_carer.age", "年齢", "歳"),
        choice("main_carer.lives", "同居・別居", "together=同居 apart=別居"),
        line("main_carer.phone", "TEL", prefill="main_carer.phone"),
    ),
    group(
        "key_person",
        "キーパーソン",
        line("key_person.name", "氏名", prefill="key_person.name", absence=NONE),
        line("key_person.relation", "続柄", width="quarter", prefill="key_person.relation"),
        number("key_person.age", "年齢", "歳"),
        line("key_person.phone", "連絡先TEL", prefill="key_person.phone"),
    ),
)

WISHES: Final = group(
    "wishes",
    "3. 本人／家族の意向について",
    prose("wishes.interests", "本人の趣味・興味・関心領域等"),
    prose("wishes.life", "本人の生活歴"),
    tick("wishes.see_plan", "同封の居宅サービス計画書（1）を参照", width="full"),
    prose("wishes.person", "入院前の本人の生活に対する意向"),
    prose("wishes.family", "入院前の家族の生活に対する意向"),
)

SERVICES: Final = group(
    "services",
    "4. 入院前の介護サービスの利用状況",
    several(
        "services.enclosed",
        "同封の書類",
        "plan1=居宅サービス計画書1表 plan2=居宅サービス計画書2表 plan3=居宅サービス計画書3表",
    ),
    prose("services.other", "その他", limit=500),
)

PROSPECT: Final = group(
    "prospect",
    "5. 今後の在宅生活の展望について（ケアマネジャーとしての意見）",
    prose("prospect.needs", "在宅生活に必要な要件"),
    with_text(
        several_listed("prospect.household", "退院後の世帯状況", "household"),
        "99",
        "その他の内容",
    ),
    with_text(
        choice("prospect.care", "世帯に対する配慮", "unneeded=不要 needed=必要"),
        "needed",
        "必要な配慮",
    ),
    with_text(
        choice("prospect.carer", "退院後の主介護者", "same=本シート2に同じ other=左記以外"),
        "other",
        "氏名・続柄・年齢",
    ),
    choice(
        "prospect.capacity",
        "介護力",
        "enough=見込める（十分） partly=見込める（一部） not=見込めない "
        "nobody=家族や支援者はいない",
        width="full",
        factor="no_carer",
    ),
    presence("prospect.abuse", "家族や同居者等による虐待の疑い", factor="abuse"),
    prose("prospect.remarks", "特記事項", limit=500),
)

CONFERENCE: Final = group(
    "conference",
    "6. カンファレンス等について（ケアマネジャーからの希望）",
    tick("conference.ward", "「院内の多職種カンファレンス」への参加を希望", width="full"),
    tick("conference.discharge", "「退院前カンファレンス」への参加を希望", width="full"),
    prose("conference.request", "具体的な要望", limit=500),
    tick("conference.home_visit", "「退院前訪問指導」を実施する場合の同行を希望", width="full"),
)

MIND: Final = group(
    "mind",
    "精神面・疾患・入院の経過",
    with_text(
        several_listed(
            "mind.behaviour",
            "精神面における療養上の問題",
            "mental_state",
            absence=UNKNOWN,
            unconfirmed=NOT_COMPARED,
        ),
        "99",
        "その他の内容",
    ),
    with_text(
        several(
            "illness.history",
            "疾患歴",
            "cancer=悪性腫瘍 dementia=認知症 respiratory=急性呼吸器感染症 stroke=脳血管障害 "
            "fracture=骨折 other=その他",
            absence=NONE,
            factor="acute",
            unconfirmed=NOT_COMPARED,
        ),
        "other",
        "その他の内容",
    ),
    presence(
        "illness.stay",
        "最近半年間での入院",
        "理由・期間",
        unknown=True,
        factor="readmission",
        unconfirmed=NOT_COMPARED,
    ),
    choice(
        "illness.frequency",
        "入院頻度",
        "high=頻度は高い・繰り返している low=頻度は低いが、これまでにもある first=今回が初めて",
        width="full",
        factor="readmission",
        unconfirmed=NOT_COMPARED,
    ),
    with_text(
        several_listed(
            "illness.procedures",
            "入院前に実施している医療処置",
            "medical_care",
            factor="home_treatment",
            unconfirmed=NOT_COMPARED,
        ),
        "14 99",
        "自己注射・その他の内容",
    ),
)

FUNCTIONS: Final = group(
    "functions",
    "7. 身体・生活機能の状況／療養生活上の課題について",
    note("functions.factors", "＊は退院困難な要因に関わる項目です。"),
    daily_living(),
    meals(),
    toilet(),
    activities(),
    MIND,
)

DRUGS: Final = group(
    "drugs",
    "8. お薬について",
    note("drugs.copy", "必要に応じて「お薬手帳（コピー）」を添付してください。"),
    presence("drugs.taken", "内服薬"),
    presence("drugs.guidance", "居宅療養管理指導", "職種"),
    with_text(
        choice("drugs.keeper", "薬剤管理", "self=自己管理 other=他者による管理"),
        "other",
        "管理者・管理方法",
    ),
    choice(
        "drugs.compliance",
        "服薬状況",
        "prescribed=処方通り服用 sometimes=時々飲み忘れ "
        "rarely=飲み忘れが多い・処方が守られていない refused=服薬拒否",
        width="full",
    ),
    prose("drugs.remarks", "お薬に関する特記事項", limit=500),
    tick("drugs.notebook", "お薬手帳のコピーを添付した"),
    unconfirmed=NOT_COMPARED,
)

DOCTOR: Final = group(
    "doctor",
    "9. かかりつけ医について",
    line("doctor.organisation", "かかりつけ医療機関名", prefill="doctor.organisation"),
    line("doctor.phone", "電話番号", prefill="doctor.phone"),
    line("doctor.name", "医師名", prefill="doctor.name"),
    choice("doctor.means", "診察方法", "visit=通院 home=訪問診療", width="quarter"),
    number("doctor.frequency", "頻度", "回/月"),
    line("dentist.name", "かかりつけ歯科医療機関", unconfirmed=NEW_EDITION, absence=NONE),
    line(
        "pharmacy.name",
        "かかりつけ薬局",
        unconfirmed=NEW_EDITION,
        absence=NONE,
        prefill="pharmacy.name",
    ),
    unconfirmed=NOT_COMPARED,
)

LAST_STAGE: Final = group(
    "last_stage",
    "10. 人生の最終段階における医療・ケアに関する情報",
    choice("last_stage.talked", "意向の話し合い", "done=実施した not_done=実施していない"),
    day(
        "last_stage.talked_on",
        "最終実施日",
        enabled=when("last_stage.talked", "done"),
        demanded=True,
    ),
    line(
        "last_stage.reason",
        "実施していない理由",
        enabled=when("last_stage.talked", "not_done"),
        limit=500,
    ),
    with_text(
        several(
            "last_stage.people",
            "話し合いの参加者",
            "person=本人 family=家族 team=医療・ケアチーム other=その他",
            enabled=when("last_stage.talked", "done"),
        ),
        "other",
        "その他の参加者",
    ),
    tick("last_stage.see_record", "内容は別紙（話し合いの記録）を参照", width="full"),
    prose("last_stage.content", "話し合いの内容"),
    note(
        "last_stage.notice",
        "本人の意思の記録です。指示ではありません。内容は話し合いの記録とあわせて確かめてください。",
    ),
    unconfirmed=NEW_EDITION,
)

FORM: Final = ShippedForm(
    code="admission_info",
    name="入院時情報提供書",
    edition="平成30年の様式に、令和6年改定の様式にあるとされる項目を加えたもの",
    number=1,
    issuer="厚生労働省（様式例）",
    source="平成30年の様式の通知の写し、介護情報様式例 p.36、令和6年度介護報酬の入院時情報連携加算",
    valid_from=date(2024, 4, 1),
    unconfirmed=(
        "令和6年改定の様式の原本は確認できていません。未確認の印のある項目は原本と照合してください。",
        "様式は例示です。必要な情報があれば、ほかの様式も使えます。",
    ),
    items=(
        HEAD,
        BASIC,
        FAMILY,
        WISHES,
        SERVICES,
        PROSPECT,
        CONFERENCE,
        FUNCTIONS,
        DRUGS,
        DOCTOR,
        LAST_STAGE,
    ),
)
