# SPDX-License-Identifier: Apache-2.0
"""Findings that people live with: what is accepted, at which figures, and when an acceptance lapses by itself."""

# Without `annotations` from `__future__`: msgspec reads the types of bodies here.

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hamkor.checks.rules.findings import SEVERITIES, Finding, Severity
from hamkor.common.figures import Range
from hamkor.common.messages import N_, Message
from hamkor.common.records import Id, ShortText
from hamkor.journal.rules import canonical

# Ratios computed twice from the same figures may differ in the last digits of a float.
TOLERANCE = 1e-9
EntryNumber = Annotated[int, Meta(ge=1)]
AwareMoment = Annotated[datetime, Meta(tz=True)]

Why = Literal["gone", "severity", "figures", "profiles", "words"]
JudgedState = Literal["open", "accepted", "lapsed"]
WHYS: dict[Why, str] = {
    "gone": N_("the check does not find it any more"),
    "severity": N_("it weighs more than when it was accepted"),
    "figures": N_("its figures are worse than when it was accepted"),
    "profiles": N_("it holds under more flow profiles than when it was accepted"),
    "words": N_("it says something else than when it was accepted"),
}


class Bounds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A range as it is recorded.

    Args:
        low: Lowest value; None when it is beyond every number.
        nominal: The value that is named; None as above.
        high: Highest value; None as above.
    """

    low: float | None
    nominal: float | None
    high: float | None


class Acceptance(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A finding that a named person accepted with a reason.

    Args:
        id: Key of the finding, see `keyed`.
        rule: Id of the rule.
        subject_kind: What it is about.
        subject_id: Which one.
        severity: How it weighed then.
        profile: Flow profile that decided.
        reason: Why the plan goes on with it.
        number: Number of the entry that records this.
        by: Reference of the person who accepts it.
        at: When.
        head_number: Number of the last entry the check took into account.
        measured: Measured value then.
        limit: Limit then.
        ratio: How many times worse than the limit then.
        unit: Unit of both.
        fails_under: Flow profiles under which it held.
        words: Digest of what it says, for findings without a ratio.
        person: Person of the plan who answers for it.
    """

    id: Annotated[str, Meta(min_length=1, max_length=400)]
    rule: str
    subject_kind: str
    subject_id: str
    severity: Severity
    profile: str
    reason: ShortText
    number: EntryNumber
    by: str
    at: AwareMoment
    head_number: EntryNumber
    measured: Bounds | None = None
    limit: Bounds | None = None
    ratio: Bounds | None = None
    unit: str = ""
    fails_under: tuple[str, ...] = ()
    words: str | None = None
    person: Id | None = None


class AcceptanceEnded(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An acceptance is taken back.

    Args:
        id: Key of the finding.
        reason: Why.
    """

    id: str
    reason: ShortText


class AcceptanceLapsed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An acceptance does not suit the finding any more.

    Args:
        id: Key of the finding.
        why: What changed about it.
    """

    id: str
    why: Why


class JudgedFinding(msgspec.Struct, frozen=True, kw_only=True):
    """A finding and what people decided about it.

    Args:
        key: Its key.
        finding: The finding now; None when the check does not find it any more.
        state: ``open``; ``accepted``; ``lapsed``, which weighs like ``open``.
        acceptance: Who accepted it, when, why and at which figures; None when nobody did.
        why: Why the acceptance lapsed.
    """

    key: str
    finding: Finding | None
    state: JudgedState
    acceptance: Acceptance | None = None
    why: Why | None = None

    @property
    def is_open_red(self) -> bool:
        """True when it keeps the plan from its final approval."""
        return self.finding is not None and self.finding.severity == "red" and self.state != "accepted"

    @property
    def why_lapsed(self) -> Message | None:
        """Why the acceptance lapsed, for people."""
        return None if self.why is None else Message(WHYS[self.why])


def keyed(findings: Iterable[Finding]) -> dict[str, Finding]:
    """Returns the findings by key, in their order.

    Notes:
        A key is rule, kind and id of the subject: ``ENT-001/opening/gate-3``. Should a rule find something twice
        at one subject, the second is ``…#2``.
    """
    seen: Counter[str] = Counter()
    result = {}
    for finding in findings:
        key = f"{finding.rule}/{finding.subject.kind}/{finding.subject.id}"
        seen[key] += 1
        result[key if seen[key] == 1 else f"{key}#{seen[key]}"] = finding
    return result


def judge_findings(
    findings: Iterable[Finding], acceptances: Mapping[str, Acceptance]
) -> tuple[JudgedFinding, ...]:
    """Returns every finding with its state, then the acceptances whose findings are gone.

    Args:
        findings: Findings of one check of the plan without names of people.
        acceptances: Acceptances that stand, by key.
    """
    found = keyed(findings)
    now = [_judged(key, finding, acceptances.get(key)) for key, finding in found.items()]
    gone = [
        JudgedFinding(key=key, finding=None, state="lapsed", acceptance=acceptance, why="gone")
        for key, acceptance in acceptances.items()
        if key not in found
    ]
    return (*now, *gone)


def find_lapse(acceptance: Acceptance, finding: Finding | None) -> Why | None:
    """Returns why an acceptance does not cover the finding as it is now, or None when it does."""
    if finding is None:
        return "gone"
    if SEVERITIES.index(finding.severity) < SEVERITIES.index(acceptance.severity):
        return "severity"
    if is_worse(acceptance, finding):
        return "figures"
    if not set(finding.fails_under) <= set(acceptance.fails_under):
        return "profiles"
    return "words" if finding.ratio is None and digest_of_words(finding) != acceptance.words else None


def is_worse(acceptance: Acceptance, finding: Finding) -> bool:
    """Returns True when the figures are worse than the accepted ones, or cannot be compared with them.

    Notes:
        Only the ratio says which direction is worse. Without it any other measured value or limit counts as worse.
    """
    if acceptance.ratio is not None and finding.ratio is not None:
        now = bounds_of(finding.ratio)
        return any(
            _is_above(new, old) for new, old in zip(_values(now), _values(acceptance.ratio), strict=True)
        )
    then = (acceptance.measured, acceptance.limit, acceptance.ratio)
    return not all(
        _is_same(old, bounds_of(new))
        for old, new in zip(then, (finding.measured, finding.limit, finding.ratio), strict=True)
    )


def bounds_of(value: Range | None) -> Bounds | None:
    """Returns a range as it is recorded."""
    return None if value is None else Bounds(_finite(value.low), _finite(value.nominal), _finite(value.high))


def digest_of_words(finding: Finding) -> str:
    """Returns a digest of what a finding says beside the name of its subject, hexadecimal."""
    facts = {name: value for name, value in finding.message.facts.items() if name != "subject"}
    return sha256(canonical(msgspec.to_builtins(facts, str_keys=True))).hexdigest()


def _judged(key: str, finding: Finding, acceptance: Acceptance | None) -> JudgedFinding:
    if acceptance is None:
        return JudgedFinding(key=key, finding=finding, state="open")
    why = find_lapse(acceptance, finding)
    state: JudgedState = "accepted" if why is None else "lapsed"
    return JudgedFinding(key=key, finding=finding, state=state, acceptance=acceptance, why=why)


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _values(bounds: Bounds | None) -> tuple[float, ...]:
    if bounds is None:
        return ()
    found = (bounds.low, bounds.nominal, bounds.high)
    return tuple(math.inf if value is None else value for value in found)


def _is_above(new: float, old: float) -> bool:
    return new > old and not math.isclose(new, old, rel_tol=TOLERANCE)


def _is_same(old: Bounds | None, new: Bounds | None) -> bool:
    if old is None or new is None:
        return old is new
    pairs = zip(_values(old), _values(new), strict=True)
    return all(math.isclose(before, after, rel_tol=TOLERANCE) for before, after in pairs)
