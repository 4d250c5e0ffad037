"""Writing people, organisations and memberships."""

from renkei.foundation.accounts.services.invitations import (
    IssuedInvitation,
    accept_invitation,
    invite_member,
    join_by_invitation,
    mail_invitation,
    renew_sign_in,
    revoke_invitation,
)
from renkei.foundation.accounts.services.members import (
    change_role,
    choose_membership,
    create_member,
    end_membership,
    enrol_totp,
    revoke_membership,
)
from renkei.foundation.accounts.services.organisations import (
    change_organisation,
    register_organisation,
)

__all__ = [
    "IssuedInvitation",
    "accept_invitation",
    "change_organisation",
    "change_role",
    "choose_membership",
    "create_member",
    "end_membership",
    "enrol_totp",
    "invite_member",
    "join_by_invitation",
    "mail_invitation",
    "register_organisation",
    "renew_sign_in",
    "revoke_invitation",
    "revoke_membership",
]
