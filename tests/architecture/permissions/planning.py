"""Councils, issues and plans."""

from __future__ import annotations

from renkei.foundation.accounts.models import Role
from tests.architecture.permissions.audiences import CITY, CITY_OR_DESK, TEAM, Audience

# Anybody of these may sit on a council; which, a query says.
GOERS = TEAM | CITY | {Role.PREFECTURE, Role.COUNCIL_MEMBER, Role.FIRE_DISPATCH}
READ = "council_list council_detail group_table council_public_xlsx meeting_detail"
READ += " meeting_calendar meeting_paper seat_answer material_file action_list"
CLERKED = "meeting_add meeting_edit meeting_call meeting_remind meeting_cancel meeting_step"
CLERKED += " meeting_back meeting_attendance meeting_fees meeting_fees_xlsx seat_reply"
CLERKED += " material_add material_remove line_add line_edit line_remove action_edit"
OWNED = "council_add council_edit member_add member_edit rate_list rate_edit"
READ += " issue_list issue_detail evidence_file"
PLANS_WRITTEN = "issue_add issue_edit issue_step evidence_add evidence_remove"
OWNED += " item_add item_edit item_raise item_remove"

# Those whose everyday work the programme is.
PLAN_READERS = CITY_OR_DESK | {Role.COUNCIL_MEMBER, Role.PREFECTURE}
PLANS_READ = "plan_list plan_detail plan_cuts"
PLANS_WRITTEN += " plan_add plan_edit goal_add goal_edit goal_review activity_add activity_edit"
PLANS_WRITTEN += " activity_review cell_leave_out plan_review plan_carry"

# Contracts, reports, money, deadlines.
PROGRAMME_READERS = CITY_OR_DESK | {Role.PREFECTURE}
PROGRAMME_READ = "programme programme_of outline_file report_file sister_list publicity_list"
PROGRAMME_READ += " money money_outcomes money_workbook"
PROGRAMME_WRITTEN = "arrangement_add arrangement_edit report_add report_edit"
PROGRAMME_WRITTEN += " sister_add sister_edit"
PROGRAMME_WRITTEN += " publicity_add publicity_edit publicity_remove"
PROGRAMME_WRITTEN += " money_add money_edit money_remove money_import"
PROGRAMME_WRITTEN += " calendar_add calendar_edit calendar_tick"
PROGRAMME_OWN = "due_list calendar"

PAGES: dict[str, Audience] = {
    **{f"planning:{name}": GOERS for name in READ.split()},
    **{f"planning:{name}": CITY_OR_DESK for name in CLERKED.split()},
    **{f"planning:{name}": CITY for name in OWNED.split()},
    **{f"planning:{name}": PLAN_READERS for name in PLANS_READ.split()},
    **{f"planning:{name}": CITY | {Role.PREFECTURE} for name in PLANS_WRITTEN.split()},
    **{f"planning:{name}": PROGRAMME_READERS for name in PROGRAMME_READ.split()},
    **{f"planning:{name}": CITY for name in PROGRAMME_WRITTEN.split()},
    **{f"planning:{name}": CITY_OR_DESK for name in PROGRAMME_OWN.split()},
}
