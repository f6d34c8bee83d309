# SPDX-License-Identifier: Apache-2.0
"""Reads about the agreement on a plan."""

from __future__ import annotations

from hamkor.approvals.queries.certificates import (
    Certificate,
    CertificateCheck,
    Signature,
    check_certificate,
    get_certificate,
)
from hamkor.approvals.queries.pages import (
    ApprovalPage,
    VersionShown,
    get_approval_page,
    list_approval_states,
    list_changes_since_approval,
)
from hamkor.approvals.queries.trails import (
    Snapshot,
    agreement_of,
    get_trail,
    list_judged_findings,
    take_snapshot,
)

__all__ = [
    "ApprovalPage",
    "Certificate",
    "CertificateCheck",
    "Signature",
    "Snapshot",
    "VersionShown",
    "agreement_of",
    "check_certificate",
    "get_approval_page",
    "get_certificate",
    "get_trail",
    "list_approval_states",
    "list_changes_since_approval",
    "list_judged_findings",
    "take_snapshot",
]
