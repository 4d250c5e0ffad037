"""Code lists that several forms share, each code with the days on which it may be chosen.

A list changes by closing a code (``until``) and adding another: answers keep the code and the
words they were given with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from renkei.foundation.sheets.items import OPTION_SYSTEM, Option

Row = tuple[str, str]


@dataclass(frozen=True, slots=True)
class CodeList:
    """A named list. ``source`` says where its codes and words come from."""

    name: str
    label: str
    source: str
    options: tuple[Option, ...]

    def options_on(self, day: date) -> tuple[Option, ...]:
        return tuple(option for option in self.options if option.holds_on(day))


def _list(
    name: str,
    label: str,
    *rows: Row,
    source: str,
    alone: frozenset[str] = frozenset(),
    since: Mapping[str, date] | None = None,
) -> CodeList:
    first_days = since or {}
    options = tuple(
        Option(code, text, OPTION_SYSTEM + name, first_days.get(code), exclusive=code in alone)
        for code, text in rows
    )
    return CodeList(name, label, source, options)


def _numbered(*labels: str) -> tuple[Row, ...]:
    return tuple((f"{number:02}", label) for number, label in enumerate(labels, start=1))


_V41 = "ケアプランデータ連携標準仕様 V4.1"
_SAMPLE = "厚生労働省 介護情報様式例 36ページ"
_HABIT = "様式で広く使われている区分（原典は未確認）"
_ALONE = frozenset({"none"})

_LISTS = (
    _list(
        "care_level",
        "要介護状態区分",
        ("01", "非該当"),
        ("06", "事業対象者"),
        ("12", "要支援1"),
        ("13", "要支援2"),
        ("21", "要介護1"),
        ("22", "要介護2"),
        ("23", "要介護3"),
        ("24", "要介護4"),
        ("25", "要介護5"),
        source=_V41,
    ),
    _list(
        "certification_state",
        "認定状況区分",
        ("1", "申請中"),
        ("2", "認定済"),
        ("3", "未申請"),
        ("4", "区分変更申請中"),
        source=f"{_V41}（3と4は独自）",
    ),
    _list(
        "disability_independence",
        "障害高齢者の日常生活自立度",
        ("01", "自立"),
        ("11", "J1"),
        ("12", "J2"),
        ("21", "A1"),
        ("22", "A2"),
        ("31", "B1"),
        ("32", "B2"),
        ("41", "C1"),
        ("42", "C2"),
        source=_V41,
    ),
    _list(
        "dementia_independence",
        "認知症高齢者の日常生活自立度",
        ("01", "自立"),
        ("02", "Ⅰ"),
        ("03", "Ⅱa"),
        ("04", "Ⅱb"),
        ("05", "Ⅲa"),
        ("06", "Ⅲb"),
        ("07", "Ⅳ"),
        ("08", "M"),
        source=_V41,
    ),
    _list(
        "adl", "日常生活動作", *_numbered("自立", "見守り", "一部介助", "全介助"), source=_SAMPLE
    ),
    _list(
        "walking_aid",
        "移動の補助具",
        *_numbered("杖", "歩行器", "車いす", "その他"),
        source=_SAMPLE,
    ),
    _list("severity", "程度", *_numbered("なし", "軽度", "中度", "重度"), source=_SAMPLE),
    _list("presence", "有無", ("1", "あり"), ("2", "なし"), source=_SAMPLE),
    _list(
        "presence_unknown",
        "有無と不明",
        ("1", "あり"),
        ("2", "なし"),
        ("3", "不明"),
        source=_SAMPLE,
    ),
    _list(
        "meal_form",
        "食事形態",
        *_numbered("普通", "きざみ", "嚥下障害食", "ミキサー"),
        source=_SAMPLE,
    ),
    _list("intake_route", "摂取方法", *_numbered("経口", "経管栄養"), source=_SAMPLE),
    _list("swallowing", "嚥下", *_numbered("むせない", "時々むせる", "常にむせる"), source=_SAMPLE),
    _list("denture", "義歯", *_numbered("なし", "あり（部分）", "あり（総）"), source=_SAMPLE),
    _list("oral_hygiene", "口腔清潔", *_numbered("良", "不良", "著しく不良"), source=_SAMPLE),
    _list("toilet_aid", "排泄用具の使用", *_numbered("なし", "夜間", "常時"), source=_SAMPLE),
    _list(
        "medical_care",
        "医療処置",
        ("none", "なし"),
        *_numbered(
            "点滴",
            "酸素療法",
            "喀痰吸引",
            "気管切開",
            "胃ろう",
            "経鼻栄養",
            "経腸栄養",
            "褥瘡",
            "尿道カテーテル",
            "尿路ストーマ",
            "消化管ストーマ",
            "痛みコントロール",
            "排便コントロール",
            "自己注射",
        ),
        ("99", "その他"),
        source=_HABIT,
        alone=_ALONE,
    ),
    _list(
        "special_care_14_days",
        "過去14日間に受けた特別な医療",
        *_numbered(
            "点滴の管理",
            "中心静脈栄養",
            "透析",
            "ストーマの処置",
            "酸素療法",
            "レスピレーター",
            "気管切開の処置",
            "疼痛の看護",
            "経管栄養",
            "モニター測定",
            "じょくそうの処置",
            "カテーテル",
        ),
        source="要介護認定 認定調査票",
    ),
    _list(
        "mental_state",
        "精神面における療養上の問題",
        ("none", "なし"),
        *_numbered(
            "幻視・幻聴",
            "興奮",
            "焦燥・不穏",
            "妄想",
            "暴力・攻撃性",
            "介護への抵抗",
            "不眠",
            "昼夜逆転",
            "徘徊",
            "危険行為",
            "不潔行為",
        ),
        ("99", "その他"),
        source=_HABIT,
        alone=_ALONE,
    ),
    _list(
        "discharge_difficulty",
        "退院困難な要因",
        *_numbered(
            "悪性腫瘍・認知症・急性呼吸器感染症等で緊急入院",
            "要介護（要支援）認定未申請",
            "家族や同居者等による虐待の疑い",
            "医療保険未加入・生活困窮",
            "入院前よりADLが低下し介助が必要な見込み",
            "排泄介助が必要な見込み",
            "介護者がいない・不十分",
            "退院後に医療処置が必要な見込み",
            "入退院の繰り返し",
            "児童の受診に関する家庭の事情",
            "ヤングケアラー",
        ),
        ("99", "その他"),
        source="入退院支援加算の算定要件（令和4年度までの改正。文言は未確認）",
        # ヤングケアラー came with the revision of 令和4年度.
        since={"11": date(2022, 4, 1)},
    ),
    _list(
        "household",
        "世帯構成",
        *_numbered("独居", "高齢者世帯", "子と同居", "日中独居"),
        ("99", "その他"),
        source=_HABIT,
    ),
    _list(
        "dwelling",
        "居住形態",
        *_numbered("自宅", "借家", "一戸建て", "集合住宅"),
        source=f"{_V41}（05から08の組み合わせは略）",
    ),
    _list(
        "own_share",
        "自己負担割合",
        ("1", "1割"),
        ("2", "2割"),
        ("3", "3割"),
        ("9", "不明"),
        source=_HABIT,
    ),
    _list(
        "disability_certificate",
        "障害等認定",
        ("none", "なし"),
        *_numbered("身体", "療育", "精神", "難病"),
        source=_HABIT,
        alone=_ALONE,
    ),
    _list(
        "pension",
        "年金などの種類",
        *_numbered("国民年金", "厚生年金", "障害年金", "生活保護"),
        ("99", "その他"),
        source=_HABIT,
    ),
    _list(
        "sex",
        "性別",
        ("male", "男"),
        ("female", "女"),
        ("other", "その他"),
        ("unknown", "不明"),
        source="HL7 FHIR AdministrativeGender",
    ),
    _list("judge", "判断者", *_numbered("医師", "介護支援専門員"), source=_HABIT),
    _list(
        "means",
        "提供方法",
        *_numbered("面談", "FAX", "メール", "郵送", "システム", "電話"),
        ("99", "その他"),
        source=_HABIT,
    ),
    _list("consulted_by", "相談方法", *_numbered("来所", "電話", "その他"), source=_V41),
    _list("whereabouts", "現況", *_numbered("在宅", "入院又は入所中"), source=_V41),
    _list(
        "illness_course",
        "病歴の経過",
        *_numbered("治療中", "経過観察中", "その他"),
        source=_V41,
    ),
    _list("difficulty", "困難の程度", *_numbered("問題なし", "やや難あり", "困難"), source=_HABIT),
)
CODE_LISTS: dict[str, CodeList] = {entry.name: entry for entry in _LISTS}

# 医療処置 as the forms list it → 過去14日間に受けた特別な医療 of the certification: not the same
# list. What has no clear partner there (喀痰吸引, 排便コントロール, 自己注射) is left out.
SPECIAL_CARE_OF = {
    "01": "01",
    "02": "05",
    "04": "07",
    "05": "09",
    "06": "09",
    "07": "09",
    "08": "11",
    "09": "12",
    "10": "04",
    "11": "04",
    "12": "08",
}
