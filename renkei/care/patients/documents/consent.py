"""What a consent says, on one sheet: proof for somebody who has no account."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from renkei.care.patients.models import Consent, Patient, Relative
from renkei.care.patients.presenters_consent import consent_lines
from renkei.foundation.common import clock
from renkei.foundation.common.documents.pdf import compile_pdf, head
from renkei.foundation.common.eras import format_both

TEMPLATE: Final = Path(__file__).parent / "templates" / "consent_record.typ"
TITLE: Final = "同意の記録の写し"


def consent_record_pdf(patient: Patient, consent: Consent, *, relative: Relative | None) -> bytes:
    """The decision as it stands today. Names of relatives who are not to know stay out of it."""
    [line] = consent_lines([consent], on=clock.today(), hosted=False)
    born = format_both(patient.birth_on) if patient.birth_on else "記録なし"
    rows = [
        ("氏名", f"{patient.name}（{patient.kana}）" if patient.kana else patient.name),
        ("生年月日", born),
        ("だれの意思か", f"家族　{relative.name}（{relative.relation}）" if relative else "本人"),
        ("いまの状態", line.state.word),
        ("意思を示した日", format_both(consent.decided_on)),
        ("方法", str(consent.get_method_display())),
        ("期間", line.period),
        ("目的", line.purposes),
        ("内容", line.contents),
        ("共有する相手", line.recipients),
        ("代理", line.proxy),
        ("説明した人", consent.explained_by),
        ("立ち会った人", consent.witness),
    ]
    data = {
        "head": head(
            town=patient.host.name,
            name=TITLE,
            issued_on=clock.today(),
            source="発行した日の状態です。撤回されると効力がなくなります。",
        ),
        "rows": [[label, value] for label, value in rows if value],
    }
    return compile_pdf(TEMPLATE, data, title=TITLE)
