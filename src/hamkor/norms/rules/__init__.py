# SPDX-License-Identifier: Apache-2.0
"""What a norm and a functional duty are, what a norm may do in a check, and how it is cited."""

from __future__ import annotations

from hamkor.norms.rules.citation import citation, cite
from hamkor.norms.rules.duty import Duty, DutyCatalogue, EventTag, NormSetAside, applies
from hamkor.norms.rules.norm import (
    BINDING_KINDS,
    Confidence,
    DutyHolder,
    EmergencyNumber,
    Jurisdiction,
    Norm,
    NormKind,
    NormPhase,
    NormSource,
    Parameter,
    ParameterBook,
    ReadExtent,
    concerns,
    is_binding,
    may_block,
)
from hamkor.norms.rules.working_days import (
    earliest_day_after,
    is_working_day,
    latest_day_before,
    working_days_between,
)

__all__ = [
    "BINDING_KINDS",
    "Confidence",
    "Duty",
    "DutyCatalogue",
    "DutyHolder",
    "EmergencyNumber",
    "EventTag",
    "Jurisdiction",
    "Norm",
    "NormKind",
    "NormPhase",
    "NormSetAside",
    "NormSource",
    "Parameter",
    "ParameterBook",
    "ReadExtent",
    "applies",
    "citation",
    "cite",
    "concerns",
    "earliest_day_after",
    "is_binding",
    "is_working_day",
    "latest_day_before",
    "may_block",
    "working_days_between",
]
