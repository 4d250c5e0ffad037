"""Reading a workbook of moves: every row becomes a move, or every error found in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from renkei.foundation.accounts.models import Membership, MoveAction, Organisation, Role, User
from renkei.foundation.accounts.queries import organisations_managed_by
from renkei.foundation.accounts.queries_transfers import memberships_over
from renkei.foundation.accounts.rules import may_change_membership, roles_grantable_by
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common.kana import fold
from renkei.foundation.common.spreadsheets.columns import match_columns
from renkei.foundation.common.spreadsheets.problems import UnreadableFile
from renkei.foundation.common.spreadsheets.read import Table, open_tables

ACTION, NAME, KEY = "区分", "氏名", "メールアドレスか利用者番号"
OLD_ORGANISATION, OLD_ROLE = "いまの組織", "いまの役割"
NEW_ORGANISATION, NEW_ROLE, NEW_PROFESSION = "新しい組織", "新しい役割", "新しい職種"
SUCCESSOR = "引き継ぐ人のメールアドレスか利用者番号"
HEADINGS = (
    ACTION,
    NAME,
    KEY,
    OLD_ORGANISATION,
    OLD_ROLE,
    NEW_ORGANISATION,
    NEW_ROLE,
    NEW_PROFESSION,
    SUCCESSOR,
)
NOTHING = "区分の入った行がありません。「異動」「退職」「採用」を入力してください。"
UNKNOWN = "この人の、その日に続いている所属が見つかりません。番号を確かめてください。"
NOT_THERE = "この人はこの組織にいません。組織の名前を確かめてください。"
NOT_YOURS = "この人の所属は変えられません。自分の異動は、ほかの管理者に頼んでください。"
NO_PLACE = "この名前の組織が1つに決まりません。名前を確かめてください。"
GONE = "引き継ぐ人は、その日にこの組織にいません。別の人を入力してください。"
ACTIONS = {fold(str(action.label)): action for action in MoveAction}
ROLES = {fold(str(role.label)): role for role in Role}


@dataclass(frozen=True)
class RowProblem:
    """What is wrong in one cell, told with its place."""

    row: int
    column: str
    message: str


@dataclass
class PlannedMove:
    """One row that was understood."""

    row: int
    action: MoveAction
    name: str
    email: str = ""
    old: Membership | None = None
    new_organisation: Organisation | None = None
    role: str = ""
    profession: str = ""
    successor: User | None = None


@dataclass
class TransferReading:
    """What a workbook says: moves, and the problems that keep it from being planned."""

    moves: list[PlannedMove] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)

    def complain(self, row: int, column: str, message: str) -> None:
        """Note a problem at its place."""
        self.problems.append(RowProblem(row, column, message))


def read_transfer(path: Path, name: str, *, viewer: Viewer, on: date) -> TransferReading:
    """Read a workbook for a day; rows without a 区分 are left as they are.

    Costs a fixed number of queries, however many rows there are.

    Raises:
        UnreadableFile: the file holds no table, or lacks a column.
    """
    table = next(iter(open_tables(path, name=name, expected=HEADINGS)))
    columns = match_columns(table.header, {heading: (heading,) for heading in HEADINGS})
    missing = columns.problems(file=table.place, row=table.header_row)
    if missing:
        raise UnreadableFile(table.place, missing[0].message, row=missing[0].row)
    reading = TransferReading()
    town = _Town(viewer, on)
    for row, cells in _rows(table, columns.positions):
        if cells[ACTION]:
            move = _Row(row, cells, town, reading).move()
            if move is not None:
                reading.moves.append(move)
    for problem in table.problems:
        reading.complain(problem.row or 0, problem.column, problem.message)
    if not reading.moves and not reading.problems:
        reading.complain(0, ACTION, NOTHING)
    _check_together(reading, town)
    reading.problems.sort(key=lambda problem: problem.row)
    return reading


def _rows(table: Table, positions: Mapping[str, int]) -> list[tuple[int, dict[str, str]]]:
    return [
        (row, {heading: cells[at].strip() for heading, at in positions.items()})
        for row, cells in table.rows()
    ]


class _Town:
    """Everybody the viewer looks after, as they are on the day, by the words a row may use."""

    def __init__(self, viewer: Viewer, on: date) -> None:
        self.viewer, self.on = viewer, on
        self.organisations: dict[str, list[Organisation]] = defaultdict(list)
        for organisation in organisations_managed_by(viewer):
            self.organisations[fold(organisation.name)].append(organisation)
        self.people: dict[str, list[Membership]] = defaultdict(list)
        self.held: dict[tuple[int, int, str], Membership] = {}
        for one in memberships_over(viewer, on):
            for key in {one.user.email, one.user.login_name} - {None, ""}:
                self.people[str(key).lower()].append(one)
            self.held[one.user_id, one.organisation_id, one.role] = one
        self._grantable: dict[int, list[Role]] = {}

    def grantable(self, organisation: Organisation) -> list[Role]:
        """The roles the viewer may give there."""
        if organisation.pk not in self._grantable:
            self._grantable[organisation.pk] = roles_grantable_by(self.viewer, organisation)
        return self._grantable[organisation.pk]


class _Row:
    """One row on its way to a move; each step notes what it cannot take."""

    def __init__(
        self, row: int, cells: Mapping[str, str], town: _Town, reading: TransferReading
    ) -> None:
        self.row, self.cells, self.town, self.reading = row, cells, town, reading
        self.failed = False

    def no(self, column: str, message: str) -> None:
        self.failed = True
        self.reading.complain(self.row, column, message)

    def move(self) -> PlannedMove | None:
        """The move, or None after noting why not."""
        action = ACTIONS.get(fold(self.cells[ACTION]))
        if action is None:
            self.no(ACTION, "「異動」「退職」「採用」のどれかを入力してください。")
            return None
        move = PlannedMove(self.row, action, self.cells[NAME])
        if action is MoveAction.JOIN:
            self._join(move)
        else:
            self._old(move)
        if action is not MoveAction.LEAVE and not self.failed:
            self._new(move)
        if action is not MoveAction.JOIN and not self.failed:
            self._successor(move)
        return None if self.failed else move

    def _join(self, move: PlannedMove) -> None:
        if not move.name:
            self.no(NAME, "氏名を入力してください。")
        move.email = self.cells[KEY].lower()
        if move.email:
            try:
                validate_email(move.email)
            except ValidationError:
                self.no(KEY, "メールアドレスを入力してください。紙で案内するときは空にします。")

    def _old(self, move: PlannedMove) -> None:
        found = self.town.people.get(self.cells[KEY].lower(), [])
        if not found:
            self.no(KEY, UNKNOWN)
            return
        if self.cells[OLD_ORGANISATION]:
            wanted = fold(self.cells[OLD_ORGANISATION])
            found = [one for one in found if fold(one.organisation.name) == wanted]
            if not found:
                self.no(OLD_ORGANISATION, NOT_THERE)
                return
        if self.cells[OLD_ROLE]:
            role = ROLES.get(fold(self.cells[OLD_ROLE]))
            found = [one for one in found if one.role == role]
        if len(found) != 1:
            column = OLD_ROLE if self.cells[OLD_ORGANISATION] else OLD_ORGANISATION
            self.no(column, "どの所属か決まりません。いまの組織と役割を入力してください。")
            return
        move.old = found[0]
        move.name = move.old.user.name
        if self.cells[NAME] and fold(self.cells[NAME]) != fold(move.name):
            self.no(NAME, "登録されている氏名と違います。行がずれていないか確かめてください。")
        if not may_change_membership(self.town.viewer, move.old):
            self.no(KEY, NOT_YOURS)

    def _new(self, move: PlannedMove) -> None:
        name = self.cells[NEW_ORGANISATION]
        if not name and move.old is not None:
            organisation = move.old.organisation
        else:
            found = self.town.organisations.get(fold(name), [])
            if len(found) != 1:
                self.no(NEW_ORGANISATION, NO_PLACE)
                return
            organisation = found[0]
        role = ROLES.get(fold(self.cells[NEW_ROLE])) if self.cells[NEW_ROLE] else None
        if not self.cells[NEW_ROLE] and move.old is not None:
            role = Role(move.old.role)
        if role is None or role not in self.town.grantable(organisation):
            allowed = "、".join(str(one.label) for one in self.town.grantable(organisation))
            self.no(NEW_ROLE, f"この組織で選べる役割（{allowed}）から入力してください。")
            return
        move.new_organisation, move.role = organisation, role
        move.profession = self.cells[NEW_PROFESSION] or (move.old.profession if move.old else "")
        if move.old is not None and (organisation.pk, role, move.profession) == (
            move.old.organisation_id,
            move.old.role,
            move.old.profession,
        ):
            self.no(NEW_ORGANISATION, "いまと同じです。新しい組織、役割か職種を入力してください。")

    def _successor(self, move: PlannedMove) -> None:
        key = self.cells[SUCCESSOR].lower()
        if not key:
            return
        found = self.town.people.get(key, [])
        if not found:
            self.no(SUCCESSOR, "引き継ぐ人が見つかりません。先に利用者として登録してください。")
        elif move.old is not None and found[0].user_id == move.old.user_id:
            self.no(SUCCESSOR, "本人とは別の人を入力してください。")
        else:
            move.successor = found[0].user


def _check_together(reading: TransferReading, town: _Town) -> None:
    """What only all rows together can tell: twice the same person, successors who leave too."""
    seen: dict[int, int] = {}
    ended = set()
    for move in reading.moves:
        if move.old is None:
            continue
        if move.old.pk in seen:
            message = f"{seen[move.old.pk]}行目と同じ人の同じ所属です。どちらかを消してください。"
            reading.complain(move.row, KEY, message)
        seen.setdefault(move.old.pk, move.row)
        ended.add(move.old.pk)
    staying = {
        (one.user_id, one.organisation_id) for one in town.held.values() if one.pk not in ended
    }
    starting: dict[tuple[int, int, str], int] = {}
    for move in reading.moves:
        if move.old is None or move.new_organisation is None:
            continue
        place = (move.old.user_id, move.new_organisation.pk, move.role)
        held = town.held.get(place)
        if (held is not None and held.pk not in ended) or place in starting:
            reading.complain(move.row, NEW_ROLE, "この人はその組織で同じ役割をすでに持っています。")
        starting[place] = move.row
        staying.add(place[:2])
    for move in reading.moves:
        if move.successor is None or move.old is None:
            continue
        if (move.successor.pk, move.old.organisation_id) not in staying:
            reading.complain(
                move.row,
                SUCCESSOR,
                GONE,
            )


def day_before(on: date) -> date:
    """The last day of the old memberships."""
    return on - timedelta(days=1)
