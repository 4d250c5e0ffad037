"""Numbers of the region: the programme's people."""

from __future__ import annotations

from renkei.foundation.accounts.models import Role
from tests.architecture.permissions.audiences import CITY, Audience

READERS = CITY | {Role.PREFECTURE, Role.COUNCIL_MEMBER, Role.DESK}
READ = "first_screen indicator_list indicator_detail"

PAGES: dict[str, Audience] = {
    **{f"indicators:{name}": READERS for name in READ.split()},
}
