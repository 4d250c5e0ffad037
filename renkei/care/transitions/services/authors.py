"""Who records, frozen as they are today."""

from __future__ import annotations

from typing import Any

from renkei.care.patients.models import Patient
from renkei.care.patients.queries import member_of
from renkei.foundation.accounts.models import Membership
from renkei.foundation.accounts.viewers import Viewer


def author_values(viewer: Viewer, patient: Patient) -> dict[str, Any]:
    """The columns of a fact that say who recorded it."""
    membership = Membership.objects.select_related("user", "organisation").get(
        pk=viewer.membership_id or 0
    )
    member = member_of(viewer, patient)
    profession = membership.profession or (member.profession if member else "")
    return {
        "author": membership,
        "author_name": membership.user.name,
        "author_profession": profession,
        "organisation": membership.organisation,
        "organisation_name": membership.organisation.name,
    }
