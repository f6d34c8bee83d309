# SPDX-License-Identifier: Apache-2.0
"""Work of the workspace nobody waits for in front of a page."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from procrastinate.contrib.django import app

from hamkor.workspace.exports.prints import make_paper, sweep_prints
from hamkor.workspace.imports.uploads import sweep_uploads


@app.task(queue="default", name="workspace.make_print")
def make_print(print_id: str) -> None:
    """Sets a plan that was asked for.

    Args:
        print_id: Id of the print.
    """
    make_paper(UUID(print_id), now=datetime.now(UTC))


@app.periodic(cron="27 * * * *")
@app.task(queue="keeping", queueing_lock="sweep_prints", name="workspace.sweep_prints")
def sweep(timestamp: int) -> None:
    """Removes prints and uploads that have had their day.

    Args:
        timestamp: Moment the work was due, in seconds; given by the clock.
    """
    now = datetime.fromtimestamp(timestamp, UTC)
    sweep_prints(now)
    sweep_uploads(now)
