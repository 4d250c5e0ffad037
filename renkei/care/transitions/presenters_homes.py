"""How a home stands, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from renkei.care.transitions.home_duties import (
    NEED_SHORT,
    NEED_WORDS,
    NOTICE_WORDS,
    STATE_WORDS,
    Held,
    HomeState,
    Need,
)
from renkei.care.transitions.models import ContactKind, CooperationContact
from renkei.care.transitions.queries.homes import HomeDoor
from renkei.foundation.common import clock
from renkei.foundation.common.eras import format_screen
from renkei.foundation.common.spreadsheets.write import CellValue, Column, Kind
from renkei.registry.facilities.catalogue import SERVICES

NOT_RECORDED: Final = "記録なし"


@dataclass(frozen=True)
class HomeLine:
    """One home in the list."""

    name: str
    url: str
    service: str
    town: str
    mark: str
    word: str
    institutions: str
    missing: str
    confirmed: str
    due: str
    notice_mark: str
    notice_word: str


def home_line(door: HomeDoor) -> HomeLine:
    """One home with its state."""
    found, service = door.standing, door.service
    mark, word = STATE_WORDS[found.state]
    notice_mark, notice_word = NOTICE_WORDS[found.notice]
    confirmed = [one.confirmation.held_on for one in found.held if one.confirmation]
    town = service.facility.municipality
    return HomeLine(
        name=service.name,
        url=reverse("transitions:home_detail", args=[service.pk]),
        service=service_words(service.service_code),
        town=town.name if town else "",
        mark=mark,
        word=word,
        institutions="、".join(one.cooperation.institution_name for one in found.held),
        missing="、".join(NEED_SHORT[need] for need in found.missing),
        confirmed=format_screen(min(confirmed)) if confirmed else NOT_RECORDED,
        due=format_screen(found.due_on) if found.due_on and found.held else "",
        notice_mark=notice_mark,
        notice_word=notice_word,
    )


def service_words(code: str) -> str:
    """What a service is called."""
    info = SERVICES.get(code)
    return info.label if info else "そのほか"


def state_counts(doors: Sequence[HomeDoor]) -> list[tuple[str, str, str, int]]:
    """Every state with its mark, its word and how many homes are in it; the worst first."""
    counted = Counter(door.standing.state for door in doors)
    return [(state.value, *STATE_WORDS[state], counted[state]) for state in HomeState]


@dataclass(frozen=True)
class HeldLine:
    """One cooperation on the page of a home."""

    held: Held
    mark: str
    word: str
    needs: str
    confirmed: str
    due: str
    conference: str


def held_lines(door: HomeDoor) -> list[HeldLine]:
    """The cooperations in force."""
    return [_held_line(one) for one in door.standing.held]


def _held_line(held: Held) -> HeldLine:
    row = held.cooperation
    mark, word = STATE_WORDS[held.state]
    needs = [NEED_SHORT[need] for need in Need if getattr(row, need)]
    return HeldLine(
        held=held,
        mark=mark,
        word=word,
        needs="、".join(needs),
        confirmed=_contact_words(held.confirmation),
        due=format_screen(held.due_on) if held.due_on else "",
        conference=_contact_words(held.last_conference),
    )


def _contact_words(contact: CooperationContact | None) -> str:
    if contact is None:
        return NOT_RECORDED
    return f"{format_screen(contact.held_on)}　{contact.counterpart}"


def need_lines(door: HomeDoor) -> list[tuple[str, str, str, str]]:
    """Each condition: mark, word, the condition, by whom it is met."""
    return [
        ("done", "あり", NEED_WORDS[need], "、".join(names))
        if names
        else ("ask", "なし", NEED_WORDS[need], "")
        for need, names in door.standing.met.items()
    ]


def duty_words(door: HomeDoor) -> str:
    """What the law asks, how strongly, and where that comes from."""
    binding = door.duty.binding_from
    if binding is None:
        strength = "条件を満たす協力医療機関を定めるよう努めます（努力義務）。"
    elif clock.today() < binding:
        strength = f"{format_screen(binding)}から義務、それまでは努力義務です。"
    else:
        strength = "条件を満たす協力医療機関を定める義務があります。"
    unconfirmed = f"未確認：{door.duty.unconfirmed}。" if door.duty.unconfirmed else ""
    return f"{strength}年1回以上の確認と届出は義務です。{unconfirmed}出典：{door.duty.source}"


COLUMNS: Final = (
    Column("市区町村"),
    Column("施設"),
    Column("サービス"),
    Column("事業所番号", Kind.CODE),
    Column("状態"),
    Column("協力医療機関"),
    Column("足りない条件"),
    Column("確認日", Kind.DATE),
    Column("次の期限", Kind.DATE),
    Column("届出"),
)


def home_cells(door: HomeDoor) -> list[CellValue]:
    """One home as a line of the workbook."""
    line, found = home_line(door), door.standing
    confirmed = [one.confirmation.held_on for one in found.held if one.confirmation]
    return [
        line.town,
        line.name,
        line.service,
        door.service.office_number,
        line.word,
        line.institutions,
        line.missing,
        min(confirmed, default=None),
        found.due_on if found.held else None,
        line.notice_word,
    ]


def contact_word(kind: str) -> str:
    """確認 or 会議, short."""
    return "確認" if kind == ContactKind.CONFIRMATION else "会議"
