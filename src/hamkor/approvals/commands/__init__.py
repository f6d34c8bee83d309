# SPDX-License-Identifier: Apache-2.0
"""The verbs of an agreement: accept, put to approval, approve, object, withdraw, finalise."""

from __future__ import annotations

from hamkor.approvals.commands.accepting import accept_finding, override_reds, withdraw_acceptance
from hamkor.approvals.commands.closing import NotReadyError, finalise, put_to_approval
from hamkor.approvals.commands.signing import (
    PlanChangedError,
    approve,
    object_to,
    withdraw_approval,
    withdraw_objection,
)

__all__ = [
    "NotReadyError",
    "PlanChangedError",
    "accept_finding",
    "approve",
    "finalise",
    "object_to",
    "override_reds",
    "put_to_approval",
    "withdraw_acceptance",
    "withdraw_approval",
    "withdraw_objection",
]
