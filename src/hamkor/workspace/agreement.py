# SPDX-License-Identifier: Apache-2.0
"""The page of approvals put together: where agencies stand, changes in words, blockers with links."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import msgspec
from django.urls import reverse

from hamkor.agencies.rules import RIGHTS_OF_ROLE, AgencyCode, Viewer
from hamkor.approvals.queries import ApprovalPage, get_approval_page
from hamkor.approvals.rules.blocking import Blocker
from hamkor.approvals.rules.standing import AgencyStanding, Standing
from hamkor.approvals.rules.trail import Touch
from hamkor.workspace.agency_chips import Chip, chip_of
from hamkor.workspace.changes_shown import ChangeReader, ItemChange
from hamkor.workspace.people_shown import names_of
from hamkor.workspace.places import finding_url
from hamkor.workspace.stores import journals

if TYPE_CHECKING:
    from hamkor.workspace.event_page import EventPage

MOST_TOUCHES = 50


class TouchShown(msgspec.Struct, frozen=True):
    """One change that can void an approval.

    Args:
        touch: The change.
        by: Who made it.
        items: What it changed, in words; empty for a judged finding and for what was erased.
    """

    touch: Touch
    by: str
    items: tuple[ItemChange, ...]


class StandingShown(msgspec.Struct, frozen=True):
    """What an agency says about its own part, or about the whole.

    Args:
        standing: What it says.
        by: Who signed or objected.
        voided_by: The change that voided it, None when nothing did.
    """

    standing: Standing
    by: str
    voided_by: TouchShown | None


class AgencyRow(msgspec.Struct, frozen=True):
    """One line of the matrix.

    Args:
        agency: The agency.
        chip: Where it stands.
        own: On its own part.
        whole: On the whole plan.
        is_mine: The viewer signs for it.
        own_changes: For the viewer's agencies: what touched its part since it last approved; None when it never did.
        whole_changes: The same for the whole plan.
    """

    agency: str
    chip: Chip
    own: StandingShown
    whole: StandingShown
    is_mine: bool
    own_changes: tuple[TouchShown, ...] | None = None
    whole_changes: tuple[TouchShown, ...] | None = None


class BlockerShown(msgspec.Struct, frozen=True):
    """What keeps a plan from its final approval.

    Args:
        blocker: What.
        url: Where it is settled.
    """

    blocker: Blocker
    url: str


class AgreementShown(msgspec.Struct, frozen=True):
    """Everything the page of approvals lays out.

    Args:
        page: What the room of approvals says.
        rows: The agencies.
        blockers: What keeps the plan from its final approval.
        since_version: What changed since the newest version.
        since_final: How the plan differs from the one approved finally.
        names: What to call people.
    """

    page: ApprovalPage
    rows: tuple[AgencyRow, ...]
    blockers: tuple[BlockerShown, ...]
    since_version: tuple[TouchShown, ...]
    since_final: tuple[ItemChange, ...]
    names: dict[str, str]

    @property
    def mine(self) -> tuple[AgencyRow, ...]:
        """The agencies the viewer signs for."""
        return tuple(row for row in self.rows if row.is_mine)


def agencies_signed_for(viewer: Viewer) -> tuple[AgencyCode, ...]:
    """Returns the agencies a person may approve for, in the order of their roles."""
    granted = (grant.agency for grant in viewer.grants if "approve" in RIGHTS_OF_ROLE[grant.role])
    return tuple(dict.fromkeys(granted))


def agreement_shown(page: EventPage) -> AgreementShown:
    """Returns the page of approvals as this person sees it."""
    store, own = journals(), agencies_signed_for(page.viewer)
    found = get_approval_page(store, stream=page.stream, viewer=page.viewer, report=page.report)
    pages = {found.agency: found} if found.agency else {}
    for agency in own:
        if agency not in pages:
            pages[agency] = get_approval_page(
                store, stream=page.stream, viewer=page.viewer, agency=agency, report=page.report
            )
    names = names_of(page.viewer, _references(found, pages.values()))
    teller = Teller(page, names)
    return AgreementShown(
        found,
        tuple(
            _row(each, teller, own=each.agency in own, about=pages.get(each.agency))
            for each in found.standings
        ),
        tuple(BlockerShown(each, _url_of(page, each)) for each in found.blockers),
        teller.touches(found.changed_since_version),
        teller.reader.read(found.changed_since_final),
        names,
    )


class Teller:
    """Tells changes in words.

    Args:
        page: The event.
        names: What to call people.
    """

    def __init__(self, page: EventPage, names: dict[str, str]) -> None:
        self.names = names
        self.reader = ChangeReader(page.stream, page.plan, page.documents)

    def touches(self, touches: Sequence[Touch]) -> tuple[TouchShown, ...]:
        """Returns the newest of these changes, the newest first."""
        return tuple(self.touch(touch) for touch in reversed(touches[-MOST_TOUCHES:]))

    def touch(self, touch: Touch) -> TouchShown:
        """Returns one change in words."""
        return TouchShown(touch, self.names.get(touch.by, ""), self.reader.read(touch.changes))

    def standing(self, standing: Standing) -> StandingShown:
        """Returns what an agency says, with who said it and what voided it."""
        said = standing.objection or standing.approval
        voided = None if standing.voided_by is None else self.touch(standing.voided_by)
        return StandingShown(standing, self.names.get(said.by, "") if said is not None else "", voided)


def names_in(page: EventPage, touches: Iterable[Touch]) -> dict[str, str]:
    """Returns what to call everybody who made these changes."""
    return names_of(page.viewer, [touch.by for touch in touches])


def _row(standing: AgencyStanding, teller: Teller, *, own: bool, about: ApprovalPage | None) -> AgencyRow:
    return AgencyRow(
        standing.agency,
        chip_of(standing),
        teller.standing(standing.own),
        teller.standing(standing.whole),
        own,
        None if about is None or about.own_changes is None else teller.touches(about.own_changes),
        None if about is None or about.whole_changes is None else teller.touches(about.whole_changes),
    )


def _references(found: ApprovalPage, pages: Iterable[ApprovalPage]) -> list[str]:
    references = [version.version.by for version in found.versions]
    references += [version.final.by for version in found.versions if version.final is not None]
    references += [touch.by for touch in found.changed_since_version]
    for standing in found.standings:
        for each in (standing.own, standing.whole):
            known = (each.approval, each.objection, each.voided_by)
            references += [item.by for item in known if item is not None]
    for page in pages:
        references += [touch.by for touch in (*(page.own_changes or ()), *(page.whole_changes or ()))]
    return references


def _url_of(page: EventPage, blocker: Blocker) -> str:
    if blocker.finding is not None and blocker.finding.finding is not None:
        return finding_url(page.stream, blocker.finding.finding, page.nameless_plan)
    if blocker.code == "agencies-unknown":
        return reverse("passport", kwargs={"stream": page.stream})
    if blocker.agency is not None:
        return f"#agency-{blocker.agency}"
    if blocker.code == "plan-changed":
        return "#since-version"
    return "#versions"
