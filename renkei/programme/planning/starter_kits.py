"""What the kit 「小規模町村」 holds: plain words to start from, everything meant to be changed.

Source: the four scenes and eight items of the handbook; members and the year's course as in
domain/training-outreach-consult.md §1.1 and §10. The wording is ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from renkei.programme.planning.models import AgendaKind, RaisedFrom

NAME: Final = "小規模町村"
VISION: Final = "医療や介護が必要になっても、この町で、その人らしく暮らせる。"
VISIONS: Final = {
    "daily": "通院がむずかしくなっても、家で治療と暮らしを続けられる。",
    "hospital": "入院しても、早くから話し合い、元の暮らしに戻れる。",
    "acute": "夜や休日に具合が悪くなっても、頼る所が決まっている。",
    "end": "望む場所で、望むように最期を迎えられる。",
}


@dataclass(frozen=True, slots=True)
class Start:
    """One goal with its suggested indicator and the activity that serves it."""

    scene: str
    item: str
    goal: str
    indicator: str
    activity: str
    target: str
    part: str
    months: tuple[int, ...]


STARTS: Final = (
    Start("daily", "a", "資源の一覧を毎年確かめ、みなが使えるようにする", "D-S2",
          "資源の台帳の点検と更新", "citizens", "1", (4, 9)),
    Start("daily", "b", "協議会で課題と対応策を話し合う", "D-S6",
          "協議会の開催", "workers", "1", (6, 3)),
    Start("daily", "e", "関係者の相談に早くこたえる", "",
          "相談窓口の運営", "workers", "2", (4,)),
    Start("daily", "f", "職種をこえて学び合う", "",
          "多職種研修", "workers", "4", (1, 2)),
    Start("daily", "h", "近くの市町村と保健所と話し合う", "",
          "近隣の市町村・保健所との連絡会", "workers", "4", (10,)),
    Start("hospital", "c", "退院のときの連携を増やす", "A-P1",
          "入退院調整ルールの運用と調査", "workers", "4", (7,)),
    Start("hospital", "d", "入院のときの情報提供を増やす", "A-P2",
          "入院時の情報提供書をそろえる", "workers", "4", (8,)),
    Start("acute", "c", "急なときに往診を受けられる人を増やす", "E-P1",
          "夜間・休日の連絡先の一覧", "workers", "4", (5, 11)),
    Start("end", "g", "もしものときの話し合いを広げる", "K-O2",
          "人生会議の講座とノートの配布", "citizens", "3", (11,)),
    Start("end", "f", "看取りを支える職員を増やす", "K-P2",
          "看取りの研修", "facilities", "4", (2,)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RoleToFill:
    profession: str
    office: str
    position: str = "member"


ROLES: Final = (
    RoleToFill("医師", "医師会", "chair"),
    RoleToFill("歯科医師", "歯科医師会"),
    RoleToFill("薬剤師", "薬剤師会"),
    RoleToFill("看護師", "訪問看護ステーション"),
    RoleToFill("介護支援専門員", "居宅介護支援事業所"),
    RoleToFill("医療ソーシャルワーカー", "病院の地域連携室"),
    RoleToFill("社会福祉士", "地域包括支援センター"),
    RoleToFill("社会福祉協議会職員", "社会福祉協議会"),
    RoleToFill("救急隊員", "消防本部"),
    RoleToFill("保健師", "保健所", "observer"),
)
AGENDA: Final = (
    (AgendaKind.REPORT, "在宅医療・介護連携推進事業の進め方について"),
    (AgendaKind.REPORT, "地域の現状（指標）について"),
    (AgendaKind.DISCUSSION, "めざす姿と、場面ごとの課題について"),
)
COUNCIL_PURPOSE: Final = "在宅医療と介護の連携の課題を取り出し、対応策を話し合う。"


@dataclass(frozen=True, slots=True)
class IssueTemplate:
    """A form of words; an issue itself needs evidence and is never made without."""

    title: str
    scene: str
    item: str
    raised_from: str


ISSUES: Final = (
    IssueTemplate("訪問診療を行う医療機関が少ない", "daily", "c", RaisedFrom.RESOURCE),
    IssueTemplate("退院の連絡が、直前にしか届かない", "hospital", "d", RaisedFrom.INDICATOR),
    IssueTemplate("夜間・休日に連絡のつく所がわからない", "acute", "c", RaisedFrom.MEETING),
    IssueTemplate("もしものときの話し合いが、できていない", "end", "g", RaisedFrom.RESIDENT),
)
