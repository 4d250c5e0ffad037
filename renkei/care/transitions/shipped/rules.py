"""Two example rules. Nobody's rule: each value is a fact some region published, or says that it
was only put there to make the example whole.

Source: domain/admission-discharge-rules.md §2, §3, §4.1, §7.2 and the regional rules named there.
"""

from __future__ import annotations

from typing import Any, Final

from renkei.care.transitions.models.cases import FactKind, PatientClass, Side
from renkei.care.transitions.rule_content import (
    BUSINESS_DAYS,
    CALENDAR_DAYS,
    LEAK_REASONS,
    NEXT_BUSINESS_DAY,
    PLANNED_DISCHARGE,
    SAME_DAY,
    STAYS,
    Criterion,
    Deadline,
    LeakReason,
    MetricDefinition,
    RuleContent,
    RuleForm,
    Step,
)

FUKUI: Final = "福井県 退院支援ルール 資料2"
FEE: Final = "入院時情報連携加算（令和6年度介護報酬）"
SUPPORT_FEE: Final = "入退院支援加算1（診療報酬）"
SEINO: Final = "西濃 入退院調整ルール Q&A"
TATEBAYASHI: Final = "館林邑楽 入退院調整ルール 手引き"
MADE_UP: Final = "例（出典なし。この例のために置いた値）"
OWN: Final = "Renkeiの整理（公表された報告に式はない）"

H, C = Side.HOSPITAL.value, Side.CARE.value
K = FactKind
ALL: Final = tuple(PatientClass.values)
WITH_MANAGER: Final = (PatientClass.A.value, PatientClass.UNKNOWN.value)

CLASSES: Final = (
    Criterion("A", "入院前にケアマネジャーがいる方（要介護・要支援）", FUKUI),
    Criterion("B", "入院前にケアマネジャーがいない方（認定なし、または契約前）", FUKUI),
)
FUKUI_CRITERIA: Final = (
    Criterion("1", "立ち上がりや歩行に介助が必要", FUKUI),
    Criterion("2", "食事に介助が必要", FUKUI),
    Criterion("3", "排泄に介助が必要、またはポータブルトイレを使用中", FUKUI),
    Criterion("4", "日常生活に支障を来す症状のある認知症", FUKUI),
    Criterion("5", "在宅では独居に近く、調理や掃除など身の回りに介助が必要", FUKUI),
    Criterion("6", "ADLは自立でも、がんの末期", FUKUI),
    Criterion("7", "新たに医療処置が追加された（膀胱留置カテーテル、経管栄養、吸引など）", FUKUI),
)
SHORT_CRITERIA: Final = (
    *FUKUI_CRITERIA[:4],
    Criterion("5", "新たに医療処置が追加された", FUKUI),
    Criterion("6", "40～64歳で、介護保険の16の特定疾病のどれかにあたる", FUKUI),
)
FORMS: Final = (
    RuleForm("admission_info", K.ADMISSION_INFO_SENT.value),
    RuleForm("discharge_record", K.CONFERENCE_HELD.value),
    RuleForm("discharge_summary", K.SUMMARY_HANDED_OVER.value),
    RuleForm("follow_up_report", K.FOLLOW_UP_REPORTED.value),
)
STEPS: Final = (
    Step("1", "入院。ケアマネを確かめ、入院したことを伝える", H, "入院の当日", "", FUKUI),
    Step("2", "入院時情報提供書を送る", C, "当日、遅くとも3日目", "admission_info", FEE),
    Step("3", "退院困難の確認。支援が要るかを決める", H, "入院から3日以内", "", SUPPORT_FEE),
    Step("4", "入院中の連携。様子を伝え合う", C, "週に1回、または変わったとき", "", MADE_UP),
    Step("5", "退院支援の開始。退院の予定と見込みを伝える", H, "準備ができるよう早めに", "", FUKUI),
    Step("6", "退院前の情報提供とカンファレンス", H, "退院の前", "discharge_record", TATEBAYASHI),
    Step("7", "ケアプランを作り、サービスを調整する", C, "準備の期間", "", TATEBAYASHI),
    Step("8", "退院の当日。サマリー・処方・指示書を渡す", H, "退院の当日", "", TATEBAYASHI),
    Step("9", "退院後の様子を病院に伝える", C, "退院から1～2週間", "", FUKUI),
)


def _deadline(code: str, label: str, side: str, **fields: Any) -> Deadline:
    """A deadline in days of the calendar from admission, unless said otherwise."""
    values: dict[str, Any] = {
        "starts": K.ADMISSION_REGISTERED.value,
        "unit": CALENDAR_DAYS,
        "classes": ALL,
        "after_hours": SAME_DAY,
        "closed_day": STAYS,
        "soon_days": 1,
        **fields,
    }
    return Deadline(code=code, label=label, side=side, **values)


T1_DONE: Final = (K.ADMISSION_INFO_SENT.value,)
T2_DONE: Final = (K.SCREENING_DONE.value,)
T3_DONE: Final = (K.TALK_HELD.value,)
T4_DONE: Final = (K.CONFERENCE_HELD.value,)
T5_DONE: Final = (K.DISCHARGE_NOTIFIED.value,)
T6_DONE: Final = (K.FOLLOW_UP_REPORTED.value,)
T7_DONE: Final = (K.SUMMARY_HANDED_OVER.value,)
FROM_SCREENING: Final = K.SCREENING_DONE.value
FROM_DISCHARGE: Final = K.DISCHARGED.value


def _metric(code: str, label: str, text: str, parts: tuple[str, str], **fields: Any) -> Any:
    values: dict[str, Any] = {
        "counts_facilities": False,
        "counts_transfers": False,
        "counts_deaths": False,
        "counts_support_levels": True,
        "leaves_out_stays_up_to_days": 0,
        "source": OWN,
        **fields,
    }
    numerator, denominator = parts
    return MetricDefinition(
        code=code, label=label, text=text, numerator=numerator, denominator=denominator, **values
    )


def _metrics(**fields: Any) -> tuple[MetricDefinition, ...]:
    """The numbers of domain/admission-discharge-rules.md §7.2, over one denominator."""
    home = "自宅や住まいへ退院した方" if not fields.get("counts_facilities") else "退院した方"
    short = fields.get("leaves_out_stays_up_to_days", 0)
    more = f"、{short}日以内の入院" if short else ""
    discharged = f"ケアマネのいる、{home}（死亡と転院{more}を除く）"
    return (
        _metric(
            "coordination_rate",
            "退院調整率",
            f"{discharged}のうち、病院から退院前に連絡があった割合。",
            ("退院前に病院から連絡があった人", discharged),
            **fields,
        ),
        _metric(
            "leak_rate",
            "退院調整もれ率",
            f"{discharged}のうち、退院前に連絡がなかった割合。",
            ("退院前に連絡がなかった人", discharged),
            **fields,
        ),
        _metric(
            "admission_info_rate",
            "入院時情報提供率",
            "ケアマネのいる方の入院のうち、ケアマネが情報を送った割合。",
            ("情報を送った入院", "ケアマネのいる方の入院"),
            **fields,
        ),
        _metric(
            "admission_info_same_day_rate",
            "入院時情報提供率（同日）",
            "ケアマネのいる方の入院のうち、当日までに情報を送った割合。",
            ("当日までに情報を送った入院", "ケアマネのいる方の入院"),
            **fields,
        ),
        _metric(
            "follow_up_rate",
            "退院後情報提供率",
            f"{discharged}のうち、退院後の様子を病院に伝えた割合。",
            ("退院後の様子を伝えた人", discharged),
            **fields,
        ),
    )


CALENDAR_RULE: Final = RuleContent(
    title="例1　暦日で数えるルール",
    summary="土日・祝日も数えます。7項目の基準と、退院の1週間前の連絡（福井県の公表資料に近い形）。",
    counting="土日・祝日も数えます。動く側の休みを考えた実質の期限も示します。",
    classes=CLASSES,
    criteria=FUKUI_CRITERIA,
    steps=STEPS,
    deadlines=(
        _deadline(
            "T1",
            "入院時の情報提供",
            C,
            done_by=T1_DONE,
            amount=2,
            classes=WITH_MANAGER,
            source=FEE,
        ),
        _deadline("T2", "退院困難の確認", H, done_by=T2_DONE, amount=3, source=SUPPORT_FEE),
        _deadline("T3", "初回の面談", H, done_by=T3_DONE, amount=7, source=SUPPORT_FEE),
        _deadline(
            "T4",
            "カンファレンス",
            H,
            starts=FROM_SCREENING,
            done_by=T4_DONE,
            amount=7,
            source=SUPPORT_FEE,
        ),
        _deadline(
            "T5",
            "退院の連絡",
            H,
            starts=PLANNED_DISCHARGE,
            done_by=T5_DONE,
            amount=7,
            source=f"{FUKUI}（準備の期間は約1週間）",
        ),
        _deadline(
            "T6",
            "退院後の報告",
            C,
            starts=FROM_DISCHARGE,
            done_by=T6_DONE,
            amount=14,
            soon_days=3,
            source=f"{FUKUI} ⑤",
        ),
        _deadline(
            "T7",
            "退院時サマリー",
            H,
            starts=FROM_DISCHARGE,
            done_by=T7_DONE,
            amount=3,
            source=f"{TATEBAYASHI}（退院の当日に渡す）。知らせるまでの日数は{MADE_UP}",
        ),
    ),
    forms=FORMS,
    metrics=_metrics(),
    leak_reasons=LEAK_REASONS,
    closes_after_days=30,
    contact_stale_after_months=12,
    notes=("要介護の方も要支援の方も情報を提供します（福井県）。",),
)

BUSINESS_RULE: Final = RuleContent(
    title="例2　営業日で数えるルール",
    summary="動く側の営業日で数え、受付時間の後の入院は次の営業日から。短い入院は分母に入れません。",
    counting="土日・祝日・年末年始と、その事業所が休む日は数えません。受付時間の後は次の営業日から数えます。",
    classes=CLASSES,
    criteria=SHORT_CRITERIA,
    steps=STEPS,
    deadlines=(
        _deadline(
            "T1",
            "入院時の情報提供",
            C,
            done_by=T1_DONE,
            amount=0,
            unit=BUSINESS_DAYS,
            classes=WITH_MANAGER,
            after_hours=NEXT_BUSINESS_DAY,
            closed_day=NEXT_BUSINESS_DAY,
            soon_days=0,
            source=f"{FEE}（Ⅰ）：当日。営業時間の後や休みの日の入院は翌営業日",
        ),
        _deadline(
            "T2",
            "退院困難の確認",
            H,
            done_by=T2_DONE,
            amount=3,
            unit=BUSINESS_DAYS,
            after_hours=NEXT_BUSINESS_DAY,
            source=f"{SUPPORT_FEE}の日数。営業日で数えるのは{MADE_UP}",
        ),
        _deadline(
            "T3",
            "初回の面談",
            H,
            done_by=T3_DONE,
            amount=5,
            unit=BUSINESS_DAYS,
            after_hours=NEXT_BUSINESS_DAY,
            source=MADE_UP,
        ),
        _deadline(
            "T4",
            "カンファレンス",
            H,
            starts=FROM_SCREENING,
            done_by=T4_DONE,
            amount=7,
            unit=BUSINESS_DAYS,
            source=f"{TATEBAYASHI}（1回目の情報提供の後）。日数は{MADE_UP}",
        ),
        _deadline(
            "T5",
            "退院の連絡",
            H,
            starts=PLANNED_DISCHARGE,
            done_by=T5_DONE,
            amount=5,
            unit=BUSINESS_DAYS,
            source=f"{SEINO}（2～3日前の急な退院が課題）。日数は{MADE_UP}",
        ),
        _deadline(
            "T6",
            "退院後の報告",
            C,
            starts=FROM_DISCHARGE,
            done_by=T6_DONE,
            amount=10,
            unit=BUSINESS_DAYS,
            soon_days=3,
            source=MADE_UP,
        ),
        _deadline(
            "T7",
            "退院時サマリー",
            H,
            starts=FROM_DISCHARGE,
            done_by=T7_DONE,
            amount=5,
            unit=BUSINESS_DAYS,
            source=f"{TATEBAYASHI}（退院の当日に渡す）。知らせるまでの日数は{MADE_UP}",
        ),
    ),
    forms=FORMS,
    metrics=_metrics(
        counts_facilities=True,
        leaves_out_stays_up_to_days=3,
        source=f"{SEINO}（1～3日の入院は用紙が要らないことがある）",
    ),
    leak_reasons=(*LEAK_REASONS[:7], LeakReason("08", "その他")),
    closes_after_days=30,
    contact_stale_after_months=12,
    notes=(
        "1～3日の短い入院は用紙が要らないことがあります。サービスが変わるときは連絡します（西濃）。",
    ),
)

SHIPPED: Final = {"example-calendar": CALENDAR_RULE, "example-business": BUSINESS_RULE}
