"""What stands on a card, and what its QR code holds: ways to reach an office, never a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

NOT_RECORDED: Final = "記録なし"


@dataclass(frozen=True)
class ManagerCard:
    """ケアマネの名刺: name, office, telephone, FAX, hours."""

    name: str
    profession: str
    office: str
    phone: str
    fax: str = ""
    hours: str = ""
    night_phone: str = ""

    @property
    def code(self) -> str:
        """The office and its number, as telephones take them over.

        Source: MECARD, the format of NTT docomo for contact data in QR codes.
        """
        parts = {"N": self.name, "TEL": _digits(self.phone), "ORG": self.office}
        body = "".join(f"{key}:{_escaped(value)};" for key, value in parts.items() if value)
        return f"MECARD:{body};"


@dataclass(frozen=True)
class PersonCard:
    """医療・介護連携カード, kept with the insurance card and the drug notebook.

    Source: domain/forms.md §12.
    """

    name: str
    manager: ManagerCard | None
    doctor: tuple[str, str] = ("", "")
    station: tuple[str, str] = ("", "")
    pharmacy: tuple[str, str] = ("", "")


def _digits(phone: str) -> str:
    return "".join(each for each in phone if each.isdigit() or each == "+")


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ":", ",", '"'):
        text = text.replace(sign, f"\\{sign}")
    return text
