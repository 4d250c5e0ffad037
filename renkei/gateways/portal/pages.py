"""The fixed pages, each written twice: 標準 and やさしい日本語, by a person (ui.md §7)."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class FixedPage:
    """One page in two editions; ``slug`` is its address and the name of its templates."""

    slug: str
    title: str
    easy_title: str  # with readings, {家|いえ}

    @property
    def plain_title(self) -> str:
        """The title of the easy edition without readings, for the browser's tab."""
        return re.sub(r"\{([^|]+)\|[^}]+\}", r"\1", self.easy_title)


PAGES: dict[str, FixedPage] = {
    page.slug: page
    for page in (
        FixedPage("about", "この町の連携", "この{町|まち}の{連携|れんけい}"),
        FixedPage("contact", "相談窓口", "{相談|そうだん}するところ"),
        FixedPage(
            "accessibility",
            "ウェブアクセシビリティ",
            "だれでも{使|つか}えるホームページのために",
        ),
        FixedPage("sources", "データの出典と利用条件", "{情報|じょうほう}はどこから？"),
    )
}

# The eight items of the programme: letter, official name, what it is, what this site has for it.
# Source: 厚生労働省「在宅医療・介護連携推進事業の手引き」;
# 介護保険法第115条の45第2項第4号.
ITEMS: tuple[tuple[str, str, str], ...] = (
    (
        "ア",
        "地域の医療・介護の資源の把握",
        "どこに、どんな医療機関や介護の事業所があるかを調べ、一覧と地図にします。",
    ),
    (
        "イ",
        "在宅医療・介護連携の課題の抽出と対応策の検討",
        "医療と介護の関係者が会議を開き、足りないことと、その解決の方法を話し合います。",
    ),
    (
        "ウ",
        "切れ目のない在宅医療と在宅介護の提供体制の構築推進",
        "夜間や休日、入院や退院のときにも、支えがとぎれないしくみをつくります。",
    ),
    (
        "エ",
        "医療・介護関係者の情報共有の支援",
        "本人の同意を得て、医師・看護師・ケアマネジャーなどが同じ情報を見られるようにします。",
    ),
    (
        "オ",
        "在宅医療・介護連携に関する相談支援",
        "相談窓口を置き、関係者からの相談に答えます。住民の方の相談は、地域包括支援センターとともに受けます。",
    ),
    (
        "カ",
        "医療・介護関係者の研修",
        "いろいろな職種の人が、事例をもとにいっしょに学びます。",
    ),
    (
        "キ",
        "地域住民への普及啓発",
        "講演会やパンフレットで、自宅での療養や看取りについてお知らせします。",
    ),
    (
        "ク",
        "在宅医療・介護連携に関する関係市区町村の連携",
        "となりの市町村と協力し、市町村の境をこえて利用できるようにします。",
    ),
)

# The four scenes in which medicine and care meet. Source: the same guide.
SCENES: tuple[tuple[str, str, str], ...] = (
    (
        "日常の療養支援",
        "通院がむずかしくなっても、自宅で治療を続けられます。",
        "訪問診療、訪問看護、薬の届け、リハビリなど",
    ),
    (
        "入退院支援",
        "入院しても、もとの暮らしに戻れるように、病院と自宅の支え手が話し合います。",
        "病院の相談室、ケアマネジャーなど",
    ),
    (
        "急変時の対応",
        "具合が急に悪くなったとき、だれに連絡するかを前もって決めておきます。",
        "24時間連絡できる診療所、訪問看護など",
    ),
    (
        "看取り",
        "どこで、どのように最期を迎えたいか、その思いをみなで支えます。",
        "在宅での看取りに対応する診療所、訪問看護など",
    ),
)
