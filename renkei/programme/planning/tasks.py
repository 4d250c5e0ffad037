"""Background work of councils, issues and plans."""

from __future__ import annotations

from procrastinate.contrib.django import app

from renkei.foundation.common import clock
from renkei.programme.planning.queries.issues import issues_due_again
from renkei.programme.planning.queries.tools import tools_to_announce
from renkei.programme.planning.services.issues import raise_again
from renkei.programme.planning.services.tools import remind_of_tool

LOOK_AGAIN = "planning.look_again"
ANNOUNCE_TOOLS = "planning.announce_tools"


@app.periodic(cron="10 6 * * *")
@app.task(name=LOOK_AGAIN, queueing_lock=LOOK_AGAIN)
def look_again_task(timestamp: int) -> None:  # noqa: ARG001 - the time it was meant to run
    """Each morning: put on the table again what was to be looked at again."""
    for issue in issues_due_again(clock.today()):
        raise_again(issue)


@app.periodic(cron="20 6 * * *")
@app.task(name=ANNOUNCE_TOOLS, queueing_lock=ANNOUNCE_TOOLS)
def announce_tools_task(timestamp: int) -> None:  # noqa: ARG001 - the time it was meant to run
    """Each morning: say that a sharing tool is to be announced again, once a year (T-TOOL1)."""
    for tool in tools_to_announce(clock.today()):
        remind_of_tool(tool)
