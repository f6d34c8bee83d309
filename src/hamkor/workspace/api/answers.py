# SPDX-License-Identifier: Apache-2.0
"""Answers to programs: JSON from structs, with a tag by which a program learns that nothing has changed."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, TypeVar

import msgspec
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.pages.languages import current_language
from hamkor.workspace.event_page import EventPage

S = TypeVar("S", bound=msgspec.Struct)
_encode = msgspec.json.Encoder(uuid_format="canonical").encode


class BodyWrongError(HamkorError):
    """What was sent cannot be read."""


def answer(value: Any, *, status: int = 200, tag: str | None = None) -> HttpResponse:
    """Returns a value as JSON.

    Args:
        value: Struct or plain values.
        status: HTTP status.
        tag: Its `ETag`, None when it must not be kept.
    """
    return finish(HttpResponse(_encode(value), status=status, content_type="application/json"), tag)


def finish(response: HttpResponse, tag: str | None) -> HttpResponse:
    """Adds what caches must know: only the same program may keep it, and has to ask each time."""
    response["Cache-Control"] = "private, no-store" if tag is None else "private, no-cache"
    response["Vary"] = "Authorization, Accept-Language"
    if tag is not None:
        response["ETag"] = tag
    return response


def tag_of(page: EventPage, *parts: object) -> str:
    """Returns the `ETag` of what is shown of an event: its number, the language, and the names that are seen.

    Args:
        page: The event as the person sees it.
        parts: What else the answer depends on.
    """
    people = page.plan.people or ()
    names = [(person.id, person.name, person.phone) for person in people if person.name or person.phone]
    told = msgspec.json.encode([current_language(), names, page.viewer.roles, [str(part) for part in parts]])
    return f'"{page.number}-{sha256(told).hexdigest()[:12]}"'


def unchanged(request: HttpRequest, tag: str) -> HttpResponse | None:
    """Returns the short answer to a program that holds the newest state already; None for any other."""
    found = get_conditional_response(request, etag=tag)
    return None if found is None else finish(found, tag)


def read_body(request: HttpRequest, body: type[S]) -> S:
    """Returns what a program sent.

    Args:
        request: The request.
        body: Struct it must be.

    Raises:
        BodyWrongError: ``media-type-wrong``, ``too-large`` or ``body-malformed``.
    """
    if request.content_type != "application/json":
        template = N_("Send JSON, with the header `Content-Type: application/json`.")
        raise BodyWrongError("media-type-wrong", template)
    try:
        return msgspec.json.decode(request.body, type=body)
    except RequestDataTooBig:
        raise BodyWrongError(
            "too-large", N_("More was sent at once than is taken. Send it in steps.")
        ) from None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        template = N_("What was sent cannot be read: {reason}")
        raise BodyWrongError("body-malformed", template, reason=str(error)) from None
