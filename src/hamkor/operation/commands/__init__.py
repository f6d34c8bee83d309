# SPDX-License-Identifier: Apache-2.0
"""The verbs of the running event. What a command makes has the id of the command: sent again, it is made once."""

from hamkor.operation.commands.contingencies import end_contingency, start_contingency
from hamkor.operation.commands.handovers import confirm_handover, prepare_handover, refuse_handover
from hamkor.operation.commands.jobs import (
    add_job,
    assign_job,
    finish_job,
    reopen_job,
    skip_job,
    start_job,
)
from hamkor.operation.commands.posts import check_in, hear_post, leave_post
from hamkor.operation.commands.running import close_operation, enter_phase, open_operation, set_clock
from hamkor.operation.commands.stops import (
    announce_stop,
    confirm_link,
    lift_stop,
    order_stop,
    take_effect,
    tell_link,
)
from hamkor.operation.commands.watching import mark_due, mark_overdue, mark_silent, plan_jobs

__all__ = [
    "add_job",
    "announce_stop",
    "assign_job",
    "check_in",
    "close_operation",
    "confirm_handover",
    "confirm_link",
    "end_contingency",
    "enter_phase",
    "finish_job",
    "hear_post",
    "leave_post",
    "lift_stop",
    "mark_due",
    "mark_overdue",
    "mark_silent",
    "open_operation",
    "order_stop",
    "plan_jobs",
    "prepare_handover",
    "refuse_handover",
    "reopen_job",
    "set_clock",
    "skip_job",
    "start_contingency",
    "start_job",
    "take_effect",
    "tell_link",
]
