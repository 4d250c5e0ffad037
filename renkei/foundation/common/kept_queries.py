"""Queries that are put together once per process and asked often, each time with other values.

The ORM takes between half a millisecond and five to write the SQL of a query, the database mostly
less than one to answer it; a page of a person asks forty. Kept are the SQL and how its rows become
objects, never an answer.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Hashable, Sequence
from datetime import date, datetime, timedelta
from enum import Enum
from functools import partial, wraps
from typing import Any, Final, ParamSpec, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.backends.postgresql import base as postgresql
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler

from renkei.foundation.common import clock

P = ParamSpec("P")
R = TypeVar("R")

# More shapes than any query has: beyond, it is put together anew each time, as the ORM does.
MOST_SHAPES: Final = 512
_FIRST_NUMBER: Final = 1_900_000_001
_FIRST_INSTANT: Final = datetime(2900, 1, 1, 12, 0, 0, 1, tzinfo=clock.TOKYO)
_FIRST_DAY: Final = date(2800, 1, 1)
_WORDS: Final = "a value of a kept query,"


def kept(build: Callable[P, QuerySet[Any, R]]) -> Callable[P, list[R]]:
    """Decorate what gives a queryset; called, it gives that queryset's rows as a list.

    None, truths, enumerations and the length of tuples are the shape of the query: each makes one
    of its own. Numbers, words, UUIDs, days, instants and whole lists are values that are filled
    in, so ``build`` must not look into them. A dataclass is taken apart into its fields.
    ``clock.now()`` and ``clock.today()`` stay the present inside, but nothing may be reckoned from
    them: what is, is a value.

    Raises:
        TypeError: a value of another kind, or one of ``build`` that would never change again.
    """
    return _kept(build, planned=False)


def kept_with_plan(build: Callable[P, QuerySet[Any, R]]) -> Callable[P, list[R]]:
    """The same, and the database keeps its plan: planning a gate takes it longer than answering.

    Only for what finds a few rows by keys, whatever the values; a plan for "any room" reads the
    room of ten thousand entries to its end.
    """
    return _kept(build, planned=True)


def _kept(build: Callable[P, QuerySet[Any, R]], *, planned: bool) -> Callable[P, list[R]]:
    shapes: dict[Hashable, _Shape | None] = {}

    @wraps(build)
    def ask(*args: P.args, **kwargs: P.kwargs) -> list[R]:
        now = clock.now()
        values: list[Any] = [now, now.date()]
        given = [*args, *kwargs.values()]
        key = (tuple(kwargs), *(_take_apart(one, values) for one in given))
        if key not in shapes:
            if len(shapes) >= MOST_SHAPES:
                return list(build(*args, **kwargs))
            shapes[key] = _shape_of(build, args, kwargs, planned=planned)
        shape = shapes[key]
        return [] if shape is None else shape.rows(values)

    return ask


def _take_apart(value: Any, values: list[Any]) -> Hashable:
    """Put what is filled in among ``values``; what is left of the value is its shape."""
    if value is None or isinstance(value, bool | Enum):
        return value
    if isinstance(value, int | str | UUID | date | list):
        values.append(value)
        return type(value).__name__
    if isinstance(value, tuple):
        return tuple(_take_apart(one, values) for one in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = dataclasses.fields(value)
        return (type(value), *(_take_apart(getattr(value, one.name), values) for one in fields))
    message = f"a kept query cannot be given a {type(value).__name__}"
    raise TypeError(message)


class _StandIns:
    """Values that stand for the real ones while a query is put together; no two are alike."""

    def __init__(self) -> None:
        self.made: list[Any] = [_FIRST_INSTANT, _FIRST_INSTANT.date()]

    def instead_of(self, value: Any) -> Any:
        """The same value with everything in it replaced that ``_take_apart`` takes out."""
        if value is None or isinstance(value, bool | Enum):
            return value
        if isinstance(value, tuple):
            return tuple(self.instead_of(one) for one in value)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            fields = dataclasses.fields(value)
            changes = {one.name: self.instead_of(getattr(value, one.name)) for one in fields}
            return dataclasses.replace(value, **changes)
        self.made.append(self._like(value, len(self.made)))
        return self.made[-1]

    @staticmethod
    def _like(value: Any, number: int) -> Any:
        if isinstance(value, int):
            return _FIRST_NUMBER + number
        if isinstance(value, str):
            return f"{_WORDS} {number}"
        if isinstance(value, UUID):
            return UUID(int=_FIRST_NUMBER + number)
        if isinstance(value, datetime):
            return _FIRST_INSTANT + timedelta(days=number)
        if isinstance(value, date):
            return _FIRST_DAY + timedelta(days=number)
        return [_FIRST_NUMBER + number]

    def place_of(self, parameter: Any) -> int | None:
        """Which of the values a parameter of the query is; None for a constant.

        Raises:
            TypeError: it is neither, as an instant that was reckoned from the present.
        """
        kind = next((one for one in (int, str, list) if isinstance(parameter, one)), None)
        for number, made in enumerate(self.made):
            same_kind = isinstance(made, kind) if kind else type(made) is type(parameter)
            if same_kind and made == parameter:
                return number
        if not self._is_constant(parameter):
            message = f"a kept query holds {parameter!r} for ever: give it as a value"
            raise TypeError(message)
        return None

    def _is_constant(self, parameter: Any) -> bool:
        if isinstance(parameter, list):
            return all(self._is_constant(one) for one in parameter)
        if isinstance(parameter, str):
            return _WORDS not in parameter
        return parameter is None or (isinstance(parameter, int) and parameter < _FIRST_NUMBER)


@dataclasses.dataclass(frozen=True)
class _Shape:
    """One query put together. ``places``: per parameter the value it is, or None, and its type."""

    queryset: QuerySet[Any, Any]
    compiler: SQLCompiler
    sql: str
    parameters: tuple[Any, ...]
    places: tuple[int | None, ...]
    planned: bool

    def rows(self, values: Sequence[Any]) -> list[Any]:
        """Ask the database, with these values."""
        parameters = tuple(
            fixed if place is None else _as(fixed, values[place])
            for fixed, place in zip(self.parameters, self.places, strict=True)
        )
        database = self.queryset.db
        compiler = _copy(self.compiler)
        compiler.connection = connections[database]
        compiler.using = database
        compiler.as_sql = lambda *_, **__: (self.sql, parameters)  # type: ignore[method-assign]
        if self.planned:
            compiler.execute_sql = partial(_execute_prepared, compiler)  # type: ignore[method-assign]
        query = _copy(self.queryset.query)
        query.get_compiler = lambda *_, **__: compiler  # type: ignore[method-assign]
        compiler.query = query
        queryset = _copy(self.queryset)
        queryset._query = query  # type: ignore[attr-defined]  # noqa: SLF001 - a queryset that asks this
        return list(queryset)


def _execute_prepared(compiler: SQLCompiler, *args: Any, **kwargs: Any) -> Any:
    """Ask with the values apart from the words: then the database keeps its plan as well.

    A connection prepares what it was asked ``prepare_threshold`` times (``DATABASES``).
    """
    compiler.connection.ensure_connection()
    raw = compiler.connection.connection
    usual = raw.cursor_factory
    raw.cursor_factory = postgresql.ServerBindingCursor  # type: ignore[attr-defined]  # with psycopg 3
    try:
        return SQLCompiler.execute_sql(compiler, *args, **kwargs)
    finally:
        raw.cursor_factory = usual


def _as(fixed: Any, value: Any) -> Any:
    """The value in the driver's own type, where the query used one (a number's width)."""
    return value if not isinstance(fixed, int) or type(fixed) is int else type(fixed)(value)


C = TypeVar("C")


def _copy(something: C) -> C:
    """A copy one level deep; that of the framework would put the query together again."""
    twin = object.__new__(type(something))
    twin.__dict__.update(something.__dict__)
    return twin


def _shape_of(
    build: Callable[..., QuerySet[Any, Any]],
    args: Sequence[Any],
    kwargs: dict[str, Any],
    *,
    planned: bool,
) -> _Shape | None:
    """Put the query together with stand-ins; None where it can find nothing."""
    stand_ins = _StandIns()
    given = [stand_ins.instead_of(one) for one in args]
    named = {name: stand_ins.instead_of(one) for name, one in kwargs.items()}
    with clock.told_at(_FIRST_INSTANT):
        queryset = build(*given, **named)
    compiler = queryset.query.get_compiler(using=queryset.db)
    try:
        sql, parameters = compiler.as_sql()
    except EmptyResultSet:
        return None
    places = tuple(stand_ins.place_of(one) for one in parameters)
    return _Shape(queryset, compiler, sql, tuple(parameters), places, planned)
