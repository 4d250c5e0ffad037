"""Which forms a rule can name."""

from __future__ import annotations

from renkei.care.transitions.models import RuleVersion
from renkei.care.transitions.rule_content import parse
from renkei.care.transitions.rule_texts import form_name
from renkei.foundation.common import clock
from renkei.foundation.sheets.queries import usable_versions


def form_choices(draft: RuleVersion) -> list[tuple[str, str]]:
    """The forms the rule's area can use today, and those the draft names already."""
    usable = usable_versions(draft.rule.owner_area, clock.today()).select_related("form")
    names = {one.form.code: one.form.name for one in usable}
    for form in parse(draft.content).forms:
        names.setdefault(form.code, form_name(form.code))
    return sorted(names.items(), key=lambda pair: pair[1])
