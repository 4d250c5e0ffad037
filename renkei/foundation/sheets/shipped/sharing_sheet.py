"""情報共有シート: what hospital and home tell each other around a discharge.

Source: 県中地域 退院調整共有情報シート 様式2; 大和クリニックの様式 (代理意思決定者, 終末期の希望,
バックベッド, 経済); both as read in public copies.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from renkei.foundation.sheets.shipped.build import (
    NONE,
    NONE_OR_UNKNOWN,
    PRIVATE,
    ShippedForm,
    choice,
    day,
    group,
    line,
    listed,
    measure,
    note,
    number,
    presence,
    prose,
    several,
    tick,
    when,
    with_text,
)
from renkei.foundation.sheets.shipped.functions import daily_living

MOST_RELATIVES: Final = 6

HEAD: Final = group(
    "head",
    "記入",
    day("head.written_on", "記入日", prefill="today", required=True),
    line("head.author", "記入者（職種・氏名）", prefill="author.signed"),
    line("head.hospital", "病院名"),
    line("head.contact", "担当"),
    line("head.recipient", "提供先"),
)

PERSON: Final = group(
    "person",
    "1. 患者",
    line("person.name", "氏名", prefill="patient.name", required=True),
    line("person.kana", "かな", prefill="patient.kana"),
    day("person.birth_date", "生年月日", prefill="patient.birth_date"),
    listed(
        "person.sex",
        "性別",
        "sex",
        prefill="patient.sex",
        absence=("not-disclosed",),
    ),
    line("person.address", "住所", width="full", prefill="patient.address"),
    line("person.phone", "電話番号", prefill="patient.phone"),
    line("person.hospital_doctor", "病院主治医"),
    line("person.home_doctor", "在宅主治医", prefill="doctor.name"),
    prose("person.illness", "入院の原因となった病名", limit=500),
    measure("person.height", "身長", "cm"),
    measure("person.weight", "体重", "kg"),
    prose("person.history", "既往歴（医療処置は詳しく）", absence=NONE_OR_UNKNOWN),
)

FAMILY: Final = group(
    "family",
    "2. 家族・支える人",
    choice("family.household", "世帯", "alone=独居 together=同居"),
    number(
        "family.count",
        "同居の人数",
        "人",
        enabled=when("family.household", "together"),
    ),
    group(
        "relatives",
        "家族（1人に1行）",
        line("relatives.name", "氏名", required=True),
        line("relatives.relation", "続柄", width="quarter"),
        several(
            "relatives.roles",
            "役割",
            "key=キーパーソン carer=主な介護者 proxy=代理意思決定者",
        ),
        line("relatives.address", "住所"),
        line("relatives.phone", "電話"),
        most=MOST_RELATIVES,
    ),
    choice(
        "family.certification",
        "介護認定",
        "not_applied=無（未申請） applying=無（申請中） certified=有",
        width="full",
    ),
    listed(
        "family.care_level",
        "要介護度",
        "care_level",
        width="full",
        prefill="patient.care_level",
        enabled=when("family.certification", "certified"),
        demanded=True,
    ),
)

SERVICES: Final = group(
    "services",
    "3. 希望するサービス",
    with_text(
        several(
            "services.wished",
            "サービス",
            "visit_care=訪問介護 day_rehabilitation=通所リハビリ visit_nursing=訪問看護 "
            "short_stay=短期入所 bed=ベッド air_mattress=エアーマット supplies=介護用品 "
            "visit_bathing=訪問入浴 visit_rehabilitation=訪問リハビリ day_care=通所介護 "
            "home_visit=訪問診療 meals=宅配食 wheelchair=車いす commode=ポータブルトイレ "
            "other=その他",
            absence=NONE,
        ),
        "other",
        "その他のサービス",
    ),
)

TREATMENT: Final = group(
    "treatment",
    "4. 病状と治療",
    prose("treatment.explained", "病状の説明内容"),
    prose("treatment.acceptance", "受け止め・今後の希望"),
    prose("treatment.present", "現在の治療状況"),
    prose("treatment.advice", "医師からの在宅での助言"),
)

NUTRITION: Final = group(
    "nutrition",
    "6. 口腔・栄養",
    listed("nutrition.mouth", "口腔清潔の介助", "adl"),
    listed("nutrition.denture", "義歯", "denture"),
    listed("nutrition.form", "食形態", "meal_form", width="full"),
    presence("nutrition.tube", "経管栄養", "種類・量"),
    presence("nutrition.forbidden", "禁食", "理由・期間"),
    number("nutrition.energy", "栄養量", "kcal/日"),
)

REHABILITATION: Final = group(
    "rehabilitation",
    "7. リハビリ",
    prose("rehabilitation.goal", "リハビリ目標"),
    prose("rehabilitation.limits", "制限事項", absence=NONE),
)

LAST_STAGE: Final = group(
    "last_stage",
    "8. 終末期の希望と急変時",
    note("last_stage.notice", "本人・家族の希望の記録です。指示ではありません。"),
    with_text(
        choice(
            "last_stage.place",
            "終末期の療養先の希望",
            "home=自宅 hospital=病院 facility=施設 undecided=決めていない other=その他",
            width="full",
            absence=PRIVATE,
        ),
        "other",
        "その他の療養先",
    ),
    prose("last_stage.treatment", "終末期の治療の希望", absence=PRIVATE),
    day("last_stage.asked_on", "希望を聞いた日"),
    line("last_stage.asked_by", "聞いた人（職種・氏名）"),
    presence("last_stage.back_bed", "急変時の受入確認（バックベッド）", "施設名", unknown=True),
)

MONEY: Final = group(
    "money",
    "9. 経済",
    prose("money.state", "経済の状況", limit=500, absence=PRIVATE),
    line("money.limit", "医療保険の限度額の区分", absence=PRIVATE),
    tick("money.limit_certificate", "限度額適用の手続きが済んでいる"),
)

FORM: Final = ShippedForm(
    code="sharing_sheet",
    name="情報共有シート",
    edition="退院調整共有情報シートにならい、終末期の希望などを加えたもの",
    number=1,
    issuer="連携（製品の様式）",
    source="県中地域 退院調整共有情報シート 様式2、大和クリニックの様式（公開されている写し）",
    valid_from=date(2024, 4, 1),
    unconfirmed=("地域の様式は版によって項目が違います。地域で使う版と照合してください。",),
    items=(
        HEAD,
        PERSON,
        FAMILY,
        SERVICES,
        TREATMENT,
        daily_living("5. ADL"),
        NUTRITION,
        REHABILITATION,
        LAST_STAGE,
        MONEY,
    ),
)
