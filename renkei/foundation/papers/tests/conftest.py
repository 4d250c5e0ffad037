from __future__ import annotations

from collections.abc import Iterator

import pytest

from renkei.foundation.papers import handlers
from renkei.foundation.papers.tests.kinds_for_tests import CODE, Desk


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A registered kind of ticket."""
    one = Desk()
    handlers.register(one.kind())
    yield one
    handlers.forget(CODE)
