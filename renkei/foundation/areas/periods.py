"""A validity period: days from the lower end up to and without the upper end."""

from __future__ import annotations

from datetime import date

from psycopg.types.range import Range

DateRange = Range[date]
ALWAYS: DateRange = Range(None, None)
