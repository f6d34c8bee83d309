# SPDX-License-Identifier: Apache-2.0
"""What the worker does for what-if runs: works off what waits, takes up what was lost, clears away what is left."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
from django.db import close_old_connections
from procrastinate import JobContext
from procrastinate.contrib.django import app

from hamkor.scenarios.commands.runs import wake
from hamkor.scenarios.rules.limits import Lane
from hamkor.scenarios.working.queue import list_waiting
from hamkor.scenarios.working.rounds import clear_folders, work_off


@app.task(queue="scenarios", name="scenarios.work_off", pass_context=True)
def work_off_lane(context: JobContext, lane: str) -> None:
    """Answers everything that waits in a lane, unless another process of this machine does so already.

    Args:
        context: Says when the worker is about to end.
        lane: Which lane.
    """
    close_old_connections()
    work_off(msgspec.convert(lane, Lane), should_stop=context.should_abort)


@app.periodic(cron="* * * * *")
@app.task(queue="keeping", queueing_lock="scenarios_mend", name="scenarios.mend")
def mend(timestamp: int) -> None:
    """Wakes the lanes in which something waits, such as what a worker that ended has left.

    Args:
        timestamp: Moment the work was due, in seconds; given by the clock.
    """
    close_old_connections()
    for lane in list_waiting(now=datetime.fromtimestamp(timestamp, UTC)):
        wake(lane)
    clear_folders()
