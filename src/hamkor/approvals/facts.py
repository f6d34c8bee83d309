# SPDX-License-Identifier: Apache-2.0
"""What can happen on the way to an agreement: findings are accepted, versions are put to approval and signed."""

from __future__ import annotations

from hamkor.approvals.rules.judging import Acceptance, AcceptanceEnded, AcceptanceLapsed
from hamkor.approvals.rules.signing import (
    Approval,
    ApprovalWithdrawn,
    FinalApproval,
    Objection,
    ObjectionWithdrawn,
    PlanVersion,
    approval_id,
)
from hamkor.journal.rules import Changes, Documents, Fact, declare_fact, declare_kind

ACCEPTANCE = declare_kind("acceptance", Acceptance)
PLAN_VERSION = declare_kind("plan_version", PlanVersion)
APPROVAL = declare_kind("approval", Approval)
OBJECTION = declare_kind("objection", Objection)
FINAL_APPROVAL = declare_kind("final_approval", FinalApproval)
KINDS = (ACCEPTANCE, PLAN_VERSION, APPROVAL, OBJECTION, FINAL_APPROVAL)


def _accept(_documents: Documents, fact: Fact[Acceptance]) -> Changes:
    return {("acceptance", fact.body.id): fact.body}


def _end(_documents: Documents, fact: Fact[AcceptanceEnded]) -> Changes:
    return {("acceptance", fact.body.id): None}


def _lapse(_documents: Documents, fact: Fact[AcceptanceLapsed]) -> Changes:
    return {("acceptance", fact.body.id): None}


def _put(_documents: Documents, fact: Fact[PlanVersion]) -> Changes:
    return {("plan_version", fact.body.id): fact.body}


def _approve(_documents: Documents, fact: Fact[Approval]) -> Changes:
    """Whoever approves the whole objects no more."""
    body = fact.body
    approved: Changes = {("approval", body.id): body}
    return approved if body.scope == "own" else {**approved, ("objection", body.agency): None}


def _withdraw(_documents: Documents, fact: Fact[ApprovalWithdrawn]) -> Changes:
    return {("approval", name): None for name in fact.body.approvals}


def _object(_documents: Documents, fact: Fact[Objection]) -> Changes:
    """Whoever objects does not approve the whole of that version any more."""
    body = fact.body
    return {
        ("objection", body.id): body,
        ("approval", approval_id(body.agency, "whole", body.version)): None,
    }


def _settle(_documents: Documents, fact: Fact[ObjectionWithdrawn]) -> Changes:
    return {("objection", fact.body.id): None}


def _finalise(_documents: Documents, fact: Fact[FinalApproval]) -> Changes:
    return {("final_approval", fact.body.id): fact.body}


ACCEPTANCE_GIVEN = declare_fact("acceptance.given.v1", Acceptance, _accept)
ACCEPTANCE_WITHDRAWN = declare_fact("acceptance.withdrawn.v1", AcceptanceEnded, _end)
ACCEPTANCE_LAPSED = declare_fact("acceptance.lapsed.v1", AcceptanceLapsed, _lapse)
VERSION_PUT = declare_fact("plan_version.put_to_approval.v1", PlanVersion, _put)
APPROVAL_GIVEN = declare_fact("approval.given.v1", Approval, _approve)
APPROVAL_WITHDRAWN = declare_fact("approval.withdrawn.v1", ApprovalWithdrawn, _withdraw)
OBJECTION_RAISED = declare_fact("objection.raised.v1", Objection, _object)
OBJECTION_WITHDRAWN = declare_fact("objection.withdrawn.v1", ObjectionWithdrawn, _settle)
FINAL_APPROVAL_GIVEN = declare_fact("final_approval.given.v1", FinalApproval, _finalise)
