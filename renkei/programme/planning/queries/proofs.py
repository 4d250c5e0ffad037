"""What evidence may cite, and who took part in a meeting by field of work."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock
from renkei.programme.planning.models import CAME, Answer, Meeting, MeetingState, Seat
from renkei.programme.planning.queries.councils import councils_worked_in
from renkei.programme.planning.queries.issues import HELD

COMING: Final = (Answer.COMES, Answer.COMES_BY_WEB, Answer.PROXY)
MEDICAL, CARE, DISABILITY, OTHERS = "medical", "care", "disability", "others"
FIELD_LABELS: Final = {MEDICAL: "医療", CARE: "介護", DISABILITY: "障害福祉", OTHERS: "そのほか"}
# Words of an office or a profession, the first that fits. The source names the three fields only;
# which office belongs where is ours.
_WORDS: Final = (
    (MEDICAL, ("がん相談支援", "病院", "医院", "クリニック")),
    (DISABILITY, ("障害", "障がい", "相談支援専門員", "相談支援事業所", "基幹相談支援")),
    (CARE, ("地域包括支援センター", "居宅介護支援", "訪問介護", "介護", "ケアマネ", "老人ホーム")),
    (
        MEDICAL,
        (
            "医師", "歯科", "薬剤", "薬局", "看護", "診療所", "医療", "保健所", "理学療法",
            "作業療法", "言語聴覚", "栄養", "MSW", "ソーシャルワーカー",
        ),
    ),
)  # fmt: skip


def field_of(profession: str, office: str) -> str:
    """Medical, care, disability or others, by what the roster says. Pure.

    介護支援専門員 of a disability office comes from there: the office counts before the profession.
    """
    # A centre for both says nothing of who works there.
    both = "医療・介護" in office
    for text in (profession, office) if both else (office, profession):
        for field, words in _WORDS:
            if any(word in text for word in words):
                return field
    return OTHERS


def meetings_to_cite(viewer: Viewer) -> QuerySet[Meeting]:
    """Meetings that were held, of councils one works in, the newest first."""
    return (
        Meeting.objects.filter(
            council__in=councils_worked_in(viewer),
            begins_at__lte=clock.now(),
        )
        .exclude(state=MeetingState.CANCELLED)
        .select_related("council")
        .order_by("-begins_at", "-pk")
    )


@dataclass(frozen=True, slots=True)
class Attended:
    """Who took part in one meeting, counted by field; ``invited``: it was not recorded who came."""

    meeting: Meeting
    counts: dict[str, int]
    invited: bool

    @property
    def missing(self) -> list[str]:
        """The fields nobody came from, in words."""
        return [
            FIELD_LABELS[one] for one in (MEDICAL, CARE, DISABILITY) if not self.counts.get(one)
        ]

    @property
    def shown(self) -> str:
        """医療 3人、介護 2人、障害福祉 0人."""
        return "、".join(
            f"{FIELD_LABELS[one]} {self.counts.get(one, 0)}人"
            for one in (MEDICAL, CARE, DISABILITY)
        )


def attended(meetings: list[Meeting]) -> list[Attended]:
    """Members of the meetings by field, in one query: those who came, or where nobody said so,
    those who answered that they would.
    """
    seats: dict[int, list[Seat]] = {}
    for seat in Seat.objects.filter(meeting__in=meetings):
        seats.setdefault(seat.meeting_id, []).append(seat)
    found = []
    for one in meetings:
        rows = seats.get(one.pk, [])
        recorded = one.state in HELD and any(row.attendance in CAME for row in rows)
        there = [
            row for row in rows if (row.attendance in CAME if recorded else row.answer in COMING)
        ]
        counts = Counter(field_of(row.profession, row.organisation_name) for row in there)
        found.append(Attended(one, dict(counts), not recorded))
    return found
