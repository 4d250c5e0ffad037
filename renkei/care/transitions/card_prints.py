"""Cards on label sheets: A4, each where its label lies, beginning at any place of a used sheet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from renkei.care.transitions.card_values import ManagerCard, PersonCard
from renkei.care.transitions.label_sheets import LabelSheet
from renkei.foundation.common import clock, eras
from renkei.foundation.common.documents.pdf import compile_pdf
from renkei.foundation.common.qr import qr_svg, size_mm

TEMPLATE: Final = Path(__file__).parent / "print" / "labels.typ"
MANAGER_TITLE: Final = "ケアマネの名刺"
PERSON_TITLE: Final = "医療・介護連携カード"


def manager_cards_pdf(cards: Sequence[ManagerCard], sheet: LabelSheet, *, start: int = 0) -> bytes:
    """These cards, the first at place ``start`` (0: the upper left)."""
    faces = [_manager_face(card) for card in cards]
    return _print(faces, sheet, start, MANAGER_TITLE)


def person_cards_pdf(
    card: PersonCard, sheet: LabelSheet, *, copies: int = 1, start: int = 0
) -> bytes:
    """The same card several times: for the insurance case, the notebook, the family."""
    return _print([_person_face(card)] * copies, sheet, start, PERSON_TITLE)


def _print(faces: Sequence[dict[str, Any]], sheet: LabelSheet, start: int, title: str) -> bytes:
    pages: list[list[dict[str, Any]]] = []
    for number, face in enumerate(faces):
        page, place = divmod(start + number, sheet.places)
        if page == len(pages):
            pages.append([])
        x, y = sheet.corner(place)
        pages[page].append({**face, "x": x, "y": y})
    data = {
        "width": sheet.width,
        "height": sheet.height,
        "cut": sheet.cut_marks,
        "pages": pages,
    }
    return compile_pdf(TEMPLATE, data, title=title)


def _manager_face(card: ManagerCard) -> dict[str, Any]:
    return {
        "top": card.office,
        "name": card.name,
        "under": card.profession,
        "rows": _reach(card),
        "foot": "入院したら、この名刺を病院に見せてください。",
        "qr": _qr(card),
    }


def _person_face(card: PersonCard) -> dict[str, Any]:
    manager, day = card.manager, eras.format_western(clock.today())
    rows = [["ケアマネ", _manager(manager), manager.phone]] if manager else []
    named = (("かかりつけ医", card.doctor), ("訪問看護", card.station), ("薬局", card.pharmacy))
    rows += [[label, name, phone] for label, (name, phone) in named if name]
    return {
        "top": f"{PERSON_TITLE}（{day}）　入院したら病院に見せてください",
        "name": f"{card.name} 様",
        "under": "",
        "rows": rows,
        "foot": "",
        "qr": _qr(manager) if manager else None,
    }


def _manager(card: ManagerCard) -> str:
    return (
        f"{card.name}（{card.office}）" if card.name and card.office else card.name or card.office
    )


def _reach(card: ManagerCard) -> list[list[str]]:
    rows = [["電話", card.phone, ""], ["FAX", card.fax, ""], ["夜間", card.night_phone, ""]]
    return [*(row for row in rows if row[1]), *([["受付", card.hours, ""]] if card.hours else [])]


def _qr(card: ManagerCard) -> dict[str, Any] | None:
    if not card.phone:
        return None
    return {"svg": qr_svg(card.code, label="電話番号のQRコード"), "size": size_mm(card.code)}
