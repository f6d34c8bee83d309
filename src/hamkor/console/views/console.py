# SPDX-License-Identifier: Apache-2.0
"""The console itself, what it knows of the plan, and the worker that keeps its shell for times without a link."""

from __future__ import annotations

from hashlib import sha256

import msgspec
from django.contrib.staticfiles import finders
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_cache_control

from hamkor.agencies.rules import may
from hamkor.console.opening import EventPage, event_view
from hamkor.console.reference import shared_reference, viewer_shown
from hamkor.console.words import words_in
from hamkor.pages.context import NAMES
from hamkor.pages.languages import current_language

WORKER = "console/js/sw.js"


@event_view("see_centre")
def console_page(page: EventPage) -> HttpResponse:
    """The live picture, and everything that is done from it."""
    answer = page.render(
        "console/console.html",
        words=words_in(current_language()),
        stream=page.stream,
        languages=NAMES,
        manages_devices=may(page.viewer, "manage_devices"),
    )
    patch_cache_control(answer, private=True, no_cache=True)
    return answer


@event_view("see_centre")
def reference(page: EventPage) -> HttpResponse:
    """What stands beside the live documents; not sent again while nothing in it differs."""
    shared = page.keep("console reference", lambda: shared_reference(page, current_language()))
    own = msgspec.json.encode(viewer_shown(page.viewer, page.documents))
    # The number moves with every fact: the page needs it, but it makes nothing of the rest different.
    etag = f'"{sha256(shared + own).hexdigest()[:32]}"'
    if page.request.headers.get("If-None-Match") == etag:
        answer: HttpResponse = HttpResponseNotModified()
    else:
        body = b'{"number":%d,"viewer":%s,%s' % (page.number, own, shared[1:])
        answer = HttpResponse(body, content_type="application/json")
    answer["ETag"] = etag
    patch_cache_control(answer, private=True, no_cache=True)
    return answer


@event_view("see_centre")
def worker(page: EventPage) -> HttpResponse:
    """The script that keeps the shell of the console in the browser; served here, because it rules what is below."""
    found = finders.find(WORKER)
    if not isinstance(found, str):
        raise Http404
    with open(found, "rb") as file:  # noqa: PTH123 - a path of the library of static files
        answer = HttpResponse(file.read(), content_type="text/javascript")
    patch_cache_control(answer, private=True, no_cache=True)
    return answer
