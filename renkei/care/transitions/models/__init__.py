"""The rule, the case and the contact points. One module per theme; import from here."""

from renkei.care.transitions.models.cases import (
    CaseAlert,
    CaseFact,
    CaseState,
    CoordinationCase,
    FactKind,
    PatientClass,
    Side,
)
from renkei.care.transitions.models.contacts import Channel, ContactPoint
from renkei.care.transitions.models.rules import Rule, RuleAdoption, RuleVersion, VersionState

__all__ = [
    "CaseAlert",
    "CaseFact",
    "CaseState",
    "Channel",
    "ContactPoint",
    "CoordinationCase",
    "FactKind",
    "PatientClass",
    "Rule",
    "RuleAdoption",
    "RuleVersion",
    "Side",
    "VersionState",
]
