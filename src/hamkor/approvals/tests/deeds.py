# SPDX-License-Identifier: Apache-2.0
"""What tests of commands share: sending one, and seeing that a refusal changed nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hamkor.agencies.rules import Viewer
from hamkor.approvals.commands import (
    accept_finding,
    finalise,
    override_reds,
)
from hamkor.approvals.queries import list_judged_findings
from hamkor.approvals.tests.rounds import (
    COMMISSION,
    COORDINATOR,
    Round,
)
from hamkor.checks.queries import check_plan
from hamkor.common.errors import HamkorError
from hamkor.journal.queries import export_journal

RED, OTHER_RED, AMBER = "STOP-001/event/small", "COMMS-005/event/small", "MED-007/event/small"


def refused(done: Round, code: str, command: Callable[[], object]) -> HamkorError:
    """Returns the refusal, after seeing that nothing changed."""
    before = export_journal(done.store, done.stream), done.documents
    with pytest.raises(HamkorError) as caught:
        command()
    assert caught.value.code == code
    assert caught.value.message.in_english()
    assert (export_journal(done.store, done.stream), done.documents) == before
    return caught.value


def state_of(done: Round, key: str) -> tuple[str, str | None]:
    report = check_plan(done.plan)
    found = {item.key: item for item in list_judged_findings(report, done.documents)}
    return found[key].state, found[key].why


def accept(done: Round, by: Viewer = COORDINATOR, key: str = AMBER, **others: Any) -> Any:
    values = {"reason": "Known and watched.", **others}
    return accept_finding(done.store, done.sent(by), viewer=by, key=key, **values)


def close(done: Round, by: Viewer = COORDINATOR, version: int = 1) -> Any:
    return finalise(done.store, done.sent(by), viewer=by, version=version)


def override(done: Round, *keys: str, by: Viewer = COMMISSION, reason: str = "Police stands by.") -> Any:
    return override_reds(done.store, done.sent(by), viewer=by, reason=reason, keys=keys)


def everybody_approves(done: Round) -> None:
    for agency in done.agencies:
        done.approve(agency, "whole")
