"""What a record is made of when it ends, how long each part stays, and who destroys it.

Source: domain/information-sharing.md §7.5 (診療録 5年: 医師法第24条第2項; 介護の記録 2年, 多くの
条例で5年: 指定居宅サービス等の事業の人員、設備及び運営に関する基準). The years are where an
installation starts; a municipality changes them (models.RetentionRule).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from renkei.care.patients.models import Patient
from renkei.foundation.audit.actors import Actor


@dataclass(frozen=True)
class DocumentClass:
    """One part of a record with a retention of its own."""

    code: str
    label: str
    years: int
    basis: str


RECORD: Final = "record"
DOCUMENT_CLASSES: Final = (
    DocumentClass("timeline", "経過", 5, "診療録に準じる（医師法第24条第2項）"),
    DocumentClass("sheets", "様式", 5, "診療録に準じる（医師法第24条第2項）"),
    DocumentClass("papers", "紙とファイル", 5, "診療録に準じる（医師法第24条第2項）"),
    DocumentClass("emergency", "救急情報と意思の記録", 5, "診療録に準じる（医師法第24条第2項）"),
    DocumentClass("consent", "同意書", 5, "介護の記録（2年、多くの条例で5年）"),
    # Who the person was goes last: without it the rest could not be found.
    DocumentClass(RECORD, "基本情報とチーム", 5, "介護の記録（2年、多くの条例で5年）"),
)


class Destroyer(Protocol):
    """Destroys what a room keeps of one class for one person; how many things that were.

    Called for every class and every person inside the transaction of the disposal; 0 where the
    room has nothing of that class.
    """

    def __call__(self, *, actor: Actor, patient: Patient, document_class: str) -> int: ...


_DESTROYERS: dict[str, Destroyer] = {}


def on_dispose(name: str, destroy: Destroyer) -> None:
    """Register a room's part in destroying a record; from ``AppConfig.ready``."""
    _DESTROYERS[name] = destroy


def destroyers() -> dict[str, Destroyer]:
    """The parts of the rooms, by the name they registered under."""
    return dict(_DESTROYERS)
