"""The frame every record of the programme stands in: eight items, four scenes.

Source: 在宅医療・介護連携推進事業の手引き Ver.3 (2020-09); the wording of the items as in
domain/source-features.md §2 (S3's own headings have slips).
"""

from __future__ import annotations

from django.db import models

from renkei.programme.indicators import models as indicators


class Item(models.TextChoices):
    """The eight items (ア)-(ク)."""

    A = "a", "（ア）地域の医療・介護の資源の把握"
    B = "b", "（イ）課題の抽出と対応策の検討"
    C = "c", "（ウ）切れ目のない提供体制の構築推進"
    D = "d", "（エ）医療・介護関係者の情報共有の支援"
    E = "e", "（オ）医療・介護関係者の相談支援"
    F = "f", "（カ）医療・介護関係者の研修"
    G = "g", "（キ）地域住民への普及啓発"
    H = "h", "（ク）関係市区町村の連携"


def _as_indicators(scene: indicators.Scene) -> tuple[str, str]:
    """Code and words of a scene: an indicator of a scene is one of its goals."""
    return scene.value, str(scene.label)


class Scene(models.TextChoices):
    """The four scenes, by the codes of the indicators."""

    DAILY = _as_indicators(indicators.Scene.DAILY)
    HOSPITAL = _as_indicators(indicators.Scene.HOSPITAL)
    ACUTE = _as_indicators(indicators.Scene.ACUTE)
    END = _as_indicators(indicators.Scene.END)


# How a table of S2 writes them: （エ）, ①退院支援.
SCENE_MARKS = {Scene.HOSPITAL: "①", Scene.DAILY: "②", Scene.ACUTE: "③", Scene.END: "④"}


def item_mark(item: str) -> str:
    """（エ） alone."""
    return str(Item(item).label)[:3]


def items_text(items: list[str]) -> str:
    """The marks of several items, in their order."""
    return "、".join(item_mark(one) for one in Item.values if one in items)


def scenes_text(scenes: list[str]) -> str:
    """The names of several scenes, in their order."""
    return "、".join(str(Scene(one).label) for one in Scene.values if one in scenes)


class OrdinancePart(models.TextChoices):
    """The four parts that replaced the eight items in 2020.

    Source: 介護保険法施行規則 140条の62の8 一-四 (F-FR-05); the short wording is ours, unverified.
    """

    ONE = "1", "一号　情報の収集・分析と課題の把握、計画と評価"
    TWO = "2", "二号　関係者の相談に応じ、情報を提供する"
    THREE = "3", "三号　住民への普及啓発"
    FOUR = "4", "四号　関係者の情報共有・知識の習得・連絡調整"


class Target(models.TextChoices):
    """For whom. Source: Kurume's matrix (domain/source-features.md §6)."""

    CITIZENS = "citizens", "市民"
    WORKERS = "workers", "医療・介護従事者"
    FACILITIES = "facilities", "介護施設"
