# SPDX-License-Identifier: Apache-2.0
"""Makes the drill of the demonstration ready: plan, operation, units, rules of alarms, posts, work that is done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from hamkor.alarms.commands import install_rules
from hamkor.common.records import Language, Text
from hamkor.config.demo_event import COORDINATOR, Desk
from hamkor.journal.queries import get_documents
from hamkor.operation.commands import check_in, enter_phase, finish_job, open_operation
from hamkor.operation.queries import list_jobs, list_posts
from hamkor.operation.rules.running import ClockSetting
from hamkor.plans.commands import create_event, import_plan
from hamkor.plans.rules.plan import Plan
from hamkor.units.commands import register_planned_units

TITLE = "Navroʻz kechasi: kirishda tiqilinch"
MARK = {"uz": "mashgʻulot", "ru": "учение", "en": "drill"}
# The evening begins when the queues are longest, and runs so fast that the show begins within a quarter of an hour.
BEGINS_BEFORE_START = timedelta(minutes=75)
PACE = 6.0
# Left as a newcomer should find them: one post nobody came to, one that is short.
POST_UNMANNED = "post-check-4"
POST_SHORT = "post-gates-e"
SHORT_BY = 6


def begin_evening(desk: Desk, plan: Plan) -> None:
    """Fills the journal of the drill up to the moment at which a newcomer looks at it.

    Args:
        desk: Sends as the accounts of the demonstration; the journal is empty.
        plan: The example.
    """
    coordinator = desk.viewer(*COORDINATOR)
    drill = msgspec.structs.replace(plan.event, name=_marked(plan.event.name))
    create_event(**desk.sent(coordinator), event=drill)
    whole = msgspec.structs.replace(plan, event=drill)
    import_plan(**desk.sent(coordinator), plan=whole, vault=desk.vault)
    open_operation(**desk.sent(coordinator), mode="drill", title=TITLE, clock=_clock(plan))
    enter_phase(**desk.sent(coordinator), phase="ingress")
    register_planned_units(**desk.sent(coordinator))
    install_rules(**desk.sent(coordinator))
    man_posts(desk)
    finish_earlier_work(desk)


def man_posts(desk: Desk) -> None:
    """Checks in every post that must be manned now, but one that is empty and one that is short."""
    now = datetime.now(UTC)
    operator = desk.viewer("operator", "iib")
    for line in list_posts(operator, get_documents(desk.store, desk.stream), now):
        if not line.is_due or line.post.id == POST_UNMANNED:
            continue
        missing = SHORT_BY if line.post.id == POST_SHORT else 0
        present = max((line.needed or 1) - missing, 1)
        check_in(**desk.sent(operator), post_id=line.post.id, present=present)


def finish_earlier_work(desk: Desk) -> None:
    """Marks what was due before the drill begins as done."""
    now = datetime.now(UTC)
    operator = desk.viewer("operator", "iib")
    for job in list_jobs(operator, get_documents(desk.store, desk.stream), now):
        if job.is_open and job.due_at is not None and job.due_at <= now:
            finish_job(**desk.sent(operator), job_id=job.id)


def _clock(plan: Plan) -> ClockSetting:
    event = plan.event
    assert event.starts_at is not None  # noqa: S101 - the example has a beginning
    begins = event.starts_at.replace(tzinfo=ZoneInfo(event.time_zone)) - BEGINS_BEFORE_START
    return ClockSetting(event_at=begins.astimezone(UTC), rate=PACE)


def _marked(name: Text) -> Text:
    texts: dict[Language, str] = {"uz": name} if isinstance(name, str) else name
    return {code: f"{text} ({MARK.get(code, MARK['uz'])})" for code, text in texts.items()}
