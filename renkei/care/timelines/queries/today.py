"""What waits for one member over all their persons, in a fixed number of queries (T-ISM4)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value

from renkei.care.patients.models import (
    AccessGrant,
    ContentClass,
    GrantKind,
    Patient,
    TeamMember,
)
from renkei.care.patients.visibility import grants_for_content, patients_visible_to
from renkei.care.timelines.models import Addressee, Entry, EntryKind, ReadPosition
from renkei.care.timelines.models.rooms import ROOMS_OF_A_PERSON
from renkei.care.timelines.queries.entries import NEWS_DAYS
from renkei.foundation.accounts.models import Membership
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock
from renkei.foundation.common.conditions import Condition, among
from renkei.foundation.common.kept_queries import kept

# Nobody works through more in a day; the rest is counted.
MOST_SHOWN = 50
MOST_PERSONS = 20
# Where the team shows its whole history.
ALWAYS: Final = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class News:
    """New entries of one person since the viewer last looked."""

    patient: Patient
    count: int


@dataclass(frozen=True)
class Today:
    """Everything of the page."""

    waiting: Sequence[Addressee]
    waiting_count: int
    asked: Sequence[Entry]
    news: Sequence[News]
    news_count: int
    person_count: int


@dataclass(frozen=True)
class Ways:
    """Whose staff rooms a viewer reads through a team, and from when on; asked once per page."""

    patients: list[int]
    # Where some team shows its history from a day on only; None where all show all of it.
    sinces: list[datetime] | None

    @property
    def earliest(self) -> dict[int, datetime]:
        """From when on each person's entries are read."""
        found: dict[int, datetime] = {}
        for number, patient in enumerate(self.patients):
            since = self.sinces[number] if self.sinces is not None else ALWAYS
            found[patient] = min(since, found.get(patient, since))
        return found

    def reach(self, patient: str, posted_at: str) -> Condition:
        """About entries: they are of such a person, and not from before."""
        if self.sinces is None:
            return among(patient, self.patients)
        return Condition(
            """EXISTS (
                SELECT 1 FROM unnest({patients}::bigint[], {sinces}::timestamptz[])
                    AS way(patient, since)
                WHERE way.patient = {patient} AND way.since <= {posted_at}
            )""",
            columns={"patient": patient, "posted_at": posted_at},
            patients=self.patients,
            sinces=self.sinces,
        )


def ways_of(viewer: Viewer, patients: Collection[int] | None = None) -> Ways:
    """The viewer's ways now, to these persons or to all; one query."""
    if patients is not None and not patients:
        return Ways([], None)
    rows = _team_ways(viewer, None if patients is None else sorted(patients))
    sinces = [since for _, since in rows]
    some = any(since is not None for since in sinces)
    return Ways(
        [patient for patient, _ in rows],
        [since or ALWAYS for since in sinces] if some else None,
    )


@kept
def _team_ways(
    viewer: Viewer, patients: list[int] | None
) -> QuerySet[AccessGrant, tuple[int, datetime | None]]:
    grants = grants_for_content(viewer, ContentClass.TIMELINE).filter(kind=GrantKind.TEAM)
    if patients is not None:
        grants = grants.filter(among("patient_id", patients))
    return grants.values_list("patient_id", "history_since")


def waiting_for(viewer: Viewer) -> int:
    """How many entries wait for this viewer's answer or confirmation; two queries, one if none."""
    meant = _entries_meaning(viewer)
    return _count_reached(meant, ways_of(viewer, {patient for _, patient, _ in meant}))


def _count_reached(meant: Sequence[tuple[int, int, datetime]], ways: Ways) -> int:
    """How many entries these are, as far as the ways reach them."""
    opened = ways.earliest
    return len(
        {entry for entry, patient, at in meant if patient in opened and opened[patient] <= at}
    )


@kept
def _entries_meaning(viewer: Viewer) -> QuerySet[Addressee, tuple[int, int, datetime]]:
    columns = ("entry_id", "entry__room__patient_id", "entry__posted_at")
    return _rows_meaning(viewer).values_list(*columns)


@kept
def _waiting_rows(viewer: Viewer, ways: Ways) -> QuerySet[Addressee]:
    """Twice as many as are shown: an entry may wait for somebody in two ways."""
    rows = _rows_meaning(viewer).filter(_reached(ways))
    return rows.select_related("entry__room__patient", "entry__author").order_by(
        F("entry__reply_by").asc(nulls_last=True), "entry__posted_at", "pk"
    )[: MOST_SHOWN * 2]


def today_of(viewer: Viewer) -> Today:
    """What waits, overdue first; what one waits for; what is new."""
    ways = ways_of(viewer)
    unique = list({row.entry_id: row for row in _waiting_rows(viewer, ways)}.values())
    news = _news(viewer, ways)
    return Today(
        waiting=unique[:MOST_SHOWN],
        waiting_count=_count_reached(_entries_meaning(viewer), ways),
        asked=_asked_by(viewer, ways),
        news=news[:MOST_PERSONS],
        news_count=sum(one.count for one in news),
        person_count=sum(_count_persons(viewer)),
    )


def _reached(ways: Ways) -> Condition:
    return ways.reach("entry__room__patient_id", "entry__posted_at")


@kept
def _count_persons(viewer: Viewer) -> QuerySet[Patient, int]:
    persons = patients_visible_to(viewer, ContentClass.TIMELINE).filter(closed_on=None)
    return (
        persons.annotate(all=Value(1))
        .values("all")
        .annotate(count=Count("pk"))
        .values_list("count", flat=True)
    )


def _rows_meaning(viewer: Viewer) -> QuerySet[Addressee]:
    """Open addressees that mean this viewer; whether the entry is open to them is not yet asked."""
    return Addressee.objects.filter(
        _means(viewer),
        done_at=None,
        entry__hidden_at=None,
        entry__room__kind__in=ROOMS_OF_A_PERSON,
        entry__room__patient__closed_on=None,
        entry__room__patient__merged_into=None,
        entry__room__patient__disposed_at=None,
    ).exclude(entry__author_user_id=viewer.user_id)


def _means(viewer: Viewer) -> Q:
    own_profession = Membership.objects.filter(
        ~Q(profession=""), pk=viewer.membership_id or 0, profession=OuterRef("profession")
    )
    on_team = TeamMember.objects.filter(
        Q(membership_id=viewer.membership_id)
        | Q(membership=None, organisation_id=viewer.organisation_id),
        patient=OuterRef("entry__room__patient_id"),
        left_at=None,
        profession=OuterRef("profession"),
    )
    return (
        Q(membership_id=viewer.membership_id)
        | Q(member__membership_id=viewer.membership_id)
        | Q(member__membership=None, member__organisation_id=viewer.organisation_id)
        | (~Q(profession="") & (Q(Exists(own_profession)) | Q(Exists(on_team))))
    )


def _asked_by(viewer: Viewer, ways: Ways) -> list[Entry]:
    """One's own questions that nobody answered yet, the nearest deadline first."""
    return _own_questions(viewer, ways)


@kept
def _own_questions(viewer: Viewer, ways: Ways) -> QuerySet[Entry]:
    open_row = Addressee.objects.filter(entry=OuterRef("pk"), done_at=None)
    questions = Entry.objects.filter(
        Exists(open_row),
        ways.reach("room__patient_id", "posted_at"),
        author_user_id=viewer.user_id,
        kind=EntryKind.QUESTION,
        hidden_at=None,
        room__patient__closed_on=None,
    )
    return questions.select_related("room__patient").order_by("reply_by", "pk")[:MOST_PERSONS]


def _news(viewer: Viewer, ways: Ways) -> list[News]:
    """New entries per person, most first; two queries."""
    rows = _news_of_persons(viewer, ways, clock.now() - timedelta(days=NEWS_DAYS))
    first, later = rows[:MOST_PERSONS], rows[MOST_PERSONS:]
    patients = {one.pk: one for one in _persons([patient for patient, _ in first])}
    shown = [News(patients[patient], count) for patient, count in first]
    rest = sum(count for _, count in later)
    # The rest is counted with nobody's name.
    return [*shown, *([News(Patient(), rest)] if rest else [])]


@kept
def _news_of_persons(
    viewer: Viewer, ways: Ways, since: datetime
) -> QuerySet[Entry, tuple[int, int]]:
    position = ReadPosition.objects.filter(Q(user_id=viewer.user_id), room=OuterRef("room_id"))
    return (
        Entry.objects.filter(
            ways.reach("room__patient_id", "posted_at"),
            posted_at__gte=since,
            hidden_at=None,
            room__kind__in=ROOMS_OF_A_PERSON,
            room__patient__closed_on=None,
        )
        .exclude(author_user_id=viewer.user_id)
        .annotate(seen_to=Subquery(position.values("number")[:1]))
        .filter(Q(seen_to=None) | Q(number__gt=F("seen_to")))
        .values("room__patient")
        .annotate(count=Count("pk"))
        .order_by("-count", "room__patient")
        .values_list("room__patient", "count")
    )


@kept
def _persons(patients: list[int]) -> QuerySet[Patient]:
    return Patient.objects.filter(among("pk", patients))
