"""Reports, what is shown to residents, the starter kit."""

from __future__ import annotations

from renkei.foundation.accounts.models import Role
from tests.architecture.permissions.audiences import CITY, CITY_OR_DESK, Audience

READERS = CITY_OR_DESK | {Role.PREFECTURE}

STARTER = "starter starter_take_back starter_members starter_agenda starter_paper"
PAGES: dict[str, Audience] = {
    "planning:plan_portal": CITY | {Role.PREFECTURE},
    **{
        f"planning:{name}": READERS
        for name in ("report_list", "report_detail", "report_file", "report_note")
    },
    **{f"planning:{name}": CITY for name in ("grant_list", "grant_answer", "members_portal")},
    **{f"planning:{name}": CITY for name in STARTER.split()},
}
