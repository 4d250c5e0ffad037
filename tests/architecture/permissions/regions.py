"""Between the prefecture and its municipalities: support, bases, tools, reviews."""

from __future__ import annotations

from renkei.foundation.accounts.models import Role
from tests.architecture.permissions.audiences import CITY, CITY_OR_DESK, Audience

PREFECTURE = frozenset({Role.PREFECTURE})
AREAS = CITY | PREFECTURE
SUPPORT_READ = "support_home support_request support_request_close material_list review_actions"
SUPPORT_READ += " shared_material_file good_case_list good_case"
SUPPORT_GIVEN = "support_log support_log_add support_request_answer material_share material_edit"
SUPPORT_GIVEN += " material_withdraw base_add base_edit"
SUPPORT_ASKED = "support_request_add good_case_add good_case_edit good_case_publish review_take_up"
BASES_READ = "base_list base_detail base_consultation_add base_evidence_add"
BASES_READ += " base_evidence_file base_evidence_remove"
TOOLS_READ = "tool_list tool_detail tool_evidence_file"
TOOLS_KEPT = "tool_add tool_edit tool_evidence_add tool_step_tick tool_step_untick"
TOOLS_KEPT += " tool_evidence_remove"

PAGES: dict[str, Audience] = {
    **{f"planning:{name}": AREAS for name in SUPPORT_READ.split()},
    **{f"planning:{name}": PREFECTURE for name in SUPPORT_GIVEN.split()},
    **{f"planning:{name}": CITY for name in SUPPORT_ASKED.split()},
    **{f"planning:{name}": AREAS | {Role.DESK} for name in BASES_READ.split()},
    **{
        f"planning:{name}": CITY_OR_DESK | {Role.COUNCIL_MEMBER, Role.PREFECTURE}
        for name in TOOLS_READ.split()
    },
    **{f"planning:{name}": CITY_OR_DESK for name in TOOLS_KEPT.split()},
}
