"""Groups of items that several forms share: body and daily life.

Source: 厚生労働省 介護情報様式例 p.36 (ADL, 食事・口腔, 排泄).
IADL, 睡眠, 喫煙, 飲酒 and the senses are the usual items, not compared with the official form.
"""

from __future__ import annotations

from typing import Final

from renkei.foundation.sheets.shipped.build import (
    NONE,
    NONE_OR_UNKNOWN,
    NOT_COMPARED,
    Item,
    choice,
    group,
    line,
    listed,
    measure,
    number,
    presence,
    prose,
    several_listed,
    tick,
    with_text,
)

_BASIC_ACTS: Final = (
    ("moving", "移動"),
    ("transfer", "移乗"),
    ("dressing", "更衣"),
    ("grooming", "整容"),
    ("bathing", "入浴"),
    ("eating", "食事"),
    ("rising", "起居動作"),
)
_TOILET_ACTS: Final = (("urination", "排尿"), ("defecation", "排便"))
_HOUSEHOLD_ACTS: Final = (
    ("cooking", "調理"),
    ("shopping", "買物"),
    ("cleaning", "掃除・整理"),
    ("laundry", "洗濯"),
    ("money", "金銭管理"),
    ("medicine", "服薬管理"),
)
_SENSES: Final = (
    ("sight", "視力"),
    ("hearing", "聴力"),
    ("speech", "言語"),
    ("understanding", "意思疎通"),
)


def _scale(link: str, label: str, **rest: str) -> Item:
    return listed(link, label, "adl", **rest)


def daily_living(label: str = "ADL") -> Item:
    """ADL with aids, 麻痺, 褥瘡. 入浴 and 更衣 decline belong to the factors of discharge."""
    return group(
        "adl",
        label,
        listed("adl.paralysis", "麻痺の状況", "severity"),
        presence("adl.pressure_ulcer", "褥瘡の有無", "部位・程度"),
        *(_scale(f"adl.{code}", label, factor="adl_decline") for code, label in _BASIC_ACTS),
        with_text(
            several_listed("adl.aids_indoors", "移動（室内）の用具", "walking_aid", absence=NONE),
            "04",
            "室内のその他の用具",
        ),
        with_text(
            several_listed("adl.aids_outdoors", "移動（屋外）の用具", "walking_aid", absence=NONE),
            "04",
            "屋外のその他の用具",
        ),
    )


def meals() -> Item:
    return group(
        "meals",
        "食事・口腔",
        number("meals.count", "食事回数", "回/日"),
        line("meals.breakfast", "朝（時刻）", width="quarter", limit=20),
        line("meals.lunch", "昼（時刻）", width="quarter", limit=20),
        line("meals.dinner", "夜（時刻）", width="quarter", limit=20),
        presence("meals.restriction", "食事制限", unknown=True),
        listed("meals.form", "食事形態", "meal_form"),
        line("meals.udf", "UDF等の食形態区分"),
        listed("meals.route", "摂取方法", "intake_route"),
        presence("meals.thickener", "水分とろみ", "程度"),
        presence("meals.water", "水分制限", unknown=True),
        listed("meals.swallowing", "嚥下機能", "swallowing"),
        listed("meals.denture", "義歯", "denture"),
        listed("meals.hygiene", "口腔清潔", "oral_hygiene"),
        choice("meals.odour", "口臭", "present=あり", absence=NONE),
    )


def toilet() -> Item:
    return group(
        "toilet",
        "排泄",
        *(_scale(f"toilet.{code}", label, factor="toilet_help") for code, label in _TOILET_ACTS),
        listed("toilet.commode", "ポータブルトイレ", "toilet_aid"),
        listed(
            "toilet.pad",
            "おむつ／パッド",
            "toilet_aid",
            unconfirmed=NOT_COMPARED,
        ),
    )


def activities() -> Item:
    return group(
        "activities",
        "IADL・睡眠・感覚・意思疎通",
        *(_scale(f"iadl.{code}", label) for code, label in _HOUSEHOLD_ACTS),
        with_text(choice("sleep.state", "睡眠の状態", "good=良 poor=不良"), "poor", "不良の内容"),
        presence("sleep.drug", "眠剤の使用", "薬の名前"),
        number("habits.smoking", "喫煙量", "本/日", absence=NONE_OR_UNKNOWN),
        measure("habits.drinking", "飲酒量", "合/日", absence=NONE_OR_UNKNOWN),
        *(listed(f"senses.{code}", label, "difficulty") for code, label in _SENSES),
        tick("senses.glasses", "眼鏡を使う", width="quarter"),
        tick("senses.hearing_aid", "補聴器を使う", width="quarter"),
        prose("senses.remarks", "コミュニケーションに関する特記事項", limit=500),
        unconfirmed=NOT_COMPARED,
    )
