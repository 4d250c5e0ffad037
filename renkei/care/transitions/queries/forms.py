"""The forms a stay's rule uses, with what was written about the person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from renkei.care.patients.models import ContentClass
from renkei.care.patients.queries import merged_uids
from renkei.care.patients.queries_disclosure import visible_document_types
from renkei.care.patients.visibility import contents_open_to
from renkei.care.timelines.sheet_queries import content_of
from renkei.care.transitions.models import FactKind
from renkei.care.transitions.queries.cases import CaseDoor, team_patients
from renkei.care.transitions.rule_content import RuleContent, RuleForm
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.sheets.models import Answer, FormKind
from renkei.foundation.sheets.queries import answers_of, versions_in_force

# Where no rule is in force: the form every care manager sends.
USUAL: Final = (RuleForm("admission_info", FactKind.ADMISSION_INFO_SENT.value),)


@dataclass(frozen=True)
class CaseForm:
    """One form with its newest answer."""

    code: str
    name: str
    fact: str
    answer: Answer | None


def case_forms(door: CaseDoor, rule: RuleContent | None) -> list[CaseForm]:
    """The forms of the rule this viewer may read; none without consent to sheets and story."""
    patient = door.patient
    readable = team_patients(door.viewer, ContentClass.SHEETS).filter(pk=patient.pk).exists()
    if not (readable and door.opens_content):
        return []
    opened = contents_open_to(door.viewer, patient)
    visible = visible_document_types(door.viewer, patient)
    names = {
        version.form.code: version.form.name
        for version in versions_in_force(area=own_area_of(door.viewer), kind=FormKind.PERSON)
        if content_of(version.form.code) in opened and version.form.code in visible
    }
    newest: dict[str, Answer] = {}
    for answer in answers_of(patient.uid, also=merged_uids(patient)):
        newest.setdefault(answer.version.form.code, answer)
    wanted = rule.forms if rule else USUAL
    return [
        CaseForm(each.code, names[each.code], each.fact, newest.get(each.code))
        for each in wanted
        if each.code in names
    ]
