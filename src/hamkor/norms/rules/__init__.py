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
    "is_binding",
    "may_block",
]
