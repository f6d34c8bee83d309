# SPDX-License-Identifier: Apache-2.0
"""The findings of an event with what people decided about them, ready to be laid out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload
from uuid import UUID

import msgspec

from hamkor.agencies.rules import Viewer, may
from hamkor.approvals.queries import list_judged_findings
from hamkor.approvals.rules.judging import JudgedFinding
from hamkor.checks.queries import Report
from hamkor.checks.rules.registry import find_rule
from hamkor.common.i18n import translate
from hamkor.common.messages import show
from hamkor.journal.rules import Documents
from hamkor.pages.languages import current_language
from hamkor.plans.rules.plan import Plan
from hamkor.printing.cards import Bar, Card, card_of
from hamkor.workspace.people_shown import names_of
from hamkor.workspace.places import finding_url

BAR_PX = 288


class BarDrawn(msgspec.Struct, frozen=True):
    """A bar of what is measured against its limit, in pixels of its drawing.

    Args:
        low: End of what is sure.
        high: End of what may be.
        limit: Left edge of the mark of the limit.
    """

    low: float
    high: float
    limit: float


class FindingShown(msgspec.Struct, frozen=True, kw_only=True):
    """A finding on a page.

    Args:
        key: Its key.
        rule: Id of its rule.
        title: Name of the rule.
        severity: How it weighs now; empty when the check does not find it any more.
        card: How it reads now; None when the check does not find it any more.
        judged: What people decided.
        bar: Measured against the limit, None when it cannot be drawn.
        url: Where it is mended.
        may_accept: The viewer may accept it as it weighs now.
        may_withdraw: The viewer may take its acceptance back.
        by: Who accepted it.
        person: Who answers for it in the plan.
    """

    key: str
    rule: str
    title: str
    severity: str
    card: Card | None
    judged: JudgedFinding
    bar: BarDrawn | None
    url: str
    may_accept: bool
    may_withdraw: bool
    by: str = ""
    person: str = ""

    @property
    def is_accepted(self) -> bool:
        """True when people live with it."""
        return self.judged.state == "accepted"


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """What is needed to show the findings of an event.

    Args:
        viewer: Who looks.
        stream: The event.
        plan: The plan, with the names the viewer may see.
        report: What the checker says.
        cards: The findings in the language of the page.
        documents: The documents at the same entry.
    """

    viewer: Viewer
    stream: UUID
    plan: Plan
    report: Report
    cards: Sequence[Card]
    documents: Documents


class Panel(msgspec.Struct, frozen=True):
    """The findings beside every page.

    Args:
        open: Those that await somebody, worst first, as many as a person reads.
        hidden: How many more there are.
        accepted: Those that people live with.
    """

    open: tuple[FindingShown, ...]
    hidden: int
    accepted: tuple[FindingShown, ...]


class Cards(Sequence[Card]):
    """The findings of a report in one language, each put into words when it is first asked for.

    Args:
        report: The report.
        language: One of the four languages.
    """

    def __init__(self, report: Report, language: str) -> None:
        self._report, self._language = report, language
        self._made: dict[int, Card] = {}

    def __len__(self) -> int:
        """Returns the number of findings."""
        return len(self._report.findings)

    @overload
    def __getitem__(self, place: int) -> Card: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Card]: ...
    def __getitem__(self, place: int | slice) -> Card | Sequence[Card]:
        """Returns one finding, or several, in the order of the report."""
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        if not 0 <= place < len(self):
            raise IndexError(place)
        if place not in self._made:
            self._made[place] = card_of(place + 1, self._report.findings[place], self._language)
        return self._made[place]

    def about(self, subject_id: str) -> tuple[Card, ...]:
        """Returns the findings about one thing."""
        found = enumerate(self._report.findings)
        return tuple(self[place] for place, finding in found if finding.subject.id == subject_id)


def findings_shown(event: Judged) -> tuple[FindingShown, ...]:
    """Returns every finding in the order of the report, then acceptances whose findings are gone."""
    judged = list_judged_findings(event.report, event.documents)
    return _shown_ones(event, list(enumerate(judged)))


def panel_of(event: Judged, *, most: int) -> Panel:
    """Returns the findings to show beside a page.

    Args:
        event: The event.
        most: How many open ones are shown.
    """
    judged = list(enumerate(list_judged_findings(event.report, event.documents)))
    found = [(place, item) for place, item in judged if item.finding is not None]
    waiting = [(place, item) for place, item in found if item.state != "accepted"]
    accepted = [(place, item) for place, item in found if item.state == "accepted"]
    return Panel(
        _shown_ones(event, waiting[:most]), max(0, len(waiting) - most), _shown_ones(event, accepted)
    )


def _shown_ones(event: Judged, chosen: list[tuple[int, JudgedFinding]]) -> tuple[FindingShown, ...]:
    names = names_of(event.viewer, [item.acceptance.by for _, item in chosen if item.acceptance is not None])
    count = len(event.cards)
    return tuple(
        _shown(event, item, event.cards[place] if place < count else None, names) for place, item in chosen
    )


def _shown(event: Judged, item: JudgedFinding, card: Card | None, names: dict[str, str]) -> FindingShown:
    finding, accepted = item.finding, item.acceptance
    rule = finding.rule if finding is not None else accepted.rule if accepted is not None else ""
    return FindingShown(
        key=item.key,
        rule=rule,
        title=card.title if card is not None else _title(rule),
        severity=finding.severity if finding is not None else "",
        card=card,
        judged=item,
        bar=_drawn(card.bar) if card is not None and card.bar is not None else None,
        url=finding_url(event.stream, finding, event.plan) if finding is not None else "",
        may_accept=finding is not None
        and item.state != "accepted"
        and _may_judge(event.viewer, finding.severity),
        may_withdraw=accepted is not None and _may_judge(event.viewer, accepted.severity),
        by=names.get(accepted.by, "") if accepted is not None else "",
        person=_person(event.plan, accepted.person) if accepted is not None else "",
    )


def _may_judge(viewer: Viewer, severity: str) -> bool:
    return may(viewer, "override" if severity == "red" else "accept_finding")


def _title(rule_id: str) -> str:
    rule = find_rule(rule_id)
    return translate(rule.title, current_language()) if rule is not None else rule_id


def _person(plan: Plan, person_id: str | None) -> str:
    found = next((person for person in plan.people or () if person.id == person_id), None)
    if found is None:
        return person_id or ""
    return show(found.name or found.position or found.id, current_language())


def _drawn(bar: Bar) -> BarDrawn:
    low, high, limit = (
        round(min(max(part, 0.0), 1.0) * BAR_PX, 1) for part in (bar.low, bar.high, bar.limit)
    )
    return BarDrawn(low, high, min(limit, BAR_PX - 2))
