"""Areas and what is known about them, each with its validity or as-of date (design decision 6)."""

from renkei.foundation.areas.models.agreements import Agreement, AgreementMember
from renkei.foundation.areas.models.geography import AreaNeighbour, Boundary, Town
from renkei.foundation.areas.models.offices import AreaOffice, OfficeKind
from renkei.foundation.areas.models.people import (
    CertifiedCount,
    InsuredCount,
    Insurer,
    Population,
    Projection,
    Sex,
)
from renkei.foundation.areas.models.places import (
    Area,
    AreaChange,
    AreaEdge,
    AreaLevel,
    ChangeKind,
    Hierarchy,
    HierarchyCode,
)

__all__ = [
    "Agreement",
    "AgreementMember",
    "Area",
    "AreaChange",
    "AreaEdge",
    "AreaLevel",
    "AreaNeighbour",
    "AreaOffice",
    "Boundary",
    "CertifiedCount",
    "ChangeKind",
    "Hierarchy",
    "HierarchyCode",
    "InsuredCount",
    "Insurer",
    "OfficeKind",
    "Population",
    "Projection",
    "Sex",
    "Town",
]
