"""What an area asks for before a wish about resuscitation is shown as confirmed. Pure.

An area's own agreement is data; the example shows what one can hold and is in force nowhere.
Source: domain/forms.md §9.3 (fields of a DNAR record; the four conditions of the Tokyo Fire
Department). Rules differ by area, so nothing here is fixed in code but the shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from django.core.exceptions import ValidationError

from renkei.care.transitions.models.end_of_life import WishFactKind

KINDS: Final = (WishFactKind.CONFIRMED, WishFactKind.TOLD, WishFactKind.PLACED)
MOST_ITEMS: Final = 14
MOST_MONTHS: Final = 60


@dataclass(frozen=True)
class Item:
    """One confirmation, one office to tell, or one paper. ``months``: how old it may be at most."""

    code: str
    kind: WishFactKind
    label: str
    # Who confirms, or who is told, in the area's words.
    by: str = ""
    months: int | None = None
    required: bool = True


@dataclass(frozen=True)
class Conditions:
    """One edition. ``crew_text``: what the area's crews do, shown beside the record."""

    title: str
    items: tuple[Item, ...]
    crew_text: str = ""
    source: str = ""

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self)

    def item(self, code: str) -> Item | None:
        """One item by its code."""
        return next((one for one in self.items if one.code == code), None)


def parse(content: Mapping[str, Any]) -> Conditions:
    """Stored content.

    Raises:
        ValidationError: no item, too many, one without a name, or twice the same.
    """
    items = tuple(
        Item(
            code=str(one["code"]),
            kind=WishFactKind(one["kind"]),
            label=str(one["label"]).strip(),
            by=str(one.get("by", "")),
            months=one.get("months"),
            required=bool(one.get("required", True)),
        )
        for one in content.get("items", ())
    )
    if not 0 < len(items) <= MOST_ITEMS:
        raise ValidationError(f"項目を1つから{MOST_ITEMS}までにしてください。")
    labels = [one.label for one in items]
    if not all(labels) or len(set(labels)) < len(labels):
        raise ValidationError("項目の名称を、1つずつ違うことばで入力してください。")
    if not any(one.required for one in items):
        raise ValidationError("「そろっている」と示すために必要な項目を1つ以上選んでください。")
    return Conditions(
        title=str(content.get("title", "")),
        items=items,
        crew_text=str(content.get("crew_text", "")),
        source=str(content.get("source", "")),
    )


C, T, P = WishFactKind.CONFIRMED, WishFactKind.TOLD, WishFactKind.PLACED
EXAMPLE: Final = Conditions(
    title="在宅での看取りと意思の確認の取り決め（例）",
    crew_text="救急隊は、心停止のとき、記録と今の様子が合うかを確かめ、かかりつけ医に電話して"
    "指示を受けます。医師と連絡がつかないときや、外傷などで様子が違うときは、ふだんどおり救命します。",
    source="東京消防庁の4つの条件（2019年から）をもとにした例。地域で話し合って決めてください。",
    items=(
        Item("talk", C, "本人との話し合い（人生会議）", "本人・家族・医療と介護の担当", 12),
        Item("final_stage", C, "人生の最終段階にあるという医学的な判断", "かかりつけ医", 6),
        Item("expected", C, "想定される症状", "かかりつけ医", 6),
        Item("doctor_call", C, "24時間つながる医師の電話番号", "かかりつけ医・代わりの医師", 12),
        Item("family", C, "家族が本人の意思を知っていること", "家族", 12),
        Item("paper", P, "紙の置き場所", "家族・訪問看護", 12),
        Item("told_station", T, "訪問看護ステーション", "", 12),
        Item("told_care_manager", T, "ケアマネジャー", "", 12),
        Item("told_fire", T, "消防本部", "", 12, required=False),
    ),
)
