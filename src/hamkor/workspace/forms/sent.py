# SPDX-License-Identifier: Apache-2.0
"""What every form that sends a command shares: its id, and a refusal shown on the page it came from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.pages.refusals import DEFAULT_STATUS, STATUS_OF_CODE

# Refusals about who somebody is, not about what was typed: they get a page of their own.
NOT_OF_THE_FORM = frozenset({"not-allowed", "event-unknown", "not-in-person", "command-id-reused"})
HEAD_MOVED = frozenset({"plan-changed", "version-changed", "version-outdated", "head-unknown", "plan-busy"})


class FormMalformedError(HamkorError):
    """A form lacks what every form of ours carries."""

    def __init__(self) -> None:
        super().__init__("form-malformed", N_("The form is not complete. Load the page and send it again."))


def command_id_of(posted: Mapping[str, Any], name: str = "command_id") -> UUID:
    """Returns the id the form was given when the page was made, so that sending twice does it once.

    Args:
        posted: What was sent.
        name: Name of the field.

    Raises:
        FormMalformedError: ``form-malformed``.
    """
    try:
        return UUID(str(posted.get(name, "")))
    except ValueError:
        raise FormMalformedError from None


def answer_refused(error: HamkorError, again: Callable[[HamkorError], HttpResponse]) -> HttpResponse:
    """Returns the page the form stood on, with what was typed and why it was refused.

    Args:
        error: The refusal; one about who the sender is goes on to where all of these are answered.
        again: Makes the page with the refusal on it.
    """
    if error.code in NOT_OF_THE_FORM:
        raise error
    answer = again(error)
    answer.status_code = 409 if error.code in HEAD_MOVED else STATUS_OF_CODE.get(error.code, DEFAULT_STATUS)
    return answer
