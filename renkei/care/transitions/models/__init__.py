"""The rule, the case and the contact points. One module per theme; import from here."""

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
from renkei.care.transitions.models.contacts import Channel, ContactPoint
from renkei.care.transitions.models.doctors import (
    DeputyCall,
    Doctor,
    DoctorAbsence,
    DoctorPair,
    OfficeAbsence,
    PairNotice,
    PairRecord,
)
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
    "CaseAlert",
    "CaseFact",
    "CaseState",
    "Channel",
    "ChecklistLine",
    "Conference",
    "ConferenceKind",
    "ConferenceSeat",
    "ContactPoint",
    "CoordinationCase",
    "DeputyCall",
    "DischargeChecklist",
    "Doctor",
    "DoctorAbsence",
    "DoctorPair",
    "EmergencyAgreement",
    "EmergencyCall",
    "EmergencyCallRecord",
    "FactKind",
    "FirstContact",
    "FormSending",
    "OfficeAbsence",
    "PairNotice",
    "PairRecord",
    "PatientClass",
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
