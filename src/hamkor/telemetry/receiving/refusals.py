# SPDX-License-Identifier: Apache-2.0
"""What a device is told when its readings are not taken: a status and a problem, in English, for who installs it."""

from __future__ import annotations

import msgspec

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_


class NotTakenError(HamkorError):
    """Readings are not taken.

    Args:
        status: Status of the answer over HTTP.
        retry_after_s: When to come again; None when it would be in vain.
    """

    def __init__(
        self, status: int, code: str, template: str, *, retry_after_s: int | None = None, **facts: object
    ) -> None:
        super().__init__(code, template, **facts)
        self.status, self.retry_after_s = status, retry_after_s


def unknown_device() -> NotTakenError:
    """Returns the refusal for a key that opens nothing; it does not say what about it is wrong."""
    template = N_("This device or key is not known here, or was shut out. Issue a key at the console.")
    return NotTakenError(401, "device-unknown", template)


def too_fast(retry_after_s: int) -> NotTakenError:
    """Returns the refusal for a device that sends more than it may."""
    template = N_("This device sends too much. Send fewer readings, and larger batches.")
    return NotTakenError(429, "device-too-fast", template, retry_after_s=retry_after_s)


def busy(retry_after_s: int) -> NotTakenError:
    """Returns the refusal while the database does not keep up: nothing was stored, nothing is lost."""
    template = N_("Nothing can be stored at this moment. Keep the readings and send them again.")
    return NotTakenError(503, "ingest-busy", template, retry_after_s=retry_after_s)


def replayed(seq: int, last: int) -> NotTakenError:
    """Returns the refusal for a message that was sent before, or that somebody sends again."""
    template = N_("The message {seq} is not above {last}: it was sent before.")
    return NotTakenError(409, "message-replayed", template, seq=seq, last=last)


def forged() -> NotTakenError:
    """Returns the refusal for a message whose seal is wrong."""
    return NotTakenError(
        401, "message-forged", N_("The seal of the message is wrong. Look at the key of the device.")
    )


class Problem(msgspec.Struct, frozen=True):
    """A problem after RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    code: str


def problem_of(error: HamkorError, status: int) -> bytes:
    """Returns the JSON text of a problem."""
    title = {400: "Bad request", 401: "Not known", 422: "Not usable", 429: "Too fast", 503: "Busy"}
    problem = Problem(
        type="about:blank",
        title=title.get(status, "NotTakenError"),
        status=status,
        detail=error.message.render("en"),
        code=error.code,
    )
    return msgspec.json.encode(problem)
