"""Into hospital and home again, and who comes tonight."""

from __future__ import annotations

from renkei.foundation.accounts.models import Role
from tests.architecture.permissions.audiences import CITY, TEAM, Audience

TONIGHT = "tonight person_tonight person_tonight_edit roster_list roster_week roster_edit"
TONIGHT += " roster_end roster_day roster_pattern roster_copy roster_file doctor_list doctor_add"
TONIGHT += " doctor_edit absence_cancel person_pair pair_propose pair_step pair_confirm"

# Whoever works by the rule, or sits in the meeting that makes it.
RULE_READERS = TEAM | CITY | {Role.PREFECTURE, Role.COUNCIL_MEMBER}
KEEPERS = TEAM | CITY
OWN_CONTACTS = "own add confirm edit remove undo"

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
    "transitions:rule_list": RULE_READERS,
    "transitions:rule_detail": RULE_READERS,
    "transitions:contact_list": RULE_READERS,
    "transitions:contact_list_file": RULE_READERS,
    "transitions:contact_remind": CITY,
    **{f"transitions:contact_{name}": KEEPERS for name in OWN_CONTACTS.split()},
}
