"""Which municipality lies in which 二次医療圏.

Source: the table 都道府県, 二次医療圏, 市区町村 (secondary-medical-area-members.csv). It has no day
and lacks every designated city (政令指定都市): those are told, not guessed.
"""

from __future__ import annotations

from renkei.foundation.areas.edges import (
    ensure_area,
    ensure_hierarchy,
    is_designated_city,
    place_under,
)
from renkei.foundation.areas.importers.files import (
    Content,
    FileReport,
    ImportOptions,
    RefusedFile,
)
from renkei.foundation.areas.models import Area, AreaEdge, AreaLevel, Hierarchy, HierarchyCode
from renkei.foundation.areas.queries import areas_on, municipality_index
from renkei.foundation.areas.resolver import MunicipalityIndex
from renkei.foundation.common.spreadsheets.columns import match_columns

LABEL = "二次医療圏の構成市町村"
ORDER = 50
SOURCE = "二次医療圏の構成市町村の一覧"
_ALIASES = {
    "prefecture": ["都道府県", "都道府県名"],
    "area": ["二次医療圏", "二次医療圏名"],
    "municipality": ["市区町村", "市区町村名", "市町村"],
}


def recognises(content: Content) -> bool:
    head = content.head(1)
    return bool(head) and len(match_columns(head[0], _ALIASES).positions) == len(_ALIASES)


def run(content: Content, options: ImportOptions, report: FileReport) -> None:
    """Put municipalities under their 二次医療圏 and those under their prefecture."""
    sheet = content.sheet(report)
    columns = match_columns(sheet[0][1], _ALIASES)
    index = municipality_index(options.today)
    placement = _Placement(options, report)
    for number, cells in sheet[1:]:
        row = {name: cell.strip() for name, cell in columns.pick(cells).items()}
        placement.add(row["prefecture"], row["area"], row["municipality"], index, number)
    if not placement.placed:
        raise RefusedFile(
            f"{content.name}：市区町村が1つも見つかりません。先に市区町村の一覧を取り込んでください。"
        )
    _tell_missing_cities(placement, report)


class _Placement:
    """The areas of this file as they are found, and the edges to them."""

    def __init__(self, options: ImportOptions, report: FileReport) -> None:
        self._options = options
        self._report = report
        self._hierarchy = ensure_hierarchy(HierarchyCode.MEDICAL)
        self._second: dict[tuple[str, str], Area] = {}
        self._municipalities = {area.pk: area for area in areas_on(options.today)}
        self._prefectures = {
            area.prefecture_code: area
            for area in self._municipalities.values()
            if area.level == AreaLevel.PREFECTURE
        }
        self._parents = medical_parents(self._hierarchy, options)
        self.placed: set[int] = set()
        self.prefectures: set[str] = set()

    def add(
        self, prefecture: str, area: str, municipality: str, index: MunicipalityIndex, number: int
    ) -> None:
        found = index.resolve(municipality, prefecture=prefecture)
        if not area or found is None or found.rest:
            self._report.problem(
                f"「{prefecture}{municipality}」は見つかりません。名称を確かめてください。",
                row=number,
            )
            return
        second = self._second_area(found.municipality.prefecture_code, area)
        self.prefectures.add(second.prefecture_code)
        self.placed.add(found.municipality.id)
        self._place(self._municipalities[found.municipality.id], second)

    def _second_area(self, prefecture_code: str, name: str) -> Area:
        key = (prefecture_code, name)
        if key not in self._second:
            area, added = ensure_area(
                AreaLevel.SECONDARY_MEDICAL, name, prefecture_code=prefecture_code, source=SOURCE
            )
            self._second[key] = area
            if added:
                self._report.counts.added += 1
                place_under(
                    self._hierarchy,
                    child=area,
                    parent=self._prefectures[prefecture_code],
                    valid_from=None,
                    source=SOURCE,
                )
        return self._second[key]

    def _place(self, municipality: Area, second: Area) -> None:
        above = self._parents.get(municipality.pk)
        # A 在宅医療圏 between the two says the same with more detail.
        if above and second.pk in {above.pk, getattr(self._parents.get(above.pk), "pk", None)}:
            self._report.counts.unchanged += 1
            return
        if above and self._options.valid_from is None:
            self._report.problem(
                f"{municipality.name}は「{above.name}」に属していますが、"
                f"ファイルでは「{second.name}」です。"
                "変わった日を --valid-from で指定して取り込んでください。"
            )
            return
        place_under(
            self._hierarchy,
            child=municipality,
            parent=second,
            valid_from=self._options.valid_from if above else None,
            source=SOURCE,
        )
        self._parents[municipality.pk] = second
        self._report.counts.added += not above
        self._report.counts.changed += bool(above)


def medical_parents(hierarchy: Hierarchy, options: ImportOptions) -> dict[int, Area]:
    """The 医療圏 directly above each area today."""
    edges = AreaEdge.objects.filter(hierarchy=hierarchy, period__contains=options.today)
    return {edge.child_id: edge.parent for edge in edges.select_related("parent")}


def _tell_missing_cities(placement: _Placement, report: FileReport) -> None:
    placed = set(
        AreaEdge.objects.filter(hierarchy__code=HierarchyCode.MEDICAL).values_list(
            "child_id", flat=True
        )
    )
    areas = Area.objects.filter(
        level=AreaLevel.MUNICIPALITY,
        prefecture_code__in=placement.prefectures,
        period__endswith=None,
    ).order_by("code")
    missing = [a.name for a in areas if is_designated_city(a) and a.pk not in placed]
    if missing:
        report.problem(
            f"政令指定都市{len(missing)}市は一覧になく、医療圏が決まっていません"
            f"（{'、'.join(missing)}）。都道府県の医療計画を見て、圏域の構成の表を取り込んでください。"
        )
