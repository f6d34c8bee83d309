# SPDX-License-Identifier: Apache-2.0
"""Living with a finding: accepted with a reason, at its figures, by a named person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hamkor.agencies.rules import NotAllowedError, Right, Viewer, may, require
from hamkor.approvals.commands.heads import (
    cleaned,
    perform_on_head,
    require_in_person,
    require_person,
)
from hamkor.approvals.facts import ACCEPTANCE_GIVEN, ACCEPTANCE_WITHDRAWN
from hamkor.approvals.queries.trails import Snapshot
from hamkor.approvals.rules.judging import (
    Acceptance,
    AcceptanceEnded,
    JudgedFinding,
    bounds_of,
    digest_of_words,
)
from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.journal.commands import Envelope, Result, Store
from hamkor.journal.rules import Fact, in_utc

MOST_KEYS = 200


def accept_finding(
    store: Store, envelope: Envelope, *, viewer: Viewer, key: str, reason: str, person: str | None = None
) -> Result:
    """Records that a finding is accepted with a reason, at the figures it has now.

    Args:
        store: Where the journal is kept.
        envelope: Who, when and why; `by` must be the viewer.
        viewer: Who accepts: a red finding needs the right ``override``, any other ``accept_finding``.
        key: Key of the finding, as `list_judged_findings` gives it.
        reason: Why the plan goes on with it.
        person: Person of the plan who answers for it.

    Raises:
        NotAllowedError: ``not-allowed``.
        HamkorError: ``not-in-person``, ``reason-missing``, ``finding-gone``, ``already-accepted``,
            ``person-unknown``, ``plan-missing``, ``plan-busy``.
    """
    require_in_person(envelope, viewer)
    if not may(viewer, "override"):
        require(viewer, "accept_finding")
    text = cleaned(reason)

    def decide(snapshot: Snapshot, number: int) -> list[Fact[Any]]:
        item = _require_open(snapshot, key)
        _require_weight(viewer, item.finding.severity if item.finding is not None else "red")
        require_person(snapshot.plan, person)
        return [_accepted(snapshot, item, envelope=envelope, number=number, reason=text, person=person)]

    content = ["accept_finding", key, text, person]
    return perform_on_head(store, envelope, decide, content=content, is_checked=True)


def override_reds(
    store: Store, envelope: Envelope, *, viewer: Viewer, reason: str, keys: Sequence[str]
) -> Result:
    """Records that the commission goes on in spite of red findings: all of those named, or none.

    Args:
        store: Where the journal is kept.
        envelope: Who, when and why; `by` must be the viewer.
        viewer: Needs the right ``override``.
        reason: Why, recorded with each of them.
        keys: Keys of the findings, as `list_judged_findings` gives them; each must be red and open.

    Raises:
        NotAllowedError: ``not-allowed``.
        HamkorError: ``not-in-person``, ``reason-missing``, ``keys-missing``, ``finding-gone``,
            ``already-accepted``, ``finding-not-red``, ``plan-missing``, ``plan-busy``.

    Notes:
        It voids every approval of the whole plan: the agencies sign again, knowing of it.
    """
    require_in_person(envelope, viewer)
    require(viewer, "override")
    text, chosen = cleaned(reason), list(dict.fromkeys(keys))
    if not 0 < len(chosen) <= MOST_KEYS:
        template = N_("Name the red findings to be overridden: at least one, at most {limit}.")
        raise HamkorError("keys-missing", template, limit=MOST_KEYS)

    def decide(snapshot: Snapshot, number: int) -> list[Fact[Any]]:
        items = [_require_red(_require_open(snapshot, key)) for key in chosen]
        return [
            _accepted(snapshot, item, envelope=envelope, number=number + place, reason=text)
            for place, item in enumerate(items)
        ]

    return perform_on_head(store, envelope, decide, content=["override_reds", text, chosen], is_checked=True)


def withdraw_acceptance(store: Store, envelope: Envelope, *, viewer: Viewer, key: str, reason: str) -> Result:
    """Records that an acceptance is taken back: the finding is open again.

    Args:
        store: Where the journal is kept.
        envelope: Who, when and why; `by` must be the viewer.
        viewer: Needs the right with which such a finding is accepted.
        key: Key of the finding.
        reason: Why.

    Raises:
        NotAllowedError: ``not-allowed``.
        HamkorError: ``not-in-person``, ``reason-missing``, ``not-accepted``, ``plan-missing``, ``plan-busy``.
    """
    require_in_person(envelope, viewer)
    if not may(viewer, "override"):
        require(viewer, "accept_finding")
    text = cleaned(reason)

    def decide(snapshot: Snapshot, _number: int) -> list[Fact[Any]]:
        acceptance = snapshot.agreement.acceptances.get(key)
        if acceptance is None:
            raise HamkorError("not-accepted", N_("The finding {key} is not accepted."), key=key)
        _require_weight(viewer, acceptance.severity)
        return [ACCEPTANCE_WITHDRAWN(AcceptanceEnded(key, text))]

    return perform_on_head(store, envelope, decide, content=["withdraw_acceptance", key, text])


def _require_weight(viewer: Viewer, severity: str) -> None:
    right: Right = "override" if severity == "red" else "accept_finding"
    if not may(viewer, right):
        raise NotAllowedError(viewer, right)


def _require_open(snapshot: Snapshot, key: str) -> JudgedFinding:
    item = next((item for item in snapshot.judged if item.key == key), None)
    if item is None or item.finding is None:
        template = N_("The check does not find {key} in the plan as it is now. Look at the findings again.")
        raise HamkorError("finding-gone", template, key=key)
    if item.state == "accepted":
        template = N_("The finding {key} is accepted already: {reason}")
        reason = item.acceptance.reason if item.acceptance is not None else ""
        raise HamkorError("already-accepted", template, key=key, reason=reason)
    return item


def _require_red(item: JudgedFinding) -> JudgedFinding:
    if not item.is_open_red:
        template = N_("The finding {key} is not red: it needs no override. Accept it instead.")
        raise HamkorError("finding-not-red", template, key=item.key)
    return item


def _accepted(
    snapshot: Snapshot,
    item: JudgedFinding,
    *,
    envelope: Envelope,
    number: int,
    reason: str,
    person: str | None = None,
) -> Fact[Acceptance]:
    finding, report = item.finding, snapshot.report
    if finding is None or report is None:
        raise ValueError("only what a check found can be accepted")
    return ACCEPTANCE_GIVEN(
        Acceptance(
            id=item.key,
            rule=finding.rule,
            subject_kind=finding.subject.kind,
            subject_id=finding.subject.id,
            severity=finding.severity,
            profile=report.profile,
            reason=reason,
            number=number,
            by=envelope.by,
            at=in_utc(envelope.at),
            head_number=snapshot.trail.head.number,
            measured=bounds_of(finding.measured),
            limit=bounds_of(finding.limit),
            ratio=bounds_of(finding.ratio),
            unit=finding.unit,
            fails_under=finding.fails_under,
            words=digest_of_words(finding) if finding.ratio is None else None,
            person=person,
        )
    )
