"""Into hospital and home again, and who comes tonight."""

from __future__ import annotations

from tests.architecture.permissions.audiences import TEAM, Audience

TONIGHT = "tonight person_tonight person_tonight_edit roster_list roster_week roster_edit"
TONIGHT += " roster_end roster_day roster_pattern roster_copy roster_file doctor_list doctor_add"
TONIGHT += " doctor_edit absence_cancel person_pair pair_propose pair_step pair_confirm"

PAGES: dict[str, Audience] = {
    **{f"transitions:{name}": TEAM for name in TONIGHT.split()},
    "transitions:case_list": TEAM,
    "transitions:patient_cases": TEAM,
    "transitions:case_open": TEAM,
    "transitions:case_detail": TEAM,
    "transitions:case_arrange": TEAM,
    "transitions:case_transfer": TEAM,
    "transitions:fact_add": TEAM,
    "transitions:fact_correct": TEAM,
    "transitions:fact_retract": TEAM,
    "transitions:rule_list": TEAM,
    "transitions:rule_detail": TEAM,
}
