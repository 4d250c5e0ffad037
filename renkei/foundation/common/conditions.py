"""Conditions written in SQL, for what the ORM would take longer to put together than to ask."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from django.db.models import BooleanField, Field, Func
from django.db.models.sql.compiler import SQLCompiler
from django.utils.hashable import make_hashable


class Condition(Func):
    """A condition written in SQL; in braces the columns and values it is given.

    ``Condition("{level} > {limit}", columns={"level": "care_level"}, limit=3)``. Columns are fields
    of the query it stands in, or an ``OuterRef``. ``yields``: what it gives instead of yes or no.
    """

    def __init__(
        self,
        text: str,
        *,
        columns: dict[str, Any],
        yields: Field[Any, Any] | None = None,
        **values: Any,
    ) -> None:
        super().__init__(*columns.values(), output_field=yields or BooleanField())
        self.text, self.names, self.values = text, tuple(columns), values

    def as_sql(self, compiler: SQLCompiler, *_: Any, **__: Any) -> tuple[str, list[Any]]:
        """The text with its columns' names, and its values as parameters."""
        names = [compiler.compile(each)[0] for each in self.get_source_expressions()]
        columns = dict(zip(self.names, names, strict=True))
        parts, values = [], []
        for number, part in enumerate(_parts(self.text)):
            if number % 2 == 0:
                parts.append(part)
            elif part in columns:
                parts.append(columns[part])
            else:
                parts.append("%s")
                values.append(self.values[part])
        return "".join(parts), values

    @property
    def identity(self) -> tuple[Any, ...]:
        """Two of the same text about the same columns and values are the same."""
        return (
            type(self),
            self.text,
            tuple(self.get_source_expressions()),
            make_hashable(self.values),
        )


@lru_cache(maxsize=64)
def _parts(text: str) -> tuple[str, ...]:
    """Text and names in turn."""
    return tuple(re.split(r"\{(\w+)\}", f"({text})"))


def among(column: str, values: list[int]) -> Condition:
    """About rows: the column is one of these numbers; one shape of query, however many."""
    text = "{column} = ANY({values}::bigint[])"
    return Condition(text, columns={"column": column}, values=values)
