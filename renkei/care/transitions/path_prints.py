"""The overview of a person's path on A4, as the next institution gets it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from renkei.care.transitions.presenters_paths import path_page
from renkei.care.transitions.queries.paths import PathDoor
from renkei.foundation.common import clock, eras
from renkei.foundation.common.documents.pdf import compile_pdf, head

TEMPLATE: Final = Path(__file__).parent / "print" / "path.typ"


def path_pdf(door: PathDoor) -> bytes:
    """One sheet: phases, goals with day and who, variances with reason, hand-on."""
    page, patient = path_page(door), door.patient
    data = {
        "head": head(
            town=patient.host.name,
            name=f"{page.title}　{page.edition}",
            issued_on=clock.today(),
            source="例として同梱のパスです。" if page.is_example else door.content.source,
        ),
        "person": f"{patient.name}（{patient.kana}）" if patient.kana else patient.name,
        "birth": eras.format_both(patient.birth_on) if patient.birth_on else "生年月日 記録なし",
        "began": f"{page.counts_from} {page.began}",
        "waiting": page.waiting,
        "phases": [
            {
                "heading": f"{one.name}　{one.where or one.kind}",
                "under": "　".join(filter(None, (one.span, one.days, one.reached))),
                "goals": [
                    [goal.text, goal.criterion, goal.due_short, f"{goal.word}　{goal.name}".strip()]
                    for goal in one.goals
                ],
                "variances": [f"{what}　{why}" for what, why in one.variances],
                "handed": one.handed,
                "hand_on": one.hand_on,
            }
            for one in page.phases
        ],
    }
    return compile_pdf(TEMPLATE, data, title="地域連携パス")
