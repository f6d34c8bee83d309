# SPDX-License-Identifier: Apache-2.0
"""The worker process: does the work nobody waits for in front of a page."""

from __future__ import annotations

import asyncio

import django

from hamkor.config.kinds import declare_all_kinds
from hamkor.config.processes import report_ready

# A job that takes longer is cut, and done again by the next worker.
GRACE_S = 5.0
HEARTBEAT_S = 5.0
# A long what-if run and a short one may each hold a place; the third is for whoever waits for a paper.
CONCURRENCY = 3


async def _work() -> None:
    from procrastinate.contrib.django import app

    with app.replace_connector(app.connector.get_worker_connector()) as working:  # type: ignore[attr-defined]  # of the library for Django
        async with working.open_async():
            report_ready()
            await working.run_worker_async(
                concurrency=CONCURRENCY,
                shutdown_graceful_timeout=GRACE_S,
                update_heartbeat_interval=HEARTBEAT_S,
                install_signal_handlers=True,
            )


def main() -> None:
    """Works until told to stop."""
    django.setup()
    declare_all_kinds()
    asyncio.run(_work())


if __name__ == "__main__":
    main()
