# SPDX-License-Identifier: Apache-2.0
"""What a micro-simulation refuses, and why."""

from __future__ import annotations

from typing import Any

from hamkor.common.errors import HamkorError


class GroundError(HamkorError):
    """The ground, a door or a destination cannot be walked as drawn."""


class CrowdError(HamkorError):
    """People cannot be placed as asked."""


class CheckpointError(HamkorError):
    """A checkpoint belongs to another run, or is no checkpoint."""


class StuckAgentsError(HamkorError):
    """Too many people stood still although their way was free; the run says nothing about the plan.

    Args:
        code: `stuck-agents`.
        template: Message with placeholders.
        run: The refused `Run`, to look at where they stand.
        facts: Values of the placeholders.
    """

    def __init__(self, code: str, template: str, run: Any = None, **facts: Any) -> None:
        super().__init__(code, template, **facts)
        self.run = run
