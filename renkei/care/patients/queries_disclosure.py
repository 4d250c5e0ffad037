"""Which profession sees which type of document: the council's table (T-ISM2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet

from renkei.care.patients.models import DisclosureTable, Patient, TeamMember
from renkei.foundation.accounts.models import Membership, Role
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area
from renkei.foundation.areas.queries import ancestors_on
from renkei.foundation.common import clock

EVERYBODY: Final = "*"
OTHER_TYPES: Final = "*"
FAMILY: Final = "本人・家族"
PROFESSIONS: Final = (
    "医師",
    "歯科医師",
    "薬剤師",
    "看護師",
    "保健師",
    "理学療法士",
    "作業療法士",
    "言語聴覚士",
    "管理栄養士",
    "歯科衛生士",
    "介護支援専門員",
    "訪問介護員",
    "介護福祉士",
    "医療ソーシャルワーカー",
    "社会福祉士",
    "相談支援専門員",
    FAMILY,
)
# What holds before a council decided anything: the team sees the team's documents.
SHIPPED: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "admission_info": ("入院時情報提供書", (EVERYBODY,)),
    "discharge_record": ("退院・退所情報記録書", (EVERYBODY,)),
    "discharge_summary": ("退院時サマリー", (EVERYBODY,)),
    "follow_up_report": ("退院後の様子の報告", (EVERYBODY,)),
    "sharing_sheet": ("情報共有シート", (EVERYBODY,)),
    "doctor_contact": ("主治医との連絡票", (EVERYBODY,)),
    "ems_sheet": ("救急情報提供シート", (EVERYBODY,)),
    "emergency_kit": ("救急医療情報シート", (EVERYBODY,)),
    "dnar_record": ("蘇生処置に関する意思の記録", (EVERYBODY,)),
    "acp_note": ("人生会議の記録", (EVERYBODY,)),
    "care_card": ("医療・介護連携カード", (EVERYBODY, FAMILY)),
    "photo": ("写真", (EVERYBODY,)),
    "file": ("ファイル", (EVERYBODY,)),
    OTHER_TYPES: ("そのほかの文書", (EVERYBODY,)),
}


@dataclass(frozen=True)
class TableRow:
    """One type of document and who sees it."""

    document_type: str
    label: str
    professions: tuple[str, ...]

    @property
    def words(self) -> str:
        """Who, as people say it."""
        if not self.professions:
            return "だれも見られません"
        names = ["チームの全職種" if one == EVERYBODY else one for one in self.professions]
        return "、".join(names)


@dataclass(frozen=True)
class Visible:
    """The types one viewer may see of one person: ``document_type in visible``."""

    profession: str
    rules: Mapping[str, frozenset[str]]

    def __contains__(self, document_type: object) -> bool:
        allowed = self.rules.get(str(document_type), self.rules.get(OTHER_TYPES, frozenset()))
        if self.profession in allowed:
            return True
        return EVERYBODY in allowed and self.profession not in {"", FAMILY}

    def hidden(self) -> set[str]:
        """The named types that this viewer may not see, for leaving them out of a query."""
        return {one for one in self.rules if one != OTHER_TYPES and one not in self}


@dataclass(frozen=True)
class RowChange:
    """One type that a proposal changes."""

    label: str
    before: str
    after: str


def may_see_document(
    viewer: Viewer, patient: Patient, document_type: str, profession: str | None = None
) -> bool:
    """Whether this viewer (or ``profession``) may see documents of this type of this person.

    Says nothing about the person: the caller has come through ``patients_visible_to``.
    """
    return document_type in visible_document_types(viewer, patient, profession)


def visible_document_types(
    viewer: Viewer, patient: Patient, profession: str | None = None
) -> Visible:
    """The types this viewer may see of this person, by the table in force where they live."""
    acting = profession_of(viewer, patient) if profession is None else profession
    rows = rows_in_force(_areas_of(patient))
    return Visible(acting, {row.document_type: frozenset(row.professions) for row in rows})


def profession_of(viewer: Viewer, patient: Patient) -> str:
    """As what this viewer works for this person: the team's word, or their own membership's."""
    if viewer.role == Role.PERSON_OR_FAMILY:
        return FAMILY
    if viewer.membership_id is None:
        return ""
    own = Q(membership=viewer.membership_id) | Q(
        membership=None, organisation=viewer.organisation_id
    )
    on_team = (
        TeamMember.objects.filter(own, patient=patient, left_at=None)
        .order_by("membership")
        .values_list("profession", flat=True)
        .first()
    )
    found = Membership.objects.filter(pk=viewer.membership_id).values_list("profession", flat=True)
    return on_team or found.first() or ""


def table_in_force(
    areas: Sequence[Area | int | None], at: datetime | None = None
) -> DisclosureTable | None:
    """The newest table in force at a moment, of the nearest area that has one."""
    tables = DisclosureTable.objects.filter(in_force_since__lte=at or clock.now())
    for area in areas:
        found = tables.filter(area=area).order_by("-in_force_since", "-number").first()
        if found is not None:
            return found
    return None


def rows_in_force(areas: Sequence[Area | int | None], at: datetime | None = None) -> list[TableRow]:
    """The rows that hold at a moment; those that ship, where nobody decided yet."""
    table = table_in_force(areas, at)
    return rows_of(table) if table else shipped_rows()


def rows_of(table: DisclosureTable) -> list[TableRow]:
    return [
        TableRow(rule.document_type, rule.label, tuple(rule.professions))
        for rule in table.rules.order_by("pk")
    ]


def shipped_rows() -> list[TableRow]:
    return [TableRow(code, label, who) for code, (label, who) in SHIPPED.items()]


def changes_between(before: list[TableRow], after: list[TableRow]) -> list[RowChange]:
    """What differs, type by type, in the order of the new table."""
    old = {row.document_type: row for row in before}
    new = {row.document_type: row for row in after}
    changed = [
        RowChange(row.label, old[code].words if code in old else "（なし）", row.words)
        for code, row in new.items()
        if code not in old or set(old[code].professions) != set(row.professions)
    ]
    gone = [
        RowChange(row.label, row.words, "（なし）") for code, row in old.items() if code not in new
    ]
    return [*changed, *gone]


def tables_of(viewer: Viewer) -> QuerySet[DisclosureTable]:
    """Every version of the viewer's area, newest first: proposed, in force, past, refused."""
    return (
        DisclosureTable.objects.filter(area=own_area_of(viewer))
        .select_related("proposed_by__user", "first_approved_by__user", "second_approved_by__user")
        .order_by("-number")
    )


def before_of(table: DisclosureTable) -> list[TableRow]:
    """What a version replaces (or replaced)."""
    at = table.in_force_since
    earlier = DisclosureTable.objects.filter(
        area=table.area_id, in_force_since__isnull=False
    ).exclude(pk=table.pk)
    if at is not None:
        earlier = earlier.filter(in_force_since__lte=at, number__lt=table.number)
    found = earlier.order_by("-in_force_since", "-number").first()
    return rows_of(found) if found else shipped_rows()


def _areas_of(patient: Patient) -> list[int | None]:
    """The municipality, what lies above it, and the installation as a whole."""
    if patient.municipality is None:
        return [None]
    above = ancestors_on(patient.municipality, clock.today())
    return [patient.municipality.pk, *(one.area.pk for one in above), None]
