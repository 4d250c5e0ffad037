"""What an item may be filled with beforehand; the rooms of care supply the values."""

from __future__ import annotations

PREFILLS: dict[str, str] = {
    "patient.name": "本人の氏名",
    "patient.kana": "本人のフリガナ",
    "patient.birth_date": "本人の生年月日",
    "patient.sex": "本人の性別",
    "patient.postcode": "本人の郵便番号",
    "patient.address": "本人の住所",
    "patient.phone": "本人の電話番号",
    "patient.care_level": "要介護状態区分",
    "patient.care_level_from": "認定の始まり",
    "patient.care_level_until": "認定の終わり",
    "patient.certification_state": "認定状況区分",
    "patient.disability_independence": "障害高齢者の日常生活自立度",
    "patient.dementia_independence": "認知症高齢者の日常生活自立度",
    "patient.insurer_number": "保険者番号",
    "patient.insured_number": "被保険者番号",
    "patient.household": "世帯構成",
    "patient.age": "本人の年齢",
    "patient.drugs": "飲んでいる薬",
    "key_person.name": "キーパーソンの氏名",
    "key_person.relation": "キーパーソンの続柄",
    "key_person.phone": "キーパーソンの電話番号",
    "main_carer.name": "主介護者の氏名",
    "main_carer.relation": "主介護者の続柄",
    "main_carer.phone": "主介護者の電話番号",
    "doctor.name": "かかりつけ医の氏名",
    "doctor.organisation": "かかりつけ医の医療機関",
    "doctor.phone": "かかりつけ医の電話番号",
    "station.name": "訪問看護の事業所名",
    "station.phone": "訪問看護の電話番号",
    "pharmacy.name": "薬局名",
    "pharmacy.phone": "薬局の電話番号",
    "care_manager.name": "介護支援専門員の氏名",
    "care_manager.organisation": "居宅介護支援事業所名",
    "care_manager.phone": "介護支援専門員の電話番号",
    "care_manager.fax": "介護支援専門員のFAX番号",
    "hospital_of_choice.name": "希望する病院",
    "author.name": "書く人の氏名",
    "author.profession": "書く人の職種",
    "author.signed": "書く人の職種・氏名",
    "author.organisation": "書く人の組織",
    "author.phone": "書く人の電話番号",
    "author.fax": "書く人のFAX番号",
    "today": "きょうの日付",
    # Known where a form is written for a stay in hospital.
    "stay.hospital": "入院先の病院",
    "stay.ward": "入院先の病棟",
    "stay.recipient": "入院先の担当者",
    "stay.admitted_on": "入院日",
    "stay.planned_discharge_on": "退院予定日",
    "stay.discharged_on": "退院日",
}

# What belongs to the writing itself: a new edition does not take it from the one before.
OF_THE_MOMENT = frozenset(
    code for code in PREFILLS if code == "today" or code.startswith("author.")
)
