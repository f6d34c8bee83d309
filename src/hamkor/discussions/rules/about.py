# SPDX-License-Identifier: Apache-2.0
"""What people talk about: the event, a part of its plan, one item, one field, or a finding."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

import re
from typing import Annotated

import msgspec
from msgspec import Meta

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.common.records import Id
from hamkor.journal.rules import Documents
from hamkor.plans.rules.plan import PARTS

FIELD = r"^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z0-9_:-]+)*$"
FIELD_MAX = 200
FINDING_MAX = 300
# Kind of document that holds the items of each part; None for a part that is one document.
KIND_OF_PART: dict[str, str | None] = {part.name: part.document if part.is_list else None for part in PARTS}
KIND_OF_PART["venue"] = "feature"


class AboutError(HamkorError):
    """What is talked about does not exist, or is not named as it must be."""


class About(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What something is about; nothing given is the event as a whole.

    Args:
        part: Part of the plan, such as ``duties``, or ``venue``.
        item: Id of an item of that part.
        field: Path to a field of that item or part, such as ``starts_at`` or ``channels.main.number``.
        finding: Key of a finding of the checks; then nothing else is given.
    """

    part: str | None = None
    item: Id | None = None
    field: Annotated[str, Meta(pattern=FIELD, max_length=FIELD_MAX)] | None = None
    finding: Annotated[str, Meta(min_length=1, max_length=FINDING_MAX)] | None = None

    @property
    def place(self) -> "About":
        """The same without the field: what badges are counted by."""
        return self if self.field is None else msgspec.structs.replace(self, field=None)


THE_EVENT = About()
# Files of messages: no part of the plan, so no form can name it. They are seen with their message and nowhere else.
OF_MESSAGES = About(part="messages")


def make_about(
    *, part: str | None = None, item: str | None = None, field: str | None = None, finding: str | None = None
) -> About:
    """Returns what something is about from what a form or an address says.

    Raises:
        AboutError: ``about-malformed``, when the words cannot name anything.
    """
    given = {"part": part, "item": item, "field": field, "finding": finding}
    try:
        about = msgspec.convert({name: value for name, value in given.items() if value}, About)
    except msgspec.ValidationError:
        raise _malformed() from None
    _require_wellformed(about)
    return about


def require_about(documents: Documents, about: About) -> None:
    """Returns when what is talked about is there.

    Raises:
        AboutError: ``about-malformed``; ``about-absent``, when the part has no such item any more.
    """
    _require_wellformed(about)
    if about.part is None or about.item is None:
        return
    kind = KIND_OF_PART[about.part]
    if kind is None or documents.get(kind, about.item) is None:
        template = N_(
            "“{item}” is not in {part} any more. Load the page again, then write about what is there."
        )
        raise AboutError("about-absent", template, item=about.item, part=about.part)


def _require_wellformed(about: About) -> None:
    """Raises when the keys contradict each other; a finding stands alone, an item and a field stand in a part."""
    if about.finding is not None:
        is_right = about.part is None and about.item is None and about.field is None
        is_right = is_right and re.search(r"[\x00-\x1f\x7f]", about.finding) is None
    elif about.part is None:
        is_right = about.item is None and about.field is None
    else:
        is_right = about.part in KIND_OF_PART and (about.item is None or KIND_OF_PART[about.part] is not None)
    if not is_right:
        raise _malformed()


def _malformed() -> AboutError:
    template = N_("It is not clear what this is about. Open the part of the plan again and write from there.")
    return AboutError("about-malformed", template)
