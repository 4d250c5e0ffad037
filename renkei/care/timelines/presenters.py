"""Entries as a page shows them: words, marks and what this viewer may do with each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from django.urls import get_script_prefix, reverse

from renkei.care.timelines.models import (
    Addressee,
    Entry,
    EntryKind,
    Escalation,
    Observation,
    ReactionKind,
)
from renkei.care.timelines.queries.doors import Door
from renkei.care.timelines.queries.entries import Seen
from renkei.care.timelines.services.marks import may_hide
from renkei.care.timelines.values import ADDRESSED, CALL, CONFIRMED
from renkei.foundation.common import clock, eras
from renkei.foundation.common.clock import TOKYO

ICONS: Final[dict[str, str]] = {
    EntryKind.NOTICE: "speech",
    EntryKind.QUESTION: "question",
    EntryKind.ORDER: "document",
    EntryKind.RECORD: "pencil",
    EntryKind.URGENT: "exclamation",
}
# The class of a kind's label (entry.css).
KIND_CLASSES: Final[dict[str, str]] = {
    EntryKind.NOTICE: "",
    EntryKind.QUESTION: "ask",
    EntryKind.ORDER: "order",
    EntryKind.RECORD: "rec",
    EntryKind.URGENT: "urgent",
}
# How long an 緊急 may stand before it counts as late; the mail has gone out by then.
URGENT_LATE: Final = timedelta(minutes=5)
# Written this much before it arrived: the page says so.
LATE_ARRIVAL: Final = timedelta(minutes=5)
QUOTE: Final = 60
_A_ROOM: Final = UUID(int=1)
_AN_ENTRY: Final = UUID(int=2)
WEEKDAYS: Final = "月火水木金土日"


@dataclass(frozen=True)
class ReactionView:
    """One of the three signs under an entry."""

    kind: str
    label: str
    names: str
    count: int
    mine: bool


@dataclass(frozen=True)
class Card:
    """One entry on a page."""

    entry: Entry
    url: str
    number: int
    day: date
    day_words: str
    time: str
    late_words: str
    kind_class: str
    icon: str
    call: str
    to_words: str
    reply_by_words: str
    overdue: str
    waiting: str
    seen: tuple[int, int] | None
    confirmed: str
    reply_count: int
    last_reply: str
    quote: str
    quote_url: str
    reactions: tuple[ReactionView, ...]
    steps: tuple[str, ...]
    corrected_url: str
    # Where each act is sent to; "" where this viewer may not.
    confirm_url: str
    settle_url: str
    react_url: str
    hide_url: str
    correct_url: str
    call_list_url: str
    may_reply: bool
    hidden_words: str

    @property
    def by_words(self) -> str:
        """医師・架空診療所, after the name."""
        entry = self.entry
        profession = f"　{entry.author_profession}" if entry.author_profession else ""
        return profession + (f"・{entry.author_organisation}" if entry.author_organisation else "")

    @property
    def signs(self) -> list[ReactionView]:
        """The reactions somebody gave."""
        return [one for one in self.reactions if one.count]

    @property
    def values(self) -> Sequence[Observation]:
        """What was measured."""
        return list(self.entry.observations.all())

    @property
    def has_files(self) -> bool:
        """Whether files hang on it; which of them may be seen, their template asks."""
        return bool(self.entry.files.all())

    @property
    def is_hidden(self) -> bool:
        """Whether the words are out of sight."""
        return self.entry.hidden_at is not None


def cards(door: Door, entries: Iterable[Entry], *, seen: Seen | None) -> list[Card]:
    """The entries as cards; asks the database nothing more."""
    return [_card(door, entry, seen) for entry in entries]


def by_day(shown: Sequence[Card]) -> list[dict[str, Any]]:
    """The cards in groups of one day each, in their order."""
    days: list[dict[str, Any]] = []
    for card in shown:
        if not days or days[-1]["day"] != card.day:
            days.append({"day": card.day, "words": card.day_words, "cards": []})
        days[-1]["cards"].append(card)
    return days


def entry_url(entry: Entry) -> str:
    """Where an entry stands alone, with its answers."""
    return _address("detail", entry)


def _address(act: str, entry: Entry) -> str:
    """Where an act on an entry is sent to; the pattern is asked for once, a page shows dozens."""
    name = f"timelines:{act}" if act == "call_list" else f"timelines:entry_{act}"
    pattern = _pattern(name, get_script_prefix())
    return pattern.replace(str(_A_ROOM), str(entry.room.uid)).replace(
        str(_AN_ENTRY), str(entry.uid)
    )


@lru_cache(maxsize=64)
def _pattern(name: str, _prefix: str) -> str:
    return reverse(name, args=[_A_ROOM, _AN_ENTRY])


def day_words(day: date) -> str:
    """きょう　11月22日（日）; the year only where it is another one."""
    today = clock.today()
    words = f"{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}）"
    if day.year != today.year:
        words = f"{day.year}年{words}"
    near = {today: "きょう　", today - timedelta(days=1): "きのう　"}
    return near.get(day, "") + words


def time_words(at: datetime) -> str:
    """9:05, Japanese time."""
    local = at.astimezone(TOKYO)
    return f"{local.hour}:{local.minute:02}"


def paper_moment(at: datetime) -> str:
    """2026年11月20日（金）10:12: on paper 「きょう」 would be another day tomorrow."""
    local = at.astimezone(TOKYO)
    return f"{eras.format_screen(local.date())}{local.hour}:{local.minute:02}"


def moment_words(at: datetime) -> str:
    """きょう17:00, あす17:00, 11月25日（水）17:00."""
    local = at.astimezone(TOKYO)
    days = (local.date() - clock.today()).days
    near = {0: "きょう", 1: "あす", -1: "きのう"}
    day = near.get(days, f"{local.month}月{local.day}日（{WEEKDAYS[local.weekday()]}）")
    return f"{day}{time_words(at)}"


def lateness(since: datetime) -> str:
    """3時間 超過, 2日 超過."""
    minutes = max(1, int((clock.now() - since).total_seconds() // 60))
    if minutes < 60:  # noqa: PLR2004 - an hour
        return f"{minutes}分 超過"
    if minutes < 48 * 60:
        return f"{minutes // 60}時間 超過"
    return f"{minutes // 60 // 24}日 超過"


def addressee_words(row: Addressee) -> str:
    """看護師, 白井 透, ○○薬局 as the page says whom an entry asks."""
    if row.profession:
        return row.profession
    if row.membership is not None:
        return row.membership.user.name
    if row.member is None:
        return ""
    if row.member.membership is not None:
        return row.member.membership.user.name
    return row.member.organisation.name


def signed(name: str, profession: str) -> str:
    """白井 透（医師）."""
    return f"{name}（{profession}）" if profession else name


def _card(door: Door, entry: Entry, seen: Seen | None) -> Card:
    rows = list(entry.addressees.all())
    own = entry.author_user_id == door.viewer.user_id
    free = door.may_write and entry.hidden_at is None
    open_rows = [row for row in rows if row.done_at is None]
    urgent = entry.kind == EntryKind.URGENT
    replies: list[Entry] = getattr(entry, "shown_replies", [])
    corrections: list[Entry] = getattr(entry, "shown_corrections", [])
    day = entry.posted_at.astimezone(TOKYO).date()

    def address(act: str, allowed: bool) -> str:  # noqa: FBT001 - in a column of its kind
        return _address(act, entry) if allowed else ""

    return Card(
        entry=entry,
        url=entry_url(entry),
        number=entry.number,
        day=day,
        day_words=day_words(day),
        time=time_words(entry.posted_at),
        late_words=_late_words(entry),
        kind_class=KIND_CLASSES[entry.kind],
        icon=ICONS[entry.kind],
        call=CALL if urgent else "",
        to_words="・".join(addressee_words(row) for row in rows if row.stands_in_for_id is None),
        reply_by_words=moment_words(entry.reply_by) if entry.reply_by else "",
        overdue=_overdue(entry, open_rows),
        waiting=_waiting(entry, open_rows),
        seen=(seen.count(entry), seen.total) if seen is not None else None,
        confirmed="、".join(
            f"{signed(one.name, one.profession)}{time_words(one.at)}"
            for one in entry.acknowledgements.all()
        ),
        reply_count=len(replies),
        last_reply=_reply_words(replies[-1]) if replies else "",
        quote=_quote(door, entry.reply_to) if entry.reply_to else "",
        quote_url=entry_url_in(entry, entry.reply_to) if entry.reply_to else "",
        reactions=_reactions(door, entry),
        steps=tuple(_step_words(step, rows) for step in entry.escalations.all() if step.done_at),
        corrected_url=entry_url_in(entry, corrections[-1]) if corrections else "",
        confirm_url=address("acknowledge", free and not own and _is_to_confirm(door, entry)),
        settle_url=address("settle", free and own and _is_open_question(entry, open_rows)),
        react_url=address("react", free and not own),
        hide_url=address("hide", may_hide(door, entry)),
        correct_url=address("correct", free and own and not corrections),
        call_list_url=address("call_list", urgent and not door.as_family),
        may_reply=free,
        hidden_words=_hidden_words(entry),
    )


def _is_to_confirm(door: Door, entry: Entry) -> bool:
    confirmed_by = {one.membership_id for one in entry.acknowledgements.all()}
    return entry.kind in CONFIRMED and door.viewer.membership_id not in confirmed_by


def _is_open_question(entry: Entry, open_rows: Sequence[Addressee]) -> bool:
    return entry.kind == EntryKind.QUESTION and bool(open_rows)


def entry_url_in(entry: Entry, other: Entry) -> str:
    """Where another entry of the same room stands."""
    return reverse("timelines:entry_detail", args=[entry.room.uid, other.uid])


def _late_words(entry: Entry) -> str:
    if entry.posted_at - entry.written_at < LATE_ARRIVAL:
        return ""
    return f"{moment_words(entry.written_at)}に書き、{moment_words(entry.posted_at)}に届きました"


def _overdue(entry: Entry, open_rows: Sequence[Addressee]) -> str:
    if not open_rows or entry.kind not in ADDRESSED:
        return ""
    now = clock.now()
    if entry.kind == EntryKind.QUESTION:
        late = entry.reply_by is not None and entry.reply_by < now
        return lateness(entry.reply_by) if late and entry.reply_by else ""
    if entry.kind == EntryKind.URGENT and entry.posted_at + URGENT_LATE < now:
        return lateness(entry.posted_at)
    return ""


def _waiting(entry: Entry, open_rows: Sequence[Addressee]) -> str:
    names = "・".join(dict.fromkeys(addressee_words(row) for row in open_rows))
    if not names:
        return ""
    if entry.kind == EntryKind.QUESTION:
        return f"{names}の返事がまだです。"
    return f"{names}の確認がまだです。"


def _reply_words(reply: Entry) -> str:
    author = signed(reply.author_name, reply.author_profession)
    return f"{author} {moment_words(reply.posted_at)}「{_short(reply.text)}」"


def _quote(door: Door, original: Entry) -> str:
    """The words answered to, as far as the viewer may read them."""
    before = door.since is not None and original.posted_at < door.since
    if before or original.number < door.from_number:
        return "参加する前の書き込み"
    if original.hidden_at is not None:
        return "隠された書き込み"
    return f"{original.author_name}の{original.get_kind_display()}「{_short(original.text)}」"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= QUOTE else f"{line[:QUOTE]}…"


def _reactions(door: Door, entry: Entry) -> tuple[ReactionView, ...]:
    rows = list(entry.reactions.all())
    shown = []
    for kind in ReactionKind:
        own = [row for row in rows if row.kind == kind.value]
        shown.append(
            ReactionView(
                kind.value,
                str(kind.label),
                "、".join(row.name for row in own),
                len(own),
                any(row.membership_id == door.viewer.membership_id for row in own),
            )
        )
    return tuple(shown)


def _step_words(step: Escalation, rows: Sequence[Addressee]) -> str:
    at = moment_words(step.done_at) if step.done_at else ""
    deputies = [
        row for row in rows if row.stands_in_for_id and row.stands_in_for_id == step.addressee_id
    ]
    names = "・".join(addressee_words(row) for row in deputies)
    who = f"（{names}）" if names else f"（{step.told_count}人）"
    return f"{at}　{step.get_step_display()}{who}{'　' + step.note if step.note else ''}"


def _hidden_words(entry: Entry) -> str:
    if entry.hidden_at is None:
        return ""
    who = entry.hidden_by.user.name if entry.hidden_by else "連携"
    at = moment_words(entry.hidden_at)
    return f"この書き込みは、{who}が{at}に隠しました。理由：{entry.hidden_reason}"
