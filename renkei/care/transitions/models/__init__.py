"""The rule, the case and the contact points. One module per theme; import from here."""

from renkei.care.transitions.models.absences import MemberAbsence
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
from renkei.care.transitions.models.end_of_life import (
    WishConditions,
    WishFact,
    WishFactKind,
    WishPlan,
)
from renkei.care.transitions.models.homes import (
    CareHome,
    ContactKind,
    Cooperation,
    CooperationContact,
    CooperationNotice,
    CooperationReminder,
    Known,
)
from renkei.care.transitions.models.numbers import CaseCount
from renkei.care.transitions.models.paths import (
    PathAct,
    PathDefinition,
    PathEvent,
    PathVersion,
    PatientPath,
)
from renkei.care.transitions.models.referrals import (
    Referral,
    ReferralAct,
    ReferralDocument,
    ReferralEvent,
    ReferralKind,
    ReferralService,
    ReferralState,
)
from renkei.care.transitions.models.reviews import (
    EventReview,
    FindingKind,
    PartnerKind,
    ReviewAction,
    ReviewFinding,
    ReviewPartner,
)
from renkei.care.transitions.models.rules import Rule, RuleAdoption, RuleVersion, VersionState

__all__ = [
    "DAY_KINDS",
    "AgreementNotice",
    "Announcement",
    "AnnouncementOffice",
    "AnnouncementRead",
    "CareHome",
    "CaseAlert",
    "CaseCount",
    "CaseFact",
    "CaseState",
    "Channel",
    "ChecklistLine",
    "Conference",
    "ConferenceKind",
    "ConferenceSeat",
    "ContactChange",
    "ContactChangeKind",
    "ContactKind",
    "ContactPoint",
    "Cooperation",
    "CooperationContact",
    "CooperationNotice",
    "CooperationReminder",
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
    "EventReview",
    "FactKind",
    "FindingKind",
    "FirstContact",
    "FormSending",
    "Known",
    "MemberAbsence",
    "OfficeAbsence",
    "OfficeKind",
    "PairNotice",
    "PairRecord",
    "PartnerKind",
    "PathAct",
    "PathDefinition",
    "PathEvent",
    "PathVersion",
    "PatientClass",
    "PatientPath",
    "ReadWay",
    "Referral",
    "ReferralAct",
    "ReferralDocument",
    "ReferralEvent",
    "ReferralKind",
    "ReferralService",
    "ReferralState",
    "ReviewAction",
    "ReviewFinding",
    "ReviewPartner",
    "Roster",
    "RosterDay",
    "RosterRow",
    "RosterShift",
    "Rule",
    "RuleAdoption",
    "RuleVersion",
    "Side",
    "VersionState",
    "WishConditions",
    "WishFact",
    "WishFactKind",
    "WishPlan",
]
