# SPDX-License-Identifier: Apache-2.0
"""Words prepared for messages: kept, replaced, taken away."""

from __future__ import annotations

from typing import Any

import msgspec

from hamkor.agencies.rules import Viewer, may, require
from hamkor.common.messages import N_
from hamkor.journal.commands import Envelope, Result, Store, perform
from hamkor.journal.rules import Documents, Fact, Removed
from hamkor.orders.commands.sending import require_sender
from hamkor.orders.facts import MESSAGE_TEMPLATE
from hamkor.orders.rules import MessageError, MessageTemplate
from hamkor.orders.rules.addressing import resolve
from hamkor.orders.rules.writing import clean_texts


def set_template(store: Store, envelope: Envelope, *, viewer: Viewer, template: MessageTemplate) -> Result:
    """Keeps a template, in place of the one by the same id.

    Raises:
        NotAllowedError: ``not-allowed``; who edits the plan or works at the console may.
        TextUnusableError: ``text-empty`` or ``text-too-long``.
        MessageError: ``message-log``, ``contingency-absent``, or a code of `rules.addressing.resolve`.
    """
    _require_may(envelope, viewer)
    if template.sort == "log":
        raise MessageError("message-log", N_("A call is written down, not sent. Choose another sort."))
    kept = msgspec.structs.replace(
        template, title=clean_texts(template.title), text=clean_texts(template.text)
    )

    def decide(documents: Documents) -> list[Fact[Any]]:
        to = resolve(documents, kept.to) if kept.to else ()
        if kept.contingency is not None and documents.get("contingency", kept.contingency) is None:
            text = N_("The plan has no such contingency any more. Choose another one.")
            raise MessageError("contingency-absent", text, id=kept.contingency)
        new = msgspec.structs.replace(kept, to=to)
        return [] if documents.get(MESSAGE_TEMPLATE, new.id) == new else [MESSAGE_TEMPLATE.recorded(new)]

    return perform(store, envelope, decide, content=["set_template", msgspec.to_builtins(kept)])


def remove_template(store: Store, envelope: Envelope, *, viewer: Viewer, template_id: str) -> Result:
    """Takes a template away; messages made of it stay.

    Raises:
        NotAllowedError: ``not-allowed``; who edits the plan or works at the console may.
        MessageError: ``template-absent``.
    """
    _require_may(envelope, viewer)

    def decide(documents: Documents) -> list[Fact[Any]]:
        if documents.get(MESSAGE_TEMPLATE, template_id) is None:
            raise MessageError("template-absent", N_("This template is not there any more."), id=template_id)
        return [MESSAGE_TEMPLATE.removed(Removed(template_id))]

    return perform(store, envelope, decide, content=["remove_template", template_id])


def _require_may(envelope: Envelope, viewer: Viewer) -> None:
    require_sender(envelope, viewer)
    if not may(viewer, "edit_plan"):
        require(viewer, "operate")
