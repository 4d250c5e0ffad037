"""The record on paper, for the wall or the entrance: the wish, who confirmed it, whom to call.

The QR code holds the address of the emergency screen: it opens for those who have a way in.
Source: domain/forms.md §9.3.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from renkei.care.patients.models import Patient
from renkei.care.transitions.presenters_end_of_life import (
    NO_ORDER,
    doctor_phones,
    shown_items,
    state_word,
)
from renkei.care.transitions.queries.end_of_life import PersonWish
from renkei.care.transitions.wish_standing import ItemLine
from renkei.foundation.common import clock
from renkei.foundation.common.documents.pdf import compile_pdf, head
from renkei.foundation.common.eras import (
    format_both,
    format_long,
    format_screen,
    format_western,
)
from renkei.foundation.common.qr import qr_svg, size_mm

TEMPLATES: Final = Path(__file__).parent / "templates"
TITLE: Final = "本人の意思の記録"
NOT_RECORDED: Final = "記録なし"


def wish_sheet_pdf(patient: Patient, found: PersonWish, *, address: str) -> bytes:
    """One A4 sheet. The wish has been read through the gate by the caller."""
    wish = found.wish
    today = clock.today()
    doctor = NOT_RECORDED
    if wish is not None:
        doctor = str(wish.get_doctor_confirmation_display())
        if wish.doctor_confirmed_on:
            doctor += f"　{wish.doctor_name}　{format_screen(wish.doctor_confirmed_on)}"
    rows = [
        ["意思を示した人", (wish.spoken_by if wish else "") or NOT_RECORDED],
        ["意思の記録", (wish.emergency_summary or wish.text) if wish else NOT_RECORDED],
        ["話した日", format_screen(wish.talked_on) if wish else NOT_RECORDED],
        ["話した人", wish.participants if wish else NOT_RECORDED],
        ["医師の確認", doctor],
        [
            "見直す日",
            format_screen(wish.review_on) if wish and wish.review_on else NOT_RECORDED,
        ],
    ]
    data = {
        "head": head(
            town=found.edition.area.name if found.edition else "",
            name=f"{TITLE}（指示書ではありません）",
            issued_on=today,
            source=f"{format_long(today)}の記録。新しい紙を印刷したら、古い紙は捨ててください。",
        ),
        "no_order": NO_ORDER,
        "name": patient.name,
        "kana": patient.kana,
        "born": format_both(patient.birth_on) if patient.birth_on else NOT_RECORDED,
        "rows": rows,
        "state": state_word(found)[1],
        "items": [
            [one.line.item.label, one.word, *_who_and_when(one.line)] for one in shown_items(found)
        ],
        "phones": [[label, number] for label, number in doctor_phones(found)],
        "crew": found.conditions.crew_text if found.conditions else "",
        "qr": {"svg": qr_svg(address, label="救急の画面のQRコード"), "size": size_mm(address)},
    }
    return compile_pdf(TEMPLATES / "wish_sheet.typ", data, title=TITLE)


def _who_and_when(line: ItemLine) -> tuple[str, str]:
    if line.fact is None:
        return "―", "―"
    until = format_western(line.until) if line.until else ""
    return line.fact.person_name, f"{format_western(line.fact.happened_on)}～{until}"
