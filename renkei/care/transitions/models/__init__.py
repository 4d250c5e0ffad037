"""The rule, the case and the contact points. One module per theme; import from here."""

from renkei.care.transitions.models.announcements import (
    Announcement,
    AnnouncementOffice,
    AnnouncementRead,
    ReadWay,
)
from renkei.care.transitions.models.caseforms import FormSending
from renkei.care.transitions.models.cases import (
    CaseAlert,
    CaseFact,
    CaseState,
    CoordinationCase,
    FactKind,
    PatientClass,
    Side,
)
from renkei.care.transitions.models.checklists import ChecklistLine, DischargeChecklist
from renkei.care.transitions.models.conferences import (
    Conference,
    ConferenceKind,
    ConferenceSeat,
)
from renkei.care.transitions.models.contacts import (
    Channel,
    ContactChange,
    ContactChangeKind,
    ContactPoint,
    OfficeKind,
)
from renkei.care.transitions.models.doctors import (
    DeputyCall,
    Doctor,
    DoctorAbsence,
    DoctorPair,
    OfficeAbsence,
    PairNotice,
    PairRecord,
)
from renkei.care.transitions.models.drafts import DraftChange
from renkei.care.transitions.models.duties import (
    DAY_KINDS,
    FirstContact,
    Roster,
    RosterDay,
    RosterRow,
    RosterShift,
)
from renkei.care.transitions.models.emergencies import (
    AgreementNotice,
    EmergencyAgreement,
    EmergencyCall,
    EmergencyCallRecord,
)
from renkei.care.transitions.models.rules import Rule, RuleAdoption, RuleVersion, VersionState

__all__ = [
    "DAY_KINDS",
    "AgreementNotice",
    "Announcement",
    "AnnouncementOffice",
    "AnnouncementRead",
    "CaseAlert",
    "CaseFact",
    "CaseState",
    "Channel",
    "ChecklistLine",
    "Conference",
    "ConferenceKind",
    "ConferenceSeat",
    "ContactChange",
    "ContactChangeKind",
    "ContactPoint",
    "CoordinationCase",
    "DeputyCall",
    "DischargeChecklist",
    "Doctor",
    "DoctorAbsence",
    "DoctorPair",
    "DraftChange",
    "EmergencyAgreement",
    "EmergencyCall",
    "EmergencyCallRecord",
    "FactKind",
    "FirstContact",
    "FormSending",
    "OfficeAbsence",
    "OfficeKind",
    "PairNotice",
    "PairRecord",
    "PatientClass",
    "ReadWay",
    "Roster",
    "RosterDay",
    "RosterRow",
    "RosterShift",
    "Rule",
    "RuleAdoption",
    "RuleVersion",
    "Side",
    "VersionState",
]
