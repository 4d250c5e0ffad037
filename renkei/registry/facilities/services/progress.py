"""How far an import is: seen by others at once, while the transaction of the import still runs."""

from __future__ import annotations

import json
from types import TracebackType
from typing import Self

from django.db import connection

from renkei.foundation.common.live import CHANNEL
from renkei.registry.facilities.models import ImportRun


def topic_of(run: ImportRun) -> str:
    """The live topic of one run."""
    return f"import:{run.uid}"


class Progress:
    """Writes percent and text of one run through a connection of its own.

    The transaction of the import must not hold the run's row, or this would wait for it.
    """

    def __init__(self, run: ImportRun) -> None:
        self._run = run
        self._last = -1
        self._connection = connection.copy()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def tell(self, percent: int, text: str) -> None:
        """Say it, if it is new."""
        percent = min(100, max(0, percent))
        if percent == self._last:
            return
        self._last = percent
        payload = json.dumps({"topic": topic_of(self._run), "progress": percent})
        with self._connection.cursor() as cursor:
            cursor.execute(
                "UPDATE facilities_importrun SET progress = %s, progress_text = %s WHERE id = %s",
                [percent, text, self._run.pk],
            )
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])
