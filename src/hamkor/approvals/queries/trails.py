# SPDX-License-Identifier: Apache-2.0
"""Reading the trail of a journal: kept per process and caught up from the entries, so that a read costs little."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from weakref import WeakKeyDictionary

import msgspec

from hamkor.approvals.facts import ACCEPTANCE, APPROVAL, FINAL_APPROVAL, OBJECTION, PLAN_VERSION
from hamkor.approvals.rules.judging import JudgedFinding, judge_findings
from hamkor.approvals.rules.signing import Agreement
from hamkor.approvals.rules.trail import Trail, empty_trail, extend
from hamkor.checks.queries import Report, check_plan
from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.crowd.rules.profiles import DEFAULT_PROFILE
from hamkor.journal.queries import Store, get_documents, list_entries
from hamkor.journal.rules import Documents, Stream
from hamkor.plans.queries import plan_of
from hamkor.plans.rules.plan import Plan

MOST_TRAILS = 64

_trails: WeakKeyDictionary[Store, OrderedDict[str, Trail]] = WeakKeyDictionary()
_lock = Lock()


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """One head of a journal with everything that is decided on.

    Args:
        trail: The journal up to that head.
        agreement: What was signed.
        plan: The plan without names and phones.
        report: What a check says about it; None when it was not asked for.
    """

    trail: Trail
    agreement: Agreement
    plan: Plan
    report: Report | None = None

    @property
    def judged(self) -> tuple[JudgedFinding, ...]:
        """The findings with what people decided about them; none without a check."""
        findings = () if self.report is None else self.report.findings
        return judge_findings(findings, self.agreement.acceptances)


def agreement_of(documents: Documents) -> Agreement:
    """Returns everything that was signed and stands."""
    return Agreement(
        versions=documents.all(PLAN_VERSION),
        approvals=documents.all(APPROVAL),
        objections=documents.all(OBJECTION),
        finals=documents.all(FINAL_APPROVAL),
        acceptances={acceptance.id: acceptance for acceptance in documents.all(ACCEPTANCE)},
    )


def list_judged_findings(report: Report, documents: Documents) -> tuple[JudgedFinding, ...]:
    """Returns every finding as open, accepted or lapsed, then acceptances whose findings are gone.

    Args:
        report: A check of the plan the documents make up, without names of people.
        documents: The documents.
    """
    return judge_findings(report.findings, agreement_of(documents).acceptances)


def get_trail(store: Store, stream: Stream) -> Trail:
    """Returns the trail of a journal up to its head.

    Args:
        store: Where the journal is kept.
        stream: Which journal.

    Raises:
        HamkorError: A code of `fold`.
    """
    name = str(stream)
    with _lock:
        kept = _trails.setdefault(store, OrderedDict()).get(name)
    trail = _caught_up(store, kept or empty_trail(name))
    with _lock:
        trails = _trails.setdefault(store, OrderedDict())
        trails[name] = trail
        trails.move_to_end(name)
        if len(trails) > MOST_TRAILS:
            trails.popitem(last=False)
    return trail


def take_snapshot(
    store: Store, stream: Stream, *, report: Report | None = None, is_checked: bool = False
) -> Snapshot:
    """Returns the head of a journal with everything that is decided on.

    Args:
        store: Where the journal is kept.
        stream: Which journal.
        report: A check made earlier; taken when the plan is still the one it speaks of.
        is_checked: True to check the plan: tens of milliseconds for a stadium.

    Raises:
        HamkorError: ``plan-missing``, when there is no event in the journal.
    """
    trail = get_trail(store, stream)
    plan = plan_of(trail.documents, {})
    if plan is None:
        template = N_("There is no event in the journal {stream} yet. Begin a plan first.")
        raise HamkorError("plan-missing", template, stream=str(stream))
    checked = report if report is not None and _is_check_of(report, plan) else None
    if checked is None and is_checked:
        checked = check_plan(plan)
    return Snapshot(trail=trail, agreement=agreement_of(trail.documents), plan=plan, report=checked)


def _is_check_of(report: Report, plan: Plan) -> bool:
    """Returns True for a check of this very plan under the profile that decides; a gentler one closes no plan."""
    return report.profile == DEFAULT_PROFILE and report.plan == plan


def _caught_up(store: Store, kept: Trail) -> Trail:
    """Returns the trail at the head; folded anew when an entry it knows was erased, or the journal is another one."""
    stream, documents = kept.head.stream, get_documents(store, kept.head.stream)
    if (documents.number, documents.withheld) == (kept.head.number, kept.documents.withheld):
        return kept
    entries = list_entries(store, stream, after=kept.head.number, until=documents.number)
    follows = bool(entries) and entries[0].previous_hash == kept.head.hash
    trail = extend(kept, entries) if follows else kept
    if (trail.head.number, trail.documents.withheld) == (documents.number, documents.withheld):
        return trail
    return extend(empty_trail(stream), list_entries(store, stream, until=documents.number))
