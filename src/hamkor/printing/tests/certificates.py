# SPDX-License-Identifier: Apache-2.0
"""Certificates to print."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hamkor.printing.signatures import AcceptedFinding, Certificate, Override, Signature

AT = datetime(2027, 3, 1, 9, 30, tzinfo=UTC)
HASH = "0123456789abcdef" * 4


def certificate(**given: Any) -> Certificate:
    """A certificate with every kind of decision."""
    values: dict[str, Any] = {
        "event_name": {"uz": "Navroʻz", "en": "Navruz"},
        "version": "4",
        "head_number": 412,
        "head_hash": HASH,
        "at": AT,
        "verify_url": "https://hamkor.example/verify/0199f2ac",
        "is_final": True,
        "signatures": (
            Signature(
                agency="iib", position="Head", name="A. A.", decision="approved", at=AT, number=398, hash=HASH
            ),
            Signature(
                agency="fvv",
                decision="objected",
                at=AT,
                number=399,
                hash=HASH,
                reason="The way out is narrow",
            ),
            Signature(agency="emergency_medical"),
        ),
        "accepted_findings": (
            AcceptedFinding(
                rule="ENT-003", subject="t1", reason="A second row was added", by="Head of police", at=AT
            ),
            AcceptedFinding(
                rule="CAP-002", subject="area:pit", reason="Counted by hand", by="Stewards", at=AT
            ),
        ),
        "overrides": (Override(what="Without the ambulance", reason="No answer in time", by="Mayor", at=AT),),
    }
    return Certificate(**{**values, **given})
