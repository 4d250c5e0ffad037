"""The rule book: what a town hall hands out, with the contact list at its end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from renkei.care.transitions.documents.contact_list import groups_of
from renkei.care.transitions.models import FactKind, RuleVersion, Side, VersionState
from renkei.care.transitions.queries.contact_list import OfficeContacts
from renkei.care.transitions.rule_content import RuleContent, counting_text, parse
from renkei.care.transitions.rule_texts import (
    classes_text,
    form_name,
    how_counted,
    metric_sentences,
)
from renkei.foundation.common import clock
from renkei.foundation.common.documents.pdf import compile_pdf, head
from renkei.foundation.common.eras import format_long

TEMPLATE: Final = Path(__file__).parent / "templates" / "rule_book.typ"
NAME: Final = "入退院調整ルール"


def rule_book_pdf(
    version: RuleVersion,
    *,
    history: Sequence[RuleVersion],
    places: Sequence[str],
    offices: Iterable[OfficeContacts],
) -> bytes:
    """One edition on A4: cover, contents, rule, record of revisions, contact list."""
    content = parse(version.content)
    owner = version.rule.owner_area
    publisher = version.published_by.organisation.name if version.published_by else ""
    data = {
        "head": head(
            town=str(owner) if owner else NAME,
            name=str(version.rule),
            issued_on=clock.today(),
            source=f"第{version.number}版",
        ),
        "title": str(version.rule),
        "number": version.number,
        "from": format_long(version.period.lower) if version.period else "",
        "issued": format_long(clock.today()),
        "owner": str(owner) if owner else "",
        "publisher": publisher,
        "is_example": version.rule.is_example,
        "places": list(places),
        **_content(content),
        "history": [_edition(one) for one in history],
        "groups": groups_of(offices),
    }
    return compile_pdf(TEMPLATE, data, title=f"{version.rule} 第{version.number}版")


def _content(content: RuleContent) -> dict[str, Any]:
    return {
        "summary": content.summary,
        "counting": content.counting,
        "classes": [[each.code, each.text] for each in content.classes],
        "criteria": [[each.code, each.text] for each in content.criteria],
        "steps": [
            {
                "number": each.number,
                "title": each.title,
                "who": str(Side(each.side).label),
                "when": each.when,
                "form": form_name(each.form) if each.form else "",
            }
            for each in content.steps
        ],
        "deadlines": [
            {
                "code": each.code,
                "label": each.label,
                "who": str(Side(each.side).label),
                "until": counting_text(each),
                "how": "".join((*how_counted(each), classes_text(each.classes))),
            }
            for each in content.deadlines
        ],
        "forms": [[form_name(each.code), str(FactKind(each.fact).label)] for each in content.forms],
        "metrics": [
            {"label": each.label, "sentences": list(metric_sentences(each))}
            for each in content.metrics
        ],
        "leak_reasons": [[each.code, each.text] for each in content.leak_reasons],
        "closes_after": content.closes_after_days,
        "stale_after": content.contact_stale_after_months,
        "notes": list(content.notes),
        "sources": sorted(
            {
                each.source
                for rows in (
                    content.classes,
                    content.criteria,
                    content.steps,
                    content.deadlines,
                    content.metrics,
                )
                for each in rows
                if each.source
            }
        ),
    }


def _edition(version: RuleVersion) -> list[str]:
    withdrawn = version.state == VersionState.WITHDRAWN
    return [
        f"第{version.number}版",
        format_long(version.period.lower) if version.period else "",
        version.reason + (f"（取り下げ：{version.withdrawn_reason}）" if withdrawn else ""),
        version.decision,
    ]
