"""Numbers of the region: the programme's people."""

from __future__ import annotations

from renkei.foundation.accounts.models import Role
from tests.architecture.permissions.audiences import CITY, Audience

READERS = CITY | {Role.PREFECTURE, Role.COUNCIL_MEMBER, Role.DESK}
READ = (
    "first_screen indicator_list indicator_detail progress quality indicator_file indicator_beside"
    " indicator_map indicator_map_file projection_list projection_detail projection_file"
    " projection_compare"
)
BRING_IN = "import_new import_detail import_columns import_preview import_apply import_discard"
BRING_IN += " value_confirm import_header projection_new projection_edit import_progress"
BRING_IN += " import_stop"

PAGES: dict[str, Audience] = {
    **{f"indicators:{name}": READERS for name in READ.split()},
    **{f"indicators:{name}": CITY for name in BRING_IN.split()},
}
