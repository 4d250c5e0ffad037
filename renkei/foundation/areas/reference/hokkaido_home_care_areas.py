"""在宅医療圏 of 北海道 as the ministry's committee saw them: 18 of 39, and what was printed of all.

Source: 令和5年度在宅医療・介護連携推進支援事業 第3回検討委員会 資料 (厚生労働省), table of
北海道; domain/source-features.md §4. The other 21 areas are not in the source. The day of the
populations is not printed.
"""

from __future__ import annotations

from typing import NamedTuple

SOURCE = "令和5年度在宅医療・介護連携推進支援事業 第3回検討委員会 資料（北海道）"
PREFECTURE_CODE = "01"


class HomeCareArea(NamedTuple):
    """One row of the table."""

    tertiary: str
    secondary: str
    name: str
    health_centre: str
    members: tuple[str, ...]
    population: int


class PrintedTotals(NamedTuple):
    """Totals the source prints; they cannot be derived from the 18 rows and are shown as quoted."""

    secondary_areas: int = 21
    home_care_areas: int = 39
    municipalities: int = 179
    prefectural_health_centres: int = 26
    councils: int = 28
    coinciding_areas: int = 12
    single_city_areas: int = 7


PRINTED = PrintedTotals()
# A city whose own health centre runs the programme; the others are the prefecture's.
CITY_HEALTH_CENTRES = frozenset({"旭川市"})

_TABLE = """
道北|上川中部|旭川市|旭川市|旭川市|329306
道北|上川中部|上川|上川|鷹栖町 東神楽町 当麻町 比布町 愛別町 上川町 東川町 美瑛町 幌加内町|51990
道北|上川北部|上川北部|名寄|士別市 名寄市 和寒町 剣淵町 下川町 美深町 音威子府村 中川町|60763
道北|富良野|富良野|富良野|富良野市 上富良野町 中富良野町 南富良野町 占冠村|39894
道北|留萌|留萌|留萌|留萌市 増毛町 小平町 苫前町 羽幌町 初山別村 遠別町 天塩町|43050
道北|宗谷|宗谷|稚内|稚内市 猿払村 浜頓別町 中頓別町 枝幸町 豊富町 幌延町 礼文町 利尻町 利尻富士町|65961
オホーツク|北網|北見|北見|北見市 訓子府町 置戸町 美幌町 津別町|146002
オホーツク|北網|網走|網走|網走市 斜里町 清里町 小清水町 大空町|62458
オホーツク|遠紋|紋別|紋別|紋別市 滝上町 興部町 西興部村 雄武町|32516
オホーツク|遠紋|遠軽|紋別|佐呂間町 遠軽町 湧別町|32386
十勝|十勝|帯広市|帯広|帯広市|166536
十勝|十勝|東十勝|帯広|豊頃町 浦幌町 池田町 幕別町|39469
十勝|十勝|西十勝|帯広|新得町 清水町 芽室町 鹿追町|38225
十勝|十勝|南十勝|帯広|広尾町 大樹町 更別村 中札内村|18771
十勝|十勝|北十勝|帯広|上士幌町 士幌町 音更町 本別町 足寄町 陸別町|69647
釧路・根室|釧路|釧路|釧路|釧路市 釧路町 厚岸町 浜中町 標茶町 弟子屈町 鶴居村 白糠町|222613
釧路・根室|根室|根室市|根室|根室市|24636
釧路・根室|根室|中標津|中標津|別海町 中標津町 標津町 羅臼町|47135
"""  # noqa: E501 - rows as in the source


def _row(line: str) -> HomeCareArea:
    tertiary, secondary, name, health_centre, members, population = line.split("|")
    return HomeCareArea(
        tertiary, secondary, name, health_centre, tuple(members.split()), int(population)
    )


HOME_CARE_AREAS = tuple(map(_row, _TABLE.strip().splitlines()))
