"""The 誓約書 on paper: to sign by hand, or with the signature that was given on the page."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from renkei.foundation.accounts.models import PolicyAcceptance, PolicyVersion
from renkei.foundation.common import clock
from renkei.foundation.common.documents.pdf import compile_pdf, head
from renkei.foundation.common.eras import format_long

TEMPLATE: Final = Path(__file__).parent / "templates" / "oath.typ"
NAME: Final = "誓約書"


def oath_pdf(version: PolicyVersion, acceptance: PolicyAcceptance | None = None) -> bytes:
    """One version on A4, with the signature where there is one."""
    signed = None
    if acceptance is not None:
        signed = {
            "day": format_long(acceptance.accepted_at.astimezone(clock.TOKYO).date()),
            "organisation": acceptance.membership.organisation.name,
            "profession": acceptance.membership.profession,
            "name": acceptance.signed_name,
        }
    policy = version.policy
    data = {
        "head": head(
            town=policy.organisation.name,
            name=NAME,
            issued_on=clock.today(),
            source=f"{policy.title} 第{version.number}版",
        ),
        "policy": policy.title,
        "number": version.number,
        "valid_from": format_long(version.valid_from),
        "paragraphs": [line for line in version.text.splitlines() if line.strip()],
        "to": policy.organisation.name,
        "signed": signed,
    }
    return compile_pdf(TEMPLATE, data, title=f"{NAME} {policy.title}")
