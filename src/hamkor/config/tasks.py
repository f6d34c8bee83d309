# SPDX-License-Identifier: Apache-2.0
"""Work the installation does for itself, by the clock.

A job of the product is a function in a room's own `tasks.py`, marked with `@app.task(queue="default")`; a page starts
it inside its transaction with `the_function.defer(...)`, and what it makes is content-addressed or a row of a table.
"""

from __future__ import annotations

from django.core.management import call_command
from procrastinate.contrib.django import app

KEPT_JOBS_H = 72


@app.periodic(cron="17 3 * * *")
@app.task(queue="keeping", queueing_lock="clear_sessions", pass_context=False)
def clear_sessions(timestamp: int) -> None:
    """Removes the sessions that have ended.

    Args:
        timestamp: Moment the work was due, in seconds; given by the clock.
    """
    call_command("clearsessions", verbosity=0)


@app.periodic(cron="47 3 * * *")
@app.task(queue="keeping", queueing_lock="clear_jobs", pass_context=False)
async def clear_jobs(timestamp: int) -> None:
    """Removes jobs that were done or failed days ago.

    Args:
        timestamp: Moment the work was due, in seconds; given by the clock.
    """
    await app.job_manager.delete_old_jobs(nb_hours=KEPT_JOBS_H, include_failed=True)
