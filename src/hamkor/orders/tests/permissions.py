# SPDX-License-Identifier: Apache-2.0
"""Who may send which command of orders, role by role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hamkor.orders import commands as orders
from hamkor.orders.rules import Addressee, MessageTemplate
from hamkor.orders.rules.writing import Draft

# Letters as in the table of all rooms: coordinator, planner, liaison, commission, organiser, venue, legal, operator,
# dispatcher, field, controller, auditor; then somebody without a role, and an administrator without one.
TABLE: dict[str, str] = {
    # Who operates orders anybody; who acts for one party orders its own (the post is the ambulance's) and asks others.
    "orders.send_message": ".x.x??x..xxx xx",
    "orders.send_message as request": "...x..x...xx xx",
    "orders.log_message": ".x.x..x..xxx xx",
    "orders.reroute_message": ".xxxxxx..xxx xx",
    "orders.strike_message": ".xxxxxx..xxx xx",
    "orders.confirm_read_back": "?xxxxxx??xxx xx",
    # The message is for the ambulance's post.
    "orders.mark_delivered": ".x.x..x...xx xx",
    "orders.mark_seen": "?x.x??x???xx xx",
    "orders.answer_message": "?x.x??x???xx xx",
    "orders.read_back": "?x.x??x???xx xx",
    "orders.set_template": "..xx.....xxx xx",
    "orders.remove_template": "..xx.....xxx xx",
}
WITHOUT_A_VIEWER: dict[str, str] = {
    "orders.mark_silent_messages": "the watch of the server; refused to every person",
}


def sending(desk: Any) -> dict[str, Callable[[], object]]:
    """Returns the commands about one event, each with something to say; another's order awaits an answer."""
    store, viewer = desk.store, desk.viewer
    aid = Addressee(kind="post", id="aid")
    order = Draft(to=(aid,), text="Come.")
    standing = desk.sent(desk.other)
    orders.send_message(store, standing, viewer=desk.other, message=order)
    about = {"message_id": str(standing.command_id)}
    template = MessageTemplate(id="come", title="Come", sort="order", urgency="routine", text="Come.")
    orders.set_template(store, desk.sent(desk.other), viewer=desk.other, template=template)

    def send(command: Callable[..., object], **values: Any) -> Callable[[], object]:
        return lambda: command(store, desk.sent(), viewer=viewer, **values)

    return {
        "orders.send_message": send(orders.send_message, message=order),
        "orders.send_message as request": send(
            orders.send_message, message=Draft(to=(aid,), text="Come?", sort="request")
        ),
        "orders.log_message": send(orders.log_message, text="Come.", via="radio"),
        "orders.reroute_message": send(
            orders.reroute_message, addressee=Addressee(kind="agency", id="tty"), **about
        ),
        "orders.confirm_read_back": send(orders.confirm_read_back, addressee=aid, **about),
        "orders.mark_delivered": send(orders.mark_delivered, message_ids=[about["message_id"]]),
        "orders.mark_seen": send(orders.mark_seen, **about),
        "orders.answer_message": send(orders.answer_message, answer="accepted", **about),
        "orders.read_back": send(orders.read_back, words="Coming.", **about),
        "orders.strike_message": send(orders.strike_message, reason="Not needed.", **about),
        "orders.set_template": send(orders.set_template, template=template),
        "orders.remove_template": send(orders.remove_template, template_id="come"),
    }
