# SPDX-License-Identifier: Apache-2.0
"""The verbs of orders. The id of what a command makes is the command's own id: sent again, it is made once."""

from hamkor.orders.commands.answers import (
    answer_message,
    confirm_read_back,
    mark_delivered,
    mark_seen,
    read_back,
)
from hamkor.orders.commands.messages import log_message, reroute_message, send_message, strike_message
from hamkor.orders.commands.templates import remove_template, set_template
from hamkor.orders.commands.watching import mark_silent_messages

__all__ = [
    "answer_message",
    "confirm_read_back",
    "log_message",
    "mark_delivered",
    "mark_seen",
    "mark_silent_messages",
    "read_back",
    "remove_template",
    "reroute_message",
    "send_message",
    "set_template",
    "strike_message",
]
