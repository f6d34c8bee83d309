# SPDX-License-Identifier: Apache-2.0
"""What a page of a large event costs, against an empty page for somebody signed in; and the findings after an edit."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

import psycopg

from benchmarks.measuring import Measure
from hamkor.config.embedded_postgres import EmbeddedPostgres

PAGE_LIMIT = 8
QUERIES_LIMIT = 15
FINDINGS_LIMIT_MS = 300
TASKS = DUTIES = 500
POSTS = 300
ROUND_COUNT = 9
SECTIONS = (
    "", "duties", "tasks", "posts", "shifts", "hazards", "people", "means", "communications", "contingencies",
    "application", "venue", "approvals", "questions", "history",
)  # fmt: skip
EXAMPLE = Path(__file__).parent.parent / "examples" / "navruz-2027"


def run() -> list[Measure]:
    """Returns the ratios: name, ratio, limit, which way is better, conditions."""
    folder = Path(tempfile.mkdtemp(prefix="hamkor-bench-"))
    folder.chmod(0o711)
    try:
        with EmbeddedPostgres(folder / "data") as server:
            os.environ |= {
                "DATABASE_URL": server.url,
                "HAMKOR_DATA_DIR": str(folder / "installation"),
                "HAMKOR_HOSTS": "testserver,localhost",
                "HAMKOR_HTTPS": "no",
                "DJANGO_SETTINGS_MODULE": "hamkor.config.settings",
            }
            return _measure()
    finally:
        shutil.rmtree(folder)


def _measure() -> list[Measure]:
    import django
    from django.core.management import call_command

    django.setup()
    logging.disable(logging.CRITICAL)
    call_command("migrate", verbosity=0)
    from hamkor.workspace import stores

    stores.journals().prepare()
    try:
        return _measures(_LargeEvent())
    finally:
        stores.close()


def _measures(event: _LargeEvent) -> list[Measure]:
    empty_s = _cpu_of(event.nobody, "/")
    times = {section: _cpu_of(event.planner, event.address(section), fresh=True) for section in SECTIONS}
    again = {section: _cpu_of(event.planner, event.address(section)) for section in SECTIONS}
    queries = {section: _queries_of(event.planner, event.address(section)) for section in SECTIONS}
    slowest, most = max(times, key=lambda name: times[name]), max(queries, key=lambda name: queries[name])
    findings_s = median(event.check_after_an_edit() for _ in range(ROUND_COUNT))
    sizes = f"{DUTIES} duties, {TASKS} tasks, {POSTS} posts; processor time, median of {ROUND_COUNT}"
    return [
        (
            "pages: slowest",
            times[slowest] / empty_s,
            PAGE_LIMIT,
            "lower",
            f"“{slowest or 'overview'}” to an empty signed-in page, first after an edit, without the check; {sizes}",
        ),
        (
            "pages: median",
            median(times.values()) / empty_s,
            PAGE_LIMIT,
            "lower",
            f"of {len(SECTIONS)} pages to an empty signed-in page, each the first after an edit; {sizes}",
        ),
        (
            "pages: seen again",
            max(again.values()) / empty_s,
            PAGE_LIMIT,
            "lower",
            "the slowest page for the next person with the same rights who looks at the same entry",
        ),
        (
            "pages: queries",
            queries[most] / QUERIES_LIMIT,
            1,
            "lower",
            f"“{most or 'overview'}”, of 15 allowed",
        ),
        (
            "pages: findings",
            findings_s * 1000 / FINDINGS_LIMIT_MS,
            1,
            "lower",
            "processor time of all rules after one edit, of 300 ms allowed; the same event",
        ),
    ]


class _LargeEvent:
    """The example of the concert, made as large as the target says, with two people who look."""

    def __init__(self) -> None:
        from django.test import Client

        from hamkor.agencies.models import Body, EventRole, User
        from hamkor.agencies.rules import Grant, Viewer
        from hamkor.common.ids import new_id

        self.stream: UUID = new_id(datetime.now(UTC))
        body = Body.objects.create(agency="iib", level="republic", names={"uz": "IIO"})
        planner = User.objects.create_user("planner@example.org", name="planner", body=body)
        nobody = User.objects.create_user("nobody@example.org", name="nobody", body=body)
        EventRole.objects.create(stream=self.stream, user=planner, role="coordinator", agency="iib")
        grant = Grant(role="coordinator", agency="iib")
        self.viewer = Viewer(person=planner.reference, agency="iib", grants=(grant,))
        self.planner, self.nobody = Client(), Client()
        self.planner.force_login(planner)
        self.nobody.force_login(nobody)
        self._record()

    def address(self, section: str) -> str:
        return f"/events/{self.stream}/{section}"

    def check_after_an_edit(self) -> float:
        """Returns the processor time in seconds that the findings take after one edit."""
        from hamkor.plans.queries import plan_of
        from hamkor.plans.rules.edits import SetFields
        from hamkor.workspace.checking import findings_of
        from hamkor.workspace.stores import journals

        self._edit([SetFields(part="duties", id="d1", fields={"title": f"Duty {time.perf_counter()}"})])
        documents = journals().get_documents(str(self.stream))
        plan = plan_of(documents, {})
        if plan is None:
            raise RuntimeError("the event is gone")
        begun = time.thread_time()
        findings_of(str(self.stream), documents.number, plan)
        return time.thread_time() - begun

    def _record(self) -> None:
        from hamkor.folder.queries import read_folder
        from hamkor.plans.commands import record_plan
        from hamkor.plans.rules.edits import AddItem
        from hamkor.workspace.stores import journals

        plan = read_folder(EXAMPLE)
        record_plan(journals(), self._envelope(), plan=plan)
        span = {"starts_at": "2027-03-21T10:00:00", "ends_at": "2027-03-21T11:00:00"}
        bodies: list[tuple[str, dict[str, Any]]] = []
        for number in range(DUTIES - len(plan.duties or ())):
            who = {"accountable": ["iib"], "supporting": ["tty", "fvv"]}
            bodies.append(
                ("duties", {"id": f"d{number}", "title": f"Duty {number}", "phase": "conduct", **who})
            )
        for number in range(TASKS - len(plan.tasks or ())):
            after = {"after": [f"t{number - 1}"]} if number else {}
            bodies.append(
                (
                    "tasks",
                    {"id": f"t{number}", "title": f"Task {number}", "phase": "conduct", **span, **after},
                )
            )
        bodies += [
            ("posts", {"id": f"p{number}", "title": f"Post {number}", "role": "steward"})
            for number in range(POSTS - len(plan.posts or ()))
        ]
        self._edit([AddItem(part=part, body=body) for part, body in bodies])

    def _edit(self, edits: list[Any]) -> None:
        from hamkor.plans.commands import edit_plan
        from hamkor.workspace.stores import journals

        edit_plan(journals(), self._envelope(), viewer=self.viewer, edits=edits)

    def _envelope(self) -> Any:
        from hamkor.common.ids import new_id
        from hamkor.journal.rules import Envelope

        now = datetime.now(UTC)
        return Envelope(
            stream=self.stream, command_id=new_id(now), at=now, by=self.viewer.person, agency="iib"
        )


def _cpu_of(client: Any, address: str, *, fresh: bool = False) -> float:
    """Returns the processor time of one answer in seconds; fresh: with nothing kept but the findings."""
    from hamkor.workspace import kept

    taken = []
    for _ in range(ROUND_COUNT + 1):
        if fresh:
            kept.forget_all_but("report")
        begun = time.process_time()
        answer = client.get(address)
        taken.append(time.process_time() - begun)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}")
    return median(taken[1:])


def _queries_of(client: Any, address: str) -> int:
    with _counted() as counted:
        client.get(address)
    return len(counted)


@contextmanager
def _counted() -> Iterator[list[object]]:
    """Counts every statement any connection sends."""
    counted: list[object] = []
    execute = psycopg.Cursor.execute

    def counting(self: Any, query: Any, *values: Any, **options: Any) -> Any:
        counted.append(query)
        return execute(self, query, *values, **options)

    psycopg.Cursor.execute = counting  # type: ignore[method-assign]  # for the time of one request
    try:
        yield counted
    finally:
        psycopg.Cursor.execute = execute  # type: ignore[method-assign]  # as it was
