"""Numbers of the region: the programme's people."""

from __future__ import annotations

from renkei.foundation.accounts.models import Role
from tests.architecture.permissions.audiences import CITY, Audience

READERS = CITY | {Role.PREFECTURE, Role.COUNCIL_MEMBER, Role.DESK}

PAGES: dict[str, Audience] = {
    "indicators:indicator_list": READERS,
}
