# SPDX-License-Identifier: Apache-2.0
"""What tests of the situational centre in a browser share: what happened before, and consoles that are looked at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from playwright.sync_api import BrowserContext, Page, expect

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "navruz-2027"
# Chromium says so of every drawing in software, as tests have it.
# What the parts of the console that listen to keys draw first; each is loaded by itself.
PARTS = (
    "#command-line",
    "#incidents h2",
    "#alarms h2",
    "#journal h2",
    "#show-stop button",
    "#contingency button",
    "#handover button",
    "#roll-call button",
)
NO_GRAPHICS = "WebGL|GPU stall|GL Driver Message"


class Ground:
    """An event that began an hour ago, and what people did at it before a test looks at it.

    Args:
        committed: Runs a function where the server sees what it writes.
        at_most: How many things of each list of the example the plan keeps; None for all.
    """

    def __init__(self, committed: Callable[..., Any], *, at_most: int | None = None) -> None:
        self._committed = committed
        self.stream: UUID = committed(_planned, at_most)

    def does(self, user: Any, command: Callable[..., Any], *, ago_min: float = 0, **values: Any) -> str:
        """Sends a command as a person, now or some minutes ago; returns its id, which is that of what it made."""
        return str(self._committed(_sent, self.stream, user, command, ago_min=ago_min, values=values))

    def look(self, *, in_s: float = 0) -> int:
        """Lets the watch look as if so many seconds had passed, and returns how much it wrote down."""
        return int(self._committed(_looked, self.stream, in_s))

    def all(self, kind: str) -> list[Any]:
        """Returns the documents of a kind as they are now."""
        return list(self._committed(_documents, self.stream, kind))

    @property
    def address(self) -> str:
        """Where the console of the event is."""
        return f"/events/{self.stream}/centre/"


def _planned(at_most: int | None) -> UUID:
    import msgspec

    from hamkor.common.ids import new_id
    from hamkor.config.kinds import declare_all_kinds
    from hamkor.folder.queries import read_folder
    from hamkor.journal.rules import Envelope
    from hamkor.plans.commands import record_plan
    from hamkor.plans.rules.plan import PARTS
    from hamkor.workspace.stores import journals

    declare_all_kinds()
    at = datetime.now(UTC) - timedelta(hours=1)
    envelope = Envelope(stream=new_id(at), command_id=new_id(at), at=at, by="rule:test", agency="iib")
    plan = read_folder(EXAMPLE)
    lists = {part.name: getattr(plan, part.name) for part in PARTS if part.is_list}
    cut = {name: items and items[:at_most] for name, items in lists.items()}
    record_plan(journals(), envelope, plan=msgspec.structs.replace(plan, **cut))
    return UUID(str(envelope.stream))


def _sent(stream: UUID, user: Any, command: Callable[..., Any], *, ago_min: float, values: Any) -> UUID:
    from hamkor.agencies.queries.people import get_viewer
    from hamkor.common.ids import new_id
    from hamkor.journal.rules import Envelope
    from hamkor.workspace.stores import journals

    at = datetime.now(UTC) - timedelta(minutes=ago_min)
    viewer = get_viewer(user, stream=stream, at=at)
    envelope = Envelope(stream=stream, command_id=new_id(at), at=at, by=viewer.person, agency=viewer.agency)
    command(journals(), envelope, viewer=viewer, **values)
    return UUID(str(envelope.command_id))


def _looked(stream: UUID, in_s: float) -> int:
    from hamkor.centre.watch import look
    from hamkor.workspace.stores import journals

    return look(journals(), stream, datetime.now(UTC) + timedelta(seconds=in_s))


def _documents(stream: UUID, kind: str) -> list[Any]:
    from hamkor.journal.queries import get_documents
    from hamkor.workspace.stores import journals

    return [document for (of, _), document in get_documents(journals(), stream).items() if of == kind]


def open_console(context: BrowserContext, ground: Ground, query: str = "") -> Page:
    """Opens the console in a new tab and waits until it is live and listens to the keyboard."""
    page = context.new_page()
    page.goto(f"{ground.address}{query}")
    expect(page.locator("body")).to_have_attribute("data-freshness", "live")
    for part in PARTS:
        expect(page.locator(part).first).to_be_attached()
    return page


def row(page: Page, text: str) -> Any:
    """Returns the row of the list of incidents that shows a text."""
    return page.locator("#incident-list li.incident", has_text=text)
