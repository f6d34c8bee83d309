# SPDX-License-Identifier: Apache-2.0
"""Who may send the commands of what-if runs, in the manner of `tests/test_permissions_of_commands.py`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from hamkor.scenarios.commands import cancel_run, delete_run, keep_result, request_run
from hamkor.scenarios.commands.runs import About
from hamkor.scenarios.rules.options import Options
from hamkor.scenarios.tests.builders import fresh_id, hall

# Whoever may change the plan asks, and so do liaisons; who may change the plan takes a result into the record.
TABLE: dict[str, str] = {
    "scenarios.request_run": "...x...xxxxx xx",
    "scenarios.cancel_run": "???x???xxxxx xx",
    "scenarios.delete_run": "???x???xxxxx xx",
    "scenarios.keep_result": "??xx???xxxxx xx",
}
WITHOUT_A_VIEWER: dict[str, str] = {}


def sending(desk: Any) -> dict[str, Callable[[], object]]:
    """Returns each command, ready to be sent by the person at the desk."""
    viewer, stream = desk.viewer, UUID(str(desk.stream))
    about = About(stream=stream, number=1, plan=hall())
    gone: dict[str, Any] = {"stream": stream, "run_id": fresh_id()}
    return {
        "scenarios.request_run": lambda: request_run(
            viewer, run_id=fresh_id(), about=about, options=Options(), at=desk.now
        ),
        "scenarios.cancel_run": lambda: cancel_run(viewer, at=desk.now, **gone),
        "scenarios.delete_run": lambda: delete_run(viewer, **gone),
        "scenarios.keep_result": lambda: keep_result(
            desk.store, desk.sent(), viewer=viewer, run_id=gone["run_id"]
        ),
    }
