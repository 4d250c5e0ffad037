"""窓口一覧 on paper: kept by the telephone.

Source: domain/admission-discharge-rules.md §6 (export as PDF booklet per area).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from renkei.care.transitions.presenters_contacts import OfficeLine, PointLine, by_kind
from renkei.care.transitions.queries.contact_list import OfficeContacts
from renkei.foundation.areas.models import Area
from renkei.foundation.common import clock
from renkei.foundation.common.documents.pdf import compile_pdf, head
from renkei.foundation.common.eras import format_long

TEMPLATE: Final = Path(__file__).parent / "templates" / "contact_list.typ"
NAME: Final = "入退院の窓口一覧"


def contact_list_pdf(area: Area, offices: Iterable[OfficeContacts]) -> bytes:
    """Every office of an area on A4 landscape, by kind; those without a row are named too."""
    data = {
        "head": head(
            town=area.name,
            name=NAME,
            issued_on=clock.today(),
            source="各事業所が書いた内容です。変わったときは事業所が直します。",
        ),
        "groups": groups_of(offices),
    }
    return compile_pdf(TEMPLATE, data, title=f"{area.name} {NAME}")


def groups_of(offices: Iterable[OfficeContacts]) -> list[dict[str, Any]]:
    """The list as the templates print it."""
    return [
        {"label": group.label, "rows": [row for line in group.lines for row in _rows(line)]}
        for group in by_kind(offices)
    ]


def _rows(line: OfficeLine) -> list[dict[str, Any]]:
    if not line.points:
        empty = dict.fromkeys(
            ("ward", "who", "extension", "fax", "night", "hours", "confirmed"), ""
        )
        phone = line.office.organisation.phone
        return [{"name": line.name, **empty, "phone": phone, "notes": "窓口の記録なし"}]
    return [_row(line.name, point, is_first=place == 0) for place, point in enumerate(line.points)]


def _row(name: str, line: PointLine, *, is_first: bool) -> dict[str, Any]:
    day = line.point.confirmed_at.astimezone(clock.TOKYO).date()
    return {
        "name": name if is_first else "",
        "ward": line.point.ward,
        "who": line.who,
        "phone": line.phone,
        "extension": line.extension,
        "fax": line.fax,
        "night": line.night_phone,
        "hours": line.hours,
        "notes": "\n".join([f"連絡は{line.channel}", *line.notes]),
        "confirmed": format_long(day),
    }
