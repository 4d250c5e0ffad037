"""救急医療情報シート (A4) and 医療・介護連携カード (A6). The QR code holds an address, no person.

Source: domain/forms.md §9.2 (救急医療情報キット), §12 (医療・介護連携カード).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from renkei.care.patients.models import Household, ProviderRole, Sex, Wish
from renkei.care.patients.queries_cards import CareOffice
from renkei.care.patients.queries_emergency import EmergencyScreen, Section
from renkei.foundation.common import clock, eras
from renkei.foundation.common.documents.pdf import compile_pdf
from renkei.foundation.common.qr import qr_svg, size_mm

TEMPLATES: Final = Path(__file__).parent / "templates"
NOT_RECORDED: Final = "記録なし"
KIT_TITLE: Final = "救急医療情報シート"
CARD_TITLE: Final = "医療・介護連携カード"


@dataclass(frozen=True)
class PrintedCode:
    """A card's code and PIN, at the one moment they can be printed."""

    code: str
    pin: str
    address: str
    issued_at: datetime


def kit_pdf(
    screen: EmergencyScreen, *, paper: Wish | None = None, printed: PrintedCode | None = None
) -> bytes:
    """The A4 sheet for the refrigerator door; with the QR code of a card just issued."""
    patient = screen.patient
    data = _identity(screen) | {
        "lines": [
            ["住所", " ".join(filter(None, (patient.address, patient.building))) or NOT_RECORDED],
            ["電話番号", patient.phone or NOT_RECORDED],
            ["世帯", _label(Household, patient.household)],
            ["鍵・入り方", screen.profile.key_place or NOT_RECORDED],
            ["普段の状態", screen.profile.usual_state or NOT_RECORDED],
            ["要介護度", screen.care_level or NOT_RECORDED],
            ["血液型", screen.profile.blood_type or NOT_RECORDED],
            ["緊急時の希望病院", screen.hospital or NOT_RECORDED],
        ],
        "sections": [[one.label, _items(one)] for one in screen.sections.values()],
        "contacts": [
            [
                str(number),
                f"{one.name}（{one.role}{'・24時間' if one.around_the_clock else ''}）",
                "、".join(dict.fromkeys(filter(None, (one.phone, one.second_phone)))),
            ]
            for number, one in enumerate(screen.contacts, start=1)
        ],
        "wish": _wish(screen),
        "paper": _paper(paper),
        "confirmed": _confirmed(screen),
        "qr": _qr(printed),
        "code": printed.code if printed else "",
    }
    return compile_pdf(TEMPLATES / "kit.typ", data, title=KIT_TITLE)


def card_pdf(screen: EmergencyScreen, *, office: CareOffice, printed: PrintedCode) -> bytes:
    """The card the person carries, and on a second page the PIN, to be kept apart from it."""
    providers = {
        one.role: one
        for one in screen.contacts
        if one.role
        in {
            str(role.label)
            for role in (
                ProviderRole.MAIN_DOCTOR,
                ProviderRole.STATION,
                ProviderRole.PHARMACY,
            )
        }
    }
    data = _identity(screen) | {
        "office": {
            "name": office.name,
            "phone": office.phone or NOT_RECORDED,
            "fax": office.fax or NOT_RECORDED,
            "hours": office.hours or NOT_RECORDED,
        },
        "providers": [[role, one.name, one.phone] for role, one in providers.items()],
        "qr": _qr(printed),
        "code": printed.code,
        "pin": printed.pin,
        "issued": eras.format_long(printed.issued_at.date()),
    }
    return compile_pdf(TEMPLATES / "card.typ", data, title=CARD_TITLE)


def _identity(screen: EmergencyScreen) -> dict[str, Any]:
    patient = screen.patient
    born = eras.format_both(patient.birth_on) if patient.birth_on else NOT_RECORDED
    return {
        "name": patient.name,
        "kana": patient.kana,
        "born": f"{born}生" if patient.birth_on else born,
        "age": "" if screen.age is None else f"{screen.age}歳",
        "sex": _label(Sex, patient.sex),
        "today": eras.format_long(clock.today()),
    }


def _label(choices: type[Household | Sex], value: str) -> str:
    return str(dict(choices.choices).get(value, NOT_RECORDED))


def _items(section: Section) -> str:
    if section.word:
        return section.word
    return "\n".join(
        f"{item.text}（{item.detail}）" if item.detail else item.text for item in section.items
    )


def _wish(screen: EmergencyScreen) -> dict[str, str]:
    wish = screen.wish
    if wish is None:
        word = NOT_RECORDED if screen.wishes_open else "非公開"
        return {"text": word, "talked": "", "doctor": ""}
    doctor = f"医師の確認 {wish.get_doctor_confirmation_display()}"
    if wish.doctor_confirmed_on:
        doctor += f"　{wish.doctor_name}　{eras.format_long(wish.doctor_confirmed_on)}"
    return {
        "text": wish.emergency_summary,
        "talked": f"話した日 {eras.format_long(wish.talked_on)}（{wish.participants}）",
        "doctor": doctor,
    }


def _paper(paper: Wish | None) -> str:
    if paper is None:
        return NOT_RECORDED
    return "　".join(
        filter(
            None,
            (
                paper.paper_name,
                f"{paper.paper_edition}" if paper.paper_edition else "",
                f"保管場所：{paper.paper_place}" if paper.paper_place else "",
            ),
        )
    )


def _confirmed(screen: EmergencyScreen) -> str:
    profile = screen.profile
    if profile.confirmed_on is None:
        return "全体の確認：記録なし"
    return f"全体の確認：{eras.format_long(profile.confirmed_on)}　{profile.confirmed_by}"


def _qr(printed: PrintedCode | None) -> dict[str, Any] | None:
    if printed is None:
        return None
    return {"svg": qr_svg(printed.address, label="QRコード"), "size": size_mm(printed.address)}
