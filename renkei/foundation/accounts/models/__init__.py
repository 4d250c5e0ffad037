"""People and organisations; what they agreed to; how facilities join; how people move."""

from renkei.foundation.accounts.models.joining import (
    ApplicationNote,
    ApplicationState,
    Device,
    JoiningApplication,
    NonUseReason,
    NoteKind,
    OutsideOffice,
)
from renkei.foundation.accounts.models.people import (
    Invitation,
    Membership,
    Organisation,
    OrganisationKind,
    Role,
    User,
)
from renkei.foundation.accounts.models.policies import Policy, PolicyAcceptance, PolicyVersion
from renkei.foundation.accounts.models.transfers import Move, MoveAction, Transfer, TransferState

__all__ = [
    "ApplicationNote",
    "ApplicationState",
    "Device",
    "Invitation",
    "JoiningApplication",
    "Membership",
    "Move",
    "MoveAction",
    "NonUseReason",
    "NoteKind",
    "Organisation",
    "OrganisationKind",
    "OutsideOffice",
    "Policy",
    "PolicyAcceptance",
    "PolicyVersion",
    "Role",
    "Transfer",
    "TransferState",
    "User",
]
