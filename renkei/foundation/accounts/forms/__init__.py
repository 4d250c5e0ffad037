"""Forms of one's own account, of organisations and their people, and of the audit search."""

from renkei.foundation.accounts.forms.people import (
    AcceptInvitationForm,
    EndMembershipForm,
    InvitationCodeForm,
    InviteForm,
    OrganisationChangeForm,
    OrganisationForm,
    RoleForm,
)
from renkei.foundation.accounts.forms.trail import TrailSearchForm

__all__ = [
    "AcceptInvitationForm",
    "EndMembershipForm",
    "InvitationCodeForm",
    "InviteForm",
    "OrganisationChangeForm",
    "OrganisationForm",
    "RoleForm",
    "TrailSearchForm",
]
