from __future__ import annotations

from datetime import datetime, time

import pytest

from renkei.foundation.common.clock import TOKYO
from renkei.gateways.portal.desk import clock_time, desk_state
from renkei.gateways.portal.queries import demo_site


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("2026-11-20 08:29", "きょうは8時30分から"),
        ("2026-11-20 08:30", "きょうは受付中"),
        ("2026-11-20 17:14", "きょうは受付中"),
        ("2026-11-20 17:15", "きょうの受付は終わりました"),
        ("2026-11-21 10:00", "きょうは休み"),  # Saturday
        ("2026-11-23 10:00", "きょうは休み"),  # 勤労感謝の日
        ("2026-12-29 10:00", "きょうは休み"),
        ("2027-01-04 10:00", "きょうは受付中"),
    ],
)
def test_desk_state_says_when_somebody_answers(at, state):
    assert desk_state(demo_site(), at=datetime.fromisoformat(at).replace(tzinfo=TOKYO)) == state


def test_clock_time_leaves_out_zero_minutes():
    assert [clock_time(time(17)), clock_time(time(8, 5))] == ["17時", "8時5分"]
